package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"veille"
)

// txn is a transaction with the store's ways to read and write records.
type txn struct {
	*bbolt.Tx
	store *Store
	// counts are changes of the counts, written before the commit.
	counts map[string]int64
	now    time.Time
	// signed are signatures to be found once they are committed.
	signed []signed
	// muted are the mutes, once they were read.
	muted *[]veille.Mute
}

func (tx *txn) bucket(name string) *bbolt.Bucket {
	b := tx.Bucket([]byte(name))
	if b == nil {
		panic("bucket " + name + " is missing")
	}
	switch name {
	case bDeliveries, bEventsTime, bPending, bDue, bChanges:
		// Their keys grow with time. bbolt splits in the middle otherwise, and
		// leaves half of every page empty for good.
		b.FillPercent = 0.9
	}
	return b
}

// read decodes the record under key into v and reports whether there is one.
func (tx *txn) read(bucket string, key []byte, v any) (bool, error) {
	value := tx.bucket(bucket).Get(key)
	if value == nil {
		return false, nil
	}
	return true, tx.open(bucket, key, value, v)
}

// open decodes a record that a cursor found.
func (tx *txn) open(bucket string, key, value []byte, v any) error {
	payload, ok := unseal(key, value)
	if !ok || tx.store.codec.decode(payload, v) != nil {
		return corrupt(bucket, key)
	}
	return nil
}

// skim reads of the article that a cursor found what a search or a back-test
// looks at.
func (tx *txn) skim(key, value []byte) (veille.Article, error) {
	var a veille.Article
	payload, ok := unseal(key, value)
	if !ok || tx.store.codec.unpack(payload, func(raw []byte) error {
		if skim(raw, &a) {
			return nil
		}
		a = veille.Article{}
		return json.Unmarshal(raw, &a)
	}) != nil {
		return veille.Article{}, corrupt(bArticles, key)
	}
	return a, nil
}

// put writes a payload made by codec.encode.
func (tx *txn) put(bucket string, key, payload []byte) error {
	return tx.bucket(bucket).Put(key, seal(key, payload))
}

// save encodes and writes a small record.
func (tx *txn) save(bucket string, key []byte, v any) error {
	payload, err := tx.store.codec.encode(v)
	if err != nil {
		return err
	}
	return tx.put(bucket, key, payload)
}

func (tx *txn) drop(bucket string, key []byte) error { return tx.bucket(bucket).Delete(key) }

// view runs a short read. f copies what it keeps.
func (s *Store) view(ctx context.Context, f func(*txn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.closing:
		return ErrClosed
	default:
	}
	return guard(func() error {
		err := s.db.View(func(btx *bbolt.Tx) error {
			tx := &txn{Tx: btx, store: s}
			defer s.resident.read(tx)
			return f(tx)
		})
		if errors.Is(err, berrors.ErrDatabaseNotOpen) {
			return ErrClosed
		}
		return err
	})
}

// guard turns what bbolt does on damaged pages into an error: it panics, or
// reads where the file does not reach, which would end the process.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v: %w", p, ErrCorrupt)
		}
	}()
	return f()
}

// tell logs a damaged record once and counts it.
func (s *Store) tell(err error) {
	s.mu.Lock()
	s.damaged++
	_, told := s.told[err.Error()]
	if len(s.told) < 1000 {
		s.told[err.Error()] = struct{}{}
	}
	s.mu.Unlock()
	if !told {
		s.log.Error("store record left out", "err", err)
	}
}
