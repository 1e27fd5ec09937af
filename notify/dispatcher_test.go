package notify

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestDispatcher_KeepsAPoisonRowFromBlockingOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		var seqs []uint64
		for i := range 3 {
			seqs = append(seqs, outbox.put("hook", event(fmt.Sprintf("evt_%d", i))))
		}
		r := &recorder{do: func(_ context.Context, d veille.Delivery, _ int) error {
			if d.EventID == "evt_0" || d.EventID == "evt_1" && !d.Degraded {
				return verdict(veille.VerdictPoison, 400, 0)
			}
			return nil
		}}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		d.Apply(map[string]Notifier{"hook": r})
		report, err := d.Drain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Report{Sent: 2, Failed: 1}, report); diff != "" {
			t.Error(diff)
		}
		var got []string
		for _, c := range r.all() {
			got = append(got, fmt.Sprintf("%s degraded=%t ok=%t", c.event, c.degraded, c.ok))
		}
		want := []string{
			"evt_0 degraded=false ok=false", "evt_0 degraded=true ok=false",
			"evt_1 degraded=false ok=false", "evt_1 degraded=true ok=true",
			"evt_2 degraded=false ok=true",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if s := outbox.row(seqs[0]).State; s != veille.DeliveryDead {
			t.Errorf("the poison row is %s, want dead", s)
		}
	})
}

func TestDispatcher_RetriesOneRowWithoutBlockingOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		bad := outbox.put("hook", event("evt_bad"))
		outbox.put("hook", event("evt_good"))
		r := &recorder{do: func(_ context.Context, d veille.Delivery, _ int) error {
			if d.EventID == "evt_bad" {
				return verdict(veille.VerdictRetry, 302, 0)
			}
			return nil
		}}
		begin := time.Now()
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"hook": r})
		synctest.Wait()
		if diff := cmp.Diff([]string{"evt_good"}, r.accepted()); diff != "" {
			t.Error(diff)
		}
		time.Sleep(71 * time.Hour)
		if s := outbox.row(bad).State; s != veille.DeliveryPending {
			t.Errorf("before its budget is spent the row is %s", s)
		}
		time.Sleep(4 * time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		row := outbox.row(bad)
		if row.State != veille.DeliveryDead || row.LastTry.Sub(begin) < budget {
			t.Errorf("row is %s after %v, want dead after 72 h", row.State, row.LastTry.Sub(begin))
		}
		if row.Attempts < 60 || row.LastStatus != 302 {
			t.Errorf("%d attempts with status %d, want about 80 with 302", row.Attempts, row.LastStatus)
		}
	})
}

func TestDispatcher_StopLetsAnAttemptFinish(t *testing.T) {
	for _, tc := range []struct {
		name  string
		takes time.Duration
		ends  time.Duration
		state veille.DeliveryState
	}{
		{"within the grace", 8 * time.Second, 7 * time.Second, veille.DeliverySent},
		{"beyond the grace", 40 * time.Second, 10 * time.Second, veille.DeliveryPending},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				outbox := newOutbox()
				seq := outbox.put("hook", event("evt_1"))
				outbox.put("hook", event("evt_2"))
				r := &recorder{do: func(ctx context.Context, _ veille.Delivery, _ int) error {
					select {
					case <-time.After(tc.takes):
						return nil
					case <-ctx.Done():
						return verdict(veille.VerdictPause, 0, 0)
					}
				}}
				d := NewDispatcher(DispatcherOptions{Outbox: outbox})
				stop := start(t, d, map[string]Notifier{"hook": r})
				time.Sleep(time.Second)
				asked := time.Now()
				if err := stop(); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(asked); took != tc.ends {
					t.Errorf("stopped after %v, want %v", took, tc.ends)
				}
				if row := outbox.row(seq); row.State != tc.state || row.Attempts > 1 {
					t.Errorf("row is %s, want %s", row.State, tc.state)
				}
				if n := len(r.all()); n != 1 {
					t.Errorf("%d attempts, want no new one after the stop", n)
				}
			})
		})
	}
}

