package config

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"veille"
)

// reading is one file being decoded.
type reading struct {
	text   *text
	env    environment
	report *report
	inputs *Inputs
	// aliased counts the nodes reached through aliases.
	aliased int
	fields  fieldCache
}

// place is a node, with the way to it: where a mistake is reported. A place
// whose node is missing stands on the mapping that lacks it.
type place struct {
	in      *reading
	node    *yaml.Node
	path    *step
	missing bool
}

// step is one step of a path, linked towards the root.
type step struct {
	up    *step
	key   string
	index int
}

func (s *step) String() string {
	if s == nil {
		return ""
	}
	up := s.up.String()
	switch {
	case s.key == "":
		return up + "[" + strconv.Itoa(s.index) + "]"
	case up == "":
		return s.key
	}
	return up + "." + s.key
}

// resolved is the node that an alias stands for, or the node itself.
func resolved(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// key steps to the value of a key.
func (p place) key(name string) place {
	next := place{in: p.in, node: p.node, path: &step{up: p.path, key: name}, missing: true}
	if n := resolved(p.node); n != nil && n.Kind == yaml.MappingNode && !p.missing {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == name {
				next.node, next.missing = n.Content[i+1], false
				break
			}
		}
	}
	return next
}

// index steps to an item of a list.
func (p place) index(i int) place {
	next := place{in: p.in, node: p.node, path: &step{up: p.path, index: i}, missing: true}
	if n := resolved(p.node); n != nil && n.Kind == yaml.SequenceNode && !p.missing && i >= 0 && i < len(n.Content) {
		next.node, next.missing = n.Content[i], false
	}
	return next
}

// follow steps along a path as a veille.Problem writes it: "all[0]".
func (p place) follow(path string) place {
	for path != "" {
		if rest, ok := strings.CutPrefix(path, "["); ok {
			digits, after, _ := strings.Cut(rest, "]")
			i, err := strconv.Atoi(digits)
			if err != nil {
				return p
			}
			p, path = p.index(i), strings.TrimPrefix(after, ".")
			continue
		}
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		p, path = p.key(path[:end]), strings.TrimPrefix(path[end:], ".")
	}
	return p
}

// written is the value as the file has it, variables not filled in.
func (p place) written() string {
	if n := resolved(p.node); n != nil && !p.missing {
		return n.Value
	}
	return ""
}

// filled gathers what the environment put into the value here, or anywhere
// below; deep values count as a whole only.
func (p place) filled() expanded {
	var all expanded
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && strings.Contains(n.Value, "${") {
			if e, err := p.in.env.expand(n.Value); err == nil {
				all.names, all.values = append(all.names, e.names...), append(all.values, e.values...)
			}
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	if n := resolved(p.node); n != nil && !p.missing {
		all.deep = n.Kind != yaml.ScalarNode
		walk(n)
	}
	return all
}

// decoded reports whether the place was set: the mapping at it was read, though
// it may hold mistakes.
func (p place) decoded() bool { return p.in != nil }

// failed reports whether the value, or one below it, could not be decoded.
func (p place) failed() bool {
	_, failed := p.in.report.failed[failure{p.in.text.rank, p.path.String()}]
	return failed
}

// start is the byte at which the value begins.
func (p place) start() int {
	n := resolved(p.node)
	if n == nil {
		return 0
	}
	return p.in.text.offset(n.Line, n.Column)
}

// wrong reports a mistake about the whole value.
func (p place) wrong(what, help string) { p.wrongAt(p.start(), "", what, help) }

// wrongAt reports a mistake at a byte of the file. What would show a value of
// the environment is not said.
func (p place) wrongAt(at int, excerpt, what, help string) {
	if e := p.filled(); e.shownIn(what + " " + help) {
		what, help = e.refusal(), "values of the environment are not shown"
	}
	p.say(at, excerpt, what, help)
}

// wrongSecretly reports a mistake about the options of a receiver, at its place
// within the value where it names one. Their owner words it without the
// secrets, which may share words with it that are no secret: "https". Long
// words of a secret are kept back all the same.
func (p place) wrongSecretly(mistake veille.Problem, secrets []string) {
	message := mistake.What + " " + mistake.Help
	for _, s := range secrets {
		for _, w := range append(wordsOf(s), s) {
			if (w == s || len(w) > 8) && strings.Contains(message, w) {
				p.say(p.start(), "", "this value is refused", "secrets are not shown")
				return
			}
		}
	}
	n := resolved(p.node)
	if n != nil && n.Kind == yaml.ScalarNode {
		if e, err := p.in.env.expand(n.Value); err == nil && slices.Contains(secrets, e.text) {
			p.say(p.start(), "", mistake.What, mistake.Help)
			return
		}
	}
	if mistake.Offset > 0 {
		p.wrongWithin(mistake.Offset, mistake.What, mistake.Help)
		return
	}
	p.wrong(mistake.What, mistake.Help)
}

func (p place) say(at int, excerpt, what, help string) {
	line, col := p.in.text.position(at)
	p.in.report.at(p.in.text.rank, p.path, Mistake{
		File: p.in.text.name, Line: line, Col: col, Path: p.path.String(),
		What: what, Help: help, Excerpt: excerpt,
	})
}

// wrongWithin reports a mistake at a byte of the value of a text, with the text
// and a caret. A text whose bytes are not those of the file (folded, or with
// variables) is reported at its beginning.
func (p place) wrongWithin(offset int, what, help string) {
	n := resolved(p.node)
	if n == nil || n.Kind != yaml.ScalarNode || p.missing || strings.Contains(n.Value, "${") {
		p.wrong(what, help)
		return
	}
	at, from, to, ok := p.in.text.locate(n, offset)
	if !ok {
		p.wrong(what, help)
		return
	}
	p.wrongAt(at, veille.Caret(string(p.in.text.data[from:to]), at-from), what, help)
}
