package storetest

import "veille"

func articles() []promise {
	return []promise{
		{"Article_KeepsEveryFieldOverAReopen", func(b *box) {
			_, err := b.Article(b.ctx(), article(1, 1).ID)
			b.is(err, veille.ErrNotFound)
			c := commit(1, 1)
			c.Article.Sources = []string{"feed", "other"}
			c.Article.Silent, c.Article.GoneChecks, c.Article.GoneSince, c.Article.GoneAt, c.Article.Withdrawn = "old", 2, at(3), at(4), true
			b.ok(b.CommitArticle(b.ctx(), c))
			b.reopen()
			same(b, "article", got[veille.Article](b)(b.Article(b.ctx(), c.Article.ID)), c.Article)
			same(b, "by URL", got[veille.Article](b)(b.ArticleByURL(b.ctx(), url(1))), c.Article)
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(1)})), []bool{true})
		}},
		{"CommitArticle_RefusesARevisionThatMovedOn", func(b *box) {
			b.is(b.CommitArticle(b.ctx(), commit(1, 2)), veille.ErrConflict)
			b.ok(b.CommitArticle(b.ctx(), commit(1, 1)))
			late := commit(1, 1)
			late.Article.Source = "late"
			late.Aliases = []string{url(8)}
			next := visit(9, 9)
			late.Next = &next
			late.Events, late.Deliveries = []veille.Event{event(1)}, []veille.Delivery{delivery(1, "desk", 1)}
			b.is(b.CommitArticle(b.ctx(), late), veille.ErrConflict)
			same(b, "article", got[veille.Article](b)(b.Article(b.ctx(), late.Article.ID)), article(1, 1))
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(8), url(9)})), []bool{false, false})
			same(b, "events", len(got[[]veille.Event](b)(b.Events(b.ctx(), veille.EventFilter{}))), 0)
			b.silent("desk")
		}},
		{"CommitArticle_WithoutARevisionKeepsTheRevisions", func(b *box) {
			b.ok(b.CommitArticle(b.ctx(), commit(1, 1)))
			c := veille.ArticleCommit{Article: article(1, 1), Expect: 1}
			c.Article.CheckedAt = at(50)
			b.ok(b.CommitArticle(b.ctx(), c))
			same(b, "checked", got[veille.Article](b)(b.Article(b.ctx(), c.Article.ID)).CheckedAt, at(50))
			same(b, "revisions", len(got[[]veille.Revision](b)(b.Revisions(b.ctx(), c.Article.ID))), 1)
		}},
		{"CommitArticle_RefusesWhatDoesNotFitTogether", func(b *box) {
			for what, spoil := range map[string]func(*veille.ArticleCommit){
				"an article without an id":     func(c *veille.ArticleCommit) { c.Article.ID = "" },
				"another article's revision":   func(c *veille.ArticleCommit) { c.Revision.ArticleID = "art_other" },
				"a revision of another number": func(c *veille.ArticleCommit) { c.Revision.Number = 7 },
				"a next visit to nowhere":      func(c *veille.ArticleCommit) { c.Next = &veille.Visit{} },
				"a delivery of no event":       func(c *veille.ArticleCommit) { c.Deliveries = []veille.Delivery{delivery(2, "desk", 1)} },
				"an event without an id":       func(c *veille.ArticleCommit) { c.Events = []veille.Event{{}} },
				"a delivery that nobody would get": func(c *veille.ArticleCommit) {
					c.Events = []veille.Event{event(1)}
					c.Deliveries = []veille.Delivery{delivery(1, "", 1)}
				},
			} {
				c := commit(1, 1)
				spoil(&c)
				b.refused(b.CommitArticle(b.ctx(), c), what)
			}
			_, err := b.Article(b.ctx(), article(1, 1).ID)
			b.is(err, veille.ErrNotFound)
			same(b, "events", len(got[[]veille.Event](b)(b.Events(b.ctx(), veille.EventFilter{}))), 0)
		}},
		{"Revisions_ComeFirstToLast", func(b *box) {
			_, err := b.Revisions(b.ctx(), article(1, 1).ID)
			b.is(err, veille.ErrNotFound)
			var want []veille.Revision
			for i := 1; i <= 12; i++ {
				c := commit(1, i)
				c.Revision.Change = &veille.Change{Title: &veille.FieldChange{From: "a", To: "b"}, Added: []string{"x"}, Words: veille.WordsChange{Added: i}}
				b.ok(b.CommitArticle(b.ctx(), c))
				b.ok(b.CommitArticle(b.ctx(), commit(i+1, 1)))
				want = append(want, *c.Revision)
			}
			b.reopen()
			same(b, "revisions", got[[]veille.Revision](b)(b.Revisions(b.ctx(), article(1, 1).ID)), want)
		}},
		{"ArticleByURL_FollowsAliasesAndTheVisitedURL", func(b *box) {
			c := commit(1, 1)
			c.Done, c.Aliases = visit(2, 1), []string{url(3), url(3)}
			b.ok(b.CommitArticle(b.ctx(), c))
			b.reopen()
			for n := 1; n <= 3; n++ {
				same(b, url(n), got[veille.Article](b)(b.ArticleByURL(b.ctx(), url(n))).ID, c.Article.ID)
			}
			same(b, "known", got[[]bool](b)(b.Known(b.ctx(), []string{url(2), url(3)})), []bool{true, true})
			_, err := b.ArticleByURL(b.ctx(), url(4))
			b.is(err, veille.ErrNotFound)
		}},
		{"ArticleByURL_FindsNoArticleBehindAWaitingOrSeenURL", func(b *box) {
			p := poll(visit(1, 1))
			p.Seen = []string{url(2)}
			b.ok(b.CommitPoll(b.ctx(), p))
			for n := 1; n <= 2; n++ {
				_, err := b.ArticleByURL(b.ctx(), url(n))
				b.is(err, veille.ErrNotFound)
			}
		}},
		{"CommitArticle_AnAliasDoesNotHideAnArticle", func(b *box) {
			b.ok(b.CommitArticle(b.ctx(), commit(1, 1)))
			c := commit(2, 1)
			c.Aliases = []string{url(1)}
			b.ok(b.CommitArticle(b.ctx(), c))
			same(b, "article", got[veille.Article](b)(b.ArticleByURL(b.ctx(), url(1))).ID, article(1, 1).ID)
		}},
		{"ArticlesByText_AreThoseOfTheNewestRevisionEarliestFirst", func(b *box) {
			for _, n := range []int{3, 1, 2} {
				c := commit(n, 1)
				c.Article.TextHash = "same"
				b.ok(b.CommitArticle(b.ctx(), c))
			}
			b.ok(b.CommitArticle(b.ctx(), commit(4, 1)))
			same(b, "ids", b.idsByText("same"), []string{article(1, 1).ID, article(2, 1).ID, article(3, 1).ID})
			b.ok(b.CommitArticle(b.ctx(), commit(2, 2)))
			b.reopen()
			same(b, "ids", b.idsByText("same"), []string{article(1, 1).ID, article(3, 1).ID})
			same(b, "ids", b.idsByText("text-2-2"), []string{article(2, 1).ID})
			same(b, "no such text", len(b.idsByText("none")), 0)
		}},
	}
}

func (b *box) idsByText(hash string) []string {
	b.Helper()
	var ids []string
	for _, a := range got[[]veille.Article](b)(b.ArticlesByText(b.ctx(), hash)) {
		ids = append(ids, a.ID)
	}
	return ids
}
