package query

import (
	"bytes"
	"unicode/utf8"
)

// maxParticle is the length of the longest particle, in syllables.
const maxParticle = 4

// isParticle reports whether s is a Korean particle, or a usual chain of them,
// as it is written attached to a noun.
func isParticle(s []byte) bool {
	switch string(s) {
	case "은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "도", "만", "로", "나", "랑", "께",
		"에서", "에게", "으로", "까지", "부터", "처럼", "보다", "한테", "께서", "이나", "이랑", "하고", "마다",
		"조차", "마저", "밖에", "라도", "이라", "이란", "라는", "라고", "이며", "이자", "로서", "로써", "같은",
		"에는", "에도", "에만", "에의", "와의", "과의", "와는", "과는", "와도", "과도", "로는", "로도", "로의",
		"만은", "만이", "만을", "만의", "까지도", "까지는", "까지의", "부터는", "부터의", "보다는", "보다도",
		"에서는", "에서도", "에서만", "에서의", "에게는", "에게도", "에게서", "에게만", "한테는", "한테서",
		"으로는", "으로도", "으로의", "으로서", "으로써", "으로부터", "로부터", "에서부터", "에게로", "께서는",
		"이라도", "이라는", "이라고", "처럼은", "이었다", "이다", "입니다":
		return true
	}
	return false
}

// nouns calls yield for each shorter reading of a Hangul word: the word without
// a particle, where at least two characters remain.
func nouns(word []byte, yield func(noun []byte)) {
	end := len(word)
	for range maxParticle {
		r, size := utf8.DecodeLastRune(word[:end])
		if !isHangul(r) {
			return
		}
		end -= size
		if _, first := utf8.DecodeRune(word[:end]); end == 0 || first == end {
			return
		}
		if isParticle(word[end:]) {
			yield(word[:end])
		}
	}
}

func isHangulEnd(word []byte) bool {
	r, _ := utf8.DecodeLastRune(word)
	return isHangul(r)
}

// clitics are the particles that Arabic writes together with the word after
// them, with what remains to be written before the word.
var clitics = [...]struct{ attached, left string }{
	{"و", ""}, {"ف", ""}, {"ب", ""}, {"ك", ""}, {"ل", ""}, {"ال", ""},
	{"وال", ""}, {"فال", ""}, {"بال", ""}, {"كال", ""}, {"وبال", ""}, {"وب", ""}, {"ول", ""}, {"وك", ""},
	{"لل", ""}, {"ولل", ""}, {"لل", "ال"}, {"ولل", "ال"},
}

// leastArabic is how many letters a word keeps without its clitics.
const leastArabic = 3

// wordReadings calls yield with a folded word and with what it may be without its
// particles, numbered from 0 on. The bytes are valid until yield returns.
func wordReadings(word []byte, kind class, yield func(reading []byte, i int)) {
	yield(word, 0)
	if kind != classLetter || len(word) == 0 {
		return
	}
	n := 1
	if word[len(word)-1] >= utf8.RuneSelf {
		nouns(word, func(noun []byte) {
			yield(noun, n)
			n++
		})
	}
	// The letters of Arabic begin with these bytes.
	if word[0] < 0xd8 || word[0] > 0xd9 {
		return
	}
	var buf [128]byte
	for _, c := range clitics {
		rest, ok := bytes.CutPrefix(word, []byte(c.attached))
		if !ok || utf8.RuneCount(rest) < leastArabic || len(rest)+len(c.left) > len(buf) {
			continue
		}
		yield(append(append(buf[:0], c.left...), rest...), n)
		n++
	}
}
