package extract

import (
	"hash/maphash"
	"strings"
)

// voteGram is how many words in a row two readings must share.
const voteGram = 4

// reading is the text of another reading of the page, to vote on paragraphs.
type reading struct {
	seed  maphash.Seed
	grams map[uint64]bool
}

func newReading(text string) reading {
	r := reading{seed: maphash.MakeSeed(), grams: map[uint64]bool{}}
	r.each(text, func(h uint64) { r.grams[h] = true })
	return r
}

func (r reading) each(text string, visit func(uint64)) {
	words := titleWords(text)
	for i := range max(1, len(words)-voteGram+1) {
		visit(maphash.String(r.seed, strings.Join(words[min(i, len(words)):min(i+voteGram, len(words))], " ")))
	}
}

// share is how much of a paragraph the reading holds, from 0 to 1.
func (r reading) share(paragraph string) float64 {
	n, hits := 0, 0
	r.each(paragraph, func(h uint64) {
		n++
		if r.grams[h] {
			hits++
		}
	})
	return float64(hits) / float64(n)
}

// agreed drops the paragraphs after the point where another reading ends, where
// that reading holds most of the text and its end: what follows is furniture.
// A reading that breaks off before, as many do, says nothing.
func agreed(paragraphs []string, other string) []string {
	if len(paragraphs) < 4 || textWeight(other) < shortBody {
		return paragraphs
	}
	r := newReading(other)
	total, held, last := 0, 0, -1
	for i, p := range paragraphs {
		w := textWeight(p)
		total += w
		if r.share(p) >= 0.6 {
			held += w
			last = i
		}
	}
	if last < 0 || held*10 < total*7 {
		return paragraphs
	}
	end := titleWords(other)
	end = end[max(0, len(end)-6):]
	if !strings.Contains(strings.Join(titleWords(paragraphs[last]), " "), strings.Join(end, " ")) {
		return paragraphs
	}
	return paragraphs[:last+1]
}
