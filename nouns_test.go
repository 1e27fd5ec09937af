package veille_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestSecret_NeverPrints(t *testing.T) {
	const canary = "canary-7f3a"
	secret := veille.NewSecret(canary)
	holder := struct {
		Plain  veille.Secret
		Nested map[string]*veille.Secret
	}{secret, map[string]*veille.Secret{"k": &secret}}

	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		fmt.Fprintf(&out, verb+"\n", secret)
		fmt.Fprintf(&out, verb+"\n", &secret)
		fmt.Fprintf(&out, verb+"\n", holder)
	}
	asJSON, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(asJSON)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "secret", secret, "holder", holder)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "secret", secret, "holder", holder)
	out.Write(log.Bytes())
	if strings.Contains(out.String(), canary) {
		t.Errorf("the secret printed:\n%s", out.String())
	}
	if secret.Reveal() != canary {
		t.Errorf("Reveal() = %q", secret.Reveal())
	}
}

func TestIDs_AreDerivedFromWhatHappened(t *testing.T) {
	article := veille.ArticleID("https://news.example/1")
	first := veille.EventID(article, veille.ArticlePublished, 1)
	if again := veille.EventID(veille.ArticleID("https://news.example/1"), veille.ArticlePublished, 1); again != first {
		t.Errorf("the same happening got ids %s and %s", first, again)
	}
	others := map[string]string{
		"another revision": veille.EventID(article, veille.ArticlePublished, 2),
		"another type":     veille.EventID(article, veille.ArticleEdited, 1),
		"another article":  veille.EventID(veille.ArticleID("https://news.example/2"), veille.ArticlePublished, 1),
	}
	for what, id := range others {
		if id == first {
			t.Errorf("%s has the same id %s", what, id)
		}
	}
	// A dot would break the signed "id.timestamp.body" of a webhook apart.
	shape := regexp.MustCompile(`^(art|evt|sto)_[a-z2-7]{26}$`)
	for _, id := range []string{article, first, veille.StoryID(article), veille.SystemEventID(veille.ConfigRejected, "veille.yaml", "1")} {
		if !shape.MatchString(id) {
			t.Errorf("id %q is not of the form %s", id, shape)
		}
	}
}

