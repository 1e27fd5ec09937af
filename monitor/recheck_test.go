package monitor

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"veille"
)

// following starts a newsroom whose article at view(2) has just been read.
func following(t *testing.T, f func(t *testing.T, n *newsroom), with ...any) {
	t.Helper()
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Watches = append(n.plan.Watches, watchOf("iran"))
		n.plan.Matcher = words{"dprk": {"corée"}, "iran": {"iran"}}
		for _, change := range with {
			switch change := change.(type) {
			case func(*veille.Watch):
				change(&n.plan.Watches[0])
			case func(*newsroom):
				change(n)
			}
		}
		n.web.publish(section, view(1), "x", "rien", time.Time{})
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(2), "Titre", body("a"), time.Time{})
		n.after(6 * time.Minute)
		f(t, n)
		n.halt()
	})
}

func TestRecheck_LooksAgainOnTheLadderAndThenStops(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		first := n.visits(view(2))[0]
		n.after(30 * 24 * time.Hour)
		visits := n.visits(view(2))
		if len(visits) != 1+len(ladder) {
			t.Fatalf("%d visits, want %d", len(visits), 1+len(ladder))
		}
		for i, step := range ladder {
			if late := visits[i+1].Sub(first) - step; late < -5*time.Second || late > 5*time.Second {
				t.Errorf("step %d is %s off", i, late)
			}
		}
		expectTold(t, n, "published Titre [dprk] r1")
		if n.article(view(2)).Revision != 1 {
			t.Error("an unchanged article got a revision")
		}
	})
}

func TestRecheck_AnEditTellsTheWatchesItConcerns(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		n.web.edit(view(2), func(p *page) { p.snap.Body += "\n\nL'Iran réagit." })
		n.after(time.Hour)
		expectTold(t, n, "published Titre [dprk] r1", "edited Titre [dprk] r2", "published Titre [iran] r2")
		e := n.events()[1]
		if c := e.Revision.Change; c == nil || c.Words.Added != 2 && c.Words.Added != 3 || c.Words.Removed != 0 || !strings.Contains(c.Diff, "{+L'Iran réagit.+}") {
			t.Errorf("change: %+v", c)
		}
		if n.events()[1].ID == n.events()[2].ID {
			t.Error("two events under one id")
		}
		// The ladder goes on from its second step after the change.
		visits := len(n.visits(view(2)))
		n.after(30 * 24 * time.Hour)
		if got := len(n.visits(view(2))) - visits; got != len(ladder)-1 {
			t.Errorf("%d visits after the change, want %d", got, len(ladder)-1)
		}
	})
}

func TestRecheck_NoiseIsNoEdit(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		text := body("a")
		noise := []func(*page){
			func(p *page) { p.snap.Body = "Publié il y a 3 minutes\n\n" + strings.ReplaceAll(text, " ", "\u00a0") },
			func(p *page) { p.snap.Body = strings.ReplaceAll(text, "\n\n", "\n \n\n") + "\n\n12 minutes ago" },
			func(p *page) { p.snap.Title = "Titre\u200b "; p.snap.Body = text; p.snap.Published = time.Now() },
			func(p *page) { p.snap.Body = "Abonnez-vous"; p.snap.Kind = veille.KindPaywall },
			func(p *page) { p.snap.Body = ""; p.snap.Kind = veille.KindArticle },
			func(p *page) { p.snap.Body = "We value your privacy"; p.snap.Kind = veille.KindConsent },
		}
		i := 0
		for range 30 {
			n.web.edit(view(2), noise[i%len(noise)])
			i++
			n.after(4 * time.Hour)
		}
		expectTold(t, n, "published Titre [dprk] r1")
		if a := n.article(view(2)); a.Revision != 1 || a.GoneChecks != 0 {
			t.Errorf("revision %d, gone %d", a.Revision, a.GoneChecks)
		}
	})
}

func TestRecheck_AFlipBackTellsOnce(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		for i := range 6 {
			title := "Titre"
			if i%2 == 0 {
				title = "Autre titre"
			}
			n.web.edit(view(2), func(p *page) { p.snap.Title = title })
			n.after(61 * time.Minute)
		}
		expectTold(t, n, "published Titre [dprk] r1", "edited Autre titre [dprk] r2")
		if got := len(n.store.revisions[veille.ArticleID(view(2))]); got < 4 {
			t.Errorf("%d revisions kept", got)
		}
	})
}

