package discover

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"veille"
)

// candidate is one address that a section page links to, with all that its
// links say about it.
type candidate struct {
	url     string
	address splitAddress
	shape   string // of the address
	text    string
	title   string // a heading within or around the link
	// place is the best of the places where it is linked.
	place     place
	sig       uint64
	blocks    []int // of its first links
	heading   bool
	published time.Time
	listed    bool // in a JSON-LD ItemList
	offSite   bool
	sister    bool // of the same name under another suffix
	score     score
}

// outlink is a candidate as a listing shows it.
func (x *candidate) outlink() veille.Outlink {
	o := veille.Outlink{URL: x.url, Title: x.label(), Published: x.published, Score: probability(x.score.sum), Why: x.score.why}
	if x.listed && x.score.sum >= scoreAccept && o.Score < scoreItemList {
		o.Score = scoreItemList
		if x.score.tell {
			o.Why = append(slices.Clip(o.Why), "at least 0.9: in the page's list of items")
		}
	}
	return o
}

func (x *candidate) label() string {
	if x.title != "" {
		return x.title
	}
	return x.text
}

func (x *candidate) words() int { return countWords(x.label()) }

// countWords counts words with a letter; four Chinese, Japanese or Korean
// characters count as one.
func countWords(s string) int {
	n, wide := 0, 0
	for w := range strings.FieldsSeq(s) {
		narrow := false
		for _, r := range w {
			if unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana) {
				wide++
			} else if unicode.IsLetter(r) {
				narrow = true
			}
		}
		if narrow {
			n++
		}
	}
	return n + (wide+3)/4
}
