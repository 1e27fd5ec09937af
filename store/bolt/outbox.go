package bolt

import (
	"context"
	"errors"
	"fmt"
	"time"

	"veille"
)

// NextDelivery returns the pending delivery of a receiver that is due first,
// with its event narrowed to the delivery's watches. If none is due at now, it
// returns veille.ErrNotFound and when the next one will be. A delivery that
// is damaged, or whose event is, goes to quarantine and the next one is taken.
func (s *Store) NextDelivery(ctx context.Context, receiver string, now time.Time) (veille.Delivery, time.Time, error) {
	for {
		var d veille.Delivery
		var due, seq uint64
		var none, damaged error
		err := s.view(ctx, func(tx *txn) error {
			var ok bool
			if due, seq, ok = tx.first(receiver); !ok || due > stamp(now) {
				none = veille.ErrNotFound
				return nil
			}
			damaged = guard(func() (err error) {
				d, err = tx.whole(seq)
				return err
			})
			return nil
		})
		switch {
		case err != nil:
			return veille.Delivery{}, time.Time{}, err
		case none != nil && due == 0:
			return veille.Delivery{}, time.Time{}, fmt.Errorf("next delivery to %s: %w", receiver, none)
		case none != nil:
			return veille.Delivery{}, fromStamp(due), fmt.Errorf("next delivery to %s: %w", receiver, none)
		case damaged != nil:
			if err := s.quarantineDelivery(ctx, receiver, due, seq, damaged); err != nil {
				return veille.Delivery{}, time.Time{}, err
			}
			continue
		}
		return d, time.Time{}, nil
	}
}

// Delivery returns a delivery in any state with its event, narrowed to its
// watches, or veille.ErrNotFound.
func (s *Store) Delivery(ctx context.Context, seq uint64) (veille.Delivery, error) {
	var d veille.Delivery
	err := s.view(ctx, func(tx *txn) (err error) {
		d, err = tx.whole(seq)
		return err
	})
	return d, err
}

// whole is a delivery with all that is filled in when it is claimed.
func (tx *txn) whole(seq uint64) (veille.Delivery, error) {
	d, err := tx.delivery(seq)
	if err != nil {
		return veille.Delivery{}, err
	}
	e, err := tx.event(d.EventID)
	if err != nil {
		return veille.Delivery{}, err
	}
	d.Event = e.ForWatches(d.Watches)
	d.Thread = tx.thread(d)
	return d, nil
}

func (tx *txn) delivery(seq uint64) (veille.Delivery, error) {
	var d veille.Delivery
	found, err := tx.read(bDeliveries, be64(seq), &d)
	if err == nil && !found {
		err = veille.ErrNotFound
	}
	if err != nil {
		return veille.Delivery{}, fmt.Errorf("delivery %d: %w", seq, err)
	}
	d.Seq = seq
	return d, nil
}

