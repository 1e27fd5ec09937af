package config

import (
	"bytes"
	"fmt"
	"sort"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds one configuration file, in bytes. A source takes about 100.
const maxFile = 32 << 20

// text is one file of YAML with the way from its nodes back to its bytes.
type text struct {
	name string // as messages show it
	dir  string // what relative paths in it start from
	rank int
	data []byte
	// sealed forbids reading other files: the text came as bytes.
	sealed bool
	// starts are the byte offsets at which the YAML parser begins a line, shown
	// those at which an editor does: the parser also breaks lines at NEL, LS
	// and PS.
	starts, shown []int
	root          *yaml.Node
}

func newText(name, dir string, rank int, data []byte) *text {
	t := &text{name: name, dir: dir, rank: rank, data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))}
	t.starts, t.shown = []int{0}, []int{0}
	for i := 0; i < len(t.data); {
		n := breakLen(t.data[i:])
		if n == 0 {
			i++
			continue
		}
		ascii := t.data[i] < 0x80
		i += n
		t.starts = append(t.starts, i)
		if ascii {
			t.shown = append(t.shown, i)
		}
	}
	return t
}

// breakLen is the length of the line break, by YAML 1.1 section 4.2, that b
// begins with; 0 if it begins with none.
func breakLen(b []byte) int {
	switch {
	case b[0] == '\n':
		return 1
	case b[0] == '\r':
		if len(b) > 1 && b[1] == '\n' {
			return 2
		}
		return 1
	case b[0] == 0xC2 && len(b) > 1 && b[1] == 0x85:
		return 2
	case b[0] == 0xE2 && len(b) > 2 && b[1] == 0x80 && (b[2] == 0xA8 || b[2] == 0xA9):
		return 3
	}
	return 0
}

// offset finds the byte at which the YAML parser saw a line and a column, both
// from 1; its columns count code points.
func (t *text) offset(line, col int) int {
	if line < 1 || line > len(t.starts) {
		return len(t.data)
	}
	i := t.starts[line-1]
	for ; col > 1 && i < len(t.data); col-- {
		_, n := utf8.DecodeRune(t.data[i:])
		i += n
	}
	return i
}

// position is the line and column of a byte as an editor shows them. Marks that
// combine with the character before them take no column.
func (t *text) position(offset int) (line, col int) {
	offset = min(offset, len(t.data))
	line = sort.SearchInts(t.shown, offset+1)
	return line, columns(t.data[t.shown[line-1]:offset]) + 1
}

// columns counts the characters of b as a reader does.
func columns(b []byte) int {
	n := 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if !unicode.In(r, unicode.Mn, unicode.Me) {
			n++
		}
		b = b[size:]
	}
	return n
}

// line is the text of a line of the parser, from 1, without its break.
func (t *text) line(n int) []byte {
	if n < 1 || n > len(t.starts) {
		return nil
	}
	end := len(t.data)
	if n < len(t.starts) {
		end = t.starts[n]
	}
	return bytes.TrimRight(t.data[t.starts[n-1]:end], "\r\n\u0085\u2028\u2029")
}

// fault is a mistake at a byte of the text.
func (t *text) fault(r *report, offset int, what, help string) {
	line, col := t.position(offset)
	r.add(t.rank, Mistake{File: t.name, Line: line, Col: col, What: what, Help: help})
}

// readable reports whether the bytes are text that the YAML parser can see.
func (t *text) readable(r *report) bool {
	for i := 0; i < len(t.data); {
		c, n := utf8.DecodeRune(t.data[i:])
		switch {
		case c == utf8.RuneError && n == 1:
			t.fault(r, i, "this is not UTF-8", "save the file as UTF-8")
			return false
		case c == '\t', c == '\n', c == '\r', c == 0x85:
		case c < 0x20, c == 0x7F, c > 0x7F && c < 0xA0, c == 0xFEFF, c == 0xFFFE, c == 0xFFFF:
			t.fault(r, i, fmt.Sprintf("control character U+%04X", c), "remove it; in double quotes it can be written as an escape")
			return false
		}
		i += n
	}
	return true
}

// parse reads the one YAML document of the text into t.root, nil when the file
// says nothing.
func (t *text) parse(r *report) bool {
	if !t.readable(r) {
		return false
	}
	dec := yaml.NewDecoder(bytes.NewReader(t.data))
	var doc yaml.Node
	if err := safeDecode(dec, &doc); err != nil {
		if isEOF(err) {
			return true
		}
		t.explain(r, err)
		return false
	}
	var second yaml.Node
	switch err := safeDecode(dec, &second); {
	case err == nil:
		t.fault(r, t.offset(second.Line, second.Column), "a second YAML document", "remove the line ---; one file holds one document")
		return false
	case !isEOF(err):
		t.explain(r, err)
		return false
	}
	if len(doc.Content) == 1 {
		t.root = doc.Content[0]
	}
	return true
}
