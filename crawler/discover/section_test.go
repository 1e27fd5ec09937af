package discover_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
	"veille/crawler/discover"
)

// smallSection frames links as a hand-made section page does.
func smallSection(links ...string) string {
	return `<html><body><nav><a href="/">Home</a><a href="/sport">Sport</a><a href="/login">Log in</a></nav><main><ul><li>` +
		strings.Join(links, "</li>\n<li>") + `</li></ul></main><footer><a href="/contact">Contact</a><a href="/about">About us</a>` +
		`<a href="/tag/ships">ships</a><a href="https://twitter.com/x">Twitter</a></footer></body></html>`
}

func TestRead_FindsTheArticlesOfASmallSection(t *testing.T) {
	tests := []struct {
		name string
		page string
		want []string
	}{
		{"short numbers", smallSection(`<a href="/a/1">Short title</a>`, `<a href="/a/2">Another</a>`, `<a href="/a/3">Third</a>`), []string{"/a/1", "/a/2", "/a/3"}},
		{"one article", smallSection(`<a href="/a/1">Title</a>`), []string{"/a/1"}},
		{"file names", smallSection(`<a href="/news/article-1.html">One</a>`, `<a href="/news/article-2.html">Two</a>`), []string{"/news/article-1.html", "/news/article-2.html"}},
		{"articles", smallSection(`<a href="/articles/3">Three</a>`, `<a href="articles/4">Four</a>`), []string{"/articles/3", "/articles/4"}},
		{"single words below a folder of articles", smallSection(`<a href="/articles/lune">Lune</a>`, `<a href="/articles/soleil">Soleil</a>`), []string{"/articles/lune", "/articles/soleil"}},
		{"agency ids", smallSection(`<a href="/view/AFR20230914000700884">Les USA inquiets</a>`), []string{"/view/AFR20230914000700884"}},
		{"dates", smallSection(`<a href="/2026/11/23/slug">Slug</a>`, `<a href="/2026/11/22/other">Other</a>`), []string{"/2026/11/23/slug", "/2026/11/22/other"}},
		{"numbered at the top", smallSection(`<a href="/story-12">Story 12</a>`, `<a href="/story-13">Story 13</a>`), []string{"/story-12", "/story-13"}},
		{"two words", smallSection(`<a href="/kim-moscou">Kim à Moscou</a>`), []string{"/kim-moscou"}},
		{"numbers in the query", smallSection(`<a href="/read.php?id=7">Sept</a>`, `<a href="/?p=8">Huit</a>`), []string{"/read.php?id=7", "/?p=8"}},
		{"headings", `<body><h2><a href="/brexit">Brexit</a></h2><h2><a href="/nato">Nato</a></h2></body>`, []string{"/brexit", "/nato"}},
		{"no frame at all", `<a href="/a/1">One</a><br><a href="/a/2">Two</a>`, []string{"/a/1", "/a/2"}},
		{"menus of divisions", `<div class="main-menu"><a href="/n/1">World news today and more</a></div><div id="footer"><a href="/n/2">Our team at work</a></div><p><a href="/n/3">Three</a></p>`, []string{"/n/3"}},
		{"pager", smallSection(`<a href="/n/31">Ships</a>`, `<a href="/page/2">2</a>`, `<a href="/n/2">2</a>`, `<a href="?page=2">Next</a>`), []string{"/n/31"}},
		{"sections in the content", smallSection(`<a href="/n/31">Ships sail</a>`, `<a href="/world">World</a>`, `<a href="/economie">Économie</a>`, `<a href="/local-news/">Local news</a>`, `<a href="/category/sea-and-land">Sea and land</a>`), []string{"/n/31"}},
		{"videos and files", smallSection(`<a href="/n/31">Ships sail</a>`, `<a href="/video/the-ships-that-sail-at-night-2">The ships that sail at night</a>`, `<a href="/report-2026.pdf">The annual report of the port</a>`), []string{"/n/31"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var want []string
			for _, path := range tt.want {
				want = append(want, "http://127.0.0.1:8080"+path)
			}
			got := urls(t, discover.Page{Body: []byte(tt.page), URL: "http://127.0.0.1:8080/", ContentType: "text/html"})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("outlinks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRead_MergesTheLinksOfOneArticle(t *testing.T) {
	page := `<main><article><a href="/a/1?utm_source=x"><img alt="A picture"></a><h3><a href="/a/1#top">Ships &amp; harbours</a></h3><a href="/a/1">Read more</a>
		<time datetime="2026-11-23T08:00:00Z">today</time></article></main>`
	listing, err := discover.Read(discover.Page{Body: []byte(page), URL: "https://a.example/", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if len(listing.Outlinks) != 1 {
		t.Fatalf("outlinks = %v, want one", listing.Outlinks)
	}
	got := listing.Outlinks[0]
	got.Score = 0
	want := veille.Outlink{URL: "https://a.example/a/1", Title: "Ships & harbours", Published: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outlink (-want +got):\n%s", diff)
	}
}

func TestRead_ReadsAnItemListThatScriptsShow(t *testing.T) {
	page := `<html><head><script type="application/ld+json">{"@graph":[{"@type":"ItemList","itemListElement":[
		{"@type":"ListItem","position":1,"url":"https://a.example/politics/vote"},
		{"@type":"ListItem","item":{"@type":"NewsArticle","@id":"https://a.example/x","headline":"Line
break","datePublished":"2026-11-23T08:00:00Z"}},
		{"@type":"ListItem","url":"https://elsewhere.example/a-long-story-about-ships"}]}]}</script></head><body><div id="app"></div></body></html>`
	got := urls(t, discover.Page{Body: []byte(page), URL: "https://a.example/politics", Now: now})
	want := []string{"https://a.example/politics/vote", "https://a.example/x"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outlinks (-want +got):\n%s", diff)
	}
}

func TestRead_KeepsLinksOnTheWeb(t *testing.T) {
	page := smallSection(`<a href="javascript:go('/a/1')">One</a>`, `<a href="data:text/html,x">Two</a>`, `<a href="http://u:p@a.example/a/3">Three</a>`,
		`<a href="http://[::1">Four</a>`, `<a href="/a/%zz">Five</a>`, `<a href="//a.example:99999/a/6">Six</a>`, `<a href="http://xn--a/7">Seven</a>`,
		`<a href="HTTPS://A.Example.:443/x/../a/8?utm_source=x#y">Eight</a>`, `<a href="https://`+strings.Repeat("a", 3000)+`">Nine</a>`, "<a href=' /a\n/10 '>Ten</a>")
	got := urls(t, discover.Page{Body: []byte(page), URL: "https://a.example/"})
	if diff := cmp.Diff([]string{"https://a.example/a/8", "https://a.example/a/10"}, got); diff != "" {
		t.Errorf("outlinks (-want +got):\n%s", diff)
	}
}

func TestRead_TurnsHostsIntoPunycode(t *testing.T) {
	got := urls(t, discover.Page{Body: []byte(`<rss><item><link>https://BÜCHER.example/a/1</link></item><item><link>https://xn--bcher-kva.example/a/1</link></item></rss>`)})
	if diff := cmp.Diff([]string{"https://xn--bcher-kva.example/a/1"}, got); diff != "" {
		t.Errorf("outlinks (-want +got):\n%s", diff)
	}
}

func TestRead_IgnoresABaseThatLeavesTheWeb(t *testing.T) {
	for _, base := range []string{"file:///etc/", "javascript:x", "", "http://["} {
		page := `<base href="` + base + `">` + smallSection(`<a href="a/1">One</a>`)
		got := urls(t, discover.Page{Body: []byte(page), URL: "https://a.example/news/"})
		if diff := cmp.Diff([]string{"https://a.example/news/a/1"}, got); diff != "" {
			t.Errorf("base %q: outlinks (-want +got):\n%s", base, diff)
		}
	}
}

func ExampleRead() {
	listing, err := discover.Read(discover.Page{
		Body: []byte(`<nav><a href="/sport">Sport</a></nav><h2><a href="/2026/11/23/ships-sail-again">Ships sail again</a></h2>`),
		URL:  "https://harbour.example/",
	})
	fmt.Println(listing.Kind, err)
	for _, o := range listing.Outlinks {
		fmt.Println(o.Title, o.URL)
	}
	// Output:
	// section <nil>
	// Ships sail again https://harbour.example/2026/11/23/ships-sail-again
}
