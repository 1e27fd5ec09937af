// Package backtest runs watch-lists over stored articles and counts what they
// would have caught. It is pure: the articles are handed in, from as many
// goroutines as there are.
package backtest

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"veille"
)

// Matcher is a compiled watch-list, safe for concurrent use.
type Matcher interface {
	Match(snapshot veille.Snapshot, tags []string) (matches []veille.Match, language string)
}

// Rules are a watch-list with what it is matched by.
type Rules struct {
	Sources []veille.Source
	Watches []veille.Watch
	Matcher Matcher
}

// samplesKept is how many articles are shown of a watch, the newest.
const samplesKept = 5

// Report is what a watch-list makes of the stored articles.
type Report struct {
	Since    time.Time `json:"since"`
	Until    time.Time `json:"until"`
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
	// Days count the hits of each day, UTC, by when the article was first seen;
	// every day from Since to Until.
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

// Run collects a back-test.
type Run struct {
	now, before *ruleset
	since       time.Time
	until       time.Time

	mu       sync.Mutex
	articles int
	tallies  map[string]*tally
	pairs    map[[2]string]int
	// all collects the articles of one watch, by name.
	all string
	ids []Sample
}

type tally struct {
	hits, before, gained, lost int
	days                       map[string]int
	samples, fresh, gone       []Sample
}

// ruleset is Rules with an index.
type ruleset struct {
	Rules
	watches map[string]veille.Watch
	sources map[string]veille.Source
}

func newRuleset(r Rules) *ruleset {
	s := &ruleset{r, map[string]veille.Watch{}, map[string]veille.Source{}}
	for _, w := range r.Watches {
		s.watches[w.Name] = w
	}
	for _, source := range r.Sources {
		s.sources[source.Name] = source
	}
	return s
}

// New begins a back-test of the articles first seen from since until now.
// before is the watch-list to compare with, nil for none.
func New(rules Rules, before *Rules, since, until time.Time) *Run {
	r := &Run{now: newRuleset(rules), since: since, until: until, tallies: map[string]*tally{}, pairs: map[[2]string]int{}}
	if before != nil {
		r.before = newRuleset(*before)
	}
	return r
}

// Collect keeps every article that a watch catches, for Hits.
func (r *Run) Collect(watch string) { r.all = watch }

// Hits are the articles that the collected watch catches, the oldest first.
func (r *Run) Hits() []Sample {
	slices.SortFunc(r.ids, func(a, b Sample) int { return cmp.Or(a.Seen.Compare(b.Seen), cmp.Compare(a.Article, b.Article)) })
	return r.ids
}

// caught returns the watches that an article satisfies, as the monitor judges
// it: its words, and the sources and languages of the watches.
func (s *ruleset) caught(a veille.Article) map[string]veille.Match {
	var sources []veille.Source
	var tags []string
	snap := a.Snapshot
	declared := false
	for _, name := range append([]string{a.Source}, a.Sources...) {
		source, ok := s.sources[name]
		if !ok {
			source.Name = name
		}
		sources, tags = append(sources, source), append(tags, source.Tags...)
		if source.Language != "" && !declared {
			snap.Language, declared = source.Language, true
		}
	}
	matches, language := s.Matcher.Match(snap, tags)
	out := make(map[string]veille.Match, len(matches))
	for _, m := range matches {
		w := s.watches[m.Watch]
		if w.Added || !slices.ContainsFunc(sources, func(source veille.Source) bool {
			return w.Covers(source) && w.Reads(cmp.Or(source.Language, language))
		}) {
			continue
		}
		out[m.Watch] = m
	}
	return out
}

// Add takes an article. It may be called from several goroutines.
func (r *Run) Add(a veille.Article) {
	if !a.Snapshot.Readable() {
		return
	}
	after := r.now.caught(a)
	var before map[string]veille.Match
	if r.before != nil {
		before = r.before.caught(a)
	}
	names := slices.Sorted(maps.Keys(after))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.articles++
	sample := Sample{Article: a.ID, URL: a.URL, Title: a.Snapshot.Title, Seen: a.FirstSeen}
	for i, name := range names {
		t := r.tally(name)
		t.hits++
		t.days[a.FirstSeen.UTC().Format(time.DateOnly)]++
		m := after[name]
		hit := sample
		hit.Match = &m
		t.samples = keep(t.samples, hit)
		if _, had := before[name]; !had && r.before != nil {
			t.gained++
			t.fresh = keep(t.fresh, hit)
		}
		if name == r.all {
			r.ids = append(r.ids, sample)
		}
		for _, other := range names[i+1:] {
			r.pairs[[2]string{name, other}]++
		}
	}
	for name, m := range before {
		t := r.tally(name)
		t.before++
		if _, has := after[name]; !has {
			t.lost++
			hit := sample
			hit.Match = &m
			t.gone = keep(t.gone, hit)
		}
	}
}

func (r *Run) tally(name string) *tally {
	t := r.tallies[name]
	if t == nil {
		t = &tally{days: map[string]int{}}
		r.tallies[name] = t
	}
	return t
}

// keep holds the newest samples, the newest first.
func keep(samples []Sample, s Sample) []Sample {
	at, _ := slices.BinarySearchFunc(samples, s, func(a, b Sample) int {
		return cmp.Or(b.Seen.Compare(a.Seen), cmp.Compare(a.Article, b.Article))
	})
	if at >= samplesKept {
		return samples
	}
	samples = slices.Insert(samples, at, s)
	return samples[:min(len(samples), samplesKept)]
}

// mostOverlaps bounds the pairs of a report.
const mostOverlaps = 20

// Report sums up. Nothing is added any more.
func (r *Run) Report() Report {
	out := Report{Since: r.since.UTC(), Until: r.until.UTC(), Articles: r.articles, Watches: []Watch{}, Overlaps: []Overlap{}}
	names := make([]string, 0, len(r.now.Watches))
	for _, w := range r.now.Watches {
		names = append(names, w.Name)
	}
	if r.before != nil {
		for _, w := range r.before.Watches {
			if !slices.Contains(names, w.Name) {
				names = append(names, w.Name)
			}
		}
	}
	for _, name := range names {
		t := r.tally(name)
		w := Watch{Watch: name, Hits: t.hits, Days: []Day{}, Samples: append([]Sample{}, t.samples...)}
		for day := r.since.UTC().Truncate(24 * time.Hour); !day.After(r.until); day = day.AddDate(0, 0, 1) {
			key := day.Format(time.DateOnly)
			w.Days = append(w.Days, Day{key, t.days[key]})
		}
		if r.before != nil {
			w.Change = &Change{Before: t.before, Gained: t.gained, Lost: t.lost, New: append([]Sample{}, t.fresh...), Gone: append([]Sample{}, t.gone...)}
		}
		out.Watches = append(out.Watches, w)
	}
	for pair, n := range r.pairs {
		out.Overlaps = append(out.Overlaps, Overlap{pair, n})
	}
	slices.SortFunc(out.Overlaps, func(a, b Overlap) int {
		return cmp.Or(cmp.Compare(b.Hits, a.Hits), slices.Compare(a.Watches[:], b.Watches[:]))
	})
	out.Overlaps = out.Overlaps[:min(len(out.Overlaps), mostOverlaps)]
	return out
}
