package query

import "fmt"

func (p *parser) primary(depth int) (*Expr, *Error) {
	t := p.tok
	switch t.kind {
	case tokenWord, tokenPhrase:
		e := &Expr{Op: OpTerm, Text: t.text, Prefix: t.prefix, Form: t.form, Start: t.start, End: t.end}
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.beginsList(e) {
			return p.atLeast(e, depth)
		}
		return e, nil
	case tokenConcept:
		return &Expr{Op: OpConcept, Text: t.text, Start: t.start, End: t.end}, p.advance()
	case tokenField:
		return p.field(depth)
	case tokenOpen:
		return p.parenthesised(depth)
	}
	return nil, p.missing()
}

func (p *parser) field(depth int) (*Expr, *Error) {
	t := p.tok
	if p.inField != "" {
		return nil, &Error{t.start, fmt.Sprintf("%s: inside %s:", t.text, p.inField), "a word is looked for in one field: close the group of the first field before"}
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokenNot {
		return nil, &Error{p.tok.start, "NOT after " + t.text + ":", "write NOT " + t.text + ":word"}
	}
	p.inField = t.text
	kid, err := p.primary(depth + 1)
	p.inField = ""
	if err != nil {
		return nil, err
	}
	e := &Expr{Op: OpField, Text: t.text, Kids: []*Expr{kid}, Start: t.start, End: kid.End}
	if kid.Op == OpNot {
		p.note(onlyExclusion(kid))
		return e, nil
	}
	if err := checkLabels(t.text, kid); err != nil && !t.bad {
		p.note(err)
	}
	return e, nil
}

func (p *parser) parenthesised(depth int) (*Expr, *Error) {
	open := p.tok
	if depth >= MaxDepth {
		return nil, tooDeep(open.start)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokenClose {
		return nil, &Error{open.start, "nothing is between the parentheses", "write a word between them, or take them out"}
	}
	e, err := p.chain(depth + 1)
	if err != nil {
		return nil, err
	}
	switch p.tok.kind {
	case tokenComma:
		return nil, p.strayComma()
	case tokenEnd:
		return nil, &Error{open.start, "the parenthesis is not closed", "put ) where the group ends"}
	}
	if e.Op == OpAnd || e.Op == OpOr || e.Op == OpNear {
		e.Start, e.End = open.start, p.tok.end
	}
	p.wrapped = e
	return e, p.advance()
}

func tooDeep(at int) *Error {
	return &Error{at, fmt.Sprintf("parentheses nest deeper than %d", MaxDepth), "move inner groups to concepts"}
}