func TestEvent_ForWatchesLeavesOutWhatAReceiverDidNotAskFor(t *testing.T) {
	event := veille.Event{
		Watches: []string{"A", "B", "C"},
		Matches: []veille.Match{{Watch: "A"}, {Watch: "B"}, {Watch: "C"}},
	}
	got := event.ForWatches([]string{"C", "A"})
	want := veille.Event{Watches: []string{"A", "C"}, Matches: []veille.Match{{Watch: "A"}, {Watch: "C"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ForWatches (-want +got):\n%s", diff)
	}
	if len(event.Watches) != 3 || len(event.Matches) != 3 {
		t.Error("ForWatches changed the event it was asked of")
	}
}

// TestEvent_HasTheContractsJSON holds the field names that other programs read.
func TestEvent_HasTheContractsJSON(t *testing.T) {
	published := time.Date(2023, 9, 14, 10, 24, 0, 0, time.FixedZone("", 9*3600))
	language, summary := "fr", "Les Etats-Unis se disent préoccupés…"
	seen := time.Date(2026, 11, 23, 8, 15, 1, 0, time.UTC)
	event := veille.Event{
		ID: "evt_x", Type: veille.ArticlePublished, Time: seen.Add(time.Second), Watches: []string{"Corée du Nord et Russie"},
		Article: &veille.EventArticle{ID: "art_x", URL: "https://news.example/1", Title: "T", Source: "yonhap-nk",
			Authors: []string{"fabien@yna.co.kr"}, Published: &published, FirstSeen: seen, Language: &language, Summary: &summary},
		Matches: []veille.Match{{Watch: "Corée du Nord et Russie", Excerpt: "la «Russie».",
			Terms: []veille.Term{{Term: "Russie", Field: "body", Text: "Russie", Start: 161, End: 167}}}},
		Revision: &veille.EventRevision{Number: 1},
		Story:    &veille.Story{ID: "sto_x", Outlets: 1, First: "https://news.example/1"},
	}
	const want = `{"id":"evt_x","type":"article.published","time":"2026-11-23T08:15:02Z","watches":["Corée du Nord et Russie"],` +
		`"article":{"id":"art_x","url":"https://news.example/1","title":"T","source":"yonhap-nk","authors":["fabien@yna.co.kr"],` +
		`"published":"2023-09-14T10:24:00+09:00","first_seen":"2026-11-23T08:15:01Z","language":"fr","summary":"Les Etats-Unis se disent préoccupés…","image":null},` +
		`"matches":[{"watch":"Corée du Nord et Russie","terms":[{"term":"Russie","field":"body","text":"Russie","start":161,"end":167}],"excerpt":"la «Russie»."}],` +
		`"revision":{"number":1,"change":null},"story":{"id":"sto_x","outlets":1,"first":"https://news.example/1"}}`
	got, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("event JSON (-want +got):\n%s", diff)
	}
}

func TestWatch_CoversSourcesByGlobAndTag(t *testing.T) {
	source := veille.Source{Name: "yonhap-nk", Tags: []string{"korea"}}
	for _, c := range []struct {
		patterns []string
		want     bool
	}{
		{nil, true},
		{[]string{"yonhap-*"}, true},
		{[]string{"tag:korea"}, true},
		{[]string{"reuters", "yonhap-nk"}, true},
		{[]string{"tag:yonhap-nk"}, false},
		{[]string{"yonhap"}, false},
	} {
		if got := (veille.Watch{Sources: c.patterns}).Covers(source); got != c.want {
			t.Errorf("sources %q cover yonhap-nk: %v, want %v", c.patterns, got, c.want)
		}
	}
}

func TestWatch_ReadsPagesOfUnknownLanguage(t *testing.T) {
	w := veille.Watch{Languages: []string{"fr", "ko"}}
	for language, want := range map[string]bool{"fr": true, "fr-CA": true, "KO": true, "en": false, "": true} {
		if got := w.Reads(language); got != want {
			t.Errorf("a watch of fr and ko reads %q: %v, want %v", language, got, want)
		}
	}
}

func TestEvent_JoinKeepsWhatEarlierWatchesWereTold(t *testing.T) {
	event := veille.Event{Watches: []string{"B", "D"}, Matches: []veille.Match{{Watch: "D", Excerpt: "d"}, {Watch: "B", Excerpt: "b"}}}
	later := veille.Event{Message: "later", Watches: []string{"A", "B", "C"}, Matches: []veille.Match{{Watch: "A"}, {Watch: "B", Excerpt: "other"}, {Watch: "C"}}}
	got, joined := event.Join(later)
	want := veille.Event{Watches: []string{"A", "B", "C", "D"}, Matches: []veille.Match{{Watch: "D", Excerpt: "d"}, {Watch: "B", Excerpt: "b"}, {Watch: "A"}, {Watch: "C"}}}
	if diff := cmp.Diff(want, got); diff != "" || !joined {
		t.Errorf("Join: %v (-want +got):\n%s", joined, diff)
	}
	earlier := []string{"B", "D"}
	if diff := cmp.Diff(event.ForWatches(earlier), got.ForWatches(earlier)); diff != "" {
		t.Errorf("what earlier watches see changed (-want +got):\n%s", diff)
	}
	if _, again := got.Join(later); again {
		t.Error("the same telling joined twice")
	}
}

func TestVisit_JoinTakesEachSourceOnce(t *testing.T) {
	first := veille.Visit{Source: "a", Silent: true}
	v := first
	if v.Join(veille.Listed{Source: "a"}) {
		t.Error("the visit's own source joined it")
	}
	if !v.Join(veille.Listed{Source: "b"}, veille.Listed{Source: "b", Silent: true}, veille.Listed{Source: "c"}) || v.Join(veille.Listed{Source: "c"}) {
		t.Error("a source joined twice, or not at all")
	}
	want := []veille.Listed{{Source: "a", Silent: true}, {Source: "b"}, {Source: "c"}}
	if diff := cmp.Diff(want, v.Listings()); diff != "" || len(first.Also) != 0 {
		t.Errorf("Listings (-want +got):\n%s", diff)
	}
}
