package crawler

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func enter(t *testing.T, g *gate, key string, r rank, delay time.Duration) func() {
	t.Helper()
	leave, err := g.enter(t.Context(), key, r, delay)
	if err != nil {
		t.Errorf("enter %s: %v", key, err)
		return func() {}
	}
	return leave
}

func TestGate_SpacesFromTheEndOfARequestToTheNextStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Second, 4)
		start := time.Now()
		leave := enter(t, g, "a", rankVisit, 0)
		time.Sleep(5 * time.Second)
		leave()
		enter(t, g, "a", rankVisit, 0)()
		if got := time.Since(start); got != 6*time.Second {
			t.Errorf("second request started after %s, want 6s", got)
		}
		enter(t, g, "b", rankVisit, 0)()
		if got := time.Since(start); got != 6*time.Second {
			t.Errorf("another host waited until %s", got)
		}
	})
}

func TestGate_KeepsCrawlDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Second, 4)
		enter(t, g, "a", rankPoll, 0)() // robots.txt, which asks for 10 s
		start := time.Now()
		enter(t, g, "a", rankVisit, 10*time.Second)()
		if got := time.Since(start); got != 10*time.Second {
			t.Errorf("waited %s, want 10s", got)
		}
	})
}

func TestGate_LetsPollsPassBeforeVisitsInOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Second, 4)
		leave := enter(t, g, "a", rankVisit, 0)
		var mu sync.Mutex
		var got []string
		var wg sync.WaitGroup
		for _, w := range []struct {
			name string
			rank rank
		}{{"visit 1", rankVisit}, {"visit 2", rankVisit}, {"poll 1", rankPoll}, {"visit 3", rankVisit}, {"poll 2", rankPoll}} {
			wg.Go(func() {
				leave := enter(t, g, "a", w.rank, 0)
				mu.Lock()
				got = append(got, w.name)
				mu.Unlock()
				leave()
			})
			synctest.Wait()
		}
		leave()
		wg.Wait()
		want := []string{"poll 1", "poll 2", "visit 1", "visit 2", "visit 3"}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}

func TestGate_APollOvertakesTheVisitThatWaitsForItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Second, 4)
		enter(t, g, "a", rankVisit, 0)()
		var order []string
		var wg sync.WaitGroup
		wg.Go(func() { leave := enter(t, g, "a", rankVisit, 0); order = append(order, "visit"); leave() })
		time.Sleep(500 * time.Millisecond)
		wg.Go(func() { leave := enter(t, g, "a", rankPoll, 0); order = append(order, "poll"); leave() })
		wg.Wait()
		if d := cmp.Diff([]string{"poll", "visit"}, order); d != "" {
			t.Error(d)
		}
	})
}

// TestGate_PollsWithoutEndDoNotHoldOthersUp has more polls than the spacing lets
// pass, and beside them a visit after the other, or a recheck after the other.
func TestGate_PollsWithoutEndDoNotHoldOthersUp(t *testing.T) {
	for _, r := range []rank{rankVisit, rankRecheck} {
		synctest.Test(t, func(t *testing.T) {
			g := newGate(time.Second, 4)
			ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
			defer stop()
			passed := map[rank]int{}
			var mu sync.Mutex
			var wg sync.WaitGroup
			keep := func(r rank) {
				for {
					leave, err := g.enter(ctx, "a", r, 0)
					if err != nil {
						return
					}
					mu.Lock()
					passed[r]++
					mu.Unlock()
					leave()
				}
			}
			for range 3 {
				wg.Go(func() { keep(rankPoll) })
			}
			wg.Go(func() { keep(r) })
			wg.Wait()
			if passed[r] < 9 || passed[rankPoll] < 500 {
				t.Errorf("in ten minutes passed %d of rank %d and %d polls", passed[r], r, passed[rankPoll])
			}
		})
	}
}

func TestGate_ASlowHostHoldsNoSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Hour, 1)
		enter(t, g, "slow", rankVisit, 0)()
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				if _, err := g.enter(ctx, "slow", rankVisit, 0); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("slow host: %v", err)
				}
			})
		}
		synctest.Wait()
		start := time.Now()
		enter(t, g, "quick", rankVisit, 0)()
		if time.Since(start) != 0 {
			t.Errorf("the quick host waited %s", time.Since(start))
		}
		wg.Wait()
		if g.waiting != 0 {
			t.Errorf("%d still counted as waiting", g.waiting)
		}
	})
}

