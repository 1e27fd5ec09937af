package web

import (
	"context"
	"sync"
	"time"

	"veille"
)

const (
	// TallyDays is how far back the charts go.
	TallyDays = 28
	// tallyLook is how often new rows are counted.
	tallyLook = 5 * time.Second
	// tallyOverlap is how far back a look goes; once in tallyDeep it goes all
	// the way.
	tallyOverlap = 10 * time.Minute
	tallyDeep    = 6 * time.Hour
	// tallyPage is how many rows are read at once, so that none of the reads is
	// long.
	tallyPage = 200
	// mostTallied bounds the articles that are remembered, in number.
	mostTallied = 200_000
)

// Tally counts the articles of each source by hour and the alerts of each watch
// by day: what the charts need, kept in memory so that a page never reads the
// whole archive.
type Tally struct {
	reader Lists

	mu       sync.Mutex
	articles map[string]time.Time // by id, when first seen
	events   map[string]time.Time
	bySource map[string]map[int64]int // hours since 1970 to articles
	byWatch  map[string]map[int64]int // hours since 1970 to alerts
	lastHit  map[string]time.Time
}

// NewTally returns a tally that is empty until Run.
func NewTally(reader Lists) *Tally {
	return &Tally{
		reader: reader, articles: map[string]time.Time{}, events: map[string]time.Time{},
		bySource: map[string]map[int64]int{}, byWatch: map[string]map[int64]int{},
		lastHit: map[string]time.Time{},
	}
}

// Run counts what is stored, then what comes, until ctx ends.
func (t *Tally) Run(ctx context.Context) error {
	tick := time.NewTicker(tallyLook)
	defer tick.Stop()
	since := time.Now().AddDate(0, 0, -TallyDays)
	deep := time.Now()
	for {
		began := time.Now()
		if t.count(ctx, since) {
			// An article is stored some time after it was first seen: seconds, or
			// days where its site was down.
			since = began.Add(-tallyOverlap)
			if began.Sub(deep) > tallyDeep {
				deep, since = began, began.AddDate(0, 0, -TallyDays)
			}
		}
		t.forget(time.Now().AddDate(0, 0, -TallyDays))
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// count reads both lists back to a time, and reports whether it got there.
func (t *Tally) count(ctx context.Context, since time.Time) bool {
	var at cursor
	for {
		rows, next, err := paged(ctx, at, tallyPage, func(ctx context.Context, p veille.Page) ([]veille.Article, error) {
			return t.reader.Articles(ctx, veille.ArticleFilter{Page: p, Since: since})
		}, func(a veille.Article) time.Time { return a.FirstSeen })
		if err != nil {
			return false
		}
		full := t.addArticles(rows)
		if next == "" || full {
			break
		}
		if at, err = parseCursor(next); err != nil {
			return false
		}
	}
	for at = (cursor{}); ; {
		rows, next, err := paged(ctx, at, tallyPage, func(ctx context.Context, p veille.Page) ([]veille.Event, error) {
			return t.reader.Events(ctx, veille.EventFilter{Page: p, Since: since})
		}, func(e veille.Event) time.Time { return e.Time })
		if err != nil {
			return false
		}
		full := t.addEvents(rows)
		if next == "" || full {
			return true
		}
		if at, err = parseCursor(next); err != nil {
			return false
		}
	}
}

func (t *Tally) addArticles(rows []veille.Article) (full bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, a := range rows {
		if _, known := t.articles[a.ID]; known {
			continue
		}
		if len(t.articles) >= mostTallied {
			return true
		}
		t.articles[a.ID] = a.FirstSeen
		bump(t.bySource, a.Source, a.FirstSeen)
	}
	return false
}

func (t *Tally) addEvents(rows []veille.Event) (full bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range rows {
		if _, known := t.events[e.ID]; known {
			continue
		}
		if len(t.events) >= mostTallied {
			return true
		}
		t.events[e.ID] = e.Time
		for _, w := range e.Watches {
			bump(t.byWatch, w, e.Time)
			if e.Time.After(t.lastHit[w]) {
				t.lastHit[w] = e.Time
			}
		}
	}
	return false
}

func bump(counts map[string]map[int64]int, name string, at time.Time) {
	if counts[name] == nil {
		counts[name] = map[int64]int{}
	}
	counts[name][hourOf(at)]++
}

func hourOf(t time.Time) int64 { return t.Unix() / 3600 }

// forget drops what is older than the charts show.
func (t *Tally) forget(before time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, at := range t.articles {
		if at.Before(before) {
			delete(t.articles, id)
		}
	}
	for id, at := range t.events {
		if at.Before(before) {
			delete(t.events, id)
		}
	}
	for _, counts := range []map[string]map[int64]int{t.bySource, t.byWatch} {
		for name, hours := range counts {
			for h := range hours {
				if h < hourOf(before) {
					delete(hours, h)
				}
			}
			if len(hours) == 0 {
				delete(counts, name)
			}
		}
	}
}

// days returns counts for each of the last n days of a zone, today last.
func days(hours map[int64]int, n int, now time.Time, zone *time.Location) []int {
	out := make([]int, n)
	y, m, d := now.In(zone).Date()
	today := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	for h, count := range hours {
		y, m, d := time.Unix(h*3600, 0).In(zone).Date()
		back := int(today.Sub(time.Date(y, m, d, 12, 0, 0, 0, time.UTC)).Hours()) / 24
		if back >= 0 && back < n {
			out[n-1-back] += count
		}
	}
	return out
}

// Source returns how many articles a source brought on each of the last days,
// today last, and in which hours of the week (Monday 0 h first).
func (t *Tally) Source(name string, now time.Time, zone *time.Location) (daily []int, week [7][24]int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for h, count := range t.bySource[name] {
		at := time.Unix(h*3600, 0).In(zone)
		week[(int(at.Weekday())+6)%7][at.Hour()] += count
	}
	return days(t.bySource[name], TallyDays, now, zone), week
}

// Watch returns how many alerts a watch caused on each of the last days, today
// last, and when the last one was.
func (t *Tally) Watch(name string, now time.Time, zone *time.Location) (daily []int, last time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return days(t.byWatch[name], TallyDays, now, zone), t.lastHit[name]
}

// Totals counts the articles and alerts of the last 24 hours.
func (t *Tally) Totals(now time.Time) (articles, alerts int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := func(counts map[string]map[int64]int) (n int) {
		for _, hours := range counts {
			for h, c := range hours {
				if h > hourOf(now)-24 {
					n += c
				}
			}
		}
		return n
	}
	alerts = 0
	for _, at := range t.events {
		if now.Sub(at) < 24*time.Hour {
			alerts++
		}
	}
	return sum(t.bySource), alerts
}
