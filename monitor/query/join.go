package query

// all joins what must all hold.
func all(kids []*Expr) *Expr { return join(OpAnd, kids) }

// either joins what is enough alone.
func either(kids []*Expr) *Expr { return join(OpOr, kids) }

// join makes one conjunction or disjunction, without one of its own kind in it.
func join(op Op, kids []*Expr) *Expr {
	if len(kids) == 1 {
		return kids[0]
	}
	e := &Expr{Op: op}
	for _, k := range kids {
		if k.Op == op {
			e.Kids = append(e.Kids, k.Kids...)
		} else {
			e.Kids = append(e.Kids, k)
		}
	}
	return e
}

// scoped looks for the words of e in some fields, where e does not say itself
// in which. A group of words stays one group.
func scoped(e *Expr, fields []string) *Expr {
	if isWhole(e) {
		kids := make([]*Expr, len(fields))
		for i, f := range fields {
			kids[i] = &Expr{Op: OpField, Text: f, Kids: []*Expr{e}}
		}
		return either(kids)
	}
	if e.Op == OpField {
		return e
	}
	kids := make([]*Expr, len(e.Kids))
	for i, k := range e.Kids {
		kids[i] = scoped(k, fields)
	}
	switch e.Op {
	case OpAnd, OpOr:
		return join(e.Op, kids)
	}
	return &Expr{Op: e.Op, N: e.N, Kids: kids}
}

// isWhole reports whether e holds in some fields where it holds in one of them.
func isWhole(e *Expr) bool {
	switch e.Op {
	case OpAnd, OpNot, OpField, OpAtLeast:
		return false
	case OpNear:
		return true
	}
	for _, k := range e.Kids {
		if !isWhole(k) {
			return false
		}
	}
	return true
}
