package notify

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// everyHour is a policy of one digest an hour.
func everyHour() Policy {
	return Policy{Digest: func(t time.Time) time.Time { return t.Add(time.Hour) }, Max: 20}
}

func TestDispatcher_GathersADigestEveryHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox, r, begin := newOutbox(), &recorder{}, time.Now()
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		p := everyHour()
		p.Max = 2
		stop := start(t, d, map[string]Notifier{"desk": Under(p, r)})
		for n := range 8 {
			outbox.put("desk", alert(fmt.Sprint("e", n), "w", fmt.Sprint("w", n)))
			d.Wake([]string{"desk"})
			time.Sleep(9 * time.Minute)
		}
		outbox.put("desk", event("evt_system"))
		d.Wake([]string{"desk"})
		time.Sleep(5 * time.Hour)
		outbox.put("desk", alert("lonely", "w"))
		time.Sleep(2 * time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		want := []string{"[e0 e1 e2 e3 e4 e5 e6]", "evt_system", "e7", "lonely"}
		if diff := cmp.Diff(want, r.contents()); diff != "" {
			t.Fatal(diff)
		}
		calls := r.all()
		if at := calls[0].at.Sub(begin); at != time.Hour {
			t.Errorf("the first digest went after %v", at)
		}
		if at := calls[1].at.Sub(begin); at != 72*time.Minute {
			t.Errorf("what needs a person went after %v, want at once", at)
		}
		digest := outbox.row(8).Event
		if digest.Type != veille.Digest || !slices.Equal(digest.Watches, []string{"w", "w0", "w1", "w2", "w3", "w4", "w5", "w6"}) {
			t.Errorf("digest %+v", digest)
		}
		for i, e := range digest.Events {
			if full := len(e.Matches) == 1 && !e.Truncated; full != (i < 2) || e.Article.URL == "" {
				t.Errorf("member %d: %+v", i, e)
			}
		}
		if s := outbox.row(1); s.State != veille.DeliverySent || s.Batch != digest.ID {
			t.Errorf("a member is %s in %q", s.State, s.Batch)
		}
	})
}

func TestDispatcher_SendsTheSameDigestAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		for n := range 3 {
			outbox.put("desk", alert(fmt.Sprint("e", n), "w"))
		}
		time.Sleep(2 * time.Hour)
		r := &recorder{do: func(ctx context.Context, _ veille.Delivery, n int) error {
			if n == 0 {
				<-ctx.Done() // the process ends in the middle
				return verdict(veille.VerdictPause, 0, 0)
			}
			return nil
		}}
		stop := start(t, NewDispatcher(DispatcherOptions{Outbox: outbox}), map[string]Notifier{"desk": Under(everyHour(), r)})
		synctest.Wait()
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		outbox.put("desk", alert("later", "w"))
		time.Sleep(2 * time.Hour)
		stop = start(t, NewDispatcher(DispatcherOptions{Outbox: outbox}), map[string]Notifier{"desk": Under(everyHour(), r)})
		time.Sleep(time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		calls := r.all()
		if len(calls) != 3 || calls[0].event != calls[1].event || !slices.Equal(calls[0].holds, calls[1].holds) {
			t.Fatalf("calls %+v, want the same digest twice, then the later alert", calls)
		}
		if calls[1].event != veille.DigestID("desk", []string{"e0", "e1", "e2"}) || calls[2].event != "later" {
			t.Errorf("told %+v", calls)
		}
	})
}

func TestDispatcher_SplitsADigestThatIsRefused(t *testing.T) {
	for _, refusal := range []veille.Verdict{veille.VerdictPoison, veille.VerdictRetry} {
		t.Run(string(refusal), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				outbox := newOutbox()
				var poison uint64
				for n := range 4 {
					if seq := outbox.put("desk", alert(fmt.Sprint("e", n), "w")); n == 1 {
						poison = seq
					}
				}
				r := &recorder{do: func(_ context.Context, d veille.Delivery, _ int) error {
					if d.Type == veille.Digest || d.EventID == "e1" {
						return verdict(refusal, 400, 0)
					}
					return nil
				}}
				d := NewDispatcher(DispatcherOptions{Outbox: outbox})
				stop := start(t, d, map[string]Notifier{"desk": Under(everyHour(), r)})
				time.Sleep(2 * time.Hour)
				if diff := cmp.Diff([]string{"e0", "e2", "e3"}, r.accepted()); diff != "" {
					t.Error(diff)
				}
				time.Sleep(80 * time.Hour)
				if err := stop(); err != nil {
					t.Fatal(err)
				}
				if s := outbox.row(poison).State; s != veille.DeliveryDead {
					t.Errorf("the row that nobody takes is %s", s)
				}
				if s := outbox.row(5).State; s != veille.DeliverySplit {
					t.Errorf("the digest is %s", s)
				}
			})
		})
	}
}

func TestDispatcher_GathersAFloodOfOneWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox, r := newOutbox(), &recorder{}
		for n := range 25 {
			outbox.put("desk", alert(fmt.Sprint("f", n), "flood"))
			if n%5 == 0 {
				outbox.put("desk", alert(fmt.Sprint("c", n), "calm"))
			}
		}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		d.Apply(map[string]Notifier{"desk": Under(Policy{Flood: 20}, r)})
		report, err := d.Drain(t.Context())
		if err != nil || report.Waiting != 0 || report.Held != 0 {
			t.Fatal(report, err)
		}
		var flood []string
		for n := 1; n < 25; n++ {
			flood = append(flood, fmt.Sprint("f", n))
		}
		// The first one may have been under way when the process before ended.
		want := []string{"f0", "c0", fmt.Sprint(flood), "c5", "c10", "c15", "c20"}
		if diff := cmp.Diff(want, r.contents()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDispatcher_GathersNoFloodThatDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox, r := newOutbox(), &recorder{}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"desk": Under(Policy{Flood: 20}, r)})
		for n := range 60 {
			outbox.put("desk", alert(fmt.Sprint(n), "w"))
			d.Wake([]string{"desk"})
			synctest.Wait()
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if n := len(r.accepted()); n != 60 {
			t.Errorf("%d messages, want 60", n)
		}
	})
}
