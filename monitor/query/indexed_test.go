package query

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// indexed is an index of one article, in the plainest form.
type indexed map[string]bool

func (x indexed) has(w Wanted) bool {
	switch {
	case w.Word != "":
		return x[w.Word]
	case w.Begin != "":
		for word := range x {
			if strings.HasPrefix(word, w.Begin) {
				return true
			}
		}
		return false
	case len(w.Any) > 0:
		n := 0
		for _, k := range w.Any {
			if x.has(k) {
				n++
			}
		}
		return n >= w.N
	}
	for _, k := range w.All {
		if !x.has(k) {
			return false
		}
	}
	return true
}

func TestWanted_NeverLosesAMatch(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	x := NewIndexer()
	matched, narrowed := 0, 0
	for range 1500 {
		some := dice{rng, nil}
		for range 12 {
			some.pieces = append(some.pieces, pieces[rng.IntN(len(pieces))])
		}
		e := randomExpr(some, 2, false)
		set, err := Compile([]veille.Watch{{Name: "w", Query: e.String(), Broad: true}}, nil)
		if err != nil {
			continue
		}
		for range 3 {
			a := veille.Snapshot{
				URL:   "https://user@News.example.org:8443/" + strings.ReplaceAll(randomText(some, 2), " ", "%20"),
				Title: randomText(some, 5), Body: randomText(some, 20) + "\n\n" + randomText(some, 20),
				Authors: []string{randomText(some, 2)}, Language: []string{"", "fr", "en-GB", "ru", "ar", "xx"}[rng.IntN(6)],
			}
			index := indexed{}
			read := x.Words(&a, func(word []byte) { index[string(word)] = true })
			matches, language := set.Match(a, []string{"korea"})
			if read != language {
				t.Fatalf("the indexer read %q in %q, Match in %q", a.Body, read, language)
			}
			has := index.has(set.Wanted())
			if len(matches) > 0 {
				matched++
				if !has {
					t.Fatalf("%s matches\n%+v\nbut wants %+v", e, a, set.Wanted())
				}
			} else if !has {
				narrowed++
			}
		}
	}
	if matched < 500 || narrowed < 200 {
		t.Errorf("%d matches and %d articles ruled out: too few to show anything", matched, narrowed)
	}
	t.Logf("%d matches, %d articles ruled out", matched, narrowed)
}

func TestWanted_AsksForWhatMustBeThere(t *testing.T) {
	concepts := map[string][]string{"dprk": {"北朝鮮", "nord-coréen*"}}
	for query, want := range map[string]Wanted{
		`Russie AND NOT football`: {Word: "russie"},
		`"Corée du Nord"`:         {All: []Wanted{{Word: "coree"}, {Word: "du"}, {Word: "nord"}}},
		`missile*`:                {Begin: "missile"},
		`tag:korea AND arme`:      {Word: "arme"},
		`2 of (aa, bb, tag:x)`:    {Any: []Wanted{{Word: "aa"}, {Word: "bb"}}, N: 1},
		`@dprk`: {N: 1, Any: []Wanted{
			{All: []Wanted{{Word: "北"}, {Word: "朝"}, {Word: "北朝"}, {Word: "鮮"}, {Word: "朝鮮"}}},
			{All: []Wanted{{Word: "nord"}, {Begin: "coreen"}}},
		}},
		`lang:fr AND arme`: {All: []Wanted{{N: 1, Any: []Wanted{InLanguage(""), InLanguage("fr")}}, {Word: "arme"}}},
	} {
		set, err := Compile([]veille.Watch{{Name: "w", Query: query, Broad: true}}, concepts)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if diff := cmp.Diff(want, set.Wanted()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}
