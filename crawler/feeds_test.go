package crawler

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// rss is a feed of the stories that section lists under the same numbers.
func rss(host string, ids ...int) string {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>World</title>`)
	for _, id := range ids {
		fmt.Fprintf(&b, `<item><title>Part %d</title><link>%s/2026/11/23/ministers-agree-on-the-budget-%d</link></item>`, id, host, 100000+id)
	}
	return b.String() + `</channel></rss>`
}

func newsSitemap(host string, ids ...int) string {
	var b strings.Builder
	b.WriteString(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">`)
	for _, id := range ids {
		fmt.Fprintf(&b, `<url><loc>%s/2026/11/23/ministers-agree-on-the-budget-%d</loc><news:news><news:title>Part %d</news:title></news:news></url>`, host, 100000+id, id)
	}
	return b.String() + `</urlset>`
}

func TestFeeds_NamesWhatItHasReadTheBestFirst(t *testing.T) {
	s := newSite(t, nil)
	page := strings.Replace(section(s.URL, 1, 2, 3), "</head>", `<link rel="alternate" type="application/rss+xml" href="/other.rss"><link rel="alternate" type="application/atom+xml" href="/gone.atom"></head>`, 1)
	page = strings.Replace(page, "</body>", `<footer><a href="/world/feed">RSS</a><a href="/rss">Our feeds</a></footer></body>`, 1)
	s.mux = map[string]http.HandlerFunc{
		"/":                 text(page),
		"/other.rss":        text(rss(s.URL, 7, 8)),
		"/world/feed":       text(rss(s.URL, 1, 2, 3, 9)),
		"/rss":              text("<html><body><h1>Our feeds</h1></body></html>"),
		"/robots.txt":       text("User-agent: *\nDisallow: /secret\nSitemap: " + s.URL + "/pages.xml\nSitemap: " + s.URL + "/sitemap-news.xml\nSitemap: " + s.URL + "/secret/news.xml\n"),
		"/pages.xml":        text(urlset(s.URL+"/about", s.URL+"/2026/11/23/ministers-agree-on-the-budget-100001")),
		"/sitemap-news.xml": text(index(s.URL+"/archive.xml", "", s.URL+"/news-today.xml", "")),
		"/news-today.xml":   text(newsSitemap(s.URL, 2, 3)),
	}
	c := labCrawler(t, Options{})
	l, err := c.Discover(t.Context(), s.source())
	if err != nil {
		t.Fatal(err)
	}
	want := []FoundFeed{
		{URL: s.URL + "/world/feed", Kind: veille.KindFeed, Links: 4, Shared: 3, How: "page"},
		{URL: s.URL + "/news-today.xml", Kind: veille.KindSitemap, Links: 2, Shared: 2, How: "robots.txt"},
		{URL: s.URL + "/other.rss", Kind: veille.KindFeed, Links: 2, How: "page"},
	}
	if d := cmp.Diff(want, c.Feeds(t.Context(), s.source(), l)); d != "" {
		t.Errorf("feeds (-want +got):\n%s", d)
	}
	for _, never := range []string{"/archive.xml", "/secret/news.xml", "/feed", "/rss.xml"} {
		if slices.Contains(s.paths(), never) {
			t.Errorf("%s was asked for: %v", never, s.paths())
		}
	}
}

func TestFeeds_TriesUsualAddressesWhereNothingIsAdvertised(t *testing.T) {
	s := newSite(t, nil)
	s.mux = map[string]http.HandlerFunc{
		"/world":   text(section(s.URL, 1, 2, 3)),
		"/feed":    redirect("/rss.xml"),
		"/rss.xml": text(rss(s.URL, 1, 2)),
		"/rss":     text(rss("https://elsewhere.example", 1)),
	}
	source := veille.Source{Name: "world", URL: s.URL + "/world", AllowPrivate: true}
	c := labCrawler(t, Options{})
	l, err := c.Discover(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	want := []FoundFeed{{URL: s.URL + "/rss.xml", Kind: veille.KindFeed, Links: 2, Shared: 2, How: "usual address"}}
	if d := cmp.Diff(want, c.Feeds(t.Context(), source, l)); d != "" {
		t.Errorf("feeds (-want +got):\n%s", d)
	}
}

func TestFeeds_AsksForTenPagesAtMost(t *testing.T) {
	s := newSite(t, nil)
	var links strings.Builder
	for i := range 50 {
		fmt.Fprintf(&links, `<link rel="alternate" type="application/rss+xml" href="/f%d.rss">`, i)
	}
	robots := "User-agent: *\nDisallow:\n"
	for i := range 50 {
		robots += fmt.Sprintf("Sitemap: %s/news-%d.xml\n", s.URL, i)
	}
	var children []string
	for i := range 50 {
		children = append(children, fmt.Sprintf("%s/news-child-%d.xml", s.URL, i), "")
	}
	s.mux = map[string]http.HandlerFunc{
		"/":           text(strings.Replace(section(s.URL, 1), "</head>", links.String()+"</head>", 1)),
		"/robots.txt": text(robots),
	}
	for i := range 50 {
		s.mux[fmt.Sprintf("/news-%d.xml", i)] = text(index(children...))
	}
	c := labCrawler(t, Options{})
	l, err := c.Discover(t.Context(), s.source())
	if err != nil {
		t.Fatal(err)
	}
	before := len(s.paths())
	if found := c.Feeds(t.Context(), s.source(), l); len(found) != 0 {
		t.Errorf("found %v", found)
	}
	if n := len(s.paths()) - before; n > maxFeedReads {
		t.Errorf("%d requests", n)
	}
}
