package charset

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
)

const (
	// declaredBonus is what the page's lang attribute adds to the score of a
	// charset of that language. Templates carry wrong ones: the text decides
	// against it.
	declaredBonus = 0.15
	// wordsBonus is what frequent words of a language add to it.
	wordsBonus = 0.4
	// leastScore is the score below which nothing was recognised.
	leastScore = 0.1
)

// detect names the charset that a text without a believable declaration is in.
// Each charset is scored by how much its reading looks like a language that is
// written in it, between about -2 and 1 a character beyond ASCII. It keeps to a
// clear order and to sums, so that a page is read alike each time and a
// paragraph more or less does not turn the choice.
func detect(sample []byte, lang string) (name string, score float64) {
	spoken := spokenShares(sample)
	readings := map[string]*reading{}
	best, bestScore := windows1252, leastScore
	for i, l := range languages() {
		for name := range strings.FieldsSeq(l.charsets) {
			r := readings[name]
			if r == nil {
				r = read(sample, name)
				readings[name] = r
			}
			score := r.score(l)
			if score <= -1 {
				continue
			}
			if l.speaks(lang, name) {
				score += declaredBonus
			}
			score += wordsBonus * spoken[i]
			if score > bestScore+1e-6 {
				best, bestScore = name, score
			}
		}
	}
	return best, bestScore
}

// reading is a sample as one charset shows it.
type reading struct {
	// mean is the score a character, of a multi-byte charset, whatever the
	// language.
	mean  float64
	multi bool
	// latin says that the charset's letters are.
	latin bool
	// seen holds how often each character beyond ASCII stands in each context,
	// high how many there are.
	seen []occurrence
	high int
}

type occurrence struct {
	r          rune
	context, n int
}

// The contexts of a character, made of what stands before it and after it.
const (
	afterLower = 1 << iota
	afterUpper
	afterOther // a letter without case, or a mark
	beforeLetter
	contexts = 1 << iota
)

func read(sample []byte, name string) *reading {
	r := &reading{}
	if multiByte(name) {
		r.multi, r.mean = true, multiByteScore(sample, name)
		return r
	}
	table, ok := lookup(name).(*charmap.Charmap)
	if !ok {
		r.multi, r.mean = true, -2
		return r
	}
	var class [256]int
	for i := range class {
		class[i] = letterClass(table.DecodeByte(byte(i)))
	}
	r.latin = sameScript(table.DecodeByte(0xE1), "a") && sameScript(table.DecodeByte(0xE9), "a")
	var counts [128][contexts]int
	before := 0
	for i, c := range sample {
		if c >= 0x80 {
			context := before
			if i+1 < len(sample) && class[sample[i+1]] != 0 {
				context |= beforeLetter
			}
			counts[c-0x80][context]++
			r.high++
		}
		before = class[c]
	}
	for i := range counts {
		for context, n := range counts[i] {
			if n > 0 {
				r.seen = append(r.seen, occurrence{table.DecodeByte(byte(0x80 + i)), context, n})
			}
		}
	}
	return r
}

// spokenShares returns for each language how well its frequent words fit the
// text, 1 for the best.
func spokenShares(sample []byte) []float64 {
	list := languages()
	index := map[string][]int{}
	for i, l := range list {
		for w := range strings.FieldsSeq(l.words) {
			index[w] = append(index[w], i)
		}
	}
	hits := make([]float64, len(list))
	total, start := 0, -1
	var word [16]byte
	for i := 0; i <= len(sample); i++ {
		c := byte(' ')
		if i < len(sample) {
			c = sample[i]
		}
		if c >= 0x80 || (c|0x20) >= 'a' && (c|0x20) <= 'z' {
			if start < 0 {
				start = i
			}
			continue
		}
		if start < 0 {
			continue
		}
		total++
		if n := i - start; n <= len(word) {
			for j := range n {
				word[j] = sample[start+j] | 0x20
			}
			for _, l := range index[string(word[:n])] {
				hits[l]++
			}
		}
		start = -1
	}
	best := 0.0
	for _, h := range hits {
		best = max(best, h)
	}
	if total == 0 || best*25 < float64(total) || best < 3 {
		return make([]float64, len(list))
	}
	for i := range hits {
		hits[i] = hits[i] / best * hits[i] / best
	}
	return hits
}
