package monitor

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

const wire = "https://wire.example/"

// twoSources adds a second source, and a watch for each.
func twoSources(n *newsroom) {
	n.plan.Sources = append(n.plan.Sources, veille.Source{Name: "wire", URL: wire, Schedule: "@every 5m", Recheck: ladder})
	n.plan.Watches = []veille.Watch{watchOf("of nk", "nk"), watchOf("of wire", "wire")}
	n.plan.Watches[1].Notify = []string{"hook"}
	n.plan.Matcher = words{"of nk": {"corée"}, "of wire": {"corée"}, "all": {"corée"}}
	// Both have had their first poll when anything happens.
	n.web.publish(section, view(900), "vieux", body("nk"), time.Now().Add(-99*time.Hour))
	n.web.publish(wire, view(901), "ancien", body("wire"), time.Now().Add(-99*time.Hour))
}

// list puts a known page at the top of a section too.
func (n *newsroom) list(section, url string) {
	n.web.with(func() { n.web.link(section, veille.Outlink{URL: url}) })
}

func (n *newsroom) restart() {
	n.t.Helper()
	n.halt()
	n.start()
}

func (n *newsroom) rows() []string {
	n.store.mu.Lock()
	defer n.store.mu.Unlock()
	out := []string{}
	for _, d := range n.store.deliveries {
		out = append(out, fmt.Sprint(d.Receiver, " ", d.Watches))
	}
	return out
}

func TestAttend_AnArticleReachesTheWatchesOfASecondSource(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(1), "dépêche", body("a"), time.Time{})
		n.after(10 * time.Minute)
		expectTold(t, n, "published dépêche [of nk] r1")
		n.list(wire, view(1))
		n.after(10 * time.Minute)
		expectTold(t, n, "published dépêche [of nk of wire] r1")
		if diff := cmp.Diff([]string{"desk [of nk]", "hook [of wire]"}, n.rows()); diff != "" {
			t.Errorf("deliveries (-want +got):\n%s", diff)
		}
		a := n.article(view(1))
		if a.Source != "nk" || !slices.Equal(a.Sources, []string{"wire"}) || !slices.Equal(a.Alerted, []string{"of nk", "of wire"}) {
			t.Errorf("article of %s and %q, alerted %q", a.Source, a.Sources, a.Alerted)
		}
		n.restart()
		n.list(wire, view(2))
		n.after(3 * time.Hour)
		expectTold(t, n, "published dépêche [of nk of wire] r1")
		// An edit goes to the watches of both.
		n.web.edit(view(1), func(p *page) { p.snap.Body += "\n\nUne phrase de plus que les lecteurs verront." })
		n.after(30 * time.Hour)
		told := n.told()
		if want := "edited dépêche [of nk of wire] r2"; len(told) != 2 || told[1] != want {
			t.Errorf("told %q, want %q last", told, want)
		}
		n.halt()
	})
}

func TestAttend_TheLanguageOfTheSecondSourceCounts(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		n.plan.Sources[1].Language = "ko"
		korean := watchOf("korean", "wire")
		korean.Languages = []string{"ko"}
		french := watchOf("french", "wire")
		french.Languages = []string{"fr"}
		n.plan.Watches = []veille.Watch{korean, french}
		n.plan.Matcher = words{"korean": {"corée"}, "french": {"corée"}}
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(1), "dépêche", body("a"), time.Time{})
		n.after(10 * time.Minute)
		n.list(wire, view(1))
		n.after(10 * time.Minute)
		expectTold(t, n, "published dépêche [korean] r1")
		n.halt()
	})
}

func TestAttend_AVisitThatWaitsIsDecidedForBothSources(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(1), "tardive", body("a"), time.Time{})
		n.web.edit(view(1), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchServer, Status: 503} })
		n.after(6 * time.Minute)
		n.list(wire, view(1))
		n.after(6 * time.Minute)
		// The second source answers 304 from now on, and the process forgets.
		n.restart()
		n.after(6 * time.Minute)
		n.web.edit(view(1), func(p *page) { p.err = nil })
		n.after(4 * time.Hour)
		expectTold(t, n, "published tardive [of nk of wire] r1")
		n.halt()
	})
}

