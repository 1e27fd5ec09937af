package monitor

import (
	"context"
	"errors"
	"time"

	"veille"
)

const (
	// loadBatch is how many visits are loaded beyond those in the lanes, and
	// loadMost the most that one load looks at.
	loadBatch = 512
	loadMost  = 1 << 15
	// visitStagger spreads the due times of a listing's visits, so that the
	// first of every listing come before the last of any. A first visit may
	// run up to early before its time, which makes the spread an order and
	// not a delay.
	visitStagger = 250 * time.Millisecond
	early        = 90 * time.Second
	// stepAside is how far the visits of a host that has too many are put off
	// when they hide those of others.
	stepAside = 15 * time.Minute
)

// loadVisits brings due visits into the lanes until ctx ends.
func (m *Monitor) loadVisits(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.reload:
		case <-timer.C:
		}
		wait, _ := m.load(ctx)
		timer.Reset(wait)
	}
}

// load fills the lanes from the store. It returns how long until the next
// stored visit may be due, and how many it brought in.
func (m *Monitor) load(ctx context.Context) (wait time.Duration, brought int) {
	if m.isFull() {
		return fullRetry, 0
	}
	m.mu.Lock()
	limit := min(loadBatch+len(m.lanes.held), m.loadMost)
	m.lanes.loading = true
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		m.lanes.loading = false
		clear(m.lanes.done)
		m.mu.Unlock()
	}()
	for {
		now := time.Now()
		rows, err := m.store.Visits(ctx, now.Add(early), limit)
		if err != nil {
			m.storeFailed(ctx, "read visits", err)
			return heartbeat, brought
		}
		n, wait := m.admit(rows, now)
		brought += n
		switch {
		case len(rows) < limit:
			return wait, brought
		case n > 0:
			// More may wait behind these; they are loaded as lanes drain.
			return min(wait, time.Second), brought
		case limit < m.loadMost:
			limit = min(2*limit, m.loadMost)
		default:
			return time.Second, m.makeRoom(ctx, rows, now)
		}
	}
}

// admit puts runnable visits into the lanes.
func (m *Monitor) admit(rows []veille.Visit, now time.Time) (brought int, wait time.Duration) {
	wait = early
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range rows {
		if v.Due.After(now) && (v.ArticleID != "" || v.Attempt > 0) {
			wait = min(wait, v.Due.Sub(now))
			continue
		}
		if m.lanes.addVisit(v) {
			brought++
		}
	}
	return brought, wait
}

// makeRoom puts off the visits of hosts that have more than their lane holds:
// a host that cannot keep up must not hide what others have to do.
func (m *Monitor) makeRoom(ctx context.Context, rows []veille.Visit, now time.Time) int {
	moved := 0
	for _, v := range rows {
		m.mu.Lock()
		inLane := m.lanes.held[v.URL]
		m.mu.Unlock()
		if inLane || v.Due.After(now) {
			continue
		}
		next := v
		next.Due = now.Add(stepAside + time.Duration(moved)*visitStagger)
		if m.reschedule(ctx, v, &next) != nil {
			return moved
		}
		if moved++; moved >= loadBatch {
			break
		}
	}
	return 0
}

// reschedule replaces or drops a visit. One that is gone already was dealt
// with by another.
func (m *Monitor) reschedule(ctx context.Context, done veille.Visit, next *veille.Visit) error {
	err := m.store.Reschedule(ctx, done, next)
	m.expect(next)
	if errors.Is(err, veille.ErrConflict) {
		// A source joined the visit that was to be dropped: it is made again.
		signal(m.reload)
		return nil
	}
	if err == nil || errors.Is(err, veille.ErrNotFound) {
		return nil
	}
	m.storeFailed(ctx, "reschedule visit", err)
	return err
}

// expect wakes the loader for a visit that is due before it would look again.
func (m *Monitor) expect(next *veille.Visit) {
	if next != nil && time.Until(next.Due) < early {
		signal(m.reload)
	}
}
