package main

import (
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"veille"
	"veille/store/bolt"
)

func processTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSearchStored searches a store of articles of 400 words, spread as
// Zipf says out of 200,000: how long a page of 20 hits takes, with its counts
// and without, and how large store and index are. VEILLE_SEARCH_ARTICLES says
// how many articles there are.
func BenchmarkSearchStored(b *testing.B) {
	articles, err := strconv.Atoi(os.Getenv("VEILLE_SEARCH_ARTICLES"))
	if err != nil {
		articles = 1000
	}
	dir := b.TempDir()
	log := slog.New(slog.DiscardHandler)
	store, err := bolt.Open(storePath(dir), bolt.Options{MinFree: -1})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		n := uint64(math.Exp(rng.Float64() * math.Log(200_001)))
		return strconv.FormatUint(n*0x9e3779b97f4a7c15>>30, 36)
	}
	text := func(n int) string {
		words := make([]string, n)
		for i := range words {
			words[i] = word()
		}
		return strings.Join(words, " ")
	}
	var group sync.WaitGroup
	commits := make(chan veille.ArticleCommit)
	for range 32 {
		group.Go(func() {
			for c := range commits {
				if err := store.CommitArticle(b.Context(), c); err != nil {
					b.Error(err)
				}
			}
		})
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := range articles {
		url := "https://news.example/" + strconv.Itoa(n)
		seen := at.Add(time.Duration(n) * time.Minute)
		a := veille.Article{ID: veille.ArticleID(url), URL: url, Source: "s" + strconv.Itoa(n%20), FirstSeen: seen, CheckedAt: seen, Revision: 1, TextHash: url,
			Snapshot: veille.Snapshot{URL: url, Canonical: url, Title: text(8), Language: "en", Kind: veille.KindArticle, Body: text(200) + "\n\n" + text(200)}}
		commits <- veille.ArticleCommit{Article: a, Revision: &veille.Revision{ArticleID: a.ID, Number: 1, At: seen, Snapshot: a.Snapshot}}
	}
	close(commits)
	group.Wait()
	index, err := openIndex(dir, log)
	if err != nil {
		b.Fatal(err)
	}
	defer index.Close()
	began := processTime()
	if err := newIndexer(store, index, log).CatchUp(b.Context()); err != nil {
		b.Fatal(err)
	}
	building := processTime() - began
	s := newSearcher(store, index, func() setting { return setting{zone: time.UTC} })
	filters := make([]veille.SearchFilter, 200)
	for i := range filters {
		q := []string{"%s", "%s AND %s", "%s OR %s", "%s AND NOT %s", "%s NEAR/20 %s"}[i%5]
		for strings.Contains(q, "%s") {
			q = strings.Replace(q, "%s", `"`+word()+`"`, 1)
		}
		filters[i] = veille.SearchFilter{Query: q, Page: veille.Page{Limit: 20}, Facets: i%2 == 0, Quick: true}
	}
	var took []time.Duration
	hits := 0
	for b.Loop() {
		took, hits = took[:0], 0
		for _, f := range filters {
			began := processTime()
			r, err := s.Search(b.Context(), f)
			if err != nil {
				b.Fatal(err)
			}
			took = append(took, processTime()-began)
			hits += len(r.Hits)
		}
	}
	slices.Sort(took)
	info, err := os.Stat(storePath(dir))
	if err != nil {
		b.Fatal(err)
	}
	_, bytes := index.Size()
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	b.ReportMetric(float64(info.Size())/float64(articles), "B-store/article")
	b.ReportMetric(float64(bytes)/float64(articles), "B-index/article")
	b.ReportMetric(float64(building.Microseconds())/float64(articles), "µs-build/article")
	b.ReportMetric(float64(hits)/float64(len(filters)), "hits/search")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms-p95")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms-max")
	b.ReportMetric(float64(used.Maxrss)/1024, "MiB-peak")
}
