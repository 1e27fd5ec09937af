package query

// phrase is a way on from a node that was found in the tokens from first to
// next: the key of the edge, and where it leads.
type phrase struct {
	key          uint64
	first, next  int32
	child, flags uint32
}

// find finds the nodes in a part: the words first, then the phrases of two
// words, and so on.
func (s *Set) find(r *reading, n int) {
	p := &r.parts[n]
	s.resolve(r, p)
	r.phrases = r.phrases[:0]
	if s.known == nil { // else it is near, and most words have none
		touched := uint32(0)
		for i := p.lo; i < p.hi; i++ {
			touched |= r.others[r.seen[i].others].node
		}
		r.touched = touched
	}
	for i := p.lo; i < p.hi; i++ {
		v := &r.seen[i]
		if v.node|v.others == 0 || r.tokens[i].kind == classKata && r.kataBefore(p, i) {
			continue
		}
		if v.node != 0 {
			s.visit(r, n, v.node, v.flags, i, i+1)
		}
		for _, o := range r.more(v) {
			s.visit(r, n, o.node, o.flags, i, i+1)
		}
	}
	for len(r.phrases) > 0 {
		s.follow(r, n)
	}
}

// visit records a node found in the tokens from first to next, and the phrases
// that may go on from it.
func (s *Set) visit(r *reading, n int, node, flags uint32, first, next int32) {
	p := &r.parts[n]
	if flags&isTerm != 0 && (flags&isKata == 0 || !r.kataAfter(p, next)) {
		s.see(r, n, node, flags, first, next)
	}
	if flags&hasNext == 0 || next >= p.hi {
		return
	}
	v := &r.seen[next]
	if v.flags&isNext != 0 {
		r.goOn(node, v.node, first, next)
	}
	for _, o := range r.more(v) {
		if o.flags&isNext != 0 {
			r.goOn(node, o.node, first, next)
		}
	}
}

// goOn notes that a phrase may go on from a node with the token next.
func (r *reading) goOn(node, unit uint32, first, next int32) {
	r.phrases = append(r.phrases, phrase{key: edgeKey(node, unit, false), first: first, next: next})
	if r.tokens[next].glued {
		r.phrases = append(r.phrases, phrase{key: edgeKey(node, unit, true), first: first, next: next})
	}
}

// follow visits where the phrases lead that were noted, and notes those that go
// on from there. Each step is made for all before the next one, so that the
// memory of many is on its way at once.
func (s *Set) follow(r *reading, n int) {
	noted := r.phrases
	k, touched := 0, uint32(0)
	for i := range noted {
		noted[k] = noted[i]
		k += s.pairs.passes(noted[i].key)
	}
	noted = noted[:k]
	for i := range noted {
		touched |= s.edges.touch(noted[i].key)
	}
	r.touched = touched
	for i := range noted {
		noted[i].child = s.edges.find(noted[i].key)
	}
	for i := range noted {
		if f := &noted[i]; int(f.child) < len(s.nodes) {
			f.flags = s.flags(f.child)
		} else {
			f.child = 0
		}
	}
	r.phrases, r.longer = r.longer[:0], noted
	for i := range noted {
		if f := &noted[i]; f.child != 0 {
			s.visit(r, n, f.child, f.flags, f.first, f.next+1)
		}
	}
}
