package query

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"veille"
)

func names(set *Set, a veille.Snapshot) []string {
	var out []string
	for _, m := range matchesOf(set, a) {
		out = append(out, m.Watch)
	}
	return out
}

func TestSet_WithKeepsWhatDidNotChange(t *testing.T) {
	concepts := map[string][]string{"ru": {"Russie", "@more"}, "more": {"Moscou"}}
	watches := []veille.Watch{
		{Name: "a", Query: "alpha"}, {Name: "b", Query: "bêta AND @ru"}, {Name: "c", Query: `"gamma delta"`},
	}
	old := mustCompile(t, concepts, watches...)
	text := veille.Snapshot{Body: "Alpha, beta et Moscou, gamma delta epsilon, Kremlin."}
	next, err := old.With([]veille.Watch{
		{Name: "d", Query: "epsilon"}, {Name: "c", Query: `"gamma delta" AND NOT epsilon`}, {Name: "b", Query: "bêta AND @ru"},
	}, concepts)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := names(old, text), []string{"a", "b", "c"}; !slices.Equal(got, want) {
		t.Errorf("the old Set matches %v, want %v", got, want)
	}
	if got, want := names(next, text), []string{"d", "b"}; !slices.Equal(got, want) {
		t.Errorf("the new Set matches %v, want %v", got, want)
	}
	if next.index != old.index {
		t.Error("the index was built anew")
	}
	// A concept that changes changes the watches that name it, at any depth.
	third, err := next.With(watches, map[string][]string{"ru": {"Russie", "@more"}, "more": {"Kremlin"}})
	if err != nil {
		t.Fatal(err)
	}
	text.Body = "Beta au Kremlin"
	for i, c := range []struct {
		set  *Set
		want []string
	}{{old, nil}, {next, nil}, {third, []string{"b"}}} {
		if got := names(c.set, text); !slices.Equal(got, c.want) {
			t.Errorf("Set %d matches %v, want %v", i, got, c.want)
		}
	}
	if _, err := third.With([]veille.Watch{{Name: "bad", Query: "("}}, nil); err == nil {
		t.Error("a bad watch is no error")
	}
}

// TestSet_WithIsWhatCompileMakes changes a watch-list many times while others
// match with the Sets before, and compares each with one compiled anew.
func TestSet_WithIsWhatCompileMakes(t *testing.T) {
	w := newWorld("alpha beta gamma")
	const rules = 3000
	list := w.rules(rules, w.rule)
	articles := w.stream(20)
	set := build(1, list, nil)
	var readers sync.WaitGroup
	for step := range 30 {
		before := set
		truth := match(before, articles)
		readers.Add(1)
		go func() {
			defer readers.Done()
			for range 5 {
				if got := match(before, articles); !slices.Equal(got, truth) {
					t.Errorf("step %d: a Set changed under its reader", step)
				}
			}
		}()
		next := &trees{exprs: slices.Clone(list.exprs), watches: slices.Clone(list.watches)}
		for range 1 + w.IntN(20) {
			i := w.IntN(len(next.exprs))
			switch w.IntN(3) {
			case 0:
				next.exprs = slices.Delete(next.exprs, i, i+1)
				next.watches = slices.Delete(next.watches, i, i+1)
			default:
				e := w.rule()
				if w.IntN(2) == 0 {
					e = w.common()
				}
				next.exprs[i] = e
				next.watches[i].Query = fmt.Sprint(step, " ", i)
			}
		}
		list = next
		set = before.with(list, nil)
		if set.index != before.index {
			t.Fatalf("step %d: the index was built anew", step)
		}
		if got, want := match(set, articles), match(build(2, list, nil), articles); !slices.Equal(got, want) {
			t.Fatalf("step %d: matches %v, compiled anew %v", step, got, want)
		}
	}
	readers.Wait()
}

// TestSet_WithCompilesAnewWhatOnlyGrew adds watches until most were added.
func TestSet_WithCompilesAnewWhatOnlyGrew(t *testing.T) {
	w := newWorld("alpha beta gamma")
	list := w.rules(3*leastRules, w.rule)
	articles := w.stream(20)
	part := func(n int) *trees { return &trees{list.watches[:n], list.exprs[:n]} }
	set := build(1, part(leastRules), nil)
	first := set.index
	for n := leastRules; n <= len(list.exprs); n += 100 {
		set = set.with(part(n), nil)
	}
	if set.index == first {
		t.Error("the index was never built anew")
	}
	if got, want := match(set, articles), match(build(2, list, nil), articles); !slices.Equal(got, want) {
		t.Errorf("matches %v, compiled anew %v", got, want)
	}
}

// match returns the matches of articles, as text.
func match(set *Set, articles []veille.Snapshot) []string {
	var out []string
	for i := range articles {
		refs, _ := set.AppendMatching(nil, &articles[i], nil)
		slices.Sort(refs)
		out = append(out, fmt.Sprint(refs))
	}
	return out
}
