package monitor

import (
	"context"
	"fmt"
	"time"

	"veille"
	"veille/monitor/edit"
)

// pause stops the lanes until a write succeeds again.
func (m *Monitor) pause(why error) {
	m.mu.Lock()
	was := m.full != ""
	m.full = edit.Cut(why.Error(), 300)
	m.lanes.paused = true
	m.mu.Unlock()
	if !was {
		m.log.Error("store full, crawling stopped", "error", why)
		signal(m.dirty)
		signal(m.idle)
	}
}

func (m *Monitor) resume() {
	m.mu.Lock()
	was := m.full != ""
	m.full = ""
	if was {
		m.lanes.paused = false
		m.lanes.startAll()
	}
	m.mu.Unlock()
	if was {
		m.log.Info("store writable again, crawling resumed")
		signal(m.reload)
		signal(m.rescan)
	}
}

func (m *Monitor) isFull() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.full != ""
}

// mayBeFull reports whether the store was full when it was last tried, perhaps by
// an earlier process.
func (m *Monitor) mayBeFull() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.full != "" || !m.fullTold.IsZero()
}

// tellFull tells the health receivers, once, that nothing is read any more. The
// room that a full store keeps for deliveries takes the event; where even that
// is gone, the next probe tries again.
func (m *Monitor) tellFull(ctx context.Context) {
	m.mu.Lock()
	why, told := m.full, !m.fullTold.IsZero()
	m.mu.Unlock()
	if told {
		return
	}
	now := time.Now()
	err := m.tellOfStore(ctx, veille.SourceFailing, now,
		"No source is read any more: "+why+"; make room, or raise store.bolt.max_size. Reading goes on by itself then.",
		veille.EventTrouble{Since: now.UTC(), Detail: why})
	if m.storeFailed(ctx, "tell that the store is full", err) {
		return
	}
	m.mu.Lock()
	m.fullTold = now
	m.mu.Unlock()
}

// tellRoom tells those who know that the store was full that it is not any more.
func (m *Monitor) tellRoom(ctx context.Context) error {
	m.mu.Lock()
	since := m.fullTold
	m.mu.Unlock()
	if since.IsZero() {
		return nil
	}
	now := time.Now()
	err := m.tellOfStore(ctx, veille.SourceRecovered, now,
		fmt.Sprintf("Sources are read again, after %s: the store has room.", lasted(now.Sub(since))),
		veille.EventTrouble{Since: since.UTC()})
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.fullTold = time.Time{}
	m.mu.Unlock()
	return nil
}

func (m *Monitor) tellOfStore(ctx context.Context, t veille.EventType, now time.Time, message string, trouble veille.EventTrouble) error {
	out := outbox{plan: m.plan.Load(), now: now}
	trouble.Cause = "store"
	out.system(t, "", message, trouble)
	if err := m.store.CommitEvents(ctx, out.events, out.deliveries); err != nil {
		return err
	}
	m.announced(out.events, out.deliveries)
	return nil
}
