package bolt

import (
	"path/filepath"
	"testing"

	"veille/store/storetest"
)

func TestStore_KeepsEveryPromise(t *testing.T) {
	storetest.Run(t, func(t *testing.T, dir string) storetest.Store {
		s, err := Open(filepath.Join(dir, "veille.db"), Options{MinFree: -1})
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
