package bolt

import (
	"context"

	"veille"
)

// Attempts returns the tries of a delivery that are kept, the first one first.
// A delivery that was not tried, or is not known, has none.
func (s *Store) Attempts(ctx context.Context, seq uint64) ([]veille.Attempt, error) {
	var attempts []veille.Attempt
	err := s.view(ctx, func(tx *txn) error {
		attempts = nil
		_, err := tx.read(bAttempts, be64(seq), &attempts)
		return err
	})
	return attempts, err
}

// log adds a try to those of a delivery. A damaged log begins anew: it must not
// keep the delivery from being settled.
func (tx *txn) log(seq uint64, a veille.Attempt) error {
	var all []veille.Attempt
	if _, err := tx.read(bAttempts, be64(seq), &all); err != nil {
		tx.store.tell(err)
		all = nil
	}
	all = append(all, a)
	if n := len(all); n > veille.AttemptsKept {
		all = append(all[:1:1], all[n-veille.AttemptsKept+1:]...)
	}
	return tx.save(bAttempts, be64(seq), all)
}
