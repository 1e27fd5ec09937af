package notify

import "strings"

// mrkdwnEscape writes one grapheme of cleaned text so that Slack shows it and
// acts on nothing in it. Slack has an escape for the three characters of its
// links and mentions only; the characters that style text are replaced by ones
// that look the same.
func mrkdwnEscape(g string) string {
	if !strings.ContainsAny(g, "&<>*_~`") {
		return g
	}
	return mrkdwnReplacer(g)
}

func mrkdwnReplacer(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '*':
			b.WriteRune('∗') // U+2217
		case '_':
			b.WriteRune('＿') // U+FF3F
		case '~':
			b.WriteRune('∼') // U+223C
		case '`':
			b.WriteRune('ˋ') // U+02CB
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// zeroWidth separates what Slack would otherwise read together.
const zeroWidth = "\u200b"

// inert breaks what Slack reads without any escapable character: the name of
// an emoji between colons, and a quotation mark at the start of a line. It is
// told neither to make links of addresses nor to look for names.
func inert(s string, _ rune) string {
	if strings.HasPrefix(s, ">") {
		s = zeroWidth + s
	}
	if strings.Count(s, ":") < 2 {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if s[i] == ':' && emojiName(s[i+1:]) {
			b.WriteString(zeroWidth)
		}
	}
	return b.String()
}

// emojiName reports whether s begins with the name of an emoji and a colon.
func emojiName(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case c == ':':
			return i > 0
		case c >= 0x80, 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-', c == '+', c == '\'':
		default:
			return false
		}
		if i > 100 {
			return false
		}
	}
	return false
}

// slackDialect is Slack's mrkdwn. A star is bold for Slack only between spaces.
func slackDialect() dialect {
	bold := [2]string{"*", "*"}
	return dialect{
		inert: inert, escape: mrkdwnEscape, measure: units, apart: true,
		marks: map[style][2]string{strong: bold, hit: bold, come: bold, gone: {"~", "~"}},
		link: func(href, label string) string {
			return "<" + strings.ReplaceAll(href, "&", "&amp;") + "|" + label + ">"
		},
		newline: "\n", gap: "\n", label: "\n",
	}
}
