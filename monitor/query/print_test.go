package query

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// treeDice draws any expression that a query can hold.
type treeDice struct{ *rand.Rand }

func (d treeDice) tree(depth int) *Expr {
	for {
		e := d.draw(depth, true)
		if e.Op != OpNot {
			return e
		}
	}
}

// draw draws an expression; whole says that it may be AND, NOT or a field.
func (d treeDice) draw(depth int, whole bool) *Expr {
	if depth == 0 {
		return d.term()
	}
	switch n := d.IntN(9); {
	case n == 0 && whole:
		return &Expr{Op: OpNot, Kids: []*Expr{d.but(depth-1, true, OpNot)}}
	case n <= 2 && whole:
		e := &Expr{Op: OpAnd, Kids: d.kids(depth, true, OpAnd)}
		for _, k := range e.Kids {
			if k.Op != OpNot {
				return e
			}
		}
		return d.term()
	case n <= 4:
		return &Expr{Op: OpOr, Kids: d.kids(depth, whole, OpOr, OpNot)}
	case n == 5:
		return &Expr{Op: OpNear, N: d.IntN(50), Ordered: d.IntN(2) == 0, Kids: d.kids(depth, false, OpNot)}
	case n == 6:
		e := &Expr{Op: OpAtLeast, N: 2, Kids: d.kids(depth, whole, OpNot)}
		seen := map[string]bool{}
		for _, k := range e.Kids {
			seen[k.String()] = true
		}
		if len(seen) == len(e.Kids) && len(seen) > e.N {
			return e
		}
	case n == 7 && whole:
		fields := []string{"title", "lead", "body", "text", "url", "author"}
		return &Expr{Op: OpField, Text: fields[d.IntN(len(fields))], Kids: []*Expr{d.unscoped(depth - 1)}}
	case n == 8:
		return &Expr{Op: OpConcept, Text: "dprk"}
	}
	return d.term()
}

// but draws an expression of another kind than some.
func (d treeDice) but(depth int, whole bool, not ...Op) *Expr {
	for {
		e := d.draw(depth, whole)
		ok := true
		for _, op := range not {
			ok = ok && e.Op != op
		}
		if ok {
			return e
		}
	}
}

func (d treeDice) kids(depth int, whole bool, not ...Op) []*Expr {
	kids := make([]*Expr, 2+d.IntN(3))
	for i := range kids {
		kids[i] = d.but(depth-1, whole, not...)
	}
	return kids
}

// unscoped draws what may stand inside a field.
func (d treeDice) unscoped(depth int) *Expr {
	for {
		if e := d.but(depth, true, OpNot, OpField); !holds(e, OpField) {
			return e
		}
	}
}

func holds(e *Expr, op Op) bool {
	for _, k := range e.Kids {
		if k.Op == op || holds(k, op) {
			return true
		}
	}
	return false
}

func (d treeDice) term() *Expr {
	texts := []string{"Corée du Nord", "l’armement", "nord-coréen", "AND", "near", "U.S", "1,5", `dit "non"`, "北朝鮮", "북한", "x²", "NEAR/5", "a (b)", "title:x", "2", "of", "#G7"}
	exact := []string{"C++", "US", "U.S.", "a «b»", "M*A*S*H", "AND", `"x"`, "~x"}
	inflected := []string{"missile", "AND", "élire", "북한"}
	switch d.IntN(6) {
	case 0:
		return &Expr{Op: OpTerm, Text: exact[d.IntN(len(exact))], Form: Exact}
	case 1:
		return &Expr{Op: OpTerm, Text: inflected[d.IntN(len(inflected))], Form: Inflected}
	case 2:
		return &Expr{Op: OpTerm, Text: texts[d.IntN(5)], Prefix: true}
	}
	return &Expr{Op: OpTerm, Text: texts[d.IntN(len(texts))]}
}

func TestParse_ReadsWhatEveryTreePrints(t *testing.T) {
	for seed := range uint64(2_000) {
		e := treeDice{rand.New(rand.NewPCG(seed, 7))}.tree(3)
		formatted, err := Format(e.String())
		if err != nil {
			t.Fatalf("seed %d: %s: %v", seed, e, err)
		}
		for _, printed := range []string{e.String(), formatted} {
			again, err := Parse(printed)
			if err != nil {
				t.Fatalf("seed %d: %s: %v", seed, printed, err)
			}
			if diff := cmp.Diff(e, again, ignorePlaces); diff != "" {
				t.Fatalf("seed %d: %s reads differently:\n%s", seed, printed, diff)
			}
		}
		if again, err := Format(formatted); err != nil || again != formatted {
			t.Fatalf("seed %d: %s is formatted again as %s: %v", seed, formatted, again, err)
		}
	}
}
