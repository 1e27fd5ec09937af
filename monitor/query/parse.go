package query

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds of a query.
const (
	// MaxBytes is the length of the longest query.
	MaxBytes = 64 << 10
	// MaxDepth is how deep parentheses may nest.
	MaxDepth = 100
)

// Parse reads a query. The error is an *Error, and the first mistake found.
func Parse(query string) (*Expr, error) {
	e, err := parse(query)
	if err != nil {
		return nil, bounded(err)
	}
	return e, nil
}

func parse(query string) (*Expr, error) {
	if len(query) > MaxBytes {
		return nil, &Error{MaxBytes, fmt.Sprintf("the query is %d bytes long, at most %d are allowed", len(query), MaxBytes),
			"move its lists of words to concepts, and write @name"}
	}
	p := parser{lex: lexer{in: query}}
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
	if p.tok.kind == tokenClose {
		return nil, &Error{p.tok.start, ") closes nothing", "take it out, or put ( where the group begins"}
	}
	if e.Op == OpNot {
		return nil, onlyExclusion(e)
	}
	return e, nil
}

type parser struct {
	lex lexer
	tok lexeme
	// last is the token before tok.
	last    lexeme
	inField string
}

func (p *parser) advance() error {
	p.last = p.tok
	t, err := p.lex.next()
	p.tok = t
	return err
}

func (p *parser) source(start, end int) string { return p.lex.in[start:end] }

// join is an operator between two operands of a chain.
type join struct {
	op    Op
	start int
	text  string
}

