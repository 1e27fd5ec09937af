package notify

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"veille"
)

var articles = flag.Int("articles", 40, "how many random hostile articles go through every receiver; the acceptance is 10000")

// S5 of the acceptance numbers: random hostile articles through every receiver,
// each of whose services refuses what is beyond a limit; nothing in any of them
// is active.
func TestKinds_RandomHostileArticlesStayInertAndWithinLimits(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, 2))
			n, sent := s.receiver(t, Env{})
			for i := range *articles {
				e := randomEvent(random)
				d := veille.Delivery{EventID: e.ID, Receiver: "sample", Event: e, Degraded: i%10 == 9}
				if _, err := n.Notify(t.Context(), d); err != nil {
					t.Errorf("article %d: %v", i, err)
				}
				if s.check(t, e, sent()); t.Failed() {
					t.Fatalf("article %d failed: %.2000q", i, fmt.Sprintf("%+v %+v", e.Type, e.Article))
				}
			}
		})
	}
}

// randomEvent is an event whose texts are made of words and of what is hostile.
func randomEvent(random *rand.Rand) veille.Event {
	pieces := append([]string{
		"mot", " ", " ", "«", "»", "&", "<", ">", "*", "_", "~", "`", "|", "[", "]", "(", ")", "\\", "#", "@", ":a:", ":", "/", ".", "\n", "\r\n", "\t",
		"é", "한국", "👨‍👩‍👧", "a\u0301", "\u202e", "\u200b", "\x00", "\xff", "&amp;", "&#60;", "http://evil.example/x", "www.evil.com", "evil.org",
		"a@b.org", "/start", "#tag", "@here", "javascript:", "{{.}}", "${X}", "1. ", "- ", "> ", "**", "~~", "||", "![x](y)", "<b>", "</b>", "<!--", "]]>",
	}, hostile[:8]...)
	text := func(n int) string {
		var b strings.Builder
		for range random.IntN(n) + 1 {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		return b.String()
	}
	types := []veille.EventType{veille.ArticlePublished, veille.ArticleEdited, veille.ArticleWithdrawn, veille.StoryGrown}
	one := func() veille.Event {
		e := Example(types[random.IntN(len(types))])
		title := text(60)
		summary := text(200)
		e.Article.Title, e.Article.Source, e.Article.Summary = title, text(8), &summary
		if random.IntN(3) > 0 {
			e.Article.URL = "https://example.org/" + text(20)
		}
		e.Matches, e.Watches = nil, nil
		for range random.IntN(12) {
			term, name := text(3), text(6)
			e.Watches = append(e.Watches, name)
			e.Matches = append(e.Matches, veille.Match{Watch: name, Terms: []veille.Term{{Text: term}}, Excerpt: text(60) + "«" + term + "»" + text(200)})
		}
		if random.IntN(20) == 0 {
			e.Message = text(2000)
		}
		if c := e.Revision.Change; c != nil {
			c.Title = &veille.FieldChange{From: text(50), To: title}
			c.Diff = text(40) + " [-" + text(20) + "-] {+" + text(200) + "+} " + text(100)
		}
		return e
	}
	if random.IntN(8) > 0 {
		return one()
	}
	d := Example(veille.Digest)
	d.Events = nil
	for range random.IntN(40) + 1 {
		d.Events = append(d.Events, one())
	}
	return d
}
