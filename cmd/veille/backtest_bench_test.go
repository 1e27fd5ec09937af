package main

import (
	"fmt"
	"testing"
	"time"

	"veille"
	"veille/monitor/backtest"
	"veille/monitor/query"
)

// BenchmarkBacktest runs 50 watches over a made-up archive (openBenchArchive).
// It reports the time it takes, the CPU time of all cores together, and memory.
func BenchmarkBacktest(b *testing.B) {
	store, _, articles := openBenchArchive(b)
	var watches []veille.Watch
	for i := range 50 {
		w := func(n int) string { return archiveWord(500 + 37*i + n) }
		watches = append(watches, veille.Watch{Name: fmt.Sprint("w", i), Query: fmt.Sprintf(`(%s OR %s* OR "%s %s") AND (%s OR %s) AND NOT %s`, w(0), w(1), w(2), w(3), archiveWord(100+i), archiveWord(160+i), w(4))})
	}
	set, err := query.Compile(watches, nil)
	if err != nil {
		b.Fatal(err)
	}
	report := watchMemory(b)
	for b.Loop() {
		before, began := cpu(b), time.Now()
		run := backtest.New(backtest.Rules{Watches: watches, Matcher: set}, nil, time.Unix(0, 0), time.Unix(0, 0))
		if err := store.EachArticle(b.Context(), time.Time{}, run.Add); err != nil {
			b.Fatal(err)
		}
		used, took := cpu(b)-before, time.Since(began)
		result := run.Report()
		hits := 0
		for _, w := range result.Watches {
			hits += w.Hits
		}
		if result.Articles != articles {
			b.Fatalf("%d articles of %d", result.Articles, articles)
		}
		b.ReportMetric(took.Seconds(), "s")
		b.ReportMetric(used.Seconds(), "cpu-s")
		b.ReportMetric(float64(used.Microseconds())/float64(articles), "cpu-µs/article")
		b.ReportMetric(float64(hits)/float64(articles), "hits/article")
	}
	report()
}
