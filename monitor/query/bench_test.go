package query

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"veille"
)

// threadCPU returns the processor time that this thread has used. The caller
// has locked it.
func threadCPU() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
}

// leastCPU reports the processor time of one op of work, which does n: the
// least of several rounds, since others use the machine too; and how many times
// that is what strings.ToLower takes for the article in the same rounds, so that
// machines can be compared.
func leastCPU(b *testing.B, n int, work func()) {
	b.Helper()
	leastCPUs(b, n, 1, func(int) { work() })
}

// leastCPUs does the same for work in pieces. Each piece counts with the least
// of its own rounds: while others use the machine, short work is undisturbed
// now and then, and long work never.
func leastCPUs(b *testing.B, n, pieces int, work func(piece int)) {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	least := make([]time.Duration, pieces)
	measure, lowered, reference := seedArticle(b).Body, 0, time.Duration(1<<63-1)
	lower := func() {
		for range 300 {
			from := threadCPU()
			lowered += len(strings.ToLower(measure))
			reference = min(reference, threadCPU()-from)
		}
	}
	lower()
	for i := range least {
		work(i)
		least[i] = 1<<63 - 1
	}
	for b.Loop() {
		for i := range least {
			from := threadCPU()
			work(i)
			least[i] = min(least[i], threadCPU()-from)
		}
	}
	lower()
	var sum time.Duration
	for _, d := range least {
		sum += d
	}
	b.ReportMetric(float64(sum.Nanoseconds())/1000/float64(n), "cpu-µs/op")
	b.ReportMetric(float64(sum)/float64(n)/float64(reference), "ToLower/op")
	b.ReportMetric(0, "ns/op")
	if lowered == 0 {
		b.Fatal("no article to measure the machine by")
	}
}

// matching measures articles against a Set.
func matching(b *testing.B, set *Set, articles []veille.Snapshot) {
	const piece = 10
	var refs []int32
	matches := make([]int, (len(articles)+piece-1)/piece)
	b.ReportAllocs()
	leastCPUs(b, len(articles), len(matches), func(i int) {
		matches[i] = 0
		for j := i * piece; j < min((i+1)*piece, len(articles)); j++ {
			refs, _ = set.AppendMatching(refs[:0], &articles[j], nil)
			matches[i] += len(refs)
		}
	})
	sum := 0
	for _, n := range matches {
		sum += n
	}
	b.ReportMetric(float64(sum)/float64(len(articles)), "matches/op")
	size := 0
	for i := range articles {
		size += len(articles[i].Title) + len(articles[i].Body)
	}
	b.ReportMetric(float64(size)/float64(len(articles)), "B/article")
}

func BenchmarkMatch(b *testing.B) {
	seed := seedArticle(b)
	w := newWorld(seed.Title + " " + seed.Body)
	stream := w.stream(1000)
	for _, n := range []int{10, 1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			set := build(3, w.rules(n, w.rule), nil)
			runtime.GC()
			b.Run("article", func(b *testing.B) { matching(b, set, slices.Repeat([]veille.Snapshot{seed}, 200)) })
			b.Run("stream", func(b *testing.B) { matching(b, set, stream) })
		})
	}
}

func BenchmarkMatch_LongAndCommonRules(b *testing.B) {
	seed := seedArticle(b)
	w := newWorld(seed.Title + " " + seed.Body)
	stream := w.stream(1000)
	long := build(3, w.rules(2_000, w.long), nil)
	b.Run("500-terms/rules=2000", func(b *testing.B) { matching(b, long, stream) })
	for _, n := range []int{1000, 100_000} {
		common := build(3, w.rules(n, w.common), nil)
		b.Run(fmt.Sprintf("common/rules=%d", n), func(b *testing.B) { matching(b, common, stream) })
	}
}

func BenchmarkBuild(b *testing.B) {
	seed := seedArticle(b)
	w := newWorld(seed.Title + " " + seed.Body)
	for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
		rules := w.rules(n, w.rule)
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			var set *Set
			leastCPU(b, n, func() { set = build(3, rules, nil) })
			b.ReportMetric(float64(set.size())/float64(n), "B/rule")
		})
	}
}

// BenchmarkRestore starts with a million rules that were compiled before, and
// BenchmarkChange changes one of them.
func BenchmarkRestore(b *testing.B) {
	w := newWorld("")
	const n = 1_000_000
	rules := w.rules(n, w.rule)
	set := build(3, rules, nil)
	data := saved(b, set)
	b.Run("restore", func(b *testing.B) {
		leastCPU(b, 1, func() {
			copied, err := ReadSnapshot(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := Restore(copied, "test", rules.watches, nil); err != nil {
				b.Fatal(err)
			}
		})
		b.ReportMetric(float64(len(data))/n, "B/rule")
	})
	b.Run("change", func(b *testing.B) {
		rule := uint32(0)
		leastCPU(b, 100, func() {
			for range 100 {
				c := set.newest.successor(rules, nil)
				copy(c.refs, set.newest.refs)
				c.change([]int32{int32(rule)}, []uint32{rule})
				rule++
			}
		})
	})
}

// BenchmarkMatch_AfterEdits matches before and after ten thousand watches were
// changed, a hundred at a time.
func BenchmarkMatch_AfterEdits(b *testing.B) {
	seed := seedArticle(b)
	w := newWorld(seed.Title + " " + seed.Body)
	stream := w.stream(1000)
	for _, n := range []int{100_000, 1_000_000} {
		rules := w.rules(n, w.rule)
		set := build(3, rules, nil)
		b.Run(fmt.Sprintf("rules=%d/before", n), func(b *testing.B) { matching(b, set, stream) })
		const edits, step = 10_000, 100
		for from := 0; from < edits; from += step {
			rules = &trees{slices.Clone(rules.watches), slices.Clone(rules.exprs)}
			for i := from; i < from+step; i++ {
				at := i * (n / edits)
				rules.exprs[at], rules.watches[at].Query = w.rule(), "edited"
			}
			set = set.with(rules, nil)
		}
		runtime.GC()
		b.Run(fmt.Sprintf("rules=%d/after", n), func(b *testing.B) { matching(b, set, stream) })
	}
}

// BenchmarkVote tells the language of an article.
func BenchmarkVote(b *testing.B) {
	a := seedArticle(b)
	a.Language = ""
	set := build(3, &trees{}, nil)
	r := set.read(&a, nil)
	leastCPU(b, 1000, func() {
		for range 1000 {
			if set.vote(r) != "fr" {
				b.Fatal("not French")
			}
		}
	})
}

func BenchmarkCut(b *testing.B) {
	a := seedArticle(b)
	c := newCutter(3)
	var scan scanner
	var tokens []token
	leastCPUs(b, 10, 1, func(int) {
		for range 10 {
			tokens = c.cut(tokens[:0], a.Body, &scan)
		}
	})
	b.ReportMetric(float64(len(tokens)), "tokens")
}
