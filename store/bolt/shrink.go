package bolt

import (
	"context"
)

// shrinkRounds bounds how often Shrink measures again what is still too much.
const shrinkRounds = 16

// Shrink forgets the articles that were first seen longest ago, and that wait
// for no visit, until the store's data take no more than a size in bytes, and
// returns how many. The file stays as large: what is free in it is used again.
func (s *Store) Shrink(ctx context.Context, size int64) (int, error) {
	total := 0
	for range shrinkRounds {
		s.mu.Lock()
		used, articles := s.used, s.counts["articles"]
		s.mu.Unlock()
		if used <= size || articles == 0 {
			break
		}
		// What articles take on average tells about how many must go; other
		// records make it a little too few, which the next round sees.
		n := int(float64(articles)*float64(used-size)/float64(used)) + 1
		gone, err := s.forgetOldest(ctx, n)
		total += gone
		if err != nil || gone == 0 {
			return total, err
		}
	}
	if total == 0 {
		return 0, nil
	}
	return total, s.pruneChanges(ctx)
}

// forgetOldest forgets n articles.
func (s *Store) forgetOldest(ctx context.Context, n int) (int, error) {
	free := func(tx *txn, key []byte) bool {
		e, found, err := tx.entry(string(key[8:]))
		return err != nil || !found || tx.bucket(bWaiting).Get(e.url[:]) == nil
	}
	return s.sweep(ctx, bArticles, func(tx *txn, k, _ []byte) (bool, bool) {
		if !free(tx, k) {
			return false, true
		}
		n--
		return true, n > 0
	}, func(tx *txn, key []byte) (bool, error) {
		if !free(tx, key) {
			return false, nil
		}
		return true, tx.forgetArticle(key)
	})
}
