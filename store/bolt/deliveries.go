package bolt

import (
	"bytes"
	"context"
	"slices"
	"time"

	"veille"
)

// batch is how many records one write of a long work changes.
const batch = 100

// Deliveries lists deliveries, newest first, without their events. A limit of
// 0 is none. Damaged ones are left out and logged.
func (s *Store) Deliveries(ctx context.Context, f veille.DeliveryFilter) ([]veille.Delivery, error) {
	var deliveries []veille.Delivery
	err := s.eachDelivery(ctx, f, func(d veille.Delivery) bool {
		deliveries = append(deliveries, d)
		return f.Limit <= 0 || len(deliveries) < f.Limit
	})
	return deliveries, err
}

// eachDelivery walks the deliveries that pass a filter, newest first, in short
// transactions, as long as each returns true.
func (s *Store) eachDelivery(ctx context.Context, f veille.DeliveryFilter, each func(veille.Delivery) bool) error {
	pass := func(d veille.Delivery) bool {
		return (f.Receiver == "" || d.Receiver == f.Receiver) && (f.State == "" || d.State == f.State) &&
			(f.EventID == "" || d.EventID == f.EventID) && (f.Before.IsZero() || d.Created.Before(f.Before)) &&
			(f.Watch == "" || slices.Contains(d.Watches, f.Watch)) && (f.Batch == "" || d.Batch == f.Batch)
	}
	on := true
	waits := f.State == veille.DeliveryPending || f.State == veille.DeliveryDead || f.State == veille.DeliverySuppressed
	if f.EventID == "" && f.Batch == "" && !waits {
		return s.newest(ctx, bDeliveries, time.Time{}, time.Time{}, func(tx *txn, k, v []byte) (bool, error) {
			var d veille.Delivery
			if err := tx.open(bDeliveries, k, v, &d); err != nil {
				s.tell(err)
				return true, nil
			}
			if d.Seq = fromBE64(k); pass(d) {
				on = each(d)
			}
			return on, nil
		})
	}
	seqs, err := s.indexed(ctx, f)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(seqs, chunk) {
		if err := s.view(ctx, func(tx *txn) error {
			for _, seq := range part {
				d, err := tx.delivery(seq)
				if err != nil {
					s.tell(err)
					continue
				}
				if on && pass(d) {
					on = each(d)
				}
			}
			return nil
		}); err != nil || !on {
			return err
		}
	}
	return nil
}