func TestAttend_ASourceThatJoinsDuringTheVisitIsNotForgotten(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(1), "lente", body("a"), time.Time{})
		n.after(5*time.Minute - time.Second) // polled, and read
		n.web.publish(section, "https://slow.example/2", "très lente", body("b"), time.Time{})
		n.web.with(func() { n.web.slow["slow.example"] = 12 * time.Minute })
		n.after(6 * time.Minute)
		n.list(wire, "https://slow.example/2")
		n.after(time.Hour)
		if told := n.told(); !slices.Contains(told, "published très lente [of nk of wire] r1") {
			t.Errorf("told %q", told)
		}
		if got := len(n.visits("https://slow.example/2")); got > 3 {
			t.Errorf("%d visits of one page", got)
		}
		n.halt()
	})
}

func TestAttend_AFirstPollIsABaselineForArticlesOfOtherSourcesToo(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		plan := n.plan
		n.plan.Sources = plan.Sources[:1]
		n.start()
		n.after(10 * time.Minute)
		now := time.Now()
		n.web.publish(section, view(1), "sans date", body("a"), time.Time{})
		n.web.publish(section, view(2), "d'avant", body("b"), now.Add(-48*time.Hour))
		n.web.publish(section, view(3), "récente", body("c"), now.Add(-time.Hour))
		n.after(10 * time.Minute)
		n.m.Apply(plan)
		for i := 1; i <= 3; i++ {
			n.list(wire, view(i))
		}
		n.after(time.Hour)
		told := n.told()
		slices.Sort(told)
		want := []string{"published d'avant [of nk] r1", "published récente [of nk of wire] r1", "published sans date [of nk] r1"}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		for i := 1; i <= 3; i++ {
			if a := n.article(view(i)); !slices.Equal(a.Sources, []string{"wire"}) {
				t.Errorf("%s is of %q too", a.URL, a.Sources)
			}
		}
		n.halt()
	})
}

func TestAttend_ASilentArticleIsNewsOnceAnotherSourceShowsIt(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		n.plan.Watches = append(n.plan.Watches, watchOf("all"))
		n.web.publish(section, view(1), "sans date", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		if a := n.article(view(1)); a.Silent == "" {
			t.Fatal("the undated article of a first poll is not silent")
		}
		n.list(wire, view(1))
		n.after(10 * time.Minute)
		expectTold(t, n, "published sans date [all of wire] r1")
		if a := n.article(view(1)); a.Silent != "" {
			t.Errorf("still silent: %s", a.Silent)
		}
		n.halt()
	})
}

func TestAttend_ANewWatchFiresNoBacklog(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		watches := n.plan.Watches
		n.plan.Watches = []veille.Watch{watchOf("all")}
		n.start()
		n.after(10 * time.Minute)
		for i := range 5 {
			n.web.publish(section, view(i), "avant", body(fmt.Sprint("a", i)), time.Time{})
		}
		n.after(10 * time.Minute)
		for i := range 5 {
			n.list(wire, view(i))
		}
		n.after(10 * time.Minute)
		n.plan.Watches = watches
		n.m.Apply(n.plan)
		n.web.publish(section, view(10), "après", body("b"), time.Time{})
		n.list(wire, view(10))
		n.after(10 * time.Minute)
		n.web.publish(section, view(11), "ensuite", body("c"), time.Time{})
		n.after(10 * time.Minute)
		n.list(wire, view(11))
		n.after(10 * time.Minute)
		backlog := "published avant [all] r1"
		expectTold(t, n, backlog, backlog, backlog, backlog, backlog,
			"published après [of nk of wire] r1", "published ensuite [of nk of wire] r1")
		n.halt()
	})
}

