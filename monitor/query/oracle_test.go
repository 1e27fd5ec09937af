package query

import (
	"slices"
	"strings"

	"veille"
)

// The oracle reads the same language another way: it normalises whole strings,
// cuts them afterwards, and compares every term with every place.

// oracle evaluates one query over one article at a time, by trying everything.
type oracle struct {
	language string
	items    []oracleItem
	terms    map[*Expr][]oracleWord
	stems    map[string]string // remembered
}

// oracleItem is a text of a field.
type oracleItem struct {
	field, text string
	words       []oracleWord
	lead        int
}

// oraclePlace is where an expression is: some words of an item.
type oraclePlace struct{ item, from, to int }

func (o *oracle) read(a veille.Snapshot, tags []string, language string) {
	o.items, o.language = nil, language
	add := func(field string, texts ...string) {
		for _, t := range texts {
			o.items = append(o.items, oracleItem{field: field, text: t, words: oracleWords(t)})
		}
	}
	add("title", a.Title)
	add("body", a.Body)
	body := &o.items[1]
	read := ""
	for _, paragraph := range strings.SplitAfter(a.Body, "\n\n") {
		read += paragraph
		if body.lead = len(oracleWords(read)); body.lead >= leadWords {
			break
		}
	}
	add("url", a.URL)
	add("author", a.Authors...)
	add("tag", tags...)
	if _, rest, ok := strings.Cut(a.URL, "://"); ok {
		host, _, _ := strings.Cut(rest, "/")
		add("site", host)
	}
	add("lang", language)
}

func (o *oracle) holds(e *Expr, in []string, positive bool) bool {
	kid := func(k *Expr) bool { return o.holds(k, in, positive) }
	switch e.Op {
	case OpNot:
		return !o.holds(e.Kids[0], in, !positive)
	case OpField:
		return e.Text == "lang" && o.language == "" && positive || o.holds(e.Kids[0], oracleFields(e.Text), positive)
	case OpAnd:
		return !slices.ContainsFunc(e.Kids, func(k *Expr) bool { return !kid(k) })
	case OpOr:
		return slices.ContainsFunc(e.Kids, kid)
	case OpAtLeast:
		n := 0
		for _, k := range e.Kids {
			if kid(k) {
				n++
			}
		}
		return n >= e.N
	}
	return len(o.places(e, in)) > 0
}

func oracleFields(name string) []string {
	if name == "text" {
		return []string{"title", "body"}
	}
	return []string{name}
}

// places returns where an expression that stands in a NEAR is, in any order and
// perhaps several times.
func (o *oracle) places(e *Expr, in []string) []oraclePlace {
	var out []oraclePlace
	switch e.Op {
	case OpField:
		return o.places(e.Kids[0], oracleFields(e.Text))
	case OpOr:
		for _, k := range e.Kids {
			out = append(out, o.places(k, in)...)
		}
		return out
	case OpNear, OpAtLeast:
		var choices [][]oraclePlace
		for _, k := range e.Kids {
			choices = append(choices, o.places(k, in))
		}
		var choose func(at int, chosen []oraclePlace)
		choose = func(at int, chosen []oraclePlace) {
			if at == len(choices) {
				if p, ok := oracleJoin(e, chosen); ok {
					out = append(out, p)
				}
				return
			}
			if e.Op == OpAtLeast {
				choose(at+1, chosen)
			}
			for _, p := range choices[at] {
				choose(at+1, append(chosen[:len(chosen):len(chosen)], p))
			}
		}
		choose(0, nil)
		return out
	}
	if e.Form == Exact {
		return o.exactPlaces(e, in)
	}
	term, ok := o.terms[e]
	if !ok {
		term = oracleWords(e.Text)
		o.terms[e] = term
	}
	for n, item := range o.items {
		lead := slices.Contains(in, "lead") && item.field == "body"
		if !lead && !slices.Contains(in, item.field) {
			continue
		}
		for at := 0; at+len(term) <= len(item.words); at++ {
			end := at + len(term)
			var here bool
			if e.Form == Inflected {
				here = len(term) == 1 && (oracleAt(term, item.words, at, false) || o.isForm(e, item, at))
			} else {
				here = oracleAt(term, item.words, at, e.Prefix)
			}
			if !here || lead && end > item.lead {
				continue
			}
			open := e.Prefix && term[len(term)-1].kind != "solo"
			switch item.field {
			case "tag":
				here = at == 0 && (open || end == len(item.words))
			case "lang":
				here = at == 0
			case "site":
				places := wordsOf(item.text)
				here = (at == 0 || item.text[places[at].start-1] == '.') && (open || end == len(item.words))
			}
			if here {
				out = append(out, oraclePlace{n, at, end})
			}
		}
	}
	return out
}

// oracleJoin makes one place of those chosen for the kids of an OpNear or
// OpAtLeast.
func oracleJoin(e *Expr, chosen []oraclePlace) (oraclePlace, bool) {
	if e.Op == OpAtLeast && len(chosen) != e.N {
		return oraclePlace{}, false
	}
	if e.Op == OpNear && !e.Ordered {
		chosen = slices.Clone(chosen)
		slices.SortFunc(chosen, func(a, b oraclePlace) int { return a.from - b.from })
	}
	all := chosen[0]
	for i, p := range chosen[1:] {
		if p.item != all.item {
			return oraclePlace{}, false
		}
		if gap := p.from - chosen[i].to; e.Op == OpNear && (gap < 0 || gap > e.N) {
			return oraclePlace{}, false
		}
		all.from, all.to = min(all.from, p.from), max(all.to, p.to)
	}
	return all, true
}
