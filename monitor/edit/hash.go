package edit

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode"
)

// TextHash identifies a title and body whatever their case, spacing,
// punctuation and composition; hex SHA-256. The second result counts the
// words, an ideograph or kana being one.
func TextHash(title, body string) (string, int) {
	h := sha256.New()
	words := 0
	buf := make([]byte, 0, 64)
	for _, lines := range [2][]string{{Form(title)}, Steady(body)} {
		for _, line := range lines {
			inWord := false
			for _, r := range line {
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
					inWord = false
					continue
				}
				if !inWord || ideographic(r) {
					words++
				}
				inWord = true
				buf = append(buf, string(unicode.ToLower(r))...)
				if len(buf) > 48 {
					_, _ = h.Write(buf)
					buf = buf[:0]
				}
			}
		}
		buf = append(buf, 0)
	}
	_, _ = h.Write(buf)
	return hex.EncodeToString(h.Sum(nil)), words
}

func ideographic(r rune) bool {
	return r >= 0x3040 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r))
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
