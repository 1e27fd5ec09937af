package query

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode/utf8"

	"veille"
)

// Set is a compiled watch-list. It never changes, and is safe for concurrent
// use.
type Set struct {
	fold     *folder
	units    units
	patterns []pattern
	// anchored lists, by unit, the patterns that are looked at where the unit is.
	anchored [][]int32
	nodes    []node
	rules    []rule
	// pivoted lists, by pattern, the rules to evaluate where it was found.
	pivoted [][]int32
	// reads are the fields that some rule looks at; title and body always, for
	// the excerpt and the explanation of a miss.
	reads   fields
	scratch sync.Pool
}

// pattern is the compiled form of a term: words one after the other.
type pattern struct {
	elems []elem
	// anchor is the index of the element that triggers the comparison.
	anchor int
	// left and right ask for the end of a katakana run on that side.
	left, right bool
}

// elem is one word of a pattern. glued asks that nothing separates it from the
// element before it.
type elem struct {
	unit  int32
	glued bool
}

// node is a compiled expression.
type node struct {
	op   Op // OpTerm, OpAnd, OpOr or OpNot
	kids []int32
	// A leaf is a pattern in some fields, and the term as the watch wrote it.
	pattern int32
	in      fields
	written string
}

// rule is a compiled watch.
type rule struct {
	watch   string
	root    int32
	clauses []clause
}

// clause is one part of a watch, all of which must hold.
type clause struct {
	node int32
	expr *Expr
	// text is what expr was parsed from.
	text string
}

// Compile builds the index of a watch-list. The error joins every
// veille.Problem of the concepts and the watches, each wrapped with its name.
func Compile(watches []veille.Watch, concepts map[string][]string) (*Set, error) {
	return compile(newFolder(), watches, concepts)
}