func TestGate_BoundsTheRequestsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Nanosecond, 3)
		var now, most atomic.Int64
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				defer enter(t, g, fmt.Sprint(i), rankVisit, 0)()
				if n := now.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Second)
				now.Add(-1)
			})
		}
		wg.Wait()
		if most.Load() != 3 {
			t.Errorf("%d at once, want 3", most.Load())
		}
	})
}

func TestGate_APausedHostFailsFastAndOthersGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Second, 4)
		leave := enter(t, g, "a", rankVisit, 0)
		var wg sync.WaitGroup
		var waited error
		wg.Go(func() { _, waited = g.enter(t.Context(), "a", rankVisit, 0) })
		synctest.Wait()
		until := time.Now().Add(2 * time.Minute)
		g.pause("a", until)
		leave()
		wg.Wait()
		_, fresh := g.enter(t.Context(), "a", rankPoll, 0)
		for _, err := range []error{waited, fresh} {
			var paused *pausedError
			if !errors.As(err, &paused) || !paused.until.Equal(until) {
				t.Errorf("got %v, want a pause until %s", err, until)
			}
		}
		start := time.Now()
		enter(t, g, "b", rankPoll, 0)()
		if time.Since(start) != 0 {
			t.Error("another host waited")
		}
		time.Sleep(time.Until(until))
		enter(t, g, "a", rankVisit, 0)()
		if !time.Now().Equal(until) {
			t.Errorf("passed at %s, want %s", time.Now(), until)
		}
	})
}

func TestGate_WaitsOutAPauseAsShortAsTheSpacing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(2*time.Second, 4)
		g.pause("a", time.Now().Add(1500*time.Millisecond))
		start := time.Now()
		enter(t, g, "a", rankVisit, 0)()
		if got := time.Since(start); got != 1500*time.Millisecond {
			t.Errorf("waited %s", got)
		}
	})
}

func TestGate_KnowsARepeatedPauseFromAFirstOne(t *testing.T) {
	g := newGate(time.Second, 4)
	var got []bool
	for _, ask := range []bool{true, true, false, false, true} {
		if ask {
			got = append(got, g.pause("a", time.Now().Add(time.Minute)))
		} else {
			got = append(got, g.welcome("a"))
		}
	}
	if want := []bool{true, false, true, false, true}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestGate_ALeaverHandsTheTurnOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Minute, 4)
		enter(t, g, "a", rankVisit, 0)()
		start := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := g.enter(ctx, "a", rankVisit, 0); !errors.Is(err, context.Canceled) {
				t.Errorf("leaver: %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() { enter(t, g, "a", rankVisit, 0)() })
		time.Sleep(time.Second)
		cancel()
		wg.Wait()
		if got := time.Since(start); got != time.Minute {
			t.Errorf("the next passed after %s, want 1m", got)
		}
	})
}

func TestGate_ForgetsIdleHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Second, 4)
		for i := range 1000 {
			enter(t, g, fmt.Sprint(i), rankVisit, 0)()
		}
		g.pause("paused", time.Now().Add(time.Hour))
		time.Sleep(2 * forgetAfter)
		enter(t, g, "new", rankVisit, 0)()
		if len(g.hosts) != 2 {
			t.Errorf("%d hosts remembered, want the paused and the new one", len(g.hosts))
		}
	})
}

func TestGate_NeverLetsTwoIntoAHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const hosts = 5
		g := newGate(10*time.Millisecond, 3)
		var inside [hosts]atomic.Int64
		var passed atomic.Int64
		var wg sync.WaitGroup
		random := rand.New(rand.NewPCG(1, 2))
		for range 500 {
			h, r := random.IntN(hosts), rank(random.IntN(int(ranks)))
			patience := time.Duration(1+random.IntN(3000)) * time.Millisecond
			work := time.Duration(random.IntN(30)) * time.Millisecond
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				leave, err := g.enter(ctx, fmt.Sprint(h), r, 0)
				if err != nil {
					return
				}
				defer leave()
				if inside[h].Add(1) != 1 {
					t.Errorf("two at once in host %d", h)
				}
				time.Sleep(work)
				inside[h].Add(-1)
				passed.Add(1)
			})
		}
		wg.Wait()
		if passed.Load() < 100 || g.waiting != 0 || len(g.slots) != 0 {
			t.Errorf("passed %d, waiting %d, slots taken %d", passed.Load(), g.waiting, len(g.slots))
		}
	})
}
