package bolt

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"veille"
)

// benchURLs is how many URLs BenchmarkKnown looks among; VEILLE_BENCH_URLS
// overrides it.
func benchURLs(b *testing.B) int {
	b.Helper()
	text := os.Getenv("VEILLE_BENCH_URLS")
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func benchURL(n int) string { return fmt.Sprintf("https://news.example/view/AFR%012d", n) }

// BenchmarkKnown looks up the 50 links of a section page, two of them new,
// among many known ones. ns/url is what counts.
func BenchmarkKnown(b *testing.B) {
	n := benchURLs(b)
	s := mustOpen(b, filepath.Join(b.TempDir(), "veille.db"))
	const part = 10_000
	for from := 0; from < n; from += part {
		p := veille.PollCommit{State: veille.SourceState{Name: "wire"}}
		for i := from; i < min(from+part, n); i++ {
			p.Seen = append(p.Seen, benchURL(i))
		}
		if err := s.CommitPoll(b.Context(), p); err != nil {
			b.Fatal(err)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	pages := make([][]string, 1000)
	for i := range pages {
		for j := range 50 {
			u := benchURL(rng.IntN(n))
			if j < 2 {
				u = benchURL(n + rng.IntN(n))
			}
			pages[i] = append(pages[i], u)
		}
		// Once in advance, for warm figures.
		if _, err := s.Known(b.Context(), pages[i]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := s.Known(b.Context(), pages[i%len(pages)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/50, "ns/url")
}

// BenchmarkCommitArticle commits new articles of 4 kB with one delivery each,
// one at a time and from 32 goroutines, as the monitor's workers do.
func BenchmarkCommitArticle(b *testing.B) {
	for _, workers := range []int{1, 32} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			s := mustOpen(b, filepath.Join(b.TempDir(), "veille.db"))
			next, done := make(chan int), make(chan error, workers)
			for range workers {
				go func() {
					var err error
					for n := range next {
						if err == nil {
							err = s.CommitArticle(b.Context(), testCommit(n))
						}
					}
					done <- err
				}()
			}
			n := 0
			for b.Loop() {
				next <- n
				n++
			}
			close(next)
			for range workers {
				if err := <-done; err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOutbox claims and settles the deliveries of one receiver.
func BenchmarkOutbox(b *testing.B) {
	s := mustOpen(b, filepath.Join(b.TempDir(), "veille.db"))
	n := 0
	for b.Loop() {
		if n%100 == 0 {
			b.StopTimer()
			commitN(b, s, n, n+100)
			b.StartTimer()
		}
		n++
		d, _, err := s.NextDelivery(b.Context(), "desk", time.Now())
		if err != nil {
			b.Fatal(err)
		}
		d.State = veille.DeliverySent
		if err := s.Settle(b.Context(), veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: "desk"}}); err != nil {
			b.Fatal(err)
		}
	}
}
