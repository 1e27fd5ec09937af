package bolt

import (
	"context"
	"fmt"
	"slices"

	"veille"
)

// Event returns a stored event, or veille.ErrNotFound.
func (s *Store) Event(ctx context.Context, id string) (veille.Event, error) {
	var e veille.Event
	err := s.view(ctx, func(tx *txn) (err error) {
		e, err = tx.event(id)
		return err
	})
	return e, err
}

func (tx *txn) event(id string) (veille.Event, error) {
	var e veille.Event
	found, err := tx.read(bEvents, []byte(id), &e)
	if err == nil && !found {
		err = veille.ErrNotFound
	}
	if err != nil {
		return veille.Event{}, fmt.Errorf("event %s: %w", id, err)
	}
	return e, nil
}

// Events lists events by time, newest first; digests, which repeat others, only
// where the filter's Type asks for them. A limit of 0 is none. Damaged ones are
// left out and logged.
func (s *Store) Events(ctx context.Context, f veille.EventFilter) ([]veille.Event, error) {
	var events []veille.Event
	err := s.newest(ctx, bEventsTime, f.Before, f.Since, func(tx *txn, k, _ []byte) (bool, error) {
		e, err := tx.event(string(k[8:]))
		if err != nil {
			s.tell(err)
			return true, nil
		}
		if (f.Type == "" && e.Type != veille.Digest || e.Type == f.Type) && (f.Watch == "" || slices.Contains(e.Watches, f.Watch)) {
			events = append(events, e)
		}
		return f.Limit <= 0 || len(events) < f.Limit, nil
	})
	return events, err
}
