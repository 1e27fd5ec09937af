package storetest

import "veille"

func operating() []promise {
	return []promise{
		{"Retry_LetsDeadLettersWaitAgain", func(b *box) {
			b.fill(1, 1, "desk", "hook")
			b.fill(2, 1, "desk")
			for _, r := range []string{"desk", "desk", "hook"} {
				b.settle(b.claim(r, 1), veille.DeliveryDead)
			}
			paused := veille.ReceiverState{Name: "desk", PausedUntil: at(500), Disabled: true, DisabledAt: at(7), Fails: 4}
			b.ok(b.SaveReceiver(b.ctx(), paused))
			paused.Name = "hook"
			b.ok(b.SaveReceiver(b.ctx(), paused))

			same(b, "one event", got[int](b)(b.Retry(b.ctx(), veille.DeliveryFilter{Receiver: "desk", EventID: event(2).ID}, at(40))), 1)
			d := b.claim("desk", 40)
			same(b, "event", d.EventID, event(2).ID)
			same(b, "attempts", d.Attempts, 0)
			same(b, "desk", got[veille.ReceiverState](b)(b.Receiver(b.ctx(), "desk")).Disabled, false)
			same(b, "hook", got[veille.ReceiverState](b)(b.Receiver(b.ctx(), "hook")), paused)

			same(b, "all", got[int](b)(b.Retry(b.ctx(), veille.DeliveryFilter{}, at(41))), 2)
			b.reopen()
			b.claim("hook", 41)
			same(b, "hook", got[veille.ReceiverState](b)(b.Receiver(b.ctx(), "hook")), veille.ReceiverState{Name: "hook", DisabledAt: at(7)})
			same(b, "nothing left", got[int](b)(b.Retry(b.ctx(), veille.DeliveryFilter{}, at(42))), 0)
		}},
		{"Retry_DoesNotTouchWhatWasSent", func(b *box) {
			b.fill(1, 1, "desk")
			b.settle(b.claim("desk", 1), veille.DeliverySent)
			same(b, "retried", got[int](b)(b.Retry(b.ctx(), veille.DeliveryFilter{Receiver: "desk", State: veille.DeliverySent}, at(9))), 0)
			b.silent("desk")
		}},
		{"Retry_EnablesAReceiverWithoutDeadLetters", func(b *box) {
			b.fill(1, 1, "desk")
			b.ok(b.SaveReceiver(b.ctx(), veille.ReceiverState{Name: "desk", Disabled: true}))
			same(b, "retried", got[int](b)(b.Retry(b.ctx(), veille.DeliveryFilter{Receiver: "desk"}, at(9))), 0)
			same(b, "disabled", got[veille.ReceiverState](b)(b.Receiver(b.ctx(), "desk")).Disabled, false)
		}},
		{"Drop_RemovesWhatMatchesAndNothingElse", func(b *box) {
			for n := range 4 {
				b.fill(n, n, "desk", "hook")
			}
			b.settle(b.claim("desk", 9), veille.DeliveryDead)
			b.settle(b.claim("desk", 9), veille.DeliverySent)
			_, err := b.Drop(b.ctx(), veille.DeliveryFilter{})
			b.refused(err, "a drop of everything")
			same(b, "dead", got[int](b)(b.Drop(b.ctx(), veille.DeliveryFilter{Receiver: "desk", State: veille.DeliveryDead})), 1)
			same(b, "event", got[int](b)(b.Drop(b.ctx(), veille.DeliveryFilter{EventID: event(3).ID})), 2)
			same(b, "desk", got[int](b)(b.Drop(b.ctx(), veille.DeliveryFilter{Receiver: "desk"})), 1)
			b.reopen()
			b.silent("desk")
			same(b, "hook", len(got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), veille.DeliveryFilter{Receiver: "hook"}))), 3)
			same(b, "sent", len(got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), veille.DeliveryFilter{Receiver: "desk"}))), 1)
		}},
		{"Drop_LeavesTheEventTold", func(b *box) {
			b.fill(1, 1, "desk")
			d := b.claim("desk", 1)
			same(b, "dropped", got[int](b)(b.Drop(b.ctx(), veille.DeliveryFilter{Receiver: "desk"})), 1)
			b.fill(1, 1, "desk")
			b.silent("desk")
			d.State = veille.DeliverySent
			b.is(b.Settle(b.ctx(), veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: "desk"}}), veille.ErrNotFound)
		}},
		{"Event_ThatIsNotStoredIsNotFound", func(b *box) {
			_, err := b.Event(b.ctx(), "evt_none")
			b.is(err, veille.ErrNotFound)
		}},
	}
}
