package monitor

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// TestMonitor_WarnsOnceWhenSelectorsStopMatching lives through an episode: two
// odd pages are none, the third in a row begins it, a restart does not forget
// it, and an article with everything in it ends it.
func TestMonitor_WarnsOnceWhenSelectorsStopMatching(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		var log bytes.Buffer
		n.log = slog.New(slog.NewTextHandler(&log, nil))
		n.plan.Sources[0].Select = veille.Selectors{Title: ".t", Body: ".b"}
		n.plan.Sources[0].Recheck = []time.Duration{}
		count := 0
		publish := func(missed ...string) {
			count++
			url := view(count)
			n.web.publish(section, url, fmt.Sprint("Corée et Russie ", count), body(fmt.Sprint(count)), time.Now())
			n.web.edit(url, func(p *page) { p.snap.SelectMissed = missed })
			n.after(6 * time.Minute)
		}
		warned := func() int { return strings.Count(log.String(), "source failing") }
		publish()
		n.start()
		n.after(time.Minute)
		for range 2 {
			publish("title")
			publish("title", "body")
			if s := n.state("nk"); s.SelectMisses != 2 || !cmp.Equal(s.SelectMissed, []string{"title", "body"}) {
				t.Errorf("state = %+v", s)
			}
			publish()
		}
		if warned() != 0 || len(n.m.Warnings()) != 0 {
			t.Errorf("a page of another make warns: %s %v", log.String(), n.m.Warnings())
		}
		for range 5 {
			publish("body")
		}
		if warned() != 1 {
			t.Errorf("%d warnings of one episode:\n%s", warned(), log.String())
		}
		if w := n.m.Warnings(); len(w) != 1 || !strings.Contains(w[0], "source nk is failing: select body matches nothing in the last 4 articles") {
			t.Errorf("warnings = %q", w)
		}
		n.halt()
		n.start()
		n.after(time.Minute)
		if w := n.m.Warnings(); len(w) != 1 {
			t.Errorf("a restart forgets the episode: %q", w)
		}
		publish("body")
		if warned() != 1 {
			t.Errorf("a restart warns again:\n%s", log.String())
		}
		publish()
		n.after(5 * time.Minute) // the poll after a reading says what it means
		if w := n.m.Warnings(); len(w) != 0 || !strings.Contains(log.String(), "source well again") {
			t.Errorf("the episode does not end: %q\n%s", w, log.String())
		}
		for range 3 {
			publish("body")
		}
		n.after(5 * time.Minute)
		if warned() != 2 {
			t.Errorf("the next episode: %d warnings", warned())
		}
		n.plan.Sources[0].Select = veille.Selectors{}
		n.m.Apply(n.plan)
		n.after(6 * time.Minute)
		if w := n.m.Warnings(); len(w) != 0 {
			t.Errorf("selectors that are gone warn: %q", w)
		}
		n.halt()
	})
}

func TestMonitor_APageReadWithoutItsSelectorsIsNoEdit(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Sources[0].Select = veille.Selectors{Body: ".b"}
		n.web.publish(section, view(1), "Corée et Russie", body("as selected"), time.Now())
		n.start()
		n.after(10 * time.Minute)
		n.web.edit(view(1), func(p *page) { p.snap.Body, p.snap.SelectMissed = body("as read without"), []string{"body"} })
		n.after(2 * time.Hour)
		if got := n.told(); len(got) != 1 {
			t.Errorf("told %v", got)
		}
		n.web.edit(view(1), func(p *page) { p.snap.Body, p.snap.SelectMissed = body("edited"), nil })
		n.after(24 * time.Hour)
		if got := n.told(); len(got) != 2 {
			t.Errorf("once the selector matches again: told %v", got)
		}
		n.halt()
	})
}

// TestMonitor_APageReadInAnotherWayIsNoEdit changes select: while the page stays,
// with bytes that a 304 would hide; what is edited afterwards is told.
func TestMonitor_APageReadInAnotherWayIsNoEdit(t *testing.T) {
	for name, ways := range map[string][2]veille.Selectors{
		"added":   {{}, {Body: ".b"}},
		"removed": {{Body: ".b"}, {}},
		"changed": {{Body: ".b"}, {Body: ".c"}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, n *newsroom) {
				extra := watchOf("extra")
				n.plan.Watches = append(n.plan.Watches, extra)
				n.plan.Matcher = words{"dprk": {"corée", "russie"}, "extra": {"caché"}}
				n.plan.Sources[0].Select = ways[0]
				n.web.publish(section, view(1), "Corée et Russie", body("read one way"), time.Now())
				n.start()
				n.after(10 * time.Minute)
				n.plan.Sources[0].Select = ways[1]
				n.m.Apply(n.plan)
				n.web.edit(view(1), func(p *page) { p.snap.Title, p.snap.Body = "Un titre", "Autre texte, lu autrement. Le mot caché." })
				n.after(20 * time.Minute)
				want := []string{"published Corée et Russie [dprk] r1", "published Un titre [extra] r2"}
				if got := n.told(); !slices.Equal(got, want) {
					t.Errorf("told %q, want %q", got, want)
				}
				if a := n.article(view(1)); a.Snapshot.Reading != veille.Reading(ways[1]) || len(a.Unmatched) > 0 {
					t.Errorf("read as %q, unmatched %v", a.Snapshot.Reading, a.Unmatched)
				}
				n.web.edit(view(1), func(p *page) { p.snap.Body = "Autre texte, lu autrement. Le mot caché. Et une phrase de plus." })
				n.after(24 * time.Hour)
				if got := n.told(); len(got) != 3 || !strings.HasPrefix(got[2], "edited Un titre") {
					t.Errorf("an edit after it: told %q", got)
				}
				n.halt()
			})
		})
	}
}

// TestMonitor_ReadsAnewWhatA304WouldHide: the stored text was read in another
// way, and an edit could not be told from it.
func TestMonitor_ReadsAnewWhatA304WouldHide(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "Corée et Russie", body("as it was"), time.Now())
		n.start()
		n.after(10 * time.Minute)
		n.plan.Sources[0].Select = veille.Selectors{Title: "h1"}
		n.m.Apply(n.plan)
		n.after(20 * time.Minute)
		if a := n.article(view(1)); a.Snapshot.Reading != veille.Reading(n.plan.Sources[0].Select) || a.Revision != 1 {
			t.Errorf("read as %q, revision %d", a.Snapshot.Reading, a.Revision)
		}
		n.web.edit(view(1), func(p *page) { p.snap.Body = body("edited") })
		n.after(24 * time.Hour)
		if got := n.told(); len(got) != 2 {
			t.Errorf("told %q", got)
		}
		n.halt()
	})
}
