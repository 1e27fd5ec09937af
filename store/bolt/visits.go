package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"veille"
)

// putVisit stores a visit in the place of the one that its URL waited for: a
// URL waits for one visit.
func (tx *txn) putVisit(v veille.Visit) error {
	if err := tx.dropVisit(v.URL); err != nil {
		return err
	}
	h := hashOf(v.URL)
	due := be64(stamp(v.Due))
	tx.counts["visits"]++
	if err := tx.mark(v.URL, ""); err != nil {
		return err
	}
	if err := tx.bucket(bWaiting).Put(h[:], due); err != nil {
		return err
	}
	return tx.save(bVisits, join(due, h[:]), v)
}

// dropVisit removes the visit that a URL waits for, if there is one.
func (tx *txn) dropVisit(url string) error {
	h := hashOf(url)
	due := bytes.Clone(tx.bucket(bWaiting).Get(h[:]))
	if due == nil {
		return nil
	}
	tx.counts["visits"]--
	if err := tx.drop(bVisits, join(due, h[:])); err != nil {
		return err
	}
	return tx.drop(bWaiting, h[:])
}

// waitingVisit returns the visit that a URL waits for and where it is.
func (tx *txn) waitingVisit(url string) (v veille.Visit, key []byte, err error) {
	h := hashOf(url)
	due := tx.bucket(bWaiting).Get(h[:])
	if due == nil {
		return veille.Visit{}, nil, fmt.Errorf("visit of %s: %w", url, veille.ErrNotFound)
	}
	key = join(due, h[:])
	found, err := tx.read(bVisits, key, &v)
	if err == nil && !found {
		err = veille.ErrNotFound
	}
	if err != nil {
		return veille.Visit{}, key, fmt.Errorf("visit of %s: %w", url, err)
	}
	return v, key, nil
}

// endVisit keeps why a first visit ended without an article.
func (tx *txn) endVisit(v veille.Visit) error {
	if v.ArticleID != "" || v.Failure == (veille.Failure{}) {
		return nil
	}
	h := hashOf(v.URL)
	return tx.save(bEnded, h[:], v)
}

// Trace returns what is remembered of an address, or veille.ErrNotFound. What
// is damaged is left out and logged.
func (s *Store) Trace(ctx context.Context, url string) (veille.Trace, error) {
	var t veille.Trace
	err := s.view(ctx, func(tx *txn) error {
		h := hashOf(url)
		l, known := tx.link(h)
		if !known {
			return fmt.Errorf("trace of %s: %w", url, veille.ErrNotFound)
		}
		t = veille.Trace{URL: url, Listed: fromDay(l.listed)}
		if tx.leads(l) {
			t.Article = l.article
		}
		if v, key, err := tx.waitingVisit(url); err == nil {
			t.Waits = &v
		} else if key != nil {
			s.tell(err)
		}
		var ended veille.Visit
		found, err := tx.read(bEnded, h[:], &ended)
		switch {
		case err != nil:
			s.tell(err)
		case found && t.Article == "":
			t.Ended = &ended
		}
		return nil
	})
	return t, err
}

// joinVisit notes in the first visit that a URL waits for, if it does, that
// another source listed it. A damaged one is replaced.
func (tx *txn) joinVisit(v veille.Visit) error {
	first, key, err := tx.waitingVisit(v.URL)
	switch {
	case key == nil:
		return nil
	case err != nil:
		tx.store.tell(err)
		return tx.putVisit(v)
	case first.ArticleID != "" || !first.Join(v.Listings()...):
		return nil
	}
	return tx.save(bVisits, key, first)
}

// forgets refuses to end the visit that a URL waits for on behalf of done, if
// it is a first visit that led there from a source which done does not have.
func (tx *txn) forgets(done veille.Visit, url string) error {
	if url == "" {
		return nil
	}
	first, _, err := tx.waitingVisit(url)
	if err != nil || first.ArticleID != "" {
		return nil
	}
	for _, l := range first.Listings() {
		if !done.ListedBy(l.Source) {
			return fmt.Errorf("visit of %s: %s listed it too: %w", url, l.Source, veille.ErrConflict)
		}
	}
	return nil
}

// Visit returns the visit that a URL waits for, or veille.ErrNotFound.
func (s *Store) Visit(ctx context.Context, url string) (veille.Visit, error) {
	var v veille.Visit
	err := s.view(ctx, func(tx *txn) (err error) {
		v, _, err = tx.waitingVisit(url)
		return err
	})
	return v, err
}

// Visits returns the stored visits due before a time, earliest first, at most
// limit of them; a limit of 0 or less is none. A damaged visit is put aside
// and its URL forgotten, so that the next listing finds it again.
func (s *Store) Visits(ctx context.Context, before time.Time, limit int) ([]veille.Visit, error) {
	var visits []veille.Visit
	var damaged [][]byte
	end := be64(stamp(before))
	var from []byte
	for more := true; more; {
		if err := s.view(ctx, func(tx *txn) error {
			more = false
			c := tx.bucket(bVisits).Cursor()
			n := 0
			for k, v := c.Seek(from); k != nil && bytes.Compare(k[:8], end) < 0; k, v = c.Next() {
				if limit > 0 && len(visits) >= limit {
					return nil
				}
				if n++; n > chunk {
					from, more = bytes.Clone(k), true
					return nil
				}
				var visit veille.Visit
				if err := tx.open(bVisits, k, v, &visit); err != nil {
					damaged = append(damaged, bytes.Clone(k))
					continue
				}
				visits = append(visits, visit)
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	for _, key := range damaged {
		if err := s.quarantineVisit(ctx, key); err != nil {
			return nil, err
		}
	}
	return visits, nil
}

// Reschedule replaces the visit that done's URL waits for by next; nil drops
// it and leaves its URL known. veille.ErrNotFound if it waits for none. Sources
// that joined the stored visit go on with next; they keep it from being dropped
// by who does not know of them, which is veille.ErrConflict.
func (s *Store) Reschedule(ctx context.Context, done veille.Visit, next *veille.Visit) error {
	return s.submit(&call{
		ctx: ctx, cost: 6,
		check: func(tx *txn) error {
			if next != nil && next.URL == "" {
				return errors.New("reschedule: a visit without a URL")
			}
			h := hashOf(done.URL)
			if tx.bucket(bWaiting).Get(h[:]) == nil {
				return fmt.Errorf("visit of %s: %w", done.URL, veille.ErrNotFound)
			}
			if next != nil && next.URL == done.URL {
				return nil
			}
			return tx.forgets(done, done.URL)
		},
		write: func(tx *txn) error {
			first, _, err := tx.waitingVisit(done.URL)
			if err := tx.dropVisit(done.URL); err != nil {
				return err
			}
			if next == nil {
				return tx.endVisit(done)
			}
			kept := *next
			if err == nil && first.ArticleID == "" && kept.ArticleID == "" && kept.URL == done.URL {
				kept.Join(first.Listings()...)
			}
			return tx.putVisit(kept)
		},
	})
}
