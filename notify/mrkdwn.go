package notify

import (
	"strings"
	"unicode/utf8"
)

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

// mrkdwn writes cleaned text for a mrkdwn place of at most limit units.
func mrkdwn(s string, limit int) string { return fit(inert(s), limit, mrkdwnEscape, units) }

// inert breaks what Slack reads without any escapable character: the name of
// an emoji between colons, and a quotation mark at the start of a line.
func inert(s string) string {
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

// mrkdwnLink writes a link with a cleaned label, or the label alone where the
// address is not one to open.
func mrkdwnLink(address, label string, limit int) string {
	href := strings.ReplaceAll(link(address), "&", "&amp;")
	if href == "" || units(href)+40 > limit {
		return mrkdwn(label, limit)
	}
	return "<" + href + "|" + mrkdwn(label, limit-units(href)-3) + ">"
}

// mrkdwnSpans writes an excerpt with its matched words in bold, in at most
// limit units.
func mrkdwnSpans(pieces []span, limit int) string {
	// A star is bold for Slack only between spaces; the invisible space lets
	// it stand next to a letter, as in Korean, or an apostrophe.
	const frame = 4
	var b strings.Builder
	room := limit
	for i, p := range pieces {
		if room < frame+units(ellipsis)+1 {
			break
		}
		if !p.hit {
			text, whole := fitted(inert(p.text), room, mrkdwnEscape, units)
			b.WriteString(text)
			if room -= units(text); !whole {
				break
			}
			continue
		}
		text, whole := fitted(inert(p.text), room-frame, mrkdwnEscape, units)
		if text == "" {
			break
		}
		if before, _ := utf8.DecodeLastRuneInString(b.String()); b.Len() > 0 && before != ' ' {
			b.WriteString(zeroWidth)
		}
		b.WriteString("*" + text + "*")
		if i+1 < len(pieces) && !strings.HasPrefix(pieces[i+1].text, " ") {
			b.WriteString(zeroWidth)
		}
		if room -= frame + units(text); !whole {
			break
		}
	}
	return b.String()
}
