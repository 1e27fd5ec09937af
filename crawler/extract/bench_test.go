package extract

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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

// BenchmarkRead reads pages, bytes to snapshot, and reports the least time of the
// processor that took, as a multiple of what html.Parse alone takes.
func BenchmarkRead(b *testing.B) {
	pages := benchPages(b)
	var size int64
	for _, p := range pages {
		size += int64(len(p))
	}
	parsing, reading := time.Hour, time.Hour
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		start := processorTime(b)
		for _, p := range pages {
			if _, err := html.Parse(bytes.NewReader(p)); err != nil {
				continue
			}
		}
		parsed := processorTime(b)
		for _, p := range pages {
			if _, err := Read(Page{Body: p, URL: "https://example.com/2026/03/02/ferry", Now: now}); err != nil {
				continue
			}
		}
		parsing = min(parsing, parsed-start)
		reading = min(reading, processorTime(b)-parsed)
	}
	b.ReportMetric(float64(reading)/float64(parsing), "x-parse")
	b.ReportMetric(float64(reading.Microseconds())/float64(len(pages))/1000, "ms/page")
}

// siblings are 20,000 elements of a kind, 2.8 MB, each of which some rule of the
// reading looks at more closely than at others.
func siblings() []shape {
	words := strings.Repeat("word and more, ", 8)
	kinds := []shape{
		{"paragraphs", "<p>Paragraph %d, " + words + "</p>"},
		{"each with a colon", "<p>Paragraph %d: " + words + "</p>"},
		{"each with a colon at its end", "<p>" + words + "number %d: more words</p>"},
		{"each with a link", `<p><a href="/x">Paragraph</a> %d, ` + words + "</p>"},
		{"each with a date", "<p>On 14 May 2024 number %d, " + words + "</p>"},
		{"each a date", "<div class=date>%d May 2024, 10:24</div><p>" + words + "</p>"},
		{"each in italics", "<p><em>Paragraph %d, " + words + "</em></p>"},
		{"each with cookies", "<p>We continue with cookies and subscribers %d, " + words + "</p>"},
		{"each an appeal", "<p>Follow this story, number %d, " + words + "</p>"},
		{"items", "<li>Item %d, " + words + "</li>"},
		{"divs", "<div>Paragraph %d, " + words + "</div>"},
		{"short lines", "<div>Number %d of the lines</div><p>" + words + "</p>"},
		{"headings", "<h2>Number %d of all the headings</h2><p>" + words + "</p>"},
		{"pictures", `<figure><img src="/%d.jpg"><figcaption>A caption</figcaption></figure><p>` + words + "</p>"},
		{"rows", "<tr><td>Cell %d<td>" + words + "</tr>"},
		{"bylines", `<div class="byline author">By Ada Byron %d</div><p>` + words + "</p>"},
		{"Korean", "<p>%d번 " + strings.Repeat("마을의 다리가 낮에 무너졌다 ", 4) + "</p>"},
		{"Russian", "<p>%d. " + strings.Repeat("Дамба прорвалась днём ", 4) + "</p>"},
	}
	for i, k := range kinds {
		body := numbered(k.page, 20_000)
		if k.name == "rows" {
			body = "<table>" + body + "</table>"
		}
		kinds[i].page = "<html lang=en><title>Long</title><h1>Long</h1>" + body
	}
	return kinds
}

func BenchmarkRead_Siblings(b *testing.B) { benchShapes(b, siblings()) }

// BenchmarkRead_Hostile reads pages of up to 8 MiB made to be slow.
func BenchmarkRead_Hostile(b *testing.B) { benchShapes(b, hostileShapes()) }

// benchShapes reports the least time of the processor that reading took: under
// load, any other is the machine's.
func benchShapes(b *testing.B, shapes []shape) {
	for _, h := range shapes {
		b.Run(h.name, func(b *testing.B) {
			page := []byte(h.page)
			b.ReportAllocs()
			least := time.Hour
			for b.Loop() {
				start := processorTime(b)
				// A refusal is as good an answer as a snapshot here.
				_, _ = Read(Page{Body: page, URL: "https://example.com/a", Now: now})
				least = min(least, processorTime(b)-start)
			}
			b.ReportMetric(float64(least.Milliseconds()), "cpu-ms")
		})
	}
}

// processorTime is the time of the processor that the process has used.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
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
