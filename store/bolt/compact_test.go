package bolt

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestCompact_KeepsEveryRecordWithoutTheFreeSpace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "veille.db")
	s, err := Open(path, Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	commitN(t, s, 0, 400)
	if n, err := s.forgetOldest(t.Context(), 350); err != nil || n != 350 {
		t.Fatal(n, err)
	}
	if _, _, err := Compact(t.Context(), path, Options{Timeout: time.Millisecond}); !errors.Is(err, ErrLocked) {
		t.Errorf("compacting an open store: %v, want that it is locked", err)
	}
	want, err := s.Articles(t.Context(), veille.ArticleFilter{})
	if err != nil {
		t.Fatal(err)
	}
	last, err := s.LastChange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".compact", []byte("left by a crash"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, after, err := Compact(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != after || after > before/2 {
		t.Errorf("from %d to %d bytes, the file has %v", before, after, info.Size())
	}
	if left, err := filepath.Glob(path + ".*"); err != nil || len(left) != 1 {
		t.Errorf("beside the store are %v, %v; want the marker alone", left, err)
	}
	if s, err = Open(path, Options{MinFree: -1}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Articles(t.Context(), veille.ArticleFilter{})
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, articles (-want +got):\n%s", err, diff)
	}
	commitN(t, s, 400, 401)
	if next, err := s.LastChange(t.Context()); err != nil || next.Seq != last.Seq+1 {
		t.Errorf("after change %d comes %d, %v", last.Seq, next.Seq, err)
	}
}

func TestCompact_LeavesADamagedStoreAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "veille.db")
	if err := os.WriteFile(path, []byte("not a store, but long enough to be looked at"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Compact(t.Context(), path, Options{}); err == nil {
		t.Error("a foreign file was compacted")
	}
	if data, err := os.ReadFile(path); err != nil || string(data[:5]) != "not a" {
		t.Errorf("the file is %q, %v", data, err)
	}
}

// A backup that was put back is the store as it was.
func TestBackup_IsVerifiedAndRestored(t *testing.T) {
	s := open(t)
	commitN(t, s, 0, 20)
	want, err := s.Articles(t.Context(), veille.ArticleFilter{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "veille.db")
	if err := s.BackupFile(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	commitN(t, s, 20, 25)
	if n, err := Verify(t.Context(), path); err != nil || n < 80 {
		t.Errorf("%d records verified, %v", n, err)
	}
	restored, err := Open(path, Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	got, err := restored.Articles(t.Context(), veille.ArticleFilter{})
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, articles (-want +got):\n%s", err, diff)
	}
	spoil(t, restored, bArticles, func() []byte {
		e := entry{first: stamp(want[3].FirstSeen)}
		return e.key(want[3].ID)
	}())
	if err := restored.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(t.Context(), path); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a spoiled copy: %v, want that it is damaged", err)
	}
}

func TestShrink_ForgetsTheOldestThatNothingWaitsFor(t *testing.T) {
	s := open(t)
	waits := testCommit(0)
	waits.Next = &veille.Visit{URL: waits.Article.URL, ArticleID: waits.Article.ID, Due: time.Now()}
	if err := s.CommitArticle(t.Context(), waits); err != nil {
		t.Fatal(err)
	}
	commitN(t, s, 1, 300)
	size := s.measure()
	if n, err := s.Shrink(t.Context(), size); err != nil || n != 0 {
		t.Errorf("%d forgotten of what fits, %v", n, err)
	}
	n, err := s.Shrink(t.Context(), size*2/3)
	if err != nil || n < 50 || s.measure() > size*2/3 {
		t.Errorf("%d forgotten, %v: %d bytes of %d, want %d", n, err, s.measure(), size, size*2/3)
	}
	left, err := s.Articles(t.Context(), veille.ArticleFilter{})
	if err != nil || len(left) != 300-n || left[0].ID != testCommit(299).Article.ID || left[len(left)-1].ID != waits.Article.ID {
		t.Errorf("%d left, %v: want the newest, and the one that waits for a visit", len(left), err)
	}
	if _, err := s.Shrink(t.Context(), 1); err != nil {
		t.Errorf("shrinking to nothing: %v", err)
	}
}
