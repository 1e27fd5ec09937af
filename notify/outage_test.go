package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestDispatcher_HonoursRetryAfterAndCountsNoAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var arrivals []time.Time
		env := pipeServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			arrivals = append(arrivals, time.Now())
			if len(arrivals) == 1 {
				w.Header().Set("Retry-After", "30")
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = io.WriteString(w, `{"ok":false,"error":"rate_limited","retry_after":30}`)
				return
			}
			_, _ = io.WriteString(w, "ok")
		}))
		outbox := newOutbox()
		seq := outbox.put("desk", event("evt_1"))
		n, err := slackKind().Build("desk", &SlackOptions{URL: veille.NewSecret("http://hooks.test/services/T0/B0/XXXXXXXX")}, env)
		if err != nil {
			t.Fatal(err)
		}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"desk": n})
		time.Sleep(29 * time.Second)
		if got := outbox.row(seq); got.Attempts != 0 || got.LastStatus != 429 {
			t.Errorf("after the 429: %d attempts, status %d; want 0, 429", got.Attempts, got.LastStatus)
		}
		time.Sleep(10 * time.Second)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if len(arrivals) != 2 {
			t.Fatalf("%d requests, want 2", len(arrivals))
		}
		if gap := arrivals[1].Sub(arrivals[0]); gap < 30*time.Second || gap > 33*time.Second {
			t.Errorf("second request after %v, want 30 to 33 s", gap)
		}
		if got := outbox.row(seq); got.State != veille.DeliverySent || got.Attempts != 1 {
			t.Errorf("row is %s after %d attempts, want sent after 1", got.State, got.Attempts)
		}
	})
}

func TestDispatcher_DeadReceiverDelaysNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		dead := &recorder{do: func(ctx context.Context, _ veille.Delivery, _ int) error {
			<-ctx.Done() // a black hole
			return verdict(veille.VerdictPause, 0, 0)
		}}
		well := &recorder{}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"dead": dead, "well": well})
		for i := range 50 {
			time.Sleep(time.Second)
			e := event(fmt.Sprintf("evt_%02d", i))
			outbox.put("dead", e)
			outbox.put("well", e)
			d.Wake([]string{"dead", "well", "unknown"})
			synctest.Wait()
			if got := len(well.accepted()); got != i+1 {
				t.Fatalf("after event %d the other receiver has %d", i, got)
			}
			if at := well.all()[i].at; !at.Equal(time.Now()) {
				t.Fatalf("event %d arrived %v late", i, -time.Until(at))
			}
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if n := outbox.count("dead", veille.DeliveryPending); n != 50 {
			t.Errorf("%d rows wait for the dead receiver, want 50", n)
		}
	})
}

func TestDispatcher_DeliversInOrderAfter72HoursOfOutage(t *testing.T) {
	for _, outage := range []struct {
		name   string
		status int
	}{{"black hole", 0}, {"gateway errors", 502}} {
		t.Run(outage.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				outbox := newOutbox()
				end := time.Now().Add(72 * time.Hour)
				r := &recorder{do: func(ctx context.Context, _ veille.Delivery, _ int) error {
					if time.Now().After(end) {
						return nil
					}
					return verdict(veille.VerdictPause, outage.status, 0)
				}}
				d := NewDispatcher(DispatcherOptions{Outbox: outbox})
				stop := start(t, d, map[string]Notifier{"hook": r})
				var want []string
				for i := range 144 {
					id := fmt.Sprintf("evt_%03d", i)
					want = append(want, id)
					outbox.put("hook", event(id))
					d.Wake([]string{"hook"})
					time.Sleep(30 * time.Minute)
				}
				if n := len(r.all()); n > 700 {
					t.Errorf("%d attempts during the outage, want some four an hour", n)
				}
				if len(d.Reasons()) != 1 {
					t.Errorf("reasons %q, want one", d.Reasons())
				}
				time.Sleep(20 * time.Minute)
				if err := stop(); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, r.accepted()); diff != "" {
					t.Error(diff)
				}
				if len(d.Reasons()) != 0 {
					t.Errorf("reasons %q after recovery", d.Reasons())
				}
			})
		})
	}
}

