package query

import (
	"errors"

	"veille"
)

// treeOf returns all that a watch looks for as one expression, query and list
// form joined, with concepts left as OpConcept. The error joins every mistake.
func treeOf(w veille.Watch) (*Expr, error) {
	var errs []error
	keep := func(e *Expr, err error) *Expr {
		if err != nil {
			errs = append(errs, err)
		}
		return e
	}
	var parts []*Expr
	if w.Query != "" {
		parts = append(parts, keep(Parse(w.Query)))
	}
	for _, item := range w.All {
		parts = append(parts, keep(treeOfItem(item)))
	}
	if len(w.Any) > 0 {
		any := &Expr{Op: OpOr}
		for _, item := range w.Any {
			any.Kids = append(any.Kids, keep(treeOfItem(item)))
		}
		parts = append(parts, any)
	}
	for _, item := range w.None {
		parts = append(parts, &Expr{Op: OpNot, Kids: []*Expr{keep(treeOfItem(item))}})
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return conjunction(parts)
}

// conjunction joins what must all hold.
func conjunction(parts []*Expr) (*Expr, error) {
	e := &Expr{Op: OpAnd}
	positive := false
	for _, p := range parts {
		if p.Op == OpOr && len(p.Kids) == 1 {
			p = p.Kids[0]
		}
		positive = positive || p.Op != OpNot
		if p.Op == OpAnd {
			e.Kids = append(e.Kids, p.Kids...)
			continue
		}
		e.Kids = append(e.Kids, p)
	}
	switch {
	case !positive:
		return nil, errors.New("the watch looks for nothing")
	case len(e.Kids) == 1:
		return e.Kids[0], nil
	}
	return e, nil
}
