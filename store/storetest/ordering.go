package storetest

import (
	"fmt"

	"veille"
)

// told is the kth event of a story.
func told(story string, k int) veille.Event {
	e := event(k)
	e.ID = veille.EventID(story, veille.ArticlePublished, k)
	e.Story = &veille.Story{ID: story, Outlets: k, First: url(k)}
	return e
}

// fillStory puts the kth event of a story into a receiver's outbox, due at a
// minute.
func (b *box) fillStory(story string, k, due int, receiver string) {
	b.Helper()
	d := delivery(k, receiver, due, "Corée")
	d.EventID = told(story, k).ID
	b.ok(b.CommitEvents(b.ctx(), []veille.Event{told(story, k)}, []veille.Delivery{d}))
}

// again puts a delivery off to a minute.
func (b *box) again(d veille.Delivery, due int) {
	b.Helper()
	d.Due = at(due)
	b.settle(d, veille.DeliveryPending)
}

// trouble is an event about what is or was wrong with a source or a receiver.
func trouble(t veille.EventType, source, receiver string) veille.Event {
	return veille.Event{ID: veille.SystemEventID(t, source+receiver, "1"), Type: t, Time: at(1), Source: source, Receiver: receiver, Message: "m"}
}

func ordering() []promise {
	return []promise{
		{"Order_WhatRecoveredWaitsForWhatWasWrong", func(b *box) {
			events := []veille.Event{
				trouble(veille.SourceFailing, "wire", ""), trouble(veille.SourceRecovered, "wire", ""),
				trouble(veille.ReceiverDisabled, "", "room"), trouble(veille.ReceiverRecovered, "", "room"),
				trouble(veille.SourceRecovered, "gazette", ""), trouble(veille.ConfigRejected, "", ""),
			}
			for _, e := range events {
				b.ok(b.CommitEvents(b.ctx(), []veille.Event{e}, []veille.Delivery{{Receiver: "desk", EventID: e.ID, Created: at(1), Due: at(1)}}))
			}
			for _, i := range []int{0, 2} {
				d := b.claim("desk", 1)
				same(b, "wrong", d.EventID, events[i].ID)
				b.again(d, 9)
				if i == 0 {
					b.reopen()
				}
			}
			for _, i := range []int{4, 5} {
				d := b.claim("desk", 1)
				same(b, "of others", d.EventID, events[i].ID)
				b.settle(d, veille.DeliverySent)
			}
			_, _, err := b.NextDelivery(b.ctx(), "desk", at(8))
			b.is(err, veille.ErrNotFound)
			for _, i := range []int{0, 1, 2, 3} {
				d := b.claim("desk", 9)
				same(b, "in order", d.EventID, events[i].ID)
				b.settle(d, veille.DeliverySent)
			}
		}},
		{"NextDelivery_NeverOvertakesWithinAStory", func(b *box) {
			b.fillStory("sto_a", 1, 1, "desk")
			b.fillStory("sto_a", 2, 2, "desk")
			b.fillStory("sto_b", 3, 3, "desk")
			b.fillStory("sto_a", 4, 4, "hook")
			b.again(b.claim("desk", 5), 30)
			b.reopen()
			other := b.claim("desk", 5)
			same(b, "another story goes on", other.EventID, told("sto_b", 3).ID)
			b.settle(other, veille.DeliverySent)
			_, next, err := b.NextDelivery(b.ctx(), "desk", at(29))
			b.is(err, veille.ErrNotFound)
			same(b, "next", next, at(30))
			same(b, "another receiver goes on", b.claim("hook", 5).EventID, told("sto_a", 4).ID)
			first := b.claim("desk", 30)
			same(b, "first", first.EventID, told("sto_a", 1).ID)
			b.settle(first, veille.DeliverySent)
			b.reopen()
			second := b.claim("desk", 30)
			same(b, "then the second", second.EventID, told("sto_a", 2).ID)
			b.settle(second, veille.DeliverySent)
			b.silent("desk")
		}},
		{"NextDelivery_GoesOnBehindADeadLetter", func(b *box) {
			b.fillStory("sto_a", 1, 1, "desk")
			b.fillStory("sto_a", 2, 2, "desk")
			b.settle(b.claim("desk", 5), veille.DeliveryDead)
			second := b.claim("desk", 5)
			same(b, "second", second.EventID, told("sto_a", 2).ID)
			same(b, "retried", got[int](b)(b.Retry(b.ctx(), veille.DeliveryFilter{Receiver: "desk"}, at(5))), 1)
			same(b, "the first is first again", b.claim("desk", 5).EventID, told("sto_a", 1).ID)
			same(b, "dropped", got[int](b)(b.Drop(b.ctx(), veille.DeliveryFilter{EventID: told("sto_a", 1).ID})), 1)
			same(b, "second", b.claim("desk", 5).EventID, second.EventID)
			b.settle(second, veille.DeliverySent)
			b.silent("desk")
		}},
		{"NextDelivery_KeepsTheOrderOfAnArticleWithoutAStory", func(b *box) {
			b.fill(1, 1, "desk")
			b.put(edit(1), "desk")
			b.again(b.claim("desk", 5), 60)
			_, next, err := b.NextDelivery(b.ctx(), "desk", at(59))
			b.is(err, veille.ErrNotFound)
			same(b, "next", next, at(60))
			same(b, "first", b.claim("desk", 60).EventID, event(1).ID)
		}},
		{"Waiting_ListsWhatWaitsInOrder", func(b *box) {
			for n := range 5 {
				b.fill(n, 50-n, "desk", "hook")
			}
			b.settle(b.claim("desk", 50), veille.DeliverySent)
			ids := func(rows []veille.Delivery) (ids []string) {
				for _, d := range rows {
					ids = append(ids, d.EventID)
				}
				return ids
			}
			all := got[[]veille.Delivery](b)(b.Waiting(b.ctx(), "desk", 0, 99))
			same(b, "all", ids(all), []string{event(0).ID, event(1).ID, event(2).ID, event(3).ID})
			same(b, "a part", ids(got[[]veille.Delivery](b)(b.Waiting(b.ctx(), "desk", all[0].Seq, 2))), []string{event(1).ID, event(2).ID})
			same(b, "nobody", len(got[[]veille.Delivery](b)(b.Waiting(b.ctx(), "none", 0, 9))), 0)
			same(b, "pending", fmt.Sprint(b.Pending("desk"), b.Pending("hook"), b.Pending("none")), "4 5 0")
		}},
	}
}

