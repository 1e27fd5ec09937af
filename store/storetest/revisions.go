package storetest

import (
	"fmt"
	"slices"
	"strings"

	"veille"
)

// revisions are promises about the history of an article.
func revisions() []promise {
	return []promise{
		{"Revisions_OfALongHistoryReadBackAsTheyWereCommitted", func(b *box) {
			var want []veille.Revision
			for i, body := range history() {
				c := commit(1, i+1)
				c.Article.Snapshot.Body, c.Revision.Snapshot.Body = body, body
				b.ok(b.CommitArticle(b.ctx(), c))
				want = append(want, *c.Revision)
				if i%7 == 0 {
					b.reopen()
				}
			}
			// The same paragraphs in another article are its own.
			other := commit(2, 1)
			b.ok(b.CommitArticle(b.ctx(), other))
			b.reopen()
			same(b, "revisions", got[[]veille.Revision](b)(b.Revisions(b.ctx(), article(1, 1).ID)), want)
			same(b, "the other's", got[[]veille.Revision](b)(b.Revisions(b.ctx(), article(2, 1).ID)), []veille.Revision{*other.Revision})
		}},
	}
}

// history is what one article said over a long time: paragraphs that come, go,
// move, repeat and are edited, and texts of odd layout.
func history() []string {
	paragraphs := strings.Split(strings.TrimSpace(article(1, 1).Snapshot.Body), "\n\n")
	var out []string
	add := func() { out = append(out, strings.Join(paragraphs, "\n\n")) }
	add()
	for i := range 40 {
		switch at := (i * 7) % len(paragraphs); i % 5 {
		case 0:
			paragraphs[at] += fmt.Sprintf(" Précision %d.", i)
		case 1:
			paragraphs = slices.Insert(paragraphs, at, fmt.Sprintf("Ajout %d, 북한과 러시아.", i))
		case 2:
			paragraphs = slices.Delete(paragraphs, at, at+1)
		case 3:
			paragraphs = append(paragraphs, paragraphs[at])
		case 4:
			paragraphs[at], paragraphs[0] = paragraphs[0], paragraphs[at]
		}
		add()
	}
	return append(out, out[3], "", "\n\n\n\n", "seul", "seul\n\n", "", out[0], "Un tout autre texte.\n\nEn deux paragraphes.", "[1,2,3]\n\nseul")
}
