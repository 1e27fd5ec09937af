package veille

import (
	"strings"
	"unicode"
)

// Caret shows a line of text with a caret below one of its bytes, both indented
// by four blanks; a long line is cut around the place.
func Caret(line string, at int) string {
	const before, after = 100, 60
	head, tail := []rune(line[:at]), []rune(line[at:])
	if len(head) > before {
		head = append([]rune("…"), head[len(head)-before:]...)
	}
	if len(tail) > after {
		tail = append(tail[:after:after], '…')
	}
	var pad strings.Builder
	for _, r := range head {
		if r == '\t' {
			pad.WriteByte('\t')
			continue
		}
		pad.WriteString("  "[:columns(r)])
	}
	return "    " + string(head) + string(tail) + "\n    " + pad.String() + "^"
}

// Columns counts the columns in which a terminal shows a text.
func Columns(text string) int {
	n := 0
	for _, r := range text {
		n += columns(r)
	}
	return n
}

func columns(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc):
		return 0
	case wide(r):
		return 2
	}
	return 1
}

// wide reports whether a terminal shows a character in two columns (Unicode
// Standard Annex 11, the wide and fullwidth blocks).
func wide(r rune) bool {
	for _, b := range [][2]rune{
		{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xA960, 0xA97C}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
		{0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD},
	} {
		if r >= b[0] && r <= b[1] {
			return true
		}
	}
	return false
}