// chain reads operands joined by AND, OR or NOT, up to ) or the end.
func (p *parser) chain(depth int) (*Expr, error) {
	first, err := p.operand(depth)
	if err != nil {
		return nil, err
	}
	kids := []*Expr{first}
	var joins []join
	for {
		j := join{OpAnd, p.tok.start, p.source(p.tok.start, p.tok.end)}
		switch p.tok.kind {
		case tokenEnd, tokenClose:
			return p.group(kids, joins)
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
	}
}

// group makes one expression of a chain.
func (p *parser) group(kids []*Expr, joins []join) (*Expr, error) {
	if len(kids) == 1 {
		return kids[0], nil
	}
	for _, j := range joins {
		if j.op != joins[0].op {
			return nil, mixed(kids, joins, j)
		}
	}
	e := &Expr{Op: joins[0].op, Start: kids[0].Start, End: kids[len(kids)-1].End}
	positive := false
	for _, k := range kids {
		if k.Op == OpNot && e.Op == OpOr {
			return nil, &Error{k.Start, "NOT inside OR matches almost everything", "exclude beside the group: (… OR …) AND " + clip(k.String())}
		}
		positive = positive || k.Op != OpNot
		if k.Op == e.Op {
			e.Kids = append(e.Kids, k.Kids...)
			continue
		}
		e.Kids = append(e.Kids, k)
	}
	if !positive {
		return nil, onlyExclusion(kids[0])
	}
	return e, nil
}

func (p *parser) operand(depth int) (*Expr, error) {
	if p.tok.kind != tokenNot {
		return p.primary(depth)
	}
	not := p.tok
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokenNot {
		return nil, &Error{p.tok.start, "NOT NOT says nothing", "take both out, or one"}
	}
	kid, err := p.primary(depth + 1)
	if err != nil {
		return nil, err
	}
	if kid.Op == OpNot {
		return nil, &Error{kid.Start, "NOT NOT says nothing", "take both out, or one"}
	}
	return &Expr{Op: OpNot, Kids: []*Expr{kid}, Start: not.start, End: kid.End}, nil
}

func (p *parser) primary(depth int) (*Expr, error) {
	t := p.tok
	switch t.kind {
	case tokenWord, tokenPhrase:
		return &Expr{Op: OpTerm, Text: t.text, Prefix: t.prefix, Start: t.start, End: t.end}, p.advance()
	case tokenConcept:
		return &Expr{Op: OpConcept, Text: t.text, Start: t.start, End: t.end}, p.advance()
	case tokenField:
		return p.field(depth)
	case tokenOpen:
		return p.parenthesised(depth)
	}
	return nil, p.missing()
}

func (p *parser) field(depth int) (*Expr, error) {
	t := p.tok
	if p.inField != "" {
		return nil, &Error{t.start, fmt.Sprintf("%s: inside %s:", t.text, p.inField), "a word is looked for in one field: close the group of the first field before"}
	}
	p.inField = t.text
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokenNot {
		return nil, &Error{p.tok.start, "NOT after " + t.text + ":", "write NOT " + t.text + ":word"}
	}
	kid, err := p.primary(depth + 1)
	if err != nil {
		return nil, err
	}
	p.inField = ""
	if kid.Op == OpNot {
		return nil, onlyExclusion(kid)
	}
	return &Expr{Op: OpField, Text: t.text, Kids: []*Expr{kid}, Start: t.start, End: kid.End}, nil
}

func (p *parser) parenthesised(depth int) (*Expr, error) {
	open := p.tok
	if depth >= MaxDepth {
		return nil, &Error{open.start, fmt.Sprintf("parentheses nest deeper than %d", MaxDepth), "move inner groups to concepts"}
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
	if p.tok.kind != tokenClose {
		return nil, &Error{open.start, "the parenthesis is not closed", "put ) where the group ends"}
	}
	if e.Op == OpAnd || e.Op == OpOr {
		e.Start, e.End = open.start, p.tok.end
	}
	return e, p.advance()
}

// missing explains why no operand begins at the current token.
func (p *parser) missing() *Error {
	here := p.source(p.tok.start, p.tok.end)
	before := p.source(p.last.start, p.last.end)
	switch {
	case p.tok.kind == tokenAnd || p.tok.kind == tokenOr:
		if before == "" || p.last.kind == tokenOpen {
			return &Error{p.tok.start, "nothing is before " + here, "write a word before it, or take it out"}
		}
		return &Error{p.tok.start, fmt.Sprintf("%s follows %s", here, before), "keep one of them, or quote the one that is a word"}
	case p.last.kind == tokenField:
		return &Error{p.last.start, "nothing is after " + before, "write a word after it, as in title:sommet"}
	}
	return &Error{p.last.start, "nothing is after " + before, "write a word after it, or take it out"}
}

// sideBySide explains that an operator is missing after left.
func (p *parser) sideBySide(left *Expr) error {
	right := p.tok
	if right.kind != tokenWord || p.last.kind != tokenWord && !looksLikeOperator(right.text) {
		a, b := p.source(left.Start, left.End), p.source(right.start, right.end)
		if right.kind == tokenOpen || right.kind == tokenField {
			b += "…"
			if right.kind == tokenOpen {
				b = "(…)"
			}
		}
		a, b = clip(a), clip(b)
		return &Error{right.start, fmt.Sprintf("no operator between %s and %s", a, b), fmt.Sprintf("write %s AND %s — or — %s OR %s", a, b, a, b)}
	}
	// The words run on: collect them, to quote them all.
	run := []lexeme{p.last, right}
	for {
		if err := p.advance(); err != nil || p.tok.kind != tokenWord {
			break
		}
		run = append(run, p.tok)
	}
	if run[1].text == "of" && strings.Trim(run[0].text, "0123456789") == "" {
		return &Error{run[0].start, run[0].text + " of (…) is not in this version", "write the combinations with AND and OR"}
	}
	phrase := p.source(run[0].start, run[len(run)-1].end)
	asPhrase := `"` + phrase + `"`
	for i, w := range run {
		if !looksLikeOperator(w.text) || w.prefix {
			continue
		}
		op := strings.ToUpper(w.text)
		help := "did you mean " + op + "?"
		if i > 0 && i+1 < len(run) && run[0].kind == tokenWord {
			help += fmt.Sprintf(" or, as a phrase, %s", clip(asPhrase))
		}
		return &Error{w.start, fmt.Sprintf("operators are written in upper case: %s", w.text), help}
	}
	return &Error{run[0].start, "words side by side need quotes or an operator", "write " + clip(asPhrase)}
}

// mixed shows both readings of a chain that has AND and OR.
func mixed(kids []*Expr, joins []join, at join) error {
	tight := func(op Op) string {
		// The operands that op joins stand together.
		other := map[Op]string{OpAnd: " OR ", OpOr: " AND "}[op]
		own := map[Op]string{OpAnd: " AND ", OpOr: " OR "}[op]
		var groups []string
		for i := 0; i < len(kids); {
			run := []string{operandText(kids[i])}
			for ; i < len(joins) && joins[i].op == op; i++ {
				run = append(run, operandText(kids[i+1]))
			}
			i++
			g := strings.Join(run, own)
			if len(run) > 1 {
				g = "(" + g + ")"
			}
			groups = append(groups, g)
		}
		return strings.Join(groups, other)
	}
	help := fmt.Sprintf("write %s — or — %s", tight(OpAnd), tight(OpOr))
	if len(help) > 600 {
		help = "put parentheses around what belongs together, as in (a AND b) OR c or a AND (b OR c)"
	}
	return &Error{at.start, "AND and OR are mixed without parentheses", help}
}

func operandText(e *Expr) string {
	var b strings.Builder
	e.printOperand(&b)
	return clip(b.String())
}

func onlyExclusion(e *Expr) error {
	return &Error{e.Start, "only exclusions: this would match almost everything", "say what to look for too: … AND " + clip(e.String())}
}

// bounded keeps an error short that quotes something long.
func bounded(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || len(e.What)+len(e.Help) <= 600 {
		return err
	}
	short := func(s string) string {
		if r := []rune(s); len(r) > 200 {
			return string(r[:199]) + "…"
		}
		return s
	}
	return &Error{e.Offset, short(e.What), short(e.Help)}
}

// clip shortens what an error quotes.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
