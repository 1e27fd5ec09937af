package monitor

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"veille"
)

// copied is a wire in several outlets, each with its own title, a line before and
// a line after the text.
func copied(n *newsroom, wire string, count int) (urls []string) {
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprint("o", i)
	}
	n.plan.Sources = nil
	outlets(n, names...)
	for i := range n.plan.Sources {
		for hour := range 72 {
			n.plan.Sources[i].Recheck = append(n.plan.Sources[i].Recheck, time.Duration(hour+1)*time.Hour)
		}
	}
	n.start()
	n.after(10 * time.Minute)
	for i, name := range names {
		urls = append(urls, n.carry(name, fmt.Sprintf("Titre%d du journal", i), ownCopy(wire, i)))
	}
	return urls
}

func ownCopy(wire string, i int) string {
	return fmt.Sprintf("Le journal numéro %d rapporte.\n\n%s\n\nLa rédaction du journal %[1]d.", i, wire)
}

// correct has every outlet change the same words, one after another.
func (n *newsroom) correct(urls []string, old, now string) {
	for _, url := range urls {
		n.web.edit(url, func(p *page) {
			if !strings.Contains(p.snap.Body, old) {
				panic(old)
			}
			p.snap.Body = strings.Replace(p.snap.Body, old, now, 1)
		})
		n.after(20 * time.Minute)
	}
	n.after(2 * time.Hour)
}

// withToll is a dispatch that counts its dead.
func withToll() string {
	return dispatch("w") + " Au moins 14 personnes ont péri dans la tempête, selon les secours. " + dispatch("x")
}

func TestCopies_AnEditThatAllMakeIsToldOnce(t *testing.T) {
	const old, now = "Au moins 14 personnes ont péri", "Au moins 40 personnes ont péri"
	first := "published Titre0 du journal [dprk] r1"
	for _, c := range []struct {
		name     string
		watch    func(*veille.Watch)
		match    []string
		old, now string
		want     []string
	}{
		{"told of the story", func(*veille.Watch) {}, []string{"corée"}, old, now, []string{first, "edited Titre0 du journal [dprk] r2"}},
		{"edits only", func(w *veille.Watch) { w.On = []veille.EventType{veille.ArticleEdited} }, []string{"corée"}, old, now, []string{"edited Titre0 du journal [dprk] r2"}},
		{"each copy", func(w *veille.Watch) { w.EachCopy, w.On = true, []veille.EventType{veille.ArticleEdited} }, []string{"corée"}, old, now, []string{
			"edited Titre0 du journal [dprk] r2", "edited Titre1 du journal [dprk] r2", "edited Titre2 du journal [dprk] r2", "edited Titre3 du journal [dprk] r2"}},
		{"matches by it", func(*veille.Watch) {}, []string{"iran"}, "selon les secours", "selon les secours de l'Iran", []string{"published Titre0 du journal [dprk] r2"}},
		{"no longer matches", func(w *veille.Watch) { w.On = []veille.EventType{veille.ArticleEdited} }, []string{"secours"}, ", selon les secours", "", []string{"edited Titre0 du journal [dprk] r2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, n *newsroom) {
				c.watch(&n.plan.Watches[0])
				n.plan.Matcher = words{"dprk": c.match}
				urls := copied(n, withToll(), 4)
				n.correct(urls, c.old, c.now)
				if got := n.told(); !slices.Equal(got, c.want) {
					t.Errorf("told %q\nwant %q", got, c.want)
				}
				n.halt()
			})
		})
	}
}

// TestCopies_EditsThatDifferAreToldEach: what one outlet corrects says nothing of
// what another one does.
func TestCopies_EditsThatDifferAreToldEach(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Watches[0].On = []veille.EventType{veille.ArticleEdited}
		n.plan.Matcher = words{"dprk": {"corée"}}
		urls := copied(n, withToll(), 4)
		for i, now := range []string{"Au moins 40 personnes ont péri", "Au moins 41 personnes ont péri", "Au moins 14 personnes n'ont pas péri"} {
			n.correct(urls[i:i+1], "Au moins 14 personnes ont péri", now)
		}
		n.correct(urls[3:], "selon les secours", "selon la police")
		if got := n.told(); len(got) != 4 {
			t.Errorf("told %q", got)
		}
		n.halt()
	})
}

