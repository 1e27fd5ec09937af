package notify

import (
	"strings"
	"unicode"
)

// disarm breaks, with a space of no width, what services make active without
// any markup: addresses, mentions, tags, commands, names of emoji, entities.
// What a reader sees stays the same.
// next is what follows the text, a space at its end.
func disarm(s string, next rune) string {
	if !strings.ContainsAny(s, "@#$/:.&~<") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	before, all := ' ', []rune(s)
	for i, r := range all {
		after := next
		if i+1 < len(all) {
			after = all[i+1]
		}
		b.WriteRune(r)
		if arms(before, r, after) {
			b.WriteString(zeroWidth)
		}
		before = r
	}
	return b.String()
}

// arms reports whether a character would begin something active with the one
// after it.
func arms(before, r, after rune) bool {
	word := after == '_' || unicode.IsLetter(after) || unicode.IsDigit(after)
	switch r {
	case '@', '#', '$', '&', '~':
		return word || r == '&' && after == '#'
	case '<':
		return after != ' '
	case ':':
		return after != ' ' && !(unicode.IsDigit(before) && unicode.IsDigit(after))
	case '/':
		return word && before != '/' && !unicode.IsLetter(before) && !unicode.IsDigit(before)
	case '.':
		return unicode.IsLetter(after)
	}
	return false
}
