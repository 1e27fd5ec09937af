package monitor

import (
	"context"
	"time"

	"github.com/robfig/cron/v3"
)

// heartbeat bounds how late a tick can be seen: the library's timer stands
// still while the machine sleeps, and a change of the clock moves it.
const heartbeat = 30 * time.Second

// schedule runs cron, and its own heartbeat beside it. Cron says when; whether
// a source is due is asked of its state alone, so that a tick seen twice polls
// once, and one missed is made up once.
func (m *Monitor) schedule(ctx context.Context) {
	ticks := m.startCron()
	defer func() { <-ticks.Stop().Done() }()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.replanned:
			// A new runner is cheaper than changing a live one: the library
			// copies all entries for each change. Ticks depend on the clock
			// alone, so none moves.
			old := ticks
			ticks = m.startCron()
			<-old.Stop().Done()
		case <-m.rescan:
		case <-timer.C:
		}
		timer.Reset(m.scan(time.Now()))
	}
}

func (m *Monitor) startCron() *cron.Cron {
	c := cron.New(cron.WithLocation(time.UTC), cron.WithLogger(cron.DiscardLogger),
		// In this order: the other way round a panic leaves a job locked.
		cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger), cron.Recover(cronLog{m})))
	m.mu.Lock()
	for name, run := range m.sources {
		c.Schedule(run.schedule, cron.FuncJob(func() { m.tickSource(name) }))
	}
	m.mu.Unlock()
	c.Start()
	return c
}

// cronLog passes on what the library recovered from.
type cronLog struct{ m *Monitor }

func (l cronLog) Info(string, ...any) {}
func (l cronLog) Error(err error, _ string, _ ...any) {
	l.m.log.Error("tick panicked", "error", err)
}

// tickSource queues a source if it is due.
func (m *Monitor) tickSource(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	run := m.sources[name]
	if run == nil {
		return
	}
	now := time.Now()
	if run.queued {
		if !run.schedule.Next(run.queuedAt).After(now) {
			m.counts.skipped.Add(1)
		}
		return
	}
	if !run.next.After(now) {
		m.queuePoll(run)
	}
}

// scan queues every source that is due, and returns how long nothing more
// will be.
func (m *Monitor) scan(now time.Time) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.beat = now
	wait := heartbeat
	for _, run := range m.sources {
		if run.queued {
			continue
		}
		if run.state.LastScheduled.After(now.Add(time.Second)) {
			run.plan(now)
		}
		if !run.next.After(now) {
			m.queuePoll(run)
			continue
		}
		// Ticks are cron's; only back-offs and first polls need this timer.
		if run.state.Fails > 0 || run.state.LastScheduled.IsZero() || run.state.NotBefore.After(now) {
			wait = min(wait, run.next.Sub(now))
		}
	}
	return max(wait, time.Millisecond)
}

// queuePoll hands a source to its host's lane. The caller holds mu.
func (m *Monitor) queuePoll(run *sourceRun) {
	run.queued, run.queuedAt = true, run.tick(time.Now())
	m.lanes.addPoll(run)
}

// PollNow polls a source as soon as its host is free, whatever its schedule or
// back-off. An unknown name, or a poll that waits already, changes nothing.
func (m *Monitor) PollNow(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if run := m.sources[name]; run != nil && m.running && !run.queued {
		m.queuePoll(run)
	}
}

// prune applies the retention a minute after the start and once a day. Without
// one there is still what the store itself keeps for a time only.
func (m *Monitor) prune(ctx context.Context) {
	timer := time.NewTimer(time.Minute)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		timer.Reset(24 * time.Hour)
		_ = m.storeFailed(ctx, "prune", m.retain(ctx))
	}
}

// retain applies the retention.
func (m *Monitor) retain(ctx context.Context) error {
	p, now := m.plan.Load(), time.Now()
	var articles, deliveries time.Time
	if p.KeepArticles > 0 {
		articles = now.Add(-p.KeepArticles)
	}
	if p.KeepDeliveries > 0 {
		deliveries = now.Add(-p.KeepDeliveries)
	}
	na, nd, err := m.store.Prune(ctx, articles, deliveries)
	if err == nil {
		m.log.Info("pruned", "articles", na, "deliveries", nd)
	}
	return err
}

// retainAfter is how long a process that does not last leaves the store to
// others that may come as often as they like: a little less than a day, for a
// job that runs once a day.
const retainAfter = 20 * time.Hour

// Retain applies the retention unless that was done lately. It is for a process
// that ends before Run would do it.
func (m *Monitor) Retain(ctx context.Context) error {
	last, err := m.store.Pruned(ctx)
	if err != nil || time.Since(last) < retainAfter {
		return err
	}
	return m.retain(ctx)
}
