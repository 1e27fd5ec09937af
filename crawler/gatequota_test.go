package crawler

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// turns is a host that a gate guards, and who had it when.
type turns struct {
	t     *testing.T
	g     *gate
	start time.Time
	wg    sync.WaitGroup

	mu     sync.Mutex
	order  []string
	begins map[string][]time.Duration
	waited map[string][]time.Duration
}

func newTurns(t *testing.T) *turns {
	return &turns{
		t: t, g: newGate(time.Second, 4), start: time.Now(),
		begins: map[string][]time.Duration{}, waited: map[string][]time.Duration{},
	}
}

// ask makes a request that takes a tenth of a second, in its turn.
func (u *turns) ask(name string, r rank, delay time.Duration) {
	u.wg.Go(func() {
		from := time.Now()
		leave := enter(u.t, u.g, "a", r, delay)
		u.mu.Lock()
		u.order = append(u.order, name[:1])
		u.begins[name] = append(u.begins[name], time.Since(u.start))
		u.waited[name] = append(u.waited[name], time.Since(from))
		u.mu.Unlock()
		time.Sleep(100 * time.Millisecond)
		leave()
	})
	synctest.Wait() // in the order of asking
}

func TestGate_RechecksTakeAtMostEverySecondTurn(t *testing.T) {
	for _, delay := range []time.Duration{0, 10 * time.Second} {
		t.Run(fmt.Sprint("crawl-delay ", delay), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := newTurns(t)
				for range 20 {
					u.ask("recheck", rankRecheck, delay)
				}
				u.wg.Wait()
				spacing := max(time.Second, delay)
				for i, at := range u.begins["recheck"][1:] {
					if apart := at - u.begins["recheck"][i]; apart < 2*spacing {
						t.Errorf("rechecks %d and %d are %s apart: more than half of the host's requests", i, i+1, apart)
					}
				}
			})
		})
	}
}

func TestGate_RechecksAndVisitsShareAHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newTurns(t)
		for range 5 {
			u.ask("recheck", rankRecheck, 0)
		}
		for range 8 {
			u.ask("visit", rankVisit, 0)
		}
		u.wg.Wait()
		// The first is whoever came first; then each has its turn.
		got := strings.Join(u.order, "")
		if want := "rvrvrvrvrvvvv"; got != want {
			t.Errorf("order %s, want %s", got, want)
		}
	})
}

func TestGate_RechecksNeverDelayAPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newTurns(t)
		for range 400 {
			u.ask("recheck", rankRecheck, 0)
		}
		for range 100 {
			time.Sleep(7*time.Second + 37*time.Millisecond)
			u.ask("poll", rankPoll, 0)
		}
		u.wg.Wait()
		for i, waited := range u.waited["poll"] {
			// The request under way, and the pause that any request keeps.
			if waited > 1100*time.Millisecond {
				t.Errorf("poll %d waited %s", i, waited)
			}
		}
	})
}
