package veille

import (
	"cmp"
	"maps"
	"slices"
)

// Sighting counts the articles that showed something, at most once each.
type Sighting struct {
	Count int `json:"n"`
	// Page is Site.Pages at the last sighting.
	Page int `json:"p,omitempty"`
}

// strong reports whether at least three articles, and a quarter of the recent
// ones, showed something.
func (s *Site) strong(x Sighting) bool {
	n := faded(x.Count, x.Page, s.Pages)
	return n >= 3 && 4*n >= min(s.Pages, halfLife)
}

// faded is what a count of a page is worth now.
func faded(count, page, now int) int {
	return count >> min(max(now-page, 0)/halfLife, 62)
}

// sight counts one more article that shows key, and makes room among limit.
func sight[K cmp.Ordered](seen map[K]Sighting, key K, page, limit int) map[K]Sighting {
	if seen == nil {
		seen = map[K]Sighting{}
	}
	x := seen[key]
	seen[key] = Sighting{min(faded(x.Count, x.Page, page)+1, maxTally), page}
	if len(seen) > limit {
		trim(seen, limit-limit/8, page)
		seen[key] = Sighting{min(faded(x.Count, x.Page, page)+1, maxTally), page}
	}
	return seen
}

// trim keeps the limit sightings that count most, of equal ones the latest.
func trim[K cmp.Ordered](seen map[K]Sighting, limit, now int) {
	if len(seen) <= limit {
		return
	}
	keys := slices.SortedFunc(maps.Keys(seen), func(a, b K) int {
		x, y := seen[a], seen[b]
		return cmp.Or(cmp.Compare(faded(y.Count, y.Page, now), faded(x.Count, x.Page, now)), cmp.Compare(y.Page, x.Page), cmp.Compare(a, b))
	})
	for _, k := range keys[limit:] {
		delete(seen, k)
	}
}
