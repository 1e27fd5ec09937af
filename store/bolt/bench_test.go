package bolt

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"veille"
)

// benchCount is a size that a variable of the environment overrides.
func benchCount(b *testing.B, name string, otherwise int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
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
	n := benchCount(b, "VEILLE_BENCH_URLS", 100_000)
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
							c := testCommit(n)
							for i := range uint32(nearTags) {
								c.Signature = append(c.Signature, uint32(n)*2654435761+i*40503)
							}
							err = s.CommitArticle(b.Context(), c)
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

// BenchmarkRevisions commits an article of 5.5 kB and 20 edits of a word or a
// paragraph, and measures what each keeps in the file: the first one and those
// after it, beside the whole text packed by itself.
func BenchmarkRevisions(b *testing.B) {
	words := strings.Fields(strings.Repeat("la Corée du Nord et la Russie se disent prêtes à coopérer dans le domaine de la défense selon une source citée par agence ", 40))
	rng := rand.New(rand.NewPCG(3, 4))
	var paragraphs []string
	for size := 0; size < 5500; {
		var p []string
		for range 30 + rng.IntN(40) {
			p = append(p, words[rng.IntN(len(words))]+strconv.Itoa(rng.IntN(40)))
		}
		paragraphs = append(paragraphs, strings.Join(p, " "))
		size += len(paragraphs[len(paragraphs)-1])
	}
	a := veille.Article{ID: veille.ArticleID(benchURL(1)), URL: benchURL(1), FirstSeen: time.Unix(1, 0), Snapshot: veille.Snapshot{URL: benchURL(1), Title: "Titre", Kind: veille.KindArticle}}
	var first, later, alone float64
	for b.Loop() {
		s := mustOpen(b, filepath.Join(b.TempDir(), "veille.db"))
		first, later, alone = 0, 0, 0
		for n := 1; n <= 21; n++ {
			if n > 1 {
				paragraphs[rng.IntN(len(paragraphs))] += " " + words[rng.IntN(len(words))]
			}
			a.Revision, a.Snapshot.Body = n, strings.Join(paragraphs, "\n\n")
			r := &veille.Revision{ArticleID: a.ID, Number: n, At: time.Unix(int64(n), 0), Snapshot: a.Snapshot, Change: &veille.Change{Added: []string{"mot"}, Removed: []string{}, Words: veille.WordsChange{Added: 1}, Diff: "… quelques mots autour {+mot+} et quelques mots après …"}}
			payload, err := s.packRevision(b.Context(), r)
			if err != nil {
				b.Fatal(err)
			}
			whole, err := s.codec.encode(r)
			if err != nil {
				b.Fatal(err)
			}
			alone += float64(len(whole))
			if n == 1 {
				first = float64(len(payload.payload))
			} else {
				later += float64(len(payload.payload))
			}
			if err := s.CommitArticle(b.Context(), veille.ArticleCommit{Article: a, Expect: n - 1, Revision: r}); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(first, "B/first")
	b.ReportMetric(later/20, "B/later")
	b.ReportMetric(alone/21, "B/whole")
}
