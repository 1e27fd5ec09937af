package main

import (
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"veille"
)

// BenchmarkSearchStored searches a made-up archive (openBenchArchive): how long
// a page of 20 hits takes, with its counts and without, and how large store and
// index are.
func BenchmarkSearchStored(b *testing.B) {
	store, dir, articles := openBenchArchive(b)
	log := slog.New(slog.DiscardHandler)
	index, err := openIndex(dir, log)
	if err != nil {
		b.Fatal(err)
	}
	defer index.Close()
	began := cpu(b)
	if err := newIndexer(store, index, log).CatchUp(b.Context()); err != nil {
		b.Fatal(err)
	}
	building := cpu(b) - began
	s := newSearcher(store, index, func() setting { return setting{zone: time.UTC} })
	rng := rand.New(rand.NewPCG(1, 2))
	filters := make([]veille.SearchFilter, 200)
	for i := range filters {
		q := []string{"%s", "%s AND %s", "%s OR %s", "%s AND NOT %s", "%s NEAR/20 %s"}[i%5]
		for strings.Contains(q, "%s") {
			q = strings.Replace(q, "%s", `"`+commonWord(rng)+`"`, 1)
		}
		filters[i] = veille.SearchFilter{Query: q, Page: veille.Page{Limit: 20}, Facets: i%2 == 0, Quick: true}
	}
	report := watchMemory(b)
	var took, waited []time.Duration
	hits := 0
	for b.Loop() {
		took, waited, hits = took[:0], waited[:0], 0
		for _, f := range filters {
			before, began := cpu(b), time.Now()
			r, err := s.Search(b.Context(), f)
			if err != nil {
				b.Fatal(err)
			}
			took, waited = append(took, cpu(b)-before), append(waited, time.Since(began))
			hits += len(r.Hits)
			if waited[len(waited)-1] > 300*time.Millisecond {
				b.Logf("%v, %v of CPU: %s, counted %v: %d hits, looked at %d", waited[len(waited)-1], took[len(took)-1], f.Query, f.Facets, len(r.Hits), r.Looked)
			}
		}
	}
	report()
	slices.Sort(waited)
	slices.Sort(took)
	info, err := os.Stat(storePath(dir))
	if err != nil {
		b.Fatal(err)
	}
	_, bytes := index.Size()
	b.ReportMetric(float64(info.Size())/float64(articles), "B-store/article")
	b.ReportMetric(float64(bytes)/float64(articles), "B-index/article")
	b.ReportMetric(float64(building.Microseconds())/float64(articles), "µs-build/article")
	b.ReportMetric(float64(hits)/float64(len(filters)), "hits/search")
	for name, times := range map[string][]time.Duration{"cpu-ms": took, "ms": waited} {
		b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, name+"-p50")
		b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, name+"-p95")
		b.ReportMetric(float64(times[len(times)-1].Microseconds())/1000, name+"-max")
	}
}
