package monitor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"veille"
)

// Report is what Once did.
type Report struct {
	// Polled counts the sources that answered.
	Polled int
	// Failed are those that did not, by name.
	Failed []SourceFailure
	// Articles and Events count what was stored.
	Articles, Events int
}

// SourceFailure is a source whose poll failed.
type SourceFailure struct {
	Source string
	Err    error
}

// onceReport collects a Report while Once runs.
type onceReport struct {
	mu     sync.Mutex
	report *Report
}

func (o *onceReport) note(f func(*Report)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.report != nil {
		f(o.report)
	}
}

func (o *onceReport) polled() { o.note(func(r *Report) { r.Polled++ }) }
func (o *onceReport) failed(name string, err error) {
	o.note(func(r *Report) { r.Failed = append(r.Failed, SourceFailure{name, err}) })
}

// Once polls every source once, whatever its schedule, does every visit that
// is due, and returns. Visits that failed and wait for another try are left
// for the next time. A store that is full or fails ends it early with that
// error.
func (m *Monitor) Once(ctx context.Context) (Report, error) {
	report := &Report{}
	m.once.mu.Lock()
	m.once.report = report
	m.once.mu.Unlock()
	full := false
	err := m.live(ctx, func(ctx context.Context) {
		m.mu.Lock()
		for name, run := range m.sources {
			if run.queued {
				continue
			}
			if wait := run.state.NotBefore; run.state.ErrorKind == veille.FetchThrottled && wait.After(time.Now()) {
				m.once.failed(name, fmt.Errorf("%s asked to wait until %s", run.host, wait.Format(time.RFC3339)))
				continue
			}
			m.queuePoll(run)
		}
		m.mu.Unlock()
		full = m.untilIdle(ctx)
	})
	m.once.mu.Lock()
	m.once.report = nil
	m.once.mu.Unlock()
	slices.SortFunc(report.Failed, func(a, b SourceFailure) int { return strings.Compare(a.Source, b.Source) })
	switch {
	case err != nil:
		return *report, err
	case full:
		return *report, veille.ErrStoreFull
	}
	return *report, ctx.Err()
}

// untilIdle loads visits until no lane has work and the store has none due.
// It reports whether a full store ended it.
func (m *Monitor) untilIdle(ctx context.Context) bool {
	for {
		_, brought := m.load(ctx)
		m.mu.Lock()
		idle, full := m.lanes.active == 0, m.full != ""
		m.mu.Unlock()
		if full {
			return true
		}
		if ctx.Err() != nil || idle && brought == 0 && !waiting(m.reload) {
			return false
		}
		select {
		case <-ctx.Done():
			return false
		case <-m.idle:
		case <-m.reload:
		}
	}
}

// waiting takes a signal if there is one.
func waiting(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
