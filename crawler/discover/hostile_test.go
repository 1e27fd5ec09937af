package discover_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
	"veille/crawler/discover"
)

func TestRead_KeepsTheItemsOfAFeedThatBreaksOff(t *testing.T) {
	whole := `<?xml version="1.0"?><rss><channel><title>x</title><item><title>One</title><link>https://a.example/1</link></item><item><title>Two</title><link>https://a.example/2</link><description><![CDATA[ tex`
	want := []string{"https://a.example/1", "https://a.example/2"}
	if diff := cmp.Diff(want, urls(t, discover.Page{Body: []byte(whole)})); diff != "" {
		t.Errorf("outlinks (-want +got):\n%s", diff)
	}
}

func TestRead_ReadsOnBehindBrokenMarkup(t *testing.T) {
	item := func(n int, junk string) string {
		return fmt.Sprintf(`<item><title>%s</title><link>https://a.example/%d</link><description>%s</description></item>`, "T", n, junk)
	}
	for _, junk := range []string{
		"a & b &unknown; &#0; &#x1F; &", "]]>", "3 < 4 <3", "\x00\x01\x0b\x7f\xff\xfe", "</p></b></i>", "<br><img src=x><p>unclosed", "<!-- a -- b --->",
		`<a href="x<y">z</a>`, `<a b=c d>e</a>`, "<![CDATA[ <item> ]]>", "<", "<!x>", "&#99999999999;", `<x:y:z a:b:c="1"/>`, "<a\"'=></a>", "<?php echo 1 ?>",
		`<a href="x>y</a>`, `<a b='`, "<a b=c/>", "<a\n>", "</ a>", "<a/ >", "<>", "</>", "<1>", "<br", "<é>x</é>", `<a title="a > b" c>`,
	} {
		feed := "<rss><channel>" + item(1, junk) + item(2, "") + item(3, junk) + "</channel></rss>"
		want := []string{"https://a.example/1", "https://a.example/2", "https://a.example/3"}
		if diff := cmp.Diff(want, urls(t, discover.Page{Body: []byte(feed)})); diff != "" {
			t.Errorf("junk %q: outlinks (-want +got):\n%s", junk, diff)
		}
	}
}

func TestRead_ExpandsNoEntityBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">`)
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, `<!ENTITY l%d "%s">`, i, strings.Repeat(fmt.Sprintf("&l%d;", i-1), 10))
	}
	b.WriteString(`<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><item><title>&l11; &f;</title><link>https://a.example/1</link></item></rss>`)
	listing, err := discover.Read(discover.Page{Body: []byte(b.String())})
	if err != nil {
		t.Fatal(err)
	}
	if len(listing.Outlinks) != 1 || listing.Outlinks[0].Title != "&l11; &f;" {
		t.Errorf("outlinks = %v, want one with its entities as written", listing.Outlinks)
	}
}

func TestRead_BoundsWhatAPageMayHold(t *testing.T) {
	var feed, links, sitemap, json bytes.Buffer
	feed.WriteString("<rss><channel>")
	sitemap.WriteString("<urlset>")
	json.WriteString(`{"version":"https://jsonfeed.org/version/1","items":[`)
	for i := range 300_000 {
		fmt.Fprintf(&feed, "<item><link>https://a.example/%d</link></item>", i)
		if i < 100_000 {
			fmt.Fprintf(&links, "<h2><a href=/a/%d>x</a></h2>", i)
			fmt.Fprintf(&json, `{"url":"https://a.example/%d"},`, i)
		}
		if i < 60_000 {
			fmt.Fprintf(&sitemap, "<url><loc>https://a.example/%d</loc></url>", i)
		}
	}
	for i := range 3 {
		fmt.Fprintf(&sitemap, "<url><loc>https://a.example/new/%d</loc><lastmod>2026-11-23</lastmod></url>", i)
	}
	for name, tt := range map[string]struct {
		body        []byte
		first, last string
		most        int
	}{
		"300,000 items":            {feed.Bytes(), "https://a.example/0", "https://a.example/299999", 50_000},
		"100,000 links":            {links.Bytes(), "https://a.example/a/0", "https://a.example/a/1999", 2000},
		"60,003 sitemap addresses": {sitemap.Bytes(), "https://a.example/0", "https://a.example/new/2", 50_000},
		"100,000 JSON items":       {json.Bytes(), "https://a.example/0", "https://a.example/99999", 50_000},
	} {
		t.Run(name, func(t *testing.T) {
			got := urls(t, discover.Page{Body: tt.body, URL: "https://a.example/"})
			if len(got) != tt.most || got[0] != tt.first || got[len(got)-1] != tt.last {
				t.Errorf("%d outlinks from %s to %s", len(got), got[0], got[len(got)-1])
			}
		})
	}
}

