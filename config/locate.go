package config

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// locate finds the byte of the file that a byte of a scalar's value was read
// from, and the part of its line that belongs to the scalar. It fails where
// YAML folded lines.
func (t *text) locate(n *yaml.Node, offset int) (at, from, to int, ok bool) {
	i := t.content(n)
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

// content is the byte at which a scalar begins, behind its anchor and tag.
func (t *text) content(n *yaml.Node) int {
	i := t.offset(n.Line, n.Column)
	for i < len(t.data) && (t.data[i] == '&' || t.data[i] == '!') {
		space := bytes.IndexAny(t.data[i:], " \t\r\n")
		if space < 0 {
			return len(t.data)
		}
		i += space
		for i < len(t.data) && (t.data[i] == ' ' || t.data[i] == '\t') {
			i++
		}
	}
	return i
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
		var digits int
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
