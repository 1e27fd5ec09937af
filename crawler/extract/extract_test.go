package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// now is after every date of the fixtures.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func read(t *testing.T, url, body string) veille.Snapshot {
	t.Helper()
	s, err := Read(Page{Body: []byte(body), URL: url, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fixture reads a page whose first line is a comment holding its URL.
func fixture(t *testing.T, path string) (url, body string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	url, body, found := strings.Cut(strings.TrimPrefix(string(b), "<!-- "), " -->\n")
	if !found {
		t.Fatalf("%s names no URL", path)
	}
	return url, body
}

func TestRead_ReadsTheFixtures(t *testing.T) {
	pages, err := filepath.Glob("testdata/*.html")
	if err != nil || len(pages) < 15 {
		t.Fatalf("%d fixtures, %v", len(pages), err)
	}
	for _, path := range pages {
		t.Run(filepath.Base(path), func(t *testing.T) {
			url, body := fixture(t, path)
			var got bytes.Buffer
			enc := json.NewEncoder(&got)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			if err := enc.Encode(read(t, url, body)); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(path, ".html") + ".golden.json"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("snapshot differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRead_RefusesWhatIsNoPage(t *testing.T) {
	for _, c := range []struct {
		name, body, contentType string
		want                    veille.FetchErrorKind
	}{
		{"nothing", "", "text/html", veille.FetchEmpty},
		{"white space", " \n\t ", "text/html", veille.FetchEmpty},
		{"a PDF as HTML", "%PDF-1.7\n1 0 obj", "text/html", veille.FetchNotHTML},
		{"a ZIP as HTML", "PK\x03\x04\x14\x00\x00\x00", "text/html", veille.FetchNotHTML},
		{"a PNG", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png", veille.FetchNotHTML},
		{"an MP4 as HTML", "\x00\x00\x00\x18ftypmp42\x00\x00", "text/html", veille.FetchNotHTML},
		{"gzip as HTML", "\x1f\x8b\x08\x00", "text/html", veille.FetchNotHTML},
		{"random bytes", strings.Repeat("\x01\x02\x7f\x00\x05k", 100), "text/html", veille.FetchNotHTML},
		{"JSON", `{"a": 1}`, "application/json", veille.FetchNotHTML},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(Page{Body: []byte(c.body), URL: "https://user:pass@example.com/x", ContentType: c.contentType})
			var fe *veille.FetchError
			if !errors.As(err, &fe) || fe.Kind != c.want {
				t.Fatalf("error = %v, want %s", err, c.want)
			}
			if strings.Contains(err.Error(), "pass") {
				t.Errorf("the error tells a secret: %v", err)
			}
		})
	}
}

func TestRead_TellsFeedsAndSitemaps(t *testing.T) {
	for body, want := range map[string]veille.PageKind{
		`<?xml version="1.0"?><!-- x --><rss version="2.0"><channel/></rss>`:                                     veille.KindFeed,
		`<feed xmlns="http://www.w3.org/2005/Atom"></feed>`:                                                      veille.KindFeed,
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>`:                            veille.KindFeed,
		`{"version": "https://jsonfeed.org/version/1.1", "items": []}`:                                           veille.KindFeed,
		"\ufeff<?xml version='1.0'?>\n<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>":     veille.KindSitemap,
		`<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></sitemapindex>`: veille.KindSitemap,
	} {
		if s := read(t, "https://example.com/f", body); s.Kind != want || s.Body != "" {
			t.Errorf("%.40s: kind = %q, body = %q", body, s.Kind, s.Body)
		}
	}
}

func TestRead_GivesTheSameBodyWhateverMovesAroundIt(t *testing.T) {
	url, body := fixture(t, "testdata/furniture.html")
	want := read(t, url, body)
	for _, c := range []struct{ old, new string }{
		{"Moscow holidays from 99.", "Win a car today! Click here and answer three questions to win it now."},
		{"Moscow was quiet on Sunday.", "Another teaser of quite another story, which is somewhat longer than the first."},
		{`<li><a href="/1">Moscow one</a></li>`, `<li><a href="/7">Seven</a></li><li><a href="/8">Eight</a></li>`},
		{"I once lived in Moscow", "First! Nobody reads this, but it goes on for a while. I lived there"},
		{"<h1>", `<div class="clock">12:34:56</div><h1>`},
		{"var t=", "var token='8f3a';var t="},
	} {
		changed := strings.Replace(body, c.old, c.new, 1)
		if changed == body {
			t.Fatalf("%q is not in the fixture", c.old)
		}
		got := read(t, url, changed)
		if diff := cmp.Diff(want.Body, got.Body); diff != "" {
			t.Errorf("after %q (-want +got):\n%s", c.new, diff)
		}
	}
}

func TestRead_LetsSelectorsOverride(t *testing.T) {
	page := `<html lang="en"><head><title>x</title></head><body><div class="t">The title</div><div class="w">Ada Byron</div><i class="d">5 March 2024 10:00 GMT</i>
<div class="b"><p>One.</p><script>no</script><div hidden>no</div><aside>Kept, for it was chosen.</aside></div><div class="b"><p>Two.</p></div><p>Not chosen.</p></body></html>`
	s, err := Read(Page{Body: []byte(page), URL: "https://example.com/a", Now: now, Language: "FR-be",
		Select: veille.Selectors{Title: ".t", Body: ".b, .b p", Published: ".d", Author: ".w"}})
	if err != nil {
		t.Fatal(err)
	}
	want := veille.Snapshot{URL: s.URL, Canonical: s.Canonical, Title: "The title", Body: "One.\n\nKept, for it was chosen.\n\nTwo.", Authors: []string{"Ada Byron"},
		Published: time.Date(2024, 3, 5, 10, 0, 0, 0, time.UTC), Language: "fr", Kind: veille.KindArticle, KindReason: "selector", Charset: "utf-8"}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRead_StandsInForSelectorsThatYieldNothing(t *testing.T) {
	page := `<html lang="en"><head><title>The title of the page</title></head><body><article><h1>The title of the page</h1><i class="d">soon</i><b class="e"> </b>
<p>The ministers met for a long night and agreed on the budget of the next year.</p><p>Nobody was pleased with it, and everybody signed it in the end.</p></article></body></html>`
	automatic := read(t, "https://example.com/a", page)
	s, err := Read(Page{Body: []byte(page), URL: "https://example.com/a", Now: now,
		Select: veille.Selectors{Title: ".none", Body: ".none", Published: ".d", Author: ".e"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"title", "author", "body", "published"}, s.SelectMissed); diff != "" {
		t.Errorf("missed (-want +got):\n%s", diff)
	}
	s.SelectMissed = nil
	if diff := cmp.Diff(automatic, s); diff != "" {
		t.Errorf("what stands in (-automatic +got):\n%s", diff)
	}
	if s, err = Read(Page{Body: []byte(page), URL: "https://example.com/a", Select: veille.Selectors{Title: "h1"}}); err != nil || s.SelectMissed != nil {
		t.Errorf("a selector that matches: missed %v, %v", s.SelectMissed, err)
	}
}

func TestCheckSelector_RefusesWhatIsNoSelector(t *testing.T) {
	for _, good := range []string{"h1.tit", "article > p, .story p", "time[datetime]", "div:not(.ad)"} {
		if err := CheckSelector(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "h1[", "..a", "p:nope"} {
		if CheckSelector(bad) == nil {
			t.Errorf("%q passes", bad)
		}
	}
}
