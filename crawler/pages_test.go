package crawler

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"veille"
)

// part is one page of an article of three.
func part(n int, links string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, partHTML(n, links))
	}
}

func partHTML(n int, links string) string {
	title := "The long way of the harbour"
	if n > 1 {
		title = fmt.Sprintf("%s, page %d", title, n)
	}
	return `<!doctype html><html lang="en"><head><title>` + title + `</title><meta property="og:type" content="article"></head><body><article><h1>` + title + `</h1>
<p>The harbour of the town has been rebuilt three times in its history, and this is how it came about.</p>
<p>` + fmt.Sprintf("Chapter %d", n) + ` tells of the storm that took the lighthouse, and of the pilots who rowed out into the night to look for it.</p>
<p>` + fmt.Sprintf("In year %d", n) + ` the council met on the quay, for the town hall was under water, and voted for a wall of granite.</p></article>
<nav class="pager">` + links + `</nav></body></html>`
}

// longRead is a site with an article of three pages, whose second page fails
// while broken is set.
func longRead(t *testing.T) (s *site, broken *atomic.Int32) {
	broken = &atomic.Int32{}
	pager := `<a href="/long">1</a> <a href="/long?page=2">2</a> <a href="/long?page=3">3</a> <a href="/other?page=2">other</a>`
	s = newSite(t, map[string]http.HandlerFunc{"/long": func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("page") {
		case "":
			etagged(`"one"`, part(1, pager))(w, r)
		case "2":
			if code := broken.Load(); code > 0 {
				w.WriteHeader(int(code))
				return
			}
			part(2, pager)(w, r)
		case "3":
			part(3, pager)(w, r)
		}
	}})
	return s, broken
}

func chapters(snap veille.Snapshot) string {
	var out []string
	for n := 1; n <= 5; n++ {
		if strings.Contains(snap.Body, fmt.Sprintf("Chapter %d", n)) && strings.Contains(snap.Body, fmt.Sprintf("In year %d", n)) {
			out = append(out, fmt.Sprint(n))
		}
	}
	return strings.Join(out, " ")
}

func TestVisit_ReadsAllPagesOfAnArticle(t *testing.T) {
	s, _ := longRead(t)
	c := labCrawler(t, Options{KeepExchanges: true})
	snap, err := c.Visit(t.Context(), s.source(), s.URL+"/long", veille.Validators{})
	if err != nil || chapters(snap) != "1 2 3" {
		t.Fatalf("%v, %q", err, snap.Body)
	}
	if n := strings.Count(snap.Body, "rebuilt three times"); n != 1 {
		t.Errorf("the lead stands there %d times", n)
	}
	if snap.Title != "The long way of the harbour" || snap.Validators.Pages != 3 || len(snap.Exchanges) != 3 || snap.URL != s.URL+"/long" {
		t.Errorf("%q, %+v, %d exchanges", snap.Title, snap.Validators, len(snap.Exchanges))
	}
	again, err := c.Recheck(t.Context(), s.source(), s.URL+"/long", snap.Validators)
	if err != nil || !again.NotModified || again.Validators != snap.Validators || again.Body != "" {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestRecheck_SeesAChangeOnALaterPage(t *testing.T) {
	s, _ := longRead(t)
	c := labCrawler(t, Options{})
	snap, err := c.Visit(t.Context(), s.source(), s.URL+"/long", veille.Validators{})
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	old := s.mux["/long"]
	s.mux["/long"] = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "3" {
			part(4, "")(w, r)
			return
		}
		old(w, r)
	}
	s.mu.Unlock()
	again, err := c.Recheck(t.Context(), s.source(), s.URL+"/long", snap.Validators)
	if err != nil || again.NotModified || chapters(again) != "1 2 4" {
		t.Errorf("%v, %+v", err, again)
	}
}

func TestVisit_SaysWhereAnArticleIsCut(t *testing.T) {
	s, broken := longRead(t)
	c := labCrawler(t, Options{})
	visit := func(known veille.Validators) (veille.Snapshot, error) {
		return c.Visit(t.Context(), s.source(), s.URL+"/long", known)
	}
	whole, err := visit(veille.Validators{})
	if err != nil || chapters(whole) != "1 2 3" || whole.Cut != 0 || whole.Pages() != 3 {
		t.Fatalf("%v, %q, cut at %d", err, chapters(whole), whole.Cut)
	}
	for code, kind := range map[int32]veille.FetchErrorKind{503: veille.FetchServer, 404: veille.FetchNotFound} {
		broken.Store(code)
		for _, known := range []veille.Validators{{}, whole.Validators} {
			snap, err := visit(known)
			var fe *veille.FetchError
			if err != nil || snap.Cut != 1 || chapters(snap) != "1" || !errors.As(snap.CutBy, &fe) || fe.Kind != kind {
				t.Errorf("%d: %v, cut at %d by %v: %q", code, err, snap.Cut, snap.CutBy, chapters(snap))
			}
			if snap.Validators != (veille.Validators{}) || snap.Next != "" {
				t.Errorf("a 304 of page 1 would hide page 2 for ever: %+v", snap.Validators)
			}
		}
	}
	broken.Store(429)
	var fe *veille.FetchError
	if _, err := visit(whole.Validators); !errors.As(err, &fe) || fe.Kind != veille.FetchThrottled {
		t.Errorf("throttled: %v", err)
	}
}

// TestVisit_AWallIsNoPageOfAnArticle: what stands in the place of page 2 must
// not make the article look shorter.
func TestVisit_AWallIsNoPageOfAnArticle(t *testing.T) {
	s, _ := longRead(t)
	c := labCrawler(t, Options{})
	whole, err := c.Visit(t.Context(), s.source(), s.URL+"/long", veille.Validators{})
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	old := s.mux["/long"]
	s.mux["/long"] = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "2" {
			part(1, "")(w, r)
			return
		}
		old(w, r)
	}
	s.mu.Unlock()
	snap, err := c.Recheck(t.Context(), s.source(), s.URL+"/long", whole.Validators)
	if err != nil || snap.Cut != 1 || snap.CutBy == nil {
		t.Errorf("page 1 stands for page 2: %v, cut at %d", err, snap.Cut)
	}
}

