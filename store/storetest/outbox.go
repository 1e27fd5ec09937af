package storetest

import (
	"time"

	"veille"
)

func outbox() []promise {
	return []promise{
		{"CommitArticle_FillsTheOutboxOfEveryReceiver", func(b *box) {
			c := commit(1, 1)
			c.Events = []veille.Event{event(1)}
			c.Deliveries = []veille.Delivery{delivery(1, "desk", 5, "Corée"), delivery(1, "hook", 5, "Corée", "Russie")}
			b.ok(b.CommitArticle(b.ctx(), c))
			b.reopen()
			same(b, "event", got[veille.Event](b)(b.Event(b.ctx(), event(1).ID)), event(1))
			want := c.Deliveries[0]
			want.Event = event(1).ForWatches([]string{"Corée"})
			want.Type, want.Story = event(1).Type, event(1).Article.ID
			d := b.claim("desk", 5)
			want.Seq = d.Seq
			same(b, "desk", d, want)
			same(b, "hook", b.claim("hook", 5).Event, event(1))
		}},
		{"ToldFull_LastsUntilItIsToldThatThereIsRoom", func(b *box) {
			tell := func(kind veille.EventType, source, cause string, since int) {
				e := veille.Event{ID: veille.SystemEventID(kind, source+cause, at(since).String()), Type: kind, Time: at(since), Source: source}
				e.Trouble = &veille.EventTrouble{Cause: cause, Since: at(since)}
				b.ok(b.CommitEvents(b.ctx(), []veille.Event{e}, nil))
			}
			told := func(what string, want time.Time) {
				b.Helper()
				b.reopen()
				same(b, what, got[time.Time](b)(b.ToldFull(b.ctx())), want)
			}
			tell(veille.SourceFailing, "", "network", 1)
			tell(veille.SourceFailing, "wire", "store", 2)
			told("never", time.Time{})
			tell(veille.SourceFailing, "", "store", 3)
			tell(veille.SourceRecovered, "", "network", 1)
			told("full", at(3))
			tell(veille.SourceRecovered, "", "store", 3)
			told("room", time.Time{})
		}},
		{"CommitArticle_LeavesOutAnEventThatWasTold", func(b *box) {
			b.fill(1, 1, "desk")
			b.settle(b.claim("desk", 1), veille.DeliverySent)
			c := commit(1, 1)
			told := event(1)
			told.Message = "again"
			c.Events = []veille.Event{told, event(2)}
			c.Deliveries = []veille.Delivery{delivery(1, "desk", 1), delivery(1, "hook", 1), delivery(2, "desk", 1)}
			b.ok(b.CommitArticle(b.ctx(), c))
			same(b, "event", got[veille.Event](b)(b.Event(b.ctx(), told.ID)).Message, "")
			d := b.claim("desk", 1)
			same(b, "next", d.EventID, event(2).ID)
			b.settle(d, veille.DeliverySent)
			b.silent("desk")
			b.silent("hook")
			same(b, "article", got[veille.Article](b)(b.Article(b.ctx(), c.Article.ID)), c.Article)
		}},
		{"CommitEvents_StoresAnEventOnce", func(b *box) {
			b.ok(b.CommitEvents(b.ctx(), []veille.Event{event(1), event(1)}, []veille.Delivery{delivery(1, "desk", 1), delivery(1, "desk", 1)}))
			b.ok(b.CommitEvents(b.ctx(), []veille.Event{event(1)}, []veille.Delivery{delivery(1, "desk", 1)}))
			same(b, "deliveries", len(got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), veille.DeliveryFilter{}))), 1)
			same(b, "events", len(got[[]veille.Event](b)(b.Events(b.ctx(), veille.EventFilter{}))), 1)
		}},
		{"CommitEvents_RefusesADeliveryOfNoEvent", func(b *box) {
			b.refused(b.CommitEvents(b.ctx(), []veille.Event{event(1)}, []veille.Delivery{delivery(1, "desk", 1), delivery(2, "desk", 1)}), "a delivery of no event")
			same(b, "events", len(got[[]veille.Event](b)(b.Events(b.ctx(), veille.EventFilter{}))), 0)
			b.silent("desk")
		}},
		{"NextDelivery_IsTheOneDueFirst", func(b *box) {
			b.fill(1, 30, "desk")
			b.fill(2, 10, "desk", "hook")
			b.fill(3, 20, "desk")
			b.fill(4, 10, "desk")
			b.reopen()
			var order []string
			for range 4 {
				d := b.claim("desk", 30)
				order = append(order, d.EventID)
				b.settle(d, veille.DeliverySent)
			}
			same(b, "order", order, []string{event(2).ID, event(4).ID, event(3).ID, event(1).ID})
			same(b, "hook", b.claim("hook", 10).EventID, event(2).ID)
		}},
		{"NextDelivery_SaysWhenTheNextOneIsDue", func(b *box) {
			b.silent("desk")
			b.fill(1, 10, "desk")
			_, next, err := b.NextDelivery(b.ctx(), "desk", at(9))
			b.is(err, veille.ErrNotFound)
			same(b, "next", next, at(10))
			b.claim("desk", 10)
			b.silent("other")
		}},
		{"NextDelivery_DoesNotTakeTheDeliveryAway", func(b *box) {
			b.fill(1, 1, "desk")
			same(b, "again", b.claim("desk", 1), b.claim("desk", 1))
		}},
	}
}

