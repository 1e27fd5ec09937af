package storetest

import (
	"time"

	"veille"
)

func (b *box) prune(articles, deliveries time.Time) [2]int {
	b.Helper()
	na, nd, err := b.Prune(b.ctx(), articles, deliveries)
	b.ok(err)
	return [2]int{na, nd}
}

func pruning() []promise {
	return []promise{
		{"Prune_ForgetsArticlesLastCheckedBefore", func(b *box) {
			for n := range 5 {
				b.ok(b.CommitArticle(b.ctx(), commit(n*10, 1)))
			}
			checked := veille.ArticleCommit{Article: article(0, 1), Expect: 1}
			checked.Article.CheckedAt = at(90)
			b.ok(b.CommitArticle(b.ctx(), checked))
			same(b, "removed", b.prune(at(31), time.Time{}), [2]int{2, 0})
			b.reopen()
			for n, want := range []error{nil, veille.ErrNotFound, veille.ErrNotFound, nil, nil} {
				_, err := b.Article(b.ctx(), article(n*10, 1).ID)
				b.is(err, want)
				_, err = b.ArticleByURL(b.ctx(), url(n*10))
				b.is(err, want)
				_, err = b.Revisions(b.ctx(), article(n*10, 1).ID)
				b.is(err, want)
			}
			same(b, "texts", len(b.idsByText("text-10-1")), 0)
			same(b, "listed", len(got[[]veille.Article](b)(b.Articles(b.ctx(), veille.ArticleFilter{}))), 3)
		}},
		{"Prune_LeavesTheURLsOfAForgottenArticleKnown", func(b *box) {
			c := commit(1, 1)
			c.Aliases = []string{url(2)}
			b.ok(b.CommitArticle(b.ctx(), c))
			same(b, "removed", b.prune(at(60), at(60)), [2]int{1, 0})
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(1), url(2)})), []bool{true, true})
			b.ok(b.CommitPoll(b.ctx(), poll(visit(1, 1))))
			same(b, "visits", len(got[[]veille.Visit](b)(b.Visits(b.ctx(), at(9), 9))), 0)
		}},
		{"Prune_ForgetsURLsThatNoListingShows", func(b *box) {
			p := poll(visit(2, 1))
			p.Seen = []string{url(1)}
			b.ok(b.CommitPoll(b.ctx(), p))
			b.prune(time.Now().AddDate(5, 0, 0), time.Time{})
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(1), url(2)})), []bool{false, true})
			same(b, "visits", len(got[[]veille.Visit](b)(b.Visits(b.ctx(), at(9), 9))), 1)
		}},
		{"Prune_KeepsAnArticleThatWaitsForAVisit", func(b *box) {
			c := commit(1, 1)
			next := visit(1, 999)
			c.Next = &next
			b.ok(b.CommitArticle(b.ctx(), c))
			same(b, "removed", b.prune(at(60), at(60)), [2]int{0, 0})
			same(b, "article", got[veille.Article](b)(b.Article(b.ctx(), c.Article.ID)), c.Article)
		}},
		{"Prune_ForgetsOnlyWhatIsSettled", func(b *box) {
			for n := range 3 {
				b.fill(n, n, "desk")
			}
			b.settle(b.claim("desk", 0), veille.DeliverySent)
			b.settle(b.claim("desk", 1), veille.DeliveryDead)
			same(b, "too young", b.prune(at(999), at(30)), [2]int{0, 0})
			same(b, "removed", b.prune(at(999), at(999)), [2]int{0, 1})
			b.reopen()
			same(b, "dead", len(got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), veille.DeliveryFilter{State: veille.DeliveryDead}))), 1)
			same(b, "pending", b.claim("desk", 9).Event.ID, event(2).ID)
			_, err := b.Event(b.ctx(), event(0).ID)
			b.is(err, veille.ErrNotFound)
			got[veille.Event](b)(b.Event(b.ctx(), event(1).ID))
			same(b, "events", len(got[[]veille.Event](b)(b.Events(b.ctx(), veille.EventFilter{}))), 2)
		}},
		{"Prune_KeepsAnEventWhileAnyReceiverWaits", func(b *box) {
			b.fill(1, 1, "desk", "hook")
			b.settle(b.claim("desk", 1), veille.DeliverySent)
			same(b, "removed", b.prune(at(999), at(999)), [2]int{0, 1})
			same(b, "hook", b.claim("hook", 1).Event.ID, event(1).ID)
		}},
		{"Prune_IsRememberedWhenItCameToItsEnd", func(b *box) {
			same(b, "never", got[time.Time](b)(b.Pruned(b.ctx())), time.Time{})
			began := time.Now().Add(-time.Second)
			b.prune(at(1), at(1))
			b.reopen()
			if last := got[time.Time](b)(b.Pruned(b.ctx())); last.Before(began) || last.After(time.Now()) {
				b.Errorf("pruned at %v, it was after %v", last, began)
			}
		}},
		{"Prune_WorksThroughMoreThanOneTransaction", func(b *box) {
			for n := range 250 {
				b.ok(b.CommitArticle(b.ctx(), commit(n, 1)))
			}
			same(b, "removed", b.prune(at(240), time.Time{}), [2]int{239, 0})
			same(b, "left", len(got[[]veille.Article](b)(b.Articles(b.ctx(), veille.ArticleFilter{}))), 11)
		}},
	}
}
