package bolt

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"veille"
)

// BenchmarkArticlesLike looks articles of 300 shingles up among signatures that
// a store holds: VEILLE_BENCH_SIGNATURES of them, default 100,000. It reports the
// 99th percentile of a look-up, the bytes a signature on disk and in memory, and
// how long they take to be read at the start.
func BenchmarkArticlesLike(b *testing.B) {
	n := benchCount(b, "VEILLE_BENCH_SIGNATURES", 100_000)
	path := filepath.Join(b.TempDir(), "veille.db")
	s := mustOpen(b, path)
	rng := rand.New(rand.NewPCG(1, 2))
	const part = 20_000
	now := time.Now()
	var probes [][]uint32
	for from := 0; from < n; from += part {
		if err := s.submit(&call{ctx: b.Context(), check: func(*txn) error { return nil }, write: func(tx *txn) error {
			for i := from; i < min(from+part, n); i++ {
				signature := make([]uint32, 12)
				for j := range signature {
					signature[j] = rng.Uint32()
				}
				if i%(n/1000+1) == 0 {
					probe := make([]uint32, 300)
					for j := range probe {
						probe[j] = rng.Uint32()
					}
					copy(probe, signature[:4])
					probes = append(probes, probe)
				}
				a := veille.Article{ID: veille.ArticleID(benchURL(i)), FirstSeen: now}
				if err := tx.sign(a, signature); err != nil {
					return err
				}
			}
			return nil
		}}); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	before := heap()
	start := time.Now()
	s = mustOpen(b, path)
	<-s.near.loaded
	ready := time.Since(start)
	held := heap() - before
	var took []time.Duration
	for b.Loop() {
		probe := probes[len(took)%len(probes)]
		start := time.Now()
		found := s.near.find(probe, seconds(now.Add(-time.Hour)), 8)
		took = append(took, time.Since(start))
		if len(found) == 0 {
			b.Fatal("a copy was not found")
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(info.Size())/float64(n), "disk-B/signature")
	b.ReportMetric(float64(held)/float64(n), "memory-B/signature")
	b.ReportMetric(ready.Seconds(), "load-s")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
