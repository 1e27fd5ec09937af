package monitor

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// edits applies an edit of the article at view(2) and lets a recheck see it.
func (n *newsroom) edits(change func(*page)) {
	n.web.edit(view(2), change)
	n.after(61 * time.Minute)
}

func revisionsOf(n *newsroom, url string) []veille.Revision {
	n.store.mu.Lock()
	defer n.store.mu.Unlock()
	return n.store.revisions[veille.ArticleID(url)]
}

func TestEdit_EachFieldIsAnEditOfItsOwn(t *testing.T) {
	published := func(h int) time.Time { return time.Date(1999, 12, 31, h, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		field string
		edit  func(*page)
	}{
		{"title", func(p *page) { p.snap.Title = "Titres" }},
		{"lead", func(p *page) { p.snap.Description = "Une autre description de cet article." }},
		{"body", func(p *page) { p.snap.Body = strings.Replace(p.snap.Body, "numéro 3", "numéro 33", 1) }},
		{"authors", func(p *page) { p.snap.Authors = []string{"B. Autre"} }},
		{"published", func(p *page) { p.snap.Published = published(7) }},
		{"image", func(p *page) { p.snap.Image = "https://img.example/autre.jpg" }},
	} {
		t.Run(c.field, func(t *testing.T) {
			following(t, func(t *testing.T, n *newsroom) {
				n.edits(func(p *page) {
					p.snap.Description, p.snap.Authors = "La description de cet article.", []string{"A. Nom"}
					p.snap.Published, p.snap.Image = published(9), "https://img.example/une.jpg"
				})
				expectTold(t, n, "published Titre [dprk] r1") // what was not stated before is no edit
				n.after(6 * time.Hour)
				n.web.edit(view(2), c.edit)
				n.after(24 * time.Hour)
				if got := len(n.told()); got != 2 {
					t.Fatalf("told %q", n.told())
				}
				if got := n.events()[1].Revision.Change.Fields; !cmp.Equal(got, []string{c.field}) {
					t.Errorf("fields %q, want %s", got, c.field)
				}
			})
		})
	}
}

func TestEdit_AFlipIsShownAsOne(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		for _, title := range []string{"Autre", "Titre", "Autre", "Troisième"} {
			n.edits(func(p *page) { p.snap.Title = title })
		}
		var got []int
		for _, r := range revisionsOf(n, view(2))[1:] {
			got = append(got, r.Change.Reverts)
		}
		if diff := cmp.Diff([]int{0, 1, 2, 0}, got); diff != "" {
			t.Errorf("reverts (-want +got):\n%s", diff)
		}
		expectTold(t, n, "published Titre [dprk] r1", "edited Autre [dprk] r2", "edited Troisième [dprk] r5")
	})
}

func TestEdit_AWatchThatNoLongerMatchesIsToldOnce(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		say := func(words string) {
			n.edits(func(p *page) { p.snap.Body = "Il pleut sur la ville et sur la mer.\n\n" + words })
		}
		say("Rien de plus.")
		say("Toujours rien de plus.")
		say("La Corée et la Russie de nouveau.")
		expectTold(t, n, "published Titre [dprk] r1", "edited Titre [dprk] r2", "edited Titre [dprk] r4")
		e := n.events()[1]
		if e.Message != "No longer matches: dprk." || !cmp.Equal(e.Unmatched, []string{"dprk"}) {
			t.Errorf("message %q, unmatched %q", e.Message, e.Unmatched)
		}
		if e := n.events()[2]; e.Message != "" || len(e.Unmatched) > 0 {
			t.Errorf("matches again, but says %q", e.Message)
		}
		say("Plus rien.")
		if got := n.events(); len(got) != 4 || got[3].Message != e.Message {
			t.Errorf("lost again: %q", n.told())
		}
	})
}

func TestEdit_ANewMatchSaysThatItWasAdded(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		n.edits(func(p *page) { p.snap.Title = "Titres" })
		n.edits(func(p *page) { p.snap.Body += "\n\nL'Iran réagit." })
		expectTold(t, n, "published Titre [dprk] r1", "edited Titres [dprk] r2", "edited Titres [dprk] r3", "published Titres [iran] r3")
		e := n.events()[3]
		if e.Message != "Added in revision 3." || !cmp.Equal(e.Revision.Change.Added, []string{"L'Iran réagit."}) {
			t.Errorf("message %q, change %+v", e.Message, e.Revision.Change)
		}
	})
}

