package discover_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"veille/crawler/discover"
)

// longFeed is a feed of n entries as outlets write them.
func longFeed(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>All</title><link>https://a.example/</link>`)
	for i := range n {
		fmt.Fprintf(&b, "<item><title>Nr %d</title><link>https://a.example/%d</link><pubDate>2026-11-23</pubDate></item>", i, i)
	}
	b.WriteString("</channel></rss>")
	return b.Bytes()
}

// BenchmarkRead_FeedOf300000Items reports the time, and the most memory above
// the body, of the longest feed that is read.
func BenchmarkRead_FeedOf300000Items(b *testing.B) {
	body := longFeed(300_000)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		listing, err := discover.Read(discover.Page{Body: body, URL: "https://a.example/feed", Now: now})
		if err != nil || len(listing.Outlinks) != 50_000 {
			b.Fatalf("%d outlinks, %v", len(listing.Outlinks), err)
		}
	}
	b.StopTimer()
	b.ReportMetric(peak(func() {
		_, _ = discover.Read(discover.Page{Body: body, URL: "https://a.example/feed", Now: now})
	}), "MiB-above-body")
}

// listings of 8 MiB, the most that is fetched, as outlets write them and as
// nobody means well writes them.
func longListings() []shape {
	words := strings.Repeat("word and more, ", 40)
	item := "<item><title>Nr %d</title><link>https://a.example/2026/11/23/story-%d</link><pubDate>Mon, 23 Nov 2026 10:24:05 +0900</pubDate>"
	rss := func(one string) string { return `<rss version="2.0"><channel>` + fill(one) + "</channel></rss>" }
	urlset := func(one string) string {
		return `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">` + fill(one) + "</urlset>"
	}
	page := func(one string) string { return "<html><title>World</title><main>" + fill(one) }
	return []shape{
		{"RSS", rss(item + "</item>")},
		{"RSS with bodies", rss(item + "<content:encoded><![CDATA[<p>" + words + "</p>]]></content:encoded></item>")},
		{"RSS with escaped bodies", rss(item + "<description>&lt;p&gt;" + strings.Repeat("word &amp;amp; more, ", 40) + "&lt;/p&gt;</description></item>")},
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom">` + fill(`<entry><title type="html">Nr %d</title><link rel="alternate" href="https://a.example/story-%d"/><updated>2026-11-23T10:24:05+09:00</updated></entry>`) + "</feed>"},
		{"JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","items":[` + strings.TrimSuffix(fill(`{"id":"%d","url":"https://a.example/story-%d","title":"A story","date_published":"2026-11-23T10:24:05+09:00"},`), ",") + "]}"},
		{"sitemap", urlset("<url><loc>https://a.example/2026/11/23/story-%d</loc><lastmod>2026-11-23T10:24:%02d+09:00</lastmod></url>")},
		{"news sitemap", urlset("<url><loc>https://a.example/story-%d</loc><news:news><news:publication_date>2026-11-23</news:publication_date><news:title>Nr %d</news:title></news:news></url>")},
		{"sitemap in text", fill("https://a.example/2026/11/23/story-%d-%d\n")},
		{"section", page(`<article><h2><a href="/2026/11/23/a-long-story-%d">A long headline of the story, number %d</a></h2><time datetime="2026-11-23T10:24:05Z">x</time></article>`)},
		{"unclosed tags", rss(item)},
		{"tags that do not end", rss("<item <title <link %d %d ")},
		{"quotation marks", rss(`<item a="%d b='%d`)},
		{"ampersands", rss("<item><title>" + strings.Repeat("&", 400) + "%d%d</title></item>")},
		{"less-than signs", rss("<item><title>" + strings.Repeat("< ", 200) + "%d%d</title></item>")},
		{"CDATA that does not end", rss("<item><title><![CDATA[ %d %d")},
		{"comments that do not end", rss("<item><title><!-- %d %d")},
		{"prefixes", rss(`<item xmlns:p%d="x%d"><a:b/></item>`)},
		{"nested elements", rss("<item><a%d><b%d>")},
		{"links without a text", page(`<a href="/%d/%d"></a>`)},
		{"links in links", page(`<a href="/news/story-%d-%d-of-many"><div>`)},
		{"headings in links", page(`<a href="/news/story-%d-%d-of-many"><h2>`)},
		{"noscript", page(`<noscript><a href="/news/story-%d-%d-of-many">`)},
		{"lists", page(`<li><ul><li>%d %d`)},
		{"tables", page(`<table><tr><td>%d %d`)},
	}
}

type shape struct{ name, page string }

// fill repeats a format with two numbers up to 8 MiB.
func fill(format string) string {
	var b strings.Builder
	for i := 0; b.Len() < 8<<20-4000; i++ {
		fmt.Fprintf(&b, format, i, i%60)
	}
	return b.String()
}

// BenchmarkRead_8MiB reports the least time of the processor that each listing
// took: under load, any other is the machine's.
func BenchmarkRead_8MiB(b *testing.B) {
	for _, l := range longListings() {
		b.Run(l.name, func(b *testing.B) {
			body := []byte(l.page)
			b.ReportAllocs()
			least := time.Hour
			for b.Loop() {
				start := processorTime(b)
				// A refusal is as good an answer as a listing here.
				_, _ = discover.Read(discover.Page{Body: body, URL: "https://a.example/feed", Now: now})
				least = min(least, processorTime(b)-start)
			}
			b.ReportMetric(float64(least.Milliseconds()), "cpu-ms")
		})
	}
}

// processorTime is the time of the processor that the process has used.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak runs f and returns the most heap that it held at once, in MiB, as seen by
// a second goroutine that looks without pause.
func peak(f func()) float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, m.HeapAlloc
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	for {
		select {
		case <-done:
			return float64(most-before) / (1 << 20)
		default:
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
}