func compile(fold *folder, watches []veille.Watch, concepts map[string][]string) (*Set, error) {
	var problems []error
	checker := NewChecker(concepts, nil)
	for _, p := range checker.Concepts() {
		problems = append(problems, fmt.Errorf("concepts: %w", p))
	}
	for _, w := range watches {
		_, found := checker.read(w)
		for _, p := range found {
			problems = append(problems, fmt.Errorf("watch %q: %w", w.Name, p))
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	b := builder{
		set:      &Set{fold: fold, reads: inText},
		concepts: concepts,
		items:    map[string][]*Expr{},
		shared:   map[string]int32{},
		byKey:    map[string]int32{},
	}
	b.set.units.init()
	for _, w := range watches {
		b.watch(w)
	}
	b.finish()
	return b.set, nil
}

// builder compiles checked watches, and cannot fail.
type builder struct {
	set      *Set
	concepts map[string][]string
	// items are the flattened concepts, shared their nodes by name and fields.
	items  map[string][]*Expr
	shared map[string]int32
	byKey  map[string]int32
}

func (b *builder) watch(w veille.Watch) {
	r := rule{watch: w.Name}
	add := func(e *Expr, text string) {
		r.clauses = append(r.clauses, clause{node: b.compile(e, inText), expr: e, text: text})
	}
	var reader treeReader
	for _, p := range reader.watch(w) {
		text := ""
		if p.path == "query" {
			text = w.Query
		}
		add(p.expr, text)
	}
	root := node{op: OpAnd}
	for _, c := range r.clauses {
		root.kids = append(root.kids, c.node)
	}
	r.root = b.node(root)
	b.set.rules = append(b.set.rules, r)
}

func (b *builder) node(n node) int32 {
	b.set.nodes = append(b.set.nodes, n)
	return int32(len(b.set.nodes) - 1)
}

func (b *builder) compile(e *Expr, in fields) int32 {
	switch e.Op {
	case OpTerm:
		b.set.reads |= in
		return b.node(node{op: OpTerm, pattern: b.pattern(e), in: in, written: e.Written()})
	case OpConcept:
		return b.concept(e.Text, in)
	case OpField:
		return b.compile(e.Kids[0], fieldMask(e.Text))
	}
	n := node{op: e.Op}
	for _, k := range e.Kids {
		n.kids = append(n.kids, b.compile(k, in))
	}
	return b.node(n)
}

func (b *builder) concept(name string, in fields) int32 {
	key := fmt.Sprintf("%d %s", in, name)
	if n, ok := b.shared[key]; ok {
		return n
	}
	n := node{op: OpOr}
	for _, e := range b.flatten(name) {
		n.kids = append(n.kids, b.compile(e, in))
	}
	id := b.node(n)
	b.shared[key] = id
	return id
}

// flatten returns the terms of a concept and of those it names, each once: a
// chain of concepts that name one another twice would double at every step.
func (b *builder) flatten(name string) []*Expr {
	if items, ok := b.items[name]; ok {
		return items
	}
	var items []*Expr
	seen := map[string]bool{}
	for _, item := range b.concepts[name] {
		e, _ := treeOfItem(item)
		found := []*Expr{e}
		if e.Op == OpConcept {
			found = b.flatten(e.Text)
		}
		for _, f := range found {
			if w := f.Written(); !seen[w] {
				seen[w] = true
				items = append(items, f)
			}
		}
	}
	b.items[name] = items
	return items
}

// pattern returns the pattern of a term; equal ones are shared.
func (b *builder) pattern(e *Expr) int32 {
	words := wordsOf(b.set.fold, e.Text)
	last := len(words) - 1
	p := pattern{left: words[0].kind == classKata, right: words[last].kind == classKata && !e.Prefix}
	var key strings.Builder
	for i, w := range words {
		open := e.Prefix && i == last && w.kind == classLetter
		x := elem{unit: b.set.units.add(w.text, open), glued: i > 0 && w.glued}
		p.elems = append(p.elems, x)
		fmt.Fprintf(&key, "%d %t ", x.unit, x.glued)
	}
	fmt.Fprint(&key, p.left, p.right)
	if id, ok := b.byKey[key.String()]; ok {
		return id
	}
	id := int32(len(b.set.patterns))
	b.byKey[key.String()] = id
	b.set.patterns = append(b.set.patterns, p)
	return id
}

// finish chooses anchors and pivots, once all patterns are known.
func (b *builder) finish() {
	s := b.set
	s.units.finish()
	// A word that few patterns share is rare in texts too, as far as anybody
	// can tell without counting them; among equals the longest is rarest.
	uses := make([]int, s.units.len())
	for _, p := range s.patterns {
		for _, x := range p.elems {
			uses[x.unit]++
		}
	}
	s.anchored = make([][]int32, s.units.len())
	for id := range s.patterns {
		p := &s.patterns[id]
		for i, x := range p.elems {
			best := p.elems[p.anchor].unit
			if uses[x.unit] < uses[best] || uses[x.unit] == uses[best] && len(s.units.text[x.unit]) > len(s.units.text[best]) {
				p.anchor = i
			}
		}
		u := p.elems[p.anchor].unit
		s.anchored[u] = append(s.anchored[u], int32(id))
	}
	s.pivoted = make([][]int32, len(s.patterns))
	for i := range s.rules {
		pivots, _ := s.pivot(s.rules[i].root)
		for _, p := range pivots {
			s.pivoted[p] = append(s.pivoted[p], int32(i))
		}
	}
}

// pivot returns patterns of which one at least is found wherever the node
// holds, and how frequent they are taken to be.
func (s *Set) pivot(id int32) ([]int32, float64) {
	n := &s.nodes[id]
	switch n.op {
	case OpTerm:
		return []int32{n.pattern}, s.frequency(n.pattern)
	case OpAnd:
		var best []int32
		least := math.Inf(1)
		for _, k := range n.kids {
			if s.nodes[k].op == OpNot {
				continue
			}
			if found, f := s.pivot(k); f < least {
				best, least = found, f
			}
		}
		return best, least
	}
	var all []int32
	var sum float64
	for _, k := range n.kids {
		found, f := s.pivot(k)
		all, sum = append(all, found...), sum+f
	}
	return all, sum
}

// frequency guesses how often a pattern is found: long words are rare, phrases
// rarer, beginnings of words frequent.
func (s *Set) frequency(id int32) float64 {
	least := math.Inf(1)
	p := &s.patterns[id]
	for _, x := range p.elems {
		letters := float64(utf8.RuneCountInString(s.units.text[x.unit]))
		f := 1 / (letters * letters)
		if s.units.open[x.unit] {
			f *= 4
		}
		least = min(least, f)
	}
	if len(p.elems) > 1 {
		least /= 20
	}
	return least
}
