package bolt

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"veille"
)

// TestChild is what the other tests run in a process of its own.
func TestChild(t *testing.T) {
	path := os.Getenv("VEILLE_CHILD_PATH")
	switch os.Getenv("VEILLE_CHILD") {
	case "open":
		for p := range strings.SplitSeq(path, ":") {
			if s, err := Open(p, Options{}); err != nil {
				fmt.Println("refused")
			} else {
				s.Close()
				fmt.Println("opened", p)
			}
		}
	case "cut":
		s := mustOpen(t, path)
		if err := os.Truncate(path, 8192); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Articles(t.Context(), veille.ArticleFilter{}); !errors.Is(err, ErrCorrupt) {
			t.Errorf("read: %v", err)
		}
		if err := s.CommitArticle(t.Context(), testCommit(1000)); err == nil {
			t.Error("written")
		}
		fmt.Println("survived")
	case "write":
		writeForEver(t, path)
	}
}

// writeForEver commits articles with a delivery each, settles some, and says
// after each commit what is safe.
func writeForEver(t *testing.T, path string) {
	s := mustOpen(t, path)
	base := int(time.Now().UnixNano() % 1e12)
	var out sync.Mutex
	say := func(what string, n int) {
		out.Lock()
		defer out.Unlock()
		fmt.Println(what, n)
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				n := base + i*4 + w
				if err := s.CommitArticle(t.Context(), testCommit(n)); err != nil {
					panic(err)
				}
				say("committed", n)
			}
		})
	}
	wg.Go(func() {
		for {
			d, _, err := s.NextDelivery(t.Context(), "desk", time.Now())
			if errors.Is(err, veille.ErrNotFound) {
				continue
			}
			d.State = veille.DeliverySent
			if err := errors.Join(err, s.Settle(t.Context(), veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: "desk"}})); err != nil {
				panic(err)
			}
			say("settled", int(d.Seq))
		}
	})
	wg.Wait()
}

func TestStore_KillLosesNothingThatWasPromised(t *testing.T) {
	path := dbPath(t)
	committed, settled := map[int]bool{}, map[uint64]bool{}
	for range 12 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
		cmd.Env = append(os.Environ(), "VEILLE_CHILD=write", "VEILLE_CHILD_PATH="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Killed after so many promises, not after a time: a slow machine
		// makes the test slow, and not weak.
		left := 1 + rand.IntN(60)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			what, number, _ := strings.Cut(lines.Text(), " ")
			n, err := strconv.Atoi(number)
			if err != nil {
				continue // a line that the kill cut
			}
			switch what {
			case "committed":
				committed[n] = true
			case "settled":
				settled[uint64(n)] = true
			}
			if left--; left == 0 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the child ended by itself")
		}
		checkFile(t, path)
	}
	s := mustOpen(t, path)
	delivered := map[string]bool{}
	deliveries, err := s.Deliveries(t.Context(), veille.DeliveryFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range deliveries {
		delivered[d.EventID] = true
		if settled[d.Seq] && d.State != veille.DeliverySent {
			t.Errorf("delivery %d is %s again", d.Seq, d.State)
		}
	}
	for n := range committed {
		c := testCommit(n)
		if _, err := s.Article(t.Context(), c.Article.ID); err != nil {
			t.Errorf("article %d: %v", n, err)
		}
		if !delivered[c.Events[0].ID] {
			t.Errorf("article %d has no delivery", n)
		}
	}
	if len(committed) == 0 || len(settled) == 0 {
		t.Errorf("%d committed and %d settled prove nothing", len(committed), len(settled))
	}
	stats, err := s.Outbox(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	pending, err := s.Deliveries(t.Context(), veille.DeliveryFilter{State: veille.DeliveryPending})
	if err != nil || len(stats) != 1 || stats[0].Pending != len(pending) {
		t.Errorf("counted %v, there are %d pending (%v)", stats, len(pending), err)
	}
}

// checkFile lets bbolt look for damage in its own structures.
func checkFile(t *testing.T, path string) {
	t.Helper()
	raw, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	err = raw.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			t.Error(err)
		}
		return nil
	})
	if err := errors.Join(err, raw.Close()); err != nil {
		t.Fatal(err)
	}
}
