package discover_test

import (
	"bytes"
	"compress/gzip"
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
	"veille/crawler/discover"
)

var update = flag.Bool("update", false, "write the golden files anew")

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestRead_Goldens(t *testing.T) {
	for _, tt := range []struct{ file, url string }{
		{"rss2-fr.xml", "https://courrier.example/une.rss"},
		{"atom-ko.xml", "https://cdn.example/feed.atom"},
		{"rss1.rdf", "https://old.example/rss"},
		{"feed.json", "https://harbour.example/feed.json"},
		{"sitemap-news.xml", "https://harbour.example/sitemap.xml"},
		{"sitemap-index.xml", "https://harbour.example/page"},
		{"section-fr.html", "https://courrier.example/monde"},
		{"section-ko.html", "https://tongsin.example/nk/all"},
	} {
		t.Run(tt.file, func(t *testing.T) {
			body, err := os.ReadFile(filepath.Join("testdata", tt.file))
			if err != nil {
				t.Fatal(err)
			}
			listing, err := discover.Read(discover.Page{Body: body, URL: tt.url, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(listing, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", tt.file+".golden")
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
				t.Errorf("listing (-want +got):\n%s", diff)
			}
			zipped, err := discover.Read(discover.Page{Body: zip(t, body), URL: tt.url, Now: now, ContentType: "application/x-gzip"})
			if err != nil {
				t.Fatalf("gzipped: %v", err)
			}
			if diff := cmp.Diff(listing, zipped); diff != "" {
				t.Errorf("gzipped (-plain +gzipped):\n%s", diff)
			}
		})
	}
}

func zip(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// urls reads a page that must be readable, and returns what it lists.
func urls(t *testing.T, p discover.Page) []string {
	t.Helper()
	listing, err := discover.Read(p)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, o := range listing.Outlinks {
		out = append(out, o.URL)
	}
	return out
}

const smallFeed = `<rss version="2.0"><channel><title>x</title><item><title>One</title><link>https://a.example/1</link></item><item><title>Two</title><link>https://a.example/2</link></item></channel></rss>`

func TestRead_TellsThePageByItsContent(t *testing.T) {
	section := `<p><a href="/2026/11/23/a-long-story-about-ships">A long story about ships and more</a></p>`
	tests := []struct {
		name, contentType, body string
		want                    veille.PageKind
	}{
		{"feed as plain text", "text/plain", smallFeed, veille.KindFeed},
		{"feed as HTML", "text/html; charset=utf-8", smallFeed, veille.KindFeed},
		{"feed behind a warning", "", "<br />\n<b>Warning</b>: mysql in x.php\n<?xml version=\"1.0\"?>" + smallFeed, veille.KindFeed},
		{"feed behind white space and a mark", "", "\ufeff\n\n <!-- a -->" + smallFeed, veille.KindFeed},
		{"HTML as XML", "application/xml", "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"-//W3C\"><html><body>" + section + "</body></html>", veille.KindSection},
		{"HTML as a feed", "application/rss+xml", "<!doctype html>" + section, veille.KindSection},
		{"HTML that talks of feeds", "text/html", "<html><body><pre>&lt;rss&gt;</pre><!-- <rss > -->" + section + "</body></html>", veille.KindSection},
		{"fragment", "", section, veille.KindSection},
		{"text before the first tag", "", "Hello " + section, veille.KindSection},
		{"sitemap as HTML", "text/html", `<urlset><url><loc>https://a.example/1</loc></url></urlset>`, veille.KindSitemap},
		{"addresses in plain text", "text/plain", "https://a.example/1\r\nhttps://a.example/2\n", veille.KindSitemap},
		{"JSON Feed as text", "text/plain", `{"items":[{"url":"https://a.example/1"}],"version":"https://jsonfeed.org/version/1"}`, veille.KindFeed},
		{"UTF-16 feed", "", "\xff\xfe" + utf16le(`<?xml version="1.0" encoding="utf-16"?>`+smallFeed), veille.KindFeed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			listing, err := discover.Read(discover.Page{Body: []byte(tt.body), URL: "https://a.example/feed", ContentType: tt.contentType})
			if err != nil {
				t.Fatal(err)
			}
			if listing.Kind != tt.want || len(listing.Outlinks) == 0 {
				t.Errorf("read %s with %d outlinks, want %s", listing.Kind, len(listing.Outlinks), tt.want)
			}
		})
	}
}

func utf16le(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

func TestRead_SaysWhatIsWrong(t *testing.T) {
	zipped := zip(t, []byte(smallFeed))
	tests := []struct {
		name string
		body []byte
		want veille.FetchErrorKind
	}{
		{"nothing", nil, veille.FetchEmpty},
		{"white space", []byte(" \n\t\ufeff"), veille.FetchEmpty},
		{"PDF", []byte("%PDF-1.7 ..."), veille.FetchNotHTML},
		{"picture", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00"), veille.FetchNotHTML},
		{"prose", []byte("just some words"), veille.FetchNotHTML},
		{"other JSON", []byte(`{"error":"no"}`), veille.FetchNotHTML},
		{"JSON array", []byte(`[1,2]`), veille.FetchNotHTML},
		{"JSON Feed that breaks off", []byte(`{"version":"https://jsonfeed.org/version/1","items":[{"url":`), veille.FetchBadFeed},
		{"other XML", []byte(`<?xml version="1.0"?><opml><head/></opml>`), veille.FetchBadFeed},
		{"feed that breaks off at once", []byte(`<rss><channel><title>x</ti`), veille.FetchBadFeed},
		{"sitemap that breaks off at once", []byte(`<urlset><url><lo`), veille.FetchBadFeed},
		{"broken gzip", append([]byte{0x1f, 0x8b, 8}, "garbage that is no gzip at all"...), veille.FetchEncoding},
		{"gzip that breaks off", zipped[:len(zipped)-12], veille.FetchEncoding},
		{"gzip bomb", zip(t, make([]byte, 40<<20)), veille.FetchTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := discover.Read(discover.Page{Body: tt.body, URL: "https://user:canary@a.example/feed"})
			var fe *veille.FetchError
			if !errors.As(err, &fe) {
				t.Fatalf("error = %v, want a FetchError", err)
			}
			if fe.Kind != tt.want {
				t.Errorf("kind = %s, want %s", fe.Kind, tt.want)
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error holds the password: %v", err)
			}
		})
	}
}
