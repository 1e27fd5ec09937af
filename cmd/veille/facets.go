package main

import (
	"cmp"
	"slices"
	"time"

	"veille"
)

// tally counts what a search found, by what may narrow it.
type tally struct {
	matches                           int
	sources, watches, languages, days map[string]int
}

func (t *tally) count(a veille.Article, language string, zone *time.Location) {
	if t.sources == nil {
		t.sources, t.watches, t.languages, t.days = map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	}
	t.matches++
	t.sources[a.Source]++
	for _, w := range a.Alerted {
		t.watches[w]++
	}
	if language != "" {
		t.languages[language]++
	}
	t.days[a.FirstSeen.In(zone).Format(time.DateOnly)]++
}

func (t *tally) facets() *veille.Facets {
	byCount := func(a, b veille.Facet) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	}
	newest := func(a, b veille.Facet) int { return cmp.Compare(b.Name, a.Name) }
	return &veille.Facets{
		Matches: t.matches, Sources: listed(t.sources, byCount), Watches: listed(t.watches, byCount),
		Languages: listed(t.languages, byCount), Days: listed(t.days, newest),
	}
}

func listed(counts map[string]int, order func(a, b veille.Facet) int) []veille.Facet {
	out := make([]veille.Facet, 0, len(counts))
	for name, n := range counts {
		out = append(out, veille.Facet{Name: name, Count: n})
	}
	slices.SortFunc(out, order)
	return out
}