func TestDispatcher_ApplySwapsReceiversUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		slow := &recorder{do: func(context.Context, veille.Delivery, int) error {
			time.Sleep(5 * time.Second)
			return nil
		}}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"a": slow, "b": &recorder{}})
		outbox.put("a", event("evt_1"))
		outbox.put("a", event("evt_2"))
		d.Wake([]string{"a"})
		time.Sleep(time.Second)

		d.Apply(map[string]Notifier{"b": &recorder{}})
		time.Sleep(time.Minute)
		if diff := cmp.Diff([]string{"evt_1"}, slow.accepted()); diff != "" {
			t.Errorf("removed receiver: %s", diff)
		}
		if n := outbox.count("a", veille.DeliveryPending); n != 1 {
			t.Errorf("%d rows are parked, want 1", n)
		}

		// Back again, and swapped while an attempt is under way: never two at once.
		d.Apply(map[string]Notifier{"a": slow, "b": &recorder{}})
		time.Sleep(time.Second)
		back := time.Now()
		outbox.put("a", event("evt_3"))
		d.Apply(map[string]Notifier{"b": &recorder{}})
		fresh := &recorder{}
		d.Apply(map[string]Notifier{"a": fresh, "b": &recorder{}})
		time.Sleep(time.Minute)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"evt_3"}, fresh.accepted()); diff != "" {
			t.Error(diff)
		}
		if at := fresh.all()[0].at; at.Sub(back) != 4*time.Second {
			t.Errorf("the new worker began %v after the swap, want when the old attempt ended, at 4s", at.Sub(back))
		}
	})
}

func TestDispatcher_SpacesSlackMessagesByASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		for i := range 10 {
			outbox.put("desk", event(fmt.Sprintf("evt_%d", i)))
		}
		r := &spaced{}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		d.Apply(map[string]Notifier{"desk": r})
		begin := time.Now()
		report, err := d.Drain(t.Context())
		if err != nil || report.Sent != 10 {
			t.Fatalf("drained %+v, %v; want 10 sent", report, err)
		}
		if took := time.Since(begin); took != 9*time.Second {
			t.Errorf("ten messages took %v, want 9s", took)
		}
	})
}

// TestDispatcher_KeepsThePaceAndOptionsOfANotifierThatIsWatched is about traces,
// which wrap every notifier.
func TestDispatcher_KeepsThePaceAndOptionsOfANotifierThatIsWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		for i := range 10 {
			outbox.put("desk", event(fmt.Sprintf("evt_%d", i)))
		}
		r := &spaced{}
		watched := func(n Notifier) Notifier { return Under(Policy{}, Through(struct{ Notifier }{n}, n)) }
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		d.Apply(map[string]Notifier{"desk": watched(r)})
		begin := time.Now()
		if report, err := d.Drain(t.Context()); err != nil || report.Sent != 10 || time.Since(begin) != 9*time.Second {
			t.Errorf("drained %+v, %v in %v; want 10 in 9s", report, err, time.Since(begin))
		}
		before, after := &service{print: [32]byte{1}}, &service{print: [32]byte{2}}
		for _, n := range []*service{before, before, after} {
			d.Apply(map[string]Notifier{"desk": watched(n)})
			if changed := d.workers["desk"].resume.Load(); changed != (n == after) {
				t.Errorf("changed: %t", changed)
			}
		}
	})
}

func TestDispatcher_SurvivesAPanicOfANotifier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		seq := outbox.put("hook", event("evt_1"))
		r := &recorder{do: func(_ context.Context, _ veille.Delivery, n int) error {
			if n == 0 {
				panic("secret-canary")
			}
			return nil
		}}
		var logs bytes.Buffer
		d := NewDispatcher(DispatcherOptions{Outbox: outbox, Log: slog.New(slog.NewTextHandler(&logs, nil))})
		stop := start(t, d, map[string]Notifier{"hook": r})
		time.Sleep(time.Minute)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if s := outbox.row(seq).State; s != veille.DeliverySent {
			t.Errorf("row is %s, want sent", s)
		}
		if strings.Contains(logs.String(), "secret-canary") {
			t.Error("the value of the panic was logged")
		}
	})
}

