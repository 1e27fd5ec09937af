package extract

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// benchPages returns pages to read: those below the folder that VEILLE_CORPORA
// names, at most 150 of each corpus, else three made here.
func benchPages(b *testing.B) [][]byte {
	b.Helper()
	root := os.Getenv("VEILLE_CORPORA")
	if root == "" {
		var pages [][]byte
		for _, n := range []int{8, 30, 120} {
			pages = append(pages, []byte(madePage(n)))
		}
		return pages
	}
	folders, err := filepath.Glob(filepath.Join(root, "*", "html"))
	if err != nil || len(folders) == 0 {
		b.Fatalf("no corpora below VEILLE_CORPORA: %v", err)
	}
	var pages [][]byte
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.gz"))
		if err != nil {
			b.Fatal(err)
		}
		for _, file := range files[:min(len(files), 150)] {
			pages = append(pages, unzip(b, file))
		}
	}
	return pages
}

func unzip(b *testing.B, file string) []byte {
	b.Helper()
	f, err := os.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	page, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	return page
}

// madePage is an article of n paragraphs amid three times as much furniture.
func madePage(n int) string {
	var p strings.Builder
	p.WriteString(`<!doctype html><html lang="en"><head><title>Ferry line reopens after the flood | The Harbour Post</title>
<meta property="og:title" content="Ferry line reopens after the flood"><meta property="article:published_time" content="2026-03-02T08:30:00+01:00">
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry line reopens after the flood","author":{"@type":"Person","name":"Ada Pell"},"datePublished":"2026-03-02T08:30:00+01:00"}</script></head><body><header><nav><ul>`)
	for i := range 40 {
		fmt.Fprintf(&p, `<li class="menu-item item-%d"><a href="/section/%d" class="link">Section %d</a></li>`, i, i, i)
	}
	p.WriteString(`</ul></nav></header><main><article class="story"><h1>Ferry line reopens after the flood</h1><p class="byline">By Ada Pell</p><div class="story-body">`)
	for i := range n {
		fmt.Fprintf(&p, "<p>The ferry made crossing number %d of the week on Monday, said <a href=/who>the harbour office</a>, and <b>most</b> of those who queued got aboard before noon.</p>\n", i)
	}
	p.WriteString(`</div></article><aside class="related"><h2>Read also</h2>`)
	for i := range 3 * n {
		fmt.Fprintf(&p, `<div class="card teaser"><a href="/story/%d"><img src="/i/%d.jpg" alt=""><span class="title">Another story, number %d</span></a></div>`, i, i, i)
	}
	p.WriteString(`</aside></main><footer><p>Copyright The Harbour Post. All rights reserved.</p></footer></body></html>`)
	return p.String()
}

// BenchmarkRead reads pages, bytes to snapshot, and reports the time as a
// multiple of what html.Parse alone takes for them.
func BenchmarkRead(b *testing.B) {
	pages := benchPages(b)
	var size int64
	for _, p := range pages {
		size += int64(len(p))
	}
	var parsing, reading time.Duration
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		for _, p := range pages {
			if _, err := html.Parse(bytes.NewReader(p)); err != nil {
				continue
			}
		}
		parsed := time.Now()
		for _, p := range pages {
			if _, err := Read(Page{Body: p, URL: "https://example.com/2026/03/02/ferry", Now: now}); err != nil {
				continue
			}
		}
		parsing += parsed.Sub(start)
		reading += time.Since(parsed)
	}
	b.ReportMetric(float64(reading)/float64(parsing), "x-parse")
	b.ReportMetric(float64(reading.Microseconds())/float64(b.N*len(pages))/1000, "ms/page")
}

