package crawler

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// rank orders those who wait for one host.
type rank int

const (
	// rankPoll goes first: a listing says what is new, and is short. What waits
	// longer than patience has every second turn all the same.
	rankPoll rank = iota
	rankVisit
	// rankRecheck looks for edits. It has at most every second turn, and where a
	// visit waits too it has that: neither holds the other up for ever.
	rankRecheck
	ranks
)

// gate lets one request at a time pass to each host, in the order of arrival
// within a rank, and no sooner than the spacing after the end of the one
// before; over all hosts it admits a fixed number at once. A slot is taken only
// when the host's turn has come: those who wait for a slow host hold nothing.
//
// The gate starts no goroutine. Each waiter keeps its own timer, and whoever
// changes a host wakes the waiter at its head.
type gate struct {
	spacing time.Duration
	slots   chan struct{}

	mu    sync.Mutex
	hosts map[string]*host
	swept time.Time
	// waiting counts those in a queue; waited sums the time they spent there.
	waiting int
	waited  time.Duration
	passed  uint64
	pauses  uint64
}

// pausedError says that a host asked to be left alone for longer than its
// spacing.
type pausedError struct{ until time.Time }

func (e *pausedError) Error() string {
	return fmt.Sprintf("the host asked to wait until %s", e.until.UTC().Format(time.RFC3339))
}

// forgetAfter is how long an idle host is remembered: longer than any spacing.
const forgetAfter = 2 * maxCrawlDelay

func newGate(spacing time.Duration, parallel int) *gate {
	return &gate{spacing: spacing, slots: make(chan struct{}, parallel), hosts: map[string]*host{}}
}

// enter waits for the turn of a host and for a slot, and returns the function
// that ends the turn. crawlDelay lengthens the spacing. While the host is
// paused for longer than that, it fails at once with *pausedError.
func (g *gate) enter(ctx context.Context, key string, r rank, crawlDelay time.Duration) (leave func(), err error) {
	w := &waiter{wake: make(chan struct{}, 1), delay: max(g.spacing, crawlDelay), rank: r, since: time.Now()}
	if err := g.turn(ctx, key, r, w); err != nil {
		return nil, err
	}
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		g.end(key, r, false)
		return nil, ctx.Err()
	}
	return func() {
		<-g.slots
		g.end(key, r, true)
	}, nil
}

func (g *gate) turn(ctx context.Context, key string, r rank, w *waiter) error {
	start := time.Now()
	g.mu.Lock()
	g.sweep(start)
	h := g.hosts[key]
	if h == nil {
		h = &host{}
		g.hosts[key] = h
	}
	e := h.queues[r].PushBack(w)
	g.waiting++
	defer func() {
		h.queues[r].Remove(e)
		g.waiting--
		if !h.busy {
			h.nudge()
		}
		g.mu.Unlock()
	}()
	for mine := false; ; {
		now := time.Now()
		ready := h.ready(w)
		if h.paused.After(now) {
			if h.paused.Sub(now) > w.delay {
				return &pausedError{h.paused}
			}
			if h.paused.After(ready) {
				ready = h.paused
			}
		}
		was := mine
		mine = !h.busy && h.head() == w
		if was && !mine && !h.busy {
			h.nudge() // another lost its patience while this one waited
		}
		if mine && !ready.After(now) {
			h.busy = true
			g.waited += now.Sub(start)
			g.passed++
			return nil
		}
		if err := g.wait(ctx, w, mine, ready.Sub(now)); err != nil {
			return err
		}
	}
}

// wait sleeps, with the lock released, until the waiter is woken or, at the
// head of its host, until its time has come.
func (g *gate) wait(ctx context.Context, w *waiter, head bool, d time.Duration) error {
	g.mu.Unlock()
	defer g.mu.Lock()
	var due <-chan time.Time
	if head {
		t := time.NewTimer(d)
		defer t.Stop()
		due = t.C
	}
	select {
	case <-due:
	case <-w.wake:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// end gives the host to the next waiter. A turn that sent nothing costs its
// successor no spacing.
func (g *gate) end(key string, r rank, sent bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.hosts[key]
	h.busy = false
	if sent {
		h.last, h.polled = time.Now(), r == rankPoll
		if r == rankRecheck {
			h.rechecked = h.last
		}
	}
	h.nudge()
}

// pause holds every request to a host back until a time. Those that wait for
// the host learn it at once. first says that the host did not ask for one just
// before.
func (g *gate) pause(key string, until time.Time) (first bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.hosts[key]
	if h == nil {
		h = &host{}
		g.hosts[key] = h
	}
	first, h.throttled = !h.throttled, true
	if !until.After(h.paused) {
		return first
	}
	h.paused = until
	g.pauses++
	for i := range h.queues {
		for e := h.queues[i].Front(); e != nil; e = e.Next() {
			e.Value.(*waiter).nudge()
		}
	}
	return first
}

// welcome notes an answer that asked for nothing, and reports whether the one
// before it did.
func (g *gate) welcome(key string) (was bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if h := g.hosts[key]; h != nil {
		was, h.throttled = h.throttled, false
	}
	return was
}

// patience is how long polls without end may hold up what else a host is asked.
const patience = time.Minute

// sweep forgets the hosts that nobody uses, at most once in forgetAfter.
func (g *gate) sweep(now time.Time) {
	if now.Sub(g.swept) < forgetAfter {
		return
	}
	g.swept = now
	for key, h := range g.hosts {
		if !h.busy && h.head() == nil && now.Sub(h.last) >= forgetAfter && !h.paused.After(now) {
			delete(g.hosts, key)
		}
	}
}