func logging() []promise {
	return []promise{
		{"Settle_KeepsEachAttempt", func(b *box) {
			b.fill(1, 1, "desk")
			same(b, "before", len(got[[]veille.Attempt](b)(b.Attempts(b.ctx(), b.claim("desk", 1).Seq))), 0)
			var want []veille.Attempt
			for n := range 3 {
				d := b.claim("desk", 60)
				a := veille.Attempt{At: at(n), Result: string(veille.VerdictRetry), Status: 503, Took: 40, Next: at(n + 1), Answer: "busy"}
				want = append(want, a)
				b.ok(b.Settle(b.ctx(), veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: "desk"}, Attempt: &a}))
			}
			d := b.claim("desk", 60)
			b.settle(d, veille.DeliveryPending) // moved, not tried
			b.reopen()
			same(b, "attempts", got[[]veille.Attempt](b)(b.Attempts(b.ctx(), d.Seq)), want)
			same(b, "dropped", got[int](b)(b.Drop(b.ctx(), veille.DeliveryFilter{Receiver: "desk"})), 1)
			same(b, "after", len(got[[]veille.Attempt](b)(b.Attempts(b.ctx(), d.Seq))), 0)
		}},
		{"Settle_KeepsTheFirstAttemptAndTheLatest", func(b *box) {
			b.fill(1, 1, "desk")
			d := b.claim("desk", 1)
			for n := range veille.AttemptsKept + 7 {
				a := veille.Attempt{At: at(n), Result: string(veille.VerdictPause)}
				b.ok(b.Settle(b.ctx(), veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: "desk"}, Attempt: &a}))
			}
			kept := got[[]veille.Attempt](b)(b.Attempts(b.ctx(), d.Seq))
			same(b, "kept", len(kept), veille.AttemptsKept)
			same(b, "first", kept[0].At, at(0))
			same(b, "second", kept[1].At, at(8))
			same(b, "last", kept[len(kept)-1].At, at(veille.AttemptsKept+6))
		}},
		{"Delivery_IsFoundInEveryState", func(b *box) {
			b.fill(1, 1, "desk")
			d := b.claim("desk", 1)
			same(b, "pending", got[veille.Delivery](b)(b.Delivery(b.ctx(), d.Seq)), d)
			b.settle(d, veille.DeliverySent)
			same(b, "sent", got[veille.Delivery](b)(b.Delivery(b.ctx(), d.Seq)).Event, d.Event)
			_, err := b.Delivery(b.ctx(), 77)
			b.is(err, veille.ErrNotFound)
		}},
	}
}
