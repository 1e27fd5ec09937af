package notify

import (
	"context"
	"errors"
	"slices"
	"time"

	"veille"
)

// page is how many waiting deliveries are looked at together.
const page = 1000

// next chooses what the receiver is told now; without anything, the step says
// until when there will be nothing.
func (w *worker) next(ctx context.Context, p Policy, now time.Time) (veille.Delivery, step, error) {
	if end, quiet := p.Quiet.At(now); quiet {
		d, next, err := w.pressing(ctx, now)
		return d, step{until: sooner(end, next), resting: w.outbox.Pending(w.name) > 0}, err
	}
	if d, ok := w.probe(ctx); ok {
		return d, step{}, nil
	}
	if p.Digest != nil {
		if d, _, err := w.pressing(ctx, now); err != nil || d.Seq != 0 {
			return d, step{}, err
		}
	}
	d, s, err := w.due(ctx, now)
	if err != nil || d.Seq == 0 || !groupable(d) {
		return d, s, err
	}
	if ready := p.ready(d.Created); ready.After(now) {
		_, next, err := w.pressing(ctx, now)
		return veille.Delivery{}, step{until: sooner(ready, next), resting: true}, err
	}
	_, held := p.Quiet.At(d.Created)
	switch {
	case p.Digest != nil:
		return w.gather(ctx, p, now, func(veille.Delivery) bool { return true })
	case held:
		return w.gather(ctx, p, now, func(o veille.Delivery) bool {
			_, held := p.Quiet.At(o.Created)
			return held
		})
	case p.Flood > 0 && !w.fresh && w.outbox.Pending(w.name) > p.Flood:
		watch, err := w.flooding(ctx, d.Watches, p.Flood)
		if err != nil || watch == "" {
			return d, s, err
		}
		return w.gather(ctx, p, now, func(o veille.Delivery) bool { return slices.Contains(o.Watches, watch) })
	}
	return d, s, nil
}

// due is the delivery that is due first.
func (w *worker) due(ctx context.Context, now time.Time) (veille.Delivery, step, error) {
	d, next, err := w.outbox.NextDelivery(ctx, w.name, now)
	if errors.Is(err, veille.ErrNotFound) {
		if !next.After(now.Add(farthest)) {
			return veille.Delivery{}, step{until: next}, nil
		}
		// Asking as of that time yields the row whose time is wrong.
		d, _, err = w.outbox.NextDelivery(ctx, w.name, next)
	}
	return d, step{}, err
}

// pressing is the first delivery of an urgent event that is due, or when the
// next one will be. That a source fails again does not overtake that it was well:
// what an urgent delivery waits for is as urgent. Deliveries are numbered as they
// come, so that each is looked at once.
func (w *worker) pressing(ctx context.Context, now time.Time) (veille.Delivery, time.Time, error) {
	for more := true; more; {
		rows, err := w.outbox.Waiting(ctx, w.name, w.seen, page)
		if err != nil {
			return veille.Delivery{}, time.Time{}, err
		}
		for _, d := range rows {
			w.seen = d.Seq
			if urgent(d.Type) || ending(d.Type) {
				w.urgents = append(w.urgents, d.Seq)
			}
		}
		more = len(rows) == page
	}
	var next time.Time
	kept := w.urgents[:0]
	var found veille.Delivery
	first := map[string]veille.Delivery{}
	for _, seq := range w.urgents {
		d, err := w.outbox.Delivery(ctx, seq)
		if err != nil || d.State != veille.DeliveryPending {
			continue // it was settled, dropped, or is damaged: its turn will tell
		}
		kept = append(kept, seq)
		if head, ok := first[d.Story]; !ok || d.Story == "" {
			first[d.Story] = d
		} else if urgent(d.Type) {
			d = head
		}
		switch {
		case !urgent(d.Type) && d.Seq == seq:
			// It presses only where an urgent one is behind it.
		case d.Due.After(now):
			next = sooner(d.Due, next)
		case found.Seq == 0:
			found = d
		}
	}
	w.urgents = kept
	return found, next, nil
}

// sooner is the earlier of two times, of which zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
