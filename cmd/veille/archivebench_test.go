package main

import (
	"errors"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"veille"
	"veille/store/bolt"
)

const (
	// shortWords, middleWords and longWords are how many words of two, three and
	// four syllables there are, the commonest first.
	shortWords, middleWords, longWords = 20 * 20, 20 * 20 * 20, 20 * 20 * 20 * 20
	archiveWords                       = shortWords + middleWords + longWords
	archiveSources                     = 20
)

// archiveWord is the word with a rank, from 0, in the language of a made-up
// archive.
func archiveWord(rank int) string {
	n, syllables := 0, 0
	switch {
	case rank < shortWords:
		n, syllables = rank*149%shortWords, 2
	case rank < shortWords+middleWords:
		n, syllables = (rank-shortWords)*3067%middleWords, 3
	default:
		n, syllables = (rank-shortWords-middleWords)*60_013%longWords, 4
	}
	const alphabet = "bacodifugahelimonapevisatozenukyrixewodu"
	var b [8]byte
	for i := range syllables {
		copy(b[2*i:], alphabet[2*(n%20):][:2])
		n /= 20
	}
	return string(b[:2*syllables])
}

// commonRank draws a rank as Zipf says: the n-th word comes 1/n as often as the
// first.
func commonRank(rng *rand.Rand) int {
	return min(int(math.Exp(rng.Float64()*math.Log(archiveWords+1)))-1, archiveWords-1)
}

func commonWord(rng *rand.Rand) string { return archiveWord(commonRank(rng)) }

// archiveArticle is the n-th article: 400 words in seven paragraphs, one a
// minute.
func archiveArticle(n int) veille.Article {
	rng := rand.New(rand.NewPCG(uint64(n), 2))
	text := func(words int) string {
		var b strings.Builder
		for i := range words {
			if i > 0 && i%60 == 0 {
				b.WriteString(".\n\n")
			} else if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(commonWord(rng))
		}
		return b.String()
	}
	url := "https://news.example/" + strconv.Itoa(n)
	seen := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
	a := veille.Article{ID: veille.ArticleID(url), URL: url, Source: "s" + strconv.Itoa(n%archiveSources), FirstSeen: seen, CheckedAt: seen, Revision: 1, TextHash: url,
		Snapshot: veille.Snapshot{URL: url, Canonical: url, Title: text(8), Language: []string{"en", "fr", "de", "es"}[n/archiveSources%4], Kind: veille.KindArticle, Body: text(400)}}
	if n%50 == 0 {
		a.Alerted = []string{"w" + strconv.Itoa(n/50%10)}
	}
	return a
}

// openBenchArchive opens a store of made-up articles, made as far as it lacks
// them. It is in the folder VEILLE_BENCH_ARCHIVE, where it stays for the next
// benchmark, else in a temporary one; VEILLE_BENCH_ARTICLES says how many there
// are, 1,000 if it is not set.
func openBenchArchive(b *testing.B) (store *bolt.Store, dir string, articles int) {
	b.Helper()
	articles = 1000
	if n, err := strconv.Atoi(os.Getenv("VEILLE_BENCH_ARTICLES")); err == nil {
		articles = n
	}
	if dir = os.Getenv("VEILLE_BENCH_ARCHIVE"); dir == "" {
		dir = b.TempDir()
	}
	store, err := bolt.Open(storePath(dir), bolt.Options{MinFree: -1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	const atOnce = 256
	numbers := make(chan int)
	var group sync.WaitGroup
	for range atOnce {
		group.Go(func() {
			for n := range numbers {
				a := archiveArticle(n)
				err := store.CommitArticle(b.Context(), veille.ArticleCommit{Article: a, Revision: &veille.Revision{ArticleID: a.ID, Number: 1, At: a.FirstSeen, Snapshot: a.Snapshot}})
				if err != nil && !errors.Is(err, veille.ErrConflict) {
					b.Error(err)
				}
			}
		})
	}
	// What was under way when an earlier run was stopped may lack any of them.
	for n := max(store.ArticleCount()-2*atOnce, 0); n < articles; n++ {
		numbers <- n
	}
	close(numbers)
	group.Wait()
	if store.ArticleCount() != articles {
		b.Fatalf("%d articles of %d", store.ArticleCount(), articles)
	}
	return store, dir, articles
}

// watchMemory begins to look at the memory of this process. The function that it
// returns reports the most there was: of its own, and with what is mapped of
// files, which the kernel takes back when it needs it.
func watchMemory(b *testing.B) (report func()) {
	field := func(name string) float64 {
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			b.Skip("memory cannot be told here")
		}
		for line := range strings.Lines(string(status)) {
			if rest, ok := strings.CutPrefix(line, name+":"); ok {
				kilobytes, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
				return kilobytes / 1024
			}
		}
		return 0
	}
	// What was before does not count.
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200); err != nil {
		b.Logf("the peak includes what was before: %v", err)
	}
	most := 0.0
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				most = max(most, field("RssAnon"))
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
		b.ReportMetric(most, "MiB-own")
		b.ReportMetric(field("VmHWM"), "MiB-resident")
	}
}
