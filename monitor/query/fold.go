package query

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// class says what a folded character does to the word being read.
type class uint32

const (
	classBreak  class = iota // ends a word
	classDrop                // does not exist
	classMark                // an accent: extends the letter before it, is not compared
	classLetter              // continues a word
	classJamo                // a letter that may complete the Hangul syllable before it
	classSolo                // a word of its own
	classKata                // a word of its own, in a katakana run
	classMany                // several atoms: the rest is an index into folder.many
)

// atom is one folded character with its class.
type atom uint32

func newAtom(c class, r rune) atom { return atom(uint32(c)<<21 | uint32(r)) }
func (a atom) class() class        { return class(a >> 21) }
func (a atom) rune() rune          { return rune(a & 0x1fffff) }

// folder remembers the folding of the Basic Multilingual Plane. Its zero value
// works too, more slowly, which suits the few words of a query.
type folder struct {
	bmp  []atom
	many [][]atom
}

func newFolder() *folder {
	f := &folder{bmp: make([]atom, 0x10000)}
	var buf []atom
	for r := range rune(0x10000) {
		buf = appendFold(buf[:0], r)
		switch len(buf) {
		case 0:
			f.bmp[r] = newAtom(classDrop, r)
		case 1:
			f.bmp[r] = buf[0]
		default:
			f.bmp[r] = newAtom(classMany, rune(len(f.many)))
			f.many = append(f.many, append([]atom(nil), buf...))
		}
	}
	return f
}

// atom returns the folding of r; one of classMany stands for several.
func (f *folder) atom(r rune) atom {
	if r < 0x10000 && f.bmp != nil {
		return f.bmp[r]
	}
	var buf [4]atom
	switch found := appendFold(buf[:0], r); len(found) {
	case 0:
		return newAtom(classDrop, r)
	case 1:
		return found[0]
	}
	return newAtom(classMany, 0)
}

// appendFold appends what r is compared as.
func appendFold(dst []atom, r rune) []atom {
	switch {
	case r < utf8.RuneSelf, isHan(r), isHangul(r), r >= 0x3041 && r <= 0x3096, r >= 0x30a1 && r <= 0x30fa:
		return appendDecomposed(dst, r)
	case r == 'й' || r == 'Й':
		// Composing its parts would come to the same, more slowly.
		return append(dst, newAtom(classLetter, 'й'))
	case isSuperscriptDigit(r):
		// A note mark is not part of the word before it.
		dst = append(dst, newAtom(classBreak, ' '))
	case !isWordRune(r):
		return appendDecomposed(dst, r)
	}
	for _, d := range norm.NFKD.String(string(r)) {
		dst = appendDecomposed(dst, d)
	}
	return dst
}

// appendDecomposed appends a character that has no compatibility decomposition
// left, or is kept whole.
func appendDecomposed(dst []atom, r rune) []atom {
	switch {
	case isIgnored(r):
		return dst
	case isHan(r), isUnspaced(r), r >= 0x3041 && r <= 0x3096, r == 0x309d, r == 0x309e:
		return append(dst, newAtom(classSolo, r))
	case r >= 0x30a1 && r <= 0x30fa, r >= 0x30fc && r <= 0x30ff, r >= 0x31f0 && r <= 0x31ff:
		return append(dst, newAtom(classKata, r))
	case isHangul(r):
		return append(dst, newAtom(classLetter, r))
	case r >= 0x1100 && r <= 0x11ff:
		return append(dst, newAtom(classJamo, r))
	case isAccent(r):
		return append(dst, newAtom(classMark, r))
	case !isWordRune(r):
		return append(dst, newAtom(classBreak, ' '))
	}
	r = unicode.ToLower(unicode.ToUpper(r))
	for _, s := range spelledOut(r) {
		dst = append(dst, newAtom(classLetter, s))
	}
	return dst
}

// spelledOut gives the letters that Unicode does not decompose but readers take
// for others.
func spelledOut(r rune) string {
	switch r {
	case 'œ':
		return "oe"
	case 'æ':
		return "ae"
	case 'ß':
		return "ss"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ':
		return "d"
	case 'ٱ':
		return "ا"
	case 'ة':
		return "ه"
	case 'ى', 'ی':
		return "ي"
	case 'ک':
		return "ك"
	}
	return string(r)
}

// isWordRune reports whether r can be part of a word. The modifier letters
// U+02B9 to U+02BF write apostrophes and transliterated glottal stops.
func isWordRune(r rune) bool {
	if r >= 0x02b9 && r <= 0x02bf || r == 0x02ee {
		return false
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.N) || r >= 0x2e80 && r <= 0x2fd5
}

// isIgnored reports whether r leaves no trace: format characters, the tatweel,
// variation selectors and Hangul fillers.
func isIgnored(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return false
	case r == 0x0640, r == 0x034f, r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0:
		return true
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0x180b && r <= 0x180f, r >= 0xe0100 && r <= 0xe01ef:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// isAccent reports whether r is a mark that is not compared: those of Latin,
// Greek, Cyrillic, Hebrew and Arabic. The two voicing marks of kana are here
// because they always join the kana before them. Marks of other scripts are
// vowels, and stay.
func isAccent(r rune) bool {
	switch {
	case r < 0x0300:
		return false
	case r <= 0x036f, r >= 0x0483 && r <= 0x0489:
		return true
	case r >= 0x0591 && r <= 0x08ff, r >= 0x1ab0 && r <= 0x1aff, r >= 0x1dc0 && r <= 0x1dff,
		r >= 0x20d0 && r <= 0x20ff, r >= 0x2de0 && r <= 0x2dff, r >= 0xa66f && r <= 0xa69f,
		r >= 0xfb1d && r <= 0xfdff, r >= 0xfe20 && r <= 0xfe2f:
		return unicode.Is(unicode.M, r) && !unicode.In(r, unicode.Syriac, unicode.Thaana, unicode.Nko,
			unicode.Samaritan, unicode.Mandaic)
	}
	return r == 0x3099 || r == 0x309a
}

func isHan(r rune) bool {
	switch {
	case r >= 0x4e00 && r <= 0x9fff, r >= 0x3400 && r <= 0x4dbf, r == 0x3005, r == 0x3007:
		return true
	case r >= 0x20000 && r <= 0x323af:
		return r < 0x2f800 || r > 0x2fa1f // compatibility ideographs decompose
	}
	return false
}

func isHangul(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 }

// isUnspaced reports whether r belongs to a script other than Chinese and
// Japanese that is written without spaces.
func isUnspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) &&
		unicode.In(r, unicode.L, unicode.M, unicode.N)
}

func isSuperscriptDigit(r rune) bool {
	return r == '²' || r == '³' || r == '¹' || r == '⁰' || r >= '⁴' && r <= '⁹'
}

// compose joins a mark or jamo to the character before it, or returns 0.
func compose(last, r rune) rune {
	const (
		lBase, vBase, tBase, sBase = 0x1100, 0x1161, 0x11a7, 0xac00
		lCount, vCount, tCount     = 19, 21, 28
	)
	switch {
	case r == 0x0306 && last == 'и':
		return 'й'
	case r == 0x3099 || r == 0x309a:
		joined := norm.NFC.String(string([]rune{last, r}))
		if c, size := utf8.DecodeRuneInString(joined); size == len(joined) {
			return c
		}
	case r >= vBase && r < vBase+vCount && last >= lBase && last < lBase+lCount:
		return sBase + ((last-lBase)*vCount+(r-vBase))*tCount
	case r > tBase && r < tBase+tCount && isHangul(last) && (last-sBase)%tCount == 0:
		return last + (r - tBase)
	}
	return 0
}
