package search

import (
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// benchArticles is how many articles the benchmark has, by VEILLE_SEARCH_ARTICLES.
func benchArticles(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("VEILLE_SEARCH_ARTICLES"))
	if err != nil {
		return 5000
	}
	b.Logf("%d articles", n)
	return n
}

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSearch makes an index of articles whose words are spread as Zipf
// says, 240 different ones each out of a million, and looks for the newest 50
// of queries of one to three words, from rare to the commonest.
func BenchmarkSearch(b *testing.B) {
	articles := benchArticles(b)
	x, err := Open(b.TempDir(), "bench", slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	const vocabulary = 1_000_000
	zipf := func() int { return int(math.Exp(rng.Float64()*math.Log(vocabulary+1))) - 1 }
	var word []byte
	spell := func(n int) []byte {
		word = strconv.AppendUint(word[:0], uint64(n)*0x9e3779b97f4a7c15>>20, 36)
		return word
	}
	building := time.Duration(0)
	for n := 0; n < articles; {
		batch := NewBuilder()
		began := cpu()
		for range min(4096, articles-n) {
			batch.Article(Entry{First: uint64(n), ID: fmt.Sprintf("art_%026d", n), Revision: 1})
			for range 320 { // of which some 240 differ
				batch.Word(spell(zipf()))
			}
			n++
		}
		if err := x.Add(batch, Mark{Seq: uint64(n)}); err != nil {
			b.Fatal(err)
		}
		for did := true; did; {
			if did, err = x.Tidy(b.Context(), 1<<40, keepAll); err != nil {
				b.Fatal(err)
			}
		}
		building += cpu() - began
	}
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	_, bytes := x.Size()
	wants := make([]Want, 400)
	for i := range wants {
		one := func() Want { return Want{Word: string(spell(zipf()))} }
		switch i % 8 {
		case 0, 1, 2:
			wants[i] = Want{All: []Want{one(), one()}}
		case 3:
			wants[i] = Want{All: []Want{one(), one(), one()}}
		case 4:
			wants[i] = Want{Any: []Want{one(), one(), one()}}
		case 5:
			wants[i] = Want{All: []Want{one(), {Any: []Want{one(), one(), one(), one()}}}}
		case 6:
			begin := string(spell(zipf()))
			wants[i] = Want{Begin: begin[:min(len(begin), 4)]}
		default:
			wants[i] = one()
		}
	}
	var took []time.Duration
	for b.Loop() {
		took = took[:0]
		for _, w := range wants {
			began := cpu()
			f := x.Find(b.Context(), w, Entry{})
			for range 50 {
				if _, ok, err := f.Next(); err != nil {
					b.Fatal(err)
				} else if !ok {
					break
				}
			}
			f.Close()
			took = append(took, cpu()-began)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(bytes)/float64(articles), "B/article")
	b.ReportMetric(float64(building.Microseconds())/float64(articles), "µs-build/article")
	b.ReportMetric(float64(mem.HeapAlloc)/(1<<20), "MiB-heap")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms-p95")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms-max")
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	b.ReportMetric(float64(used.Maxrss)/1024, "MiB-peak")
}
