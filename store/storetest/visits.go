package storetest

import "veille"

func visits() []promise {
	return []promise{
		{"Visits_AreThoseDueBeforeEarliestFirst", func(b *box) {
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 30), visit(2, 10), visit(3, 20), visit(4, 40))))
			same(b, "before 40", got[[]veille.Visit](b)(b.Visits(b.ctx(), at(40), 9)), []veille.Visit{visit(2, 10), visit(3, 20), visit(1, 30)})
			same(b, "two", got[[]veille.Visit](b)(b.Visits(b.ctx(), at(40), 2)), []veille.Visit{visit(2, 10), visit(3, 20)})
			same(b, "before all", len(got[[]veille.Visit](b)(b.Visits(b.ctx(), at(10), 9))), 0)
		}},
		{"Visits_ListMoreThanOneReadHolds", func(b *box) {
			p := poll()
			for i := range 1500 {
				p.Visits = append(p.Visits, visit(i, i))
			}
			b.ok(b.CommitPoll(b.ctx(), p))
			same(b, "visits", got[[]veille.Visit](b)(b.Visits(b.ctx(), at(5000), 1400)), p.Visits[:1400])
		}},
		{"Reschedule_ReplacesTheVisit", func(b *box) {
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 10), visit(2, 11))))
			next := visit(1, 20)
			next.Attempt = 3
			b.ok(b.Reschedule(b.ctx(), visit(1, 10), &next))
			b.reopen()
			same(b, "visits", got[[]veille.Visit](b)(b.Visits(b.ctx(), at(99), 9)), []veille.Visit{visit(2, 11), next})
		}},
		{"Reschedule_ToNothingLeavesTheURLKnown", func(b *box) {
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 10))))
			b.ok(b.Reschedule(b.ctx(), visit(1, 10), nil))
			same(b, "visits", len(got[[]veille.Visit](b)(b.Visits(b.ctx(), at(99), 9))), 0)
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(1)})), []bool{true})
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 10))))
			same(b, "visits", len(got[[]veille.Visit](b)(b.Visits(b.ctx(), at(99), 9))), 0)
		}},
		{"Reschedule_OfNoVisitIsNotFound", func(b *box) {
			next := visit(1, 20)
			b.is(b.Reschedule(b.ctx(), visit(1, 10), &next), veille.ErrNotFound)
			same(b, "visits", len(got[[]veille.Visit](b)(b.Visits(b.ctx(), at(99), 9))), 0)
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(1)})), []bool{false})
		}},
		{"CommitArticle_EndsItsVisitAndStoresTheNext", func(b *box) {
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 10))))
			c := commit(1, 1)
			next := visit(1, 25)
			next.ArticleID, next.Step = c.Article.ID, 1
			c.Done, c.Next = visit(1, 10), &next
			b.ok(b.CommitArticle(b.ctx(), c))
			same(b, "visits", got[[]veille.Visit](b)(b.Visits(b.ctx(), at(99), 9)), []veille.Visit{next})
			again := commit(1, 2)
			again.Done = next
			b.ok(b.CommitArticle(b.ctx(), again))
			same(b, "visits", len(got[[]veille.Visit](b)(b.Visits(b.ctx(), at(99), 9))), 0)
		}},
		{"AURLWaitsForOneVisit", func(b *box) {
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 10), visit(2, 11))))
			c := commit(2, 1)
			next := visit(2, 40)
			c.Done, c.Next = visit(1, 10), &next
			b.ok(b.CommitArticle(b.ctx(), c))
			same(b, "visits", got[[]veille.Visit](b)(b.Visits(b.ctx(), at(99), 9)), []veille.Visit{next})
		}},
	}
}
