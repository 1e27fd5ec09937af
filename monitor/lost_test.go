package monitor

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"veille"
)

// Each test here is a way in which an alert was once lost or repeated.

func TestVisit_AHostThatAsksToWaitCostsNoTry(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, "https://news.example/old", "Ancien", body("ancien"), time.Now())
		n.start()
		n.after(time.Minute)
		const url = "https://news.example/a1"
		n.web.publish(section, url, "Corée et Russie", body("un"), time.Now())
		// The host throttles this page for two days: more answers than a visit
		// has tries.
		n.web.edit(url, func(p *page) {
			p.err = &veille.FetchError{Kind: veille.FetchThrottled, URL: url, Status: 429}
		})
		n.after(48 * time.Hour)
		if tries := len(n.visits(url)); tries <= len(retrySteps) {
			t.Fatalf("only %d visits in two days", tries)
		}
		n.web.edit(url, func(p *page) { p.err = nil })
		n.after(2 * time.Minute)
		if want := []string{"published Ancien [dprk] r1", "published Corée et Russie [dprk] r1"}; !slices.Equal(n.told(), want) {
			t.Errorf("told %q, want %q", n.told(), want)
		}
		n.halt()
	})
}

func TestVisit_ALinkShownBeforeItsPageIsTriedAgain(t *testing.T) {
	for name, broken := range map[string]func(*page){
		"404":       func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchNotFound, Status: 404} },
		"redirect":  func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchRedirect} },
		"soft 404":  func(p *page) { p.snap.Kind = veille.KindNotFound },
		"a section": func(p *page) { p.snap.Kind = veille.KindSection },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, n *newsroom) {
				n.web.publish(section, "https://news.example/old", "Ancien", body("ancien"), time.Now().Add(-48*time.Hour))
				n.start()
				n.after(time.Minute)
				const url = "https://news.example/a1"
				n.web.publish(section, url, "Corée et Russie", body("un"), time.Now())
				n.web.edit(url, broken)
				n.after(6 * time.Minute)
				n.web.edit(url, func(p *page) { p.err, p.snap.Kind = nil, veille.KindArticle })
				n.after(2 * time.Hour)
				if want := []string{"published Corée et Russie [dprk] r1"}; !slices.Equal(n.told(), want) {
					t.Errorf("told %q, want %q", n.told(), want)
				}
				n.halt()
			})
		})
	}
}

func TestMonitor_ARenamedSourceKeepsWhatItKnows(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, "https://news.example/old", "Ancien", body("ancien"), time.Now().Add(-48*time.Hour))
		n.start()
		n.after(time.Minute)
		// One article is waiting for its page when the source is renamed, one
		// without a date appears right after.
		const waiting, after = "https://news.example/a1", "https://news.example/a2"
		n.web.publish(section, waiting, "Première", body("un"), time.Now())
		n.web.edit(waiting, func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchServer, Status: 503} })
		n.after(6 * time.Minute)
		renamed := n.plan
		renamed.Sources = []veille.Source{{Name: "nord", URL: section, Schedule: "@every 5m", Recheck: ladder}}
		n.m.Apply(renamed)
		n.web.publish(section, after, "Seconde", body("deux"), time.Time{})
		n.web.edit(waiting, func(p *page) { p.err = nil })
		n.after(3 * time.Hour)
		got := n.told()
		slices.Sort(got)
		if want := []string{"published Première [dprk] r1", "published Seconde [dprk] r1"}; !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
		n.halt()
	})
}

func TestVisit_AWrongCanonicalSwallowsNoOtherArticle(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		const first = "https://news.example/a0"
		n.web.publish(section, first, "Article zéro", body("zéro"), time.Now())
		n.start()
		n.after(time.Minute)
		for i := 1; i <= 3; i++ {
			url := fmt.Sprintf("https://news.example/a%d", i)
			n.web.publish(section, url, fmt.Sprintf("Article %d", i), body(fmt.Sprint("numéro ", i)), time.Now())
			n.web.edit(url, func(p *page) { p.snap.Canonical = first })
		}
		n.after(10 * time.Minute)
		got := n.told()
		slices.Sort(got)
		want := []string{"published Article 1 [dprk] r1", "published Article 2 [dprk] r1", "published Article 3 [dprk] r1", "published Article zéro [dprk] r1"}
		if !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
		n.halt()
	})
}

func TestRecheck_AnEditOfAllCopiesOfAStoryAlertsOnce(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Matcher = words{"dprk": {"sanction"}}
		n.plan.Sources = nil
		const outlets = 5
		url := func(i int) string { return fmt.Sprintf("https://paper%d.example/a", i) }
		for i := range outlets {
			section := fmt.Sprintf("https://paper%d.example/nk", i)
			n.plan.Sources = append(n.plan.Sources, veille.Source{Name: fmt.Sprint("paper", i), URL: section, Schedule: "@every 5m", Recheck: ladder})
			n.web.publish(section, url(i), "Dépêche", body("la dépêche"), time.Now())
		}
		n.start()
		n.after(time.Minute)
		for i := range outlets {
			n.web.edit(url(i), func(p *page) { p.snap.Body += "\n\nUne sanction est annoncée." })
		}
		n.after(30 * time.Minute)
		if got := n.told(); len(got) != 1 {
			t.Errorf("one story made %d alerts: %q", len(got), got)
		}
		n.halt()
	})
}

func TestRecheck_APageThatAlwaysChangesIsNotFollowedForEver(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		const url = "https://news.example/live"
		n.web.publish(section, url, "Direct", body("direct"), time.Now())
		n.start()
		for hour := range 14 * 24 {
			n.after(time.Hour)
			n.web.edit(url, func(p *page) { p.snap.Body = body(fmt.Sprint("heure ", hour)) })
		}
		if got := len(n.told()); got > 20 {
			t.Errorf("%d events about one page in two weeks", got)
		}
		n.halt()
	})
}

func TestPlanPoll_APartialFirstListingLeavesTheRestABacklog(t *testing.T) {
	now := time.Now()
	in := pollInput{
		source: veille.Source{Name: "s"}, now: now, lookback: 24 * time.Hour,
		listing: veille.Listing{Kind: veille.KindSitemap, Partial: true, Outlinks: []veille.Outlink{{URL: "https://news.example/1", Published: now}}},
		known:   []bool{false},
	}
	first := planPoll(in)
	if first.State.Baseline {
		t.Error("a first poll that missed a part of the source is taken for its baseline")
	}
	// A part that never answers must not keep the source at its first poll.
	in.since = now
	if again := planPoll(in); !again.State.Baseline {
		t.Error("a second partial poll is no baseline either")
	}
}

func TestPlanPoll_AFeedThatChangesAllItsLinksFiresNoBacklog(t *testing.T) {
	now := time.Now()
	in := pollInput{
		source: veille.Source{Name: "s"}, state: veille.SourceState{Baseline: true, Outlinks: 20},
		now: now, since: now.Add(-time.Hour), lookback: 24 * time.Hour,
		listing: veille.Listing{Kind: veille.KindFeed}, known: make([]bool, 20),
	}
	for i := range 20 {
		in.listing.Outlinks = append(in.listing.Outlinks, veille.Outlink{URL: fmt.Sprintf("https://new.example/%d", i), Published: now.Add(-time.Duration(i) * 48 * time.Hour)})
	}
	for _, v := range planPoll(in).Visits {
		if v.Since.IsZero() {
			t.Fatalf("a moved feed's %s may alert whatever its date", v.URL)
		}
	}
}
