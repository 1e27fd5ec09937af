package query

import (
	"fmt"
	"strconv"
	"strings"
)

// beginsList reports whether the number e and the current token begin n of (…).
func (p *parser) beginsList(e *Expr) bool {
	return p.last.kind == tokenWord && e.Form == Folded && !e.Prefix && isCount(e.Text) &&
		p.tok.kind == tokenWord && strings.EqualFold(p.source(p.tok.start, p.tok.end), "of") &&
		strings.HasPrefix(strings.TrimLeft(p.lex.in[p.lex.pos:], " \t\r\n"), "(")
}

// atLeast reads the members of n of (…); the current token is of.
func (p *parser) atLeast(count *Expr, depth int) (*Expr, *Error) {
	if depth >= MaxDepth {
		return nil, tooDeep(count.Start)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	open := p.tok
	p.lex.lists++
	e := &Expr{Op: OpAtLeast, Start: count.Start}
	for p.tok.kind != tokenClose || len(e.Kids) == 0 {
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.tok.kind == tokenClose && p.last.kind == tokenOpen {
			return nil, &Error{open.start, "nothing is between the parentheses", "write the members between them, as in 2 of (a, b, c)"}
		}
		kid, err := p.chain(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.tok.kind == tokenEnd {
			return nil, &Error{open.start, "the parenthesis is not closed", "put ) after the last member"}
		}
		if kid.Op == OpNot {
			p.note(&Error{kid.Start, "NOT inside of (…) matches almost everything", "exclude beside the group: … AND " + clip(kid.String())})
		}
		e.Kids = append(e.Kids, kid)
	}
	p.lex.lists--
	e.End = p.tok.end
	if err := p.advance(); err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(count.Text)
	return p.counted(e, n, err == nil), nil
}

// counted sets how many of the members must hold. All of them are an AND, one
// of them an OR.
func (p *parser) counted(e *Expr, n int, ok bool) *Expr {
	for i, k := range e.Kids {
		for _, before := range e.Kids[:i] {
			if k.Op == before.Op && k.String() == before.String() {
				p.note(&Error{k.Start, clip(k.String()) + " is here twice, and would count twice", "take it out"})
			}
		}
	}
	switch {
	case !ok || n > len(e.Kids):
		p.note(&Error{e.Start, fmt.Sprintf("more members are asked for than the %d that are listed", len(e.Kids)), "lower the number, or list more, with commas between them"})
		return placeholder(e.Start, e.End)
	case n == 0:
		p.note(&Error{e.Start, "0 of them always holds", "write 1 of (…), or take it out"})
		return placeholder(e.Start, e.End)
	case len(e.Kids) == 1:
		return e.Kids[0]
	case n == 1:
		return e.as(OpOr)
	case n == len(e.Kids):
		return e.as(OpAnd)
	}
	e.N = n
	return e
}

// as joins the members of e in another way.
func (e *Expr) as(op Op) *Expr {
	out := join(op, e.Kids)
	out.Start, out.End = e.Start, e.End
	return out
}