func TestRecheck_AWithdrawalNeedsThreeChecksAnHourApart(t *testing.T) {
	for _, c := range []struct {
		name   string
		gone   func(*page)
		checks int
	}{
		{"404", func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchNotFound, Status: 404} }, 3},
		{"410", func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchGone, Status: 410} }, 2},
		{"soft 404", func(p *page) { p.snap.Kind = veille.KindNotFound; p.snap.Body = "" }, 3},
		{"redirect home", func(p *page) { p.snap.URL = "https://news.example/"; p.snap.Kind = veille.KindOther }, 3},
		{"redirect to a section", func(p *page) { p.snap.URL = section; p.snap.Kind = veille.KindSection }, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			following(t, func(t *testing.T, n *newsroom) {
				before := len(n.visits(view(2)))
				n.web.edit(view(2), c.gone)
				for range 600 {
					n.after(time.Minute)
					if len(n.told()) > 1 {
						break
					}
				}
				expectTold(t, n, "published Titre [dprk] r1", "withdrawn Titre [dprk] r1")
				a := n.article(view(2))
				if !a.Withdrawn || a.GoneChecks != c.checks {
					t.Errorf("withdrawn %v after %d checks", a.Withdrawn, a.GoneChecks)
				}
				if apart := a.GoneAt.Sub(a.GoneSince); apart < time.Duration(c.checks-1)*time.Hour {
					t.Errorf("%d checks within %s", len(n.visits(view(2)))-before, apart)
				}
				n.after(20 * 24 * time.Hour)
				if got := len(n.told()); got != 2 {
					t.Errorf("told %v", n.told())
				}
			})
		})
	}
}

func TestRecheck_AReturnResetsTheWithdrawal(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		gone := &veille.FetchError{Kind: veille.FetchNotFound}
		n.web.edit(view(2), func(p *page) { p.err = gone })
		n.after(90 * time.Minute)
		n.web.edit(view(2), func(p *page) { p.err = nil })
		n.after(8 * time.Hour)
		a := n.article(view(2))
		if a.GoneChecks != 0 || !a.GoneSince.IsZero() {
			t.Errorf("after its return: %d checks", a.GoneChecks)
		}
		n.web.edit(view(2), func(p *page) { p.err = gone })
		n.after(20 * time.Hour)
		if a := n.article(view(2)); !a.Withdrawn {
			t.Error("a second disappearance was not noticed")
		}
		n.web.edit(view(2), func(p *page) { p.err = nil })
		n.after(80 * time.Hour)
		if a := n.article(view(2)); a.Withdrawn {
			t.Error("the return was not noticed")
		}
	})
}

func TestRecheck_AHostThatIsDownWithdrawsNothing(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		n.web.with(func() {
			n.web.down["news.example"] = &veille.FetchError{Kind: veille.FetchConnect, URL: section}
		})
		n.after(48 * time.Hour)
		n.web.with(func() { n.web.down = map[string]error{} })
		n.after(48 * time.Hour)
		expectTold(t, n, "published Titre [dprk] r1")
		if a := n.article(view(2)); a.GoneChecks != 0 {
			t.Errorf("%d gone checks", a.GoneChecks)
		}
	})
}

func TestRecheck_ANewWatchLooksOnlyForward(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		n.plan.Watches = append(n.plan.Watches, watchOf("late"))
		n.plan.Matcher = words{"dprk": {"corée"}, "iran": {"iran"}, "late": {"russie"}}
		n.m.Apply(n.plan)
		n.web.edit(view(2), func(p *page) { p.snap.Title = "Titre corrigé" })
		n.after(time.Hour)
		expectTold(t, n, "published Titre [dprk] r1", "edited Titre corrigé [dprk] r2")
	})
}

func TestRecheck_FollowsAMovedArticle(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(9), "Titre", body("a"), time.Time{})
		n.web.edit(view(2), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchNotFound} })
		n.after(40 * time.Hour)
		expectTold(t, n, "published Titre [dprk] r1")
		n.web.edit(view(9), func(p *page) { p.snap.Title = "Nouveau titre" })
		n.after(80 * time.Hour)
		expectTold(t, n, "published Titre [dprk] r1", "edited Nouveau titre [dprk] r2")
	})
}

func TestRecheck_SurvivesARestart(t *testing.T) {
	following(t, func(t *testing.T, n *newsroom) {
		n.halt()
		n.web.edit(view(2), func(p *page) { p.snap.Title = "Corrigé" })
		n.after(5 * time.Hour)
		n.start()
		n.after(time.Minute)
		expectTold(t, n, "published Titre [dprk] r1", "edited Corrigé [dprk] r2")
	})
}

// TestRecheck_NeverDelaysAPoll has two hundred rechecks of one host wait for
// their turns, half a minute each, while its section is polled every minute.
func TestRecheck_NeverDelaysAPoll(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Sources[0].Schedule = "@every 1m"
		n.web.publish(section, view(1), "x", body("x"), time.Time{})
		n.start()
		n.after(2 * time.Minute)
		for i := range 200 {
			n.web.publish(section, view(100+i), fmt.Sprint("Titre ", i), body(fmt.Sprint(i)), time.Time{})
		}
		n.after(5 * time.Minute)
		n.web.with(func() { n.web.turn = 30 * time.Second })
		from := len(n.polls(section))
		n.after(90 * time.Minute)
		polls, rechecked := n.polls(section)[from:], 0
		for i := range 200 {
			rechecked += len(n.visits(view(100+i))) - 1
		}
		if rechecked < 120 {
			t.Errorf("only %d rechecks in an hour and a half", rechecked)
		}
		for i, at := range polls[1:] {
			if apart := at.Sub(polls[i]); apart > 61*time.Second {
				t.Errorf("poll %d came %s after the one before", i, apart)
			}
		}
		if len(polls) < 89 {
			t.Errorf("%d polls in 90 minutes", len(polls))
		}
		n.halt()
	})
}
