package monitor

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"veille"
)

// cutBy is how the crawler says that page 2 could not be had.
func cutBy(kind veille.FetchErrorKind) func(*page) {
	return func(p *page) {
		first, _, _ := strings.Cut(p.snap.Body, "\n\n\f")
		p.snap.Body, p.snap.Cut, p.snap.CutBy, p.snap.Validators.Pages = first, 1, fmt.Errorf("page 2: %w", &veille.FetchError{Kind: kind}), 0
	}
}

func wholeAgain(p *page) {
	p.snap.Body, p.snap.Cut, p.snap.CutBy, p.snap.Validators.Pages = body("page one")+"\n\n\f"+body("page two, caché"), 0, nil, 2
}

// TestMonitor_NeverLosesAnArticleWhosePageIsMissing: it is asked for again for
// some minutes, also by processes that live for one poll; then what there is of it
// is told, and what the missing page held once it comes.
func TestMonitor_NeverLosesAnArticleWhosePageIsMissing(t *testing.T) {
	for _, kind := range []veille.FetchErrorKind{veille.FetchServer, veille.FetchNotFound, veille.FetchRobots} {
		t.Run(string(kind), func(t *testing.T) {
			bubble(t, func(t *testing.T, n *newsroom) {
				extra := watchOf("extra")
				n.plan.Watches = append(n.plan.Watches, extra)
				n.plan.Matcher = words{"dprk": {"corée", "russie"}, "extra": {"caché"}}
				n.web.publish(section, view(1), "Long", "", time.Now())
				n.web.edit(view(1), wholeAgain)
				n.web.edit(view(1), cutBy(kind))
				once := func() {
					n.m = New(Options{Crawler: n.web, Store: n.store})
					n.m.Apply(n.plan)
					if _, err := n.m.Once(t.Context()); err != nil {
						t.Error(err)
					}
				}
				once()
				if got := len(n.told()) > 0; got != (kind == veille.FetchRobots) {
					t.Errorf("told at the first look: %v", got)
				}
				for range 4 {
					n.after(6 * time.Minute)
					once()
				}
				if got, want := n.told(), []string{"published Long [dprk] r1"}; !slices.Equal(got, want) {
					t.Errorf("told %q, want %q", got, want)
				}
				n.web.edit(view(1), wholeAgain)
				n.after(time.Hour)
				once()
				if got, want := n.told(), []string{"published Long [dprk] r1", "published Long [extra] r2"}; !slices.Equal(got, want) {
					t.Errorf("told %q, want %q", got, want)
				}
			})
		})
	}
}

// TestMonitor_AMissingPageIsNoEdit: the article is there, and the checks that do
// not need its text go on.
func TestMonitor_AMissingPageIsNoEdit(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "Long", "", time.Now())
		n.web.edit(view(1), wholeAgain)
		n.start()
		n.after(10 * time.Minute)
		gone := func() {
			n.web.edit(view(1), func(p *page) { p.err = &veille.FetchError{Kind: veille.FetchNotFound, URL: view(1), Status: 404} })
		}
		gone()
		n.after(2 * time.Hour)
		if a := n.article(view(1)); a.GoneChecks == 0 || a.Withdrawn {
			t.Fatalf("%d checks, withdrawn %v", a.GoneChecks, a.Withdrawn)
		}
		n.web.edit(view(1), func(p *page) { p.err = nil })
		n.web.edit(view(1), cutBy(veille.FetchServer))
		n.after(3 * time.Hour)
		if a := n.article(view(1)); a.GoneChecks != 0 || a.Condition != veille.ConditionPartial || a.Revision != 1 {
			t.Errorf("%d checks, %q, revision %d", a.GoneChecks, a.Condition, a.Revision)
		}
		n.web.edit(view(1), wholeAgain)
		n.web.edit(view(1), func(p *page) { p.snap.Body += "\n\nUne phrase de plus." })
		n.after(6 * time.Hour)
		if got, want := n.told(), []string{"published Long [dprk] r1", "edited Long [dprk] r2"}; !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
		n.halt()
	})
}

// TestMonitor_APageThatIsTakenAwayIsAnEdit: page 2 is not found, again and again.
func TestMonitor_APageThatIsTakenAwayIsAnEdit(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "Long", "", time.Now())
		n.web.edit(view(1), wholeAgain)
		n.start()
		n.after(10 * time.Minute)
		n.web.edit(view(1), cutBy(veille.FetchNotFound))
		n.after(10 * time.Minute)
		if got := n.told(); len(got) != 1 {
			t.Errorf("told at the first look: %q", got)
		}
		n.after(30 * time.Minute)
		if got := n.told(); len(got) != 2 {
			t.Errorf("told %q", got)
		}
		if a := n.article(view(1)); a.Snapshot.Cut != 0 || a.Snapshot.Pages() != 1 {
			t.Errorf("cut at %d", a.Snapshot.Cut)
		}
		n.halt()
	})
}
