package backtest

import (
	"cmp"
	"slices"

	"veille"
)

// ruleset is Rules with an index.
type ruleset struct {
	Rules
	numbers map[string]int32 // of the watches, by name
	sources map[string]veille.Source
}

func newRuleset(r Rules) *ruleset {
	s := &ruleset{r, map[string]int32{}, map[string]veille.Source{}}
	for i, w := range r.Watches {
		s.numbers[w.Name] = int32(i)
	}
	for _, source := range r.Sources {
		s.sources[source.Name] = source
	}
	return s
}

func (s *ruleset) name(n int32) string { return s.Watches[n].Name }

// among reports whether a watch is one of some, which are sorted.
func (s *ruleset) among(name string, numbers []int32) bool {
	n, known := s.numbers[name]
	if !known {
		return false
	}
	_, found := slices.BinarySearch(numbers, n)
	return found
}

// shown is an article as its sources show it.
func (s *ruleset) shown(a *veille.Article) (snap veille.Snapshot, sources []veille.Source, tags []string) {
	for _, name := range append([]string{a.Source}, a.Sources...) {
		source, ok := s.sources[name]
		if !ok {
			source.Name = name
		}
		sources = append(sources, source)
	}
	snap, tags = a.Snapshot.ShownBy(sources)
	return snap, sources, tags
}

// caught returns the numbers of the watches that an article satisfies, sorted,
// as the monitor judges it: its words, and the sources and languages of the
// watches.
func (s *ruleset) caught(a *veille.Article) []int32 {
	snap, sources, tags := s.shown(a)
	numbers, language := s.Matcher.AppendMatching(nil, &snap, tags)
	numbers = slices.DeleteFunc(numbers, func(n int32) bool {
		w := &s.Watches[n]
		return w.Added || !slices.ContainsFunc(sources, func(source veille.Source) bool {
			return w.Covers(source) && w.Reads(cmp.Or(source.Language, language))
		})
	})
	slices.Sort(numbers)
	return numbers
}

// why returns why the words of an article satisfy the watches, by their names.
func (s *ruleset) why(a *veille.Article) map[string]veille.Match {
	snap, _, tags := s.shown(a)
	matches, _ := s.Matcher.Match(snap, tags)
	out := make(map[string]veille.Match, len(matches))
	for _, m := range matches {
		out[m.Watch] = m
	}
	return out
}
