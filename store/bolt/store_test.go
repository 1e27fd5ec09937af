package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"veille"
)

// testCommit is the first revision of the nth article, with one delivery.
func testCommit(n int) veille.ArticleCommit {
	url := fmt.Sprintf("https://news.example/view/%d", n)
	at := time.Date(2026, 1, 1, 0, 0, 0, n, time.UTC)
	a := veille.Article{
		ID: veille.ArticleID(url), URL: url, Source: "wire", FirstSeen: at, CheckedAt: at, Revision: 1, TextHash: url,
		Snapshot: veille.Snapshot{URL: url, Canonical: url, Title: url, Body: strings.Repeat("Un paragraphe sur "+url+".\n\n", 60)},
	}
	e := veille.Event{ID: veille.EventID(a.ID, veille.ArticlePublished, 1), Type: veille.ArticlePublished, Time: at, Watches: []string{"w"}}
	return veille.ArticleCommit{
		Article: a, Revision: &veille.Revision{ArticleID: a.ID, Number: 1, At: at, Snapshot: a.Snapshot},
		Events: []veille.Event{e}, Deliveries: []veille.Delivery{{Receiver: "desk", EventID: e.ID, Watches: []string{"w"}, Created: at}},
	}
}

func commitN(t testing.TB, s *Store, from, to int) {
	t.Helper()
	for n := from; n < to; n++ {
		if err := s.CommitArticle(t.Context(), testCommit(n)); err != nil {
			t.Fatal(err)
		}
	}
}

// spoil flips a bit in the middle of a stored value.
func spoil(t *testing.T, s *Store, bucket string, key []byte) {
	t.Helper()
	if err := s.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		v := bytes.Clone(b.Get(key))
		if len(v) == 0 {
			return fmt.Errorf("nothing at %s %x", bucket, key)
		}
		v[len(v)/2] ^= 4
		return b.Put(key, v)
	}); err != nil {
		t.Fatal(err)
	}
}

func claim(t *testing.T, s *Store) veille.Delivery {
	t.Helper()
	d, _, err := s.NextDelivery(t.Context(), "desk", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func settle(t *testing.T, s *Store, d veille.Delivery) error {
	t.Helper()
	d.State = veille.DeliverySent
	return s.Settle(t.Context(), veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: d.Receiver}})
}

func TestNextDelivery_PutsADamagedRowAsideAndGoesOn(t *testing.T) {
	for _, what := range []string{"row", "event"} {
		t.Run(what, func(t *testing.T) {
			var log bytes.Buffer
			s, err := Open(dbPath(t), Options{MinFree: -1, Log: slog.New(slog.NewTextHandler(&log, nil))})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			commitN(t, s, 0, 3)
			if what == "row" {
				spoil(t, s, bDeliveries, be64(1))
			} else {
				spoil(t, s, bEvents, []byte(testCommit(0).Events[0].ID))
			}
			d := claim(t, s)
			if d.EventID != testCommit(1).Events[0].ID {
				t.Errorf("claimed %s, want the second event", d.EventID)
			}
			if !strings.Contains(log.String(), ErrCorrupt.Error()) {
				t.Errorf("log is silent: %s", &log)
			}
			stats, err := s.Outbox(t.Context())
			if err != nil || stats[0].Pending != 2 || s.countsNow()["quarantine"] != 1 {
				t.Errorf("counted %v, %v (%v)", stats, s.countsNow(), err)
			}
		})
	}
}

