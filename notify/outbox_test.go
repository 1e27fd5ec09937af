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
	mu   sync.Mutex
	rows []veille.Delivery
	// waiting are the pending rows of each receiver, by number.
	waiting   map[string][]uint64
	attempts  map[uint64][]veille.Attempt
	receivers map[string]veille.ReceiverState
	// broken, when set, is what Settle answers instead of working.
	broken error
}

func newOutbox() *memoryOutbox {
	return &memoryOutbox{
		waiting: map[string][]uint64{}, attempts: map[uint64][]veille.Attempt{}, receivers: map[string]veille.ReceiverState{},
	}
}

// put commits an event for a receiver, due now.
func (o *memoryOutbox) put(receiver string, e veille.Event) uint64 {
	return o.putAt(receiver, e, time.Now(), time.Now())
}

func (o *memoryOutbox) putAt(receiver string, e veille.Event, created, due time.Time) uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.add(veille.Delivery{
		Receiver: receiver, EventID: e.ID, Watches: e.Watches, Created: created, Due: due, Event: e, Type: e.Type, Story: storyOf(e),
	})
}

func storyOf(e veille.Event) string {
	if e.Story == nil {
		return e.Affected()
	}
	return e.Story.ID
}

func (o *memoryOutbox) add(d veille.Delivery) uint64 {
	d.Seq, d.State = uint64(len(o.rows)+1), veille.DeliveryPending
	o.rows = append(o.rows, d)
	o.waiting[d.Receiver] = append(o.waiting[d.Receiver], d.Seq)
	return d.Seq
}

// retry lets a dead letter wait again, in its place.
func (o *memoryOutbox) retry(seq uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	d := &o.rows[seq-1]
	d.State, d.Due, d.Attempts, d.Degraded, d.LastTry = veille.DeliveryPending, time.Now(), 0, false, time.Time{}
	o.waiting[d.Receiver] = append(o.waiting[d.Receiver], seq)
	slices.Sort(o.waiting[d.Receiver])
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
	var first *veille.Delivery
	begun := map[string]bool{}
	for _, seq := range o.waiting[receiver] {
		d := &o.rows[seq-1]
		if d.Type == veille.Digest {
			first = d
			break
		}
		if d.Story != "" {
			if begun[d.Story] {
				continue
			}
			begun[d.Story] = true
		}
		if first == nil || cmp.Or(d.Due.Compare(first.Due), cmp.Compare(d.Seq, first.Seq)) < 0 {
			first = d
		}
	}
	switch {
	case first == nil:
		return veille.Delivery{}, time.Time{}, veille.ErrNotFound
	case first.Due.After(now):
		return veille.Delivery{}, first.Due, veille.ErrNotFound
	}
	out := *first
	out.Event = out.Event.ForWatches(out.Watches)
	return out, time.Time{}, nil
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
	old := o.rows[d.Seq-1]
	if old.State != veille.DeliveryPending {
		return veille.ErrConflict
	}
	d.Event = old.Event
	// Times lose their monotonic reading on the way to a disk.
	d.Due, d.LastTry = d.Due.Round(0), d.LastTry.Round(0)
	o.move(d)
	if d.Type == veille.Digest && d.State != veille.DeliveryPending {
		o.settleMembers(d)
	}
	if s.Attempt != nil {
		o.attempts[d.Seq] = append(o.attempts[d.Seq], *s.Attempt)
	}
	o.receivers[d.Receiver] = onDisk(s.Receiver)
	return nil
}

func (o *memoryOutbox) settleMembers(digest veille.Delivery) {
	for i := range o.rows {
		m := o.rows[i]
		if m.Batch != digest.EventID || m.State != veille.DeliveryGrouped {
			continue
		}
		m.State = digest.State
		if digest.State == veille.DeliverySplit {
			m.State, m.Batch, m.Alone = veille.DeliveryPending, "", true
		}
		o.move(m)
	}
}

func (o *memoryOutbox) move(d veille.Delivery) {
	o.rows[d.Seq-1] = d
	waiting := o.waiting[d.Receiver]
	at, waits := slices.BinarySearch(waiting, d.Seq)
	switch {
	case waits && d.State != veille.DeliveryPending:
		o.waiting[d.Receiver] = slices.Delete(waiting, at, at+1)
	case !waits && d.State == veille.DeliveryPending:
		o.waiting[d.Receiver] = slices.Insert(waiting, at, d.Seq)
	}
}

func onDisk(s veille.ReceiverState) veille.ReceiverState {
	s.PausedUntil, s.Since, s.DisabledAt = s.PausedUntil.Round(0), s.Since.Round(0), s.DisabledAt.Round(0)
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

func (o *memoryOutbox) Delivery(_ context.Context, seq uint64) (veille.Delivery, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if seq == 0 || seq > uint64(len(o.rows)) {
		return veille.Delivery{}, veille.ErrNotFound
	}
	d := o.rows[seq-1]
	d.Event = d.Event.ForWatches(d.Watches)
	return d, nil
}

func (o *memoryOutbox) Pending(receiver string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.waiting[receiver])
}

func (o *memoryOutbox) Waiting(_ context.Context, receiver string, after uint64, limit int) ([]veille.Delivery, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	waiting := o.waiting[receiver]
	at, _ := slices.BinarySearch(waiting, after+1)
	var out []veille.Delivery
	for _, seq := range waiting[at:min(at+limit, len(waiting))] {
		d := o.rows[seq-1]
		d.Event = veille.Event{}
		out = append(out, d)
	}
	return out, nil
}

func (o *memoryOutbox) Gather(_ context.Context, g veille.Gathering) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken != nil {
		return o.broken
	}
	for _, seq := range g.Members {
		if o.rows[seq-1].State != veille.DeliveryPending {
			return veille.ErrConflict
		}
	}
	for _, seq := range g.Members {
		m := o.rows[seq-1]
		m.State, m.Batch = veille.DeliveryGrouped, g.Event.ID
		o.move(m)
	}
	d := g.Delivery
	d.Event, d.Type = g.Event, veille.Digest
	o.add(d)
	return nil
}
