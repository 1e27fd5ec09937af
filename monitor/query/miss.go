package query

import (
	"fmt"
	"slices"
	"strings"

	"veille"
)

// Misses returns, for every watch that the snapshot does not satisfy, the
// first clause that failed and why, in the order of the watch-list. Tags are
// those of the article's sources.
func (s *Set) Misses(a veille.Snapshot, tags []string) []veille.Miss {
	r := s.read(&a, tags)
	defer s.release(r)
	x := s.explainer(r)
	r.show(&a)
	var misses []veille.Miss
	for ref := range int32(s.watches.len()) {
		e := s.watches.tree(ref)
		pc := x.compile(e)
		if e == nil || x.holds(r, pc) {
			continue
		}
		failed, why := x.explain(e, pc, inText)
		x.leaves = x.leaves[:0]
		x.present(e, pc)
		var found []string
		for _, l := range x.leaves {
			if !slices.Contains(found, l.written) && len(found) < maxFound {
				found = append(found, l.written)
			}
		}
		misses = append(misses, veille.Miss{Watch: s.watches.watch(ref).Name, Failed: failed, Why: why, Found: found})
	}
	return misses
}

// maxFound bounds the terms that a miss says were found.
const maxFound = 10

// present collects the terms of an expression that were found, whatever the
// expression makes of them; not those it excludes.
func (x *explainer) present(e *Expr, pc uint32) {
	switch e.Op {
	case OpNot:
	case OpTerm:
		if x.holds(x.r, pc) {
			x.reasons(e, pc, nil)
		}
	case OpConcept:
		x.reasons(e, pc, nil)
	case OpField:
		x.present(e.Kids[0], pc)
	default:
		x.eachKid(e, pc, func(_ int, k *Expr, kid uint32) { x.present(k, kid) })
	}
}

// explain returns the part of an expression that does not hold, and why.
func (x *explainer) explain(e *Expr, pc uint32, in fields) (failed, why string) {
	r := x.r
	switch e.Op {
	case OpAnd:
		x.eachKid(e, pc, func(_ int, k *Expr, kid uint32) {
			if failed == "" && !x.holds(r, kid) {
				failed, why = x.explain(k, kid, in)
			}
		})
		return failed, why
	case OpField:
		failed, why = x.explain(e.Kids[0], pc, fieldMask(e.Text))
		if e.Kids[0].Op != OpAnd {
			failed = e.String()
		}
		return failed, why
	case OpNot:
		x.leaves = x.leaves[:0]
		x.reasons(e.Kids[0], pc+1, nil)
		why = "excluded: it matches"
		if len(x.leaves) > 0 {
			l := x.leaves[0]
			where := r.in(l.node) & l.in
			why = "excluded: " + l.written + " is in " + (where & -where).String()
		}
		return e.String(), why
	case OpOr:
		for _, k := range e.Kids {
			if k.Op != OpTerm && k.Op != OpConcept {
				return e.String(), "no alternative holds"
			}
		}
		return e.String(), "none of them is in " + in.String()
	case OpConcept:
		return e.String(), "none of its words is in " + in.String()
	case OpAtLeast:
		return e.String(), x.tooFew(e, pc)
	case OpNear:
		return e.String(), x.tooFar(e, pc)
	}
	why = "not in " + in.String()
	node := x.leafNode(pc)
	switch elsewhere := r.in(node) &^ inLead; {
	case elsewhere != 0:
		why += ", only in " + elsewhere.String()
	case e.Form == Exact:
		if other := x.otherwise(e); other != "" {
			why = fmt.Sprintf("only written otherwise: %q", other)
		}
	}
	return e.Written(), why
}

// otherwise returns how an exact term is written in the text, if it is there.
func (x *explainer) otherwise(e *Expr) string {
	sight := x.r.sighted(x.way(e.Text, Folded, false))
	if sight == nil || sight.first < 0 {
		return ""
	}
	h := x.r.hit(&x.r.places[sight.first], "")
	return x.r.text[h.field][h.start:h.end]
}

// tooFew says how many of an OpAtLeast were found.
func (x *explainer) tooFew(e *Expr, pc uint32) string {
	var found []string
	x.eachKid(e, pc, func(_ int, k *Expr, kid uint32) {
		if x.holds(x.r, kid) {
			found = append(found, k.Written())
		}
	})
	if len(found) == 0 {
		return fmt.Sprintf("none of them is found, %d are asked", e.N)
	}
	return fmt.Sprintf("only %d of them found (%s), %d asked", len(found), strings.Join(found, ", "), e.N)
}

// tooFar says why an OpNear does not hold.
func (x *explainer) tooFar(e *Expr, pc uint32) string {
	r := x.r
	var kids [][]span
	why := ""
	x.eachKid(e, pc, func(_ int, k *Expr, kid uint32) {
		found := x.spansOf(r, kid)
		if found.lo == found.hi && why == "" {
			_, because := x.explain(k, kid, x.scope(kid))
			why = k.Written() + ": " + because
		}
		kids = append(kids, slices.Clone(r.spans[found.lo:found.hi]))
		r.spans = r.spans[:0]
	})
	asked := fmt.Sprintf("NEAR/%d asked", e.N)
	if e.Ordered {
		asked = fmt.Sprintf("BEFORE/%d asked", e.N)
	}
	switch {
	case why != "":
		return why
	case len(kids) > 2:
		return "all found, but not together: " + asked
	}
	forth, back := nearestGap(kids[0], kids[1]), nearestGap(kids[1], kids[0])
	least := forth
	if !e.Ordered {
		least = min(forth, back)
	}
	switch {
	case least < partGap/2:
		return fmt.Sprintf("both found, %d words apart, %s", least, asked)
	case e.Ordered && back < partGap/2:
		return "both found, in the other order: " + asked
	case slices.ContainsFunc(kids[0], func(a span) bool {
		return slices.ContainsFunc(kids[1], func(b span) bool { return a.from/partGap == b.from/partGap })
	}):
		return "both found, but only in the same words: " + asked
	}
	return "both found, but not in one field: " + asked
}

// scope returns the fields that a program looks at first.
func (x *explainer) scope(pc uint32) fields {
	switch x.code[pc] & opMask {
	case opTerm, opTermIn, opLang:
		return x.leafFields(pc)
	}
	return x.scope(x.kids(pc))
}

// nearestGap returns the least number of words between a span of a and a later
// one of b, at least partGap/2 if there is none in one part.
func nearestGap(a, b []span) int64 {
	least := int64(partGap)
	ends := slices.Clone(a)
	slices.SortFunc(ends, byEnd)
	for _, y := range b {
		i, _ := slices.BinarySearchFunc(ends, y.from+1, func(s span, to int64) int { return int(s.to - to) })
		if i > 0 && ends[i-1].to/partGap == y.from/partGap {
			least = min(least, y.from-ends[i-1].to)
		}
	}
	return least
}