func TestAttend_ARedesignThatShowsOldArticlesFiresNoBacklog(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		for i := range 12 {
			n.web.publish(wire, fmt.Sprint(wire, i), "fil", body(fmt.Sprint("w", i)), time.Now().Add(-99*time.Hour))
		}
		n.start()
		n.after(10 * time.Minute)
		old := time.Now().Add(-90 * time.Hour)
		for i := range 12 {
			n.web.publish(section, view(i), "d'avant", body(fmt.Sprint("a", i)), old)
		}
		n.after(10 * time.Minute)
		n.web.with(func() { n.web.listings[wire].Outlinks = nil })
		for i := range 12 {
			n.list(wire, view(i))
		}
		n.after(10 * time.Minute)
		for _, told := range n.told() {
			if strings.Contains(told, "of wire") {
				t.Errorf("a redesign told %s", told)
			}
		}
		n.halt()
	})
}

func TestAttend_LooksAtEachOutlinkOnce(t *testing.T) {
	for name, c := range map[string]struct {
		watch veille.Watch
		looks int
	}{
		"a watch over one source": {watchOf("w", "wire"), 40},
		"a watch over another":    {watchOf("w", "nk"), 0},
		"a watch over all":        {watchOf("w"), 0},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, n *newsroom) {
				twoSources(n)
				n.plan.Watches = []veille.Watch{c.watch}
				n.plan.Matcher = words{"w": {"introuvable"}}
				n.start()
				n.after(10 * time.Minute)
				for i := range 40 {
					n.web.publish(section, view(i), "t", body(fmt.Sprint(i)), time.Time{})
				}
				n.after(10 * time.Minute)
				count := func() (lookups, commits int) {
					n.store.mu.Lock()
					defer n.store.mu.Unlock()
					return n.store.lookups, n.store.commits["CommitArticle"]
				}
				lookups, commits := count()
				for i := range 40 {
					n.list(wire, view(i))
				}
				for i := range 20 {
					// The listing changes each time, but its links do not.
					n.after(10 * time.Minute)
					n.web.with(func() { n.web.listings[wire].Outlinks[0].Title = fmt.Sprint("titre ", i) })
				}
				n.after(10 * time.Minute)
				looks, joined := count()
				if looks -= lookups; looks != c.looks {
					t.Errorf("%d articles looked up, want %d", looks, c.looks)
				}
				if joined -= commits; joined < c.looks || c.looks == 0 && joined > 80 {
					t.Errorf("%d articles committed", joined)
				}
				n.halt()
			})
		})
	}
}

func TestAttend_ACopyOfATextThatWasToldIsNotToldAgain(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(1), "Dépêche", body("même"), time.Time{})
		n.after(10 * time.Minute)
		n.web.publish(wire, wire+"copie", "Dépêche", body("même"), time.Time{})
		n.after(10 * time.Minute)
		n.list(wire, view(1))
		n.after(10 * time.Minute)
		expectTold(t, n, "published Dépêche [of nk] r1", "published Dépêche [of wire] r1")
		n.halt()
	})
}

// TestAttend_ANearCopyThatWasToldIsNotToldAgain is about a copy with another
// end: its text is its own.
func TestAttend_ANearCopyThatWasToldIsNotToldAgain(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		twoSources(n)
		n.start()
		n.after(10 * time.Minute)
		n.web.publish(section, view(1), "Dépêche", dispatch("w"), time.Time{})
		n.after(10 * time.Minute)
		n.web.publish(wire, wire+"copie", "Dépêche", dispatch("w")+" Lire aussi nos pages.", time.Time{})
		n.after(10 * time.Minute)
		n.list(wire, view(1))
		n.list(section, wire+"copie")
		n.after(10 * time.Minute)
		expectTold(t, n, "published Dépêche [of nk] r1", "published Dépêche [of wire] r1")
		n.halt()
	})
}