func TestEdit_AWatchMayNarrowWhatItIsToldOf(t *testing.T) {
	edited := []veille.EventType{veille.ArticleEdited}
	for _, c := range []struct {
		name  string
		watch func(*veille.Watch)
		want  []string
	}{
		{"all", func(*veille.Watch) {}, []string{"published Titre [dprk] r1", "edited Titre [dprk] r2", "edited Titre [dprk] r3", "edited Titres [dprk] r4"}},
		{"only title", func(w *veille.Watch) { w.OnlyTitle = true }, []string{"published Titre [dprk] r1", "edited Titres [dprk] r4"}},
		{"min_change", func(w *veille.Watch) { w.MinChange = 5 }, []string{"published Titre [dprk] r1", "edited Titre [dprk] r3"}},
		{"edits only", func(w *veille.Watch) { w.On = edited }, []string{"edited Titre [dprk] r2", "edited Titre [dprk] r3", "edited Titres [dprk] r4"}},
		{"in added", func(w *veille.Watch) { w.Added = true }, []string{"published Titre [dprk] r3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			following(t, func(t *testing.T, n *newsroom) {
				n.edits(func(p *page) { p.snap.Body += "\n\nIl pleut." })
				n.edits(func(p *page) { p.snap.Body += "\n\nLa Corée parle ici avec la Russie." })
				n.edits(func(p *page) { p.snap.Title = "Titres" })
				expectTold(t, n, c.want...)
			}, c.watch)
		})
	}
}

func TestEdit_AWatchOverAddedWordsFindsThePhraseThatAnEditCompleted(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		n.edits(func(p *page) { p.snap.Body += "\n\nRien sur la Corée du Sud." })
		n.edits(func(p *page) { p.snap.Body = strings.Replace(p.snap.Body, "Corée du Sud", "Corée du Nord", 1) })
		expectTold(t, n, "published Titre [south] r2", "published Titre [north] r3")
		for _, e := range n.events() {
			term := e.Matches[0].Terms[0]
			if body := []rune(n.article(view(2)).Snapshot.Body); e.Revision.Number == 3 && string(body[term.Start:term.End]) != term.Text {
				t.Errorf("%q is said to be at %d of the body", term.Text, term.Start)
			}
		}
	}, func(w *veille.Watch) { *w = veille.Watch{} }, addedPhrases)
}

// addedPhrases watches two phrases in what edits add.
func addedPhrases(n *newsroom) {
	n.plan.Watches, n.plan.Matcher = nil, phrases{"north": "Rien sur la Corée du Nord", "south": "Rien sur la Corée du Sud"}
	for _, name := range []string{"north", "south"} {
		w := watchOf(name)
		w.Added, w.On = true, []veille.EventType{veille.ArticlePublished}
		n.plan.Watches = append(n.plan.Watches, w)
	}
}

// phrases is a Matcher of one phrase a watch, in the body.
type phrases map[string]string

func (ps phrases) Match(s veille.Snapshot, _ []string) ([]veille.Match, string) {
	var out []veille.Match
	for name, phrase := range ps {
		if i := strings.Index(s.Body, phrase); i >= 0 {
			start := len([]rune(s.Body[:i]))
			out = append(out, veille.Match{Watch: name, Terms: []veille.Term{{Term: phrase, Field: "body", Text: phrase, Start: start, End: start + len([]rune(phrase))}}})
		}
	}
	return out, s.Language
}

// TestLive_IsToldAtMostEveryHalfHourAndLosesNothing follows a live blog that
// grows every ten minutes, and is looked at every five.
func TestLive_IsToldAtMostEveryHalfHourAndLosesNothing(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		n.web.edit(view(2), func(p *page) { p.snap.Live = true })
		for i := range 30 {
			n.web.edit(view(2), func(p *page) { p.snap.Body = fmt.Sprintf("Entrée numéro %d du direct.\n\n", i) + p.snap.Body })
			n.after(10 * time.Minute)
		}
		n.after(2 * time.Hour)
		events := n.events()
		var said strings.Builder
		for i, e := range events {
			if i > 0 && e.Time.Sub(events[i-1].Time) < 30*time.Minute-time.Second {
				t.Errorf("events %d and %d are %s apart", i-1, i, e.Time.Sub(events[i-1].Time))
			}
			if e.Revision.Change != nil {
				said.WriteString(strings.Join(e.Revision.Change.Added, "\n"))
			}
		}
		for i := range 30 {
			if entry := fmt.Sprintf("Entrée numéro %d du direct.", i); strings.Count(said.String(), entry) != 1 {
				t.Errorf("%q was told %d times", entry, strings.Count(said.String(), entry))
			}
		}
		if got := len(revisionsOf(n, view(2))); got != 31 {
			t.Errorf("%d revisions, want 31", got)
		}
		if len(events) > 12 || len(events) < 9 {
			t.Errorf("%d alerts in five hours", len(events))
		}
	}, func(*veille.Watch) {}, func(n *newsroom) {
		n.plan.Sources[0].Recheck = nil
		for i := range 90 {
			n.plan.Sources[0].Recheck = append(n.plan.Sources[0].Recheck, time.Duration(i+1)*5*time.Minute)
		}
	})
}
