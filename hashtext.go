package veille

import (
	"unicode"
	"unicode/utf8"
)

// HashText names a paragraph: 64 bits of FNV-1a over its letters and digits in
// lower case, so that white space and punctuation do not tell two apart.
func HashText(text string) uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	for _, r := range text {
		if r < utf8.RuneSelf { // most text, without a call
			switch {
			case 'A' <= r && r <= 'Z':
				h = (h ^ uint64(r|0x20)) * prime
			case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
				h = (h ^ uint64(r)) * prime
			}
			continue
		}
		if r = unicode.ToLower(r); isWordRune(r) {
			var buf [utf8.UTFMax]byte
			for _, c := range buf[:utf8.EncodeRune(buf[:], r)] {
				h = (h ^ uint64(c)) * prime
			}
		}
	}
	return h
}
