package query

import (
	"errors"
	"fmt"
	"math/rand/v2"
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
	info                      []uint32 // by node
	// postings are the rules filed under a node when the index was built:
	// those from start[node] to start[node+1].
	start    []uint32
	postings []posting
	code     []uint32
	rules    []ruleInfo
	exacts   []exact
	// open has a bit for each length of a beginning of a word, in bytes; the
	// last one stands for all longer ones.
	open uint64
	// opening holds the hashes of those beginnings, and their first two bytes.
	opening *filter
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
	if err := check(watches, concepts); err != nil {
		return nil, err
	}
	list := &checkedWatches{watches: watches}
	return build(rand.Uint64(), list, concepts), nil
}

func check(watches []veille.Watch, concepts map[string][]string) error {
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
	return errors.Join(problems...)
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

// build indexes watches that were checked.
func build(seed uint64, watches source, concepts map[string][]string) *Set {
	n := watches.len()
	x := &index{seed: seed, links: newChunks(), pool: make(chan *reading, 2*runtime.GOMAXPROCS(0))}
	x.cut, x.voters = cutter{seed: seed}, votersOf(seed)
	s := &Set{
		index: x, opening: newFilter(n / 4), dict: newTable(2 * n), edges: newTable(n), stems: newTable(0), lists: newTable(0),
		info: make([]uint32, 1, 2*n+16), code: make([]uint32, 1, 6*n+16), rules: make([]ruleInfo, 0, n),
		reads: inText, watches: watches, concepts: concepts, refs: make([]int32, 0, n),
	}
	c := newCompiler(s)
	for ref := range int32(n) {
		c.rule(ref, 0)
	}
	c.fileAll()
	// Rules that come later get bits of their own accord: they are past the end.
	x.changed = make([]uint64, len(s.rules)/64)
	x.newest = s
	return s
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
	c.rules = append(c.rules, ruleInfo{code: pc, born: born, dies: ^uint32(0), hash: c.hashOfWatch(w)})
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
	if n := c.info[node]; n>>usesShift < maxUses {
		c.setInfo(node, n+1<<usesShift)
	}
}

// setInfo changes what readers may be reading.
func (c *compiler) setInfo(node, value uint32) { atomic.StoreUint32(&c.info[node], value) }

func (c *compiler) mark(node, flags uint32) {
	if c.info[node]&flags != flags {
		c.setInfo(node, c.info[node]|flags)
	}
}

// What the hash of a word is mixed with, where the node is not the word itself.
const (
	saltOpen      uint64 = 0x5851f42d4c957f2d
	saltInflected uint64 = 0x14057b7ef767814f
	saltExact     uint64 = 0x2545f4914f6cdd1d
	saltConcept   uint64 = 0xda942042e4dd58b5
	saltStem      uint64 = 0xaf251af3b0f025b5
)

// node returns the node with a key in a table, a new one if there is none; 0
// if the compiler only finds.
func (c *compiler) node(t **table, key uint64, rarity uint32) uint32 {
	if id := (*t).find(key); id != 0 && int(id) < len(c.info) {
		return id
	}
	if c.finding {
		return 0
	}
	id := uint32(len(c.info))
	c.info = append(c.info, rarity<<rareShift)
	*t = (*t).room()
	(*t).add(key, id)
	return id
}

// term returns the node of a term.
func (c *compiler) term(e *Expr) uint32 {
	if e.Form == Exact {
		return c.exact(e)
	}
	node := c.way(e.Text, e.Form, e.Prefix)
	if !c.finding && node != 0 {
		c.mark(node, isTerm)
	}
	return node
}

// way returns the node at the end of the words of a text.
func (c *compiler) way(text string, form Form, prefix bool) uint32 {
	c.tokens = c.cut.cut(c.tokens[:0], text, &c.scan)
	var node uint32
	for i := range c.tokens {
		t := &c.tokens[i]
		last := i == len(c.tokens)-1
		key, rare := t.hash, c.rarity(t, text, false)
		opened := prefix && last && t.kind != classSolo
		switch {
		case opened:
			key ^= saltOpen
			rare = c.rarity(t, text, true)
		case form == Inflected:
			// Its stems depend on accents, so that folded it is not one word.
			key = hashOf(c.seed, lowered(text[t.start:t.end])) ^ saltInflected
		}
		before := len(c.info)
		unit := c.node(&c.dict, key, rare)
		if unit == 0 {
			return 0
		}
		var flags uint32
		if t.kind == classKata && !opened {
			flags = isKata
		}
		if opened {
			flags = isOpen
		}
		if !c.finding {
			if opened {
				c.addOpening(t.hash, text[t.start:t.end])
			}
			if form == Inflected && len(c.info) > before {
				c.inflect(unit, t.hash, lowered(text[t.start:t.end]))
			}
			c.mark(unit, flags)
		}
		if i == 0 {
			node = unit
			continue
		}
		if !c.finding {
			c.mark(unit, isNext)
			c.mark(node, hasNext)
			rare = max(min(c.info[node]>>rareShift&rareMask, rare), phraseGain) - phraseGain
		}
		if node = c.node(&c.edges, edgeKey(node, unit, t.glued), rare); node == 0 {
			return 0
		}
		if !c.finding {
			c.mark(node, flags)
		}
	}
	return node
}

// addOpening records a beginning of a word.
func (c *compiler) addOpening(hash uint64, text string) {
	c.scan.reset(text)
	c.scan.next()
	word := c.scan.word
	c.open |= 1 << min(len(word), 63)
	c.opening.add(hash)
	// Readers ask for as many bytes as the shortest beginning has.
	var first uint64
	for i := range min(len(word), 4) {
		first = first<<8 | uint64(word[i])
		c.opening.add(openingKey(first))
	}
}

func openingKey(first uint64) uint64 { return first*mixA ^ saltOpen }

// edgeKey is the key of the child of a node. A glued child asks that nothing
// separates its word from the one before.
func edgeKey(node, unit uint32, glued bool) uint64 {
	key := uint64(node)<<32 | uint64(unit)<<1
	if glued {
		key |= 1
	}
	return key
}

// exact returns the node of an exact term.
func (c *compiler) exact(e *Expr) uint32 {
	before := len(c.info)
	node := c.node(&c.dict, hashOf(c.seed, e.Text)^saltExact, 1)
	if node == 0 || len(c.info) == before {
		return node
	}
	base := c.way(e.Text, Folded, false)
	if base == 0 {
		return node
	}
	first, last := c.tokens[0], c.tokens[len(c.tokens)-1]
	c.mark(node, isTerm)
	c.mark(base, isTerm|hasExact)
	c.exacts = append(c.exacts, exact{
		node: node, text: e.Text, lead: first.start,
		closes: int(last.end) == len(e.Text),
	})
	c.push(base, listExact, entry{rule: uint32(len(c.exacts) - 1)})
	return node
}

// push adds an entry to a list of a node.
func (c *compiler) push(node uint32, list uint64, e entry) {
	key := listKey(node, list)
	e.next = c.lists.find(key)
	id := c.links.push(e)
	c.lists = c.lists.room()
	c.lists.set(key, id)
}

// concept returns the node of a concept.
func (c *compiler) concept(name string) uint32 {
	if node, ok := c.conceptNodes[name]; ok {
		return node
	}
	key := c.conceptKey(name)
	before := len(c.info)
	node := c.node(&c.dict, key^saltConcept, rarityConcept)
	c.conceptNodes[name] = node
	if node == 0 || len(c.info) == before {
		return node
	}
	c.mark(node, isTerm|isConcept)
	seen := map[uint32]bool{}
	for _, item := range c.concepts[name] {
		e, err := treeOfItem(item)
		if err != nil {
			continue
		}
		var member uint32
		if e.Op == OpConcept {
			member = c.concept(e.Text)
		} else {
			member = c.term(e)
		}
		if member == 0 || seen[member] {
			continue
		}
		seen[member] = true
		c.mark(member, isMember)
		c.push(member, listConcepts, entry{rule: node})
		c.push(node, listMembers, entry{rule: member})
	}
	return node
}

// conceptKey hashes what a concept stands for, so that one whose words change
// is another concept.
func (c *compiler) conceptKey(name string) uint64 {
	if key, ok := c.conceptKeys[name]; ok {
		return key
	}
	key := hashOf(c.seed, name)
	c.conceptKeys[name] = key // ends a loop, which is a mistake told elsewhere
	for _, item := range c.concepts[name] {
		h := hashOf(c.seed, item)
		if e, err := treeOfItem(item); err == nil && e.Op == OpConcept {
			h = c.conceptKey(e.Text)
		}
		key = mix(key^h, mixA)
	}
	c.conceptKeys[name] = key
	return key
}
