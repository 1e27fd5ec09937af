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

// alert is an article's event for watches.
func alert(id string, watches ...string) veille.Event {
	return veille.Event{
		ID: id, Type: veille.ArticlePublished, Time: time.Now(), Watches: watches,
		Article: &veille.EventArticle{ID: "art_" + id, URL: "https://news.example/" + id, Title: id, Source: "wire", Authors: []string{"A"}},
		Story:   &veille.Story{ID: "sto_" + id, Outlets: 1},
		Matches: []veille.Match{{Watch: watches[0], Excerpt: "«" + id + "»"}},
	}
}

// everyHour is a policy of one digest an hour.
func everyHour() Policy {
	return Policy{Digest: func(t time.Time) time.Time { return t.Add(time.Hour) }, Max: 20}
}

// contents lists what accepted calls told: the ids of alerts, and of what each
// digest holds.
func (r *recorder) contents() []string {
	var out []string
	for _, c := range r.all() {
		if !c.ok {
			continue
		}
		if len(c.holds) == 0 {
			out = append(out, c.event)
			continue
		}
		out = append(out, fmt.Sprint(c.holds))
	}
	return out
}

func TestDispatcher_KeepsTheOrderOfAStory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		a1, a2 := alert("a1", "w"), alert("a2", "w")
		a2.Story = a1.Story
		r := &recorder{do: func(_ context.Context, d veille.Delivery, n int) error {
			if d.EventID == "a1" && n < 4 {
				return verdict(veille.VerdictRetry, 302, 0)
			}
			return nil
		}}
		for _, e := range []veille.Event{a1, a2, alert("b", "w")} {
			outbox.put("hook", e)
		}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"hook": r})
		time.Sleep(10 * time.Minute)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"b", "a1", "a2"}, r.accepted()); diff != "" {
			t.Error(diff)
		}
	})
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

func TestDispatcher_HoldsAlertsInQuietHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox, r := newOutbox(), &recorder{}
		// The bubble begins at midnight UTC.
		midnight := time.Now()
		night := Policy{Quiet: veille.Quiet{From: 22 * time.Hour, To: 7 * time.Hour, Zone: time.UTC}}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"desk": Under(night, r)})
		put := func(e veille.Event) {
			outbox.put("desk", e)
			d.Wake([]string{"desk"})
			synctest.Wait()
		}
		put(alert("e0", "w"))
		time.Sleep(time.Hour)
		put(alert("e1", "w"))
		put(event("urgent"))
		time.Sleep(7 * time.Hour)
		put(alert("day", "w"))
		time.Sleep(14*time.Hour + time.Minute) // 22:01
		put(alert("evening", "w"))
		time.Sleep(12 * time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"urgent", "[e0 e1]", "day", "evening"}, r.contents()); diff != "" {
			t.Error(diff)
		}
		for i, want := range []time.Duration{time.Hour, 7 * time.Hour, 8 * time.Hour, 31 * time.Hour} {
			if got := r.all()[i].at.Sub(midnight); got != want {
				t.Errorf("message %d went after %v, want %v", i, got, want)
			}
		}
	})
}

// TestDispatcher_WhatFailsAgainDoesNotOvertakeThatItWasWell: else a pager would
// resolve in the morning what has failed since.
func TestDispatcher_WhatFailsAgainDoesNotOvertakeThatItWasWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox, r := newOutbox(), &recorder{}
		night := Policy{Quiet: veille.Quiet{From: 22 * time.Hour, To: 7 * time.Hour, Zone: time.UTC}}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"pager": Under(night, r)})
		put := func(id string, kind veille.EventType, source string) {
			e := Example(kind)
			e.ID, e.Source = id, source
			outbox.put("pager", e)
			d.Wake([]string{"pager"})
			time.Sleep(time.Minute)
		}
		put("fails", veille.SourceFailing, "wire")
		put("well", veille.SourceRecovered, "wire")
		put("other well", veille.SourceRecovered, "gazette")
		if diff := cmp.Diff([]string{"fails"}, r.accepted()); diff != "" {
			t.Error(diff)
		}
		put("fails again", veille.SourceFailing, "wire")
		put("well again", veille.SourceRecovered, "wire")
		if diff := cmp.Diff([]string{"fails", "well", "fails again"}, r.accepted()); diff != "" {
			t.Error(diff)
		}
		time.Sleep(12 * time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"fails", "well", "fails again", "other well", "well again"}, r.accepted()); diff != "" {
			t.Error(diff)
		}
	})
}

