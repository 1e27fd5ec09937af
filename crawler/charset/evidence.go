package charset

import "unicode/utf8"

// What refutes a declared single-byte charset: so many characters beyond ASCII,
// and a charset that scores so much.
const (
	leastRefuting = 50
	surelyRead    = 0.5
)

// fits reports whether a declared charset can be the body's: one where over
// 2 % of the characters beyond ASCII do not decode is declared wrongly.
func fits(body []byte, name string) bool {
	if !multiByte(name) {
		return true
	}
	text, ok := decodeAs(body, name)
	if !ok {
		return false
	}
	bad, high := badRunes(text)
	return bad*50 <= high
}

// refuted reports whether a declared single-byte charset, in which any bytes
// decode, shows a text that no language writes, where another charset shows one
// that a language does. Such a declaration is a server's or template's default.
func refuted(body []byte, name string) bool {
	if !singleByte(name) || ascii(body) {
		return false
	}
	sample := textSample(body)
	r := read(sample, name)
	if r.multi || r.high < leastRefuting {
		return false
	}
	if !r.latin || loneShare(sample) > 0.5 {
		for _, l := range languages() {
			if r.score(l) > 0 {
				return false
			}
		}
	}
	_, score := detect(sample, "")
	return score > surelyRead
}

// loneShare is the share of bytes beyond ASCII that stand alone or in pairs, as
// in any text of Latin letters and hardly one of another script.
func loneShare(sample []byte) float64 {
	lone, all, run := 0, 0, 0
	for i := 0; i <= len(sample); i++ {
		if i < len(sample) && sample[i] >= 0x80 {
			run++
			continue
		}
		if all += run; run <= 2 {
			lone += run
		}
		run = 0
	}
	if all == 0 {
		return 1
	}
	return float64(lone) / float64(all)
}

// badRunes counts the replacement characters and the other runes beyond ASCII.
func badRunes(text []byte) (bad, high int) {
	for _, r := range string(text) {
		switch {
		case r == utf8.RuneError:
			bad++
		case r >= utf8.RuneSelf:
			high++
		}
	}
	return bad, high
}

// almostUTF8 reports whether the bytes that are not UTF-8 number under 2 % of
// the characters beyond ASCII; surely, when so many are UTF-8 that no other
// charset can look like that.
func almostUTF8(body []byte) (almost, surely bool) {
	bad, high := 0, 0
	for i := 0; i < len(body); {
		if body[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			high++
		}
		i += n
	}
	almost = bad*50 < high
	return almost, almost && high >= 100
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
