package monitor

import (
	"maps"
	"slices"
	"sync"
	"time"

	"veille"
)

// mostLabelled bounds the names that a number is told apart by: what a
// monitoring system keeps grows with them. The others are told together.
const mostLabelled = 500

// otherNames is the label of what is told together.
const otherNames = "(others)"

// latency is how long news take, and who is told of them.
type latency struct {
	// seen is from the time that an article says it was published to its first
	// listing; told is from there to the commit of its alert.
	seen, told *veille.Latencies

	mu   sync.Mutex
	hits map[string]int64 // alerts by watch
}

func newLatency() *latency {
	return &latency{
		seen: veille.NewLatencies(10*time.Second, 30*time.Second, time.Minute, 2*time.Minute, 5*time.Minute, 10*time.Minute,
			20*time.Minute, 30*time.Minute, time.Hour, 2*time.Hour, 6*time.Hour, 24*time.Hour),
		told: veille.NewLatencies(500*time.Millisecond, time.Second, 2*time.Second, 5*time.Second, 10*time.Second, 30*time.Second,
			time.Minute, 5*time.Minute, 15*time.Minute, time.Hour, 6*time.Hour),
		hits: map[string]int64{},
	}
}

// note counts what a commit stored. An article that was no news when it was
// met says nothing about how fast news are.
func (l *latency) note(c veille.ArticleCommit) {
	if a := c.Article; c.Expect == 0 && a.Silent == "" && !a.Snapshot.Published.IsZero() {
		l.seen.Observe(a.FirstSeen.Sub(a.Snapshot.Published))
	}
	for _, e := range c.Events {
		if e.Type == veille.ArticlePublished && c.Expect == 0 {
			l.told.Observe(e.Time.Sub(c.Article.FirstSeen))
		}
		l.mu.Lock()
		for _, w := range e.Watches {
			if _, known := l.hits[w]; !known && len(l.hits) >= mostLabelled {
				w = otherNames
			}
			l.hits[w]++
		}
		l.mu.Unlock()
	}
}

func (l *latency) samples() []veille.Sample {
	out := []veille.Sample{
		l.seen.Sample("veille_article_seen_after_seconds", "From the time that an article says it was published to its first listing."),
		l.told.Sample("veille_alert_committed_after_seconds", "From an article's first listing to the commit of its alert."),
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range slices.Sorted(maps.Keys(l.hits)) {
		out = append(out, veille.Sample{Name: "veille_watch_alerts_total", Help: "Alerts that a watch caused; beyond 500 watches the others together.",
			Type: veille.Counter, Labels: [][2]string{{"watch", w}}, Value: float64(l.hits[w])})
	}
	return out
}