// Settle records what became of a try, with the receiver's state; the members
// of a digest share what became of it. What an event's commit decided (receiver,
// event, watches, creation, order) stays. A
// delivery that is not pending any more is veille.ErrConflict, a dropped one
// veille.ErrNotFound.
func (s *Store) Settle(ctx context.Context, set veille.Settlement) error {
	switch set.Delivery.State {
	case veille.DeliveryPending, veille.DeliverySent, veille.DeliveryDead, veille.DeliverySplit:
	default:
		return fmt.Errorf("settle delivery %d: unknown state %q", set.Delivery.Seq, set.Delivery.State)
	}
	if set.Receiver.Name != set.Delivery.Receiver {
		return fmt.Errorf("settle delivery %d to %q: the state is of %q", set.Delivery.Seq, set.Delivery.Receiver, set.Receiver.Name)
	}
	var d veille.Delivery
	return s.submit(&call{
		ctx: ctx, cost: 10,
		check: func(tx *txn) error {
			old, err := tx.delivery(set.Delivery.Seq)
			switch {
			case err != nil:
				return fmt.Errorf("settle: %w", err)
			case old.Receiver != set.Delivery.Receiver:
				return fmt.Errorf("settle delivery %d: it is for %q, not %q: %w", old.Seq, old.Receiver, set.Delivery.Receiver, veille.ErrConflict)
			case old.State != veille.DeliveryPending:
				return fmt.Errorf("settle delivery %d: it is %s: %w", old.Seq, old.State, veille.ErrConflict)
			}
			if set.Delivery.State == veille.DeliverySplit && old.Type != veille.Digest {
				return fmt.Errorf("settle delivery %d: only a digest can be split", old.Seq)
			}
			d = set.Delivery
			d.EventID, d.Watches, d.Created = old.EventID, old.Watches, old.Created
			d.Type, d.Story, d.Reason, d.Batch = old.Type, old.Story, old.Reason, old.Batch
			return nil
		},
		write: func(tx *txn) error {
			if err := tx.move(d); err != nil {
				return err
			}
			if err := tx.beginThread(d); err != nil {
				return err
			}
			if err := tx.settleMembers(d); err != nil {
				return err
			}
			if set.Attempt != nil {
				if err := tx.log(d.Seq, *set.Attempt); err != nil {
					return err
				}
			}
			return tx.save(bReceivers, []byte(set.Receiver.Name), set.Receiver)
		},
	})
}

// move writes a delivery and puts it where its state belongs.
func (tx *txn) move(d veille.Delivery) error {
	if err := tx.unqueue(d.Receiver, d.Seq); err != nil {
		return err
	}
	if err := tx.unmark(d.Receiver, d.Seq); err != nil {
		return err
	}
	switch d.State {
	case veille.DeliveryPending:
		if err := tx.queue(d); err != nil {
			return err
		}
	case veille.DeliverySuppressed:
		tx.counts["suppressed\x00"+d.Receiver]++
		if err := tx.bucket(bSuppressed).Put(be64(d.Seq), present()); err != nil {
			return err
		}
	case veille.DeliveryDead:
		tx.counts["dead\x00"+d.Receiver]++
		if err := tx.bucket(bDead).Put(be64(d.Seq), present()); err != nil {
			return err
		}
	}
	return tx.save(bDeliveries, be64(d.Seq), d)
}

// unmark removes a delivery from the indexes of those that wait for an operator.
func (tx *txn) unmark(receiver string, seq uint64) error {
	for _, index := range [2]string{bDead, bSuppressed} {
		if tx.bucket(index).Get(be64(seq)) == nil {
			continue
		}
		tx.counts[index+"\x00"+receiver]--
		if err := tx.drop(index, be64(seq)); err != nil {
			return err
		}
	}
	return nil
}

// Receiver returns what is remembered of a receiver; a new one, or one whose
// record is damaged, is its name and zeros.
func (s *Store) Receiver(ctx context.Context, name string) (veille.ReceiverState, error) {
	state := veille.ReceiverState{Name: name}
	err := s.view(ctx, func(tx *txn) error {
		if _, err := tx.read(bReceivers, []byte(name), &state); err != nil {
			s.tell(err)
			state = veille.ReceiverState{Name: name}
		}
		return nil
	})
	return state, err
}

// SaveReceiver records the state of a receiver.
func (s *Store) SaveReceiver(ctx context.Context, state veille.ReceiverState) error {
	if state.Name == "" {
		return errors.New("save receiver: no name")
	}
	return s.submit(&call{
		ctx: ctx, cost: 1,
		check: func(*txn) error { return nil },
		write: func(tx *txn) error { return tx.save(bReceivers, []byte(state.Name), state) },
	})
}

// Receivers returns the state of every receiver that has one, by name.
func (s *Store) Receivers(ctx context.Context) ([]veille.ReceiverState, error) {
	var states []veille.ReceiverState
	err := s.view(ctx, func(tx *txn) error {
		return tx.bucket(bReceivers).ForEach(func(k, v []byte) error {
			var state veille.ReceiverState
			if err := tx.open(bReceivers, k, v, &state); err != nil {
				s.tell(err)
				return nil
			}
			states = append(states, state)
			return nil
		})
	})
	return states, err
}