func TestDispatcher_RowThatCrashesItsReceiverDoesNotBlockForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		killer := outbox.put("hook", event("evt_killer"))
		for i := range 5 {
			time.Sleep(time.Millisecond)
			outbox.put("hook", event(fmt.Sprintf("evt_%d", i)))
		}
		r := &recorder{do: func(_ context.Context, d veille.Delivery, _ int) error {
			if d.EventID == "evt_killer" {
				return verdict(veille.VerdictPause, 500, 0)
			}
			return nil
		}}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"hook": r})
		time.Sleep(15 * time.Minute)
		if diff := cmp.Diff([]string{"evt_0", "evt_1", "evt_2", "evt_3", "evt_4"}, r.accepted()); diff != "" {
			t.Error(diff)
		}
		time.Sleep(80 * time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if s := outbox.row(killer).State; s != veille.DeliveryDead {
			t.Errorf("the row is %s, want dead", s)
		}
	})
}

// TestDispatcher_DigestThatCrashesItsReceiverDoesNotBlockForEver also has an outage,
// which must not take a digest apart.
func TestDispatcher_DigestThatCrashesItsReceiverDoesNotBlockForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox, begin := newOutbox(), time.Now()
		r := &recorder{}
		r.do = func(_ context.Context, d veille.Delivery, _ int) error {
			down := time.Since(begin) < 30*time.Hour
			crashes := d.Type == veille.Digest && slices.ContainsFunc(d.Event.Events, func(e veille.Event) bool { return e.ID == "bad" })
			if down || crashes {
				return verdict(veille.VerdictPause, 500, 0)
			}
			return nil
		}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"desk": Under(everyHour(), r)})
		for _, id := range []string{"a", "b", "c"} {
			outbox.put("desk", alert(id, "w"))
		}
		time.Sleep(2 * time.Hour)
		outbox.put("desk", alert("behind", "w"))
		time.Sleep(31 * time.Hour)
		if diff := cmp.Diff([]string{"[a b c]", "behind"}, r.contents()); diff != "" {
			t.Errorf("after an outage: %s", diff)
		}
		for _, id := range []string{"bad", "good"} {
			outbox.put("desk", alert(id, "w"))
		}
		time.Sleep(2 * time.Hour)
		outbox.put("desk", alert("later", "w"))
		time.Sleep(24 * time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"[a b c]", "behind", "later", "bad", "good"}, r.contents()); diff != "" {
			t.Errorf("after a digest that crashes it: %s", diff)
		}
	})
}

// TestDispatcher_RowThatCrashesItsReceiverIsFoundAfterAnOutage: while the service is
// down, the rows behind say nothing of the first.
func TestDispatcher_RowThatCrashesItsReceiverIsFoundAfterAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox, begin := newOutbox(), time.Now()
		for _, id := range []string{"bad", "b", "c", "d"} {
			outbox.put("desk", alert(id, "w"))
		}
		r := &recorder{}
		r.do = func(_ context.Context, d veille.Delivery, _ int) error {
			if d.EventID == "bad" || time.Since(begin) < 30*time.Hour {
				return verdict(veille.VerdictPause, 500, 0)
			}
			return nil
		}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"desk": r})
		time.Sleep(80 * time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"b", "c", "d"}, slices.Sorted(slices.Values(r.accepted()))); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDispatcher_DisablesAndTellsOnceAndKeepsRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		open := false
		r := &recorder{do: func(context.Context, veille.Delivery, int) error {
			if open {
				return nil
			}
			return verdict(veille.VerdictDisable, 410, 0)
		}}
		var told []veille.Event
		tell := func(_ context.Context, _ string, e veille.Event) { told = append(told, e) }
		outbox.put("desk", event("evt_1"))
		outbox.put("desk", event("evt_2"))
		d := NewDispatcher(DispatcherOptions{Outbox: outbox, Tell: tell})
		stop := start(t, d, map[string]Notifier{"desk": r})
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if n := len(r.all()); n != 1 {
			t.Errorf("%d attempts, want 1", n)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if n := outbox.count("desk", veille.DeliveryPending); n != 2 {
			t.Errorf("%d rows are kept, want 2", n)
		}

		// A restart remembers, and tells under the same id.
		d = NewDispatcher(DispatcherOptions{Outbox: outbox, Tell: tell})
		stop = start(t, d, map[string]Notifier{"desk": r})
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(r.all()) != 1 {
			t.Error("a disabled receiver was tried after a restart")
		}
		if len(told) != 2 || told[0].ID != told[1].ID || told[0].Type != veille.ReceiverDisabled {
			t.Fatalf("told %+v, want the same event twice", told)
		}
		if !strings.Contains(d.Reasons()[0], "disabled") {
			t.Errorf("reasons %q", d.Reasons())
		}
		open = true
		d.Resume("desk")
		synctest.Wait()
		if diff := cmp.Diff([]string{"evt_1", "evt_2"}, r.accepted()); diff != "" {
			t.Error(diff)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if last := told[len(told)-1]; last.Type != veille.ReceiverRecovered {
			t.Errorf("last told %s, want receiver.recovered", last.Type)
		}
	})
}

