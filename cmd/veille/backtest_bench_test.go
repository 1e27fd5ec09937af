package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"veille"
	"veille/monitor/backtest"
	"veille/monitor/query"
	"veille/store/bolt"
)

// BenchmarkBacktest runs 50 watches over a generated store of
// VEILLE_BACKTEST_ARTICLES articles (20,000 if it is not set) of about 400
// words. Set VEILLE_BACKTEST_DIR to keep the store for the next run. It reports
// CPU time, all cores together, and the memory that Go obtained from the system.
func BenchmarkBacktest(b *testing.B) {
	articles := 20_000
	if n, err := strconv.Atoi(os.Getenv("VEILLE_BACKTEST_ARTICLES")); err == nil {
		articles = n
	}
	dir := os.Getenv("VEILLE_BACKTEST_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	store, err := bolt.Open(filepath.Join(dir, "veille.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	vocabulary := generatedWords(20_000)
	fillGenerated(b, store, vocabulary, articles)
	var watches []veille.Watch
	for i := range 50 {
		w := func(n int) string { return vocabulary[500+37*i+n] }
		watches = append(watches, veille.Watch{Name: fmt.Sprint("w", i), Query: fmt.Sprintf(`(%s OR %s* OR "%s %s") AND (%s OR %s) AND NOT %s`, w(0), w(1), w(2), w(3), vocabulary[100+i], vocabulary[160+i], w(4))})
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

func generatedWords(n int) []string {
	r := rand.New(rand.NewPCG(1, 1))
	syllables := strings.Fields("ba co di fu ga he li mo na pe qui ra so ta vu zi ex or an el")
	out := make([]string, n)
	for i := range out {
		for range 2 + r.IntN(3) {
			out[i] += syllables[r.IntN(len(syllables))]
		}
		out[i] += strconv.FormatInt(int64(i%26), 36)
	}
	return out
}

func fillGenerated(b *testing.B, store *bolt.Store, vocabulary []string, n int) {
	b.Helper()
	if have, err := store.Articles(b.Context(), veille.ArticleFilter{Page: veille.Page{Limit: 1}}); err != nil || len(have) > 0 {
		return
	}
	chance := rand.New(rand.NewPCG(2, 2))
	zipf := rand.NewZipf(chance, 1.1, 8, uint64(len(vocabulary)-1))
	sem := make(chan struct{}, 256)
	for i := range n {
		var body strings.Builder
		for w := range 400 {
			body.WriteString(vocabulary[zipf.Uint64()])
			if w%60 == 59 {
				body.WriteString(".\n\n")
			} else {
				body.WriteByte(' ')
			}
		}
		url := fmt.Sprintf("https://news.example/a/%d", i)
		seen := time.Unix(1_700_000_000+int64(i)*60, 0).UTC()
		a := veille.Article{ID: veille.ArticleID(url), URL: url, Source: "wire", FirstSeen: seen, CheckedAt: seen, Revision: 1,
			Snapshot: veille.Snapshot{URL: url, Canonical: url, Title: vocabulary[i%2000], Body: body.String(), Kind: veille.KindArticle, Language: "fr"}}
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			if err := store.CommitArticle(b.Context(), veille.ArticleCommit{Article: a}); err != nil {
				b.Error(err)
			}
		}()
	}
	for range cap(sem) {
		sem <- struct{}{}
	}
}
