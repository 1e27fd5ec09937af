package discover_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

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
