package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Op is the kind of an Expr.
type Op uint8

// The kinds of expression.
const (
	OpTerm    Op = iota // Text, Prefix
	OpConcept           // Text is the name, without @
	OpAnd               // two Kids or more, at least one of them no OpNot
	OpOr                // two Kids or more, none of them OpNot
	OpNot               // one Kid, no OpNot
	OpField             // Text is the field; one Kid, no OpNot, without an OpField in it
)

// Expr is a query as it was read. An OpAnd has no OpAnd among its kids, an OpOr
// no OpOr: (a AND b) AND c is one conjunction.
type Expr struct {
	Op Op
	// Text is a term without its quotes and trailing *, or a name.
	Text string
	// Prefix says that any ending of the last word is accepted.
	Prefix bool
	Kids   []*Expr
	// Start and End are the byte offsets of the expression in what was parsed.
	Start, End int
}

// Written returns a term as an author would name it: without quotes, with its
// trailing *; and any other expression as String does.
func (e *Expr) Written() string {
	if e.Op != OpTerm {
		return e.String()
	}
	if e.Prefix {
		return e.Text + "*"
	}
	return e.Text
}

// String returns the query in its canonical form, which Parse reads as the
// same expression.
func (e *Expr) String() string {
	var b strings.Builder
	e.print(&b)
	return b.String()
}

func (e *Expr) print(b *strings.Builder) {
	switch e.Op {
	case OpTerm:
		b.WriteString(quoted(e.Text, e.Prefix))
	case OpConcept:
		b.WriteString("@" + e.Text)
	case OpNot:
		b.WriteString("NOT ")
		e.Kids[0].printOperand(b)
	case OpField:
		b.WriteString(e.Text + ":")
		e.Kids[0].printOperand(b)
	case OpAnd, OpOr:
		for i, k := range e.Kids {
			if i > 0 {
				b.WriteString(map[Op]string{OpAnd: " AND ", OpOr: " OR "}[e.Op])
			}
			k.printOperand(b)
		}
	}
}

// printOperand prints e where only something that binds tightly may stand.
func (e *Expr) printOperand(b *strings.Builder) {
	if e.Op != OpAnd && e.Op != OpOr {
		e.print(b)
		return
	}
	b.WriteByte('(')
	e.print(b)
	b.WriteByte(')')
}

// quoted writes a term, with quotes where it needs them.
func quoted(text string, prefix bool) string {
	star := ""
	if prefix {
		star = "*"
	}
	switch {
	case isPlain(text):
		return text + star
	case !strings.Contains(text, `"`):
		return `"` + text + star + `"`
	case !strings.Contains(text, "»"):
		return "«" + text + star + "»"
	}
	return "“" + text + star + "”"
}

// isPlain reports whether a term reads the same without quotes.
func isPlain(text string) bool {
	if text == "" || isOperator(text) || looksLikeOperator(text) {
		return false
	}
	for i, r := range text {
		switch {
		case unicode.In(r, unicode.L, unicode.M, unicode.N) && !(i == 0 && unicode.Is(unicode.M, r)):
		case (r == '-' || r == '\'' || r == '’') && i > 0 && i+utf8.RuneLen(r) < len(text):
		default:
			return false
		}
	}
	return true
}
