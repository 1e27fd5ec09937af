package query

import (
	"math"
	"slices"
	"unicode/utf8"
)

// How common a node is taken to be, from 0 to 15: each step doubles it.
const (
	rarityConcept = 11
	raritySolo    = 11
	rarityCommon  = 14
	openGain      = 3
	phraseGain    = 4
)

// rarity guesses how common a word of a term is: short words are, and
// beginnings of words more so.
func (c *compiler) rarity(t *token, text string, open bool) uint32 {
	if c.voters.find(t.hash) != 0 {
		return rarityCommon
	}
	var r uint32
	switch n := utf8.RuneCountInString(text[t.start:t.end]); {
	case t.kind != classLetter:
		return raritySolo
	case n >= 12:
		r = 2
	case n >= 9:
		r = 3
	case n >= 7:
		r = 4
	default:
		r = [...]uint32{12, 12, 11, 9, 7, 6, 5}[n]
	}
	if open {
		r += openGain
	}
	return r
}

// group is a set of nodes, pivots[lo:hi], of which one at least is found
// wherever an expression holds.
type group struct {
	lo, hi int
	// score guesses how often that is.
	score float64
	// simple says that the expression holds wherever one of them is in the text.
	simple bool
}

func (c *compiler) score(node uint32) float64 {
	info := c.nodes[node].info
	return math.Ldexp(float64(info>>usesShift+1), int(info>>rareShift&rareMask))
}

// conjuncts appends the groups that an expression needs, and returns where the
// next one begins.
func (c *compiler) conjuncts(pc uint32) uint32 {
	word := c.code[pc]
	lo := len(c.pivots)
	switch word & opMask {
	case opTerm, opTermIn:
		var score float64
		node := word &^ opMask
		if node != 0 { // else it is nowhere
			c.pivots = append(c.pivots, node)
			score = c.score(node)
		}
		c.groups = append(c.groups, group{lo, len(c.pivots), score, word&opMask == opTerm})
		return pc + 1 + word&opMask/opTermIn
	case opLang:
		return pc + 1
	case opNot:
		groups := len(c.groups)
		next := c.conjuncts(pc + 1)
		c.groups, c.pivots = c.groups[:groups], c.pivots[:lo]
		return next
	}
	end, kid := pc+c.code[pc+1], c.kids(pc)
	switch word & opMask {
	case opAnd, opNear:
		for kid < end {
			from, op := len(c.groups), c.code[kid]&opMask
			kid = c.conjuncts(kid)
			for i := range c.groups[from:] {
				c.groups[from+i].simple = c.groups[from+i].simple && word&opMask == opAnd && op != opAnd
			}
		}
	case opOr:
		g := group{lo: lo, simple: true}
		for kid < end {
			b, next, ok := c.best(kid)
			if !ok {
				c.pivots = c.pivots[:lo]
				return end
			}
			g.score += b.score
			g.simple = g.simple && b.simple
			kid = next
		}
		slices.Sort(c.pivots[lo:])
		c.pivots = c.pivots[:lo+len(slices.Compact(c.pivots[lo:]))]
		g.hi = len(c.pivots)
		c.groups = append(c.groups, g)
	case opAtLeast:
		// Where N of k hold, one of any k-N+1 does: take the rarest.
		var best []group
		k, n := int(word&^opMask), int(c.code[pc+2])
		for kid < end {
			b, next, ok := c.best(kid)
			if ok {
				best = append(best, b)
			}
			kid = next
		}
		if len(best) < k-n+1 {
			c.pivots = c.pivots[:lo]
			return end
		}
		slices.SortStableFunc(best, func(a, b group) int { return int(math.Copysign(1, a.score-b.score)) })
		var nodes []uint32
		g := group{lo: lo}
		for _, b := range best[:k-n+1] {
			nodes = append(nodes, c.pivots[b.lo:b.hi]...)
			g.score += b.score
		}
		slices.Sort(nodes)
		c.pivots = append(c.pivots[:lo], slices.Compact(nodes)...)
		g.hi = len(c.pivots)
		c.groups = append(c.groups, g)
	}
	return end
}

// kids returns where the first kid of an operation begins.
func (c *compiler) kids(pc uint32) uint32 {
	if op := c.code[pc] & opMask; op == opAtLeast || op == opNear {
		return pc + 3
	}
	return pc + 2
}