// TestCopies_AWatchOverAddedWordsIsToldOfEachAddition, and once of one that all
// outlets make.
func TestCopies_AWatchOverAddedWordsIsToldOfEachAddition(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Watches[0].Added = true
		n.plan.Matcher = phrases{"dprk": "Iran"}
		urls := copied(n, withToll(), 4)
		n.correct(urls[:3], "selon les secours", "selon les secours de l'Iran")
		n.correct(urls[3:], "ont péri", "ont péri au large de l'Iran")
		want := []string{"published Titre0 du journal [dprk] r2", "published Titre3 du journal [dprk] r2"}
		if got := n.told(); !slices.Equal(got, want) {
			t.Errorf("told %q\nwant %q", got, want)
		}
		n.halt()
	})
}

// TestCopies_AnEditThatAddsFactsAlertsAsSuchACopyWould: what is added to a copy
// that made no alert is no repetition because it was added later.
func TestCopies_AnEditThatAddsFactsAlertsAsSuchACopyWould(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Matcher = words{"dprk": {"corée"}}
		urls := copied(n, withToll(), 3)
		more := "selon les secours. " + dispatch("news")
		n.correct(urls[1:], "selon les secours.", more)
		want := []string{"published Titre0 du journal [dprk] r1", "published Titre1 du journal [dprk] r2"}
		if got := n.told(); !slices.Equal(got, want) {
			t.Errorf("told %q\nwant %q", got, want)
		}
		if e := n.events()[1]; e.Message != "Added in revision 2." {
			t.Errorf("message %q", e.Message)
		}
		if a := n.article(urls[2]); !slices.Equal(a.ToldByCopy, []string{"dprk"}) || len(a.Alerted) > 0 {
			t.Errorf("the third: told by a copy %q, alerted %q", a.ToldByCopy, a.Alerted)
		}
		n.halt()
	})
}

// TestCopies_AJoinedEditSaysWhereItWasTold: veille why and veille diff show it.
func TestCopies_AJoinedEditSaysWhereItWasTold(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Watches[0].On = []veille.EventType{veille.ArticleEdited}
		n.plan.Matcher = words{"dprk": {"corée"}}
		urls := copied(n, withToll(), 2)
		n.correct(urls, "Au moins 14 personnes", "Au moins 40 personnes")
		for i, want := range []string{"", urls[0]} {
			if r := revisionsOf(n, urls[i]); len(r) != 2 || r[1].Joins != want {
				t.Errorf("%d: %d revisions, the last joins %q, want %q", i, len(r), r[len(r)-1].Joins, want)
			}
		}
		n.halt()
	})
}

// TestCopies_AStoryGrowsForAsLongAsCopiesFollow: each copy within three days of
// the one before joins, and one that comes later is news again.
func TestCopies_AStoryGrowsForAsLongAsCopiesFollow(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		names := []string{"o0", "o1", "o2", "o3"}
		outlets(n, names...)
		n.start()
		n.after(10 * time.Minute)
		for i, wait := range []time.Duration{0, 60 * time.Hour, 60 * time.Hour, 75 * time.Hour} {
			n.after(wait)
			n.carry(names[i], fmt.Sprintf("Titre%d du journal", i), ownCopy(withToll(), i))
		}
		want := []string{"published Titre0 du journal [dprk] r1", "published Titre3 du journal [dprk] r1"}
		if got := n.told(); !slices.Equal(got, want) {
			t.Errorf("told %q\nwant %q", got, want)
		}
		n.halt()
	})
}

// TestCopies_OfWhatAnEarlierReleaseStoredMakeNoAlert: stores of the first release
// hold no signatures.
func TestCopies_OfWhatAnEarlierReleaseStoredMakeNoAlert(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		outlets(n, "o0", "o1")
		n.start()
		n.after(10 * time.Minute)
		n.carry("o0", "Titre0 du journal", ownCopy(withToll(), 0))
		n.halt()
		clear(n.store.signatures)
		n.start()
		n.carry("o1", "Titre1 du journal", ownCopy(withToll(), 1))
		expectTold(t, n, "published Titre0 du journal [dprk] r1")
		n.halt()
	})
}

// TestCopies_LaterAlertsSayHowManyOutletsCarryTheStory: an edit or a withdrawal of
// the first article comes when others have copied it.
func TestCopies_LaterAlertsSayHowManyOutletsCarryTheStory(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Watches[0].On = append(n.plan.Watches[0].On, veille.StoryGrown)
		urls := copied(n, withToll(), 4)
		n.correct(urls[:1], "Au moins 14", "Au moins 40")
		n.web.edit(urls[0], func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchGone, Status: 410} })
		n.after(5 * time.Hour)
		var got []string
		for _, e := range n.events() {
			got = append(got, fmt.Sprintf("%s %d", e.Type, e.Story.Outlets))
		}
		want := []string{"article.published 1", "story.grown 2", "story.grown 3", "article.edited 4", "article.withdrawn 4"}
		if !slices.Equal(got, want) {
			t.Errorf("told %q\nwant %q", got, want)
		}
		grown := n.events()[2]
		if want := "Also in 3 outlets, first: o0 " + grown.Story.FirstSeen.Format("2 Jan 15:04 UTC") + "."; grown.Message != want {
			t.Errorf("message %q, want %q", grown.Message, want)
		}
		n.halt()
	})
}

