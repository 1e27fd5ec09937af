package bolt

import (
	"path/filepath"
	"testing"
	"time"

	"veille"
)

// manySigned fills a store with so many signatures, of three tags of their own,
// and one tag that leads to the last.
func manySigned(t *testing.T, s *Store, n int) {
	t.Helper()
	if err := s.submit(&call{ctx: t.Context(), check: func(*txn) error { return nil }, write: func(tx *txn) error {
		for i := range n {
			a := veille.Article{ID: veille.ArticleID(benchURL(i)), FirstSeen: time.Now()}
			if err := tx.sign(a, []uint32{uint32(3 * i), uint32(3*i + 1), uint32(3*i + 2)}); err != nil {
				return err
			}
		}
		return nil
	}}); err != nil {
		t.Fatal(err)
	}
}

// TestNear_ALookUpRightAfterTheStartWaitsForWhatWasKept: else a copy that comes
// in the first seconds would be told again.
func TestNear_ALookUpRightAfterTheStartWaitsForWhatWasKept(t *testing.T) {
	const n = 100_000
	path := filepath.Join(t.TempDir(), "veille.db")
	s := mustOpen(t, path)
	manySigned(t, s, n)
	for range 3 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = mustOpen(t, path)
		// The articles themselves are not there: only who waits is of interest.
		if _, err := s.ArticlesLike(t.Context(), []uint32{3 * (n - 1)}, time.Now().Add(-time.Hour), 8); err != nil {
			t.Fatal(err)
		}
		if got := s.near.find([]uint32{3 * (n - 1)}, 0, 8); len(got) != 1 {
			t.Fatalf("%d found once a look-up has answered", len(got))
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestNear_HoldsOnceWhatIsStoredWhileItLoads commits while the signatures of
// earlier runs are read.
func TestNear_HoldsOnceWhatIsStoredWhileItLoads(t *testing.T) {
	const n, during = 50_000, 40
	path := filepath.Join(t.TempDir(), "veille.db")
	s := mustOpen(t, path)
	manySigned(t, s, n)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, path)
	for i := range during {
		c := veille.ArticleCommit{
			Article:   veille.Article{ID: veille.ArticleID(benchURL(n + i)), URL: benchURL(n + i), FirstSeen: time.Now(), Revision: 1},
			Signature: []uint32{1 << 30, uint32(1<<30 + i)},
		}
		if err := s.CommitArticle(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	<-s.near.loaded
	if got := len(s.near.ids); got != n+during {
		t.Errorf("%d signatures in memory, %d were stored", got, n+during)
	}
	got, err := s.ArticlesLike(t.Context(), []uint32{1 << 30}, time.Now().Add(-time.Hour), 2*during)
	if err != nil || len(got) != during {
		t.Errorf("%d found, %d were stored: %v", len(got), during, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
