package storetest

import (
	"time"

	"veille"
)

// listedBy is the nth URL's visit as another source lists it.
func listedBy(source string, n int) veille.Visit {
	return veille.Visit{URL: url(n), Source: source, Due: at(50), Since: at(-90), Published: at(-7), Seen: at(8), Silent: n == 2}
}

func pollBy(name string, visits, joins []veille.Visit) veille.PollCommit {
	return veille.PollCommit{State: source(name), Visits: visits, Joins: joins}
}

// joined is the nth visit after other sources listed its URL too.
func joined(n, due int, sources ...string) veille.Visit {
	v := visit(n, due)
	for _, s := range sources {
		v.Join(listedBy(s, n).Listings()...)
	}
	return v
}

// joining are the promises that let one URL be the article of two sources.
func joining() []promise {
	all := func(b *box) []veille.Visit {
		b.Helper()
		return got[[]veille.Visit](b)(b.Visits(b.ctx(), at(99), 99))
	}
	return []promise{
		{"CommitPoll_JoinsAFirstVisitThatWaits", func(b *box) {
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 10), visit(2, 11), visit(3, 12))))
			p := pollBy("feed", []veille.Visit{listedBy("feed", 1)}, []veille.Visit{listedBy("feed", 2)})
			b.ok(b.CommitPoll(b.ctx(), p))
			b.ok(b.CommitPoll(b.ctx(), p))
			b.ok(b.CommitPoll(b.ctx(), pollBy("other", nil, []veille.Visit{listedBy("other", 1), listedBy("other", 2)})))
			b.ok(b.CommitPoll(b.ctx(), pollBy("wire", nil, []veille.Visit{visit(1, 60), visit(3, 60)})))
			b.reopen()
			same(b, "visits", all(b), []veille.Visit{joined(1, 10, "feed", "other"), joined(2, 11, "feed", "other"), visit(3, 12)})
		}},
		{"CommitPoll_JoinsNothingThatWaitsForNoFirstVisit", func(b *box) {
			p := poll(visit(1, 10))
			p.Seen = []string{url(2)}
			b.ok(b.CommitPoll(b.ctx(), p))
			b.ok(b.Reschedule(b.ctx(), visit(1, 10), nil))
			b.ok(b.CommitPoll(b.ctx(), pollBy("feed", nil, []veille.Visit{listedBy("feed", 1), listedBy("feed", 2), listedBy("feed", 3)})))
			same(b, "visits", len(all(b)), 0)
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(1), url(2), url(3)})), []bool{true, true, false})
		}},
		{"CommitPoll_RefusesAnOutlinkThatIsAnArticleByNow", func(b *box) {
			c := commit(1, 1)
			c.Aliases = []string{url(2)}
			b.ok(b.CommitArticle(b.ctx(), c))
			for _, p := range []veille.PollCommit{
				poll(visit(3, 1), visit(1, 1)), poll(visit(3, 1), visit(2, 1)),
				pollBy("wire", []veille.Visit{visit(3, 1)}, []veille.Visit{visit(1, 1)}),
				pollBy("wire", []veille.Visit{visit(3, 1)}, []veille.Visit{visit(2, 1)}),
			} {
				p.Validators = map[string]veille.Validators{url(0): {ETag: "1"}}
				b.is(b.CommitPoll(b.ctx(), p), veille.ErrConflict)
			}
			same(b, "visits", len(all(b)), 0)
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(3)})), []bool{false})
			same(b, "sources", len(got[[]veille.SourceState](b)(b.Sources(b.ctx()))), 0)
			_, err := b.Validators(b.ctx(), url(0))
			b.is(err, veille.ErrNotFound)
			same(b, "pruned", b.prune(at(999), time.Time{}), [2]int{1, 0})
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 1))))
		}},
		{"Visit_IsTheOneThatAURLWaitsFor", func(b *box) {
			_, err := b.Visit(b.ctx(), url(1))
			b.is(err, veille.ErrNotFound)
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 10), visit(2, 11))))
			b.reopen()
			same(b, "visit", got[veille.Visit](b)(b.Visit(b.ctx(), url(1))), visit(1, 10))
			b.ok(b.Reschedule(b.ctx(), visit(1, 10), nil))
			_, err = b.Visit(b.ctx(), url(1))
			b.is(err, veille.ErrNotFound)
		}},
		{"Reschedule_KeepsTheSourcesThatJoined", func(b *box) {
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 10))))
			b.ok(b.CommitPoll(b.ctx(), pollBy("feed", nil, []veille.Visit{listedBy("feed", 1)})))
			next := visit(1, 20)
			b.ok(b.Reschedule(b.ctx(), visit(1, 10), &next))
			same(b, "visits", all(b), []veille.Visit{joined(1, 20, "feed")})
			b.is(b.Reschedule(b.ctx(), visit(1, 20), nil), veille.ErrConflict)
			same(b, "visits", all(b), []veille.Visit{joined(1, 20, "feed")})
			// The visit may go on as another of its sources.
			heir := listedBy("feed", 1)
			heir.Due = at(30)
			heir.Join(visit(1, 10).Listings()...)
			b.ok(b.Reschedule(b.ctx(), heir, &heir))
			same(b, "visits", all(b), []veille.Visit{heir})
			b.ok(b.Reschedule(b.ctx(), heir, nil))
			same(b, "visits", len(all(b)), 0)
		}},
		{"CommitArticle_ForgetsNoSourceThatJoined", func(b *box) {
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 10), visit(2, 11))))
			b.ok(b.CommitPoll(b.ctx(), pollBy("feed", nil, []veille.Visit{listedBy("feed", 1)})))
			c := commit(1, 1)
			c.Done = visit(1, 10)
			b.is(b.CommitArticle(b.ctx(), c), veille.ErrConflict)
			// The recheck of one link would take the place of another one's
			// first visit.
			other := commit(2, 1)
			other.Done = listedBy("other", 9)
			next := visit(1, 40)
			next.ArticleID = other.Article.ID
			other.Next = &next
			b.is(b.CommitArticle(b.ctx(), other), veille.ErrConflict)
			other.Done.Join(visit(1, 10).Listings()...)
			b.is(b.CommitArticle(b.ctx(), other), veille.ErrConflict)
			same(b, "visits", all(b), []veille.Visit{joined(1, 10, "feed"), visit(2, 11)})
			_, err := b.Article(b.ctx(), other.Article.ID)
			b.is(err, veille.ErrNotFound)

			other.Done.Join(listedBy("feed", 1).Listings()...)
			b.ok(b.CommitArticle(b.ctx(), other))
			same(b, "visits", all(b), []veille.Visit{visit(2, 11), next})
			c.Article.Sources = []string{"feed"}
			b.ok(b.CommitArticle(b.ctx(), c))
			same(b, "visits", all(b), []veille.Visit{visit(2, 11)})
		}},
		{"CommitArticle_JoinsAnEventThatWasTold", func(b *box) {
			first := event(1)
			b.ok(b.CommitEvents(b.ctx(), []veille.Event{first}, []veille.Delivery{
				delivery(1, "sent", 1, "Corée"), delivery(1, "dead", 1, "Corée", "Russie"), delivery(1, "pending", 1, "Russie"),
			}))
			b.settle(b.claim("dead", 1), veille.DeliveryDead)
			b.settle(b.claim("sent", 1), veille.DeliverySent)
			before := b.claim("pending", 1)

			c := commit(1, 1)
			later := event(1)
			later.Time, later.Message = at(70), "again"
			later.Watches = []string{"Bourse", "Corée"}
			later.Matches = []veille.Match{{Watch: "Bourse", Excerpt: "la «bourse»"}, {Watch: "Corée", Excerpt: "changed"}}
			c.Events = []veille.Event{later}
			c.Deliveries = []veille.Delivery{
				delivery(1, "sent", 70, "Bourse"), delivery(1, "dead", 70, "Bourse"), delivery(1, "pending", 70, "Bourse"),
				delivery(1, "hook", 70, "Bourse"), delivery(1, "told", 70, "Corée"),
			}
			b.ok(b.CommitArticle(b.ctx(), c))
			again := c
			again.Expect = 1
			again.Revision = nil
			b.ok(b.CommitArticle(b.ctx(), again))
			b.reopen()

			want := event(1)
			want.Watches = []string{"Bourse", "Corée", "Russie"}
			want.Matches = append(want.Matches, later.Matches[0])
			same(b, "event", got[veille.Event](b)(b.Event(b.ctx(), first.ID)), want)
			same(b, "events", len(got[[]veille.Event](b)(b.Events(b.ctx(), veille.EventFilter{Watch: "Bourse"}))), 1)
			same(b, "pending", b.claim("pending", 1), before)
			hook := b.claim("hook", 70)
			same(b, "hook", hook.Event, want.ForWatches([]string{"Bourse"}))
			b.settle(hook, veille.DeliverySent)
			for _, receiver := range []string{"sent", "dead", "hook", "told"} {
				b.silent(receiver)
			}
			same(b, "rows", len(got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), veille.DeliveryFilter{EventID: first.ID}))), 4)
		}},
		{"CommitArticle_ADroppedDeliveryDoesNotComeBack", func(b *box) {
			c := commit(1, 1)
			c.Events, c.Deliveries = []veille.Event{event(1)}, []veille.Delivery{delivery(1, "desk", 1, "Corée")}
			b.ok(b.CommitArticle(b.ctx(), c))
			same(b, "dropped", got[int](b)(b.Drop(b.ctx(), veille.DeliveryFilter{Receiver: "desk"})), 1)
			c.Expect, c.Revision = 1, nil
			b.ok(b.CommitArticle(b.ctx(), c))
			b.silent("desk")
		}},
	}
}
