package monitor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"veille"
)

const (
	// stopTime is how long the last states may take to be stored when the
	// context has ended.
	stopTime = 5 * time.Second
	// defaultSpacing is how far apart the checks of a withdrawal are.
	defaultSpacing = time.Hour
)

// Options are what a Monitor works with. They stay for its life; what it
// watches is a Plan.
type Options struct {
	Crawler Crawler
	Store   Store
	Log     *slog.Logger
	// Wake is told the receivers that a commit put deliveries in the outbox
	// for. It must not block. Nil is allowed.
	Wake func(receivers []string)
	// WithdrawalSpacing is the least time between two checks that together
	// confirm a withdrawal; 0 is one hour.
	WithdrawalSpacing time.Duration
}

// Monitor polls sources, visits what is new, looks again for edits, and
// commits the events of the watches that match.
type Monitor struct {
	crawler Crawler
	store   Store
	log     *slog.Logger
	wake    func([]string)
	spacing time.Duration
	// loadMost is the constant but in tests.
	loadMost int

	plan atomic.Pointer[plan]
	// applying serialises Apply with the start of Run.
	applying sync.Mutex

	// mu guards what follows.
	mu      sync.Mutex
	running bool
	cancel  context.CancelCauseFunc
	// states remembers sources that the plan does not hold.
	states  map[string]veille.SourceState
	sources map[string]*sourceRun
	lanes   laneSet
	beat    time.Time
	// full says why the store takes no articles, and fullTold since when the
	// health receivers know; both are empty while it does.
	full     string
	fullTold time.Time
	// outage is since when no source can be reached; zero while one can.
	outage time.Time
	// said is the last event about all sources that was logged.
	said string

	// storing keeps a batch of older states from overtaking a poll's commit.
	storing sync.RWMutex
	// copies serialises commits of articles that carry the same text.
	copies [4096]sync.Mutex
	// lessons wait for the next poll.
	lessons lessons
	// held serialises commits of one article; it is taken after copies.
	held [64]sync.Mutex

	// These wake the loops of Run; each holds at most one signal.
	replanned, rescan, reload, dirty, idle chan struct{}

	counts  counters
	latency *latency
	once    onceReport
}

// New returns a monitor without a plan.
func New(o Options) *Monitor {
	m := &Monitor{
		crawler: o.Crawler, store: o.Store, log: o.Log, wake: o.Wake, spacing: o.WithdrawalSpacing, loadMost: loadMost,
		states: map[string]veille.SourceState{}, sources: map[string]*sourceRun{},
		replanned: make(chan struct{}, 1), rescan: make(chan struct{}, 1), reload: make(chan struct{}, 1),
		latency: newLatency(),
		dirty:   make(chan struct{}, 1), idle: make(chan struct{}, 1),
	}
	if m.log == nil {
		m.log = slog.New(slog.DiscardHandler)
	}
	if m.wake == nil {
		m.wake = func([]string) {}
	}
	if m.spacing <= 0 {
		m.spacing = defaultSpacing
	}
	m.lanes.init()
	m.plan.Store(newPlan(Plan{}))
	return m
}

// signal wakes a loop; a signal that already waits is enough.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run polls by schedule until ctx ends, and returns nil then. Any other return
// is a failure of the store after which the process must start again.
func (m *Monitor) Run(ctx context.Context) error {
	return m.live(ctx, func(ctx context.Context) {
		var loops sync.WaitGroup
		loops.Go(func() { m.schedule(ctx) })
		loops.Go(func() { m.loadVisits(ctx) })
		loops.Go(func() { m.flushStates(ctx) })
		loops.Go(func() { m.prune(ctx) })
		loops.Wait()
	})
}

// live brings the states in, lets work run, and leaves nothing behind: every
// lane has ended and every state is stored when it returns.
func (m *Monitor) live(ctx context.Context, work func(context.Context)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := m.begin(ctx, cancel); err != nil {
		return err
	}
	if err := m.signPast(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, veille.ErrStoreFull) {
		cancel(&fatalError{fmt.Errorf("sign earlier articles: %w", err)})
	}
	work(ctx)
	cancel(nil)
	m.lanes.wait()

	last, stop := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer stop()
	flushed := m.saveDirty(last)
	m.mu.Lock()
	m.running = false
	m.mu.Unlock()

	var fatal *fatalError
	if errors.As(context.Cause(ctx), &fatal) {
		return fatal.err
	}
	if flushed != nil && !errors.Is(flushed, veille.ErrStoreFull) {
		return fmt.Errorf("save source states: %w", flushed)
	}
	return nil
}

func (m *Monitor) begin(ctx context.Context, cancel context.CancelCauseFunc) error {
	m.applying.Lock()
	defer m.applying.Unlock()
	stored, err := m.store.Sources(ctx)
	if err != nil {
		return fmt.Errorf("read source states: %w", err)
	}
	told, err := m.store.ToldFull(ctx)
	if err != nil {
		return fmt.Errorf("read whether the store was full: %w", err)
	}
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running {
		return errors.New("monitor runs already")
	}
	m.running, m.cancel, m.full, m.fullTold, m.beat = true, cancel, "", told, now
	if !told.IsZero() {
		signal(m.dirty)
	}
	m.sources, m.states = map[string]*sourceRun{}, make(map[string]veille.SourceState, len(stored))
	m.outage = time.Time{}
	for _, s := range stored {
		m.states[s.Name] = s
		if e := s.Health.Episode; e.Network {
			m.outage = later(m.outage, e.Since)
		}
	}
	m.lanes.open(ctx, m.work)
	m.reconcile(m.plan.Load(), now)
	return nil
}

// fatalError ends Run: the store failed in a way that only a restart clears.
type fatalError struct{ err error }

func (e *fatalError) Error() string { return e.err.Error() }
func (e *fatalError) Unwrap() error { return e.err }

// storeFailed sorts out a failed write. A full store pauses the crawling, a
// context that ended is nobody's fault, all else ends Run. It reports whether
// there was a failure.
func (m *Monitor) storeFailed(ctx context.Context, act string, err error) bool {
	switch {
	case err == nil:
		return false
	case ctx.Err() != nil:
	case errors.Is(err, veille.ErrStoreFull):
		m.pause(err)
	default:
		m.mu.Lock()
		cancel := m.cancel
		m.mu.Unlock()
		cancel(&fatalError{fmt.Errorf("%s: %w", act, err)})
	}
	return true
}

// Reasons says in words why the monitor is not doing its work; empty when it is.
func (m *Monitor) Reasons() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	switch {
	case !m.running:
		out = append(out, "monitor not running")
	case time.Since(m.beat) > 4*heartbeat:
		out = append(out, "scheduler stalled since "+m.beat.UTC().Format(time.RFC3339))
	}
	if m.full != "" {
		out = append(out, "store full, crawling stopped: "+m.full)
	}
	return out
}
