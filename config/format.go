package config

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"veille"
)

// Formatted is a file whose queries were rewritten.
type Formatted struct {
	Data []byte
	// Changed counts the queries that differ from what the file held.
	Changed int
	// Left are the lines of queries that stay as they are because variables
	// complete them.
	Left []int
}

// FormatQueries rewrites the queries of the watches of a file, main or
// included, and nothing else of it. format gives a query its form, on one line
// where only that can stand, or says what is wrong with it. The error is *Errors.
func FormatQueries(name string, data []byte, format func(query string, oneLine bool) (string, []veille.Problem)) (Formatted, error) {
	var r report
	t := newText(name, "", 0, data)
	if !t.parse(&r) {
		return Formatted{}, r.errors(Inputs{})
	}
	out := Formatted{}
	var edits []edit
	in := &reading{text: t, report: &r, inputs: &Inputs{}, fields: make(fieldCache)}
	for _, q := range queriesOf(place{in: in, node: t.root}) {
		n := q.at.node
		if strings.Contains(n.Value, "${") {
			line, _ := t.position(q.at.start())
			out.Left = append(out.Left, line)
			continue
		}
		if !q.at.clearOfTraps(n, "query") {
			continue
		}
		formatted, problems := format(n.Value, q.inFlow)
		for _, p := range problems {
			q.at.wrongWithin(p.Offset, p.What, p.Help)
		}
		if len(problems) > 0 || formatted == n.Value {
			continue
		}
		edits = append(edits, t.replace(q, formatted))
		n.Value = formatted
	}
	if !r.clean() {
		return Formatted{}, r.errors(Inputs{})
	}
	out.Changed = len(edits)
	out.Data = t.edited(edits)
	again := newText(name, "", 0, out.Data)
	if !again.parse(&r) || !sameValues(t.root, again.root) {
		return Formatted{}, &Errors{Mistakes: []Mistake{{File: name, What: "the queries cannot be rewritten without harm to what is around them",
			Help: "write them between single quotes, or as blocks behind |"}}}
	}
	// The byte order mark that the text left out of the data stays too.
	out.Data = append(slices.Clone(data[:len(data)-len(t.data)]), out.Data...)
	return out, nil
}

// writtenQuery is a query where it is written.
type writtenQuery struct {
	at place
	// indent is how many blanks stand before its key.
	indent int
	// inFlow says that it stands between brackets, where no block can.
	inFlow bool
}

// queriesOf finds the queries of the watches that are texts, each once.
func queriesOf(root place) []writtenQuery {
	var found []writtenQuery
	watches := root.key("watches")
	list := resolved(watches.node)
	if watches.missing || list.Kind != yaml.SequenceNode {
		return nil
	}
	for i := range list.Content {
		item := watches.index(i)
		m := resolved(item.node)
		at := item.key("query")
		if item.node.Kind == yaml.AliasNode || at.missing || at.node.Kind != yaml.ScalarNode || at.node.Value == "" {
			continue
		}
		q := writtenQuery{at: at, inFlow: (root.node.Style|list.Style|m.Style)&yaml.FlowStyle != 0}
		for k := 0; k+1 < len(m.Content); k += 2 {
			if m.Content[k+1] == at.node {
				q.indent = m.Content[k].Column - 1
			}
		}
		found = append(found, q)
	}
	return found
}

// edit replaces the bytes from..to of a text.
type edit struct {
	from, to int
	with     string
}

func (t *text) edited(edits []edit) []byte {
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(t.data[at:e.from])
		out.WriteString(e.with)
		at = e.to
	}
	out.Write(t.data[at:])
	return out.Bytes()
}

// replace writes a value in the place of a query: one line between single
// quotes, several as a literal block.
func (t *text) replace(q writtenQuery, value string) edit {
	from, head, to := t.extent(q)
	with := "'" + strings.ReplaceAll(value, "'", "''") + "'"
	if !strings.HasSuffix(value, "\n") {
		return edit{from, to, with + head}
	}
	end := "\n"
	if bytes.Contains(t.data, []byte("\r\n")) {
		end = "\r\n"
	}
	with = "|" + head
	for line := range strings.Lines(value) {
		with += end + strings.Repeat(" ", q.indent+2) + strings.TrimSuffix(line, "\n")
	}
	return edit{from, to, with}
}

// extent finds the bytes of a query in the file, without its anchor, and what
// stands behind the | or > of a block: a comment.
func (t *text) extent(q writtenQuery) (from int, head string, to int) {
	n := q.at.node
	from = t.content(n)
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		line, _, _ := bytes.Cut(t.data[from:], []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		to = from + len(line)
		head = string(bytes.TrimLeft(line, "|>+-0123456789"))
		for i := n.Line + 1; i <= len(t.starts); i++ {
			line := t.line(i)
			words := bytes.TrimLeft(line, " ")
			if len(words) > 0 && len(line)-len(words) <= q.indent {
				break
			}
			if len(words) > 0 {
				to = t.starts[i-1] + len(line)
			}
		}
		return from, strings.TrimRight(head, " \t"), to
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		quote := t.data[from]
		for to = from + 1; to < len(t.data); to++ {
			switch c := t.data[to]; {
			case quote == '"' && c == '\\', quote == '\'' && bytes.HasPrefix(t.data[to:], []byte("''")):
				to++
			case c == quote:
				return from, "", to + 1
			}
		}
		return from, "", len(t.data)
	}
	// A text without quotes may run over several lines, which YAML folds.
	to = from
	for word := range strings.FieldsSeq(n.Value) {
		i := bytes.Index(t.data[to:], []byte(word))
		if i < 0 {
			break
		}
		to += i + len(word)
	}
	return from, "", to
}

// sameValues reports whether two documents hold the same values.
func sameValues(a, b *yaml.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind || a.Kind == yaml.ScalarNode && a.Value != b.Value || a.Anchor != b.Anchor || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !sameValues(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}
