package query

import (
	"math/bits"

	"veille"
)

// word is one word of an article, with the units it satisfies: those of
// reading.found[lo:hi].
type word struct {
	start, end int32
	lo, hi     int32
	kind       class
	glued      bool
}

// spot is one place where a pattern was found, in bytes of a field's text.
type spot struct {
	start, end int32
	next       int32
	field      uint8
}

// maxSpots bounds the places remembered for a pattern and field. The first
// ones are reported, the others only help to choose an excerpt.
const maxSpots = 64

// sighting is where a pattern was found: a chain of spots, in text order.
type sighting struct {
	first, last int32
	in          fields
	count       [numFields]uint8
}

// reading is what one article says to a Set. It is reused.
type reading struct {
	scan  scanner
	words []word
	found []int32
	// text is the text of each field that was read.
	text    [numFields]string
	spots   []spot
	sights  []sighting // by pattern
	touched []int32
	// milestones count code points, once somebody asks.
	milestones [numFields][]milestone
	// leaves and hits are the report's.
	leaves  []*node
	hits    []hit
	points  [][2]int
	counted []int
	// candidates has a bit for every rule whose pivot was found.
	candidates []uint64
}

// Match returns a match for every watch that the snapshot satisfies, in the
// order of the watch-list. Sources and languages are not its business.
func (s *Set) Match(a veille.Snapshot) []veille.Match {
	r := s.read(&a)
	defer s.release(r)
	for _, p := range r.touched {
		for _, id := range s.pivoted[p] {
			r.candidates[id>>6] |= 1 << (id & 63)
		}
	}
	var matches []veille.Match
	for i, set := range r.candidates {
		for ; set != 0; set &= set - 1 {
			rule := &s.rules[i<<6+bits.TrailingZeros64(set)]
			if s.holds(r, rule.root) {
				matches = append(matches, s.report(r, rule))
			}
		}
	}
	return matches
}

// holds evaluates a node.
func (s *Set) holds(r *reading, id int32) bool {
	n := &s.nodes[id]
	switch n.op {
	case OpTerm:
		return r.sights[n.pattern].in&n.in != 0
	case OpNot:
		return !s.holds(r, n.kids[0])
	case OpAnd:
		for _, k := range n.kids {
			if !s.holds(r, k) {
				return false
			}
		}
		return true
	}
	for _, k := range n.kids {
		if s.holds(r, k) {
			return true
		}
	}
	return false
}

// read finds every pattern in an article.
func (s *Set) read(a *veille.Snapshot) *reading {
	r, ok := s.scratch.Get().(*reading)
	if !ok {
		r = &reading{sights: make([]sighting, len(s.patterns)), candidates: make([]uint64, (len(s.rules)+63)/64)}
	}
	for field := range numFields {
		if s.reads&(1<<field) == 0 {
			continue
		}
		r.text[field] = fieldText(a, field)
		r.words, r.found = r.words[:0], r.found[:0]
		switch fields(1 << field) {
		case inURL:
			plain, offsets := unescapeURL(r.text[field])
			s.readWords(r, plain, 0)
			if offsets != nil {
				for i := range r.words {
					w := &r.words[i]
					w.start, w.end = offsets[w.start], offsets[w.end]
				}
			}
		case inAuthor:
			// A phrase does not run from one author to the next: an empty word
			// stands between them.
			at := 0
			for _, author := range a.Authors {
				s.readWords(r, author, at)
				n := int32(len(r.found))
				r.words = append(r.words, word{lo: n, hi: n})
				at += len(author) + len(authorSeparator)
			}
		default:
			s.readWords(r, r.text[field], 0)
		}
		s.findPatterns(r, field)
	}
	return r
}

// release forgets the article and keeps the memory.
func (s *Set) release(r *reading) {
	for _, p := range r.touched {
		r.sights[p] = sighting{}
	}
	clear(r.candidates)
	r.text = [numFields]string{}
	for i := range r.milestones {
		r.milestones[i] = r.milestones[i][:0]
	}
	r.scan.text = ""
	r.touched, r.spots = r.touched[:0], r.spots[:0]
	s.scratch.Put(r)
}

// readWords appends the words of a text that begins at a byte offset of its
// field.
func (s *Set) readWords(r *reading, text string, at int) {
	r.scan.reset(s.fold, text)
	for r.scan.next() {
		lo := int32(len(r.found))
		r.found = s.units.find(r.found, r.scan.word, r.scan.kind)
		r.words = append(r.words, word{
			start: int32(at + r.scan.start), end: int32(at + r.scan.end),
			lo: lo, hi: int32(len(r.found)), kind: r.scan.kind, glued: r.scan.glued,
		})
	}
}

func (s *Set) findPatterns(r *reading, field int) {
	for i := range r.words {
		w := &r.words[i]
		for _, u := range r.found[w.lo:w.hi] {
			for _, id := range s.anchored[u] {
				p := &s.patterns[id]
				if from := i - p.anchor; r.holds(p, from) {
					r.see(id, field, r.words[from].start, r.words[from+len(p.elems)-1].end)
				}
			}
		}
	}
}

// holds reports whether a pattern is at the word with an index.
func (r *reading) holds(p *pattern, from int) bool {
	to := from + len(p.elems)
	if from < 0 || to > len(r.words) {
		return false
	}
	for k, x := range p.elems {
		w := &r.words[from+k]
		if x.glued && !w.glued || k != p.anchor && !r.satisfies(w, x.unit) {
			return false
		}
	}
	if p.left && r.words[from].glued && from > 0 && r.words[from-1].kind == classKata {
		return false
	}
	return !p.right || to == len(r.words) || !r.words[to].glued || r.words[to].kind != classKata
}

func (r *reading) satisfies(w *word, unit int32) bool {
	for _, u := range r.found[w.lo:w.hi] {
		if u == unit {
			return true
		}
	}
	return false
}

func (r *reading) see(id int32, field int, start, end int32) {
	s := &r.sights[id]
	if s.count[field] == maxSpots {
		return
	}
	s.count[field]++
	at := int32(len(r.spots))
	r.spots = append(r.spots, spot{start: start, end: end, next: -1, field: uint8(field)})
	if s.in == 0 {
		r.touched = append(r.touched, id)
		s.first = at
	} else {
		r.spots[s.last].next = at
	}
	s.last = at
	s.in |= 1 << field
}
