package monitor

import (
	"cmp"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"veille"
)

// counters only grow.
type counters struct {
	changed, unchanged, failed, skipped           atomic.Int64
	outlinks, visits, visitErrors                 atomic.Int64
	dropped, givenUp                              atomic.Int64
	articles, revisions, matches, published, edit atomic.Int64
	withdrawn                                     atomic.Int64
}

// Samples returns the monitor's numbers and the state of every source.
func (m *Monitor) Samples() []veille.Sample {
	c := &m.counts
	counter := func(name, help string, v int64, labels ...[2]string) veille.Sample {
		return veille.Sample{Name: name, Help: help, Type: veille.Counter, Labels: labels, Value: float64(v)}
	}
	result := func(v string) [2]string { return [2]string{"result", v} }
	kind := func(t veille.EventType) [2]string { return [2]string{"type", string(t)} }
	const polls, pollsHelp = "veille_polls_total", "Polls of sources by result; skipped ones fell on a poll still running."
	const events, eventsHelp = "veille_events_total", "Events committed about articles."
	out := []veille.Sample{
		counter(polls, pollsHelp, c.changed.Load(), result("changed")),
		counter(polls, pollsHelp, c.unchanged.Load(), result("unchanged")),
		counter(polls, pollsHelp, c.failed.Load(), result("failed")),
		counter(polls, pollsHelp, c.skipped.Load(), result("skipped")),
		counter("veille_not_modified_total", "Listings that answered 304 or the same bytes.", c.unchanged.Load()),
		counter("veille_outlinks_total", "Outlinks not known before.", c.outlinks.Load()),
		counter("veille_visits_total", "Pages visited.", c.visits.Load()),
		counter("veille_visits_dropped_total", "Visits of links that lead to no article.", c.dropped.Load()),
		counter("veille_visits_given_up_total", "Visits whose tries are spent: articles that were never read.", c.givenUp.Load()),
		counter("veille_visit_errors_total", "Visits that did not yield their page.", c.visitErrors.Load()),
		counter("veille_articles_total", "Articles stored.", c.articles.Load()),
		counter("veille_revisions_total", "Revisions after the first stored.", c.revisions.Load()),
		counter("veille_matches_total", "Matches of a watch and a revision.", c.matches.Load()),
		counter(events, eventsHelp, c.published.Load(), kind(veille.ArticlePublished)),
		counter(events, eventsHelp, c.edit.Load(), kind(veille.ArticleEdited)),
		counter(events, eventsHelp, c.withdrawn.Load(), kind(veille.ArticleWithdrawn)),
	}
	out = append(out, m.latency.samples()...)
	gauge := func(name, help string, v float64, labels ...[2]string) {
		out = append(out, veille.Sample{Name: name, Help: help, Type: veille.Gauge, Labels: labels, Value: v})
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	gauge("veille_visits_pending", "Visits loaded and waiting for their host.", float64(len(m.lanes.held)))
	gauge("veille_lanes_active", "Hosts being worked on.", float64(m.lanes.active))
	gauge("veille_sources", "Sources in the configuration.", float64(len(m.sources)))
	gauge("veille_scheduler_beat_timestamp_seconds", "When the scheduler last looked at every source.", seconds(m.beat))
	gauge("veille_crawling_stopped", "1 while a full store stops the crawling.", truth(m.full != ""))
	// Those in trouble are told first, should there be more than can be.
	names := slices.SortedFunc(maps.Keys(m.sources), func(a, b string) int {
		return cmp.Or(cmp.Compare(min(m.sources[b].state.Fails, 1), min(m.sources[a].state.Fails, 1)), cmp.Compare(a, b))
	})
	for _, name := range names[:min(len(names), 2*mostLabelled)] {
		label := [2]string{"source", name}
		s := m.sources[name].state
		gauge("veille_source_up", "1 if the last poll succeeded and listed articles; whether they can be read, and are new, is veille_source_well.", truth(s.Fails == 0 && s.Error == "" && !s.LastSuccess.IsZero()), label)
		gauge("veille_source_well", "0 from a source.failing or source.quiet event until source.recovered, else 1.", truth(s.Health.Episode.Type == ""), label)
		gauge("veille_source_last_success_timestamp_seconds", "When a poll last succeeded; 0 for never.", seconds(s.LastSuccess), label)
		gauge("veille_source_last_new_timestamp_seconds", "When a poll last listed an unknown outlink; 0 for never.", seconds(s.LastNew), label)
		gauge("veille_source_fails", "Failed polls since the last success.", float64(s.Fails), label)
	}
	return out
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
