package query

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"veille"
)

// maxReported bounds the places that a match names for one term and field.
const maxReported = 3

// maxHits bounds the places of one term that help to choose an excerpt.
const maxHits = 256

// hit is one place of one term of a watch, in bytes of a field's text.
type hit struct {
	start, end int32
	field      uint8
	term       int // index of the leaf
	// nth counts the places of this term in this field.
	nth int
}

// leaf is a term that helped a watch to match.
type leaf struct {
	node    uint32
	in      fields
	written string
	// within are the spans that count, where a NEAR chose; nil for all.
	within []span
	// exact is the text of an exact term, which may have more than words.
	exact string
}

// explainer evaluates the tree of one watch at a time over a reading.
type explainer struct {
	*compiler
	r      *reading
	leaves []leaf
}

// explainer returns one that looks up what s has, and changes nothing in it.
func (s *Set) explainer(r *reading) *explainer {
	own := *s
	own.code = nil
	c := newCompiler(&own)
	c.finding = true
	return &explainer{compiler: c, r: r}
}

// compile makes the program of a tree.
func (x *explainer) compile(e *Expr) uint32 {
	x.code = append(x.code[:0], 0)
	x.emit(e, inText)
	return 1
}

// report says why a watch that matches does so: the places of every term that
// helped, title before body.
func (x *explainer) report(ref int32) veille.Match {
	r := x.r
	e := x.watches.tree(ref)
	x.leaves = x.leaves[:0]
	x.reasons(e, x.compile(e), nil)
	hits := r.hits[:0]
	for i := range x.leaves {
		hits = x.hits(hits, i)
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.term, b.term))
	})
	r.hits = hits
	m := veille.Match{Watch: x.watches.watch(ref).Name, Terms: make([]veille.Term, 0, len(hits))}
	for _, h := range hits {
		if h.nth >= maxReported {
			continue
		}
		start := r.point(h.field, h.start)
		text := r.text[h.field][h.start:h.end]
		m.Terms = append(m.Terms, veille.Term{
			Term: x.leaves[h.term].written, Field: fieldName(h.field), Text: text,
			Start: start, End: start + utf8.RuneCountInString(text),
		})
	}
	m.Excerpt = excerpt(r, hits, len(x.leaves))
	return m
}

// hits appends the places of a leaf.
func (x *explainer) hits(dst []hit, n int) []hit {
	r, l := x.r, &x.leaves[n]
	sight := r.sighted(l.node)
	if sight == nil {
		return dst
	}
	nth, field, from := 0, uint8(numFields), len(dst)
	for at := sight.first; at >= 0 && len(dst)-from < maxHits; at = r.places[at].next {
		p := &r.places[at]
		if p.in&l.in == 0 || l.within != nil && !l.allows(p.span()) {
			continue
		}
		h := r.hit(p, l.exact)
		if h.field != field {
			nth, field = 0, h.field
		}
		h.term, h.nth = n, nth
		dst = append(dst, h)
		nth++
	}
	return dst
}

func (l *leaf) allows(s span) bool {
	return slices.ContainsFunc(l.within, func(w span) bool { return w.from <= s.from && s.to <= w.to })
}

// span returns a place as positions.
func (p *place) span() span {
	from := int64(p.part)*partGap + int64(p.token)
	return span{from, from + int64(p.n)}
}

// hit returns a place in bytes of its field; that of an exact term with what
// the term has around its words.
func (r *reading) hit(p *place, exact string) hit {
	part := &r.parts[p.part]
	h := hit{start: r.tokens[p.token].start, end: r.tokens[p.token+int32(p.n)-1].end, field: part.field}
	if exact != "" {
		h.start -= int32(wordsOf(exact)[0].start)
		h.end = h.start + int32(len(exact))
	}
	if part.offsets != nil {
		h.start, h.end = part.offsets[h.start], part.offsets[h.end]
	}
	h.start, h.end = h.start+part.at, h.end+part.at
	return h
}

// reasons collects the terms that make an expression hold.
func (x *explainer) reasons(e *Expr, pc uint32, within []span) {
	switch e.Op {
	case OpTerm:
		x.addLeaf(newLeaf(e, x.leafNode(pc), x.leafFields(pc), within))
	case OpConcept:
		x.members(e.Text, x.leafFields(pc), within, map[string]bool{})
	case OpField:
		x.reasons(e.Kids[0], pc, within)
	case OpAnd:
		x.eachKid(e, pc, func(_ int, k *Expr, kid uint32) {
			if k.Op != OpNot {
				x.reasons(k, kid, within)
			}
		})
	case OpOr, OpAtLeast:
		x.eachKid(e, pc, func(_ int, k *Expr, kid uint32) {
			if x.holds(x.r, kid) {
				x.reasons(k, kid, within)
			}
		})
	case OpNear:
		chosen := x.choose(pc)
		x.eachKid(e, pc, func(i int, k *Expr, kid uint32) {
			spans := chosen[i]
			if within != nil {
				l := leaf{within: within}
				spans = slices.DeleteFunc(spans, func(s span) bool { return !l.allows(s) })
			}
			x.reasons(k, kid, spans)
		})
	}
}

func newLeaf(e *Expr, node uint32, in fields, within []span) leaf {
	l := leaf{node: node, in: in, written: e.Written(), within: within}
	if e.Form == Exact {
		l.exact = e.Text
	}
	return l
}

func (x *explainer) leafNode(pc uint32) uint32 { return x.code[pc] &^ opMask }

