package notify

import (
	"context"
	"fmt"
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
