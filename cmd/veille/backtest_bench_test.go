package main

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"veille"
	"veille/monitor/backtest"
	"veille/monitor/query"
)

// BenchmarkBacktest runs 50 watches over a made-up archive (openBenchArchive).
// It reports CPU time, all cores together, and the memory that Go obtained from
// the system.
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
	for b.Loop() {
		before := cpu(b)
		run := backtest.New(backtest.Rules{Watches: watches, Matcher: set}, nil, time.Unix(0, 0), time.Unix(0, 0))
		if err := store.EachArticle(b.Context(), time.Time{}, run.Add); err != nil {
			b.Fatal(err)
		}
		used := cpu(b) - before
		report := run.Report()
		hits := 0
		for _, w := range report.Watches {
			hits += w.Hits
		}
		if report.Articles != articles {
			b.Fatalf("%d articles of %d", report.Articles, articles)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(used.Microseconds())/float64(articles), "cpu-µs/article")
		b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-sys")
		b.ReportMetric(float64(hits)/float64(articles), "hits/article")
	}
}
