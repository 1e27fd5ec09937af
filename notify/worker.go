package notify

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

// worker serves one receiver, one attempt at a time. The goroutine that runs
// it owns every field below the line; the others see it through show.
type worker struct {
	name   string
	outbox Outbox
	log    *slog.Logger
	tell   func(context.Context, string, veille.Event)

	wake   chan struct{}
	stop   chan struct{}
	done   chan struct{}
	after  <-chan struct{}
	resume atomic.Bool
	// launched is guarded by the dispatcher.
	launched bool

	mu       sync.Mutex
	notifier Notifier
	policy   Policy
	shown    shown

	// delay is from the commit of an event to its delivery.
	delay *veille.Latencies

	// ---
	loaded bool
	state  veille.ReceiverState
	// last is when the last attempt ended, meter what went before it.
	last  time.Time
	meter meter
	// fresh says that nothing was tried yet: what comes first may have been
	// under way when the last process ended.
	fresh bool
	// seen is the last delivery that was looked at for urgency, urgents those
	// that have it, or that one with it may have to wait for.
	seen    uint64
	urgents []uint64
	// refusals counts refusals of access in a row.
	refusals int
	// unsettled is an outcome that the full disk did not take yet.
	unsettled *veille.Settlement
	aside     aside
	quiet     quiet
}

func newWorker(d *Dispatcher, name string, n Notifier) *worker {
	n, policy := split(n)
	return &worker{
		name: name, outbox: d.outbox, log: d.log.With("receiver", name), tell: d.tell,
		wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
		notifier: n, policy: policy, shown: shown{results: map[result]uint64{}}, delay: newDelay(),
	}
}

// rest makes a worker ready to be launched again.
func (w *worker) rest() {
	w.launched, w.after = false, nil
	w.done = make(chan struct{})
	// Another process may change the outbox in between.
	w.loaded = false
}

func (w *worker) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *worker) replace(n Notifier) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, w.policy = split(n)
	before, known := innermost(w.notifier).(configured)
	now, both := innermost(n).(configured)
	if known && both && before.options() != now.options() {
		w.resume.Store(true)
	}
	w.notifier = n
	w.nudge()
}

func (w *worker) current() (Notifier, Policy) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.notifier, w.policy
}

func (w *worker) run(c contexts) error {
	for c.soft.Err() == nil && !w.stopped() {
		s, err := w.step(c)
		if err != nil {
			return err
		}
		if s.did == didNothing {
			w.wait(c.soft, s.until)
		}
	}
	return nil
}

func (w *worker) stopped() bool {
	select {
	case <-w.stop:
		return true
	default:
		return false
	}
}

// wait sleeps until a time (zero: none is known), a wake-up, or the next poll.
func (w *worker) wait(ctx context.Context, until time.Time) {
	d := poll
	if !until.IsZero() {
		d = max(0, min(d, time.Until(until)))
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-w.stop:
	case <-w.wake:
	case <-timer.C:
	}
}

// deed is what one step came to.
type deed int

const (
	didNothing deed = iota
	didSend
	didDefer
	didBury
	didSplit
)

type step struct {
	did deed
	seq uint64
	// until is when there may be something to do; zero: not before a wake-up.
	until time.Time
	// spacing says that only the receiver's rate holds the next one back, held
	// that rows wait for a pause to pass or for an operator, resting that they
	// wait for a digest or the end of the quiet hours.
	spacing, held, resting bool
}

// step makes at most one attempt, and settles it.
func (w *worker) step(c contexts) (step, error) {
	if err := w.load(c.hard); err != nil {
		return w.unreadable(c, err)
	}
	if w.unsettled != nil {
		if stored, err := w.settle(context.WithoutCancel(c.hard), *w.unsettled); !stored {
			return step{until: time.Now().Add(5 * time.Second), held: true}, err
		}
	}
	now := time.Now()
	if w.resume.Swap(false) {
		// Dead letters may wait again, in their old places.
		w.seen, w.urgents = 0, nil
		if err := w.revive(c.hard); err != nil {
			return step{}, err
		}
	}
	if until := w.state.PausedUntil; until.After(now.Add(farthest)) {
		w.state.PausedUntil = time.Time{}
	}
	if w.state.Disabled || w.state.PausedUntil.After(now) {
		s := step{held: w.outbox.Pending(w.name) > 0}
		if !w.state.Disabled {
			s.until = w.state.PausedUntil
		}
		return s, nil
	}
	n, policy := w.current()
	p := paceOf(n)
	if at := w.meter.open(p, policy.Rate); at.After(now) && w.outbox.Pending(w.name) > 0 {
		return step{until: at, spacing: true}, nil
	}
	d, s, err := w.next(c.hard, policy, now)
	if failure, ok := errors.AsType[unrecorded](err); ok {
		return step{}, failure.error
	}
	if err != nil {
		return w.unreadable(c, err)
	}
	w.quiet.forget("outbox")
	if d.Seq == 0 {
		return s, nil
	}
	return w.try(c, p, policy, d)
}

// load reads what is remembered of the receiver, once.
func (w *worker) load(ctx context.Context) error {
	if w.loaded {
		return nil
	}
	state, err := w.outbox.Receiver(ctx, w.name)
	if err != nil {
		return fmt.Errorf("read the state of receiver %s: %w", w.name, err)
	}
	state.Name = w.name
	if state.Disabled && state.DisabledAt.IsZero() {
		state.DisabledAt = state.Since // an earlier release disabled it
	}
	w.state, w.loaded, w.fresh = state, true, true
	w.seen, w.urgents = 0, nil
	w.publish()
	if state.Disabled {
		w.tellDisabled(ctx)
	}
	return nil
}

// unreadable waits where the outbox cannot be read; a commit is not involved,
// so nothing is in doubt.
func (w *worker) unreadable(c contexts, err error) (step, error) {
	if c.hard.Err() == nil && !errors.Is(err, veille.ErrNotFound) {
		w.quiet.once("outbox", err.Error(), func() { w.log.Error("outbox cannot be read", "error", err) })
	}
	return step{until: time.Now().Add(poll), held: true}, nil
}

// revive ends a pause or a disabling at an operator's wish.
func (w *worker) revive(ctx context.Context) error {
	if !w.state.Disabled && w.state.PausedUntil.IsZero() {
		return nil
	}
	next := w.state
	next.Disabled, next.PausedUntil = false, time.Time{}
	if err := w.outbox.SaveReceiver(ctx, next); err != nil {
		if errors.Is(err, veille.ErrStoreFull) {
			w.log.Error("receiver cannot be resumed while the store is full")
			return nil
		}
		return fmt.Errorf("resume receiver %s: %w", w.name, err)
	}
	w.state, w.refusals = next, 0
	w.publish()
	w.log.Info("receiver resumed")
	return nil
}
