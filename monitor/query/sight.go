package query

// sight is a node that was found, and where: a chain of places, in text order.
type sight struct {
	node uint32
	// flags are the cachedBits of the node.
	flags       uint16
	in          fields
	first, last int32
}

// place is where a node was found: n tokens from a token on.
type place struct {
	token, next int32
	n           uint16
	part        uint16
	in          fields
}

// kataBefore reports whether a katakana run goes on before a token.
func (r *reading) kataBefore(p *section, i int32) bool {
	return i > p.lo && r.tokens[i].glued && r.tokens[i-1].kind == classKata
}

// kataAfter reports whether a katakana run goes on with a token.
func (r *reading) kataAfter(p *section, i int32) bool {
	return i < p.hi && r.tokens[i].glued && r.tokens[i].kind == classKata
}

// see records where a node is.
func (s *Set) see(r *reading, n int, node, flags uint32, first, next int32) {
	p := &r.parts[n]
	in := fields(1) << p.field
	switch in {
	case inBody:
		if int(next) <= r.lead {
			in |= inLead
		}
	case inSite, inTag, inLang:
		if !s.isWhole(r, p, in, node, first, next) {
			return
		}
	}
	if flags&hasExact != 0 {
		s.seeExact(r, n, node, first, next)
	}
	sight := r.sightOf(node, flags)
	sight.in |= in
	id := int32(len(r.places))
	// Field by field: a place copied as a whole waits for its parts.
	r.places = append(r.places, place{})
	at := &r.places[id]
	at.token, at.next = first, -1
	at.n, at.part, at.in = uint16(next-first), uint16(n), in
	if sight.last >= 0 {
		r.places[sight.last].next = id
	} else {
		sight.first = id
	}
	sight.last = id
}

// isWhole reports whether what was found is a label of the field: a domain with
// what is above it, a tag from end to end, the beginning of a language tag.
func (s *Set) isWhole(r *reading, p *section, in fields, node uint32, first, next int32) bool {
	start := r.tokens[first].start
	switch {
	case in == inLang || in == inTag:
		if first != p.lo {
			return false
		}
	case start > 0 && p.text[start-1] != '.':
		return false
	}
	return in == inLang || next == p.hi || s.flags(node)&isOpen != 0
}

func hashNode(node uint32) uint32 { return node * 0x9e3779b1 }

// sightOf returns the sight of a node, a new one if there is none.
func (r *reading) sightOf(node, flags uint32) *sight {
	h := hashNode(node)
	for i := int(h>>8) & (len(r.table) - 1); ; i = (i + 1) & (len(r.table) - 1) {
		at := r.table[i]
		if at == 0 {
			r.bits[h>>16/64] |= 1 << (h >> 16 % 64)
			r.sights = append(r.sights, sight{node: node, flags: uint16(flags & cachedBits), first: -1, last: -1})
			r.table[i] = uint32(len(r.sights))
			if len(r.sights)*2 > len(r.table) {
				r.enlarge()
			}
			return &r.sights[len(r.sights)-1]
		}
		if r.sights[at-1].node == node {
			return &r.sights[at-1]
		}
	}
}

func (r *reading) enlarge() {
	r.table = make([]uint32, 2*len(r.table))
	for n := range r.sights {
		i := int(hashNode(r.sights[n].node)>>8) & (len(r.table) - 1)
		for r.table[i] != 0 {
			i = (i + 1) & (len(r.table) - 1)
		}
		r.table[i] = uint32(n + 1)
	}
}

// bit returns in its low bit whether a node may have been found.
func (r *reading) bit(node uint32) uint64 {
	h := hashNode(node)
	return r.bits[h>>16/64] >> (h >> 16 % 64)
}

// sighted returns the sight of a node, nil if it was not found.
func (r *reading) sighted(node uint32) *sight {
	if r.bit(node)&1 == 0 {
		return nil
	}
	h := hashNode(node)
	for i := int(h>>8) & (len(r.table) - 1); ; i = (i + 1) & (len(r.table) - 1) {
		at := r.table[i]
		if at == 0 {
			return nil
		}
		if r.sights[at-1].node == node {
			return &r.sights[at-1]
		}
	}
}

// in returns the fields in which a node was found.
func (r *reading) in(node uint32) fields {
	if s := r.sighted(node); s != nil {
		return s.in
	}
	return 0
}

// join records the concepts that hold a node.
func (s *Set) join(r *reading, node uint32, in fields) {
	for at := s.list(node, listConcepts); at != 0; {
		e := s.links.at(at)
		at = e.next
		if int(e.rule) >= len(s.nodes) {
			continue
		}
		sight := r.sightOf(e.rule, s.flags(e.rule))
		if sight.in|in == sight.in {
			continue
		}
		sight.in |= in
		if sight.flags&isMember != 0 {
			s.join(r, e.rule, in)
		}
	}
}

// list returns the head of a list of a node.
func (s *Set) list(node uint32, list uint64) uint32 { return s.lists.find(listKey(node, list)) }

// seeExact records the exact terms that read like a node and are written here.
func (s *Set) seeExact(r *reading, n int, node uint32, first, next int32) {
	p := &r.parts[n]
	for at := s.list(node, listExact); at != 0; {
		e := s.links.at(at)
		at = e.next
		if int(e.rule) >= len(s.exacts) {
			continue
		}
		x := &s.exacts[e.rule]
		from := int(r.tokens[first].start - x.lead)
		to := from + len(x.text)
		if from < 0 || to > len(p.text) || p.text[from:to] != x.text || x.closes && to != int(r.tokens[next-1].end) {
			continue
		}
		s.see(r, n, x.node, s.flags(x.node), first, next)
	}
}
