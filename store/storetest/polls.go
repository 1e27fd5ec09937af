package storetest

import (
	"context"

	"veille"
)

func polls() []promise {
	return []promise{
		{"CommitPoll_FillsTheOutbox", func(b *box) {
			p := poll()
			e := veille.Event{ID: veille.SystemEventID(veille.SourceFailing, "wire", "1"), Type: veille.SourceFailing, Time: at(1), Message: "down"}
			p.Events = []veille.Event{e}
			p.Deliveries = []veille.Delivery{{Receiver: "ops", EventID: e.ID, State: veille.DeliveryPending, Created: at(1), Due: at(1)}}
			b.ok(b.CommitPoll(b.ctx(), p))
			b.ok(b.CommitPoll(b.ctx(), p))
			b.reopen()
			d := b.claim("ops", 2)
			same(b, "event", d.Event, e)
			b.settle(d, veille.DeliverySent)
			b.silent("ops")
		}},
		{"Sources_KeepEveryFieldOverAReopen", func(b *box) {
			same(b, "sources of a new store", len(got[[]veille.SourceState](b)(b.Sources(b.ctx()))), 0)
			b.ok(b.SaveSources(b.ctx(), []veille.SourceState{source("b"), source("a")}))
			changed := source("b")
			changed.Fails = 0
			b.ok(b.SaveSources(b.ctx(), []veille.SourceState{changed}))
			b.ok(b.SaveSources(b.ctx(), nil))
			b.reopen()
			same(b, "sources", got[[]veille.SourceState](b)(b.Sources(b.ctx())), []veille.SourceState{source("a"), changed})
		}},
		{"SaveSources_IsAllOrNothing", func(b *box) {
			b.refused(b.SaveSources(b.ctx(), []veille.SourceState{source("a"), {}}), "a state without a name")
			same(b, "sources", len(got[[]veille.SourceState](b)(b.Sources(b.ctx()))), 0)
		}},
		{"CommitPoll_StoresAllOfAPoll", func(b *box) {
			v := veille.Validators{ETag: `"1"`, LastModified: "yesterday", BodyHash: "ff"}
			p := poll(visit(1, 1), visit(2, 2))
			p.Seen = []string{url(3)}
			p.Validators = map[string]veille.Validators{"https://news.example/wire": v}
			b.ok(b.CommitPoll(b.ctx(), p))
			b.reopen()
			same(b, "sources", got[[]veille.SourceState](b)(b.Sources(b.ctx())), []veille.SourceState{p.State})
			same(b, "visits", got[[]veille.Visit](b)(b.Visits(b.ctx(), at(9), 9)), p.Visits)
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(1), url(2), url(3), url(4)})), []bool{true, true, true, false})
			same(b, "validators", got[veille.Validators](b)(b.Validators(b.ctx(), "https://news.example/wire")), v)
		}},
		{"CommitPoll_AndCommitArticle_TeachTheirSites", func(b *box) {
			_, err := b.Site(b.ctx(), "news.example")
			b.is(err, veille.ErrNotFound)
			taught := veille.Site{Name: "news.example"}
			learned := []veille.Observation{
				{Site: "news.example", URL: url(1), Article: true, Suffix: "News", Paragraphs: []uint64{1, 1<<64 - 1}, Container: "div.story"},
				{Site: "other.example", URL: "https://other.example/a/12345"},
				{Site: "news.example", URL: url(2), Article: true, Listed: true},
				{URL: url(3)},
			}
			for _, o := range []int{0, 2, 0} {
				taught.Learn(learned[o])
			}
			p := poll()
			p.Learned = learned
			b.ok(b.CommitPoll(b.ctx(), p))
			c := commit(2, 1)
			c.Learned = learned[:1]
			b.ok(b.CommitArticle(b.ctx(), c))
			b.reopen()
			same(b, "site", got[veille.Site](b)(b.Site(b.ctx(), "news.example")), taught)
			same(b, "pages of the other site", got[veille.Site](b)(b.Site(b.ctx(), "other.example")).Pages, 0)
			refused := commit(2, 1)
			refused.Learned = learned[:1]
			b.is(b.CommitArticle(b.ctx(), refused), veille.ErrConflict)
			same(b, "site after a conflict", got[veille.Site](b)(b.Site(b.ctx(), "news.example")), taught)
		}},
		{"CommitPoll_IsAllOrNothing", func(b *box) {
			p := poll(visit(1, 1), veille.Visit{})
			p.Seen = []string{url(3)}
			p.Validators = map[string]veille.Validators{"https://news.example/wire": {ETag: "1"}}
			b.refused(b.CommitPoll(b.ctx(), p), "a visit without a URL")
			same(b, "sources", len(got[[]veille.SourceState](b)(b.Sources(b.ctx()))), 0)
			same(b, "visits", len(got[[]veille.Visit](b)(b.Visits(b.ctx(), at(9), 9))), 0)
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(1), url(3)})), []bool{false, false})
			_, err := b.Validators(b.ctx(), "https://news.example/wire")
			b.is(err, veille.ErrNotFound)
		}},
		{"CommitPoll_LeavesWhatIsKnownAsItIs", func(b *box) {
			p := poll(visit(1, 1))
			p.Seen = []string{url(2)}
			b.ok(b.CommitPoll(b.ctx(), p))
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 5), visit(2, 5), visit(4, 5), visit(4, 6))))
			same(b, "visits", got[[]veille.Visit](b)(b.Visits(b.ctx(), at(9), 9)), []veille.Visit{visit(1, 1), visit(4, 5)})
		}},
		{"CommitPoll_SeenDoesNotDisturbAWaitingVisitOrAnArticle", func(b *box) {
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 1))))
			b.ok(b.CommitArticle(b.ctx(), commit(2, 1)))
			p := poll()
			p.Seen = []string{url(1), url(2)}
			b.ok(b.CommitPoll(b.ctx(), p))
			same(b, "visits", len(got[[]veille.Visit](b)(b.Visits(b.ctx(), at(9), 9))), 1)
			same(b, "article", got[veille.Article](b)(b.ArticleByURL(b.ctx(), url(2))).ID, veille.ArticleID(url(2)))
		}},
		{"Known_AnswersEachURLInOrder", func(b *box) {
			same(b, "no URLs", len(got[[]bool](b)(b.Known(b.ctx(), nil))), 0)
			b.ok(b.CommitPoll(b.ctx(), poll(visit(2, 1))))
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(1), url(2), url(1), url(2)})), []bool{false, true, false, true})
		}},
		{"Validators_AreReplacedAndForgotten", func(b *box) {
			u := "https://news.example/wire"
			_, err := b.Validators(b.ctx(), u)
			b.is(err, veille.ErrNotFound)
			for _, tag := range []string{"1", "2"} {
				p := poll()
				p.Validators = map[string]veille.Validators{u: {ETag: tag}}
				b.ok(b.CommitPoll(b.ctx(), p))
				same(b, "etag", got[veille.Validators](b)(b.Validators(b.ctx(), u)).ETag, tag)
			}
			p := poll()
			p.Validators = map[string]veille.Validators{u: {}}
			b.ok(b.CommitPoll(b.ctx(), p))
			_, err = b.Validators(b.ctx(), u)
			b.is(err, veille.ErrNotFound)
		}},
		{"EveryMethod_AnswersAnEndedContextAndDoesNothing", func(b *box) {
			b.fill(1, 1, "desk")
			d := b.claim("desk", 1)
			b.ok(b.CommitPoll(b.ctx(), poll(visit(7, 1))))
			ctx, cancel := context.WithCancel(b.ctx())
			cancel()
			errs := map[string]error{
				"SaveSources":   b.SaveSources(ctx, []veille.SourceState{source("late")}),
				"CommitPoll":    b.CommitPoll(ctx, poll(visit(1, 1))),
				"Reschedule":    b.Reschedule(ctx, visit(7, 1), nil),
				"CommitArticle": b.CommitArticle(ctx, commit(1, 1)),
				"CommitEvents":  b.CommitEvents(ctx, []veille.Event{event(2)}, nil),
				"Settle":        b.Settle(ctx, veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: "desk"}}),
				"SaveReceiver":  b.SaveReceiver(ctx, veille.ReceiverState{Name: "late"}),
			}
			_, errs["Sources"] = b.Sources(ctx)
			_, errs["Known"] = b.Known(ctx, []string{url(1)})
			_, errs["Visits"] = b.Visits(ctx, at(1), 1)
			_, errs["Visit"] = b.Visit(ctx, url(7))
			_, errs["Article"] = b.Article(ctx, "x")
			_, errs["ArticleByURL"] = b.ArticleByURL(ctx, url(1))
			_, errs["ArticlesByText"] = b.ArticlesByText(ctx, "x")
			_, errs["Revisions"] = b.Revisions(ctx, "x")
			_, errs["Receiver"] = b.Receiver(ctx, "desk")
			_, errs["Events"] = b.Events(ctx, veille.EventFilter{})
			_, errs["Articles"] = b.Articles(ctx, veille.ArticleFilter{})
			_, errs["Deliveries"] = b.Deliveries(ctx, veille.DeliveryFilter{})
			_, errs["Validators"] = b.Validators(ctx, url(1))
			_, _, errs["NextDelivery"] = b.NextDelivery(ctx, "desk", at(1))
			_, _, errs["Prune"] = b.Prune(ctx, at(1), at(1))
			_, errs["Retry"] = b.Retry(ctx, veille.DeliveryFilter{}, at(1))
			_, errs["Drop"] = b.Drop(ctx, veille.DeliveryFilter{Receiver: "desk"})
			for name, err := range errs {
				if err == nil {
					b.Errorf("%s ignores its context", name)
					continue
				}
				b.is(err, context.Canceled)
			}
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(1)})), []bool{false})
			same(b, "events", len(got[[]veille.Event](b)(b.Events(b.ctx(), veille.EventFilter{}))), 1)
			same(b, "visits", len(got[[]veille.Visit](b)(b.Visits(b.ctx(), at(9), 9))), 1)
			same(b, "deliveries", len(got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), veille.DeliveryFilter{State: veille.DeliveryPending}))), 1)
		}},
	}
}
