package story

import (
	"slices"

	"veille"
)

const (
	// leastScore is the containment from which two texts are one story, and
	// leastShared how many shingles they must share besides. Measured on wire
	// copies cut, wrapped and edited: see docs/benchmarks.md, Stories.
	leastScore  = 0.4
	leastShared = 12
	// An outlet that rewrites a wire changes words; newShare of its words must
	// be new for it to say something new.
	newShare = 0.2
	// Other figures are other facts: two of them, and more than half of all.
	leastNewNumbers = 2
	// Within one outlet, a second article with other numbers or more than a few
	// other words is another report, such as tomorrow's share prices.
	ownNewShare = 0.05
)

// Likeness is how much of one text is in another.
type Likeness struct {
	// Shared counts the shingles of both; Score is their share of the shorter
	// text's (its containment), 0 to 1.
	Shared int
	Score  float64
	// NewWords counts the different words of the later text that the earlier one
	// does not have, NewNumbers those of them with a digit.
	NewWords, NewNumbers int
	// The shares are of the later text's different words and numbers; whole is
	// the share of the earlier text's shingles that the later one has.
	newShare, newNumberShare, whole float64
}

// Compare looks at a later text beside an earlier one.
func Compare(later, earlier *Text) Likeness {
	l := Likeness{Shared: shared(later.shingles, earlier.shingles)}
	if least := min(len(later.shingles), len(earlier.shingles)); least > 0 {
		l.Score = float64(l.Shared) / float64(least)
	}
	if n := len(earlier.shingles); n > 0 {
		l.whole = float64(l.Shared) / float64(n)
	}
	l.NewWords = len(later.words) - shared(later.words, earlier.words)
	l.NewNumbers = len(later.numbers) - shared(later.numbers, earlier.numbers)
	if n := len(later.words); n > 0 {
		l.newShare = float64(l.NewWords) / float64(n)
	}
	if n := len(later.numbers); n > 0 {
		l.newNumberShare = float64(l.NewNumbers) / float64(n)
	}
	return l
}

// Near reports whether the two texts are one story.
func (l Likeness) Near() bool { return l.Score >= leastScore && l.Shared >= leastShared }

// Kind says what the later text is to the earlier one; own says that both are
// of one outlet.
func (l Likeness) Kind(own bool) veille.StoryKind {
	switch {
	case own && (l.newShare > ownNewShare || l.NewNumbers > 0), l.newShare > newShare,
		l.NewNumbers >= leastNewNumbers && l.newNumberShare > 0.5:
		return veille.StoryUpdate
	case l.whole < 0.6:
		return veille.StoryExcerpt
	}
	return veille.StoryCopy
}

// shared counts what two sorted sets have in common.
func shared(a, b []uint64) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	if len(b) > 16*len(a) {
		for _, h := range a {
			if _, ok := slices.BinarySearch(b, h); ok {
				n++
			}
		}
		return n
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			n++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return n
}
