package query

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"veille"
)

func article(b *testing.B) veille.Snapshot {
	b.Helper()
	text, err := os.ReadFile("testdata/article.txt")
	if err != nil {
		b.Fatal(err)
	}
	title, body, _ := strings.Cut(string(text), "\n\n")
	return veille.Snapshot{Title: title, Body: body}
}

// watchList draws watches of two to six terms, as people write them: words,
// phrases, beginnings of words, alternatives and exclusions. One word in ten is
// taken from the article, the others are made of its syllables, so that most
// watches come near and few match.
func watchList(a veille.Snapshot, n int) []veille.Watch {
	rng := rand.New(rand.NewPCG(1, 2))
	var known []string
	for _, w := range wordsOf(&folder{}, a.Body) {
		if len(w.text) > 3 {
			known = append(known, w.text)
		}
	}
	word := func() string {
		x := known[rng.IntN(len(known))]
		if rng.IntN(10) == 0 {
			return x
		}
		y := known[rng.IntN(len(known))]
		return x[:2+rng.IntN(len(x)-2)] + y[len(y)/2:]
	}
	term := func() string {
		switch rng.IntN(10) {
		case 0, 1, 2:
			return `"` + word() + " " + word() + `"`
		case 3:
			return word() + "*"
		}
		return word()
	}
	watches := make([]veille.Watch, n)
	for i := range watches {
		var groups []string
		for range 1 + rng.IntN(2) {
			groups = append(groups, "("+term()+" OR "+term()+")")
		}
		groups = append(groups, term())
		if rng.IntN(5) == 0 {
			groups = append(groups, "NOT "+term())
		}
		watches[i] = veille.Watch{Name: fmt.Sprint("w", i), Query: strings.Join(groups, " AND ")}
	}
	watches[0].Query = `"Corée du Nord" AND Russie`
	return watches
}

func BenchmarkSet_Match(b *testing.B) {
	a := article(b)
	for _, n := range []int{10, 1_000, 10_000} {
		set := mustCompile(b, nil, watchList(a, n)...)
		b.Run(fmt.Sprint("rules=", n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(a.Title) + len(a.Body)))
			matches := 0
			for b.Loop() {
				matches += len(matchesOf(set, a))
			}
			b.ReportMetric(float64(matches)/float64(b.N), "matches/op")
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	watches := watchList(article(b), 1_000)
	for b.Loop() {
		if _, err := Compile(watches, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScanner(b *testing.B) {
	a := article(b)
	fold := newFolder()
	var s scanner
	b.SetBytes(int64(len(a.Body)))
	for b.Loop() {
		s.reset(fold, a.Body)
		for s.next() {
		}
	}
}
