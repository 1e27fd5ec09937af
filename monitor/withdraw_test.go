package monitor

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// press publishes a number of articles that the watch matches, a quarter of an
// hour apart, and lets them be read.
func (n *newsroom) press(count int) {
	for i := range count {
		n.web.publish(section, view(10+i), fmt.Sprint("Article ", i), body(fmt.Sprint("x", i)), time.Time{})
		n.after(15 * time.Minute)
	}
}

// each changes every page of the site.
func (n *newsroom) each(change func(*page)) {
	n.web.with(func() {
		for _, p := range n.web.pages {
			change(p)
		}
	})
}

// TestWithdraw_AHostThatFailsForADayWithdrawsNothing lets a site fail in every
// way in which sites do, while its listing works and while it does not.
func TestWithdraw_AHostThatFailsForADayWithdrawsNothing(t *testing.T) {
	status := func(kind veille.FetchErrorKind, code int) func(*page) {
		return func(p *page) { p.err = &veille.FetchError{Kind: kind, Status: code} }
	}
	reads := func(kind veille.PageKind, url string) func(*page) {
		return func(p *page) {
			p.snap = veille.Snapshot{URL: url, Canonical: p.snap.Canonical, Title: "x", Kind: kind}
		}
	}
	for _, c := range []struct {
		name string
		fail func(*page)
	}{
		{"404", status(veille.FetchNotFound, 404)},
		{"410", status(veille.FetchGone, 410)},
		{"503", status(veille.FetchServer, 503)},
		{"403", status(veille.FetchStatus, 403)},
		{"no connection", status(veille.FetchConnect, 0)},
		{"empty", status(veille.FetchEmpty, 200)},
		{"soft 404", reads(veille.KindNotFound, "")},
		{"redirected home", reads(veille.KindOther, "https://news.example/")},
		{"redirected to its section", reads(veille.KindSection, section)},
		{"consent wall", reads(veille.KindConsent, "https://news.example/")},
		{"bot wall", reads(veille.KindChallenge, "")},
		{"maintenance", reads(veille.KindOther, "")},
	} {
		for _, listed := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, listing works %v", c.name, listed), func(t *testing.T) {
				following(t, func(t *testing.T, n *newsroom) {
					n.press(6)
					told := len(n.told())
					saved := map[string]veille.Snapshot{}
					n.web.with(func() {
						for u, p := range n.web.pages {
							saved[u] = p.snap
						}
						if !listed {
							n.web.listings[section] = &veille.Listing{Kind: veille.KindSection}
							n.web.down[section] = &veille.FetchError{Kind: veille.FetchNotFound, Status: 404}
						}
					})
					n.each(c.fail)
					n.after(24 * time.Hour)
					n.web.with(func() {
						n.web.down = map[string]error{}
						for u, p := range n.web.pages {
							p.err, p.snap = nil, saved[u]
						}
					})
					n.after(7 * 24 * time.Hour)
					if got := n.told(); len(got) != told {
						t.Errorf("told %q", got[told:])
					}
					for i := range 6 {
						if a := n.article(view(10 + i)); a.Withdrawn || a.GoneChecks > 0 || a.Revision != 1 {
							t.Errorf("%s: withdrawn %v, %d checks, revision %d", a.URL, a.Withdrawn, a.GoneChecks, a.Revision)
						}
					}
				})
			})
		}
	}
}

func TestWithdraw_OneArticleOfManyIsWithdrawnAndSaysHow(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		n.press(6)
		n.web.edit(view(12), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchNotFound, Status: 404} })
		n.after(30 * time.Hour)
		events := n.events()
		last := events[len(events)-1]
		if last.Type != veille.ArticleWithdrawn || last.Article.URL != view(12) || !strings.HasPrefix(last.Message, "404 not found, at 3 checks since ") {
			t.Errorf("%s of %s: %q", last.Type, last.Article.URL, last.Message)
		}
		if got := len(events); got != 8 {
			t.Errorf("told %q", n.told())
		}
	})
}

func TestWithdraw_AReturnIsTold(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*page)
		want []string
	}{
		{"as it was", func(*page) {}, []string{"edited Titre [dprk] r2"}},
		{"edited", func(p *page) { p.snap.Title = "Titres" }, []string{"edited Titres [dprk] r2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			following(t, func(t *testing.T, n *newsroom) {
				gone := &veille.FetchError{Kind: veille.FetchGone, Status: 410}
				n.web.edit(view(2), func(p *page) { p.err = gone })
				n.after(20 * time.Hour)
				n.web.edit(view(2), func(p *page) { p.err = nil; c.edit(p) })
				n.after(26 * time.Hour)
				expectTold(t, n, append([]string{"published Titre [dprk] r1", "withdrawn Titre [dprk] r1"}, c.want...)...)
				e := n.events()[2]
				if e.Message != "Back after it was withdrawn (410 gone)." || !e.Revision.Change.Returned {
					t.Errorf("message %q, change %+v", e.Message, e.Revision.Change)
				}
				// And gone again, for a second time.
				n.web.edit(view(2), func(p *page) { p.err = gone })
				n.after(80 * time.Hour)
				if got := n.told(); len(got) != 4 || !strings.HasPrefix(got[3], "withdrawn") || !strings.HasSuffix(got[3], "r2") {
					t.Errorf("told %q", got)
				}
			})
		})
	}
}

func TestWithdraw_AWallBetweenTwoChecksIsNotAskedEveryMinute(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		n.web.edit(view(2), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchNotFound, Status: 404} })
		n.after(80 * time.Minute)
		n.web.edit(view(2), func(p *page) { p.err = nil; p.snap.Kind = veille.KindChallenge })
		before := len(n.visits(view(2)))
		n.after(48 * time.Hour)
		if got := len(n.visits(view(2))) - before; got > 60 {
			t.Errorf("%d looks at a wall in two days", got)
		}
		if diff := cmp.Diff([]string{"published Titre [dprk] r1"}, n.told()); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	})
}

// TestWithdraw_ThreeArticlesTakenDownTogetherAreAllWithdrawn takes three down
// that were published one after another.
func TestWithdraw_ThreeArticlesTakenDownTogetherAreAllWithdrawn(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		n.press(6)
		for i := range 3 {
			n.web.edit(view(12+i), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchNotFound, Status: 404} })
		}
		n.after(48 * time.Hour)
		for i := range 6 {
			if a := n.article(view(10 + i)); a.Withdrawn != (i >= 2 && i <= 4) {
				t.Errorf("article %d: withdrawn %v (%s)", i, a.Withdrawn, a.Condition)
			}
		}
	})
}

// TestWithdraw_NamesTheEvidenceOfWhatWasThere: the record of the last reading is
// what proves that there was an article, and what it said.
func TestWithdraw_NamesTheEvidenceOfWhatWasThere(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		record := &veille.Evidence{Record: "urn:uuid:1"}
		n.store.mu.Lock()
		n.store.revisions[veille.ArticleID(view(2))][0].Evidence = record
		n.store.mu.Unlock()
		n.web.edit(view(2), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchGone, Status: 410} })
		n.after(20 * time.Hour)
		n.web.edit(view(2), func(p *page) { p.err = nil })
		n.after(26 * time.Hour)
		expectTold(t, n, "published Titre [dprk] r1", "withdrawn Titre [dprk] r1", "edited Titre [dprk] r2")
		for _, e := range n.events()[1:] {
			if e.Revision.Evidence == nil || e.Revision.Evidence.Record != record.Record {
				t.Errorf("%s: evidence %+v", e.Type, e.Revision.Evidence)
			}
		}
	})
}
