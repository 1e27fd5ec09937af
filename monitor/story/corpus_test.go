package story_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veille/monitor/story"
)

// corpus reads planted near copies (McCormick's set) from VEILLE_CORPORA: an
// id and a text a line, and the ids of each pair.
func corpus(b *testing.B, name string) (ids []string, texts []*story.Text, pairs map[string]bool) {
	dir := filepath.Join(os.Getenv("VEILLE_CORPORA"), "neardup", "mccormick-minhash")
	for line := range linesOf(b, filepath.Join(dir, name+".train")) {
		id, text, _ := strings.Cut(line, " ")
		ids, texts = append(ids, id), append(texts, story.Read(text))
	}
	pairs = map[string]bool{}
	for line := range linesOf(b, filepath.Join(dir, name+".truth")) {
		x, y, _ := strings.Cut(line, " ")
		pairs[min(x, y)+" "+max(x, y)] = true
	}
	return ids, texts, pairs
}

func linesOf(b *testing.B, path string) func(func(string) bool) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	return func(yield func(string) bool) {
		s := bufio.NewScanner(f)
		s.Buffer(nil, 1<<20)
		for s.Scan() && yield(strings.TrimSpace(s.Text())) {
		}
	}
}

// BenchmarkCorpus groups the corpus pair by pair and reports precision, recall
// and F1 over the pairs, and the adjusted Rand index (Hubert and Arabie, 1985) of the groups.
func BenchmarkCorpus(b *testing.B) {
	if os.Getenv("VEILLE_CORPORA") == "" {
		b.Skip("VEILLE_CORPORA is not set")
	}
	for _, name := range []string{"articles_100", "articles_1000"} {
		b.Run(name, func(b *testing.B) {
			ids, texts, truth := corpus(b, name)
			for b.Loop() {
				hit, found := 0, 0
				got, want := newGroups(len(ids)), newGroups(len(ids))
				for i := range ids {
					for j := range i {
						pair := min(ids[i], ids[j]) + " " + max(ids[i], ids[j])
						if truth[pair] {
							want.join(i, j)
						}
						if !reachable(texts[j], texts[i]) || !story.Compare(texts[i], texts[j]).Near() {
							continue
						}
						got.join(i, j)
						found++
						if truth[pair] {
							hit++
						}
					}
				}
				precision, recall := float64(hit)/float64(max(found, 1)), float64(hit)/float64(len(truth))
				b.ReportMetric(precision, "precision")
				b.ReportMetric(recall, "recall")
				b.ReportMetric(2*precision*recall/(precision+recall), "F1")
				b.ReportMetric(adjustedRand(got, want), "ARI")
			}
		})
	}
}

// groups is a union-find.
type groups []int

func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = i
	}
	return g
}

func (g groups) root(i int) int {
	for g[i] != i {
		i = g[i]
	}
	return i
}

func (g groups) join(i, j int) { g[g.root(i)] = g.root(j) }

func adjustedRand(a, b groups) float64 {
	both, as, bs := map[[2]int]float64{}, map[int]float64{}, map[int]float64{}
	for i := range a {
		both[[2]int{a.root(i), b.root(i)}]++
		as[a.root(i)]++
		bs[b.root(i)]++
	}
	pairs := func(n float64) float64 { return n * (n - 1) / 2 }
	var index, sumA, sumB float64
	for _, n := range both {
		index += pairs(n)
	}
	for _, n := range as {
		sumA += pairs(n)
	}
	for _, n := range bs {
		sumB += pairs(n)
	}
	expected := sumA * sumB / pairs(float64(len(a)))
	return (index - expected) / ((sumA+sumB)/2 - expected)
}

// BenchmarkRead measures what an article costs: its shingles and signature, and
// one comparison.
func BenchmarkRead(b *testing.B) {
	for _, words := range []int{300, 1000} {
		text := wire(3, words)
		b.Run(fmt.Sprint(words, "words"), func(b *testing.B) {
			other := story.Read(wire(4, words))
			b.ReportAllocs()
			for b.Loop() {
				t := story.Read(text)
				if len(t.Signature()) != story.SignatureSize || story.Compare(t, other).Near() {
					b.Fatal("two texts are one")
				}
			}
		})
	}
}
