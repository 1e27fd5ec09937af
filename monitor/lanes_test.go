package monitor

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestLane_PollsFirst(t *testing.T) {
	l := &lane{}
	for i := range 3 {
		l.visits = append(l.visits, veille.Visit{URL: fmt.Sprint("new", i)})
	}
	l.polls = []*sourceRun{{}, {}}
	var got []string
	for !l.empty() {
		if next := l.pop(time.Now()); next.poll != nil {
			got = append(got, "poll")
		} else {
			got = append(got, next.visit.URL)
		}
	}
	if diff := cmp.Diff("poll poll new0 new1 new2", strings.Join(got, " ")); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// TestLane_PollsWithoutEndDoNotHoldVisitsUp has more sources on a host than its
// spacing lets be polled: each poll of a second finds the next one waiting.
func TestLane_PollsWithoutEndDoNotHoldVisitsUp(t *testing.T) {
	now := time.Now()
	l := &lane{polls: []*sourceRun{{}}}
	for i := range 100 {
		l.visits = append(l.visits, veille.Visit{URL: fmt.Sprint("new", i)})
	}
	var first time.Duration
	polls, visits := 0, 0
	for s := range 180 {
		at := now.Add(time.Duration(s) * time.Second)
		if next := l.pop(at); next.poll == nil {
			if visits++; visits == 1 {
				first = at.Sub(now)
			}
		} else if polls++; true {
			l.polls = append(l.polls, next.poll)
		}
	}
	if first != patience || visits != 60 || polls != 120 {
		t.Errorf("the first visit after %s, then %d visits and %d polls in all", first, visits, polls)
	}
}

func TestLaneSet_RechecksLeaveRoomForEverythingElse(t *testing.T) {
	var s laneSet
	running := map[string]bool{}
	stay := make(chan struct{})
	var mu sync.Mutex
	s.open(t.Context(), func(_ context.Context, l *lane) {
		mu.Lock()
		running[l.key] = true
		mu.Unlock()
		<-stay
	})
	s.limit = 4
	for i := range 10 {
		s.addVisit(veille.Visit{URL: fmt.Sprintf("https://h%d.example/a", i), ArticleID: "a"})
	}
	if s.rechecking != 2 {
		t.Errorf("%d lanes of rechecks run, want half of 4", s.rechecking)
	}
	s.addPoll(&sourceRun{host: "h1.example"})
	if !s.lane("h1.example").active {
		t.Error("a poll waits for rechecks")
	}
	close(stay)
	s.wait()
}

func TestLaneSet_AVisitThatEndedDuringALoadDoesNotComeBack(t *testing.T) {
	var s laneSet
	s.open(context.Background(), func(context.Context, *lane) {})
	s.paused, s.loading = true, true
	v := veille.Visit{URL: "https://a.example/1"}
	if !s.addVisit(v) || s.addVisit(v) {
		t.Fatal("a visit must come in once")
	}
	delete(s.held, v.URL)
	s.done[v.URL] = true
	if s.addVisit(v) {
		t.Error("a visit came back from a load that began before its end")
	}
}

func TestSee_TellsAnEditFromAWallAndAWithdrawal(t *testing.T) {
	const at = "https://a.example/view/1"
	known := func(kind veille.PageKind) veille.Article {
		return veille.Article{Snapshot: veille.Snapshot{URL: at, Title: "Titre", Body: "Un corps.", Kind: kind}}
	}
	page := func(kind veille.PageKind, url, title, body string) veille.Snapshot {
		return veille.Snapshot{URL: url, Title: title, Body: body, Kind: kind}
	}
	nk := func(u string) bool { return u == "https://a.example/world" }
	for _, c := range []struct {
		name string
		was  veille.PageKind
		snap veille.Snapshot
		want sight
		how  veille.Condition
	}{
		{"304", veille.KindArticle, veille.Snapshot{NotModified: true}, sightSame, ""},
		{"the same", veille.KindArticle, page(veille.KindArticle, at, "Titre", "Un\u00a0corps."), sightSame, ""},
		{"headline", veille.KindArticle, page(veille.KindArticle, at, "Titres", "Un corps."), sightChanged, ""},
		{"body", veille.KindArticle, page(veille.KindArticle, at, "Titre", "Deux corps."), sightChanged, ""},
		{"no title read", veille.KindArticle, page(veille.KindArticle, at, "", "Un corps."), sightSame, ""},
		{"no body read", veille.KindArticle, page(veille.KindArticle, at, "Titre", " "), sightNothing, veille.ConditionUnreadable},
		{"paywall went up", veille.KindArticle, page(veille.KindPaywall, at, "Titre", "Un"), sightWalled, veille.ConditionPaywall},
		{"teaser edited", veille.KindPaywall, page(veille.KindPaywall, at, "Titre", "Un"), sightChanged, ""},
		{"paywall went down", veille.KindPaywall, page(veille.KindArticle, at, "Titre", "Un corps. Long."), sightChanged, ""},
		{"consent", veille.KindArticle, page(veille.KindConsent, at, "Cookies", "x"), sightNothing, veille.ConditionConsent},
		{"consent on the front page", veille.KindArticle, page(veille.KindConsent, "https://a.example/", "Cookies", "x"), sightNothing, veille.ConditionConsent},
		{"challenge", veille.KindArticle, page(veille.KindChallenge, at, "Just a moment", "x"), sightNothing, veille.ConditionChallenge},
		{"read as a section without a redirect", veille.KindArticle, page(veille.KindSection, at, "x", "y"), sightNothing, veille.ConditionUnreadable},
		{"redirect to a section", veille.KindArticle, page(veille.KindSection, "https://a.example/sport", "x", "y"), sightGone, veille.ConditionSection},
		{"redirect to the source's page", veille.KindArticle, page(veille.KindOther, "https://a.example/world", "x", ""), sightGone, veille.ConditionSection},
		{"redirect to the folder", veille.KindArticle, page(veille.KindOther, "https://a.example/view/", "x", ""), sightGone, veille.ConditionSection},
		{"redirect to a login", veille.KindArticle, page(veille.KindOther, "https://a.example/login?next=1", "x", ""), sightNothing, veille.ConditionUnreadable},
		{"redirect to another article", veille.KindArticle, page(veille.KindArticle, "https://a.example/view/2", "Autre", "Rien de commun."), sightGone, veille.ConditionOther},
		{"redirect to its new address", veille.KindArticle, page(veille.KindArticle, "https://a.example/view/1-titre", "Titre", "Un corps."), sightSame, ""},
		{"redirect home", veille.KindArticle, page(veille.KindOther, "https://a.example/", "x", "y"), sightGone, veille.ConditionHome},
		{"redirect to a home of a language", veille.KindArticle, page(veille.KindSection, "https://a.example/fr/", "x", "y"), sightGone, veille.ConditionHome},
		{"redirect to https", veille.KindArticle, page(veille.KindSection, "http://a.example/view/1", "x", "y"), sightNothing, veille.ConditionUnreadable},
		{"soft 404", veille.KindArticle, page(veille.KindNotFound, at, "Page introuvable", ""), sightGone, veille.ConditionSoftNotFound},
	} {
		got, how := see(known(c.was), c.snap, at, nk)
		if got != c.want || how != c.how {
			t.Errorf("%s: %d %q, want %d %q", c.name, got, how, c.want, c.how)
		}
	}
}

// A mobile link read first stores the article under its desktop URL, whose own
// first visit still waits: it must not end the recheck that took its place.
func TestVisit_AnArticleReadUnderAnotherLinkKeepsItsLadder(t *testing.T) {
	now := time.Now()
	source := &veille.Source{Name: "s", Recheck: ladder}
	a := veille.Article{ID: "art_1", URL: "https://a.example/1", Source: "s", FirstSeen: now, Revision: 1}
	own := aliasCommit(source, a, veille.Visit{URL: a.URL}, veille.Snapshot{}, now)
	if own.Next == nil || own.Next.Step != 1 || !own.Next.Due.Equal(now.Add(ladder[0])) {
		t.Errorf("next: %+v", own.Next)
	}
	if other := aliasCommit(source, a, veille.Visit{URL: "https://a.example/m/1"}, veille.Snapshot{}, now); other.Next != nil {
		t.Errorf("an alias got a ladder of its own: %+v", other.Next)
	}
}

// TestMonitor_AHostThatIsPolledTooOftenIsReadAllTheSame has sections of one host that
// take longer to poll than their schedule leaves.
func TestMonitor_AHostThatIsPolledTooOftenIsReadAllTheSame(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Sources = nil
		for i := range 4 {
			u := fmt.Sprintf("https://crowded.example/section/%d", i)
			n.plan.Sources = append(n.plan.Sources, veille.Source{Name: fmt.Sprint("s", i), URL: u, Schedule: "@every 30s"})
			n.web.publish(u, u+"/old", "old", body("a"), time.Now().Add(-48*time.Hour))
		}
		n.web.slow["crowded.example"] = 15 * time.Second
		n.start()
		n.after(20 * time.Minute)
		n.web.publish(n.plan.Sources[0].URL, "https://crowded.example/new", "new", body("b"), time.Time{})
		for i := range 60 {
			n.web.publish(n.plan.Sources[0].URL, fmt.Sprint("https://crowded.example/other/", i), "other", fmt.Sprint("text ", i), time.Time{})
		}
		n.after(10 * time.Minute)
		if w := n.m.Warnings(); len(w) != 1 || !strings.HasPrefix(w[0], "host crowded.example is polled more often than") {
			t.Errorf("warnings: %q", w)
		}
		n.after(30 * time.Minute)
		expectTold(t, n, "published new [dprk] r1")
		n.halt()
	})
}

// TestMonitor_SaysOfACrowdedHostOnceThatItIs has its articles come a few at a time.
func TestMonitor_SaysOfACrowdedHostOnceThatItIs(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		var log bytes.Buffer
		n.log = slog.New(slog.NewTextHandler(&log, nil))
		n.plan.Sources = nil
		for i := range 4 {
			u := fmt.Sprintf("https://crowded.example/section/%d", i)
			n.plan.Sources = append(n.plan.Sources, veille.Source{Name: fmt.Sprint("s", i), URL: u, Schedule: "@every 30s"})
			n.web.publish(u, u+"/old", "old", body("a"), time.Now().Add(-48*time.Hour))
		}
		n.web.slow["crowded.example"] = 15 * time.Second
		n.start()
		n.after(20 * time.Minute)
		for i := range 36 {
			n.web.publish(n.plan.Sources[0].URL, fmt.Sprint("https://crowded.example/new/", i), "new", body(fmt.Sprint("b", i)), time.Time{})
			n.after(5 * time.Minute)
		}
		n.halt()
		if got := strings.Count(log.String(), "polls of a host hold up its articles"); got != 1 {
			t.Errorf("said %d times in three hours", got)
		}
	})
}
