package crawler

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"veille"
)

const article = `<!doctype html><html lang="fr"><head><meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">
<title>Le budget adopt` + "\xe9" + `</title><meta property="og:type" content="article"></head><body><nav><a href="/">Accueil</a></nav><article><h1>Le budget adopt` + "\xe9" + `</h1>
<p>Les ministres ont adopt` + "\xe9" + ` le budget dans la nuit de lundi apr` + "\xe8" + `s de longues discussions entre les partis de la majorit` + "\xe9" + `, a annonc` + "\xe9" + ` le gouvernement.</p>
<p>Le texte sera examin` + "\xe9" + ` par le parlement la semaine prochaine, et l'opposition a promis de d` + "\xe9" + `poser plusieurs centaines d'amendements avant le vote.</p>
<p>Selon le ministre des finances, ce budget permettra de r` + "\xe9" + `duire le d` + "\xe9" + `ficit sans augmenter les imp` + "\xf4" + `ts, ce que contestent plusieurs experts.</p></article></body></html>`

func articlePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Last-Modified", "Mon, 23 Nov 2026 08:00:00 GMT")
	_, _ = io.WriteString(w, article)
}

func TestVisit_ReadsAnArticleInItsOwnCharset(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/moved": redirect("/article"), "/article": articlePage})
	snap, err := labCrawler(t, Options{}).Visit(t.Context(), s.source(), s.URL+"/moved", veille.Validators{})
	if err != nil {
		t.Fatal(err)
	}
	if snap.URL != s.URL+"/article" || snap.Kind != veille.KindArticle || snap.Title != "Le budget adopté" || !strings.Contains(snap.Body, "majorité") {
		t.Errorf("%+v", snap)
	}
	if snap.FetchedAt.IsZero() || snap.NotModified || snap.Validators.LastModified == "" || snap.Validators.BodyHash == "" {
		t.Errorf("%+v", snap)
	}
}

func TestVisit_IsConditionalWhereSomethingIsKnown(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{
		"/etag": etagged(`"e"`, articlePage), "/since": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-Modified-Since") == "Mon, 23 Nov 2026 08:00:00 GMT" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			articlePage(w, r)
		}, "/deaf": articlePage,
	})
	c := labCrawler(t, Options{})
	for _, path := range []string{"/etag", "/since", "/deaf"} {
		first, err := c.Visit(t.Context(), s.source(), s.URL+path, veille.Validators{})
		if err != nil || first.NotModified {
			t.Fatalf("%s: %+v, %v", path, first, err)
		}
		again, err := c.Visit(t.Context(), s.source(), s.URL+path, first.Validators)
		if err != nil || !again.NotModified || again.URL != s.URL+path || again.Validators != first.Validators || again.FetchedAt.IsZero() || again.Body != "" {
			t.Errorf("%s, again: %+v, %v", path, again, err)
		}
	}
}

func TestVisit_AppliesTheSourcesSelectors(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/article": articlePage})
	source := s.source()
	source.Select = veille.Selectors{Body: "article p:first-of-type"}
	source.Language = "ko"
	snap, err := labCrawler(t, Options{}).Visit(t.Context(), source, s.URL+"/article", veille.Validators{})
	if err != nil || snap.Language != "ko" || strings.Contains(snap.Body, "parlement") || !strings.Contains(snap.Body, "majorité") {
		t.Errorf("%+v, %v", snap, err)
	}
}

func TestVisit_CountsWhatItDid(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/article": articlePage})
	c := labCrawler(t, Options{})
	for _, path := range []string{"/article", "/missing"} {
		_, _ = c.Visit(t.Context(), s.source(), s.URL+path, veille.Validators{})
	}
	got := map[string]float64{}
	for _, m := range c.Samples() {
		name := m.Name
		for _, l := range m.Labels {
			name += " " + l[0] + "=" + l[1]
		}
		got[name] = m.Value
		if !strings.HasPrefix(m.Name, "veille_crawler_") || m.Help == "" || (m.Type == veille.Counter) != strings.HasSuffix(m.Name, "_total") {
			t.Errorf("sample %+v", m)
		}
	}
	for name, want := range map[string]float64{
		"veille_crawler_requests_total code=200": 1, "veille_crawler_requests_total code=404": 2, // robots.txt too
		"veille_crawler_errors_total kind=not_found": 1, "veille_crawler_robots_fetches_total": 1, "veille_crawler_in_flight": 0,
		"veille_crawler_host_turns_total": 3, "veille_crawler_hosts": 1,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
}
