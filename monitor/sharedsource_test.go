package monitor

import (
	"slices"
	"strings"
	"testing"
	"time"

	"veille"
)

func TestAttend_LinksOfTwoSourcesToOneCanonicalReachBothWatches(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(1), "un", body("a"), time.Time{})
		n.after(10 * time.Minute)
		n.web.publish(wire, "https://news.example/mobile/1", "un", body("a"), time.Time{})
		n.web.edit("https://news.example/mobile/1", func(p *page) { p.snap.Canonical = view(1) })
		n.after(10 * time.Minute)
		expectTold(t, n, "published un [of nk of wire] r1")

		// The recheck of an article must not take the place of another
		// source's first visit of its URL.
		n.web.publish(wire, view(2), "deux", body("b"), time.Time{})
		n.web.edit(view(2), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchServer, Status: 503} })
		n.after(10 * time.Minute)
		n.web.publish(section, "https://news.example/mobile/2", "deux", body("b"), time.Time{})
		n.web.edit("https://news.example/mobile/2", func(p *page) { p.snap.Canonical = view(2) })
		n.after(10 * time.Minute)
		expectTold(t, n, "published un [of nk of wire] r1", "published deux [of nk of wire] r1")
		n.halt()
	})
}

func TestAttend_ASecondSourceInheritsTheVisitsOfOneThatLeft(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(1), "lue", body("a"), time.Time{})
		n.web.publish(section, view(2), "en attente", body("b"), time.Time{})
		n.web.edit(view(2), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchServer, Status: 503} })
		n.after(10 * time.Minute)
		n.list(wire, view(1))
		n.list(wire, view(2))
		n.after(10 * time.Minute)
		n.plan.Sources = n.plan.Sources[1:]
		n.m.Apply(n.plan)
		n.web.edit(view(2), func(p *page) { p.err = nil })
		n.after(time.Hour)
		n.web.edit(view(1), func(p *page) { p.snap.Body += "\n\nUne phrase de plus que les lecteurs verront." })
		n.after(24 * time.Hour)
		told := n.told()
		if len(told) != 3 || !strings.HasPrefix(told[1], "published en attente [of") || !strings.HasPrefix(told[2], "edited lue [of nk of wire]") {
			t.Errorf("told %q", told)
		}
		n.halt()
	})
}

func TestAttend_ARenamedSourceMeetsItsOwnArticlesAgainInSilence(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(1), "une", body("a"), time.Time{})
		n.after(10 * time.Minute)
		n.plan.Sources = slices.Clone(n.plan.Sources)
		n.plan.Sources[0].Name = "nord"
		n.plan.Watches = append(slices.Clone(n.plan.Watches), watchOf("of nord", "nord"))
		n.plan.Matcher = words{"of nk": {"corée"}, "of wire": {"corée"}, "of nord": {"corée"}}
		n.m.Apply(n.plan)
		n.web.publish(section, view(2), "deux", body("b"), time.Time{})
		n.after(10 * time.Minute)
		expectTold(t, n, "published une [of nk] r1", "published deux [of nord] r1")
		n.halt()
	})
}

func TestAttend_TwoSourcesAtOneURLBothSeeIt(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		n.plan.Sources[1].URL = section
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(1), "une", body("a"), time.Time{})
		n.after(11 * time.Minute)
		expectTold(t, n, "published une [of nk of wire] r1")
		n.halt()
	})
}