// indexed returns the deliveries that the narrowest index of a filter holds,
// newest first.
func (s *Store) indexed(ctx context.Context, f veille.DeliveryFilter) ([]uint64, error) {
	var seqs []uint64
	err := s.view(ctx, func(tx *txn) error {
		switch {
		case f.EventID != "":
			prefix := trackKey(f.EventID, "")
			c := tx.bucket(bTracks).Cursor()
			for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
				seqs = append(seqs, fromBE64(v))
			}
		case f.Batch != "":
			prefix := trackKey(f.Batch, "")
			c := tx.bucket(bTracks).Cursor()
			for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
				seqs = append(seqs, tx.membersOf(fromBE64(v))...)
			}
		case f.State == veille.DeliveryDead || f.State == veille.DeliverySuppressed:
			return tx.bucket(string(f.State)).ForEach(func(k, _ []byte) error {
				seqs = append(seqs, fromBE64(k))
				return nil
			})
		default:
			var prefix []byte
			if f.Receiver != "" {
				r := hashOf(f.Receiver)
				prefix = r[:]
			}
			c := tx.bucket(bPending).Cursor()
			for k, _ := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, _ = c.Next() {
				seqs = append(seqs, fromBE64(k[hashLen:]))
			}
		}
		return nil
	})
	slices.SortFunc(seqs, func(a, b uint64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	return seqs, err
}

// Retry lets the dead letters that pass a filter wait again: due now, with no
// attempts; with the State suppressed, it does so to suppressed deliveries. The
// receivers of dead letters are no longer paused or disabled, also one that the
// filter names but that has none; an empty filter concerns all. It returns how
// many deliveries wait again; it works in parts, and after an error the first
// ones do.
func (s *Store) Retry(ctx context.Context, f veille.DeliveryFilter, now time.Time) (int, error) {
	if f.State != veille.DeliverySuppressed {
		f.State = veille.DeliveryDead
	}
	deliveries, err := s.Deliveries(ctx, f)
	if err != nil {
		return 0, err
	}
	var receivers []string
	if f.Receiver != "" {
		receivers = append(receivers, f.Receiver)
	} else if f == (veille.DeliveryFilter{State: f.State}) {
		states, err := s.Receivers(ctx)
		if err != nil {
			return 0, err
		}
		for _, state := range states {
			receivers = append(receivers, state.Name)
		}
	}
	n, err := s.change(ctx, deliveries, func(tx *txn, d veille.Delivery) error {
		d.State, d.Due, d.Attempts, d.Degraded = veille.DeliveryPending, now, 0, false
		d.Reason, d.LastTry = "", time.Time{}
		return tx.move(d)
	})
	if err != nil || f.State == veille.DeliverySuppressed {
		return n, err
	}
	for _, d := range deliveries {
		receivers = append(receivers, d.Receiver)
	}
	slices.Sort(receivers)
	receivers = slices.Compact(receivers)
	if len(receivers) == 0 {
		return n, nil
	}
	return n, s.submit(&call{
		ctx: ctx, cost: len(receivers),
		check: func(*txn) error { return nil },
		write: func(tx *txn) error {
			for _, name := range receivers {
				var old veille.ReceiverState
				found, err := tx.read(bReceivers, []byte(name), &old)
				if !found {
					continue
				}
				if err != nil {
					s.tell(err)
				}
				// That it was disabled is known until it takes an alert.
				if err := tx.save(bReceivers, []byte(name), veille.ReceiverState{Name: name, DisabledAt: old.DisabledAt}); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

// Drop removes the pending and suppressed deliveries and dead letters that pass
// a filter, a digest with what it tells, and returns how many. Without anything to narrow it, that is ErrNoFilter. It
// works in parts, and after an error the first ones are gone.
func (s *Store) Drop(ctx context.Context, f veille.DeliveryFilter) (int, error) {
	if f == (veille.DeliveryFilter{Page: veille.Page{Limit: f.Limit}}) {
		return 0, ErrNoFilter
	}
	total := 0
	for _, state := range []veille.DeliveryState{veille.DeliveryPending, veille.DeliveryDead, veille.DeliverySuppressed} {
		if f.State != "" && f.State != state {
			continue
		}
		part := f
		part.State = state
		if f.Limit > 0 {
			if part.Limit = f.Limit - total; part.Limit <= 0 {
				break
			}
		}
		deliveries, err := s.Deliveries(ctx, part)
		if err != nil {
			return total, err
		}
		n, err := s.change(ctx, deliveries, (*txn).forget)
		if total += n; err != nil {
			return total, err
		}
	}
	return total, nil
}

// forget removes a delivery. Its event stays told.
func (tx *txn) forget(d veille.Delivery) error {
	if err := tx.unqueue(d.Receiver, d.Seq); err != nil {
		return err
	}
	if err := tx.unmark(d.Receiver, d.Seq); err != nil {
		return err
	}
	if err := tx.endThread(d); err != nil {
		return err
	}
	if err := tx.forgetMembership(d); err != nil {
		return err
	}
	if err := tx.drop(bAttempts, be64(d.Seq)); err != nil {
		return err
	}
	if err := tx.drop(bTracks, trackKey(d.EventID, d.Receiver)); err != nil {
		return err
	}
	return tx.drop(bDeliveries, be64(d.Seq))
}

// change applies f to the deliveries that are still as they were found, a
// batch a transaction, and returns to how many.
func (s *Store) change(ctx context.Context, deliveries []veille.Delivery, f func(*txn, veille.Delivery) error) (int, error) {
	total := 0
	for part := range slices.Chunk(deliveries, batch) {
		var same []veille.Delivery
		if err := s.submit(&call{
			ctx: ctx, cost: 8 * len(part),
			check: func(tx *txn) error {
				same = same[:0]
				for _, d := range part {
					if now, err := tx.delivery(d.Seq); err == nil && now.State == d.State {
						same = append(same, now)
					}
				}
				return nil
			},
			write: func(tx *txn) error {
				for _, d := range same {
					if err := f(tx, d); err != nil {
						return err
					}
				}
				return nil
			},
		}); err != nil {
			return total, err
		}
		total += len(same)
	}
	return total, nil
}
