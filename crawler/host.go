package crawler

import (
	"container/list"
	"time"
)

// host is what the gate knows of one host.
type host struct {
	busy bool
	last time.Time // end of the last request
	// rechecked is the end of the last request of rankRecheck.
	rechecked time.Time
	paused    time.Time
	// polled says that the last request was of rankPoll.
	polled bool
	// throttled says that the last answer asked to wait.
	throttled bool
	queues    [ranks]list.List // of *waiter
}

// waiter is one request that waits for its host.
type waiter struct {
	// wake has room for one: a nudge is never lost and never blocks.
	wake chan struct{}
	// delay is the spacing this waiter keeps from the request before it.
	delay time.Duration
	rank  rank
	since time.Time
}

// head is whose turn is next: a poll's, and of a visit and a recheck whichever
// is ready sooner. Behind a poll, one of these that has lost its patience comes
// before the next poll.
func (h *host) head() *waiter {
	first := func(r rank) *waiter {
		if e := h.queues[r].Front(); e != nil {
			return e.Value.(*waiter)
		}
		return nil
	}
	poll, visit, recheck := first(rankPoll), first(rankVisit), first(rankRecheck)
	other := recheck
	if recheck == nil || visit != nil && h.ready(recheck).After(h.ready(visit)) {
		other = visit
	}
	if poll == nil || other != nil && h.polled && time.Since(other.since) >= patience && !h.ready(other).After(h.ready(poll)) {
		return other
	}
	return poll
}

// ready is when a waiter may begin at the earliest. A recheck leaves the time
// of one request between itself and the recheck before, for others to take.
func (h *host) ready(w *waiter) time.Time {
	ready := h.last.Add(w.delay)
	if again := h.rechecked.Add(2 * w.delay); w.rank == rankRecheck && again.After(ready) {
		return again
	}
	return ready
}

func (h *host) nudge() {
	if w := h.head(); w != nil {
		w.nudge()
	}
}

func (w *waiter) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}
