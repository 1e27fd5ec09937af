package query

import (
	"errors"
	"fmt"
	"strings"

	"veille"
)

// treeOf returns all that a watch looks for as one expression, query and list
// form joined, with concepts left as OpConcept. Start and End count in the
// query, and are 0 for what comes from the list form. The error joins every
// veille.Problem.
func treeOf(w veille.Watch) (*Expr, error) {
	var r treeReader
	parts := r.watch(w)
	if len(r.problems) > 0 {
		errs := make([]error, len(r.problems))
		for i, p := range r.problems {
			errs[i] = p
		}
		return nil, errors.Join(errs...)
	}
	return joined(parts), nil
}

// joined returns the parts of a watch as one expression.
func joined(parts []part) *Expr {
	kids := make([]*Expr, len(parts))
	for i, p := range parts {
		kids[i] = p.expr
	}
	return all(kids)
}

// part is a part of a watch, all of which must hold, and where it was read.
type part struct {
	expr *Expr
	path string
}

// treeReader builds expressions and collects what is wrong.
type treeReader struct {
	problems []veille.Problem
	// judge finds more mistakes in an item or query; it may be nil.
	judge func(path string, e *Expr) []veille.Problem
}

// add keeps the mistakes of an *Error or Errors.
func (r *treeReader) add(path string, err error) {
	mistakes, ok := errors.AsType[Errors](err)
	if !ok {
		mistakes = Errors{{What: err.Error()}}
		if e, ok := errors.AsType[*Error](err); ok {
			mistakes[0] = e.bounded()
		}
	}
	for _, e := range mistakes {
		r.problems = append(r.problems, veille.Problem{Path: path, Offset: e.Offset, What: e.What, Help: e.Help})
	}
}

func (r *treeReader) wrong(path, what, help string) {
	r.problems = append(r.problems, veille.Problem{Path: path, What: what, Help: help})
}

// watch returns the parts of a watch. They are sound if no problem was found.
func (r *treeReader) watch(w veille.Watch) []part {
	var parts []part
	if w.Query != "" {
		e, err := Parse(w.Query)
		if err != nil {
			r.add("query", err)
		} else {
			r.see("query", e)
			kids := []*Expr{e}
			if e.Op == OpAnd {
				kids = e.Kids
			}
			for _, k := range kids {
				parts = append(parts, part{k, "query"})
			}
		}
		if len(w.List.In) > 0 {
			r.wrong("in", "in: is of the list form and says nothing about the query", "write title:(…) in the query, or put the lists with their in: into one item under all:")
		}
	}
	asked := w.Query != "" || w.List.All != nil || w.List.Any != nil || w.List.AtLeast != nil
	switch {
	case !asked && len(w.List.None) > 0:
		r.wrong("none", "only exclusions: this would match almost everything", "say what to look for too, under query:, all: or any:")
	case !asked:
		r.wrong("", "the watch looks for nothing", "write a query, or words under all: or any:")
	}
	list := r.group("", w.List, 0)
	if asked && w.Query == "" && len(r.problems) == 0 && !positive(list) {
		r.wrong("", "only exclusions: this would match almost everything", "say what to look for too, under query:, all: or any:")
	}
	return append(parts, list...)
}

func (r *treeReader) see(path string, e *Expr) {
	if r.judge != nil {
		r.problems = append(r.problems, r.judge(path, e)...)
	}
}

func positive(parts []part) bool {
	for _, p := range parts {
		if p.expr.Op != OpNot {
			return true
		}
	}
	return false
}

// group returns what must all hold for a group of the list form.
func (r *treeReader) group(path string, c veille.Clause, depth int) []part {
	at := func(key string) string { return strings.TrimPrefix(path+"."+key, ".") }
	if depth > MaxDepth {
		r.wrong(path, fmt.Sprintf("lists nest deeper than %d", MaxDepth), "move inner groups to concepts")
		return nil
	}
	before := len(r.problems)
	var parts []part
	if c.Near != 0 {
		parts = append(parts, r.near(path, c, depth)...)
	} else {
		for i, item := range c.All {
			parts = append(parts, r.member(fmt.Sprintf("%s[%d]", at("all"), i), item, depth)...)
		}
	}
	if c.Any != nil {
		if kids := r.alternatives(at("any"), c.Any, depth); len(kids) > 0 {
			parts = append(parts, part{either(kids), at("any")})
		}
	}
	if c.AtLeast != nil {
		parts = append(parts, r.atLeast(at("at_least"), *c.AtLeast, depth)...)
	}
	for i, item := range c.None {
		where := fmt.Sprintf("%s[%d]", at("none"), i)
		if e := r.one(where, r.member(where, item, depth)); e != nil {
			parts = append(parts, part{&Expr{Op: OpNot, Kids: []*Expr{e}}, where})
		}
	}
	if e := r.languages(at("languages"), c.Languages); e != nil {
		parts = append(parts, part{e, at("languages")})
	}
	r.notEmpty(at("all"), c.All)
	r.notEmpty(at("any"), c.Any)
	r.notEmpty(at("none"), c.None)
	if in := r.in(at("in"), c.In); in != nil && len(r.problems) == before {
		for i := range parts {
			parts[i].expr = scoped(parts[i].expr, in)
		}
	}
	return parts
}

// member returns what must all hold for an item.
func (r *treeReader) member(path string, c veille.Clause, depth int) []part {
	if c.Item != "" {
		e := r.item(path, c.Item)
		if e == nil {
			return nil
		}
		e.Start, e.End = 0, 0
		return []part{{e, path}}
	}
	if c.All == nil && c.Any == nil && c.None == nil && c.AtLeast == nil {
		r.wrong(path, "nothing to look for", "write words under all, any or at_least")
		return nil
	}
	return r.group(path, c, depth+1)
}

