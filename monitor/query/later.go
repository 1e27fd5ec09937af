package query

import "veille"

// later refuses what can be read but not yet evaluated. It goes, with its two
// calls, when the engine reads every kind of expression.
func (c *checker) later(path string, e *Expr) {
	what := ""
	switch {
	case e.Op == OpNear, e.Op == OpAtLeast:
		what = clip(e.String())
	case e.Op == OpField && fieldMask(e.Text) == 0:
		what = e.Text + ":"
	case e.Op == OpTerm && e.Form != Folded:
		what = e.term()
	}
	if what != "" {
		c.problems = append(c.problems, veille.Problem{Path: path, Offset: e.Start, What: what + " is not evaluated yet in this version"})
	}
	for _, k := range e.Kids {
		c.later(path, k)
	}
}
