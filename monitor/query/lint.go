package query

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"veille"
)

// Lint lists what of a watch without mistakes does nothing, or not what was
// meant: clauses that cannot match because its own NOT excludes them, terms that
// a prefix beside them covers, terms shorter than three letters, and phrases with
// an operator in them. Path and Offset are those of Watch.
func (c *Checker) Lint(w veille.Watch) []veille.Problem {
	parts, problems := c.read(w)
	if len(problems) > 0 {
		return nil
	}
	var l linter
	var excluded []*Expr
	for _, p := range parts {
		excluded = append(excluded, excludedBy(p.expr)...)
	}
	for _, p := range parts {
		l.part = p
		l.walk(p.expr, excluded, true)
	}
	return l.problems
}

// Uses returns the names of the concepts that some watches use, themselves or
// through another concept.
func (c *Checker) Uses(watches []veille.Watch) map[string]bool {
	used := map[string]bool{}
	var walk func(e *Expr)
	walk = func(e *Expr) {
		if e.Op == OpConcept && !used[e.Text] {
			used[e.Text] = true
			for _, item := range c.concepts[e.Text] {
				if k, err := treeOfItem(item); err == nil {
					walk(k)
				}
			}
		}
		for _, k := range e.Kids {
			walk(k)
		}
	}
	for _, w := range watches {
		parts, _ := c.read(w)
		for _, p := range parts {
			if p.expr != nil {
				walk(p.expr)
			}
		}
	}
	return used
}

type linter struct {
	part     part
	problems []veille.Problem
}

func (l *linter) warn(e *Expr, what, help string) {
	p := veille.Problem{Path: l.part.path, What: what, Help: help}
	if l.part.path == "query" {
		p.Offset = e.Start
	}
	l.problems = append(l.problems, p)
}

// excludedBy are the terms of which none may be in the article: those under a
// NOT that must hold.
func excludedBy(e *Expr) []*Expr {
	var out []*Expr
	switch e.Op {
	case OpAnd:
		for _, k := range e.Kids {
			out = append(out, excludedBy(k)...)
		}
	case OpNot:
		switch k := e.Kids[0]; k.Op {
		case OpTerm:
			out = append(out, k)
		case OpOr:
			out = slices.DeleteFunc(slices.Clone(k.Kids), func(x *Expr) bool { return x.Op != OpTerm })
		}
	}
	return out
}

// walk looks through what is asked for. required says that e must hold.
func (l *linter) walk(e *Expr, excluded []*Expr, required bool) {
	switch e.Op {
	case OpNot:
		return
	case OpField:
		return // other words are asked for in other fields
	case OpTerm:
		for _, x := range excluded {
			if !covers(x, e) {
				continue
			}
			if required {
				l.warn(e, fmt.Sprintf("%s is asked for, and NOT %s excludes it: this never matches", e.Written(), x.Written()), "take one of them out")
			} else {
				l.warn(e, fmt.Sprintf("%s never counts: NOT %s excludes it", e.Written(), x.Written()), "take it out, or narrow the NOT")
			}
			return
		}
		if word := operatorIn(e.Text); word != "" {
			l.warn(e, fmt.Sprintf("the phrase %q holds %s: between quotes it is a word like any other", e.Text, word), "put the quotes around each phrase by itself, if it was meant as an operator")
		}
		if tooShort(e) {
			l.warn(e, e.Written()+" is shorter than three letters: it is found in many texts by chance", "write it out, or exactly, as in =\""+strings.ToUpper(e.Text)+"\"")
		}
		return
	case OpOr, OpAtLeast:
		l.covered(e.Kids)
	}
	for _, k := range e.Kids {
		l.walk(k, excluded, required && (e.Op == OpAnd || e.Op == OpNear))
	}
}

// covered tells of alternatives that another one makes idle.
func (l *linter) covered(kids []*Expr) {
	for i, k := range kids {
		for j, other := range kids {
			if i == j || k.Op != OpTerm || other.Op != OpTerm || !covers(other, k) || covers(k, other) && j > i {
				continue
			}
			l.warn(k, fmt.Sprintf("%s adds nothing: %s finds it already", k.Written(), other.Written()), "take it out")
			break
		}
	}
}

// covers reports whether a term is found wherever another one is.
func covers(a, b *Expr) bool {
	if a.Form != Folded || b.Form == Inflected {
		return false
	}
	x, y := keyOf(wordsOf(a.Text)), keyOf(wordsOf(b.Text))
	if x == "" || y == "" {
		return false
	}
	if a.Prefix {
		return strings.HasPrefix(y, x)
	}
	return x == y && !b.Prefix
}

// operatorIn returns the first operator between the words of a phrase, "" where
// there is none or the whole phrase is in capitals.
func operatorIn(phrase string) string {
	if phrase == strings.ToUpper(phrase) {
		return ""
	}
	words := strings.Fields(phrase)
	for i, w := range words {
		if i > 0 && i < len(words)-1 && isOperator(w) {
			return w
		}
	}
	return ""
}

// tooShort reports whether a term is a single word of one or two letters. In Han
// and Hangul those are words.
func tooShort(e *Expr) bool {
	words := wordsOf(e.Text)
	if e.Form == Exact || e.Prefix || len(words) != 1 || words[0].kind != classLetter {
		return false
	}
	r, _ := utf8.DecodeRuneInString(words[0].text)
	return utf8.RuneCountInString(words[0].text) < 3 && r < 0x1100
}
