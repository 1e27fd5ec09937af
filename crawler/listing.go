package crawler

import (
	"slices"
	"strings"

	"veille"
)

// newest orders the children of an index: those that say when they changed
// first, the latest in front. The others are taken from both ends in turn, for
// outlets number their sitemaps either way.
func newest(children []veille.Outlink) []veille.Outlink {
	var dated, undated []veille.Outlink
	for _, c := range children {
		if c.Published.IsZero() {
			undated = append(undated, c)
		} else {
			dated = append(dated, c)
		}
	}
	slices.SortStableFunc(dated, func(a, b veille.Outlink) int { return b.Published.Compare(a.Published) })
	for i, j := 0, len(undated)-1; i <= j; i, j = i+1, j-1 {
		dated = append(dated, undated[i])
		if i < j {
			dated = append(dated, undated[j])
		}
	}
	return dated
}

// trim drops the outlinks that the source does not want, that nobody can fetch,
// that repeat, and, beyond the bound, the oldest; the rest keep their order.
func (w *walk) trim() {
	seen := make(map[string]bool, len(w.out.Outlinks))
	links := slices.DeleteFunc(w.out.Outlinks, func(o veille.Outlink) bool {
		if seen[o.URL] {
			return true
		}
		seen[o.URL] = true
		if !fetchable(o.URL) {
			w.c.stats.skipped.Add(1)
			return true
		}
		return false
	})
	if len(links) > maxOutlinks {
		w.c.stats.skipped.Add(int64(len(links) - maxOutlinks))
		w.c.log.Warn("listing is too long", "source", w.source.Name, "outlinks", len(links), "kept", maxOutlinks)
		links = latest(links, maxOutlinks)
	}
	w.out.Outlinks = links
}

func fetchable(url string) bool {
	return len(url) <= veille.MaxURLLength && (strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://"))
}

// latest keeps the n outlinks published last, in their order. Of those without
// a time the first stay.
func latest(links []veille.Outlink, n int) []veille.Outlink {
	order := make([]int, len(links))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return links[b].Published.Compare(links[a].Published) })
	order = order[:n]
	slices.Sort(order)
	kept := make([]veille.Outlink, n)
	for i, j := range order {
		kept[i] = links[j]
	}
	return kept
}
