package query

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"veille"
)

// Set is a compiled watch-list. It never changes, and is safe for concurrent
// use. Sets made from one another share their memory.
type Set struct {
	*index
	epoch uint32

	// dict finds the nodes of words, edges those that follow in phrases, stems
	// the inflected terms by language and stem, lists the heads of lists.
	dict, edges, stems, lists *table
	nodes                     []nodeInfo
	// postings are the rules filed under nodes when the index was built.
	postings []posting
	code     []uint32
	// programs are where the programs of the rules begin in code.
	programs []uint32
	rules    []ruleInfo
	exacts   []exact
	// open has the bits of the lengths of the beginnings of words that have less
	// than four bytes; opens has those of the others, by their first four.
	// heads holds what all begin with, opening their hashes.
	open           uint32
	opens          *table
	heads, opening *filter
	// pairs holds the keys of edges, known those of dict if they are few.
	pairs, known *filter
	// inflected says that there are inflected terms.
	inflected bool
	// reads are the fields that some rule looks at; title and body always, for
	// the excerpt and the explanation of a miss.
	reads fields
	// anywhere are the rules without a word that must be there.
	anywhere []uint32

	watches  source
	concepts map[string][]string
	// refs are the numbers of the rules' watches.
	refs []int32
}

// source are the watches of a Set and their trees.
type source interface {
	watch(ref int32) *veille.Watch
	tree(ref int32) *Expr
	len() int
}

// Compile builds the index of a watch-list. The error joins every
// veille.Problem of the concepts and the watches, each wrapped with its name.
func Compile(watches []veille.Watch, concepts map[string][]string) (*Set, error) {
	checker := NewChecker(concepts, nil)
	if len(checker.Concepts()) > 0 {
		return nil, check(watches, concepts)
	}
	// Each watch is read once, for both.
	list := &judgedWatches{checkedWatches: checkedWatches{watches}, checker: checker}
	s := build(newSeed(), list, concepts)
	if len(list.problems) > 0 {
		return nil, errors.Join(list.problems...)
	}
	s.watches = &list.checkedWatches
	return s, nil
}

func check(watches []veille.Watch, concepts map[string][]string) error {
	var problems []error
	checker := NewChecker(concepts, nil)
	for _, p := range checker.Concepts() {
		problems = append(problems, fmt.Errorf("concepts: %w", p))
	}
	for _, w := range watches {
		_, found := checker.read(w)
		problems = append(problems, ofWatch(w, found)...)
	}
	return errors.Join(problems...)
}

func ofWatch(w veille.Watch, found []veille.Problem) []error {
	errs := make([]error, len(found))
	for i, p := range found {
		errs[i] = fmt.Errorf("watch %q: %w", w.Name, p)
	}
	return errs
}

// judgedWatches is a source of watches that are checked when they are compiled.
type judgedWatches struct {
	checkedWatches
	checker  *Checker
	problems []error
}

func (l *judgedWatches) tree(ref int32) *Expr {
	parts, found := l.checker.read(l.watches[ref])
	if l.problems = append(l.problems, ofWatch(l.watches[ref], found)...); len(l.problems) > 0 {
		return &Expr{Op: OpTerm, Text: "nobody will use it"}
	}
	return joined(parts)
}

// checkedWatches is a source of watches that were checked.
type checkedWatches struct {
	watches []veille.Watch
}

func (l *checkedWatches) len() int                      { return len(l.watches) }
func (l *checkedWatches) watch(ref int32) *veille.Watch { return &l.watches[ref] }
func (l *checkedWatches) tree(ref int32) *Expr {
	e, _ := treeOf(l.watches[ref])
	return e
}

// newSeed draws what hashes begin with. It is a secret, so that nobody can write
// a text whose words are taken for others.
func newSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // which never fails
	return binary.NativeEndian.Uint64(b[:])
}

// build indexes watches that were checked.
func build(seed uint64, watches source, concepts map[string][]string) *Set {
	n := watches.len()
	x := &index{seed: seed, links: newChunks(), pool: make(chan *reading, 2*runtime.GOMAXPROCS(0))}
	x.cut, x.voters = newCutter(seed), votersOf(seed)
	s := &Set{
		index: x, opening: newFilter(n / 8), opens: newTable(0), heads: newFilter(n / 8), pairs: newFilter(n / 2),
		dict: newTable(n / 2), edges: newTable(n / 4), stems: newTable(0), lists: newTable(0),
		nodes: make([]nodeInfo, 1, n+16), code: make([]uint32, 1, 6*n+16), programs: make([]uint32, 0, n), rules: make([]ruleInfo, 0, n),
		reads: inText, watches: watches, concepts: concepts, refs: make([]int32, 0, n),
	}
	c := newCompiler(s)
	for ref := range int32(n) {
		c.rule(ref, 0)
	}
	c.fileAll()
	c.settle()
	// Rules that come later get bits of their own accord: they are past the end.
	x.built, x.changed = len(s.rules), make([]uint64, len(s.rules)/64)
	x.newest = s
	return s
}

