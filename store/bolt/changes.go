package bolt

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"time"

	"veille"
)

// Change says that the text of an article was committed: its first one, or an
// edit.
type Change struct {
	// Seq orders the changes. It is never given twice, but a store that was put
	// back from a backup goes on from where the backup was: At tells the two
	// apart.
	Seq uint64
	// At is when it was committed.
	At        time.Time
	FirstSeen time.Time
	ArticleID string
}

// changeHead is how many bytes of a row stand before the key of the article.
const changeHead = 8

// noteChange appends a row for the article at key.
func (tx *txn) noteChange(key []byte) error {
	b := tx.bucket(bChanges)
	seq, err := b.NextSequence()
	if err != nil {
		return err
	}
	return b.Put(be64(seq), append(be64(stamp(tx.now)), key...))
}

func readChange(k, v []byte) (Change, bool) {
	if len(k) != 8 || len(v) <= changeHead+8 {
		return Change{}, false
	}
	return Change{
		Seq: fromBE64(k), At: fromStamp(fromBE64(v[:changeHead])),
		FirstSeen: fromStamp(fromBE64(v[changeHead : changeHead+8])), ArticleID: string(v[changeHead+8:]),
	}, true
}

// Changes lists the changes after a sequence number, in the order of the
// commits, at most limit. An article stands there once for each of its
// revisions; what was pruned is left out, and what an earlier release stored
// never was there.
func (s *Store) Changes(ctx context.Context, after uint64, limit int) ([]Change, error) {
	var out []Change
	err := s.view(ctx, func(tx *txn) error {
		out = nil
		c := tx.bucket(bChanges).Cursor()
		for k, v := c.Seek(be64(after + 1)); k != nil && len(out) < limit; k, v = c.Next() {
			if row, ok := readChange(k, v); ok {
				out = append(out, row)
			}
		}
		return nil
	})
	return out, err
}

// LastChange returns the newest change, the zero Change where there is none.
func (s *Store) LastChange(ctx context.Context) (Change, error) {
	var last Change
	err := s.view(ctx, func(tx *txn) error {
		last, _ = readChange(tx.bucket(bChanges).Cursor().Last())
		return nil
	})
	return last, err
}

// ChangeAt returns the change with a sequence number, or veille.ErrNotFound.
func (s *Store) ChangeAt(ctx context.Context, seq uint64) (Change, error) {
	var found Change
	err := s.view(ctx, func(tx *txn) error {
		var ok bool
		if found, ok = readChange(be64(seq), tx.bucket(bChanges).Get(be64(seq))); !ok {
			return fmt.Errorf("change %d: %w", seq, veille.ErrNotFound)
		}
		return nil
	})
	return found, err
}

// Current returns the number of each article's newest revision, 0 for one that
// the store does not have.
func (s *Store) Current(ctx context.Context, ids []string) ([]int, error) {
	out := make([]int, len(ids))
	err := s.view(ctx, func(tx *txn) error {
		for i, id := range ids {
			e, found, err := tx.entry(id)
			if found && err == nil {
				out[i] = int(e.revision)
			}
		}
		return nil
	})
	return out, err
}

// pruneChanges removes the rows of articles that are gone. The newest stays: it
// tells whether this is still the store that somebody followed.
func (s *Store) pruneChanges(ctx context.Context) error {
	last, err := s.LastChange(ctx)
	if err != nil {
		return err
	}
	gone := func(tx *txn, key, value []byte) bool {
		return !bytes.Equal(key, be64(last.Seq)) && (len(value) <= changeHead || tx.bucket(bArticles).Get(value[changeHead:]) == nil)
	}
	_, err = s.sweep(ctx, bChanges, func(tx *txn, k, v []byte) (bool, bool) {
		return gone(tx, k, v), true
	}, func(tx *txn, key []byte) (bool, error) {
		v := tx.bucket(bChanges).Get(key)
		if v == nil || !gone(tx, key, v) {
			return false, nil
		}
		return true, tx.drop(bChanges, key)
	})
	return err
}

// ArticleCount is how many articles are stored.
func (s *Store) ArticleCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.counts["articles"])
}

// Spare returns how many bytes of the disk others may use before crawling has
// to stop.
func (s *Store) Spare() (int64, error) {
	free, total, err := diskRoom(filepath.Dir(s.path))
	if err != nil {
		return 0, err
	}
	return free - s.keepFree(total), nil
}
