package bolt

import (
	"context"
	"errors"
	"fmt"

	"veille"
)

// validated are validators and the day they were last stored.
type validated struct {
	Validators veille.Validators `json:"validators"`
	Day        uint32            `json:"day"`
}

// Sources returns the state of every source ever polled, by name. A damaged
// one is left out and logged: its source starts again with a baseline.
func (s *Store) Sources(ctx context.Context) ([]veille.SourceState, error) {
	var states []veille.SourceState
	err := s.view(ctx, func(tx *txn) error {
		states = nil
		return tx.bucket(bSources).ForEach(func(k, v []byte) error {
			var state veille.SourceState
			if err := tx.open(bSources, k, v, &state); err != nil {
				s.tell(err)
				return nil
			}
			states = append(states, state)
			return nil
		})
	})
	return states, err
}

// SaveSources records states that carry no new outlinks.
func (s *Store) SaveSources(ctx context.Context, states []veille.SourceState) error {
	if len(states) == 0 {
		return ctx.Err()
	}
	return s.submit(&call{
		ctx: ctx, cost: len(states),
		check: func(*txn) error { return checkSources(states...) },
		write: func(tx *txn) error {
			for _, state := range states {
				if err := tx.save(bSources, []byte(state.Name), state); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

func checkSources(states ...veille.SourceState) error {
	for _, state := range states {
		if state.Name == "" {
			return errors.New("save source: no name")
		}
	}
	return nil
}

// Validators returns what makes the next request for a URL conditional, or
// veille.ErrNotFound.
func (s *Store) Validators(ctx context.Context, url string) (veille.Validators, error) {
	var v validated
	err := s.view(ctx, func(tx *txn) error {
		v = validated{}
		h := hashOf(url)
		found, err := tx.read(bValidators, h[:], &v)
		if err != nil {
			// Asking for the whole page again loses nothing.
			s.tell(err)
			return fmt.Errorf("validators: %w", veille.ErrNotFound)
		}
		if !found {
			return fmt.Errorf("validators: %w", veille.ErrNotFound)
		}
		return nil
	})
	return v.Validators, err
}

// CommitPoll stores what a successful poll changes.
func (s *Store) CommitPoll(ctx context.Context, poll veille.PollCommit) error {
	box, err := s.packOutbox(poll.Events, poll.Deliveries)
	if err != nil {
		return err
	}
	return s.submit(&call{
		ctx: ctx, grows: true, cost: box.cost() + 1 + len(poll.Validators) + 3*len(poll.Visits) + len(poll.Joins) + len(poll.Seen),
		check: func(tx *txn) error {
			for _, visits := range [2][]veille.Visit{poll.Visits, poll.Joins} {
				for _, v := range visits {
					if v.URL == "" {
						return errors.New("commit poll: a visit without a URL")
					}
					if l, known := tx.link(hashOf(v.URL)); known && tx.leads(l) {
						return fmt.Errorf("commit poll of %s: %s is an article: %w", poll.State.Name, v.URL, veille.ErrConflict)
					}
				}
			}
			return checkSources(poll.State)
		},
		write: func(tx *txn) error {
			for _, v := range poll.Visits {
				var err error
				if _, known := tx.link(hashOf(v.URL)); known {
					err = tx.joinVisit(v)
				} else {
					err = tx.putVisit(v)
				}
				if err != nil {
					return err
				}
			}
			for _, v := range poll.Joins {
				if err := tx.joinVisit(v); err != nil {
					return err
				}
			}
			for _, url := range poll.Seen {
				if err := tx.mark(url, ""); err != nil {
					return err
				}
			}
			for url, v := range poll.Validators {
				if err := tx.putValidators(url, v); err != nil {
					return err
				}
			}
			if err := tx.learn(poll.Learned); err != nil {
				return err
			}
			if err := tx.save(bSources, []byte(poll.State.Name), poll.State); err != nil {
				return err
			}
			return tx.putOutbox(box)
		},
	})
}

func (tx *txn) putValidators(url string, v veille.Validators) error {
	h := hashOf(url)
	next := validated{v, day(tx.now)}
	var old validated
	if found, err := tx.read(bValidators, h[:], &old); found && err == nil && old == next {
		return nil
	}
	if v == (veille.Validators{}) {
		return tx.drop(bValidators, h[:])
	}
	return tx.save(bValidators, h[:], next)
}
