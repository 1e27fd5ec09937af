package bolt

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"veille"
)

func TestStore_FullDiskStopsCrawlingAndSettlesOn(t *testing.T) {
	path := written(t, 3)
	s, err := Open(path, Options{MinFree: 1 << 60})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for name, err := range map[string]error{
		"CommitArticle": s.CommitArticle(t.Context(), testCommit(9)),
		"CommitPoll":    s.CommitPoll(t.Context(), veille.PollCommit{State: veille.SourceState{Name: "wire"}}),
		"Healthy":       s.Healthy(),
	} {
		if !errors.Is(err, veille.ErrStoreFull) {
			t.Errorf("%s: %v, want ErrStoreFull", name, err)
		}
	}
	if err := settle(t, s, claim(t, s)); err != nil {
		t.Errorf("settle: %v", err)
	}
	if err := s.SaveReceiver(t.Context(), veille.ReceiverState{Name: "desk"}); err != nil {
		t.Errorf("save receiver: %v", err)
	}
	if _, err := s.Article(t.Context(), testCommit(9).Article.ID); !errors.Is(err, veille.ErrNotFound) {
		t.Errorf("refused article: %v", err)
	}
}

func TestStore_MaxSizeKeepsRoomForEveryDelivery(t *testing.T) {
	path := dbPath(t)
	const limit = 1 << 20
	s, err := Open(path, Options{MinFree: -1, MaxSize: limit})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := 0
	for ; err == nil; n++ {
		err = s.CommitArticle(t.Context(), testCommit(n))
	}
	if !errors.Is(err, veille.ErrStoreFull) || !errors.Is(s.Healthy(), veille.ErrStoreFull) || n < 50 {
		t.Fatalf("after %d articles: %v, healthy %v", n, err, s.Healthy())
	}
	for range n - 1 {
		if err := settle(t, s, claim(t, s)); err != nil {
			t.Fatalf("settle: %v", err)
		}
	}
	if size, err := s.size(); err != nil || size > limit {
		t.Errorf("the file has %d bytes, %v", size, err)
	}
	if _, _, err := s.Prune(t.Context(), time.Now(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.CommitArticle(t.Context(), testCommit(n)); err != nil || s.Healthy() != nil {
		t.Errorf("after pruning: %v, healthy %v", err, s.Healthy())
	}
}

func TestStore_AtTheHardLimitAGrowingCallDoesNotTakeASettlementDown(t *testing.T) {
	// The whole limit is left to crawling, so that only bbolt refuses.
	s, err := Open(dbPath(t), Options{MinFree: -1, MaxSize: 1 << 20, Reserve: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := 0
	for ; err == nil; n++ {
		err = s.CommitArticle(t.Context(), testCommit(n))
	}
	if !errors.Is(err, veille.ErrStoreFull) || s.failed() != nil {
		t.Fatalf("after %d articles: %v", n, err)
	}
	if !errors.Is(s.Healthy(), veille.ErrStoreFull) {
		t.Errorf("healthy: %v", s.Healthy())
	}
	if _, err := s.Article(t.Context(), testCommit(0).Article.ID); err != nil {
		t.Errorf("read: %v", err)
	}
	if _, _, err := s.Prune(t.Context(), time.Now(), time.Now()); err != nil {
		t.Errorf("prune: %v", err)
	}
	if err := s.CommitArticle(t.Context(), testCommit(n)); err != nil || s.Healthy() != nil {
		t.Errorf("after pruning: %v, healthy %v", err, s.Healthy())
	}
}

func TestStore_AFailedCommitEndsAllWriting(t *testing.T) {
	path := dbPath(t)
	s := mustOpen(t, path)
	commitN(t, s, 0, 1)
	breakFile(t, path)
	if err := s.CommitArticle(t.Context(), testCommit(1)); !errors.Is(err, ErrFailed) {
		t.Fatalf("error is %v, want ErrFailed", err)
	}
	if err := s.SaveReceiver(t.Context(), veille.ReceiverState{Name: "desk"}); !errors.Is(err, ErrFailed) {
		t.Errorf("next write: %v, want ErrFailed", err)
	}
	if err := s.Healthy(); !errors.Is(err, ErrFailed) {
		t.Errorf("healthy: %v, want ErrFailed", err)
	}
	if _, err := s.Article(t.Context(), testCommit(0).Article.ID); err != nil {
		t.Errorf("read: %v", err)
	}
}

// breakFile makes every further write to an open file of this process fail.
func breakFile(t *testing.T, path string) {
	t.Helper()
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range fds {
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && to == path {
			var fd int
			if _, err := fmt.Sscan(e.Name(), &fd); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Dup3(int(null.Fd()), fd, syscall.O_CLOEXEC); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatal("the store's file is not open")
}
