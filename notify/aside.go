package notify

import (
	"context"
	"errors"
	"time"

	"veille"
)

// A receiver that answers 5xx is held to be unwell, and the row it was asked to
// take stays first. But a row can be what makes a service fail. So after
// patience failures the rows behind it are tried: if one is accepted, the
// first was to blame, and goes on as a delivery that failed by itself; if they
// fail too, all go back to their places and the receiver is left in peace, so that
// its backlog goes in order after an outage. One longer than the budget is
// doubted again. A digest stays before everything, so one row behind it is tried;
// if that is accepted, the digest is split.
const (
	patience    = 8
	mostSuspect = 3
)

// aside is what a worker knows about rows that may make their receiver fail.
type aside struct {
	// seq is the row that failed last, and fails how often in a row.
	seq   uint64
	fails int
	// rows were set aside in this outage, as they were before.
	rows []veille.Delivery
	// spent says that the rows behind failed as well.
	spent bool
	// digest is the one that failed last, and probe what is tried in its place.
	digest veille.Delivery
	probe  uint64
	// guilty rows failed while the receiver accepted others.
	guilty map[uint64]bool
}

// stepAside considers a row, before and after its failed attempt.
func (w *worker) stepAside(ctx context.Context, before, after veille.Delivery, v *veille.DeliveryError) error {
	a := &w.aside
	if after.State == veille.DeliveryDead {
		delete(a.guilty, after.Seq)
	}
	if a.digest.Seq != 0 && a.digest.Seq != after.Seq {
		// What was tried in its place failed as well.
		a.digest, a.spent = veille.Delivery{}, true
		return nil
	}
	if a.spent && time.Since(w.state.Since) < budget {
		return nil
	}
	if v.Verdict != veille.VerdictPause || v.Status < 500 || v.After > 0 {
		return nil
	}
	if a.seq != after.Seq {
		a.seq, a.fails = after.Seq, 0
	}
	limit := patience
	if len(a.rows) > 0 {
		limit = 1
	}
	if a.fails++; a.fails < limit {
		return nil
	}
	a.fails = 0
	if after.Type == veille.Digest {
		return w.doubt(ctx, after)
	}
	if len(a.rows)+1 == mostSuspect {
		a.spent = true
		return w.restore(ctx, false)
	}
	held := after
	held.Due = time.Now()
	if stored, err := w.move(ctx, held); err != nil || !stored {
		return err
	}
	after.Due = before.Due
	a.rows = append(a.rows, after)
	next, _, err := w.outbox.NextDelivery(ctx, w.name, time.Now())
	if err != nil || next.Seq == after.Seq {
		return w.restore(ctx, false) // there is nobody behind it
	}
	return nil
}

// putBack ends an outage: seq was accepted.
func (w *worker) putBack(ctx context.Context, seq uint64) error {
	delete(w.aside.guilty, seq)
	w.aside.spent, w.aside.fails = false, 0
	digest := w.aside.digest
	w.aside.digest = veille.Delivery{}
	if digest.Seq != 0 && digest.Seq != seq {
		w.log.Warn("digest split, its receiver fails at it and takes others", "event", digest.EventID)
		digest.State = veille.DeliverySplit
		if _, err := w.settle(ctx, veille.Settlement{Delivery: digest, Receiver: w.state}); err != nil {
			return err
		}
	}
	return w.restore(ctx, true)
}

// doubt has a row tried in the place of a digest: one that is about nothing in it.
func (w *worker) doubt(ctx context.Context, digest veille.Delivery) error {
	rows, err := w.outbox.Waiting(ctx, w.name, 0, page)
	if err != nil {
		return nil //nolint:nilerr // only an order is at stake; the next step tells of the outbox
	}
	inside := map[string]bool{}
	for _, e := range digest.Event.Events {
		if e.Story != nil {
			inside[e.Story.ID] = true
		}
		if e.Article != nil {
			inside[e.Article.ID] = true
		}
	}
	for _, d := range rows {
		if d.Type != veille.Digest && !d.Due.After(time.Now()) && !inside[d.Story] {
			w.aside.digest, w.aside.probe = digest, d.Seq
			return nil
		}
		inside[d.Story] = d.Story != "" // what waits behind it is no better
	}
	return nil
}

// probe is the row to try in the place of a digest; none where it is gone.
func (w *worker) probe(ctx context.Context) (veille.Delivery, bool) {
	seq := w.aside.probe
	w.aside.probe = 0
	if seq == 0 {
		return veille.Delivery{}, false
	}
	d, err := w.outbox.Delivery(ctx, seq)
	return d, err == nil && d.State == veille.DeliveryPending
}

// restore gives the rows that were set aside their places again.
func (w *worker) restore(ctx context.Context, guilty bool) error {
	a := &w.aside
	rows := a.rows
	a.rows = nil
	for _, d := range rows {
		if guilty {
			if a.guilty == nil {
				a.guilty = map[uint64]bool{}
			}
			a.guilty[d.Seq] = true
		}
		if _, err := w.move(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// move changes when a row is due. A row that was settled meanwhile, or a disk
// that is full, leaves things as they are: only an order is at stake.
func (w *worker) move(ctx context.Context, d veille.Delivery) (bool, error) {
	err := w.outbox.Settle(ctx, veille.Settlement{Delivery: d, Receiver: w.state})
	if errors.Is(err, veille.ErrConflict) || errors.Is(err, veille.ErrNotFound) || errors.Is(err, veille.ErrStoreFull) {
		return false, nil
	}
	return err == nil, err
}
