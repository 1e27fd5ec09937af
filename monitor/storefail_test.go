package monitor

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"veille"
)

func TestMonitor_AFullStorePausesCrawlingAndLosesNothing(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Health = []string{"ops"}
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		// A full store still has room for what does not grow it.
		n.store.failing(func(act string) error {
			if act == "CommitPoll" || act == "CommitArticle" {
				return fmt.Errorf("archive: %w", veille.ErrStoreFull)
			}
			return nil
		})
		n.web.publish(section, view(2), "during", body("b"), time.Time{})
		n.after(10 * time.Minute)
		if got := strings.Join(n.m.Reasons(), ";"); got != "store full, crawling stopped: archive: store full" {
			t.Errorf("reasons: %q", got)
		}
		polls := len(n.polls(section))
		n.after(time.Hour)
		if got := len(n.polls(section)); got != polls {
			t.Errorf("%d polls while the store was full", got-polls)
		}
		// Nobody reads the log of a machine that is silent.
		expectHealth(t, n.store, "failing : No source is read any more: archive: store full; make room, or raise store.bolt.max_size.")
		n.store.failing(nil)
		n.after(30 * time.Second)
		expectTold(t, n, "published during [dprk] r1")
		expectHealth(t, n.store, "failing : ", "recovered : Sources are read again, after 1 h 0")
		if got := n.m.Reasons(); len(got) != 0 {
			t.Errorf("reasons after recovery: %q", got)
		}
		n.halt()
	})
}

func TestMonitor_RunReturnsAnyOtherFailureOfTheStore(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		broken := errors.New("input/output error")
		n.store.fail = func(string) error { return broken }
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		if err := <-n.ended; !errors.Is(err, broken) {
			t.Errorf("Run = %v", err)
		}
	})
}

func TestMonitor_DecidesAnewAfterAConflict(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		conflicts := 3
		n.store.failing(func(act string) error {
			if act == "CommitArticle" && conflicts > 0 {
				conflicts--
				return veille.ErrConflict
			}
			return nil
		})
		n.web.publish(section, view(2), "contended", body("b"), time.Time{})
		n.after(10 * time.Minute)
		expectTold(t, n, "published contended [dprk] r1")
		n.halt()
	})
}

func TestMonitor_AStoreThatIsFullForAMomentIsNotToldOf(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Health = []string{"ops"}
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		var first time.Time
		n.store.failing(func(act string) error {
			if first.IsZero() {
				first = time.Now()
			}
			if act == "CommitPoll" && time.Since(first) < 5*time.Second {
				return veille.ErrStoreFull
			}
			return nil
		})
		n.after(time.Hour)
		expectHealth(t, n.store)
		n.halt()
	})
}

// TestMonitor_TellsOfAFullStoreOnceItCan has no room left at first, not even for
// what is to be told.
func TestMonitor_TellsOfAFullStoreOnceItCan(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Health = []string{"ops"}
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		full := map[string]bool{"CommitPoll": true, "CommitArticle": true, "CommitEvents": true}
		n.store.failing(func(act string) error {
			if full[act] {
				return veille.ErrStoreFull
			}
			return nil
		})
		n.after(30 * time.Minute)
		expectHealth(t, n.store)
		n.store.mu.Lock()
		full["CommitEvents"] = false
		n.store.mu.Unlock()
		n.after(time.Minute)
		expectHealth(t, n.store, "failing : No source is read any more")
		n.halt()
	})
}

// TestMonitor_TellsThatTheStoreHasRoomAfterARestart: to raise its limit takes one.
func TestMonitor_TellsThatTheStoreHasRoomAfterARestart(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Health = []string{"ops"}
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		full := func(act string) error {
			if act == "CommitPoll" || act == "CommitArticle" {
				return veille.ErrStoreFull
			}
			return nil
		}
		n.store.failing(full)
		n.web.publish(section, view(2), "during", body("b"), time.Time{})
		n.after(time.Hour)
		n.halt()
		// Restarted in vain, it says nothing that they do not know.
		n.start()
		n.after(time.Hour)
		n.halt()
		expectHealth(t, n.store, "failing : No source is read any more")
		n.store.failing(nil)
		n.start()
		n.after(10 * time.Minute)
		expectHealth(t, n.store, "failing : ", "recovered : Sources are read again, after 1 h 5")
		n.halt()
	})
}
