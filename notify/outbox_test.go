package notify

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"veille"
)

// memoryOutbox keeps the promises of Outbox in memory, for tests about time.
type memoryOutbox struct {
	mu        sync.Mutex
	rows      []veille.Delivery
	receivers map[string]veille.ReceiverState
	// broken, when set, is what Settle answers instead of working.
	broken error
}

func newOutbox() *memoryOutbox {
	return &memoryOutbox{receivers: map[string]veille.ReceiverState{}}
}

// put commits an event for a receiver, due now.
func (o *memoryOutbox) put(receiver string, e veille.Event) uint64 {
	return o.putAt(receiver, e, time.Now(), time.Now())
}

func (o *memoryOutbox) putAt(receiver string, e veille.Event, created, due time.Time) uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	seq := uint64(len(o.rows) + 1)
	o.rows = append(o.rows, veille.Delivery{
		Seq: seq, Receiver: receiver, EventID: e.ID, Watches: e.Watches, State: veille.DeliveryPending,
		Created: created, Due: due, Event: e,
	})
	return seq
}

func (o *memoryOutbox) row(seq uint64) veille.Delivery {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.rows[seq-1]
}

func (o *memoryOutbox) breakWith(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.broken = err
}

func (o *memoryOutbox) count(receiver string, s veille.DeliveryState) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, d := range o.rows {
		if d.Receiver == receiver && d.State == s {
			n++
		}
	}
	return n
}

func (o *memoryOutbox) NextDelivery(ctx context.Context, receiver string, now time.Time) (veille.Delivery, time.Time, error) {
	if err := ctx.Err(); err != nil {
		return veille.Delivery{}, time.Time{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var waiting []veille.Delivery
	for _, d := range o.rows {
		if d.Receiver == receiver && d.State == veille.DeliveryPending {
			waiting = append(waiting, d)
		}
	}
	if len(waiting) == 0 {
		return veille.Delivery{}, time.Time{}, veille.ErrNotFound
	}
	first := slices.MinFunc(waiting, func(a, b veille.Delivery) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Seq, b.Seq))
	})
	if first.Due.After(now) {
		return veille.Delivery{}, first.Due, veille.ErrNotFound
	}
	first.Event = first.Event.ForWatches(first.Watches)
	return first, time.Time{}, nil
}

func (o *memoryOutbox) Settle(ctx context.Context, s veille.Settlement) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken != nil {
		return o.broken
	}
	d := s.Delivery
	if d.Seq == 0 || d.Seq > uint64(len(o.rows)) {
		return veille.ErrNotFound
	}
	if o.rows[d.Seq-1].State != veille.DeliveryPending {
		return veille.ErrConflict
	}
	d.Event = o.rows[d.Seq-1].Event
	// Times lose their monotonic reading on the way to a disk.
	d.Due, d.LastTry = d.Due.Round(0), d.LastTry.Round(0)
	o.rows[d.Seq-1] = d
	o.receivers[d.Receiver] = onDisk(s.Receiver)
	return nil
}

func onDisk(s veille.ReceiverState) veille.ReceiverState {
	s.PausedUntil, s.Since = s.PausedUntil.Round(0), s.Since.Round(0)
	return s
}

func (o *memoryOutbox) Receiver(_ context.Context, name string) (veille.ReceiverState, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.receivers[name]
	s.Name = name
	return s, nil
}

func (o *memoryOutbox) SaveReceiver(_ context.Context, s veille.ReceiverState) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken != nil {
		return o.broken
	}
	o.receivers[s.Name] = onDisk(s)
	return nil
}