// best leaves the rarest group of an expression at the end of pivots.
func (c *compiler) best(pc uint32) (group, uint32, bool) {
	groups, pivots := len(c.groups), len(c.pivots)
	next := c.conjuncts(pc)
	found := c.groups[groups:]
	if len(found) == 0 {
		return group{}, next, false
	}
	best := found[0]
	for _, g := range found[1:] {
		if g.score < best.score {
			best = g
		}
	}
	if op := c.code[pc] & opMask; op != opTerm && op != opOr {
		best.simple = false
	}
	n := copy(c.pivots[pivots:], c.pivots[best.lo:best.hi])
	best.lo, best.hi = pivots, pivots+n
	c.groups, c.pivots = c.groups[:groups], c.pivots[:best.hi]
	return best, next, true
}

// filing says under which nodes a rule is found, and how.
func (c *compiler) filing(rule uint32) ([]uint32, posting, bool) {
	c.groups, c.pivots = c.groups[:0], c.pivots[:0]
	pc := c.programs[rule]
	c.conjuncts(pc)
	if len(c.groups) == 0 {
		return nil, posting{}, false
	}
	first, second := -1, -1
	for i, g := range c.groups {
		switch {
		case first < 0 || g.score < c.groups[first].score:
			if first >= 0 && c.checks(c.groups[first]) {
				second = first
			}
			first = i
		case c.checks(g) && (second < 0 || g.score < c.groups[second].score):
			second = i
		}
	}
	g := c.groups[first]
	p := posting{rule: rule}
	simple := g.simple
	if second >= 0 {
		nodes := c.pivots[c.groups[second].lo:c.groups[second].hi]
		for i := range p.check {
			p.check[i] = nodes[min(i, len(nodes)-1)]
		}
		simple = simple && c.groups[second].simple
	}
	if simple && len(c.groups) <= 2 && c.shallow(pc, len(c.groups)) && (len(c.groups) == 1 || second >= 0) {
		p.rule |= whole
	}
	if g.hi-g.lo > 1 {
		p.rule |= repeats
	}
	return c.pivots[g.lo:g.hi], p, true
}

// checks reports whether a posting can hold a group to check.
func (c *compiler) checks(g group) bool {
	n := g.hi - g.lo
	return n > 0 && n <= len(posting{}.check)
}

// shallow reports whether the groups are all that the expression asks for.
func (c *compiler) shallow(pc uint32, groups int) bool {
	word := c.code[pc]
	if word&opMask != opAnd {
		return groups == 1
	}
	return int(word&^opMask) == groups
}

// fileAll files every rule, in one go.
func (c *compiler) fileAll() {
	type filed struct {
		node uint32
		posting
	}
	all := make([]filed, 0, len(c.rules)+len(c.rules)/2)
	for rule := range uint32(len(c.rules)) {
		nodes, p, ok := c.filing(rule)
		if !ok {
			c.anywhere = append(c.anywhere, rule)
		}
		for _, node := range nodes {
			all = append(all, filed{node, p})
		}
	}
	// The last node is nobody's: it ends the postings of the one before.
	c.nodes = append(c.nodes, nodeInfo{})
	for i := range all {
		c.nodes[all[i].node+1].from++
		c.mark(all[i].node, hasRules)
	}
	for i := 1; i < len(c.nodes); i++ {
		c.nodes[i].from += c.nodes[i-1].from
	}
	c.postings = make([]posting, len(all))
	for i := range all {
		at := &c.nodes[all[i].node].from
		c.postings[*at] = all[i].posting
		*at++
	}
	// Each node has now the end of its postings, the beginning of the next one's.
	for i := len(c.nodes) - 1; i > 0; i-- {
		c.nodes[i].from = c.nodes[i-1].from
	}
	c.nodes[0].from = 0
}

// file adds a rule to the lists of its nodes.
func (c *compiler) file(rule uint32) {
	nodes, p, ok := c.filing(rule)
	if !ok {
		c.anywhere = append(c.anywhere, rule)
	}
	for _, node := range slices.Clone(nodes) {
		c.push(node, listRules, entry{rule: p.rule, check: p.check})
		c.mark(node, hasMore)
	}
}
