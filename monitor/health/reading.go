package health

import (
	"math"

	"veille"
)

const (
	// chance is how likely it may be that articles in a row are unreadable by
	// chance.
	chance = 1e-4
	// leastRun is how many in a row are an episode at least.
	leastRun = 3
	// surest is the most that is believed of a source's articles being readable.
	surest = 0.98
	// fading is how many looks are remembered.
	fading = 200
	// measured is how many bodies must have been measured before one can be
	// short; shortPart is the part of the usual length that is short, leastSpread
	// the least standard deviation of the logarithm of lengths.
	measured    = 10
	shortPart   = 0.35
	leastSpread = 0.25
)

// Look is a first look at a page that a source lists.
type Look struct {
	// Readable says that it was an article; else Why says what it was.
	Readable bool
	Why      string
	// Words is the length of its body, Text identifies that.
	Words int
	Text  string
}

// Looked takes a look into how a source is read.
func Looked(r veille.Legibility, l Look) veille.Legibility {
	if !l.Readable {
		r.Unread++
		r.Why = l.Why
		return r
	}
	// A run of misses counts once it is over: while it lasts it must not change
	// what it is judged by.
	r.Tried += float64(min(r.Unread, fading)) + 1
	r.Good++
	if r.Tried > fading {
		r.Good, r.Tried = r.Good*fading/r.Tried, fading
	}
	r.Unread, r.Why = 0, ""
	if l.Text != "" && l.Text == r.Text {
		r.Alike++
	} else {
		r.Text, r.Alike = l.Text, 1
	}
	r.Words = l.Words
	length := math.Log(float64(max(l.Words, 1)))
	if r.Measured >= measured && length < r.Length-3*max(math.Sqrt(r.Spread), leastSpread) && length < r.Length+math.Log(shortPart) {
		r.Short++
		return r
	}
	r.Short = 0
	r.Measured = min(r.Measured+1, fading)
	weight := 1 / float64(min(r.Measured, 50))
	off := length - r.Length
	r.Length += weight * off
	if r.Measured > 1 {
		r.Spread += weight * (off*off*(1-weight) - r.Spread)
	}
	return r
}

// unreadable reports whether so many pages in a row were no articles that this
// is no chance.
func unreadable(r veille.Legibility) bool {
	readable := min((r.Good+2)/(r.Tried+4), surest)
	return r.Unread >= leastRun && math.Pow(1-readable, float64(r.Unread)) <= chance
}

// usual is how many words a body has.
func usual(r veille.Legibility) int { return int(math.Round(math.Exp(r.Length))) }
