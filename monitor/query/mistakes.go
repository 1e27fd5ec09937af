package query

import (
	"fmt"
	"strings"
)

// missing explains why no operand begins at the current token.
func (p *parser) missing() *Error {
	here := p.source(p.tok.start, p.tok.end)
	before := p.source(p.last.start, p.last.end)
	switch p.tok.kind {
	case tokenAnd, tokenOr, tokenNear, tokenComma:
		if before == "" || p.last.kind == tokenOpen || p.last.kind == tokenComma {
			return &Error{p.tok.start, "nothing is before " + here, "write a word before it, or take it out"}
		}
		if p.tok.kind != tokenComma {
			return &Error{p.tok.start, fmt.Sprintf("%s follows %s", here, before), "keep one of them, or quote the one that is a word"}
		}
	case tokenNot:
		return &Error{p.tok.start, fmt.Sprintf("NOT behind %s", before), "exclude beside the group: … AND NOT …"}
	}
	if p.last.kind == tokenField {
		return &Error{p.last.start, "nothing is after " + before, "write a word after it, as in title:sommet"}
	}
	return &Error{p.last.start, "nothing is after " + before, "write a word after it, or take it out"}
}

func (p *parser) strayComma() *Error {
	return &Error{p.tok.start, "a comma separates only the members of n of (…)", "did you mean OR?"}
}

// sideBySide explains that an operator is missing after left.
func (p *parser) sideBySide(left *Expr) *Error {
	right := p.tok
	plainWord := right.kind == tokenWord && right.form == Folded
	if !plainWord || (p.last.kind != tokenWord || p.last.form != Folded) && !looksLikeOperator(right.text) {
		return p.noOperator(left, right)
	}
	// The words run on: collect them, to quote them all.
	run := []lexeme{p.last, right}
	for {
		if err := p.advance(); err != nil || p.tok.kind != tokenWord || p.tok.form != Folded {
			break
		}
		run = append(run, p.tok)
	}
	for _, w := range run {
		p.tok.bad = p.tok.bad || w.bad
	}
	if strings.EqualFold(run[len(run)-1].text, "of") && (p.tok.kind == tokenOpen || p.tok.kind == tokenConcept) {
		return &Error{run[0].start, "no number before of", "write how many, as in 2 of (a, b, c)"}
	}
	phrase := p.source(run[0].start, run[len(run)-1].end)
	asPhrase := `"` + phrase + `"`
	if within, single := strings.CutPrefix(phrase, "'"); single {
		if within, _, closed := strings.Cut(within, "' "); closed || strings.HasSuffix(within, "'") {
			return &Error{run[0].start, "single quotes make no phrase", "write " + clip(`"`+strings.TrimSuffix(within, "'")+`"`)}
		}
	}
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

func (p *parser) noOperator(left *Expr, right lexeme) *Error {
	a, b := clip(p.source(left.Start, left.End)), clip(p.source(right.start, right.end))
	switch right.kind {
	case tokenOpen:
		b = "(…)"
	case tokenField:
		b += "…"
	}
	return &Error{right.start, fmt.Sprintf("no operator between %s and %s", a, b), fmt.Sprintf("write %s AND %s — or — %s OR %s", a, b, a, b)}
}

// mixed shows both readings of a chain that has AND and OR.
func mixed(kids []*Expr, joins []joint, at joint) *Error {
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
	return &Error{at.start, "AND and OR are mixed without parentheses",
		readings(tight(OpAnd), tight(OpOr), "put parentheses around what belongs together, as in (a AND b) OR c or a AND (b OR c)")}
}

// mixedNear shows both readings of a chain of OR in which NEAR stands.
func mixedNear(kids []*Expr, near *Expr) *Error {
	var tight, wide, rest []string
	for _, k := range kids {
		tight = append(tight, operandText(k))
	}
	sign := near.sign()
	seen := false
	for _, k := range kids {
		switch {
		case k == near:
			seen = true
			var group []string
			for i, o := range k.Kids {
				if i == len(k.Kids)-1 {
					rest = append(rest, operandText(o))
					break
				}
				group = append(group, operandText(o))
			}
			wide = append(wide, strings.Join(group, sign))
		case seen:
			rest = append(rest, operandText(k))
		default:
			wide = append(wide, operandText(k))
		}
	}
	group := func(items []string) string {
		if len(items) == 1 {
			return items[0]
		}
		return "(" + strings.Join(items, " OR ") + ")"
	}
	return &Error{near.Kids[1].Start, "OR and " + strings.TrimSpace(sign) + " are mixed without parentheses",
		readings(strings.Join(tight, " OR "), group(wide)+sign+group(rest), "put parentheses around what belongs together, as in a OR (b NEAR/5 c) or (a OR b) NEAR/5 c")}
}

// readings offers two ways to write a query, or, where they are long, an example.
func readings(a, b, example string) string {
	help := fmt.Sprintf("write %s — or — %s", a, b)
	if len(help) > 600 {
		return example
	}
	return help
}

// cannotBeNear explains which part of an operand of a NEAR has no one place.
func cannotBeNear(e *Expr, operand int, bad *Expr) *Error {
	sign := e.sign()
	with := func(replacement *Expr) string {
		all := make([]string, len(e.Kids))
		for i, k := range e.Kids {
			if i == operand {
				k = replacement
			}
			all[i] = operandText(k)
		}
		return strings.Join(all, sign)
	}
	whole := bad == e.Kids[operand]
	what, help := "AND inside"+sign, "a distance is measured between words: write (a"+sign+"c) AND (b"+sign+"c)"
	switch {
	case bad.Op == OpField && whole:
		what, help = bad.Text+": inside"+sign, fmt.Sprintf("name the field of all: %s:(%s)", bad.Text, with(bad.Kids[0]))
	case bad.Op == OpField:
		what, help = bad.Text+": inside"+sign, fmt.Sprintf("name the field of all: %s:(…%s…)", bad.Text, sign)
	case bad.Op == OpAnd && whole:
		var parts []string
		for _, k := range bad.Kids {
			if k.Op == OpNot {
				parts = append(parts, operandText(k))
			} else {
				parts = append(parts, "("+with(k)+")")
			}
		}
		if all := "write " + strings.Join(parts, " AND "); len(all) <= 600 {
			help = all
		}
	}
	return &Error{bad.Start, strings.TrimSpace(what), help}
}

func operandText(e *Expr) string {
	var b strings.Builder
	e.printOperand(&b)
	return clip(b.String())
}

func onlyExclusion(e *Expr) *Error {
	return &Error{e.Start, "only exclusions: this would match almost everything", "say what to look for too: … AND " + clip(e.String())}
}
