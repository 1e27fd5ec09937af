package monitor

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"veille"
)

// unchanged is a web where every source answers 304 at once.
type unchanged struct{}

func (unchanged) Discover(context.Context, veille.Source) (veille.Listing, error) {
	return veille.Listing{NotModified: true}, nil
}

func (unchanged) Recheck(context.Context, veille.Source, string, veille.Validators) (veille.Snapshot, error) {
	return veille.Snapshot{}, nil
}

func (unchanged) Visit(_ context.Context, _ veille.Source, u string, _ veille.Validators) (veille.Snapshot, error) {
	return veille.Snapshot{}, &veille.FetchError{Kind: veille.FetchNotFound, URL: u}
}

func manySources(n int) []veille.Source {
	out := make([]veille.Source, n)
	for i := range out {
		out[i] = veille.Source{
			Name: fmt.Sprint("source-", i), URL: fmt.Sprintf("https://host%d.example/news", i),
			Schedule: fmt.Sprintf("*/%d * * * *", 5+i%10), TimeZone: "Europe/Paris",
		}
	}
	return out
}

// BenchmarkStart_10000Sources is from New to every source polled once.
func BenchmarkStart_10000Sources(b *testing.B) {
	p := Plan{Sources: manySources(10_000), Parallel: 32}
	for b.Loop() {
		m := New(Options{Crawler: unchanged{}, Store: newMemory()})
		ctx, stop := context.WithCancel(b.Context())
		ended := make(chan error, 1)
		began := time.Now()
		m.Apply(p)
		go func() { ended <- m.Run(ctx) }()
		for len(m.Reasons()) > 0 {
			runtime.Gosched()
		}
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms-to-running")
		for m.counts.unchanged.Load() < 10_000 {
			time.Sleep(time.Millisecond)
		}
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms-to-all-polled")
		b.ReportMetric(float64(runtime.NumGoroutine()), "goroutines")
		runtime.GC()
		var mem runtime.MemStats
		runtime.ReadMemStats(&mem)
		b.ReportMetric(float64(mem.HeapInuse)/(1<<20), "MiB-heap")
		stop()
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApply_10000Sources(b *testing.B) {
	p := Plan{Sources: manySources(10_000), Parallel: 32}
	m := New(Options{Crawler: unchanged{}, Store: newMemory()})
	m.Apply(p)
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	for b.Loop() {
		m.Apply(p)
	}
	stop()
	<-ended
}

func BenchmarkPlanPoll_100Outlinks(b *testing.B) {
	in := pollInput{state: veille.SourceState{Baseline: true, Outlinks: 100}, known: make([]bool, 100), now: time.Now()}
	in.listing.Kind = veille.KindSection
	for i := range 100 {
		in.listing.Outlinks = append(in.listing.Outlinks, veille.Outlink{URL: view(i), Title: strings.Repeat("t", 80)})
		in.known[i] = i > 2
	}
	b.ReportAllocs()
	for b.Loop() {
		planPoll(in)
	}
}
