package storetest

import "veille"

// gather makes a digest of what waits for the desk.
func (b *box) gather() (veille.Gathering, []veille.Delivery) {
	const receiver = "desk"
	b.Helper()
	rows := got[[]veille.Delivery](b)(b.Waiting(b.ctx(), receiver, 0, 99))
	var ids []string
	g := veille.Gathering{Event: veille.Event{Type: veille.Digest, Time: at(40), Watches: []string{"Corée"}}}
	for _, d := range rows {
		ids = append(ids, d.EventID)
		g.Members = append(g.Members, d.Seq)
		g.Event.Events = append(g.Event.Events, got[veille.Event](b)(b.Event(b.ctx(), d.EventID)).ForWatches(d.Watches))
	}
	g.Event.ID = veille.DigestID(receiver, ids)
	g.Delivery = veille.Delivery{Receiver: receiver, EventID: g.Event.ID, Watches: []string{"Corée"}, Created: at(40), Due: at(40)}
	b.ok(b.Gather(b.ctx(), g))
	return g, rows
}

func (b *box) states(f veille.DeliveryFilter) map[veille.DeliveryState]int {
	b.Helper()
	n := map[veille.DeliveryState]int{}
	for _, d := range got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), f)) {
		n[d.State]++
	}
	return n
}

func gathering() []promise {
	return []promise{
		{"Gather_MakesOneDigestThatStays", func(b *box) {
			for n := range 3 {
				b.fill(n, n, "desk", "hook")
			}
			g, rows := b.gather()
			b.reopen()
			for range 2 {
				d := b.claim("desk", 40)
				same(b, "digest", d.Event, g.Event.ForWatches(d.Watches))
				same(b, "type", d.Type, veille.Digest)
				b.again(d, 40)
			}
			same(b, "pending", b.Pending("desk"), 1)
			same(b, "members", b.states(veille.DeliveryFilter{Batch: g.Event.ID}), map[veille.DeliveryState]int{veille.DeliveryGrouped: 3})
			b.is(b.Gather(b.ctx(), g), veille.ErrConflict)
			same(b, "hook", b.claim("hook", 0).EventID, rows[0].EventID)
			// What was told in a digest is not told again.
			b.fill(1, 1, "desk")
			same(b, "pending", b.Pending("desk"), 1)
		}},
		{"Gather_RefusesWhatDoesNotWait", func(b *box) {
			b.fill(1, 1, "desk", "hook")
			b.fill(2, 2, "desk")
			b.settle(b.claim("desk", 1), veille.DeliverySent)
			rows := got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), veille.DeliveryFilter{}))
			for _, d := range rows {
				if d.Receiver == "desk" && d.State == veille.DeliveryPending {
					continue
				}
				g := veille.Gathering{Event: veille.Event{ID: "evt_d", Type: veille.Digest, Time: at(9)}, Members: []uint64{d.Seq},
					Delivery: veille.Delivery{Receiver: "desk", EventID: "evt_d", Created: at(9), Due: at(9)}}
				b.is(b.Gather(b.ctx(), g), veille.ErrConflict)
			}
			_, err := b.Event(b.ctx(), "evt_d")
			b.is(err, veille.ErrNotFound)
			for what, g := range map[string]veille.Gathering{
				"a digest of nothing": {Event: veille.Event{ID: "evt_d", Type: veille.Digest}, Delivery: veille.Delivery{Receiver: "desk", EventID: "evt_d"}},
				"no digest":           {Event: event(2), Delivery: delivery(2, "desk", 1), Members: []uint64{1}},
				"another's delivery":  {Event: veille.Event{ID: "evt_d", Type: veille.Digest}, Delivery: delivery(2, "desk", 1), Members: []uint64{1}},
			} {
				b.refused(b.Gather(b.ctx(), g), what)
			}
		}},
		{"Settle_OfADigestSettlesItsMembers", func(b *box) {
			for n := range 3 {
				b.fill(n, n, "desk")
			}
			g, _ := b.gather()
			b.settle(b.claim("desk", 40), veille.DeliverySent)
			b.reopen()
			b.silent("desk")
			same(b, "members", b.states(veille.DeliveryFilter{Batch: g.Event.ID}), map[veille.DeliveryState]int{veille.DeliverySent: 3})
			same(b, "removed", b.prune(at(999), at(999)), [2]int{0, 4})
			same(b, "left", len(b.states(veille.DeliveryFilter{})), 0)
			same(b, "left of the digest", len(b.states(veille.DeliveryFilter{Batch: g.Event.ID})), 0)
		}},
		{"Settle_OfADigestAsSplitSendsItsMembersAlone", func(b *box) {
			for n := range 3 {
				b.fill(n, n, "desk")
			}
			g, rows := b.gather()
			b.settle(b.claim("desk", 40), veille.DeliverySplit)
			b.reopen()
			for _, want := range rows {
				d := b.claim("desk", 40)
				same(b, "event", d.EventID, want.EventID)
				same(b, "alone", d.Alone, true)
				b.settle(d, veille.DeliverySent)
			}
			b.silent("desk")
			same(b, "members", len(b.states(veille.DeliveryFilter{Batch: g.Event.ID})), 0)
			same(b, "digest", b.states(veille.DeliveryFilter{EventID: g.Event.ID}), map[veille.DeliveryState]int{veille.DeliverySplit: 1})
			b.fill(9, 9, "desk")
			d := b.claim("desk", 40)
			d.State = veille.DeliverySplit
			b.refused(b.Settle(b.ctx(), veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: "desk"}}), "the split of an alert")
		}},
		{"NextDelivery_PutsADigestBeforeWhatCameAfter", func(b *box) {
			b.fillStory("sto_a", 1, 1, "desk")
			g, _ := b.gather()
			b.fillStory("sto_a", 2, 2, "desk")
			b.again(b.claim("desk", 50), 60)
			_, next, err := b.NextDelivery(b.ctx(), "desk", at(59))
			b.is(err, veille.ErrNotFound)
			same(b, "next", next, at(60))
			digest := b.claim("desk", 60)
			same(b, "digest", digest.EventID, g.Event.ID)
			b.settle(digest, veille.DeliverySent)
			same(b, "then", b.claim("desk", 60).EventID, told("sto_a", 2).ID)
		}},
		{"Drop_OfADigestDropsWhatItTells", func(b *box) {
			for n := range 3 {
				b.fill(n, n, "desk")
			}
			g, _ := b.gather()
			same(b, "dropped", got[int](b)(b.Drop(b.ctx(), veille.DeliveryFilter{Receiver: "desk"})), 1)
			b.silent("desk")
			same(b, "left", len(b.states(veille.DeliveryFilter{})), 0)
			same(b, "left of the digest", len(b.states(veille.DeliveryFilter{Batch: g.Event.ID})), 0)
		}},
		{"Events_ListDigestsOnlyOnRequest", func(b *box) {
			b.fill(1, 1, "desk")
			g, _ := b.gather()
			list := func(f veille.EventFilter) (ids []string) {
				for _, e := range got[[]veille.Event](b)(b.Events(b.ctx(), f)) {
					ids = append(ids, e.ID)
				}
				return ids
			}
			same(b, "all", list(veille.EventFilter{}), []string{event(1).ID})
			same(b, "digests", list(veille.EventFilter{Type: veille.Digest}), []string{g.Event.ID})
		}},
	}
}
