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
	OpTerm    Op = iota // Text, Prefix, Form
	OpConcept           // Text is the name, without @
	OpAnd               // two Kids or more, at least one of them no OpNot
	OpOr                // two Kids or more, none of them OpNot
	OpNot               // one Kid, no OpNot
	OpField             // Text is the field; one Kid, no OpNot, without an OpField in it
	OpNear              // N, Ordered; two Kids or more, without OpNot and OpAnd in them
	OpAtLeast           // N of the Kids; two Kids or more, none of them OpNot; 1 < N < len(Kids)
)

// Form is how a term is compared.
type Form uint8

// The forms of a term.
const (
	// Folded compares whole words after folding; the default.
	Folded Form = iota
	// Inflected, written ~word, accepts the inflections of one word in the
	// language of the article.
	Inflected
	// Exact, written ="…", compares the characters as they are written: case,
	// accents and punctuation count. Where it begins or ends with a letter or
	// digit, a word begins or ends there.
	Exact
)

// Expr is a query as it was read. An OpAnd has no OpAnd among its kids, an OpOr
// no OpOr: (a AND b) AND c is one conjunction.
//
// An OpNear holds where each kid is found once, the places do not overlap, all
// are in one field, and at most N words stand between each place and the next;
// with Ordered the places follow one another as the kids do. The place of a
// term is its words, of an OpOr that of any kid, of an OpAtLeast or OpNear all
// from the first of its words to the last.
type Expr struct {
	Op Op
	// Text is a term without its quotes and trailing *, or a name.
	Text string
	// Prefix says that any ending of the last word is accepted.
	Prefix bool
	Form   Form
	// N is the distance of an OpNear in words, or the count of an OpAtLeast.
	N       int
	Ordered bool
	Kids    []*Expr
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