func TestStore_OneDamagedRecordHarmsNoOther(t *testing.T) {
	s := mustOpen(t, dbPath(t))
	commitN(t, s, 0, 3)
	bad := testCommit(1).Article
	e := entry{first: stamp(bad.FirstSeen)}
	spoil(t, s, bArticles, e.key(bad.ID))
	if _, err := s.Article(t.Context(), bad.ID); !errors.Is(err, ErrCorrupt) {
		t.Errorf("error is %v, want ErrCorrupt", err)
	}
	if list, err := s.Articles(t.Context(), veille.ArticleFilter{}); err != nil || len(list) != 2 {
		t.Errorf("listed %d articles, %v", len(list), err)
	}
	spoil(t, s, bArticleIDs, []byte(bad.ID))
	again := testCommit(1)
	again.Expect, again.Article.Revision, again.Revision.Number = 1, 2, 2
	if err := s.CommitArticle(t.Context(), again); err != nil {
		t.Fatalf("a new visit does not heal the article: %v", err)
	}
	if a, err := s.Article(t.Context(), bad.ID); err != nil || a.Revision != 2 {
		t.Errorf("healed article: %d, %v", a.Revision, err)
	}
	if n := s.countsNow()["articles"]; n != 3 {
		t.Errorf("counted %d articles", n)
	}
}

func TestVisits_PutsADamagedVisitAsideAndForgetsItsURL(t *testing.T) {
	s := mustOpen(t, dbPath(t))
	due := time.Unix(100, 0)
	p := veille.PollCommit{State: veille.SourceState{Name: "wire"}, Visits: []veille.Visit{{URL: "https://a.example/1", Due: due}, {URL: "https://a.example/2", Due: due}}}
	if err := s.CommitPoll(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	h := hashOf("https://a.example/1")
	spoil(t, s, bVisits, join(be64(stamp(due)), h[:]))
	visits, err := s.Visits(t.Context(), due.Add(1), 9)
	if err != nil || len(visits) != 1 {
		t.Fatalf("visits: %v %v", visits, err)
	}
	known, err := s.Known(t.Context(), []string{"https://a.example/1", "https://a.example/2"})
	if diff := cmp.Diff([]bool{false, true}, known); err != nil || diff != "" {
		t.Errorf("known: %v %s", err, diff)
	}
	if err := s.CommitPoll(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if visits, err := s.Visits(t.Context(), due.Add(1), 9); err != nil || len(visits) != 2 || s.countsNow()["visits"] != 2 {
		t.Errorf("found again: %v %v", visits, err)
	}
}

func TestStore_ZeroedPagesAreErrorsAndNoPanic(t *testing.T) {
	whole, err := os.ReadFile(written(t, 60))
	if err != nil {
		t.Fatal(err)
	}
	whole = whole[:usedBytes(t, whole)]
	dir := t.TempDir()
	for page := 2; page < min(len(whole)/4096, 50); page++ {
		b := bytes.Clone(whole)
		clear(b[page*4096 : (page+1)*4096])
		path := filepath.Join(dir, fmt.Sprintf("%d.db", page))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, Options{MinFree: -1})
		if err != nil {
			var oe *OpenError
			if !errors.As(err, &oe) {
				t.Errorf("page %d: %v", page, err)
			}
			continue
		}
		for n := range 60 {
			_, _ = s.Article(t.Context(), testCommit(n).Article.ID)
		}
		_, _ = s.Articles(t.Context(), veille.ArticleFilter{})
		_ = s.CommitArticle(t.Context(), testCommit(99))
		_, _, _ = s.Prune(t.Context(), time.Now(), time.Now())
		_ = s.Close()
	}
}

func TestStore_CommitsWaitingCallsTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t, dbPath(t))
		hold := make(chan struct{})
		errs := make(chan error, 100)
		nothing := func(*txn) error { return nil }
		put := func(tx *txn) error { return tx.bucket(bCounts).Put([]byte("x"), be64(1)) }
		go func() {
			errs <- s.submit(&call{ctx: t.Context(), check: func(*txn) error { <-hold; return nil }, write: put})
		}()
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		cancelled := make(chan error, 1)
		go func() { cancelled <- s.CommitArticle(ctx, testCommit(99)) }()
		for n := range 40 {
			go func() { errs <- s.CommitArticle(t.Context(), testCommit(n)) }()
		}
		for _, c := range []*call{
			{check: nothing, write: func(*txn) error { return errors.New("half done") }},
			{check: nothing, write: func(*txn) error { panic("damaged page") }},
			{check: func(*txn) error { panic("damaged page") }, write: put},
			{check: func(*txn) error { return veille.ErrConflict }, write: put},
		} {
			c.ctx = t.Context()
			go func() {
				if err := s.submit(c); err == nil {
					errs <- errors.New("a call that fails was accepted")
				} else {
					errs <- nil
				}
			}()
		}
		synctest.Wait()
		cancel()
		if err := <-cancelled; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled call: %v", err)
		}
		close(hold)
		for range 45 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		s.mu.Lock()
		commits := s.commits
		s.mu.Unlock()
		// One for the call that held the others up, and one for them all:
		// their puts fit into one transaction.
		if commits != 2 {
			t.Errorf("%d commits, want 2", commits)
		}
		if list, err := s.Articles(t.Context(), veille.ArticleFilter{}); err != nil || len(list) != 40 {
			t.Errorf("%d articles, %v", len(list), err)
		}
	})
}

