package monitor

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestLane_PollsFirstAndRechecksAtMostEverySecondVisit(t *testing.T) {
	l := &lane{polls: []*sourceRun{{}, {}}}
	for i := range 3 {
		l.first = append(l.first, veille.Visit{URL: fmt.Sprint("new", i)})
		l.rechecks = append(l.rechecks, veille.Visit{URL: fmt.Sprint("old", i), ArticleID: "a"})
	}
	l.rechecks = append(l.rechecks, veille.Visit{URL: "old3", ArticleID: "a"})
	var got []string
	for !l.empty() {
		if next := l.pop(); next.poll != nil {
			got = append(got, "poll")
		} else {
			got = append(got, next.visit.URL)
		}
	}
	want := "poll poll old0 new0 old1 new1 old2 new2 old3"
	if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
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
	for _, c := range []struct {
		name    string
		was     veille.PageKind
		snap    veille.Snapshot
		removed bool
		want    sight
	}{
		{"304", veille.KindArticle, veille.Snapshot{NotModified: true}, false, sightSame},
		{"the same", veille.KindArticle, page(veille.KindArticle, at, "Titre", "Un\u00a0corps."), false, sightSame},
		{"headline", veille.KindArticle, page(veille.KindArticle, at, "Titres", "Un corps."), false, sightChanged},
		{"body", veille.KindArticle, page(veille.KindArticle, at, "Titre", "Deux corps."), false, sightChanged},
		{"no title read", veille.KindArticle, page(veille.KindArticle, at, "", "Un corps."), false, sightSame},
		{"no body read", veille.KindArticle, page(veille.KindArticle, at, "Titre", " "), false, sightNothing},
		{"paywall went up", veille.KindArticle, page(veille.KindPaywall, at, "Titre", "Un"), false, sightNothing},
		{"teaser edited", veille.KindPaywall, page(veille.KindPaywall, at, "Titre", "Un"), false, sightChanged},
		{"paywall went down", veille.KindPaywall, page(veille.KindArticle, at, "Titre", "Un corps. Long."), false, sightChanged},
		{"consent", veille.KindArticle, page(veille.KindConsent, at, "Cookies", "x"), false, sightNothing},
		{"challenge", veille.KindArticle, page(veille.KindChallenge, at, "Just a moment", "x"), false, sightNothing},
		{"read as a section without a redirect", veille.KindArticle, page(veille.KindSection, at, "x", "y"), false, sightNothing},
		{"redirect to a section", veille.KindArticle, page(veille.KindSection, "https://a.example/nk", "x", "y"), false, sightGone},
		{"redirect home", veille.KindArticle, page(veille.KindOther, "https://a.example/", "x", "y"), false, sightGone},
		{"redirect to https", veille.KindArticle, page(veille.KindSection, "http://a.example/view/1", "x", "y"), false, sightNothing},
		{"soft 404", veille.KindArticle, page(veille.KindNotFound, at, "Page introuvable", ""), false, sightGone},
		{"410", veille.KindArticle, page(veille.KindNotFound, at, "", ""), true, sightRemoved},
	} {
		if got := see(known(c.was), c.snap, at, c.removed); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
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
