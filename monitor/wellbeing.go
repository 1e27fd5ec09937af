package monitor

import (
	"context"
	"fmt"
	"time"

	"veille"
	"veille/monitor/health"
)

// looked takes a first look at a page into the health of its source. Only the
// first try counts: a link is often listed before the page is there, and the
// tries that follow are of the same page.
func (m *Monitor) looked(source *veille.Source, v veille.Visit, l health.Look) {
	if v.Attempt > 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if run := m.sources[source.Name]; run != nil {
		run.state.Health.Reading = health.Looked(run.state.Health.Reading, l)
		run.dirty = true
		signal(m.dirty)
	}
}

// endPoll ends a poll that has no outlinks to record.
func (m *Monitor) endPoll(ctx context.Context, run *sourceRun, state veille.SourceState, now time.Time) {
	before := state.Health.Episode
	judged := m.judge(run, state, now)
	state = judged.state
	if len(judged.told.events) == 0 {
		m.finish(run, state, false)
		return
	}
	m.mu.Lock()
	marks := run.attended
	m.mu.Unlock()
	// What is told commits with the state that says so.
	err := m.commitPoll(ctx, run, veille.PollCommit{State: state, Events: judged.told.events, Deliveries: judged.told.deliveries}, marks)
	if m.storeFailed(ctx, "commit poll", err) {
		m.unjudge(judged)
		state.Health.Episode = before
		m.finish(run, state, false)
	}
}

// judgement is the state of a source with its health brought up to a poll, and
// what is to be told of that.
type judgement struct {
	state veille.SourceState
	told  outbox
	// outage is what Monitor.outage was before.
	outage time.Time
}

// unjudge takes back what a judgement that could not be stored changed.
func (m *Monitor) unjudge(j judgement) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.outage.IsZero() {
		m.outage = j.outage
	}
}

// judge brings the health of a source up to a poll that has just ended with a
// state.
func (m *Monitor) judge(run *sourceRun, state veille.SourceState, now time.Time) judgement {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := outbox{plan: m.plan.Load(), now: now}
	outage := m.outage
	run.keepVisited(&state)
	h := &state.Health
	fails, empty := state.Fails > 0, state.Fails == 0 && state.Error == noLinks
	switch {
	case fails || empty:
		if h.FailingSince.IsZero() {
			h.FailingSince = now.UTC()
		}
		if empty {
			h.Empty++
		}
	default:
		h.FailingSince, h.Empty = time.Time{}, 0
		h.Rhythm = health.Polled(h.Rhythm, now, state.LastNew.Equal(now), run.period)
	}
	if m.judgeNetwork(run, h, &out, fails && health.Outage(state.ErrorKind)) {
		return judgement{state, out, outage}
	}
	trouble, unsure := health.Judge(state, now, run.period)
	since := now
	switch {
	case fails || empty:
		since = h.FailingSince
	case trouble.Type == veille.SourceQuiet:
		since = state.LastNew
	}
	before := h.Episode
	next, turn := health.Next(*h, trouble, unsure, since, now)
	if turn == health.Begin && fails && health.Outage(state.ErrorKind) && m.networkFails(run, *h) {
		if m.outage.IsZero() {
			m.outage = h.FailingSince
		}
		next.Episode.Since, next.Episode.Network = m.outage, true
		next.Episode.Message = fmt.Sprintf("no source can be reached since %s (%s): this looks like the network of Veille itself",
			m.outage.Format("2 Jan 15:04 UTC"), state.ErrorKind)
	}
	*h = next
	switch turn {
	case health.Begin:
		detail := ""
		if fails {
			detail = state.Error
		}
		out.health(h.Episode.Type, state.Name, h.Episode, detail)
	case health.End:
		out.health(veille.SourceRecovered, state.Name, before, "")
	}
	return judgement{state, out, outage}
}

// judgeNetwork deals with a poll during or after a time in which no source
// could be reached, and reports whether that is all there is to say of it. The
// caller holds mu.
func (m *Monitor) judgeNetwork(run *sourceRun, h *veille.SourceHealth, out *outbox, outage bool) (settled bool) {
	over := !outage && !m.outage.IsZero()
	if over {
		// The first source that answers ends it for all.
		out.health(veille.SourceRecovered, run.source.Name, veille.Episode{Since: m.outage, Network: true}, "")
		m.outage = time.Time{}
	}
	if h.Episode.Network && m.outage.IsZero() {
		// The network is back; what this source does from now on is its own.
		h.Episode = veille.Episode{}
		if !h.FailingSince.IsZero() {
			h.FailingSince = out.now.UTC()
		}
		return true
	}
	return over || h.Episode.Network
}

// leastOutage is how many hosts must fail together for their failure to be that
// of our own network.
const leastOutage = 3

// networkFails reports whether no source was reached since one began to fail,
// and enough of them failed likewise. The caller holds mu.
func (m *Monitor) networkFails(run *sourceRun, h veille.SourceHealth) bool {
	if !m.outage.IsZero() {
		return true
	}
	hosts := map[string]bool{run.host: true}
	for _, other := range m.sources {
		s := other.state
		if s.LastSuccess.After(h.FailingSince) {
			return false
		}
		if s.Fails > 0 && health.Outage(s.ErrorKind) {
			hosts[other.host] = true
		}
	}
	return len(hosts) >= leastOutage
}

// announced tells the outside of events about sources that were committed. What
// all sources are told to share is said by the first of them.
func (m *Monitor) announced(events []veille.Event, deliveries []veille.Delivery) {
	for _, e := range events {
		if e.Source == "" && !m.firstToSay(e.ID) {
			continue
		}
		switch e.Type {
		case veille.SourceFailing:
			m.log.Warn("source failing", append(of(e), "message", e.Message)...)
		case veille.SourceQuiet:
			m.log.Warn("source quiet", "source", e.Source, "message", e.Message)
		default:
			m.log.Info("source well again", append(of(e), "message", e.Message)...)
		}
	}
	m.wakeFor(deliveries)
}

// firstToSay reports whether an event about all sources was not said yet.
func (m *Monitor) firstToSay(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.said == id {
		return false
	}
	m.said = id
	return true
}

// of names the source of an event in the log, if it has one.
func of(e veille.Event) []any {
	if e.Source == "" {
		return nil
	}
	return []any{"source", e.Source}
}
