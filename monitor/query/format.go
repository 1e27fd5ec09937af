package query

import (
	"bytes"
	"fmt"
	"strings"

	"veille"
)

// lineWidth is how many columns a line of a formatted query takes, about.
const lineWidth = 80

// Format rewrites a query in its canonical form: on one line where that is
// short, else with one operand a line. Comments stay with what they stand
// beside. A result of several lines, or with comments, ends in a line end. The
// error is Errors.
func Format(query string) (string, error) {
	e, comments, errs := parse(query)
	if errs != nil {
		return "", errs
	}
	if one := e.String(); len(comments) == 0 && veille.Columns(one) <= lineWidth {
		return one, nil
	}
	f := formatter{query: query, comments: comments}
	f.operand("", "", e, true, "", len(query))
	f.commentsBefore("", len(query))
	f.newLine("")
	out := string(f.out)
	if len(comments) > 0 && strings.Count(out, "\n") == 1 {
		// A comment is one only among several lines.
		last := comments[len(comments)-1]
		text := query[last.start:last.end] + "\n"
		out = text + strings.TrimSuffix(out, " "+text) + "\n"
	}
	return out, nil
}

// FormatLine is Format for a place where only one line can stand. A query with
// comments comes back as it is.
func FormatLine(query string) (string, error) {
	e, comments, errs := parse(query)
	switch {
	case errs != nil:
		return "", errs
	case len(comments) > 0:
		return query, nil
	}
	return e.String(), nil
}

// formatter lays out a query. What it writes leaves the end of its line open.
type formatter struct {
	query string
	out   []byte
	// comments are those still to be written.
	comments []comment
}

// newLine begins a line, unless nothing is on the last one yet.
func (f *formatter) newLine(indent string) {
	f.out = bytes.TrimRight(f.out, " ")
	if len(f.out) > 0 && f.out[len(f.out)-1] != '\n' {
		f.out = append(f.out, '\n')
	}
	f.write(indent)
}

func (f *formatter) write(s string) { f.out = append(f.out, s...) }

// operand writes an expression on a line of its own, between the operator that
// joins it and what follows it, with the comments before it and beside it. whole
// says that a chain needs no parentheses; until is where the query goes on.
func (f *formatter) operand(indent, operator string, e *Expr, whole bool, after string, until int) {
	f.commentsBefore(indent, e.firstWord())
	f.newLine(indent)
	f.write(operator)
	f.expr(indent, len(indent)+len(operator), e, whole)
	f.write(after)
	if len(f.comments) == 0 {
		return
	}
	if c := f.comments[0]; c.start >= e.End && c.start < until && !strings.Contains(f.query[e.End:c.start], "\n") {
		f.write(" ")
		f.comment()
	}
}

// commentsBefore writes the comments before a byte of the query, a line each.
func (f *formatter) commentsBefore(indent string, at int) {
	for len(f.comments) > 0 && f.comments[0].start < at {
		f.newLine(indent)
		f.comment()
	}
}

// comment writes the next comment.
func (f *formatter) comment() {
	c := f.comments[0]
	f.write(f.query[c.start:c.end])
	f.comments = f.comments[1:]
}

// holdsComment reports whether a comment stands within e.
func (f *formatter) holdsComment(e *Expr) bool {
	return len(f.comments) > 0 && f.comments[0].start < e.End
}

// expr writes an expression from a column on; whole says that nothing stands
// beside it, so that a chain needs no parentheses.
func (f *formatter) expr(indent string, column int, e *Expr, whole bool) {
	one := e.String()
	if e.isChain() && !whole {
		one = "(" + one + ")"
	}
	if !f.holdsComment(e) && column+veille.Columns(one) <= lineWidth {
		f.write(one)
		return
	}
	switch e.Op {
	case OpNot:
		f.write("NOT ")
		f.expr(indent, column+len("NOT "), e.Kids[0], false)
	case OpField:
		f.write(e.Text + ":")
		f.expr(indent, column+len(e.Text)+1, e.Kids[0], false)
	case OpAtLeast:
		f.write(fmt.Sprintf("%d of (", e.N))
		f.members(indent+"  ", e)
		f.newLine(indent)
		f.write(")")
	case OpAnd, OpOr, OpNear:
		if whole {
			f.chain(indent, e)
			return
		}
		f.write("(")
		f.chain(indent+"  ", e)
		f.newLine(indent)
		f.write(")")
	default:
		f.write(one)
	}
}

// chain writes operands with the operator before each but the first. Words
// alone run on, as many on a line as fit.
func (f *formatter) chain(indent string, e *Expr) {
	sign := strings.TrimLeft(e.sign(), " ")
	if e.Op == OpOr && areWords(e.Kids) && !f.holdsComment(e) {
		f.words(indent, sign, e.Kids)
		return
	}
	for i, k := range e.Kids {
		operator := sign
		if i == 0 {
			operator = ""
		}
		f.operand(indent, operator, k, false, "", e.nextStart(i))
	}
	f.commentsBefore(indent, e.End)
}

// members writes the members of n of (…).
func (f *formatter) members(indent string, e *Expr) {
	for i, k := range e.Kids {
		after := ","
		if i == len(e.Kids)-1 {
			after = ""
		}
		f.operand(indent, "", k, true, after, e.nextStart(i))
	}
	f.commentsBefore(indent, e.End)
}

// words writes operands one behind the other.
func (f *formatter) words(indent, sign string, kids []*Expr) {
	f.newLine(indent)
	column := len(indent)
	for i, k := range kids {
		text := k.String()
		if i > 0 {
			text = sign + text
			if column+1+veille.Columns(text) > lineWidth {
				f.newLine(indent)
				column = len(indent)
			} else {
				f.write(" ")
				column++
			}
		}
		f.write(text)
		column += veille.Columns(text)
	}
}

func areWords(kids []*Expr) bool {
	for _, k := range kids {
		if k.Op != OpTerm && k.Op != OpConcept {
			return false
		}
	}
	return true
}

// nextStart is where the operand behind a kid begins, or where e ends.
func (e *Expr) nextStart(kid int) int {
	if kid+1 < len(e.Kids) {
		return e.Kids[kid+1].firstWord()
	}
	return e.End
}

// firstWord is the byte of the query before which nothing of e stands but NOT
// and the name of a field: a comment there belongs before e.
func (e *Expr) firstWord() int {
	for e.Op == OpNot || e.Op == OpField {
		e = e.Kids[0]
	}
	return e.Start
}
