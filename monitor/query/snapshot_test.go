package query

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"veille"
)

func saved(t testing.TB, s *Set) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Save(&b, "test"); err != nil {
		t.Fatal(err)
	}
	data, err := ReadSnapshot(&b, int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRestore_MakesTheSetThatWasSaved(t *testing.T) {
	concepts := map[string][]string{"ru": {"Russie", "@more"}, "more": {"Moscou", `="KGB"`}}
	watches := []veille.Watch{
		{Name: "a", Query: "alpha OR miss*"}, {Name: "b", Query: "~fusée AND @ru"}, {Name: "c", Query: `"gamma delta" NEAR/3 ="US"`}, {Name: "d", Query: `="C++"`},
	}
	set := mustCompile(t, concepts, watches...)
	articles := []veille.Snapshot{{Body: "Alpha"}, {Title: "Les fusées du KGB"}, {Title: "gamma-delta, US", Body: "missile en C++", Language: "fr"}}
	data := saved(t, set)
	restored, err := Restore(slices.Clone(data), "test", watches, concepts)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := match(restored, articles), match(set, articles); !slices.Equal(got, want) || len(want[2]) < 5 {
		t.Errorf("restored it matches %v, before %v", got, want)
	}
	next, err := restored.With(append(watches, veille.Watch{Name: "e", Query: "missile"}), concepts)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := match(next, articles), match(mustCompile(t, concepts, append(watches, veille.Watch{Name: "e", Query: "missile"})...), articles); !slices.Equal(got, want) {
		t.Errorf("changed it matches %v, want %v", got, want)
	}
	if err := next.Save(&bytes.Buffer{}, "test"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a changed Set is saved: %v", err)
	}

	other := slices.Clone(watches)
	other[2].Query = "gamma"
	for name, restore := range map[string]func() (*Set, error){
		"another program": func() (*Set, error) { return Restore(slices.Clone(data), "other", watches, concepts) },
		"another query":   func() (*Set, error) { return Restore(slices.Clone(data), "test", other, concepts) },
		"a watch less":    func() (*Set, error) { return Restore(slices.Clone(data), "test", watches[:3], concepts) },
		"another concept": func() (*Set, error) {
			return Restore(slices.Clone(data), "test", watches, map[string][]string{"ru": {"Russie", "@more"}, "more": {"Kiev"}})
		},
	} {
		if _, err := restore(); !errors.Is(err, ErrStale) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func TestRestore_RefusesDamage(t *testing.T) {
	watches := []veille.Watch{{Name: "a", Query: `alpha OR miss* OR "beta gamma" OR ="C++"`}}
	data := saved(t, mustCompile(t, nil, watches...))
	for i := 0; i < len(data); i += 1 + len(data)/997 {
		damaged := slices.Clone(data)
		damaged[i] ^= 0x40
		if _, err := Restore(damaged, "test", watches, nil); !errors.Is(err, ErrStale) {
			t.Fatalf("byte %d: error is %v", i, err)
		}
		if _, err := Restore(slices.Clone(data[:i]), "test", watches, nil); !errors.Is(err, ErrStale) {
			t.Fatalf("cut at %d: error is %v", i, err)
		}
	}
}
