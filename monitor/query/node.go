package query

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
	if id := (*t).find(key); id != 0 && int(id) < len(c.nodes) {
		return id
	}
	if c.finding {
		return 0
	}
	id := uint32(len(c.nodes))
	c.nodes = append(c.nodes, nodeInfo{info: rarity << rareShift})
	if t == &c.dict && c.known != nil {
		c.known.add(key)
	}
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
		before := len(c.nodes)
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
			if form == Inflected && len(c.nodes) > before {
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
			rare = max(min(c.nodes[node].info>>rareShift&rareMask, rare), phraseGain) - phraseGain
		}
		edge := edgeKey(node, unit, t.glued)
		if !c.finding {
			c.pairs.add(edge)
		}
		if node = c.node(&c.edges, edge, rare); node == 0 {
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
	c.opening.add(hash)
	head := uint64(headOf(word))
	if len(word) < headSize {
		c.open |= lengthBit(len(word))
		c.heads.add(shortKey(uint32(head), len(word)))
		return
	}
	c.heads.add(head)
	c.opens = c.opens.room()
	c.opens.set(head, c.opens.find(head)|lengthBit(len(word)))
}

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
	before := len(c.nodes)
	node := c.node(&c.dict, hashOf(c.seed, e.Text)^saltExact, 1)
	if node == 0 || len(c.nodes) == before {
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
	before := len(c.nodes)
	node := c.node(&c.dict, key^saltConcept, rarityConcept)
	c.conceptNodes[name] = node
	if node == 0 || len(c.nodes) == before {
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
