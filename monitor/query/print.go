package query

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Written returns a term as an author would name it: without quotes, with its
// ~, = or trailing *; and any other expression as String does.
func (e *Expr) Written() string {
	switch {
	case e.Op != OpTerm:
		return e.String()
	case e.Form == Inflected:
		return "~" + e.Text
	case e.Form == Exact:
		return "=" + e.Text
	case e.Prefix:
		return e.Text + "*"
	}
	return e.Text
}

// String returns the query in its canonical form on one line, which Parse reads
// as the same expression.
func (e *Expr) String() string {
	var b strings.Builder
	e.print(&b)
	return b.String()
}

func (e *Expr) print(b *strings.Builder) {
	switch e.Op {
	case OpTerm:
		b.WriteString(e.term())
	case OpConcept:
		b.WriteString("@" + e.Text)
	case OpNot:
		b.WriteString("NOT ")
		e.Kids[0].printOperand(b)
	case OpField:
		b.WriteString(e.Text + ":")
		e.Kids[0].printOperand(b)
	case OpAtLeast:
		fmt.Fprintf(b, "%d of (", e.N)
		for i, k := range e.Kids {
			if i > 0 {
				b.WriteString(", ")
			}
			k.print(b)
		}
		b.WriteByte(')')
	case OpAnd, OpOr, OpNear:
		for i, k := range e.Kids {
			if i > 0 {
				b.WriteString(e.sign())
			}
			k.printOperand(b)
		}
	}
}

// sign is what stands between the operands of an OpAnd, OpOr or OpNear.
func (e *Expr) sign() string {
	switch e.Op {
	case OpAnd:
		return " AND "
	case OpOr:
		return " OR "
	}
	if e.Ordered {
		return fmt.Sprintf(" BEFORE/%d ", e.N)
	}
	return fmt.Sprintf(" NEAR/%d ", e.N)
}

// printOperand prints e where only something that binds tightly may stand.
func (e *Expr) printOperand(b *strings.Builder) {
	if !e.isChain() {
		e.print(b)
		return
	}
	b.WriteByte('(')
	e.print(b)
	b.WriteByte(')')
}

// isChain reports whether e is operands with operators between them.
func (e *Expr) isChain() bool { return e.Op == OpAnd || e.Op == OpOr || e.Op == OpNear }

// term writes a term as a query has it, with quotes where it needs them.
func (e *Expr) term() string {
	switch e.Form {
	case Inflected:
		if isPlain(e.Text) {
			return "~" + e.Text
		}
		return "~" + quoted(e.Text)
	case Exact:
		if isPlain(e.Text) {
			return "=" + e.Text
		}
		return "=" + quoted(e.Text)
	}
	star := ""
	if e.Prefix {
		star = "*"
	}
	if isPlain(e.Text) {
		return e.Text + star
	}
	return quoted(e.Text + star)
}

// quoted puts a text between quotes that it does not hold.
func quoted(text string) string {
	switch {
	case !strings.Contains(text, `"`):
		return `"` + text + `"`
	case !strings.Contains(text, "»"):
		return "«" + text + "»"
	}
	return "“" + text + "”"
}

// isPlain reports whether a term reads the same without quotes.
func isPlain(text string) bool {
	if text == "" || isOperator(text) || looksLikeOperator(text) {
		return false
	}
	for i, r := range text {
		switch {
		case unicode.In(r, unicode.L, unicode.M, unicode.N) && !(i == 0 && unicode.Is(unicode.M, r)):
		case (r == '-' || r == '\'' || r == '’' || r == '.') && i > 0 && i+utf8.RuneLen(r) < len(text):
		default:
			return false
		}
	}
	return true
}
