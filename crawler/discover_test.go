package crawler

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// section is a page that lists articles as news sites do.
func section(host string, ids ...int) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><title>World</title></head><body><main><h1>World</h1>`)
	for _, id := range ids {
		fmt.Fprintf(&b, `<article><h2><a href="%s/2026/11/23/ministers-agree-on-the-budget-%d">Ministers agree on the budget after a long night, part %d</a></h2><p>A summary of the story.</p></article>`, host, 100000+id, id)
	}
	b.WriteString(`</main></body></html>`)
	return b.String()
}

// etagged answers 304 where the validator fits.
func etagged(etag string, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h(w, r)
	}
}

func urls(links []veille.Outlink) []string {
	var out []string
	for _, l := range links {
		out = append(out, l.URL)
	}
	return out
}

func TestDiscover_ReadsWhatChangedAndNothingElse(t *testing.T) {
	s := newSite(t, nil)
	s.mux = map[string]http.HandlerFunc{"/": etagged(`"1"`, text(section(s.URL, 1, 2, 3)))}
	memory := fakeMemory{}
	c := labCrawler(t, Options{Memory: memory})
	first, err := c.Discover(t.Context(), s.source())
	if err != nil || first.Kind != veille.KindSection || len(first.Outlinks) != 3 || first.NotModified {
		t.Fatalf("first: %+v, %v", first, err)
	}
	v := first.Validators[s.URL+"/"]
	if v.ETag != `"1"` || len(v.BodyHash) != 64 {
		t.Errorf("validators: %+v", first.Validators)
	}
	// Nothing is remembered until the caller stored the listing.
	if again, err := c.Discover(t.Context(), s.source()); err != nil || len(again.Outlinks) != 3 {
		t.Errorf("lost listing: %+v, %v", again, err)
	}
	memory[s.URL+"/"] = v
	again, err := c.Discover(t.Context(), s.source())
	if err != nil || !again.NotModified || len(again.Outlinks) != 0 {
		t.Errorf("304: %+v, %v", again, err)
	}
	if d := cmp.Diff(first.Validators, again.Validators); d != "" {
		t.Errorf("a 304 changes what is known: %s", d)
	}
}

func TestDiscover_KnowsTheSameBytesFromAServerThatNeverSays304(t *testing.T) {
	s := newSite(t, nil)
	s.mux = map[string]http.HandlerFunc{"/": text(section(s.URL, 1))}
	memory := fakeMemory{}
	c := labCrawler(t, Options{Memory: memory})
	first, err := c.Discover(t.Context(), s.source())
	if err != nil {
		t.Fatal(err)
	}
	memory[s.URL+"/"] = first.Validators[s.URL+"/"]
	again, err := c.Discover(t.Context(), s.source())
	if err != nil || !again.NotModified {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestDiscover_AsksAgainWhenA304AnswersNoQuestion(t *testing.T) {
	s := newSite(t, nil)
	asked := 0
	s.mux = map[string]http.HandlerFunc{
		"/": func(w http.ResponseWriter, r *http.Request) {
			if asked++; asked == 1 {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			text(section(s.URL, 1))(w, r)
		},
		"/always": status(http.StatusNotModified),
	}
	c := labCrawler(t, Options{})
	if l, err := c.Discover(t.Context(), s.source()); err != nil || len(l.Outlinks) != 1 || l.NotModified {
		t.Errorf("%+v, %v", l, err)
	}
	_, err := c.Discover(t.Context(), veille.Source{URL: s.URL + "/always"})
	if fe := wantKind(t, err, veille.FetchStatus); fe.Status != 304 {
		t.Errorf("%v", fe)
	}
	if d := cmp.Diff([]string{"/", "/", "/always", "/always"}, s.paths()); d != "" {
		t.Error(d)
	}
}

func TestDiscover_RemembersTheAddressThatAnswered(t *testing.T) {
	s := newSite(t, nil)
	s.mux = map[string]http.HandlerFunc{"/": redirect("/news"), "/news": etagged(`"n"`, text(section(s.URL, 1)))}
	memory := fakeMemory{}
	c := labCrawler(t, Options{Memory: memory})
	l, err := c.Discover(t.Context(), s.source())
	if err != nil || len(l.Validators) != 1 || l.Validators[s.URL+"/news"].ETag == "" {
		t.Fatalf("%+v, %v", l, err)
	}
	memory[s.URL+"/news"] = l.Validators[s.URL+"/news"]
	if l, err := c.Discover(t.Context(), s.source()); err != nil || !l.NotModified {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestDiscover_FiltersOutlinks(t *testing.T) {
	s := newSite(t, nil)
	s.mux = map[string]http.HandlerFunc{"/": text(section(s.URL, 1, 2, 3))}
	source := s.source()
	source.Links = veille.LinkFilter{
		Include: []*regexp.Regexp{regexp.MustCompile(`/2026/`)},
		Exclude: []*regexp.Regexp{regexp.MustCompile(`-100002$`)},
	}
	l, err := labCrawler(t, Options{}).Discover(t.Context(), source)
	if err != nil || len(l.Outlinks) != 2 {
		t.Errorf("%v, %v", urls(l.Outlinks), err)
	}
}

func TestDiscover_ASectionWithoutArticlesIsNoError(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/": text("<html><body><p>We are being rebuilt.</p></body></html>")})
	l, err := labCrawler(t, Options{}).Discover(t.Context(), s.source())
	if err != nil || len(l.Outlinks) != 0 || l.NotModified || len(l.Validators) != 1 {
		t.Errorf("%+v, %v", l, err)
	}
}

func index(entries ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for i := 0; i < len(entries); i += 2 {
		fmt.Fprintf(&b, "<sitemap><loc>%s</loc>", entries[i])
		if entries[i+1] != "" {
			fmt.Fprintf(&b, "<lastmod>%s</lastmod>", entries[i+1])
		}
		b.WriteString("</sitemap>")
	}
	return b.String() + "</sitemapindex>"
}

func urlset(urls ...string) string {
	var b strings.Builder
	b.WriteString(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, u := range urls {
		fmt.Fprintf(&b, "<url><loc>%s</loc></url>", u)
	}
	return b.String() + "</urlset>"
}

func TestDiscover_ReadsASitemapIndexNewestFirst(t *testing.T) {
	s := newSite(t, nil)
	s.mux = map[string]http.HandlerFunc{
		"/": text(index(s.URL+"/old.xml", "2026-01-01", s.URL+"/new.xml.gz", "2026-11-23", s.URL+"/gone.xml", "2026-11-22",
			s.URL+"/", "2026-11-21", s.URL+"/nested.xml", "2026-11-20")),
		"/old.xml": text(urlset(s.URL + "/2020/old-story-about-ministers")),
		"/new.xml.gz": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/x-gzip")
			_, _ = w.Write(gzipped([]byte(urlset(s.URL+"/2026/new-story-about-ministers", s.URL+"/2020/old-story-about-ministers"))))
		},
		"/nested.xml": text(index(s.URL+"/deep.xml", "", s.URL+"/new.xml.gz", "")),
		"/deep.xml":   text(index(s.URL+"/deeper.xml", "")),
		"/deeper.xml": text(urlset(s.URL + "/2026/too-deep-to-be-read-here")),
	}
	l, err := labCrawler(t, Options{}).Discover(t.Context(), s.source())
	if err != nil || l.Kind != veille.KindSitemap || l.NotModified {
		t.Fatalf("%+v, %v", l, err)
	}
	if d := cmp.Diff([]string{"/", "/new.xml.gz", "/gone.xml", "/nested.xml", "/old.xml", "/deep.xml"}, s.paths()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{s.URL + "/2026/new-story-about-ministers", s.URL + "/2020/old-story-about-ministers"}, urls(l.Outlinks)); d != "" {
		t.Error(d)
	}
}

func TestDiscover_AnUnchangedIndexDoesNotHideAChangedSitemap(t *testing.T) {
	s := newSite(t, nil)
	etag, story := `"1"`, "/2026/first-story-about-ministers"
	s.mux = map[string]http.HandlerFunc{
		"/":      etagged(`"index"`, text(index(s.URL+"/a.xml", ""))),
		"/a.xml": func(w http.ResponseWriter, r *http.Request) { etagged(etag, text(urlset(s.URL+story)))(w, r) },
	}
	memory := fakeMemory{}
	c := labCrawler(t, Options{Memory: memory})
	poll := func() veille.Listing {
		t.Helper()
		l, err := c.Discover(t.Context(), s.source())
		if err != nil {
			t.Fatal(err)
		}
		for u, v := range l.Validators {
			memory[u] = v
		}
		return l
	}
	if l := poll(); len(l.Outlinks) != 1 || l.NotModified {
		t.Errorf("first: %+v", l)
	}
	if l := poll(); len(l.Outlinks) != 0 || !l.NotModified {
		t.Errorf("unchanged: %+v", l)
	}
	etag, story = `"2"`, "/2026/second-story-about-ministers"
	if l := poll(); len(l.Outlinks) != 1 || l.NotModified {
		t.Errorf("changed: %+v", l)
	}
}

func TestDiscover_BoundsTheSitemapsOfAnIndex(t *testing.T) {
	s := newSite(t, nil)
	var entries []string
	s.mux = map[string]http.HandlerFunc{}
	for i := range 100 {
		path := fmt.Sprintf("/s%02d.xml", i)
		entries = append(entries, s.URL+path, "")
		s.mux[path] = text(urlset(fmt.Sprintf("%s/2026/a-story-about-ministers-%d", s.URL, i)))
	}
	s.mux["/"] = text(index(entries...))
	l, err := labCrawler(t, Options{}).Discover(t.Context(), s.source())
	if err != nil || len(l.Outlinks) != maxChildren || len(s.paths()) != 1+maxChildren {
		t.Errorf("%d outlinks of %d requests: %v", len(l.Outlinks), len(s.paths()), err)
	}
	if p := s.paths(); p[1] != "/s00.xml" || p[2] != "/s99.xml" {
		t.Errorf("not from both ends: %v", p)
	}
}

func TestDiscover_FailsWhereEverySitemapOfAnIndexDoes(t *testing.T) {
	s := newSite(t, nil)
	s.mux = map[string]http.HandlerFunc{"/": text(index(s.URL+"/a.xml", "", s.URL+"/b.xml", "")), "/a.xml": status(500), "/b.xml": status(404)}
	_, err := labCrawler(t, Options{}).Discover(t.Context(), s.source())
	if fe := wantKind(t, err, veille.FetchServer); fe.URL != s.URL+"/a.xml" {
		t.Errorf("%v", fe)
	}
}

func TestDiscover_BoundsOutlinks(t *testing.T) {
	c := labCrawler(t, Options{})
	w := walk{c: c}
	for i := range 3 * maxOutlinks {
		w.out.Outlinks = append(w.out.Outlinks, veille.Outlink{URL: fmt.Sprintf("https://example.org/%d", i)})
	}
	w.out.Outlinks = append(w.out.Outlinks,
		veille.Outlink{URL: "mailto:a@example.org"}, veille.Outlink{URL: "https://example.org/" + strings.Repeat("x", veille.MaxURLLength)}, w.out.Outlinks[0])
	w.trim()
	if len(w.out.Outlinks) != maxOutlinks || w.out.Outlinks[maxOutlinks-1].URL != fmt.Sprintf("https://example.org/%d", maxOutlinks-1) {
		t.Errorf("%d kept, the last is %s", len(w.out.Outlinks), w.out.Outlinks[len(w.out.Outlinks)-1].URL)
	}
}

func TestDiscover_WhatCannotBeReadIsNotRemembered(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"))
	}})
	_, err := labCrawler(t, Options{}).Discover(t.Context(), s.source())
	wantKind(t, err, veille.FetchNotHTML)
}

func TestCrawler_APanicWhileReadingIsABrokenPage(t *testing.T) {
	c := labCrawler(t, Options{})
	for range 2 * cap(c.parsing) {
		err := c.read(t.Context(), "https://example.org/", func() error { panic(errors.New("index out of range")) })
		wantKind(t, err, veille.FetchBroken)
	}
}
