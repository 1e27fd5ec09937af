package query

import "fmt"

// Bounds of a query.
const (
	// MaxBytes is the length of the longest query.
	MaxBytes = 64 << 10
	// MaxDepth is how deep parentheses may nest.
	MaxDepth = 100
)

// Parse reads a query. The error is Errors, never empty: every mistake that can
// be told apart.
func Parse(query string) (*Expr, error) {
	e, _, errs := parse(query)
	if errs != nil {
		return nil, errs
	}
	return e, nil
}

// parse also returns the comments of the query.
func parse(query string) (*Expr, []comment, Errors) {
	if len(query) > MaxBytes {
		return nil, nil, Errors{{MaxBytes, fmt.Sprintf("the query is %d bytes long, at most %d are allowed", len(query), MaxBytes),
			"move its lists of words to concepts, and write @name"}}
	}
	p := parser{lex: lexer{in: query}}
	e, err := p.query()
	errs := Errors(p.lex.problems)
	// What follows from a token that was refused is not the author's mistake.
	if err != nil && !(len(errs) > 0 && (p.tok.bad || p.last.bad)) {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		return nil, nil, errs.sorted()
	}
	return e, p.lex.comments, nil
}

type parser struct {
	lex lexer
	tok lexeme
	// last is the token before tok.
	last    lexeme
	inField string
	// wrapped is the expression of the last parentheses.
	wrapped *Expr
}

// query reads a whole query. A mistake that leaves the rest unreadable is
// returned, others are noted.
func (p *parser) query() (*Expr, *Error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokenEnd {
		return nil, &Error{0, "the query is empty", "write a word, or take the query out"}
	}
	e, err := p.chain(0)
	if err != nil {
		return nil, err
	}
	switch p.tok.kind {
	case tokenClose:
		return nil, &Error{p.tok.start, ") closes nothing", "take it out, or put ( where the group begins"}
	case tokenComma:
		return nil, p.strayComma()
	}
	if e.Op == OpNot {
		p.note(onlyExclusion(e))
	}
	return e, nil
}

func (p *parser) advance() *Error {
	p.last = p.tok
	t, err := p.lex.next()
	p.tok = t
	return err
}

// note keeps a mistake after which reading goes on.
func (p *parser) note(err *Error) { p.lex.problems = append(p.lex.problems, err) }

func (p *parser) source(start, end int) string { return p.lex.in[start:end] }

// joint is an operator between two operands of a chain.
type joint struct {
	op    Op
	start int
}

// chain reads operands joined by AND, OR or NOT, up to a ) or comma or the end.
func (p *parser) chain(depth int) (*Expr, *Error) {
	first, err := p.operand(depth)
	if err != nil {
		return nil, err
	}
	kids := []*Expr{first}
	var joins []joint
	var loose *Expr // a NEAR without parentheses
	if p.isLoose(first) {
		loose = first
	}
	for {
		j := joint{OpAnd, p.tok.start}
		switch p.tok.kind {
		case tokenEnd, tokenClose, tokenComma:
			return p.group(kids, joins, loose), nil
		case tokenAnd, tokenOr:
			if p.tok.kind == tokenOr {
				j.op = OpOr
			}
			if err := p.advance(); err != nil {
				return nil, err
			}
		case tokenNot: // a NOT b is a AND NOT b
		default:
			return nil, p.sideBySide(kids[len(kids)-1])
		}
		kid, err := p.operand(depth)
		if err != nil {
			return nil, err
		}
		kids, joins = append(kids, kid), append(joins, j)
		if loose == nil && p.isLoose(kid) {
			loose = kid
		}
	}
}

// isLoose reports whether an operand just read is a NEAR without parentheses.
func (p *parser) isLoose(e *Expr) bool { return e.Op == OpNear && p.wrapped != e }

