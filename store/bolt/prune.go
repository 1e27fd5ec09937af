package bolt

import (
	"bytes"
	"context"
	"time"

	"veille"
)

// scan is how many keys one read transaction of Prune looks at.
const scan = 5000

// Prune forgets articles last checked before a time, with their revisions, and
// deliveries settled or suppressed before another, with their events when
// nothing else is left of them, and the mutes that ended before it. Pending
// deliveries, dead letters and articles that wait for a visit stay. It works in short
// transactions, and after an error the first ones are gone.
//
// The URLs of a forgotten article stay known as seen, so that a page that
// still lists one does not alert it again. They go a year after their article
// would have gone, counted from the last listing that showed them. Known tells
// of listings; a page that answers 304 for all that time tells nothing.
func (s *Store) Prune(ctx context.Context, articles, deliveries time.Time) (int, int, error) {
	na, err := s.pruneArticles(ctx, articles)
	if err != nil {
		return na, 0, err
	}
	nd, err := s.pruneDeliveries(ctx, deliveries)
	if err != nil {
		return na, nd, err
	}
	earlier := articles
	if deliveries.Before(earlier) {
		earlier = deliveries
	}
	if err := s.pruneEvents(ctx, earlier); err != nil {
		return na, nd, err
	}
	if err := s.pruneSignatures(ctx); err != nil {
		return na, nd, err
	}
	if err := s.pruneChanges(ctx); err != nil {
		return na, nd, err
	}
	if err := s.pruneMutes(ctx, deliveries); err != nil {
		return na, nd, err
	}
	if err := s.pruneValidators(ctx, day(articles)); err != nil {
		return na, nd, err
	}
	if err := s.pruneLinks(ctx, day(articles.AddDate(-1, 0, 0))); err != nil {
		return na, nd, err
	}
	return na, nd, s.submit(&call{
		ctx: ctx, cost: 1,
		check: func(*txn) error { return nil },
		write: func(tx *txn) error { return tx.bucket(bMeta).Put([]byte(prunedAt), be64(stamp(tx.now))) },
	})
}

// prunedAt is where the store keeps when Prune last came to its end.
const prunedAt = "pruned"

// Pruned returns when Prune last came to its end; zero for never.
func (s *Store) Pruned(ctx context.Context) (time.Time, error) {
	var last time.Time
	err := s.view(ctx, func(tx *txn) error {
		if v := tx.bucket(bMeta).Get([]byte(prunedAt)); v != nil {
			last = fromStamp(fromBE64(v))
		}
		return nil
	})
	return last, err
}

// sweep reads a bucket from start to end in short transactions, and hands the
// keys that old picks to remove, a batch at a time. old ends the reading by
// returning more = false.
func (s *Store) sweep(ctx context.Context, bucket string, old func(tx *txn, k, v []byte) (pick, more bool), remove func(tx *txn, key []byte) (bool, error)) (int, error) {
	total := 0
	var from []byte
	for more := true; more; {
		var picked [][]byte
		if err := s.view(ctx, func(tx *txn) error {
			more = false
			defer s.resident.bound(tx)
			c := tx.bucket(bucket).Cursor()
			n := 0
			for k, v := c.Seek(from); k != nil; k, v = c.Next() {
				if n++; n > scan || len(picked) == batch {
					from, more = bytes.Clone(k), true
					return nil
				}
				pick, on := old(tx, k, v)
				if pick {
					picked = append(picked, bytes.Clone(k))
				}
				if !on {
					return nil
				}
			}
			return nil
		}); err != nil {
			return total, err
		}
		if len(picked) == 0 {
			continue
		}
		removed := 0
		if err := s.submit(&call{
			ctx: ctx, cost: 6 * len(picked),
			check: func(*txn) error { return nil },
			write: func(tx *txn) error {
				removed = 0
				for _, key := range picked {
					ok, err := remove(tx, key)
					if err != nil {
						return err
					}
					if ok {
						removed++
					}
				}
				return nil
			},
		}); err != nil {
			return total, err
		}
		total += removed
	}
	return total, nil
}

