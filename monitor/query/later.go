package query

import "veille"

// look judges one query or item of a watch.
func (c *Checker) look(path string, e *Expr) []veille.Problem {
	return append(c.known(path, e), later(path, e)...)
}

// later refuses what can be read but not yet evaluated. It goes, with look, when
// the engine reads every kind of expression: c.known is then the judge.
func later(path string, e *Expr) []veille.Problem {
	what := ""
	switch {
	case e.Op == OpNear, e.Op == OpAtLeast:
		what = clip(e.String())
	case e.Op == OpField && fieldMask(e.Text) == 0:
		what = e.Text + ":"
	case e.Op == OpTerm && e.Form != Folded:
		what = e.term()
	}
	var problems []veille.Problem
	if what != "" {
		problems = append(problems, veille.Problem{Path: path, Offset: e.Start, What: what + " is not evaluated yet in this version"})
	}
	for _, k := range e.Kids {
		problems = append(problems, later(path, k)...)
	}
	return problems
}
