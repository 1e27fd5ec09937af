package notify

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"veille"
)

const (
	// grace is how long attempts under way may go on when the end has come.
	grace = 10 * time.Second
	// poll is the longest that a worker sleeps: what a lost wake-up costs.
	poll = 30 * time.Second
)

// DispatcherOptions are what a Dispatcher works with.
type DispatcherOptions struct {
	Outbox Outbox
	// Log may be nil.
	Log *slog.Logger
	// Tell is called, when it is not nil, after a receiver was disabled and
	// after it took an alert again; the event is for the other receivers. Its
	// id is the same for the same episode: after a restart the event of a
	// receiver that is still disabled is told again. Tell must not call the
	// Dispatcher back except for Wake.
	Tell func(ctx context.Context, receiver string, e veille.Event)
}

// Dispatcher carries deliveries from the outbox to receivers, one worker a
// receiver, so that no receiver waits for another. All methods may be called
// at any time; Run and Drain exclude each other.
type Dispatcher struct {
	outbox Outbox
	log    *slog.Logger
	tell   func(context.Context, string, veille.Event)

	// turn is held by Run or Drain.
	turn sync.Mutex

	mu      sync.Mutex
	workers map[string]*worker
	// leaving are removed workers whose last attempt may still be under way.
	leaving map[string]*worker
	// launch starts a worker while Run does; nil otherwise.
	launch func(*worker)
}

// NewDispatcher returns a Dispatcher without receivers.
func NewDispatcher(o DispatcherOptions) *Dispatcher {
	d := &Dispatcher{
		outbox: o.Outbox, log: o.Log, tell: o.Tell,
		workers: map[string]*worker{}, leaving: map[string]*worker{},
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	if d.tell == nil {
		d.tell = func(context.Context, string, veille.Event) {}
	}
	return d
}

// Apply makes receivers the set that is delivered to. A name that stays keeps
// its state, and its next attempt goes through the new Notifier; where the
// options changed, a pause or a disabling ends, for the operator has acted. A
// name that is gone stops after the attempt under way, and its rows wait in
// the outbox for its return.
func (d *Dispatcher) Apply(receivers map[string]Notifier) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name, w := range d.workers {
		if n, ok := receivers[name]; ok {
			w.replace(n)
			continue
		}
		close(w.stop)
		delete(d.workers, name)
		if w.launched {
			d.leaving[name] = w
		}
	}
	for _, name := range slices.Sorted(maps.Keys(receivers)) {
		if d.workers[name] != nil {
			continue
		}
		w := newWorker(d, name, receivers[name])
		if old := d.leaving[name]; old != nil {
			w.after = old.done
			delete(d.leaving, name)
		}
		d.workers[name] = w
		if d.launch != nil {
			d.launch(w)
		}
	}
}

// Wake says that new rows were committed for receivers. It does not block;
// names without a receiver are ignored.
func (d *Dispatcher) Wake(receivers []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, name := range receivers {
		if w := d.workers[name]; w != nil {
			w.nudge()
		}
	}
}

// Resume ends the pause or the disabling of a receiver at an operator's wish.
func (d *Dispatcher) Resume(receiver string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if w := d.workers[receiver]; w != nil {
		w.resume.Store(true)
		w.nudge()
	}
}

// Run delivers until ctx ends, then lets the attempts under way finish for at
// most 10 s. It returns nil after an orderly end; an error means that the
// outbox could not record what was done, and the process must restart.
func (d *Dispatcher) Run(ctx context.Context) error {
	d.turn.Lock()
	defer d.turn.Unlock()
	return d.supervise(ctx, false, func(c contexts, w *worker) error { return w.run(c) })
}

// contexts are the two ends of a run: no attempt begins after soft has ended,
// and none goes on after hard has.
type contexts struct{ soft, hard context.Context }

// supervise runs work for every worker, present and future, until ctx ends, one
// fails, or, where idle is set, all have returned. It returns the first error.
func (d *Dispatcher) supervise(ctx context.Context, idle bool, work func(contexts, *worker) error) error {
	soft, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	hard, cutShort := context.WithCancel(context.WithoutCancel(ctx))
	defer cutShort()
	c := contexts{soft, hard}

	var all sync.WaitGroup
	var first error
	var once sync.Once
	active := 0 // guarded by d.mu
	d.mu.Lock()
	d.launch = func(w *worker) {
		w.launched = true
		active++
		all.Go(func() {
			defer func() {
				close(w.done)
				d.mu.Lock()
				defer d.mu.Unlock()
				if active--; active == 0 && idle {
					fail(nil)
				}
			}()
			if w.after != nil {
				<-w.after
			}
			if err := work(c, w); err != nil {
				once.Do(func() { first = err })
				fail(err)
			}
		})
	}
	for _, w := range d.workers {
		d.launch(w)
	}
	if active == 0 && idle {
		fail(nil)
	}
	d.mu.Unlock()

	<-soft.Done()
	// From here on Apply starts nobody.
	d.mu.Lock()
	d.launch = nil
	d.mu.Unlock()
	limit := time.AfterFunc(grace, cutShort)
	all.Wait()
	limit.Stop()

	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.leaving)
	for _, w := range d.workers {
		w.rest()
	}
	return first
}