func TestVisit_ReadsNoOtherArticleForAPage(t *testing.T) {
	other := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.ReplaceAll(partHTML(5, ""), "The long way of the harbour", "Rain at last"))
	}
	for name, links := range map[string]string{
		"the next story of the blog": `<a rel="next" href="/next-story">next</a>`,
		"another story's number":     `<a href="/story/13">13</a>`,
		"comments":                   `<div class="comments"><a href="/story/12?page=2">2</a></div><a href="/story/12/comment-page-2">2</a>`,
		"another site":               `<a rel="next" href="http://127.0.0.2/story/12?page=2">2</a>`,
		"another title":              `<a href="/story/12?page=2">2</a>`,
		"itself":                     `<a href="/story/12?page=1">1</a>`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, map[string]http.HandlerFunc{"/next-story": other, "/story/13": other, "/story/12/comment-page-2": other, "/story/12": func(w http.ResponseWriter, r *http.Request) {
				if r.URL.RawQuery != "" {
					other(w, r)
					return
				}
				part(1, links)(w, r)
			}})
			snap, err := labCrawler(t, Options{}).Visit(t.Context(), s.source(), s.URL+"/story/12", veille.Validators{})
			if err != nil || chapters(snap) != "1" || snap.Validators.Pages != 0 || snap.Validators.BodyHash == "" {
				t.Errorf("%v, %q, %+v", err, chapters(snap), snap.Validators)
			}
		})
	}
}

func TestVisit_ReadsTenPagesOfAnEndlessArticle(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/long": func(w http.ResponseWriter, r *http.Request) {
		n := 1
		_, _ = fmt.Sscan(r.URL.Query().Get("page"), &n)
		part(n, fmt.Sprintf(`<a rel="next" href="/long?page=%d">on</a>`, n+1))(w, r)
	}})
	snap, err := labCrawler(t, Options{}).Visit(t.Context(), s.source(), s.URL+"/long", veille.Validators{})
	if err != nil || snap.Validators.Pages != maxPages || !strings.Contains(snap.Body, "Chapter 10") || strings.Contains(snap.Body, "Chapter 11") {
		t.Errorf("%v, %d pages", err, snap.Validators.Pages)
	}
}
