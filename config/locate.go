package config

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// locate finds the byte of the file that a byte of a scalar's value was read
// from, and the part of its line that belongs to the scalar. It fails where
// YAML folded lines.
func (t *text) locate(n *yaml.Node, offset int) (at, from, to int, ok bool) {
	i := t.offset(n.Line, n.Column)
	for i < len(t.data) && (t.data[i] == '&' || t.data[i] == '!') {
		space := bytes.IndexAny(t.data[i:], " \t\r\n")
		if space < 0 {
			return 0, 0, 0, false
		}
		i += space
		for i < len(t.data) && (t.data[i] == ' ' || t.data[i] == '\t') {
			i++
		}
	}
	offset = max(0, min(offset, len(n.Value)))
	switch n.Style &^ yaml.TaggedStyle {
	case yaml.LiteralStyle:
		return t.locateLiteral(n, offset)
	case yaml.FoldedStyle:
		return 0, 0, 0, false
	}
	begin, at, seen := i, -1, 0
	quote := byte(0)
	if n.Style&yaml.DoubleQuotedStyle != 0 {
		quote = '"'
	} else if n.Style&yaml.SingleQuotedStyle != 0 {
		quote = '\''
	}
	if quote != 0 {
		i++
	}
	for i < len(t.data) && seen < len(n.Value) {
		raw, value := scalarUnit(t.data[i:], quote)
		if raw == 0 {
			break
		}
		if at < 0 && seen+value > offset {
			at = i
		}
		i, seen = i+raw, seen+value
	}
	if at < 0 && seen == len(n.Value) && offset == seen {
		at = i
	}
	if at < 0 {
		return 0, 0, 0, false
	}
	if quote != 0 && seen == len(n.Value) && i < len(t.data) && t.data[i] == quote {
		i++
	}
	return at, begin, i, true
}

// scalarUnit measures one character of a flow scalar: its bytes in the file and
// in the value. Both are 0 where a line ends or an escape joins lines.
func scalarUnit(b []byte, quote byte) (raw, value int) {
	switch {
	case breakLen(b) > 0:
		return 0, 0
	case quote == '\'' && b[0] == '\'':
		return 2, 1
	case quote == '"' && b[0] == '\\' && len(b) > 1:
		digits := 0
		switch b[1] {
		case 'x':
			digits = 2
		case 'u':
			digits = 4
		case 'U':
			digits = 8
		case 'N', '_':
			return 2, 2
		case 'L', 'P':
			return 2, 3
		case '\n', '\r':
			return 0, 0
		default:
			return 2, 1
		}
		if len(b) < 2+digits {
			return 0, 0
		}
		r, err := strconv.ParseUint(string(b[2:2+digits]), 16, 32)
		if err != nil {
			return 0, 0
		}
		return 2 + digits, max(utf8.RuneLen(rune(r)), 1)
	}
	_, n := utf8.DecodeRune(b)
	return n, n
}

// locateLiteral finds a byte of a literal block: its lines are those of the
// value, indented.
func (t *text) locateLiteral(n *yaml.Node, offset int) (at, from, to int, ok bool) {
	lines := strings.Split(n.Value, "\n")
	row := strings.Count(n.Value[:offset], "\n")
	if offset == len(n.Value) && row > 0 && lines[row] == "" {
		// The end of the text is shown behind its last line.
		row--
		offset--
	}
	col := offset - (strings.LastIndexByte(n.Value[:offset], '\n') + 1)
	raw := t.line(n.Line + 1 + row)
	indent := len(raw) - len(lines[row])
	if indent < 0 || string(raw[indent:]) != lines[row] {
		return 0, 0, 0, false
	}
	from = t.starts[n.Line+row] + indent
	return from + col, from, from + len(lines[row]), true
}

// excerpt shows a line with a caret below one of its bytes.
func excerpt(line []byte, at int) string {
	const before, after = 100, 60
	head, tail := []rune(string(line[:at])), []rune(string(line[at:]))
	if len(head) > before {
		head = append([]rune("…"), head[len(head)-before:]...)
	}
	if len(tail) > after {
		tail = append(tail[:after:after], '…')
	}
	var pad strings.Builder
	for _, r := range head {
		switch {
		case r == '\t':
			pad.WriteByte('\t')
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case wide(r):
			pad.WriteString("  ")
		default:
			pad.WriteByte(' ')
		}
	}
	return "    " + string(head) + string(tail) + "\n    " + pad.String() + "^"
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
