package query

import (
	"slices"
	"sync/atomic"
)

// resolved is what a word of a text satisfies: the node of the word itself, 0
// if there is none, with its flags, and the place of further nodes in the
// reading's others, behind their number.
type resolved struct {
	node, flags, others uint32
}

// flagged is a node with its flags; at the head of further nodes their number.
type flagged struct{ node, flags uint32 }

// more returns the further nodes that a resolved word satisfies.
func (r *reading) more(v *resolved) []flagged {
	if v.others == 0 {
		return nil
	}
	n := r.others[v.others].node
	return r.others[v.others+1 : v.others+1+n]
}

// asked is a word that may satisfy something: its token, and its key in the
// cache.
type asked struct {
	key   uint64
	token int32
}

// unresolved is one that the cache does not know: its node, the lengths of the
// beginnings that it may have, and how many of the reading's begun are its.
type unresolved struct {
	asked
	node, lengths uint32
	begun         int32
}

// fewWords is how many words and beginnings of words watches have where most
// words of a text are in none.
const fewWords = 1 << 16

// resolve fills in what the tokens of a section satisfy.
//
// It fetches all of something, then works with it: so that the memory of many
// words is on its way at once, and no branch waits for it.
func (s *Set) resolve(r *reading, p *section) {
	r.seen = slices.Grow(r.seen[:0], int(p.hi))[:p.hi]
	seen, tokens := r.seen[p.lo:p.hi], r.tokens[p.lo:p.hi]
	s.ask(r, p)
	touched := uint32(0)
	for i := range r.asked {
		touched |= r.touch(r.asked[i].key)
	}
	late := r.late[:0]
	for i := range r.asked {
		if a := &r.asked[i]; !r.recall(a.key, &seen[a.token]) {
			late = append(late, unresolved{asked: *a})
		}
	}
	r.late = late
	for i := range late {
		t := &tokens[late[i].token]
		touched |= s.dict.touch(t.hash) | s.opens.touch(uint64(t.head))
	}
	r.touched = touched
	for i := range late {
		l := &late[i]
		t := &tokens[l.token]
		l.node, l.lengths = s.lookUp(t.hash), s.lengths(t.head)
	}
	s.begin(r, p, late)
	begun := r.begun
	for i := range late {
		l := &late[i]
		v := &seen[l.token]
		if !r.recall(l.key, v) {
			s.resolveSlowly(r, &tokens[l.token], p.text, l, begun[:l.begun], v)
			r.remember(l.key, v)
		}
		begun = begun[l.begun:]
	}
}

// ask lists the words of a section that may satisfy something.
func (s *Set) ask(r *reading, p *section) {
	tokens := r.tokens[p.lo:p.hi]
	r.asked = slices.Grow(r.asked[:0], len(tokens))[:len(tokens)]
	k := 0
	switch {
	case s.inflected:
		for i := range tokens {
			r.asked[i] = asked{s.inflectedKey(r, p, &tokens[i]), int32(i)}
		}
		return
	case s.known == nil:
		for i := range tokens {
			r.asked[i] = asked{tokens[i].hash, int32(i)}
		}
		return
	}
	// What tells that a word is nowhere is near, and most words are.
	clear(r.seen[p.lo:p.hi])
	for i := range tokens {
		t := &tokens[i]
		if t.simple && !s.known.has(t.hash) && !s.mayBegin(t.head) {
			continue
		}
		r.asked[k] = asked{t.hash, int32(i)}
		k++
	}
	r.asked = r.asked[:k]
}

// inflectedKey identifies a word as far as what it satisfies may differ, where
// there are inflected terms.
func (s *Set) inflectedKey(r *reading, p *section, t *token) uint64 {
	key := t.hash ^ r.languageSalt
	if !t.plain {
		key ^= hashOf(s.seed^saltStem, p.text[t.start:t.end])
	}
	return key
}

// resolveSlowly finds what a word satisfies. begun are the nodes of its
// beginnings, where it has no particles to take off.
func (s *Set) resolveSlowly(r *reading, t *token, text string, l *unresolved, begun []begun, out *resolved) {
	*out = resolved{node: l.node, flags: s.flags(l.node) & cachedBits}
	found := r.found[:0]
	add := func(node uint32) {
		if node != 0 && int(node) < len(s.nodes) && node != out.node && !slices.Contains(found, node) {
			found = append(found, node)
		}
	}
	switch {
	case t.kind == classSolo:
	case s.isBegun(t):
		for i := range begun {
			add(begun[i].node)
		}
	default:
		word := s.folded(r, t, text)
		wordReadings(word, t.kind, func(reading []byte, i int) {
			h := t.hash
			if i > 0 {
				h = hashOf(s.seed, reading)
				add(s.lookUp(h))
			}
			if s.inflected {
				s.stems.each(h^saltInflected, add)
			}
			if i == 0 || !isHangulEnd(reading) {
				s.beginnings(reading, add)
			}
		})
	}
	if s.inflected && t.kind == classLetter {
		s.inflections(r, text[t.start:t.end], add)
	}
	if len(found) > 0 {
		out.others = uint32(len(r.others))
		r.others = append(r.others, flagged{node: uint32(len(found))})
		for _, node := range found {
			r.others = append(r.others, flagged{node, s.flags(node) & cachedBits})
		}
	}
	r.found = found[:0]
}

// lookUp returns the node with a key, where this Set sees it.
func (s *Set) lookUp(key uint64) uint32 {
	if node := s.dict.find(key); int(node) < len(s.nodes) {
		return node
	}
	return 0
}

func (s *Set) flags(node uint32) uint32 { return atomic.LoadUint32(&s.nodes[node].info) }

// folded returns the folded letters of a token.
func (s *Set) folded(r *reading, t *token, text string) []byte {
	r.scan.reset(text[t.start:t.end])
	for r.scan.next() {
		// A character that stands for several words is the place of each.
		if hashOf(s.seed, r.scan.word) == t.hash {
			return r.scan.word
		}
	}
	return nil
}