// item reads an item; nil where it is wrong.
func (r *treeReader) item(path, text string) *Expr {
	e, err := treeOfItem(text)
	if err != nil {
		r.add(path, err)
		return nil
	}
	r.see(path, e)
	return e
}

// one joins the parts of an item that stands alone; nil where they are wrong.
func (r *treeReader) one(path string, parts []part) *Expr {
	if len(parts) == 0 {
		return nil
	}
	if !positive(parts) {
		r.wrong(path, "only exclusions: this would match almost everything", "write none: beside the list rather than inside it")
		return nil
	}
	kids := make([]*Expr, len(parts))
	for i, p := range parts {
		kids[i] = p.expr
	}
	return all(kids)
}

func (r *treeReader) alternatives(path string, items []veille.Clause, depth int) []*Expr {
	var out []*Expr
	for i, item := range items {
		where := fmt.Sprintf("%s[%d]", path, i)
		if e := r.one(where, r.member(where, item, depth)); e != nil {
			out = append(out, e)
		}
	}
	return out
}

func (r *treeReader) notEmpty(path string, list []veille.Clause) {
	if list != nil && len(list) == 0 {
		r.wrong(path, "an empty list", "write words in it, or remove the key")
	}
}

// near returns the members of all: as one NEAR.
func (r *treeReader) near(path string, c veille.Clause, depth int) []part {
	at := func(key string) string { return strings.TrimPrefix(path+"."+key, ".") }
	switch {
	case c.Near < 1 || c.Near > maxNear:
		r.wrong(at("near"), fmt.Sprintf("a distance is 1 to %d words", maxNear), "for words side by side write one phrase; for the whole text remove the key")
	case len(c.All) == 0:
		r.wrong(at("near"), "near: measures between the members of all:, and there is none", "write the groups under all:, each as a word or as any: […]")
	case len(c.All) == 1:
		r.wrong(at("near"), "near: measures between the members of all:, and there is only one", "write at least two")
	case len(c.All) > maxParts:
		r.wrong(at("near"), fmt.Sprintf("near: measures between %d members", len(c.All)), fmt.Sprintf("at most %d are measured together: move some to a list without near:", maxParts))
	}
	before := len(r.problems)
	kids := r.alternatives(at("all"), c.All, depth)
	if len(r.problems) > before {
		return nil
	}
	for i, k := range kids {
		bad := unmeasured(k)
		if bad == nil {
			continue
		}
		where := fmt.Sprintf("%s[%d]", at("all"), i)
		if bad.Op == OpField {
			r.wrong(where, "near: measures within one field", "write in: beside near: rather than inside the item")
		} else {
			r.wrong(where, "near: measures between words, and this member asks for several", "write it as a list of its own with its own near:")
		}
	}
	return []part{{&Expr{Op: OpNear, N: c.Near, Kids: kids}, at("all")}}
}

// atLeast returns what at_least: asks for. All of its members are an AND, one
// of them an OR.
func (r *treeReader) atLeast(path string, a veille.AtLeast, depth int) []part {
	before := len(r.problems)
	kids := r.alternatives(path+".of", a.Of, depth)
	switch {
	case len(a.Of) == 0:
		r.wrong(path+".of", "an empty list", "write the members")
	case a.N < 1:
		r.wrong(path+".n", fmt.Sprintf("%d of them always holds", a.N), "write at least 1")
	case a.N > len(a.Of):
		r.wrong(path+".n", fmt.Sprintf("more members are asked for than the %d that are listed", len(a.Of)), "lower the number, or list more")
	}
	if len(r.problems) > before {
		return nil
	}
	for i, k := range kids {
		for _, earlier := range kids[:i] {
			if k.Op == earlier.Op && k.String() == earlier.String() {
				r.wrong(fmt.Sprintf("%s.of[%d]", path, i), clip(k.Written())+" is here twice, and would count twice", "take it out")
			}
		}
	}
	switch a.N {
	case 1:
		return []part{{either(kids), path}}
	case len(kids):
		return []part{{all(kids), path}}
	}
	return []part{{&Expr{Op: OpAtLeast, N: a.N, Kids: kids}, path}}
}

func (r *treeReader) languages(path string, codes []string) *Expr {
	var kids []*Expr
	for i, code := range codes {
		if problem, fix := badLanguage(code, "such as fr"); problem != "" {
			r.wrong(fmt.Sprintf("%s[%d]", path, i), problem, fix)
			continue
		}
		kids = append(kids, &Expr{Op: OpTerm, Text: code})
	}
	if len(kids) == 0 {
		return nil
	}
	return &Expr{Op: OpField, Text: "lang", Kids: []*Expr{either(kids)}}
}

// in returns the fields that in: names; nil where there is none.
func (r *treeReader) in(path string, names []string) []string {
	var fields []string
	seen := map[string]bool{}
	for i, name := range names {
		if !isField(name) || isLabel(name) {
			r.wrong(fmt.Sprintf("%s[%d]", path, i), fmt.Sprintf("%q is no field of text", clip(name)), "the fields are title, lead, body, text, url and author")
		}
		if !seen[name] {
			fields = append(fields, name)
		}
		seen[name] = true
	}
	switch {
	case len(fields) == 2 && seen["title"] && seen["body"]:
		fields = []string{"text"}
	case len(fields) == 0:
		return nil
	}
	if fields[0] == "text" && path == "in" {
		return nil // nothing around it looks elsewhere
	}
	return fields
}
