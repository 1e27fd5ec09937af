package discover

import (
	"strings"
	"unicode"
)

func (x *candidate) anchorScore() {
	label := x.label()
	words := x.words()
	switch {
	case words >= 10:
		x.score.add(2.5, "ten words or more in the text")
	case words >= 6:
		x.score.add(1.5, "six words or more in the text")
	case words >= 4:
		x.score.add(0.8, "four words or more in the text")
	case words <= 2:
		x.score.add(-0.8, "two words or less in the text")
	}
	if words >= 4 && strings.ContainsAny(label, "?!:\"“”„«»‘’") {
		x.score.add(0.5, "a headline's punctuation")
	}
	if isPaidFor(label) {
		x.score.add(-4, "marked as paid for")
	}
	if isMenuAnchor(label) {
		x.score.add(-1, "a menu's text")
	}
	if isNumber(label) {
		x.score.add(-3, "a number for a text")
	}
	if words <= 4 && x.namesItself(label) {
		x.score.add(-1.5, "an address that only repeats the text")
	}
}

// namesItself reports whether the address of a short link is its text again,
// as a section's is: "/find-your-station" called "Find your station". A
// headline is longer, or cut and numbered.
func (x *candidate) namesItself(label string) bool {
	leaf := x.address.leaf()
	if len(leaf) > 60 || strings.ContainsAny(leaf, "0123456789") || x.heading || !x.published.IsZero() {
		return false
	}
	if day, month := dateIn(x.address.segments); day || month {
		return false
	}
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, s)
	}
	return letters(leaf) == letters(label) && leaf != ""
}

// isNumber recognises the links of a pager.
func isNumber(label string) bool {
	return label != "" && len(label) <= 5 && strings.Trim(label, "0123456789") == ""
}

func (x *candidate) placeScore() {
	switch chrome(x.place) {
	case 3:
		x.score.add(-2, "in a menu or footer")
	case 2:
		x.score.add(-1, "in the header")
	}
	if x.heading {
		x.score.add(1.5, "a heading")
	}
	if !x.published.IsZero() {
		x.score.add(0.5, "a date")
	}
}

// isPlainEntry reports whether a link outside the menus has, for all its
// shortness, the looks of an entry in a list of articles.
func (x *candidate) isPlainEntry() bool {
	label := x.label()
	if chrome(x.place) > 0 || x.offSite || isMenuAnchor(label) || isNumber(label) || len(x.address.segments) == 0 && x.address.query == "" {
		return false
	}
	words := x.words()
	for i, s := range x.address.segments {
		s = stem(s)
		if isMenuWord(s) || isMediaWord(s) {
			return false
		}
		if i == len(x.address.segments)-1 {
			// "/local-news" called "Local news" is a section.
			return strings.ContainsAny(s, "0123456789") || slugWords(s) >= 2 && (i > 0 || words >= 3) || words >= 4 || x.heading ||
				hasQueryID(x.address.query) || s != x.address.segments[i] && i > 0
		}
		if isArticleWord(s) && i == len(x.address.segments)-2 && (words >= 3 || s == "article" || s == "articles" || s == "story" || s == "stories") {
			return true
		}
	}
	return hasQueryID(x.address.query)
}
