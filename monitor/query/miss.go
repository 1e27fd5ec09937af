package query

import (
	"strings"

	"veille"
)

// Misses returns, for every watch that the snapshot does not satisfy, the
// first clause that failed and why, in the order of the watch-list. A list of
// a watch is shown as "any: a, b" and "none: a".
func (s *Set) Misses(a veille.Snapshot) []veille.Miss {
	r := s.read(&a)
	defer s.release(r)
	var misses []veille.Miss
	for i := range s.rules {
		rule := &s.rules[i]
		for _, c := range rule.clauses {
			if s.holds(r, c.node) {
				continue
			}
			failed, why := s.explain(r, c.text, c.expr, c.node, inText)
			misses = append(misses, veille.Miss{Watch: rule.watch, Failed: failed, Why: why})
			break
		}
	}
	return misses
}

// explain returns the part of an expression that does not hold, as it was
// written in text, and why. id is the node of e.
func (s *Set) explain(r *reading, text string, e *Expr, id int32, in fields) (string, string) {
	switch e.Op {
	case OpAnd:
		for i, k := range e.Kids {
			if kid := s.nodes[id].kids[i]; !s.holds(r, kid) {
				return s.explain(r, text, k, kid, in)
			}
		}
	case OpField:
		failed, why := s.explain(r, text, e.Kids[0], id, fieldMask(e.Text))
		if e.Kids[0].Op != OpAnd {
			failed = written(text, e)
		}
		return failed, why
	case OpNot:
		n := s.present(r, s.nodes[id].kids[0])
		where := r.sights[n.pattern].in & n.in
		return written(text, e), "excluded: " + n.written + " is in " + (where & -where).String()
	case OpOr:
		if text == "" && len(e.Kids) == 1 {
			break
		}
		for _, k := range e.Kids {
			if k.Op != OpTerm && k.Op != OpConcept {
				return written(text, e), "no alternative holds"
			}
		}
		return written(text, e), "none of them is in " + in.String()
	case OpConcept:
		return written(text, e), "none of its words is in " + in.String()
	case OpTerm:
		why := "not in " + in.String()
		if elsewhere := r.sights[s.nodes[id].pattern].in; elsewhere != 0 {
			why += ", only in " + elsewhere.String()
		}
		return e.Written(), why
	}
	return written(text, e), "not in " + in.String()
}

// present returns a leaf that makes a node hold.
func (s *Set) present(r *reading, id int32) *node {
	n := &s.nodes[id]
	if n.op == OpTerm {
		return n
	}
	for _, k := range n.kids {
		if s.nodes[k].op != OpNot && s.holds(r, k) {
			return s.present(r, k)
		}
	}
	return n
}

// written returns an expression as its author wrote it: a piece of the query,
// or the list of a watch, which has no text.
func written(text string, e *Expr) string {
	if text != "" {
		if e.Op == OpTerm {
			return e.Written()
		}
		return text[e.Start:e.End]
	}
	switch e.Op {
	case OpNot:
		return "none: " + e.Kids[0].Written()
	case OpOr:
		var items []string
		for _, k := range e.Kids {
			items = append(items, k.Written())
		}
		return "any: " + strings.Join(items, ", ")
	}
	return e.Written()
}
