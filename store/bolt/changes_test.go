package bolt

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"veille"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "veille.db"), Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestChanges_FollowTheCommitsAndForgetWhatWasPruned(t *testing.T) {
	s := open(t)
	commitN(t, s, 0, 3)
	edit := testCommit(1)
	edit.Expect, edit.Article.Revision, edit.Revision.Number = 1, 2, 2
	edit.Events, edit.Deliveries = nil, nil
	if err := s.CommitArticle(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
	recheck := testCommit(2)
	recheck.Expect, recheck.Revision, recheck.Events, recheck.Deliveries = 1, nil, nil, nil
	if err := s.CommitArticle(t.Context(), recheck); err != nil {
		t.Fatal(err)
	}
	changes, err := s.Changes(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	want := []int{0, 1, 2, 1}
	if len(changes) != len(want) {
		t.Fatalf("changes %v, want those of the articles %v", changes, want)
	}
	for i, c := range changes {
		if a := testCommit(want[i]).Article; c.ArticleID != a.ID || !c.FirstSeen.Equal(a.FirstSeen) || c.Seq != uint64(i+1) || c.At.IsZero() {
			t.Errorf("change %d is %+v, want article %s", i, c, a.ID)
		}
	}
	if rest, err := s.Changes(t.Context(), changes[1].Seq, 1); err != nil || len(rest) != 1 || rest[0] != changes[2] {
		t.Errorf("one change after the second: %v, %v; want %v", rest, err, changes[2])
	}
	if at, err := s.ChangeAt(t.Context(), 3); err != nil || at != changes[2] {
		t.Errorf("change 3: %v, %v; want %v", at, err, changes[2])
	}
	if _, err := s.ChangeAt(t.Context(), 99); !errors.Is(err, veille.ErrNotFound) {
		t.Errorf("change 99: %v, want not found", err)
	}
	revisions, err := s.Current(t.Context(), []string{testCommit(1).Article.ID, "art_none"})
	if err != nil || revisions[0] != 2 || revisions[1] != 0 {
		t.Errorf("current revisions %v, %v; want 2 and 0", revisions, err)
	}
	if _, _, err := s.Prune(t.Context(), time.Now(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if left, err := s.Changes(t.Context(), 0, 100); err != nil || len(left) != 1 || left[0] != changes[3] {
		t.Errorf("after everything was pruned: %v, %v; want the newest change alone", left, err)
	}
}