// group makes one expression of a chain.
func (p *parser) group(kids []*Expr, joins []joint, loose *Expr) *Expr {
	if len(kids) == 1 {
		return kids[0]
	}
	for _, j := range joins {
		if j.op != joins[0].op {
			p.note(mixed(kids, joins, j))
			return placeholder(kids[0].Start, kids[len(kids)-1].End)
		}
	}
	e := &Expr{Op: joins[0].op, Start: kids[0].Start, End: kids[len(kids)-1].End}
	positive := false
	for _, k := range kids {
		switch {
		case k.Op == OpNot && e.Op == OpOr:
			p.note(&Error{k.Start, "NOT inside OR matches almost everything", "exclude beside the group: (… OR …) AND " + clip(k.String())})
			return placeholder(e.Start, e.End)
		case k == loose && e.Op == OpOr:
			p.note(mixedNear(kids, k))
			return placeholder(e.Start, e.End)
		}
		positive = positive || k.Op != OpNot
		if k.Op == e.Op {
			e.Kids = append(e.Kids, k.Kids...)
			continue
		}
		e.Kids = append(e.Kids, k)
	}
	if !positive {
		p.note(onlyExclusion(kids[0]))
		return placeholder(e.Start, e.End)
	}
	return e
}

// placeholder stands for what was refused, so that reading can go on.
func placeholder(start, end int) *Expr {
	return &Expr{Op: OpTerm, Text: "…", Start: start, End: end}
}

func (p *parser) operand(depth int) (*Expr, *Error) {
	if p.tok.kind != tokenNot {
		return p.near(depth)
	}
	not := p.tok
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokenNot {
		return nil, &Error{p.tok.start, "NOT NOT says nothing", "take both out, or one"}
	}
	kid, err := p.near(depth + 1)
	if err != nil {
		return nil, err
	}
	if kid.Op == OpNot {
		return nil, &Error{kid.Start, "NOT NOT says nothing", "take both out, or one"}
	}
	return &Expr{Op: OpNot, Kids: []*Expr{kid}, Start: not.start, End: kid.End}, nil
}

// near reads operands joined by NEAR or BEFORE.
func (p *parser) near(depth int) (*Expr, *Error) {
	first, err := p.primary(depth)
	if err != nil || p.tok.kind != tokenNear {
		return first, err
	}
	op := p.tok
	e := &Expr{Op: OpNear, N: op.n, Ordered: op.ordered, Kids: []*Expr{first}, Start: first.Start}
	sound := true
	for p.tok.kind == tokenNear {
		t := p.tok
		if sound && !t.bad && !op.bad && (t.n != op.n || t.ordered != op.ordered) {
			a, b := p.source(op.start, op.end), p.source(t.start, t.end)
			p.note(&Error{t.start, fmt.Sprintf("%s and %s in one chain", a, b),
				fmt.Sprintf("put parentheses around what is near first, as in (a %s b) %s c", a, b)})
			sound = false
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.tok.kind == tokenNot {
			not := p.tok
			if err := p.advance(); err != nil {
				return nil, err
			}
			kid, err := p.primary(depth + 1)
			if err != nil {
				return nil, err
			}
			a, b, near := operandText(e.Kids[len(e.Kids)-1]), operandText(kid), p.source(t.start, t.end)
			p.note(&Error{not.start, "NOT behind " + near, fmt.Sprintf("write %s AND NOT (%s %s %s)", a, a, near, b)})
			sound = false
			e.Kids = append(e.Kids, kid)
			continue
		}
		kid, err := p.primary(depth)
		if err != nil {
			return nil, err
		}
		e.Kids = append(e.Kids, kid)
	}
	e.End = e.Kids[len(e.Kids)-1].End
	for i := 0; sound && i < len(e.Kids); i++ {
		if bad := unmeasured(e.Kids[i]); bad != nil {
			p.note(cannotBeNear(e, i, bad))
			sound = false
		}
	}
	if sound && len(e.Kids) > maxParts {
		p.note(&Error{e.Start, fmt.Sprintf("%d operands in one chain", len(e.Kids)), fmt.Sprintf("at most %d are measured together: join some with AND", maxParts)})
		sound = false
	}
	if !sound {
		return placeholder(e.Start, e.End), nil
	}
	return e, nil
}

// unmeasured returns the part of an operand of NEAR that has no one place.
func unmeasured(e *Expr) *Expr {
	switch e.Op {
	case OpAnd, OpNot, OpField:
		return e
	}
	for _, k := range e.Kids {
		if bad := unmeasured(k); bad != nil {
			return bad
		}
	}
	return nil
}
