package bolt

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// compactAt is how many bytes one transaction of a compaction copies.
const compactAt = 16 << 20

// Compact rewrites the store at path without its free space, and returns its
// size before and after, in bytes. It holds the store's lock: where somebody has
// the store open it is ErrLocked. The new file is compared with the old one,
// record by record, before it takes its place at once; after an error or a
// crash the old one is there as it was.
func Compact(ctx context.Context, path string, o Options) (before, after int64, err error) {
	o.Timeout = cmp.Or(o.Timeout, time.Second)
	if err := preflight(path); err != nil {
		return 0, 0, err
	}
	if _, err := probe(path, o); err != nil {
		return 0, 0, err
	}
	old, err := openDB(path, o, true)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	info, err := os.Stat(path)
	if err != nil {
		return 0, 0, fmt.Errorf("compact store: %w", err)
	}
	before = info.Size()
	if free, _, err := diskRoom(filepath.Dir(path)); err != nil {
		return before, 0, err
	} else if free < before {
		return before, 0, fmt.Errorf("compact store: the copy may need %d bytes and the disk has %d: free some, or write a backup elsewhere", before, free)
	}
	fresh := path + ".compact"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return before, 0, fmt.Errorf("compact store: %w", err)
	}
	defer func() {
		if rerr := os.Remove(fresh); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
			err = errors.Join(err, rerr)
		}
	}()
	if err := rewrite(ctx, old, fresh); err != nil {
		return before, 0, fmt.Errorf("compact store: %w", err)
	}
	if info, err = os.Stat(fresh); err != nil {
		return before, 0, fmt.Errorf("compact store: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return before, 0, fmt.Errorf("compact store: %w", err)
	}
	return before, info.Size(), syncDir(filepath.Dir(path))
}

// rewrite copies a store and compares the copy.
func rewrite(ctx context.Context, old *bbolt.DB, path string) error {
	fresh, err := openDB(path, Options{Timeout: time.Second}, false)
	if err != nil {
		return err
	}
	fresh.AllocSize = 64 << 10 // bbolt grows a file by 16 MiB otherwise
	err = guard(func() error { return bbolt.Compact(fresh, old, compactAt) })
	if err == nil {
		err = same(ctx, old, fresh)
	}
	return errors.Join(err, fresh.Close())
}

// same compares every record of two stores.
func same(ctx context.Context, a, b *bbolt.DB) error {
	return guard(func() error {
		return a.View(func(x *bbolt.Tx) error {
			return b.View(func(y *bbolt.Tx) error {
				return x.ForEach(func(name []byte, from *bbolt.Bucket) error {
					to := y.Bucket(name)
					if to == nil || to.Sequence() != from.Sequence() {
						return fmt.Errorf("bucket %s: %w", name, ErrCorrupt)
					}
					return sameBucket(ctx, string(name), from, to)
				})
			})
		})
	})
}

func sameBucket(ctx context.Context, name string, from, to *bbolt.Bucket) error {
	x, y := from.Cursor(), to.Cursor()
	k, v := x.First()
	l, w := y.First()
	for n := 0; k != nil || l != nil; n++ {
		if !bytes.Equal(k, l) || !bytes.Equal(v, w) {
			return corrupt(name, k)
		}
		if n%scan == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			bound(from.Tx(), mostResident)
			bound(to.Tx(), mostResident)
		}
		k, v = x.Next()
		l, w = y.Next()
	}
	return nil
}

// Verify reads every sealed record of the store at path and returns how many
// there are; the first damaged one is ErrCorrupt. It only reads, and holds the
// store's lock for it.
func Verify(ctx context.Context, path string) (records int, err error) {
	if err := preflight(path); err != nil {
		return 0, err
	}
	o := Options{Timeout: time.Second}
	if _, err := probe(path, o); err != nil {
		return 0, err
	}
	db, err := openDB(path, o, true)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = guard(func() error {
		return db.View(func(tx *bbolt.Tx) error {
			for _, name := range sealed() {
				b := tx.Bucket([]byte(name))
				if b == nil {
					continue // a store of an earlier release
				}
				c := b.Cursor()
				for k, v := c.First(); k != nil; k, v = c.Next() {
					if _, ok := unseal(k, v); !ok {
						return corrupt(name, k)
					}
					if records++; records%scan == 0 {
						if ctx.Err() != nil {
							return ctx.Err()
						}
						bound(tx, mostResident)
					}
				}
			}
			return nil
		})
	})
	if err != nil {
		return records, fmt.Errorf("verify %s: %w", path, err)
	}
	return records, nil
}

// sealed returns the buckets whose values all carry a sum.
func sealed() []string {
	return []string{
		bSources, bReceivers, bValidators, bLinks, bVisits, bEnded, bArticles, bArticleIDs, bRevisions, bEvents, bDeliveries,
		bAttempts, bMutes, bSignatures, bStories, bSites, bQuarantine,
	}
}