// settle gives what grew the size that it needs, and what changes add to some
// room: the first would else copy it all.
func (c *compiler) settle() {
	for _, t := range []**table{&c.dict, &c.edges, &c.opens, &c.stems, &c.lists} {
		*t = (*t).copied((*t).used)
	}
	c.pairs = c.edges.filter()
	if c.dict.used <= fewWords {
		c.known = c.dict.filter()
	}
	c.nodes, c.code = roomy(c.nodes), roomy(c.code)
	c.programs, c.rules = roomy(c.programs), roomy(c.rules)
}

func roomy[T any](list []T) []T {
	return append(make([]T, 0, len(list)+len(list)/mostChanged+leastRules), list...)
}

// compiler adds rules to a Set that nobody uses yet, but whose index others
// may read.
type compiler struct {
	*Set
	tokens []token
	scan   scanner
	// finding makes the compiler look up nodes instead of adding them.
	finding bool
	// negated says that what is compiled is excluded.
	negated bool
	// conceptNodes are the nodes of concepts that were compiled; a concept is
	// compiled once for all Sets that define it alike.
	conceptNodes map[string]uint32
	conceptKeys  map[string]uint64
	exprs        []at
	groups       []group
	pivots       []uint32
}

// at is where the program of an expression begins.
type at struct {
	e  *Expr
	pc uint32
}

func newCompiler(s *Set) *compiler {
	return &compiler{Set: s, conceptNodes: map[string]uint32{}, conceptKeys: map[string]uint64{}}
}

// rule compiles a watch, without filing it.
func (c *compiler) rule(ref int32, born uint32) uint32 {
	w := c.watches.watch(ref)
	id := uint32(len(c.rules))
	pc := uint32(len(c.code))
	c.emit(c.watches.tree(ref), inText)
	c.programs = append(c.programs, pc)
	c.rules = append(c.rules, ruleInfo{born: born, dies: ^uint32(0), hash: c.hashOfWatch(w)})
	c.refs = append(c.refs, ref)
	return id
}

// emit appends the program of an expression.
func (c *compiler) emit(e *Expr, in fields) {
	if c.finding {
		c.exprs = append(c.exprs, at{e, uint32(len(c.code))})
	}
	switch e.Op {
	case OpTerm:
		c.leaf(c.term(e), in)
		return
	case OpConcept:
		c.leaf(c.concept(e.Text), in)
		return
	case OpField:
		c.emit(e.Kids[0], fieldMask(e.Text))
		return
	case OpNot:
		c.code = append(c.code, opNot)
		c.negated = !c.negated
		c.emit(e.Kids[0], in)
		c.negated = !c.negated
		return
	}
	head := len(c.code)
	c.code = append(c.code, map[Op]uint32{OpAnd: opAnd, OpOr: opOr, OpNear: opNear, OpAtLeast: opAtLeast}[e.Op]|uint32(len(e.Kids)), 0)
	switch n := uint32(e.N); {
	case e.Op == OpNear && e.Ordered:
		c.code = append(c.code, n|ordered)
	case e.Op == OpNear, e.Op == OpAtLeast:
		c.code = append(c.code, n)
	}
	for _, k := range e.Kids {
		c.emit(k, in)
	}
	c.code[head+1] = uint32(len(c.code) - head)
}

func (c *compiler) leaf(node uint32, in fields) {
	switch {
	case in == inText:
		c.code = append(c.code, opTerm|node)
	case in == inLang && !c.negated:
		c.code = append(c.code, opLang|node)
	default:
		c.code = append(c.code, opTermIn|node, uint32(in))
	}
	c.reads |= in
	if c.finding || node == 0 {
		return
	}
	if n := c.nodes[node].info; n>>usesShift < maxUses {
		c.setInfo(node, n+1<<usesShift)
	}
}

// setInfo changes what readers may be reading.
func (c *compiler) setInfo(node, value uint32) { atomic.StoreUint32(&c.nodes[node].info, value) }

func (c *compiler) mark(node, flags uint32) {
	if info := c.nodes[node].info; info&flags != flags {
		c.setInfo(node, info|flags)
	}
}