func TestRead_EndsOnHostilePages(t *testing.T) {
	const n = 400_000
	deep := strings.Repeat("<x>", 5*n)
	for name, body := range map[string]string{
		"nested elements of a feed":    "<rss><channel>" + deep,
		"nested elements of a page":    "<html><body>" + strings.Repeat("<b>", 5*n) + `<a href="/a/1">One</a>`,
		"nested divisions":             "<html><body>" + strings.Repeat("<div>", n) + `<a href="/a/1">One</a>` + strings.Repeat("</div>", n),
		"nested links":                 "<html><body>" + strings.Repeat(`<a href="/a/1">`, n/4),
		"end tags":                     "<html><body><p>" + strings.Repeat("</b>", n),
		"paragraphs":                   "<html><body>" + strings.Repeat("<p>x", n),
		"noscripts within noscripts":   "<html><body>" + strings.Repeat("<noscript><a href=x>", n/2),
		"noscripts without end":        "<html><body>" + strings.Repeat("<noscript href></noscript>", n/4),
		"data within data":             `<script type="application/json">{"title":` + strings.Repeat(`{"title":"a b c","url":"/a/1","x":[`, 9000) + "</script>",
		"wide data":                    `<script type="application/json">{"title":1,"x":[` + strings.Repeat(`{"title":"Home","url":"/"},`, n/8) + `1]}</script>`,
		"open comment":                 "<html><!--" + strings.Repeat("<!--", n),
		"open CDATA":                   "<rss>" + strings.Repeat("<![CDATA[", n/2),
		"broken tags of a feed":        "<rss>" + strings.Repeat(`<item><a "`, n/4),
		"attributes":                   "<html><body><a " + strings.Repeat("a=b ", n/4) + `href="/a/1">One</a>`,
		"attributes of a feed":         "<rss><item " + strings.Repeat(`a="b" `, n/4) + "/>",
		"quotation marks of a feed":    "<rss>" + strings.Repeat(`<item a="><b c='>`, n/8),
		"one quotation mark":           `<rss><item a="` + strings.Repeat("<b c=>", n/4),
		"tags that never end":          "<rss>" + strings.Repeat("<item a=b ", n/4),
		"references of a feed":         "<rss><item><title>" + strings.Repeat("&a", n/2),
		"name spaces":                  "<rss " + strings.Repeat(`xmlns:a="b" `, n/4) + "/>",
		"nested JSON":                  `{"items":` + strings.Repeat("[", n),
		"nested JSON in a page":        `<script type="application/ld+json">{"ItemList":` + strings.Repeat("[", 500_000) + "</script>",
		"angle brackets":               strings.Repeat("<", n),
		"ampersands":                   "<rss>" + strings.Repeat("&#", n),
		"a title without end":          "<rss><item><title>" + strings.Repeat("a ", n),
		"a link without end":           "<html><body><a href=/a/1>" + strings.Repeat("a <i>b</i>", n/8),
		"headings without end":         "<html><body>" + strings.Repeat("<h1>a<time>b", n/8),
		"DOCTYPE without end":          "<?xml version='1.0'?><!DOCTYPE rss [" + strings.Repeat("<!ENTITY a 'b'>", n/8),
		"processing without end":       strings.Repeat("<?x ", n/2),
		"closing brackets":             "<rss>" + strings.Repeat("]", n),
		"an address of nothing but up": `<a href="` + strings.Repeat("../", n) + `">`,
	} {
		t.Run(name, func(t *testing.T) {
			listing, err := discover.Read(discover.Page{Body: []byte(body), URL: "https://a.example/"})
			var fe *veille.FetchError
			if err != nil && !errors.As(err, &fe) {
				t.Errorf("error = %v, want a FetchError", err)
			}
			if len(listing.Outlinks) > 1 {
				t.Errorf("%d outlinks", len(listing.Outlinks))
			}
		})
	}
}

func fuzzRead(f *testing.F, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		listing, err := discover.Read(discover.Page{Body: body, URL: "https://a.example/news/", Now: now})
		var fe *veille.FetchError
		if err != nil && !errors.As(err, &fe) {
			t.Fatalf("error = %v, want a FetchError", err)
		}
		seen := map[string]bool{}
		for _, o := range append(listing.Outlinks, listing.Children...) {
			if again, err := veille.CanonicalURL(o.URL); err != nil || again != o.URL || seen[o.URL] {
				t.Fatalf("outlink %q: canonical %q, %v; seen before: %t", o.URL, again, err, seen[o.URL])
			}
			seen[o.URL] = true
			if o.Score < 0 || o.Score > 1 {
				t.Fatalf("outlink %q: score %v", o.URL, o.Score)
			}
		}
	})
}

func FuzzRead_Feed(f *testing.F) {
	fuzzRead(f, smallFeed, `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="../x/"><entry><link rel="alternate" href="a"/><title type="html">a&lt;b&gt;</title></entry></feed>`,
		`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"url":"/a"}]}`, `<rss><item><![CDATA[</item>]]><guid>http://a/</guid><pubDate>1 Jan 26</pubDate>`,
		`<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><item a="><link>/1&amp;&#x26;&b</link><dc:date>2026-11-23</dc:date><b c='></item><item/><br><item><link/></rss>`,
		`<!DOCTYPE rss [<!ENTITY a "b">]><!-- x --><rdf:RDF><item rdf:about="http://a/1"/><x y=z/></rdf:RDF>`)
}

func FuzzRead_Sitemap(f *testing.F) {
	fuzzRead(f, `<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/1</loc><n:news><n:title>x</n:title></n:news></url></urlset>`,
		`<sitemapindex><sitemap>https://a.example/s.xml</sitemap></sitemapindex>`, `<s:urlset xmlns:s="x"><s:url><s:loc><![CDATA[/1?a&b]]></s:loc><s:lastmod>2026</s:url><s:url/>`, "https://a.example/1\nhttps://a.example/2")
}

func FuzzRead_Section(f *testing.F) {
	fuzzRead(f, smallSection(`<a href="/a/1">One</a><time>2026-11-23</time>`), `<base href=x><table><tr><td><a href=b/2>x<td>y</table>`,
		`<script type="application/ld+json">{"@type":"ItemList","itemListElement":["/a/1",{"url":"/a/2"}]}</script><li><h2>x</h2><a href=?id=1>More</a>`)
}