func TestDispatcher_DisablesAfterThreeRefusalsInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		statuses := []int{401, 403, 500, 401, 403, 401, 0}
		r := &recorder{do: func(_ context.Context, _ veille.Delivery, n int) error {
			return verdict(veille.VerdictPause, statuses[n], 0)
		}}
		outbox.put("hook", event("evt_1"))
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"hook": r})
		time.Sleep(24 * time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if n := len(r.all()); n != 6 {
			t.Errorf("%d attempts, want 6: the third refusal in a row disables", n)
		}
		if s, _ := outbox.Receiver(t.Context(), "hook"); !s.Disabled {
			t.Error("the receiver is not disabled")
		}
	})
}

func TestDispatcher_IgnoresTimesOfAClockSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		future := time.Now().Add(400 * 24 * time.Hour)
		outbox.putAt("hook", event("evt_1"), future, future)
		outbox.receivers["hook"] = veille.ReceiverState{Name: "hook", PausedUntil: future, Fails: 3}
		r := &recorder{}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"hook": r})
		time.Sleep(time.Minute)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"evt_1"}, r.accepted()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDispatcher_KeepsRetriesOfAClockSetForward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		long := time.Now().Add(-365 * 24 * time.Hour)
		seq := outbox.putAt("hook", event("evt_1"), long, long)
		r := &recorder{do: func(_ context.Context, _ veille.Delivery, n int) error {
			if n < leastAttempts-1 {
				return verdict(veille.VerdictRetry, 0, 0)
			}
			return nil
		}}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"hook": r})
		time.Sleep(time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if s := outbox.row(seq).State; s != veille.DeliverySent {
			t.Errorf("row is %s, want sent: age alone buries nothing", s)
		}
	})
}

func TestDispatcher_FullDiskSendsNothingTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		outbox.put("hook", event("evt_1"))
		outbox.put("hook", event("evt_2"))
		outbox.breakWith(fmt.Errorf("commit: %w", veille.ErrStoreFull))
		r := &recorder{}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"hook": r})
		time.Sleep(time.Hour)
		if n := len(r.all()); n != 1 {
			t.Errorf("%d attempts while nothing can be recorded, want 1", n)
		}
		outbox.breakWith(nil)
		time.Sleep(time.Minute)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"evt_1", "evt_2"}, r.accepted()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDispatcher_BrokenOutboxEndsRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		outbox.put("hook", event("evt_1"))
		broken := errors.New("input/output error")
		outbox.breakWith(broken)
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		d.Apply(map[string]Notifier{"hook": &recorder{}, "other": &recorder{}})
		if err := d.Run(t.Context()); !errors.Is(err, broken) {
			t.Errorf("Run returned %v, want the outbox's error", err)
		}
	})
}
