package storetest

import (
	"errors"
	"sync"

	"veille"
)

func sharing() []promise {
	return []promise{
		{"ConcurrentWriters_LoseNothingAndOneOfEachRivalWins", func(b *box) {
			const articles, rivals = 25, 4
			var wg sync.WaitGroup
			var mu sync.Mutex
			won, lost := map[int]int{}, 0
			for n := range articles {
				for rival := range rivals {
					wg.Go(func() {
						c := commit(n, 1)
						c.Events = []veille.Event{event(n)}
						c.Deliveries = []veille.Delivery{delivery(n, "desk", 1)}
						c.Article.Story.Outlets = rival
						err := b.CommitArticle(b.ctx(), c)
						mu.Lock()
						defer mu.Unlock()
						switch {
						case err == nil:
							won[n]++
						case errors.Is(err, veille.ErrConflict):
							lost++
						default:
							b.Errorf("commit: %v", err)
						}
					})
				}
				wg.Go(func() {
					if err := b.SaveSources(b.ctx(), []veille.SourceState{source("s" + url(n))}); err != nil {
						b.Errorf("save: %v", err)
					}
					if _, err := b.Known(b.ctx(), []string{url(n)}); err != nil {
						b.Errorf("known: %v", err)
					}
				})
			}
			wg.Wait()
			same(b, "won", len(won), articles)
			same(b, "lost", lost, articles*(rivals-1))
			b.reopen()
			same(b, "articles", len(got[[]veille.Article](b)(b.Articles(b.ctx(), veille.ArticleFilter{}))), articles)
			same(b, "deliveries", len(got[[]veille.Delivery](b)(b.Deliveries(b.ctx(), veille.DeliveryFilter{}))), articles)
			same(b, "sources", len(got[[]veille.SourceState](b)(b.Sources(b.ctx()))), articles)
		}},
		{"ConcurrentWriters_ARefusedCallDisturbsNoOther", func(b *box) {
			b.ok(b.CommitArticle(b.ctx(), commit(0, 1)))
			var wg sync.WaitGroup
			for n := 1; n <= 40; n++ {
				wg.Go(func() {
					if err := b.CommitArticle(b.ctx(), commit(n, 1)); err != nil {
						b.Errorf("commit: %v", err)
					}
				})
				wg.Go(func() {
					if err := b.CommitArticle(b.ctx(), commit(0, 7)); !errors.Is(err, veille.ErrConflict) {
						b.Errorf("stale commit: %v", err)
					}
				})
			}
			wg.Wait()
			same(b, "articles", len(got[[]veille.Article](b)(b.Articles(b.ctx(), veille.ArticleFilter{}))), 41)
			same(b, "revision", got[veille.Article](b)(b.Article(b.ctx(), article(0, 1).ID)).Revision, 1)
		}},
		{"EveryMethod_AfterCloseIsAnError", func(b *box) {
			b.ok(b.Close())
			b.refused(b.SaveSources(b.ctx(), []veille.SourceState{source("late")}), "a write after Close")
			_, err := b.Sources(b.ctx())
			b.refused(err, "a read after Close")
			b.Store = b.suite.open(b.T, b.dir)
			same(b, "sources", len(got[[]veille.SourceState](b)(b.Sources(b.ctx()))), 0)
		}},
	}
}