// TestCopies_OfAMutedSourceAreToldByTheNext: what nobody heard was not told.
func TestCopies_OfAMutedSourceAreToldByTheNext(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.store.mutes = []veille.Mute{{Source: "o0", Until: time.Now().Add(24 * time.Hour), Reason: "noise"}}
		n.plan.Matcher = words{"dprk": {"corée"}, "late": {"iran"}}
		n.plan.Watches = append(n.plan.Watches, watchOf("late"))
		urls := copied(n, withToll(), 3)
		n.correct(urls, "selon les secours", "selon les secours de l'Iran")
		// The muted ones are stored, and kept back by the store.
		want := []string{
			"published Titre0 du journal [dprk] r1", "published Titre1 du journal [dprk] r1",
			"edited Titre0 du journal [dprk] r2", "published Titre0 du journal [late] r2",
			"edited Titre1 du journal [dprk] r2", "published Titre1 du journal [late] r2",
		}
		if got := n.told(); !slices.Equal(got, want) {
			t.Errorf("told %q\nwant %q", got, want)
		}
		if a := n.article(urls[0]); !slices.Equal(a.Hushed, []string{"dprk", "late"}) {
			t.Errorf("hushed %q", a.Hushed)
		}
		n.halt()
	})
}

// TestCopies_ANewFigureInCopiesIsToldThoughTheFirstStaysAsItIs: the outlet whose
// article made the alert may be the one that never corrects it.
func TestCopies_ANewFigureInCopiesIsToldThoughTheFirstStaysAsItIs(t *testing.T) {
	for _, c := range []struct {
		name, now string
		want      []string
	}{
		{"a figure", "Au moins 40 personnes ont péri", []string{"published Titre0 du journal [dprk] r1", "published Titre1 du journal [dprk] r2"}},
		{"a word", "Au moins 14 personnes seraient mortes", []string{"published Titre0 du journal [dprk] r1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, n *newsroom) {
				n.plan.Matcher = words{"dprk": {"corée"}}
				urls := copied(n, withToll(), 4)
				n.correct(urls[1:], "Au moins 14 personnes ont péri", c.now)
				n.correct(urls[:1], "Au moins 14 personnes ont péri", c.now)
				want := c.want
				if c.name == "a word" {
					want = append(want, "edited Titre0 du journal [dprk] r2")
				}
				if got := n.told(); !slices.Equal(got, want) {
					t.Errorf("told %q\nwant %q", got, want)
				}
				n.halt()
			})
		})
	}
}

// TestCopies_OfAnEditThatAMuteKeptBackAreToldWhenItIsOver: that a source may be
// heard again does not make heard what it said before; nor does a mute that begins
// make unheard what it said.
func TestCopies_OfAnEditThatAMuteKeptBackAreToldWhenItIsOver(t *testing.T) {
	for _, tc := range []struct {
		name string
		// from and to are when the source is muted, in days.
		from, to int
		want     []string
	}{
		{"muted when it told", -1, 1, []string{"edited Titre0 du journal [dprk] r2", "edited Titre1 du journal [dprk] r2"}},
		{"muted since", 1, 3, []string{"edited Titre0 du journal [dprk] r2"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, n *newsroom) {
				n.plan.Watches[0].On = []veille.EventType{veille.ArticleEdited}
				n.plan.Matcher = words{"dprk": {"corée"}}
				day := func(d int) time.Time { return time.Now().Add(time.Duration(d) * 24 * time.Hour) }
				n.store.mutes = []veille.Mute{{Source: "o0", Since: day(tc.from), Until: day(tc.to), Reason: "noise"}}
				urls := copied(n, withToll(), 2)
				n.correct(urls[:1], "Au moins 14 personnes", "Au moins 40 personnes")
				n.after(26 * time.Hour)
				n.correct(urls[1:], "Au moins 14 personnes", "Au moins 40 personnes")
				if got := n.told(); !slices.Equal(got, tc.want) {
					t.Errorf("told %q\nwant %q", got, tc.want)
				}
				n.halt()
			})
		})
	}
}