// TestDispatcher_SendsAnUrgentDeadLetterThatIsRetriedAtNight waits for nothing: a
// retry gives it its old place.
func TestDispatcher_SendsAnUrgentDeadLetterThatIsRetriedAtNight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox, r := newOutbox(), &recorder{}
		r.do = func(_ context.Context, d veille.Delivery, n int) error {
			if d.EventID == "first" && n < 3 {
				return verdict(veille.VerdictPoison, 400, 0)
			}
			return nil
		}
		night := Policy{Quiet: veille.Quiet{From: 22 * time.Hour, To: 7 * time.Hour, Zone: time.UTC}}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		stop := start(t, d, map[string]Notifier{"desk": Under(night, r)})
		for _, id := range []string{"first", "second"} {
			outbox.put("desk", event(id))
			d.Wake([]string{"desk"})
			time.Sleep(time.Minute)
		}
		if s := outbox.row(1).State; s != veille.DeliveryDead {
			t.Fatalf("the first is %s", s)
		}
		outbox.retry(1)
		d.Resume("desk")
		time.Sleep(time.Minute)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"second", "first"}, r.accepted()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDispatcher_DrainLeavesWhatIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox, r := newOutbox(), &recorder{}
		outbox.put("desk", alert("a", "w"))
		outbox.put("desk", alert("b", "w"))
		outbox.put("desk", event("urgent"))
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		d.Apply(map[string]Notifier{"desk": Under(everyHour(), r)})
		report, err := d.Drain(t.Context())
		if diff := cmp.Diff(Report{Sent: 1, Held: 2}, report); err != nil || diff != "" {
			t.Error(err, diff)
		}
	})
}

func TestDispatcher_KeepsToARate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox, r := newOutbox(), &recorder{}
		for n := range 50 {
			outbox.put("desk", alert(fmt.Sprint(n), "w"))
		}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		d.Apply(map[string]Notifier{"desk": Under(Policy{Rate: veille.Rate{Count: 20, Per: time.Minute}}, r)})
		begin := time.Now()
		if report, err := d.Drain(t.Context()); err != nil || report.Sent != 50 {
			t.Fatal(report, err)
		}
		if took := time.Since(begin); took != 2*time.Minute {
			t.Errorf("fifty messages at 20/1m took %v, want 2m", took)
		}
		calls := r.all()
		for i := 20; i < len(calls); i++ {
			if calls[i].at.Sub(calls[i-20].at) < time.Minute {
				t.Fatalf("messages %d to %d came within a minute", i-20, i)
			}
		}
	})
}

func TestDispatcher_LogsEachAttemptOfADelivery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		seq := outbox.put("hook", event("evt_1"))
		begin := time.Now().UTC()
		r := &recorder{do: func(_ context.Context, _ veille.Delivery, n int) error {
			time.Sleep(time.Second)
			return []error{verdict(veille.VerdictPause, 429, 30*time.Second), verdict(veille.VerdictPoison, 400, 0), nil}[n]
		}}
		stop := start(t, NewDispatcher(DispatcherOptions{Outbox: outbox}), map[string]Notifier{"hook": r})
		time.Sleep(time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		got := outbox.attempts[seq]
		if len(got) != 3 || got[0].Next.Before(begin.Add(31*time.Second)) {
			t.Fatalf("attempts: %+v", got)
		}
		retried := got[0].Next
		got[0].Next = time.Time{}
		want := []veille.Attempt{
			{At: begin, Took: time.Second, Result: "pause", Status: 429, Answer: "no"},
			{At: retried, Took: time.Second, Result: "poison", Status: 400, Answer: "no", Next: begin},
			{At: retried.Add(time.Second), Took: time.Second, Result: "sent"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDispatcher_TellsOfARecoveryAlsoAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		outbox.put("desk", event("evt_1"))
		refuses := true
		r := &recorder{do: func(context.Context, veille.Delivery, int) error {
			if refuses {
				return verdict(veille.VerdictDisable, 410, 0)
			}
			return nil
		}}
		var told []veille.EventType
		tell := func(_ context.Context, _ string, e veille.Event) { told = append(told, e.Type) }
		stop := start(t, NewDispatcher(DispatcherOptions{Outbox: outbox, Tell: tell}), map[string]Notifier{"desk": r})
		time.Sleep(time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		// An operator resumes it while no process runs.
		state := outbox.receivers["desk"]
		outbox.receivers["desk"] = veille.ReceiverState{Name: "desk", DisabledAt: state.DisabledAt}
		refuses = false
		stop = start(t, NewDispatcher(DispatcherOptions{Outbox: outbox, Tell: tell}), map[string]Notifier{"desk": r})
		time.Sleep(time.Hour)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]veille.EventType{veille.ReceiverDisabled, veille.ReceiverRecovered}, told); diff != "" {
			t.Error(diff)
		}
	})
}
