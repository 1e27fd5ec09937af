package storetest

import (
	"time"

	"veille"
)

// far is an end of a mute that the real clock, which decides, has not reached.
func far() time.Time { return time.Now().Add(1000 * time.Hour).UTC().Truncate(time.Second) }

func muting() []promise {
	return []promise{
		{"Mute_SuppressesWhatIsCommittedWhileItLasts", func(b *box) {
			b.fill(1, 1, "desk")
			m := veille.Mute{Watch: "Corée", Since: at(0), Until: far(), Reason: "exercice"}
			b.ok(b.Mute(b.ctx(), m))
			b.reopen()
			same(b, "mutes", got[[]veille.Mute](b)(b.Mutes(b.ctx())), []veille.Mute{m})
			b.fill(2, 2, "desk")
			same(b, "committed before", b.claim("desk", 9).EventID, event(1).ID)
			b.settle(b.claim("desk", 9), veille.DeliverySent)
			b.silent("desk")
			rows := got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), veille.DeliveryFilter{State: veille.DeliverySuppressed}))
			if len(rows) != 1 || rows[0].EventID != event(2).ID || rows[0].Reason == "" {
				b.Fatalf("suppressed: %+v", rows)
			}
			got[veille.Event](b)(b.Event(b.ctx(), event(2).ID))
			b.fill(2, 2, "desk")
			same(b, "told again", len(b.states(veille.DeliveryFilter{EventID: event(2).ID})), 1)
		}},
		{"Mute_OfASourceOrAStorySuppressesWhateverTheWatch", func(b *box) {
			b.ok(b.Mute(b.ctx(), veille.Mute{Story: "sto_a", Until: far(), Reason: "known"}))
			b.fillStory("sto_a", 1, 1, "desk")
			b.fillStory("sto_b", 2, 2, "desk")
			same(b, "another story", b.claim("desk", 9).EventID, told("sto_b", 2).ID)
			b.ok(b.Mute(b.ctx(), veille.Mute{Source: "wire", Until: far(), Reason: "known"}))
			b.fillStory("sto_c", 3, 3, "hook")
			b.silent("hook")
			same(b, "states", b.states(veille.DeliveryFilter{}), map[veille.DeliveryState]int{veille.DeliverySuppressed: 2, veille.DeliveryPending: 1})
		}},
		{"Mute_OfOneWatchLeavesTheOthersTheirAlert", func(b *box) {
			b.ok(b.Mute(b.ctx(), veille.Mute{Watch: "Corée", Until: far(), Reason: "known"}))
			b.ok(b.CommitEvents(b.ctx(), []veille.Event{event(1)}, []veille.Delivery{delivery(1, "desk", 1, "Corée", "Russie"), delivery(1, "hook", 1, "Corée")}))
			same(b, "both", b.claim("desk", 9).Event, event(1))
			b.silent("hook")
			// A later telling of the same event brings a watch that is not muted.
			later := event(1)
			later.Watches = []string{"Bourse"}
			b.ok(b.CommitEvents(b.ctx(), []veille.Event{later}, []veille.Delivery{delivery(1, "hook", 5, "Bourse")}))
			b.reopen()
			d := b.claim("hook", 9)
			same(b, "watches", d.Watches, []string{"Bourse", "Corée"})
			same(b, "reason", d.Reason, "")
			b.settle(d, veille.DeliverySent)
			b.silent("hook")
		}},
		{"Mute_ThatEndedOrWasLiftedSuppressesNothing", func(b *box) {
			b.ok(b.Mute(b.ctx(), veille.Mute{Watch: "Corée", Until: time.Now().Add(-time.Second), Reason: "over"}))
			b.fill(1, 1, "desk")
			b.settle(b.claim("desk", 9), veille.DeliverySent)
			m := veille.Mute{Watch: "Corée", Until: far(), Reason: "known"}
			b.ok(b.Mute(b.ctx(), m))
			same(b, "replaced", len(got[[]veille.Mute](b)(b.Mutes(b.ctx()))), 1)
			b.ok(b.Lift(b.ctx(), m))
			b.is(b.Lift(b.ctx(), m), veille.ErrNotFound)
			b.fill(2, 2, "desk")
			b.claim("desk", 9)
			b.refused(b.Mute(b.ctx(), veille.Mute{Watch: "Corée", Until: far()}), "a mute without a reason")
		}},
		{"Mute_ThatIsProlongedLastsSinceItBegan", func(b *box) {
			first := veille.Mute{Source: "wire", Since: at(1), Until: at(20), Reason: "known"}
			longer := veille.Mute{Source: "wire", Since: at(10), Until: at(30), Reason: "still"}
			again := veille.Mute{Source: "wire", Since: at(40), Until: at(50), Reason: "again"}
			b.ok(b.Mute(b.ctx(), first))
			b.ok(b.Mute(b.ctx(), longer))
			longer.Since = first.Since
			same(b, "prolonged", got[[]veille.Mute](b)(b.Mutes(b.ctx())), []veille.Mute{longer})
			b.ok(b.Mute(b.ctx(), again))
			same(b, "another", got[[]veille.Mute](b)(b.Mutes(b.ctx())), []veille.Mute{again})
		}},
		{"Mute_SilencesNoEventAboutVeille", func(b *box) {
			b.ok(b.Mute(b.ctx(), veille.Mute{Watch: "Corée", Until: far(), Reason: "known"}))
			e := veille.Event{ID: "evt_s", Type: veille.ConfigRejected, Time: at(1), Message: "m"}
			b.ok(b.CommitEvents(b.ctx(), []veille.Event{e}, []veille.Delivery{{Receiver: "desk", EventID: e.ID, Created: at(1), Due: at(1)}}))
			same(b, "event", b.claim("desk", 9).EventID, e.ID)
		}},
		{"Retry_ReplaysWhatWasSuppressed", func(b *box) {
			b.ok(b.Mute(b.ctx(), veille.Mute{Watch: "Corée", Until: far(), Reason: "known"}))
			b.fill(1, 1, "desk", "hook")
			b.fill(2, 2, "desk")
			paused := veille.ReceiverState{Name: "desk", PausedUntil: at(500), Fails: 2}
			b.ok(b.SaveReceiver(b.ctx(), paused))
			same(b, "dead ones", got[int](b)(b.Retry(b.ctx(), veille.DeliveryFilter{EventID: event(1).ID}, at(40))), 0)
			f := veille.DeliveryFilter{State: veille.DeliverySuppressed, Receiver: "desk", Watch: "Corée"}
			same(b, "replayed", got[int](b)(b.Retry(b.ctx(), f, at(40))), 2)
			b.reopen()
			d := b.claim("desk", 40)
			same(b, "event", d.EventID, event(1).ID)
			same(b, "reason", d.Reason, "")
			same(b, "receiver", got[veille.ReceiverState](b)(b.Receiver(b.ctx(), "desk")), paused)
			b.silent("hook")
			same(b, "dropped", got[int](b)(b.Drop(b.ctx(), veille.DeliveryFilter{State: veille.DeliverySuppressed})), 1)
		}},
		{"Prune_ForgetsWhatWasSuppressedAndMutesThatEnded", func(b *box) {
			b.ok(b.Mute(b.ctx(), veille.Mute{Watch: "Corée", Until: far(), Reason: "known"}))
			b.ok(b.Mute(b.ctx(), veille.Mute{Watch: "Russie", Until: at(5), Reason: "over"}))
			b.fill(1, 1, "desk")
			b.fill(2, 50, "desk")
			same(b, "removed", b.prune(at(999), at(2)), [2]int{0, 1})
			same(b, "mutes", len(got[[]veille.Mute](b)(b.Mutes(b.ctx()))), 2)
			same(b, "removed", b.prune(at(999), at(999)), [2]int{0, 1})
			same(b, "mutes", len(got[[]veille.Mute](b)(b.Mutes(b.ctx()))), 1)
		}},
	}
}
