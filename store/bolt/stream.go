package bolt

import (
	"bytes"
	"context"
	"runtime"
	"sync"
	"time"

	"veille"
)

// chunkBytes is how many bytes of packed articles are read at once.
const chunkBytes = 1 << 20

// EachArticle hands every article first seen since a time to each, on all
// cores and in no order: each must allow that. Of an article it hands on what
// Glance does. What is decoded is bounded by the cores, however many articles
// there are. Damaged ones are left out and logged.
func (s *Store) EachArticle(ctx context.Context, since time.Time, each func(veille.Article)) error {
	type record struct{ key, value []byte }
	batches := make(chan []record, runtime.GOMAXPROCS(0))
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			tx := &txn{store: s}
			for batch := range batches {
				for _, r := range batch {
					a, err := tx.skim(r.key, r.value)
					if err != nil {
						s.tell(err)
						continue
					}
					each(a)
				}
			}
		})
	}
	var batch []record
	hand := func() error {
		if len(batch) == 0 {
			return nil
		}
		select {
		case batches <- batch:
			batch = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var from []byte
	stop := be64(stamp(since))
	var err error
	for more := true; more && err == nil; {
		err = s.view(ctx, func(tx *txn) error {
			more = false
			c := tx.bucket(bArticles).Cursor()
			size := 0
			for k, v := lastBefore(c, from); k != nil && bytes.Compare(k[:8], stop) >= 0; k, v = c.Prev() {
				if len(batch) >= chunk || size > chunkBytes {
					more = true
					break
				}
				from = bytes.Clone(k)
				batch = append(batch, record{from, bytes.Clone(v)})
				size += len(v)
			}
			s.resident.bound(tx)
			return nil
		})
		if err == nil {
			err = hand() // outside of the transaction: the workers may be slow
		}
	}
	close(batches)
	workers.Wait()
	return err
}
