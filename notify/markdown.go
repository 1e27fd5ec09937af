package notify

import (
	"strings"
	"unicode"
)

// markdownDialect is what Discord and Mattermost make of Markdown (CommonMark,
// with ~~ for what is gone).
func markdownDialect() dialect {
	bold := [2]string{"**", "**"}
	return dialect{
		inert: markdownInert, escape: markdownEscape, measure: units,
		marks: map[style][2]string{strong: bold, hit: bold, come: bold, gone: {"~~", "~~"}},
		link: func(href, label string) string {
			return "[" + label + "](" + unmarked(href) + ")"
		},
		newline: "\n", gap: "\n\n", label: "\n",
	}
}

// unmarked encodes the characters of an address that chats take for markup.
func unmarked(href string) string {
	return strings.NewReplacer("(", "%28", ")", "%29", "*", "%2A", "~", "%7E").Replace(href)
}

// markdownInert breaks what acts without an escapable character, and what
// would begin a list, a heading or a rule at the start of a line.
func markdownInert(s string, next rune) string {
	s = disarm(s, next)
	trimmed := strings.TrimLeft(s, " ")
	if trimmed == "" {
		return s
	}
	number := strings.TrimLeftFunc(trimmed, unicode.IsDigit)
	if strings.IndexByte("#>-+=:", trimmed[0]) >= 0 || len(number) < len(trimmed) && number != "" && (number[0] == '.' || number[0] == ')') {
		return zeroWidth + s
	}
	return s
}

// markdownEscape puts a backslash before every character that Markdown may act
// on wherever it stands.
func markdownEscape(g string) string {
	const active = "\\`*_[]()~|>#<"
	if !strings.ContainsAny(g, active) {
		return g
	}
	var b strings.Builder
	for _, r := range g {
		if r < 0x80 && strings.IndexByte(active, byte(r)) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
