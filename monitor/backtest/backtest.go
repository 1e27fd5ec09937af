// Package backtest runs watch-lists over stored articles and counts what they
// would have caught. It is pure: the articles are handed in, from as many
// goroutines as there are.
package backtest

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"veille"
)

// Matcher is a compiled watch-list, safe for concurrent use.
type Matcher interface {
	// AppendMatching appends the numbers of the watches that match.
	AppendMatching(dst []int32, snapshot *veille.Snapshot, tags []string) (numbers []int32, language string)
	// Match says why they do, which takes longer.
	Match(snapshot veille.Snapshot, tags []string) (matches []veille.Match, language string)
}

// Rules are a watch-list with what it is matched by.
type Rules struct {
	Sources []veille.Source
	Watches []veille.Watch
	Matcher Matcher
}

// Run collects a back-test.
type Run struct {
	now, before *ruleset
	since       time.Time
	until       time.Time

	mu       sync.Mutex
	articles int
	oldest   time.Time
	tallies  map[string]*tally
	pairs    map[[2]int32]int
	// all collects the articles of one watch, by name.
	all string
	ids []Sample
}

// tally is of one watch; days count from 1970.
type tally struct {
	hits, before, gained, lost int
	days                       map[int64]int
	samples, fresh, gone       []Sample
}

// New begins a back-test of the articles first seen from since until now.
// before is the watch-list to compare with, nil for none.
func New(rules Rules, before *Rules, since, until time.Time) *Run {
	r := &Run{now: newRuleset(rules), since: since, until: until, tallies: map[string]*tally{}, pairs: map[[2]int32]int{}}
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

// Add takes an article as it reads now. It may be called from several
// goroutines.
func (r *Run) Add(a veille.Article) {
	if !a.Snapshot.Readable() {
		return
	}
	after := r.now.caught(&a)
	var before []int32
	if r.before != nil {
		before = r.before.caught(&a)
	}
	sample := Sample{Article: a.ID, URL: a.URL, Title: a.Snapshot.Title, Seen: a.FirstSeen}
	gained, lost, shown := r.count(sample, after, before)
	if !shown {
		return
	}
	// Why it is caught takes much longer to find out, and few are shown.
	var now, then map[string]veille.Match
	if len(after) > 0 {
		now = r.now.why(&a)
	}
	if len(lost) > 0 {
		then = r.before.why(&a)
	}
	because := func(m veille.Match) Sample {
		s := sample
		s.Match = &m
		return s
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range after {
		name := r.now.name(n)
		t := r.tallies[name]
		hit := because(now[name])
		t.samples = keep(t.samples, hit)
		if slices.Contains(gained, name) {
			t.fresh = keep(t.fresh, hit)
		}
	}
	for _, name := range lost {
		t := r.tallies[name]
		t.gone = keep(t.gone, because(then[name]))
	}
}

// count counts an article that some watches catch, and caught before. It names
// those that gained and lost it, and reports whether it may be shown of any.
func (r *Run) count(sample Sample, after, before []int32) (gained, lost []string, shown bool) {
	day := dayOf(sample.Seen)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.articles++
	if r.articles == 1 || sample.Seen.Before(r.oldest) {
		r.oldest = sample.Seen
	}
	for i, n := range after {
		name := r.now.name(n)
		t := r.tally(name)
		t.hits++
		t.days[day]++
		shown = shown || kept(t.samples, sample)
		if r.before != nil && !r.before.among(name, before) {
			t.gained++
			gained = append(gained, name)
			shown = shown || kept(t.fresh, sample)
		}
		if name == r.all {
			r.ids = append(r.ids, sample)
		}
		for _, other := range after[i+1:] {
			if pair := [2]int32{n, other}; len(r.pairs) < mostPairs || r.pairs[pair] > 0 {
				r.pairs[pair]++
			}
		}
	}
	for _, n := range before {
		name := r.before.name(n)
		t := r.tally(name)
		t.before++
		if !r.now.among(name, after) {
			t.lost++
			lost = append(lost, name)
			shown = shown || kept(t.gone, sample)
		}
	}
	return gained, lost, shown
}

func (r *Run) tally(name string) *tally {
	t := r.tallies[name]
	if t == nil {
		t = &tally{days: map[int64]int{}}
		r.tallies[name] = t
	}
	return t
}

// place is where a sample stands among others, the newest first.
func place(samples []Sample, s Sample) int {
	at, _ := slices.BinarySearchFunc(samples, s, func(a, b Sample) int {
		return cmp.Or(b.Seen.Compare(a.Seen), cmp.Compare(a.Article, b.Article))
	})
	return at
}

// kept reports whether keep would take a sample.
func kept(samples []Sample, s Sample) bool { return place(samples, s) < samplesKept }

// keep holds the newest samples.
func keep(samples []Sample, s Sample) []Sample {
	at := place(samples, s)
	if at >= samplesKept {
		return samples
	}
	samples = slices.Insert(samples, at, s)
	return samples[:min(len(samples), samplesKept)]
}

func dayOf(t time.Time) int64 { return t.Unix() / (24 * 3600) }

func nameOf(day int64) string { return time.Unix(day*24*3600, 0).UTC().Format(time.DateOnly) }
