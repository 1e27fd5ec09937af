package backtest

import (
	"cmp"
	"slices"
	"time"

	"veille"
)

// Report is what a watch-list makes of the stored articles.
type Report struct {
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	// Oldest is when the oldest of the articles was first seen.
	Oldest   time.Time `json:"oldest,omitzero"`
	Articles int       `json:"articles"`
	// Watches are in the order of the watch-list.
	Watches []Watch `json:"watches"`
	// Overlaps are pairs of watches that catch the same articles, the most first.
	Overlaps []Overlap `json:"overlaps"`
	// Told counts the alerts that were queued, where that was asked for.
	Told *int `json:"told,omitempty"`
}

// Watch is what one watch catches.
type Watch struct {
	Watch string `json:"watch"`
	Hits  int    `json:"hits"`
	// Days count the hits of each day, UTC, by when the article was first seen:
	// every day from Since, or the oldest article where that is later, to Until.
	Days    []Day    `json:"days"`
	Samples []Sample `json:"samples"`
	// Change is nil without a watch-list to compare with.
	Change *Change `json:"change,omitempty"`
}

// Day counts the hits of a day.
type Day struct {
	Day  string `json:"day"`
	Hits int    `json:"hits"`
}

// Sample is an article that a watch catches, and why.
type Sample struct {
	Article string        `json:"article"`
	URL     string        `json:"url"`
	Title   string        `json:"title"`
	Seen    time.Time     `json:"first_seen"`
	Match   *veille.Match `json:"match,omitempty"`
}

// Change is what an edited watch-list catches otherwise.
type Change struct {
	Before int      `json:"before"`
	Gained int      `json:"gained"`
	Lost   int      `json:"lost"`
	New    []Sample `json:"gained_samples"`
	Gone   []Sample `json:"lost_samples"`
}

// Overlap counts the articles that two watches both catch.
type Overlap struct {
	Watches [2]string `json:"watches"`
	Hits    int       `json:"hits"`
}

const (
	// samplesKept is how many articles are shown of a watch, the newest.
	samplesKept = 5
	// mostOverlaps bounds the pairs of a report, mostPairs those that are
	// counted: of more, the ones that were met first.
	mostOverlaps = 20
	mostPairs    = 1 << 20
)

// Report sums up. Nothing is added any more.
func (r *Run) Report() Report {
	out := Report{Since: r.since.UTC(), Until: r.until.UTC(), Articles: r.articles, Oldest: r.oldest.UTC(), Watches: []Watch{}, Overlaps: []Overlap{}}
	from := r.since
	if from.Before(r.oldest) {
		from = r.oldest
	}
	names := make([]string, 0, len(r.now.Watches))
	for _, w := range r.now.Watches {
		names = append(names, w.Name)
	}
	if r.before != nil {
		for _, w := range r.before.Watches {
			if _, known := r.now.numbers[w.Name]; !known {
				names = append(names, w.Name)
			}
		}
	}
	for _, name := range names {
		t := r.tally(name)
		w := Watch{Watch: name, Hits: t.hits, Days: []Day{}, Samples: append([]Sample{}, t.samples...)}
		for day := dayOf(from); day <= dayOf(r.until) && r.articles > 0; day++ {
			w.Days = append(w.Days, Day{nameOf(day), t.days[day]})
		}
		if r.before != nil {
			w.Change = &Change{Before: t.before, Gained: t.gained, Lost: t.lost, New: append([]Sample{}, t.fresh...), Gone: append([]Sample{}, t.gone...)}
		}
		out.Watches = append(out.Watches, w)
	}
	for pair, n := range r.pairs {
		both := [2]string{r.now.name(pair[0]), r.now.name(pair[1])}
		slices.Sort(both[:])
		out.Overlaps = append(out.Overlaps, Overlap{both, n})
	}
	slices.SortFunc(out.Overlaps, func(a, b Overlap) int {
		return cmp.Or(cmp.Compare(b.Hits, a.Hits), slices.Compare(a.Watches[:], b.Watches[:]))
	})
	out.Overlaps = out.Overlaps[:min(len(out.Overlaps), mostOverlaps)]
	return out
}
