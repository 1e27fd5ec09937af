package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"go.etcd.io/bbolt"

	"veille"
)

// raw changes a closed store behind its back.
func raw(t *testing.T, path string, change func(tx *bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(change), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// asSchema1 makes a store one of the first release, which knew fewer buckets.
func asSchema1(t *testing.T, path string) {
	t.Helper()
	raw(t, path, func(tx *bbolt.Tx) error {
		for _, name := range added() {
			if err := tx.DeleteBucket([]byte(name)); err != nil {
				return err
			}
		}
		return tx.Bucket([]byte(bMeta)).Put([]byte("schema"), binary.BigEndian.AppendUint32(nil, 1))
	})
}

// An earlier release would misread what is stored from now on, and knows by the
// schema that it must not open it.
func TestOpen_RaisesTheSchemaOfAnEarlierRelease(t *testing.T) {
	path := written(t, 4)
	asSchema1(t, path)
	s := mustOpen(t, path)
	if n := s.ArticleCount(); n != 4 {
		t.Errorf("%d articles, want the 4 that were there", n)
	}
	if _, err := s.Article(t.Context(), testCommit(2).Article.ID); err != nil {
		t.Error(err)
	}
	commitN(t, s, 4, 6)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	raw(t, path, func(tx *bbolt.Tx) error {
		if v := tx.Bucket([]byte(bMeta)).Get([]byte("schema")); !bytes.Equal(v, schemaBytes()) {
			t.Errorf("schema %x, want %x", v, schemaBytes())
		}
		for _, name := range buckets() {
			if tx.Bucket([]byte(name)) == nil {
				t.Errorf("the bucket %s is missing", name)
			}
		}
		return nil
	})
}

// What only reads a store does not raise it: an earlier release may go on with
// it.
func TestVerify_LeavesTheSchemaOfAnEarlierRelease(t *testing.T) {
	path := written(t, 4)
	asSchema1(t, path)
	if n, err := Verify(t.Context(), path); err != nil || n < 16 {
		t.Errorf("%d records, %v", n, err)
	}
	if _, _, err := Compact(t.Context(), path, Options{}); err != nil {
		t.Error(err)
	}
	raw(t, path, func(tx *bbolt.Tx) error {
		if v := tx.Bucket([]byte(bMeta)).Get([]byte("schema")); binary.BigEndian.Uint32(v) != 1 {
			t.Errorf("schema %x, want that it stays", v)
		}
		return nil
	})
}

func TestVerify_FindsADamagedRecordInAnyBucket(t *testing.T) {
	for _, bucket := range sealed() {
		t.Run(bucket, func(t *testing.T) {
			path := written(t, 2)
			put := func(value []byte) {
				raw(t, path, func(tx *bbolt.Tx) error {
					b, err := tx.CreateBucketIfNotExists([]byte(bucket))
					if err != nil {
						return err
					}
					return b.Put([]byte("key"), value)
				})
			}
			value := seal([]byte("key"), []byte("value"))
			put(value)
			if _, err := Verify(t.Context(), path); err != nil {
				t.Fatal(err)
			}
			value[2] ^= 4
			put(value)
			if _, err := Verify(t.Context(), path); !errors.Is(err, ErrCorrupt) {
				t.Errorf("a damaged record: %v", err)
			}
		})
	}
}

// Every record that is written with a sum is one that Verify looks at.
func TestVerify_KnowsEveryBucketWithSums(t *testing.T) {
	s := open(t)
	commitN(t, s, 0, 3)
	c := testCommit(3)
	c.Article.Story = veille.Story{ID: "sto_1", Kind: veille.StoryCopy}
	c.Signature = []uint32{1, 2, 3}
	c.Next = &veille.Visit{URL: c.Article.URL, ArticleID: c.Article.ID}
	c.Learned = []veille.Observation{{Site: "news.example"}}
	if err := s.CommitArticle(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, name := range sealed() {
		known[name] = true
	}
	if err := s.db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error {
				if _, ok := unseal(k, v); ok && !known[string(name)] {
					t.Errorf("the bucket %s has a record with a sum, and is not verified", name)
				}
				return nil
			})
		})
	}); err != nil {
		t.Fatal(err)
	}
}
