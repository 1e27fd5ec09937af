package bolt

import (
	"testing"

	"go.etcd.io/bbolt"
)

func TestOpen_MakesTheBucketsThatAnEarlierReleaseLacks(t *testing.T) {
	path := written(t, 1)
	raw, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Update(func(tx *bbolt.Tx) error {
		for _, name := range added() {
			if err := tx.DeleteBucket([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, path)
	if err := s.view(t.Context(), func(tx *txn) error {
		for _, name := range added() {
			tx.bucket(name)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
