package charset

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// score is the mean of the characters beyond ASCII as text of a language.
func (r *reading) score(l language) float64 {
	if r.multi {
		return r.mean
	}
	if r.high == 0 {
		return 0
	}
	var sum float64
	for _, o := range r.seen {
		sum += float64(o.n) * value(o.r, o.context, l.letters)
	}
	return sum / float64(r.high)
}

// letterClass is the context that a character makes for the next one.
func letterClass(r rune) int {
	switch {
	case r == 'ª' || r == 'º' || r == 'µ' || r == utf8.RuneError:
		return 0
	case unicode.IsLower(r):
		return afterLower
	case unicode.IsUpper(r):
		return afterUpper
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return afterOther
	}
	return 0
}

// value is how likely a character is where it stands, in a language with these
// letters: 1 for a frequent letter, below zero for what a wrong charset shows,
// such as a capital after a small letter or a sign within a word.
func value(r rune, context int, letters string) float64 {
	before := context&(afterLower|afterUpper|afterOther) != 0
	within := before && context&beforeLetter != 0
	class := letterClass(r)
	switch {
	case r == utf8.RuneError || r < 0xA0:
		return -2
	case class == afterUpper && context&afterLower != 0:
		return -1
	case class != 0:
		at := strings.IndexRune(letters, unicode.ToLower(r))
		if at < 0 {
			at = strings.IndexRune(letters, r)
		}
		if at < 0 {
			if sameScript(r, letters) {
				return -0.4
			}
			return -0.8
		}
		switch n := utf8.RuneCountInString(letters[:at]); {
		case n < 6:
			return 1
		case n < 10:
			return 0.9
		case n < 14:
			return 0.6
		case n < 20:
			return 0.5
		case n < 28:
			return 0.4
		}
		return 0.3
	}
	switch r {
	case '’', '\u00a0', '\u00ad', '–', '·', '\u200c':
		if within {
			return 0.3
		}
		return 0.4
	case '“', '”', '„', '«', '»', '‘', '‚', '—', '…', '€', '‹', '›', '•', '\u200e', '\u200f':
		if within {
			return -0.4
		}
		return 0.5
	case '©', '®', '™', '°', '§', '£', '×', '¡', '¿', 'º', 'ª', '،', '؛', '؟', '№':
		if within {
			return -0.6
		}
		return 0.1
	}
	switch {
	case within:
		return -1
	case before || context&beforeLetter != 0:
		return -0.6
	}
	return -0.2
}

// sameScript reports whether a letter is of the script of the others: the
// blocks of Unicode that these charsets reach hold a script each.
func sameScript(r rune, letters string) bool {
	first, _ := utf8.DecodeRuneInString(letters)
	return r>>8 == first>>8 || r < 0x250 && first < 0x250
}