func BenchmarkRead_SiblingParagraphs(b *testing.B) {
	var p strings.Builder
	p.WriteString("<html lang=en><title>Long</title><h1>Long</h1>")
	for i := range 20_000 {
		fmt.Fprintf(&p, "<p>Paragraph %d: %s</p>", i, strings.Repeat("word and more, ", 8))
	}
	page := []byte(p.String())
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(Page{Body: page, URL: "https://example.com/a", Now: now}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead_Hostile reads pages of up to 8 MiB made to be slow, and reports
// the slowest.
func BenchmarkRead_Hostile(b *testing.B) {
	for _, h := range hostileShapes() {
		b.Run(h.name, func(b *testing.B) {
			page := []byte(h.page)
			b.ReportAllocs()
			var slowest time.Duration
			for b.Loop() {
				start := time.Now()
				// A refusal is as good an answer as a snapshot here.
				_, _ = Read(Page{Body: page, URL: "https://example.com/a", Now: now})
				slowest = max(slowest, time.Since(start))
			}
			b.ReportMetric(float64(slowest.Milliseconds()), "slowest-ms")
		})
	}
}

type shape struct{ name, page string }

// fill repeats a unit up to 8 MiB.
func fill(unit string) string { return strings.Repeat(unit, (8<<20-2000)/len(unit)) }

// numbered repeats a format with a number, up to n times and 8 MiB.
func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		if b.Len() > 8<<20-2000 {
			break
		}
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func hostileShapes() []shape {
	const text = "<title>A quiet title</title><h1>A quiet title</h1><p>The first paragraph of an honest article.</p><p>The second paragraph of it.</p>"
	levels := strings.Repeat("<div class=article><p>Some text of a paragraph, of words.</p>", 240) + strings.Repeat("</div>", 240)
	return []shape{
		{"paragraphs", fill("<p>" + strings.Repeat("some words of text ", 20))},
		{"short paragraphs", fill("<p>Some words, <i>here</i>.</p>")},
		{"breaks", strings.Repeat("x<br>", 100_000) + strings.Repeat("y<br><br>", 90_000)},
		{"items", text + "<ul>" + strings.Repeat("<li>an item of a list</li>", 180_000)},
		{"wide table", text + "<table>" + strings.Repeat("<tr><td>a cell of text<td>b", 60_000)},
		{"nested tables", text + strings.Repeat("<table><tr><td>", 30_000)},
		{"wide and deep", strings.Repeat(levels, 400)},
		{"paragraphs within 400", strings.Repeat("<div>", 400) + strings.Repeat("<p>The text of a paragraph</p>", 50_000)},
		{"paragraphs within 240 headings", text + strings.Repeat("<h1><div>", 240) + strings.Repeat("<p>Jane Doe</p>", 50_000)},
		{"paragraphs within 500 authors", text + strings.Repeat("<div class=author itemprop=author>", 500) + strings.Repeat("<p>Jane Doe</p>", 50_000)},
		{"links", text + numbered("<a href=/x/%d>link number</a> ", 50_000)},
		{"headings", text + strings.Repeat("<h1>x y z</h1>", 60_000)},
		{"dates", text + strings.Repeat("<time>1 May 2020 10:00</time> <span class=date>2 May 2020</span>", 60_000)},
		{"linked data", `<script type="application/ld+json">[` + numbered(`{"@id":"#a%d","@type":"NewsArticle","headline":"h","author":[{"@id":"#a1"}]},`, 60_000) + `{}]</script>` + text},
		{"linked data's body", `<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"` + strings.Repeat(`word \u0041 &amp; <p>`, 90_000) + `"}</script>` + text},
		{"no spaces", "<p>" + fill("x")},
		{"no spaces, Han", "<p>" + fill("漢")},
		{"a long title", "<title>" + strings.Repeat("a title | ", 100_000) + "</title><h1>" + strings.Repeat("a title - ", 100_000) + "</h1>" + text},
		{"a long class", `<div class="` + fill("author ") + `">` + text},
		{"attributes", fill("<p a b c d e f g h i j k l m n o p q r s t u v w x y z>")},
		{"angles", "<p>" + fill("<")},
		{"formatting", strings.Repeat("<b><i><u><s>", 100) + fill("<p>x</b>")},
		{"undeclared bytes", fill("<p>" + strings.Repeat("\xb0\xa1\xb3\xaa ", 40))},
		{"invalid bytes", "<p>" + fill("\xff")},
		{"digits", "<p>" + fill("2020-01-01 ")},
		{"combining marks", "<p>" + fill("a\u0301\u0302")},
	}
}
