package discover

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"veille/crawler/calendar"
)

// The terms follow the measurements of a linear score over news pages: URL,
// anchor and place on the page each add or take away, 0 accepts.
const (
	scoreStart   = -2.0
	scoreAccept  = 0.0
	minArticleID = 5 // digits
)

// address adds up what the address alone says.
func (s *score) address(a splitAddress) {
	s.add(scoreStart, "any link")
	day, month := dateIn(a.segments)
	words, id, articleWord, menu, media := 0, false, false, 0.0, false
	for i, seg := range a.segments {
		seg = stem(seg)
		words = max(words, slugWords(seg))
		id = id || isArticleID(seg)
		articleWord = articleWord || isArticleWord(seg)
		media = media || isMediaWord(seg)
		switch {
		case isSmallPrintWord(seg):
			menu = 5
		case isMenuWord(seg):
			menu = max(menu, 2)
			if i == 0 || i == len(a.segments)-1 {
				menu = 5
			}
		}
	}
	switch {
	case words >= 7:
		s.add(3.5, "seven words or more in the address")
	case words >= 5:
		s.add(3, "five words or more in the address")
	case words == 4:
		s.add(2, "four words in the address")
	case words == 3:
		s.add(1, "three words in the address")
	}
	switch {
	case day:
		s.add(3, "a day in the address")
	case month:
		s.add(2, "a month in the address")
	}
	if id {
		s.add(1.5, "an article's number in the address")
	}
	if hasQueryID(a.query) {
		s.add(2.5, "an article's number in the query")
		articleWord = articleWord || len(a.segments) > 0
	}
	leaf := a.leaf()
	if utf8.RuneCountInString(leaf) >= 40 {
		s.add(0.5, "a long address")
	}
	if articleWord {
		s.add(0.7, "an article's word in the address")
	}
	switch {
	case day && (words >= 3 || id):
		// An article under a menu word: /newsroom/2026/11/23/a-long-slug.
		menu = min(menu, 2)
	case media && !day:
		// Something to watch or hear, with no text to match.
		menu = max(menu, 7)
	}
	s.add(-menu, "a menu's word in the address")
	if len(a.segments) <= 1 && utf8.RuneCountInString(leaf) < 20 && words < 3 && !hasQueryID(a.query) {
		s.add(-1.5, "one short word in the address")
	}
}

// slugWords counts the words of a segment: letters between hyphens and the
// like. Korean, Chinese and Japanese have longer words than they write spaces.
func slugWords(s string) int {
	n, wide := 0, 0
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		letters := 0
		for _, r := range w {
			if unicode.IsLetter(r) {
				letters++
				if r >= 0x1100 {
					wide++
				}
			}
		}
		if letters > 0 && !(letters < len(w) && len(w) > 12) {
			n++
		}
	}
	return max(n, wide/3)
}

// dateIn finds a day or a month in a path: /2026/11/23/, /2026-11-23-slug,
// /20261123, /AFR20261123000700; /2026/11/, /2026/nov/.
func dateIn(segments []string) (day, month bool) {
	for i, s := range segments {
		if isYear(s) && i+1 < len(segments) && isMonth(segments[i+1]) {
			month = true
			if i+2 < len(segments) && isDay(segments[i+2]) {
				return true, true
			}
		}
		for j := 0; j+8 <= len(s); j++ {
			if s[j] != '1' && s[j] != '2' || j > 0 && isDigit(s[j-1]) || !isYear(s[j:j+4]) {
				continue
			}
			rest := s[j+4:]
			if isDigit(rest[0]) {
				if isMonth(rest[:2]) && isDay(rest[2:4]) {
					return true, true
				}
			} else if len(rest) >= 6 && (rest[0] == '-' || rest[0] == '_') && isMonth(rest[1:3]) && rest[3] == rest[0] && isDay(rest[4:6]) {
				return true, true
			}
		}
	}
	return false, month
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isYear(s string) bool {
	n, ok := allDigits(s)
	return ok && len(s) == 4 && n >= 1990 && n < 2100
}

func isMonth(s string) bool {
	if len(s) == 3 {
		return calendar.Month(s) != 0
	}
	n, ok := allDigits(s)
	return ok && len(s) <= 2 && n >= 1 && n <= 12
}

func isDay(s string) bool {
	n, ok := allDigits(s)
	return ok && len(s) <= 2 && n >= 1 && n <= 31
}

// isArticleID finds five digits in a row, 24 hexadecimal digits, or a UUID; or
// a token of letters and digits mixed as in "c4gpxz9d2zno".
func isArticleID(s string) bool {
	run, hexRun := 0, 0
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) {
			if run++; run >= minArticleID {
				return true
			}
		} else {
			run = 0
		}
		if isHexDigit(s[i]) || s[i] == '-' && hexRun > 0 {
			if hexRun++; hexRun >= 24 && strings.ContainsAny(s, "0123456789") {
				return true
			}
		} else {
			hexRun = 0
		}
	}
	return isMixedToken(s)
}

// isMixedToken recognises short opaque ids: eight or more letters and digits
// that change over at least three times.
func isMixedToken(s string) bool {
	if len(s) < 8 || len(s) > 24 {
		return false
	}
	changes := 0
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) && (s[i] < 'a' || s[i] > 'z') {
			return false
		}
		if i > 0 && isDigit(s[i]) != isDigit(s[i-1]) {
			changes++
		}
	}
	return changes >= 3
}

// hasQueryID finds a parameter that numbers an article, with a number in it.
func hasQueryID(query string) bool {
	for p := range strings.SplitSeq(strings.ToLower(query), "&") {
		key, value, _ := strings.Cut(p, "=")
		if !strings.ContainsAny(value, "0123456789") {
			continue
		}
		switch key {
		case "idxno", "aid", "article_id", "articleid", "article", "art_id", "no", "id", "newsid", "news_id", "news_no", "newsno", "story", "storyid",
			"id_article", "contid", "contentid", "docid", "nid", "sno", "seq", "ncd", "arcid", "cid", "gid", "uid", "idx", "news_seq_no", "viewid", "p":
			return true
		}
	}
	return false
}
