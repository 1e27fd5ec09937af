package storetest

import (
	"slices"
	"time"

	"veille"
)

// signedBy is the nth article with a signature, seen so long ago, in the story
// of another.
func signedBy(n, first int, age time.Duration, signature ...uint32) veille.ArticleCommit {
	c := commit(n, 1)
	c.Article.FirstSeen = time.Now().UTC().Add(-age).Truncate(time.Second)
	c.Article.Story = veille.Story{ID: veille.StoryID(veille.ArticleID(url(first))), Outlets: 1, First: url(first)}
	if n != first {
		c.Article.Story.Kind, c.Article.Story.Of, c.Article.Story.Score = veille.StoryCopy, veille.ArticleID(url(first)), 0.5
	}
	c.Signature = signature
	return c
}

func (b *box) alike(since time.Duration, limit int, shingles ...uint32) []string {
	b.Helper()
	var urls []string
	for _, a := range got[[]veille.Article](b)(b.ArticlesLike(b.ctx(), shingles, time.Now().Add(-since), limit)) {
		urls = append(urls, a.URL)
	}
	return urls
}

// stories are the promises about near copies.
func stories() []promise {
	fill := func(b *box) {
		b.ok(b.CommitArticle(b.ctx(), signedBy(1, 1, 3*time.Hour, 10, 20, 30)))
		b.ok(b.CommitArticle(b.ctx(), signedBy(2, 1, 2*time.Hour, 20, 30, 40)))
		b.ok(b.CommitArticle(b.ctx(), signedBy(3, 1, time.Hour, 30, 40, 50)))
		b.ok(b.CommitArticle(b.ctx(), signedBy(4, 4, 0, 1<<31, 99)))
	}
	return []promise{
		{"ArticlesLike_AreThoseThatShareMostFirst", func(b *box) {
			fill(b)
			for range 2 {
				same(b, "all", b.alike(99*time.Hour, 9, 10, 20, 30), []string{url(1), url(2), url(3)})
				same(b, "the first two", b.alike(99*time.Hour, 2, 30, 40, 50), []string{url(3), url(2)})
				same(b, "none", len(b.alike(99*time.Hour, 9, 11, 12)), 0)
				same(b, "large tags", b.alike(99*time.Hour, 9, 1<<31), []string{url(4)})
				same(b, "the recent ones", b.alike(90*time.Minute, 9, 30, 40), []string{url(3)})
				b.reopen()
			}
		}},
		{"ArticlesLike_KnowsNoRefusedCommit", func(b *box) {
			fill(b)
			c := signedBy(1, 1, time.Hour, 77)
			b.is(b.CommitArticle(b.ctx(), c), veille.ErrConflict)
			same(b, "refused", len(b.alike(99*time.Hour, 9, 77)), 0)
		}},
		{"ArticlesLike_LeavesOutWhatIsForgotten", func(b *box) {
			fill(b)
			b.prune(time.Now().Add(time.Hour), time.Time{})
			same(b, "after pruning", len(b.alike(99*time.Hour, 9, 10, 20, 30, 40)), 0)
		}},
		{"ArticlesLike_BoundsWhatAllPagesShare", func(b *box) {
			for n := range 120 {
				b.ok(b.CommitArticle(b.ctx(), signedBy(n, n, time.Hour, 7, uint32(1000+n))))
			}
			same(b, "found by what is its own", b.alike(99*time.Hour, 200, 1042, 7)[0], url(42))
		}},
		{"ArticlesLike_FindsAStoryThatEverybodyCarries", func(b *box) {
			for n := range 120 {
				b.ok(b.CommitArticle(b.ctx(), signedBy(n, 0, time.Hour, 7, 8, 9)))
			}
			for range 2 {
				same(b, "found", len(b.alike(99*time.Hour, 8, 6, 7, 8, 9)), 8)
				b.reopen()
			}
		}},
		{"SignPast_SignsWhatAnEarlierReleaseDidNot", func(b *box) {
			old, recent := signedBy(1, 1, 80*time.Hour), signedBy(2, 2, time.Hour)
			b.ok(b.CommitArticle(b.ctx(), old))
			b.ok(b.CommitArticle(b.ctx(), recent))
			sign := func(a veille.Article) []uint32 {
				if a.Snapshot.Title == "" {
					b.Errorf("%s comes without its text", a.URL)
				}
				return []uint32{5, 6}
			}
			before := got[[]veille.Member](b)(b.Story(b.ctx(), recent.Article.Story.ID))
			for _, want := range []int{1, 0} {
				same(b, "signed", got[int](b)(b.SignPast(b.ctx(), time.Now().Add(-72*time.Hour), sign)), want)
				same(b, "found", b.alike(99*time.Hour, 9, 5), []string{url(2)})
				same(b, "members", got[[]veille.Member](b)(b.Story(b.ctx(), recent.Article.Story.ID)), before)
				b.reopen()
			}
		}},
		{"Story_HoldsItsMembersEarliestFirst", func(b *box) {
			fill(b)
			b.reopen()
			id := veille.StoryID(veille.ArticleID(url(1)))
			members := got[[]veille.Member](b)(b.Story(b.ctx(), id))
			var urls []string
			for _, m := range members {
				urls = append(urls, m.URL)
			}
			same(b, "members", urls, []string{url(1), url(2), url(3)})
			same(b, "kind", members[1].Kind, veille.StoryCopy)
			_, err := b.Story(b.ctx(), "sto_none")
			b.is(err, veille.ErrNotFound)
		}},
		{"Story_ShowsAMemberAsItIsNow", func(b *box) {
			fill(b)
			c := commit(2, 2)
			c.Article.FirstSeen, c.Article.Story, c.Article.Alerted = signedBy(2, 1, 2*time.Hour).Article.FirstSeen, signedBy(2, 1, 0).Article.Story, []string{"V", "W"}
			c.Article.Hushed = []string{"V"} // its source was muted then
			b.ok(b.CommitArticle(b.ctx(), c))
			members := got[[]veille.Member](b)(b.Story(b.ctx(), c.Article.Story.ID))
			same(b, "members", len(members), 3)
			i := slices.IndexFunc(members, func(m veille.Member) bool { return m.URL == url(2) })
			same(b, "alerted", members[i].Alerted, []string{"W"})
			same(b, "revision", members[i].Revision, 2)
		}},
		{"Stories_ListsThoseOfSeveralArticlesByTheNewest", func(b *box) {
			fill(b)
			b.ok(b.CommitArticle(b.ctx(), signedBy(5, 4, -time.Minute, 99)))
			list := got[[]veille.StorySummary](b)(b.Stories(b.ctx(), veille.StoryFilter{}))
			same(b, "stories", len(list), 2)
			same(b, "newest", list[0].ID, veille.StoryID(veille.ArticleID(url(4))))
			same(b, "outlets", list[1].Outlets, 1)
			same(b, "limited", len(got[[]veille.StorySummary](b)(b.Stories(b.ctx(), veille.StoryFilter{Page: veille.Page{Limit: 1}}))), 1)
			same(b, "of many outlets", len(got[[]veille.StorySummary](b)(b.Stories(b.ctx(), veille.StoryFilter{Outlets: 2}))), 0)
			b.prune(time.Now().Add(time.Hour), time.Time{})
			same(b, "after pruning", len(got[[]veille.StorySummary](b)(b.Stories(b.ctx(), veille.StoryFilter{}))), 0)
			_, err := b.Story(b.ctx(), list[0].ID)
			b.is(err, veille.ErrNotFound)
		}},
	}
}