func settling() []promise {
	return []promise{
		{"Settle_AsSentKeepsTheReceiptAndTheReceiver", func(b *box) {
			b.fill(1, 1, "desk")
			d := b.claim("desk", 1)
			d.State, d.Attempts, d.LastTry, d.LastStatus, d.Receipt = veille.DeliverySent, 2, at(2), 200, veille.Receipt{"ts": "1.2"}
			state := veille.ReceiverState{Name: "desk", PausedUntil: at(5), Fails: 3, Since: at(1), LastError: "x"}
			b.ok(b.Settle(b.ctx(), veille.Settlement{Delivery: d, Receiver: state}))
			b.reopen()
			b.silent("desk")
			d.Event = veille.Event{}
			same(b, "deliveries", got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), veille.DeliveryFilter{})), []veille.Delivery{d})
			same(b, "receiver", got[veille.ReceiverState](b)(b.Receiver(b.ctx(), "desk")), state)
		}},
		{"Settle_AsPendingTriesAgainLater", func(b *box) {
			b.fill(1, 1, "desk")
			b.fill(2, 5, "desk")
			d := b.claim("desk", 1)
			d.Due, d.Attempts, d.Degraded, d.LastError, d.Receipt = at(20), 1, true, "503", veille.Receipt{"told": "a@x.test"}
			b.settle(d, veille.DeliveryPending)
			b.reopen()
			second := b.claim("desk", 20)
			same(b, "first", second.EventID, event(2).ID)
			b.settle(second, veille.DeliverySent)
			_, next, err := b.NextDelivery(b.ctx(), "desk", at(19))
			b.is(err, veille.ErrNotFound)
			same(b, "next", next, at(20))
			again := b.claim("desk", 20)
			same(b, "attempts", again.Attempts, 2)
			same(b, "degraded", again.Degraded, true)
			same(b, "what was achieved", again.Receipt, veille.Receipt{"told": "a@x.test"})
		}},
		{"Settle_AsDeadTakesItOutOfTheQueueAndKeepsIt", func(b *box) {
			b.fill(1, 1, "desk")
			b.settle(b.claim("desk", 1), veille.DeliveryDead)
			b.reopen()
			b.silent("desk")
			same(b, "dead", len(got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), veille.DeliveryFilter{State: veille.DeliveryDead}))), 1)
		}},
		{"Settle_TwiceIsAConflict", func(b *box) {
			for n, state := range []veille.DeliveryState{veille.DeliverySent, veille.DeliveryDead} {
				b.fill(n, 1, "desk")
				s := b.settle(b.claim("desk", 1), state)
				for _, again := range []veille.DeliveryState{veille.DeliveryPending, veille.DeliverySent, veille.DeliveryDead} {
					s.Delivery.State, s.Receiver.Fails = again, 9
					b.is(b.Settle(b.ctx(), s), veille.ErrConflict)
				}
			}
			b.silent("desk")
			same(b, "receiver", got[veille.ReceiverState](b)(b.Receiver(b.ctx(), "desk")).Fails, 0)
		}},
		{"Settle_OfNoDeliveryIsNotFound", func(b *box) {
			d := delivery(1, "desk", 1)
			d.Seq, d.State = 77, veille.DeliverySent
			b.is(b.Settle(b.ctx(), veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: "desk"}}), veille.ErrNotFound)
			same(b, "receivers", len(got[[]veille.ReceiverState](b)(b.Receivers(b.ctx()))), 0)
		}},
		{"Settle_RefusesWhatDoesNotFitTogether", func(b *box) {
			b.fill(1, 1, "desk")
			d := b.claim("desk", 1)
			d.State = "lost"
			b.refused(b.Settle(b.ctx(), veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: "desk"}}), "an unknown state")
			d.State = veille.DeliverySent
			b.refused(b.Settle(b.ctx(), veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: "hook"}}), "another receiver's state")
			d.Receiver = "hook"
			b.refused(b.Settle(b.ctx(), veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: "hook"}}), "another receiver's delivery")
			b.claim("desk", 1)
		}},
		{"Receiver_IsItsNameAndZerosAtFirst", func(b *box) {
			same(b, "new", got[veille.ReceiverState](b)(b.Receiver(b.ctx(), "desk")), veille.ReceiverState{Name: "desk"})
			state := veille.ReceiverState{Name: "desk", Disabled: true, Since: at(1), LastError: "gone"}
			b.ok(b.SaveReceiver(b.ctx(), state))
			b.reopen()
			same(b, "saved", got[veille.ReceiverState](b)(b.Receiver(b.ctx(), "desk")), state)
			same(b, "all", got[[]veille.ReceiverState](b)(b.Receivers(b.ctx())), []veille.ReceiverState{state})
		}},
	}
}