func TestKnown_NotesThatAnOldLinkIsStillListed(t *testing.T) {
	s := mustOpen(t, dbPath(t))
	listed, gone := "https://a.example/listed", "https://a.example/gone"
	old := day(time.Now()) - 400
	if err := s.db.Update(func(tx *bbolt.Tx) error {
		w := &txn{Tx: tx, store: s}
		return errors.Join(w.putLink(hashOf(listed), link{listed: old}), w.putLink(hashOf(gone), link{listed: old}))
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Known(t.Context(), []string{listed}); err != nil {
		t.Fatal(err)
	}
	commitN(t, s, 0, 1)
	if _, _, err := s.Prune(t.Context(), time.Now(), time.Now()); err != nil {
		t.Fatal(err)
	}
	known, err := s.Known(t.Context(), []string{listed, gone})
	if diff := cmp.Diff([]bool{true, false}, known); err != nil || diff != "" {
		t.Errorf("known: %v %s", err, diff)
	}
}

func TestSamples_AreRightAfterAReopen(t *testing.T) {
	path := dbPath(t)
	s := mustOpen(t, path)
	commitN(t, s, 0, 3)
	if err := settle(t, s, claim(t, s)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, path)
	got := map[string]float64{}
	for _, sample := range s.Samples() {
		if !strings.HasPrefix(sample.Name, "veille_") || sample.Help == "" {
			t.Errorf("bad sample %+v", sample)
		}
		got[sample.Name] = sample.Value
	}
	if got["veille_store_articles"] != 3 || got["veille_outbox_pending"] != 2 || got["veille_outbox_dead"] != 0 ||
		got["veille_outbox_oldest_seconds"] <= 0 || got["veille_store_bytes"] <= got["veille_store_free_bytes"] {
		t.Errorf("samples: %v", got)
	}
	stats, err := s.Outbox(t.Context())
	want := []OutboxStats{{Receiver: "desk", Pending: 2, Oldest: testCommit(1).Article.FirstSeen}}
	if diff := cmp.Diff(want, stats); err != nil || diff != "" {
		t.Errorf("outbox: %v %s", err, diff)
	}
}

func TestBackupFile_IsAStoreAndOverwritesNothing(t *testing.T) {
	s := mustOpen(t, dbPath(t))
	commitN(t, s, 0, 5)
	dir := t.TempDir()
	path := filepath.Join(dir, "copy.db")
	if err := s.BackupFile(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := s.BackupFile(t.Context(), path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("second backup: %v, want fs.ErrExist", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.BackupFile(ctx, filepath.Join(dir, "cancelled.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled backup: %v", err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("files in the folder: %v %v", files, err)
	}
	if list, err := mustOpen(t, path).Articles(t.Context(), veille.ArticleFilter{}); err != nil || len(list) != 5 {
		t.Errorf("%d articles, %v", len(list), err)
	}
}