func (x *explainer) leafFields(pc uint32) fields {
	switch x.code[pc] & opMask {
	case opTermIn:
		return fields(x.code[pc+1])
	case opLang:
		return inLang
	}
	return inText
}

// eachKid calls yield with the kids of an operation and their programs.
func (x *explainer) eachKid(e *Expr, pc uint32, yield func(i int, k *Expr, kid uint32)) {
	kid := x.kids(pc)
	for i, k := range e.Kids {
		next := x.after(kid)
		yield(i, k, kid)
		kid = next
	}
}

func (x *explainer) addLeaf(l leaf) {
	for i := range x.leaves {
		o := &x.leaves[i]
		if o.node == l.node && o.written == l.written && o.in&l.in != 0 {
			if o.within = append(o.within, l.within...); l.within == nil {
				o.within = nil
			}
			o.in |= l.in
			return
		}
	}
	l.within = slices.Clone(l.within)
	x.leaves = append(x.leaves, l)
}

// members collects the terms of a concept that are found.
func (x *explainer) members(name string, in fields, within []span, done map[string]bool) {
	if done[name] {
		return
	}
	done[name] = true
	for _, item := range x.concepts[name] {
		e, err := treeOfItem(item)
		switch {
		case err != nil:
		case e.Op == OpConcept:
			x.members(e.Text, in, within, done)
		default:
			if node := x.term(e); x.r.in(node)&in != 0 {
				x.addLeaf(newLeaf(e, node, in, within))
			}
		}
	}
}

// choose returns, for each kid of an opNear, the places that take part in some
// way to satisfy it: those that end a way through some kids and begin one
// through the others.
func (x *explainer) choose(pc uint32) [][]span {
	r := x.r
	var kids, mirrored [][]span
	end := pc + x.code[pc+1]
	for kid := pc + 3; kid < end; kid = x.after(kid) {
		found := x.spansOf(r, kid)
		spans := slices.Clone(r.spans[found.lo:found.hi])
		r.spans = r.spans[:0]
		back := make([]span, 0, len(spans))
		for _, s := range spans {
			back = append(back, span{-s.to, -s.from})
		}
		slices.SortFunc(back, byStart)
		kids, mirrored = append(kids, spans), append(mirrored, back)
	}
	n, isOrdered := int64(x.code[pc+2]&^ordered), x.code[pc+2]&ordered != 0
	k := len(kids)
	if k > maxParts {
		return kids
	}
	full := 1<<k - 1
	// sets lists the sets of kids that a way may have passed.
	var sets []int
	for set := 1; set <= full; set++ {
		if !isOrdered || set&(set+1) == 0 {
			sets = append(sets, set)
		}
	}
	forth := x.ways(kids, sets, n)
	for i := range sets {
		if isOrdered { // backwards the kids come from the last on
			sets[i] = full &^ (1<<i - 1)
		}
	}
	if isOrdered {
		slices.Reverse(sets)
	}
	back := x.ways(mirrored, sets, n)
	chosen := make([][]span, k)
	for at, spans := range forth {
		rest := back[way{full&^at.set | 1<<at.kid, at.kid}]
		for _, s := range spans {
			if slices.Contains(rest, span{-s.to, -s.from}) {
				chosen[at.kid] = append(chosen[at.kid], s)
			}
		}
	}
	for i := range chosen {
		slices.SortFunc(chosen[i], byStart)
		chosen[i] = slices.Compact(chosen[i])
	}
	return chosen
}

// way names the ways through a set of kids that end at one of them.
type way struct{ set, kid int }

// ways returns the last places of all ways through some sets of kids.
func (x *explainer) ways(kids [][]span, sets []int, n int64) map[way][]span {
	r := x.r
	out := map[way][]span{}
	for _, set := range sets {
		for i := range kids {
			bit := 1 << i
			if set&bit == 0 {
				continue
			}
			if set == bit {
				out[way{set, i}] = kids[i]
				continue
			}
			var before []span
			for j := range kids {
				before = append(before, out[way{set &^ bit, j}]...)
			}
			r.spans = append(r.spans[:0], before...)
			a := r.tidy(0)
			lo := len(r.spans)
			r.spans = append(r.spans, kids[i]...)
			b := run{lo, len(r.spans)}
			r.chain(a, b, n, true)
			out[way{set, i}] = slices.Clone(r.spans[b.hi:])
			r.spans = r.spans[:0]
		}
	}
	return out
}

// milestone is a place of a text where the code points before it are counted.
type milestone struct{ offset, points int32 }

// milestoneStep is how many bytes apart milestones are, about.
const milestoneStep = 64

// point turns a byte offset in a field into code points. The milestones make
// an article that satisfies many watches count once.
func (r *reading) point(field uint8, offset int32) int {
	text, stones := r.text[field], r.milestones[field]
	if len(stones) == 0 {
		stones = append(stones, milestone{})
		last := milestone{}
		for int(last.offset)+milestoneStep < len(text) {
			end := int(last.offset) + milestoneStep
			for end < len(text) && !utf8.RuneStart(text[end]) {
				end++
			}
			last.points += int32(utf8.RuneCountInString(text[last.offset:end]))
			last.offset = int32(end)
			stones = append(stones, last)
		}
		r.milestones[field] = stones
	}
	// Milestones drift a few bytes away from multiples of the step.
	n := min(int(offset)/milestoneStep, len(stones)-1)
	for stones[n].offset > offset {
		n--
	}
	return int(stones[n].points) + utf8.RuneCountInString(text[stones[n].offset:offset])
}