func (s *Store) pruneArticles(ctx context.Context, before time.Time) (int, error) {
	limit := stamp(before)
	old := func(tx *txn, key []byte) bool {
		e, found, err := tx.entry(string(key[8:]))
		if err != nil || !found {
			// Without its index an article cannot be found any more.
			return true
		}
		return max(e.checked, e.first) < limit && tx.bucket(bWaiting).Get(e.url[:]) == nil
	}
	return s.sweep(ctx, bArticles, func(tx *txn, k, _ []byte) (bool, bool) {
		if fromBE64(k[:8]) >= limit {
			return false, false
		}
		return old(tx, k), true
	}, func(tx *txn, key []byte) (bool, error) {
		if !old(tx, key) {
			return false, nil
		}
		return true, tx.forgetArticle(key)
	})
}

// forgetArticle removes the article at key, with its revisions and what leads to
// it.
func (tx *txn) forgetArticle(key []byte) error {
	id := string(key[8:])
	if e, found, err := tx.entry(id); found && err == nil {
		if err := tx.drop(bTexts, e.textKey(id)); err != nil {
			return err
		}
	}
	if a, err := tx.article(id); err == nil {
		if err := tx.drop(bStories, memberKey(a.Story.ID, entry{first: fromBE64(key[:8])}, a.ID)); err != nil {
			return err
		}
	}
	for _, k := range tx.revisionKeys(key) {
		if err := tx.drop(bRevisions, k); err != nil {
			return err
		}
	}
	if err := tx.drop(bArticleIDs, []byte(id)); err != nil {
		return err
	}
	tx.counts["articles"]--
	return tx.drop(bArticles, key)
}

func (s *Store) pruneDeliveries(ctx context.Context, before time.Time) (int, error) {
	old := func(d veille.Delivery) bool {
		settled := d.State == veille.DeliverySent || d.State == veille.DeliverySplit || d.State == veille.DeliverySuppressed
		return settled && d.Created.Before(before) && d.LastTry.Before(before)
	}
	return s.sweep(ctx, bDeliveries, func(tx *txn, k, v []byte) (bool, bool) {
		var d veille.Delivery
		if err := tx.open(bDeliveries, k, v, &d); err != nil {
			s.tell(err)
			return false, true
		}
		return old(d), true
	}, func(tx *txn, key []byte) (bool, error) {
		d, err := tx.delivery(fromBE64(key))
		if err != nil || !old(d) {
			return false, nil
		}
		return true, tx.forget(d)
	})
}

// pruneEvents removes the events that no delivery names any more.
func (s *Store) pruneEvents(ctx context.Context, before time.Time) error {
	limit := stamp(before)
	free := func(tx *txn, key []byte) bool {
		prefix := trackKey(string(key[8:]), "")
		c := tx.bucket(bTracks).Cursor()
		for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
			// A delivery in quarantine is no reason to keep its event.
			if tx.bucket(bDeliveries).Get(v) != nil {
				return false
			}
		}
		return true
	}
	_, err := s.sweep(ctx, bEventsTime, func(tx *txn, k, _ []byte) (bool, bool) {
		if fromBE64(k[:8]) >= limit {
			return false, false
		}
		return free(tx, k), true
	}, func(tx *txn, key []byte) (bool, error) {
		if !free(tx, key) {
			return false, nil
		}
		if err := tx.drop(bEvents, key[8:]); err != nil {
			return false, err
		}
		return true, tx.drop(bEventsTime, key)
	})
	return err
}

func (s *Store) pruneValidators(ctx context.Context, before uint32) error {
	old := func(tx *txn, key []byte) bool {
		var v validated
		_, err := tx.read(bValidators, key, &v)
		return err != nil || v.Day < before
	}
	_, err := s.sweep(ctx, bValidators, func(tx *txn, k, _ []byte) (bool, bool) {
		return old(tx, k), true
	}, func(tx *txn, key []byte) (bool, error) {
		return true, tx.drop(bValidators, key)
	})
	return err
}

// pruneLinks removes the links that no listing has shown since a day, that
// wait for no visit, and whose article is gone or never was.
func (s *Store) pruneLinks(ctx context.Context, before uint32) error {
	old := func(tx *txn, key []byte) bool {
		h := hash(key)
		l, ok := tx.link(h)
		if !ok || l.listed >= before || tx.bucket(bWaiting).Get(key) != nil {
			return false
		}
		return !tx.leads(l)
	}
	_, err := s.sweep(ctx, bLinks, func(tx *txn, k, _ []byte) (bool, bool) {
		return old(tx, k), true
	}, func(tx *txn, key []byte) (bool, error) {
		if !old(tx, key) {
			return false, nil
		}
		if err := tx.drop(bEnded, key); err != nil {
			return false, err
		}
		return true, tx.drop(bLinks, key)
	})
	return err
}
