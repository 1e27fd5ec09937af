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

// entry is what a test expects of an outlink.
type entry struct{ url, title, published string }

// entries reads a page at https://a.example/dir/feed that must be readable.
func entries(t *testing.T, body string) []entry {
	t.Helper()
	listing, err := discover.Read(discover.Page{Body: []byte(body), URL: "https://a.example/dir/feed", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return entriesOf(listing.Outlinks)
}

func entriesOf(links []veille.Outlink) []entry {
	var out []entry
	for _, o := range links {
		e := entry{url: o.URL, title: o.Title}
		if !o.Published.IsZero() {
			e.published = o.Published.Format(time.RFC3339)
		}
		out = append(out, e)
	}
	return out
}

func feed(items ...string) string {
	return `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title><link>https://a.example/</link>` + strings.Join(items, "\n") + "</channel></rss>"
}

func TestFeed_ReadsTheDatesThatFeedsReallyWrite(t *testing.T) {
	for written, want := range map[string]string{
		"Mon, 23 Nov 2026 08:15:02 +0100":           "2026-11-23T08:15:02+01:00",
		"Fri, 23 Nov 2026 08:15:02 GMT":             "2026-11-23T08:15:02Z", // a wrong weekday
		"Mon, 23 Nov 26 08:15 EST":                  "2026-11-23T08:15:00-05:00",
		"23 novembre 2026 08:15":                    "2026-11-23T08:15:00Z",
		"lun., 23 nov. 2026 08:15:02 +0100":         "2026-11-23T08:15:02+01:00",
		"2026-11-23T08:15:02.123Z":                  "2026-11-23T08:15:02Z",
		"2026-11-23 08:15:02":                       "2026-11-23T08:15:02Z",
		"2026-11-23":                                "2026-11-23T00:00:00Z",
		"20261123T081502Z":                          "2026-11-23T08:15:02Z",
		"1795421702":                                "2026-11-23T08:15:02Z",
		"2026년 11월 23일 08:15":                       "2026-11-23T08:15:00Z",
		"2026年11月23日 8時15分":                         "2026-11-23T08:15:00Z",
		"Mon, 23 Nov 2026 24:00:00 +0000":           "", // a day ahead of now and more
		"Mon, 30 Nov 2026 08:15:02 GMT":             "", // the future
		"2099-01-01T00:00:00Z":                      "", // the far future
		"Thu, 01 Jan 1970 00:00:00 GMT":             "", // the epoch
		"0001-01-01T00:00:00":                       "", // a zero time
		"31 Feb 2026 08:15 GMT":                     "", // no such day
		"03/04/2026":                                "", // March or April
		"yesterday":                                 "", // no date at all
		"":                                          "",
		strings.Repeat("2026 ", 100):                "",
		"<![CDATA[Mon, 23 Nov 2026 08:15:02 GMT]]>": "2026-11-23T08:15:02Z",
	} {
		got := entries(t, feed("<item><title>T</title><link>https://a.example/1</link><pubDate>"+written+"</pubDate></item>"))
		if len(got) != 1 || got[0].published != want && !(want == "" && strings.HasPrefix(got[0].published, "2026-11-24T00:00:00")) {
			t.Errorf("%q: %v, want %q", written, got, want)
		}
	}
}

func TestFeed_TakesTheDateOfPublicationBeforeThatOfAChange(t *testing.T) {
	got := entries(t, `<feed xmlns="http://www.w3.org/2005/Atom">
<entry><link href="/1"/><updated>2026-11-23T10:00:00Z</updated><published>2026-11-22T10:00:00Z</published></entry>
<entry><link href="/2"/><updated>2026-11-23T10:00:00Z</updated></entry>
<entry><link href="/3"/><published>soon</published><updated>2026-11-23T10:00:00Z</updated></entry></feed>`)
	want := []entry{{"https://a.example/1", "", "2026-11-22T10:00:00Z"}, {"https://a.example/2", "", "2026-11-23T10:00:00Z"}, {"https://a.example/3", "", "2026-11-23T10:00:00Z"}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(entry{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestFeed_DoesWithoutIdsAndDistrustsThose(t *testing.T) {
	got := entries(t, feed(
		`<item><title>no id</title><link>https://a.example/1</link></item>`,
		`<item><title>an id that is no address</title><guid isPermaLink="true">tag:a.example,2026:2</guid><link>https://a.example/2</link></item>`,
		`<item><title>only an id</title><guid>https://a.example/3</guid></item>`,
		`<item><title>an id that says it is no address</title><guid isPermaLink="false">https://a.example/4</guid></item>`,
		`<item><title>a number</title><guid>4711</guid></item>`,
		`<item><title>the same id twice</title><guid>x</guid><link>https://a.example/5</link></item>`,
		`<item><title>the same id twice, another link</title><guid>x</guid><link>https://a.example/6</link></item>`,
		`<item><title>the same link twice</title><guid>y</guid><link>https://a.example/6</link></item>`,
		`<item><title>neither</title></item>`,
	))
	want := []entry{
		{"https://a.example/1", "no id", ""}, {"https://a.example/2", "an id that is no address", ""}, {"https://a.example/3", "only an id", ""},
		{"https://a.example/4", "an id that says it is no address", ""},
		{"https://a.example/5", "the same id twice", ""}, {"https://a.example/6", "the same id twice, another link", ""},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(entry{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestFeed_ResolvesRelativeLinks(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want string
	}{
		"to the channel's link":     {feed(`<item><link>/1</link></item>`), "https://a.example/1"},
		"without a channel's link":  {`<rss><channel><item><link>1</link></item></channel></rss>`, "https://a.example/dir/1"},
		"without a scheme":          {feed(`<item><link>//b.example/1</link></item>`), "https://b.example/1"},
		"with dots":                 {feed(`<item><link>https://a.example/x/../1</link></item>`), "https://a.example/1"},
		"to an xml:base":            {`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://c.example/x/"><entry xml:base="y/"><link href="1"/></entry></feed>`, "https://c.example/x/y/1"},
		"to a relative xml:base":    {`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/x/"><entry><link href="1"/></entry></feed>`, "https://a.example/x/1"},
		"of a JSON Feed":            {`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"../1"}]}`, "https://a.example/1"},
		"of a sitemap":              {`<urlset><url><loc>/1</loc></url></urlset>`, "https://a.example/1"},
		"with blanks and line ends": {feed("<item><link>\n  https://a.example/1\n </link></item>"), "https://a.example/1"},
	} {
		if got := entries(t, tt.body); len(got) != 1 || got[0].url != tt.want {
			t.Errorf("%s: %v, want %s", name, got, tt.want)
		}
	}
}

func TestFeed_ReadsCDATAWhereverItStands(t *testing.T) {
	got := entries(t, feed(
		`<item><title><![CDATA[Ships & <b>boats</b>]]></title><link><![CDATA[https://a.example/1?a=1&b=2]]></link></item>`,
		`<item><title>Ships <![CDATA[&]]> boats</title><link><![CDATA[ https://a.example/2 ]]></link></item>`,
		`<item><title><![CDATA[]]>Plain</title><description><![CDATA[<item><link>https://a.example/no</link></item>]]></description><link>https://a.example/3</link></item>`,
		`<item><title><![CDATA[An open one]]</title><link>https://a.example/4</link></item>`,
	))
	want := []entry{{"https://a.example/1?a=1&b=2", "Ships & boats", ""}, {"https://a.example/2", "Ships & boats", ""}, {"https://a.example/3", "Plain", ""}}
	if d := cmp.Diff(want, got[:min(3, len(got))], cmp.AllowUnexported(entry{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestFeed_TakesABareAmpersandForItself(t *testing.T) {
	got := entries(t, feed(
		`<item><title>Marks & Spencer, AT&T, R&B &</title><link>https://a.example/1?a=1&b=2&copy=3&c</link></item>`,
		`<item><title>Tom &amp;amp; Jerry &nbsp;&eacute;&#233;&#xe9;&unknown;</title><link>https://a.example/2?a=1&amp;b=2</link></item>`,
	))
	want := []entry{{"https://a.example/1?a=1&b=2&c&copy=3", "Marks & Spencer, AT&T, R&B &", ""}, {"https://a.example/2?a=1&b=2", "Tom & Jerry ééé&unknown;", ""}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(entry{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestFeed_HTMLInXMLClothesIsASection(t *testing.T) {
	page := `<html><head><title>World</title></head><body><main><ul><li><a href="/2026/11/23/the-ships-sail-again-tomorrow">The ships sail again tomorrow</a></li></ul></main></body></html>`
	for name, body := range map[string]string{
		"behind a declaration":        `<?xml version="1.0" encoding="utf-8"?>` + page,
		"behind a style sheet":        `<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?>` + page,
		"with a name space":           strings.Replace(page, "<html>", `<html xmlns="http://www.w3.org/1999/xhtml">`, 1),
		"an error page for a feed":    "<!DOCTYPE html>\n" + page,
		"with a feed in its comments": "<!-- <rss><channel><item> -->" + page,
	} {
		listing, err := discover.Read(discover.Page{Body: []byte(body), URL: "https://a.example/rss.xml", ContentType: "application/rss+xml", Now: now})
		if err != nil || listing.Kind != veille.KindSection || len(listing.Outlinks) != 1 {
			t.Errorf("%s: %s, %v, %v", name, listing.Kind, listing.Outlinks, err)
		}
	}
}

func TestFeed_TakesNothingFromTheEntryOfAnother(t *testing.T) {
	got := entries(t, `<rss xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><atom:link rel="self" href="https://a.example/feed"/>
<item><source url="https://b.example/feed"><title>Another outlet</title></source><media:group><media:title>A picture</media:title><link>https://a.example/picture</link></media:group>
<title>The ships</title><atom:link rel="enclosure" href="https://a.example/sound.mp3"/><link>https://a.example/1</link></item></channel></rss>`)
	if d := cmp.Diff([]entry{{"https://a.example/1", "The ships", ""}}, got, cmp.AllowUnexported(entry{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestSitemap_ReadsEveryDialect(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want []entry
	}{
		"a news sitemap": {`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://a.example/1</loc><lastmod>2026-11-23</lastmod><n:news><n:publication><n:name>A</n:name></n:publication><n:publication_date>2026-11-22T08:00:00+09:00</n:publication_date><n:title>Ships &amp; boats</n:title></n:news><image:image><image:loc>https://a.example/p.jpg</image:loc><image:title>no</image:title></image:image></url></urlset>`,
			[]entry{{"https://a.example/1", "Ships & boats", "2026-11-22T08:00:00+09:00"}}},
		"without name spaces":     {`<urlset><url><loc>https://a.example/1</loc><lastmod>2026-11-23T08:00Z</lastmod></url></urlset>`, []entry{{"https://a.example/1", "", "2026-11-23T08:00:00Z"}}},
		"of another name space":   {`<sm:urlset xmlns:sm="https://www.example.org/schemas/sitemap/0.84"><sm:url><sm:loc>https://a.example/1</sm:loc></sm:url></sm:urlset>`, []entry{{"https://a.example/1", "", ""}}},
		"with bare ampersands":    {`<urlset><url><loc>https://a.example/?id=1&x=2</loc></url></urlset>`, []entry{{"https://a.example/?id=1&x=2", "", ""}}},
		"in CDATA":                {`<urlset><url><loc><![CDATA[https://a.example/1]]></loc></url></urlset>`, []entry{{"https://a.example/1", "", ""}}},
		"that breaks off":         {`<urlset><url><loc>https://a.example/1</loc></url><url><loc>https://a.exam`, []entry{{"https://a.example/1", "", ""}}},
		"with a date of nonsense": {`<urlset><url><loc>https://a.example/1</loc><lastmod>0000-00-00</lastmod></url></urlset>`, []entry{{"https://a.example/1", "", ""}}},
		"in plain text":           {"\ufeffhttps://a.example/1\r\n\r\nnot an address\r\nhttps://a.example/2", []entry{{"https://a.example/1", "", ""}, {"https://a.example/2", "", ""}}},
	} {
		if d := cmp.Diff(tt.want, entries(t, tt.body), cmp.AllowUnexported(entry{})); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestSitemap_AnIndexNamesSitemapsWithTheirDates(t *testing.T) {
	listing, err := discover.Read(discover.Page{URL: "https://a.example/index.xml", Now: now, Why: true, Body: []byte(
		`<sitemapindex><sitemap><loc>/1.xml</loc><lastmod>2026-11-22</lastmod></sitemap><sitemap><loc>https://a.example/index.xml</loc></sitemap><sitemap><loc>https://b.example/2.xml.gz</loc></sitemap></sitemapindex>`)})
	if err != nil {
		t.Fatal(err)
	}
	want := []entry{{"https://a.example/1.xml", "", "2026-11-22T00:00:00Z"}, {"https://b.example/2.xml.gz", "", ""}}
	if d := cmp.Diff(want, entriesOf(listing.Children), cmp.AllowUnexported(entry{})); d != "" || listing.Outlinks != nil {
		t.Errorf("(-want +got):\n%s%v", d, listing.Outlinks)
	}
	if why := listing.Children[0].Why; len(why) != 1 {
		t.Errorf("why = %v", why)
	}
}

// TestFeed_KeepsTheNewestOfAFeedWithoutEnd holds what a feed of 300,000 items
// yields; BenchmarkRead_FeedOf300000Items, what it costs.
func TestFeed_KeepsTheNewestOfAFeedWithoutEnd(t *testing.T) {
	var b strings.Builder
	b.WriteString("<rss><channel>")
	for i := range 300_000 {
		// The newest ones stand in the middle, where nobody would look.
		day := now.Add(-48 * time.Hour)
		if i >= 150_000 && i < 150_100 {
			day = now.Add(-time.Hour)
		}
		fmt.Fprintf(&b, "<item><link>https://a.example/%d</link><pubDate>%s</pubDate></item>", i, day.Format(time.DateTime))
	}
	got := entries(t, b.String()+"</channel></rss>")
	newest := 0
	for _, e := range got {
		if strings.HasPrefix(e.published, "2026-11-23") {
			newest++
		}
	}
	if len(got) != 50_000 || newest != 100 {
		t.Errorf("%d entries, %d of the newest", len(got), newest)
	}
}
