package bolt

import (
	"context"
	"fmt"
	"slices"
	"time"

	"veille"
)

// Mute silences a subject from now on, in the place of an earlier mute of the
// same. What was silent until then has been so since the earlier one began.
func (s *Store) Mute(ctx context.Context, m veille.Mute) error {
	if err := m.Problem(); err != nil {
		return err
	}
	return s.submit(&call{
		ctx: ctx, cost: 1,
		check: func(*txn) error { return nil },
		write: func(tx *txn) error {
			if i := slices.IndexFunc(tx.mutes(), func(o veille.Mute) bool { return o.Subject() == m.Subject() && !o.Until.Before(m.Since) }); i >= 0 {
				if earlier := tx.mutes()[i]; earlier.Since.Before(m.Since) {
					m.Since = earlier.Since
				}
			}
			tx.muted = nil
			return tx.save(bMutes, []byte(m.Subject()), m)
		},
	})
}

// Lift ends a mute of the same subject; none is veille.ErrNotFound.
func (s *Store) Lift(ctx context.Context, m veille.Mute) error {
	key := []byte(m.Subject())
	return s.submit(&call{
		ctx: ctx, cost: 1,
		check: func(tx *txn) error {
			if tx.bucket(bMutes).Get(key) == nil {
				return fmt.Errorf("mute of %s: %w", m.Subject(), veille.ErrNotFound)
			}
			return nil
		},
		write: func(tx *txn) error {
			tx.muted = nil
			return tx.drop(bMutes, key)
		},
	})
}

// Mutes returns every mute that was not lifted, by subject. Those that ended
// are forgotten by Prune.
func (s *Store) Mutes(ctx context.Context) ([]veille.Mute, error) {
	var mutes []veille.Mute
	err := s.view(ctx, func(tx *txn) error {
		mutes = slices.Clone(tx.mutes())
		return nil
	})
	return mutes, err
}

// mutes reads the mutes once a transaction. A damaged one silences nothing.
func (tx *txn) mutes() []veille.Mute {
	if tx.muted != nil {
		return *tx.muted
	}
	var all []veille.Mute
	c := tx.bucket(bMutes).Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		var m veille.Mute
		if err := tx.open(bMutes, k, v, &m); err != nil {
			tx.store.tell(err)
			continue
		}
		all = append(all, m)
	}
	tx.muted = &all
	return all
}

// unsuppress lets a suppressed delivery wait after all, for a watch that is not
// muted. One in another state stays as it is.
func (tx *txn) unsuppress(seq uint64, later veille.Delivery) error {
	if tx.bucket(bSuppressed).Get(be64(seq)) == nil {
		return nil
	}
	d, err := tx.delivery(seq)
	if err != nil {
		tx.store.tell(err)
		return nil
	}
	for _, w := range later.Watches {
		if !slices.Contains(d.Watches, w) {
			d.Watches = append(d.Watches, w)
		}
	}
	slices.Sort(d.Watches)
	d.State, d.Reason, d.Due = veille.DeliveryPending, "", later.Due
	return tx.move(d)
}

func (s *Store) pruneMutes(ctx context.Context, before time.Time) error {
	_, err := s.sweep(ctx, bMutes, func(tx *txn, k, v []byte) (bool, bool) {
		var m veille.Mute
		return tx.open(bMutes, k, v, &m) != nil || m.Until.Before(before), true
	}, func(tx *txn, key []byte) (bool, error) {
		return true, tx.drop(bMutes, key)
	})
	return err
}
