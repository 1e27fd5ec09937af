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
		{"Trace_SaysWhatBecameOfAnAddress", func(b *box) {
			_, err := b.Trace(b.ctx(), url(1))
			b.is(err, veille.ErrNotFound)
			p := poll(visit(1, 10), visit(2, 11))
			p.Seen = []string{url(3)}
			b.ok(b.CommitPoll(b.ctx(), p))
			failed := visit(1, 20)
			failed.Failure = veille.Failure{At: at(10), Kind: veille.FetchForbidden, Why: "403"}
			b.ok(b.Reschedule(b.ctx(), visit(1, 10), &failed))
			ended := visit(2, 11)
			ended.Failure = veille.Failure{At: at(11), Read: veille.KindSection, Why: "a list of links"}
			b.ok(b.Reschedule(b.ctx(), ended, nil))
			b.reopen()
			trace := func(n int) veille.Trace {
				t := got[veille.Trace](b)(b.Trace(b.ctx(), url(n)))
				if t.Listed.IsZero() {
					b.Errorf("%d: no day", n)
				}
				t.Listed = at(0)
				return t
			}
			same(b, "waits", trace(1), veille.Trace{URL: url(1), Listed: at(0), Waits: &failed})
			same(b, "ended", trace(2), veille.Trace{URL: url(2), Listed: at(0), Ended: &ended})
			same(b, "only seen", trace(3), veille.Trace{URL: url(3), Listed: at(0)})
			b.ok(b.CommitArticle(b.ctx(), commit(2, 1)))
			same(b, "an article after all", trace(2), veille.Trace{URL: url(2), Listed: at(0), Article: veille.ArticleID(url(2))})
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
