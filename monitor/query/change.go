package query

import (
	"strings"
	"sync/atomic"

	"veille"
)

// With returns a Set of other watches that shares with this one what they have
// in common: only what changed is compiled. s stays as it is, and both may be
// used at the same time. The error is that of Compile.
func (s *Set) With(watches []veille.Watch, concepts map[string][]string) (*Set, error) {
	if err := check(watches, concepts); err != nil {
		return nil, err
	}
	return s.with(&checkedWatches{watches}, concepts), nil
}

// mostChanged is the part of the rules, one in so many, that may be new or dead
// before the index is built anew: one that changed is both. With more, matching
// would be some percent slower.
const mostChanged = 32

func (s *Set) with(watches source, concepts map[string][]string) *Set {
	x := s.index
	x.writing.Lock()
	defer x.writing.Unlock()
	old := x.newest
	c := old.successor(watches, concepts)
	known := make(map[uint64]uint32, len(old.rules)-x.dead)
	for rule := range old.rules {
		if old.alive(uint32(rule)) {
			known[old.rules[rule].hash] = uint32(rule)
		}
	}
	var added []int32
	for ref := range int32(watches.len()) {
		h := c.hashOfWatch(watches.watch(ref))
		if rule, ok := known[h]; ok {
			c.refs[rule] = ref
			delete(known, h)
			continue
		}
		added = append(added, ref)
	}
	late := len(old.rules) - x.built
	if late+len(added)+len(known)+x.dead > x.built/mostChanged+leastRules || x.links.full() {
		return build(newSeed(), watches, concepts)
	}
	removed := make([]uint32, 0, len(known))
	for _, rule := range known {
		removed = append(removed, rule)
	}
	return c.change(added, removed)
}

// leastRules are so few that it does not matter how they are kept.
const leastRules = 1000

// successor returns a compiler for the Set after s, which has the rules of s
// with their numbers of watches still to be given.
func (s *Set) successor(watches source, concepts map[string][]string) *compiler {
	next := *s
	next.epoch++
	next.watches, next.concepts = watches, concepts
	next.refs = make([]int32, len(s.rules), len(s.rules)+16)
	return newCompiler(&next)
}

// change adds watches, lets rules die, and makes the Set the newest one. The
// caller holds the index.
func (c *compiler) change(added []int32, removed []uint32) *Set {
	for _, ref := range added {
		c.file(c.rule(ref, c.epoch))
	}
	for _, rule := range removed {
		atomic.StoreUint32(&c.rules[rule].dies, c.epoch)
		if word := rule / 64; int(word) < len(c.changed) {
			atomic.OrUint64(&c.changed[word], 1<<(rule%64))
		}
	}
	c.dead += len(removed)
	c.newest = c.Set
	return c.Set
}

// hashOfWatch hashes what a watch looks for, and its name.
func (c *compiler) hashOfWatch(w *veille.Watch) uint64 {
	h := hashOf(c.seed, w.Name)
	add := func(text string) {
		h = mix(h^hashOf(c.seed, text), mixA)
		// A watch changes with the concepts that it names.
		for i := strings.IndexByte(text, '@'); i >= 0; {
			text = text[i+1:]
			name := text
			if end := strings.IndexFunc(text, func(r rune) bool { return !isConceptName(string(r)) }); end >= 0 {
				name = text[:end]
			}
			if _, ok := c.concepts[name]; ok {
				h = mix(h^c.conceptKey(name), mixB)
			}
			i = strings.IndexByte(text, '@')
		}
	}
	add(w.Query)
	var clause func(c *veille.Clause)
	list := func(kind uint64, items []veille.Clause) {
		h = mix(h^kind, uint64(len(items))^mixB)
		for i := range items {
			clause(&items[i])
		}
	}
	clause = func(c *veille.Clause) {
		add(c.Item)
		list(1, c.All)
		list(2, c.Any)
		list(3, c.None)
		if c.AtLeast != nil {
			list(4+uint64(c.AtLeast.N), c.AtLeast.Of)
		}
		h = mix(h^uint64(c.Near), mixB)
		for _, names := range [...][]string{c.In, c.Languages} {
			h = mix(h^uint64(len(names)), mixA)
			for _, n := range names {
				add(n)
			}
		}
	}
	clause(&w.List)
	return h
}

func (s *Set) size() int {
	filters := len(s.opening.words) + len(s.heads.words) + len(s.pairs.words)
	if s.known != nil {
		filters += len(s.known.words)
	}
	return 12*(len(s.dict.slots)+len(s.opens.slots)+len(s.edges.slots)+len(s.stems.slots)+len(s.lists.slots)) + 8*filters + 8*len(s.nodes) + 16*len(s.postings) +
		4*len(s.code) + 20*len(s.rules) + 4*len(s.refs) + 20*int(s.links.used)
}
