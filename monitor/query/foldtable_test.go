package query

import (
	"bytes"
	"encoding/binary"
	"flag"
	"os"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var update = flag.Bool("update", false, "write fold.bin anew")

// TestFoldTable_IsWhatUnicodeSays makes the table from the rules below, and
// compares it with the one that is embedded.
func TestFoldTable_IsWhatUnicodeSays(t *testing.T) {
	var out []byte
	number := func(n int) { out = binary.LittleEndian.AppendUint32(out, uint32(n)) }
	const size = 1 << foldBits
	var index []uint16
	var blocks []uint32
	var many [][]atom
	known := map[[size]uint32]uint16{}
	for r := rune(0); r <= utf8.MaxRune; r += size {
		var block [size]uint32
		for i := range block {
			c := r + rune(i)
			switch found := single(appendFold(nil, c)); len(found) {
			case 0:
				block[i] = uint32(newAtom(classDrop, 0))
			case 1:
				block[i] = uint32(found[0])&^0x1fffff | uint32(found[0].rune()-c)&0x1fffff
			default:
				block[i] = uint32(newAtom(classMany, rune(len(many))))
				many = append(many, found)
			}
			if a := atom(block[i]).class(); a == classBreak || a == classDrop {
				block[i] = uint32(newAtom(a, 0))
			}
		}
		n, ok := known[block]
		if !ok {
			n = uint16(len(known))
			known[block] = n
			blocks = append(blocks, block[:]...)
		}
		index = append(index, n)
	}
	number(len(index))
	for _, n := range index {
		out = binary.LittleEndian.AppendUint16(out, n)
	}
	number(len(blocks))
	for _, b := range blocks {
		number(int(b))
	}
	number(len(many))
	for _, m := range many {
		number(len(m))
		for _, a := range m {
			number(int(a))
		}
	}
	if *update {
		if err := os.WriteFile("fold.bin", out, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(out, foldData) {
		t.Errorf("fold.bin is not what the rules make of Unicode %s: go test -run FoldTable -update", unicode.Version)
	}
}

// single drops the marks that change nothing, so that é is one letter.
func single(atoms []atom) []atom {
	var out []atom
	for i, a := range atoms {
		if a.class() != classMark || i == 0 || composes(a.rune()) {
			out = append(out, a)
		}
	}
	return out
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

// isUnspaced reports whether r belongs to a script other than Chinese and
// Japanese that is written without spaces.
func isUnspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) &&
		unicode.In(r, unicode.L, unicode.M, unicode.N)
}

func isSuperscriptDigit(r rune) bool {
	return r == '²' || r == '³' || r == '¹' || r == '⁰' || r >= '⁴' && r <= '⁹'
}