func TestDispatcher_LogsARepeatedFailureOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		outbox.put("hook", event("evt_1"))
		r := &recorder{do: func(_ context.Context, _ veille.Delivery, n int) error {
			if n < 10 {
				return verdict(veille.VerdictPause, 503, 0)
			}
			return nil
		}}
		var logs bytes.Buffer
		d := NewDispatcher(DispatcherOptions{Outbox: outbox, Log: slog.New(slog.NewTextHandler(&logs, nil))})
		stop := start(t, d, map[string]Notifier{"hook": r})
		time.Sleep(3 * time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(logs.String(), "\n"); n != 2 {
			t.Errorf("%d lines, want one for the pause and one for the recovery:\n%s", n, &logs)
		}
	})
}

func TestDispatcher_DrainReportsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		for _, r := range []string{"down", "down", "later", "off", "well"} {
			outbox.put(r, event("evt_"+r))
		}
		outbox.receivers["off"] = veille.ReceiverState{Name: "off", Disabled: true}
		outbox.receivers["idle"] = veille.ReceiverState{Name: "idle", Disabled: true}
		always := func(err error) Notifier {
			return &recorder{do: func(context.Context, veille.Delivery, int) error { return err }}
		}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		d.Apply(map[string]Notifier{
			"down": always(verdict(veille.VerdictPause, 503, time.Hour)), "later": always(verdict(veille.VerdictRetry, 302, time.Hour)),
			"off": always(nil), "well": always(nil), "idle": always(nil),
		})
		report, err := d.Drain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Report{Sent: 1, Waiting: 3}, report); diff != "" {
			t.Error(diff)
		}
		samples := map[string]float64{}
		for _, s := range d.Samples() {
			if s.Value != 0 {
				samples[fmt.Sprint(s.Name, s.Labels)] = s.Value
			}
		}
		want := map[string]float64{
			"veille_deliveries_total[[receiver down] [result paused]]": 1, "veille_deliveries_total[[receiver later] [result retry]]": 1,
			"veille_deliveries_total[[receiver well] [result sent]]": 1,
			"veille_delivery_attempts_total[[receiver down]]":        1,
			"veille_delivery_attempts_total[[receiver later]]":       1,
			"veille_delivery_attempts_total[[receiver well]]":        1,
			"veille_receiver_up[[receiver well]]":                    1,
			"veille_receiver_paused[[receiver down]]":                1,
			"veille_receiver_disabled[[receiver off]]":               1,
			"veille_receiver_disabled[[receiver idle]]":              1,
		}
		if diff := cmp.Diff(want, samples); diff != "" {
			t.Error(diff)
		}
		if empty, err := NewDispatcher(DispatcherOptions{Outbox: outbox}).Drain(t.Context()); err != nil || empty != (Report{}) {
			t.Errorf("without receivers: %+v, %v", empty, err)
		}
	})
}

func TestDispatcher_ChangedOptionsResumeAReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := pipeServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			if r.URL.Path == "/old" {
				w.WriteHeader(http.StatusGone)
			}
		}))
		outbox := newOutbox()
		seq := outbox.put("hook", event("evt_1"))
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"hook": testWebhook(t, "http://hook.test/old", env)})
		time.Sleep(time.Hour)
		d.Apply(map[string]Notifier{"hook": testWebhook(t, "http://hook.test/old", env)})
		time.Sleep(time.Hour)
		if s, _ := outbox.Receiver(t.Context(), "hook"); !s.Disabled {
			t.Error("a reload without a change resumed the receiver")
		}
		d.Apply(map[string]Notifier{"hook": testWebhook(t, "http://hook.test/new", env)})
		synctest.Wait()
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if s := outbox.row(seq).State; s != veille.DeliverySent {
			t.Errorf("row is %s, want sent through the new address", s)
		}
	})
}
