package discover

import (
	"html"
	"strings"
	"unicode"
)

// maxTitle bounds an outlink's title, in runes: it is a hint, not the article.
const maxTitle = 300

// htmlText makes plain text of a title that may hold HTML, as RSS titles do:
// tags go, entities are written out, white space is one blank.
func htmlText(s string) string {
	if strings.ContainsRune(s, '<') {
		s = stripTags(s)
	}
	if strings.ContainsRune(s, '&') {
		s = html.UnescapeString(s)
		// "&amp;amp;": escaped once by the writer, once more by his tool.
		if strings.ContainsRune(s, '&') {
			s = html.UnescapeString(s)
		}
	}
	return plainText(s)
}

// stripTags removes what looks like a tag; "3 < 4" stays.
func stripTags(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 >= len(s) {
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		c := s[1]
		end := strings.IndexByte(s, '>')
		if end < 0 || !(c == '/' || c == '!' || c|0x20 >= 'a' && c|0x20 <= 'z') {
			b.WriteByte('<')
			s = s[1:]
			if end < 0 {
				break
			}
			continue
		}
		tag := strings.ToLower(s[1:end])
		if !isInline(strings.TrimLeft(tag, "/")) {
			b.WriteByte(' ')
		}
		s = s[end+1:]
	}
	b.WriteString(s)
	return b.String()
}

// isInline reports whether a tag may stand within a word.
func isInline(tag string) bool {
	name, _, _ := strings.Cut(strings.TrimRight(tag, "/ "), " ")
	switch name {
	case "a", "b", "i", "u", "em", "strong", "span", "font", "sup", "sub", "mark", "small", "wbr":
		return true
	}
	return false
}

// plainText joins the words of s with one blank and drops characters that do
// not show, at most maxTitle runes.
func plainText(s string) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = n > 0
			continue
		case unicode.IsControl(r) || r == '\ufeff' || r == '\u00ad' || r == '\u200b':
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
			n++
		}
		if n++; n > maxTitle {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}
