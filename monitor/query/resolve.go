package query

import (
	"math/bits"
	"slices"
	"sync/atomic"
	"unicode/utf8"
)

// resolved is what a word of a text satisfies: the node of the word itself, 0
// if there is none, with its flags (cachedBits), and the place of further nodes
// in the reading's others, behind their number.
type resolved struct {
	node, flags, others uint32
}

// remembered is an entry of a reading's cache of resolved words.
type remembered struct {
	key uint64
	resolved
}

const (
	leastCache = 1 << 15
	mostCache  = 1 << 18
	maxOthers  = 1 << 20
)

// prepare makes the cache of a reading that of the Set.
func (r *reading) prepare(s *Set) {
	generation := uint64(s.epoch) + 1
	if r.cachedFor == generation && len(r.others) < maxOthers {
		return
	}
	size := leastCache
	for size < mostCache && size < len(s.dict.keys) {
		size *= 2
	}
	if len(r.cache) != size {
		r.cache = make([]remembered, size)
	} else {
		clear(r.cache)
	}
	r.others = append(r.others[:0], 0)
	r.cachedFor = generation
}

// resolve fills in what the tokens of a section satisfy.
func (s *Set) resolve(r *reading, p *section) {
	r.seen = slices.Grow(r.seen[:0], int(p.hi))[:p.hi]
	seen, tokens := r.seen[p.lo:p.hi], r.tokens[p.lo:p.hi]
	late := r.late[:0]
	cache := r.cache
	// Look at all, then work: the memory of many words is on its way at once.
	switch {
	case s.inflected:
		for i := range tokens {
			key := s.cacheKey(r, p, &tokens[i])
			slot := &cache[key&uint64(len(cache)-1)]
			seen[i] = slot.resolved
			if slot.key != key {
				late = append(late, unresolved{int32(i), 0, key})
			}
		}
	case len(s.dict.keys) <= smallDictionary:
		// Most words are in no rule, and what tells it is near.
		mask := s.headMask()
		for i := range tokens {
			t := &tokens[i]
			key := t.hash
			if t.simple && !s.known.has(key) && !s.opening.has(openingKey(t.head&mask)) {
				seen[i] = resolved{}
				continue
			}
			slot := &cache[key&uint64(len(cache)-1)]
			seen[i] = slot.resolved
			if slot.key != key {
				late = append(late, unresolved{int32(i), 0, key})
			}
		}
	default:
		for i := range tokens {
			key := tokens[i].hash
			slot := &cache[key&uint64(len(cache)-1)]
			seen[i] = slot.resolved
			if slot.key != key {
				late = append(late, unresolved{int32(i), 0, key})
			}
		}
	}
	r.late = late
	for i := range late {
		late[i].node = s.lookUp(tokens[late[i].token].hash)
	}
	for _, l := range late {
		slot := &cache[l.key&uint64(len(cache)-1)]
		if slot.key != l.key {
			s.resolveSlowly(r, &tokens[l.token], p.text, l, slot)
		}
		seen[l.token] = slot.resolved
	}
}

// smallDictionary is how many places a dictionary has that most words are not
// in.
const smallDictionary = 1 << 16

// unresolved is a word that the cache does not know: its token, its node and
// its key in the cache.
type unresolved struct {
	token int32
	node  uint32
	key   uint64
}

// cacheKey identifies a word as far as what it satisfies may differ.
func (s *Set) cacheKey(r *reading, p *section, t *token) uint64 {
	key := t.hash
	if s.inflected {
		key ^= r.languageSalt
		if !t.plain {
			key ^= hashOf(s.seed^saltStem, p.text[t.start:t.end])
		}
	}
	return max(key, 1)
}

// mayOpen reports whether a word without particles may have a beginning that
// somebody looks for, by its first letters.
func (s *Set) mayOpen(t *token) bool { return s.opening.has(openingKey(t.head & s.headMask())) }

// headMask keeps as many bytes of a head as tell whether anything begins like
// it: as many as the shortest beginning has, up to four.
func (s *Set) headMask() uint32 { return uint32(1<<(8*min(bits.TrailingZeros64(s.open), 4)) - 1) }

// resolveSlowly finds what a word satisfies, and remembers it.
func (s *Set) resolveSlowly(r *reading, t *token, text string, l unresolved, slot *remembered) {
	out := resolved{node: l.node}
	if l.node != 0 {
		out.flags = s.flags(l.node) & cachedBits
	}
	found := r.found[:0]
	add := func(node uint32) {
		if node != 0 && int(node) < len(s.info) && node != out.node && !slices.Contains(found, node) {
			found = append(found, node)
		}
	}
	switch {
	case t.kind == classSolo:
	case t.plain && !s.inflected:
		if s.mayOpen(t) {
			s.plainBeginnings(text[t.start:t.end], add)
		}
	case !s.inflected && t.simple && !s.mayOpen(t):
		// Only Arabic and Korean have particles to take off.
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
			if s.open != 0 && (i == 0 || !isHangulEnd(reading)) {
				s.beginnings(reading, add)
			}
		})
	}
	if s.inflected && t.kind == classLetter {
		s.inflections(r, text[t.start:t.end], add)
	}
	if len(found) > 0 {
		out.others = uint32(len(r.others))
		r.others = append(r.others, uint32(len(found)))
		r.others = append(r.others, found...)
	}
	r.found = found[:0]
	*slot = remembered{l.key, out}
}

// lookUp returns the node with a key, where this Set sees it.
func (s *Set) lookUp(key uint64) uint32 {
	if node := s.dict.find(key); int(node) < len(s.info) {
		return node
	}
	return 0
}

func (s *Set) flags(node uint32) uint32 { return atomic.LoadUint32(&s.info[node]) }

// beginnings finds the nodes of the beginnings of a folded word.
func (s *Set) beginnings(word []byte, add func(uint32)) {
	h := s.cut.empty
	for i := range len(word) {
		h.add(word[i])
		n := i + 1
		if s.open&(1<<min(n, 63)) != 0 && (n == len(word) || utf8.RuneStart(word[n])) {
			s.beginning(h.sum(), add)
		}
	}
}

// plainBeginnings does the same for a word of ASCII, not folded.
func (s *Set) plainBeginnings(word string, add func(uint32)) {
	h := s.cut.empty
	for i := range len(word) {
		h.add(ascii[word[i]])
		n := i + 1
		if s.open&(1<<min(n, 63)) != 0 {
			s.beginning(h.sum(), add)
		}
	}
}

func (s *Set) beginning(hash uint64, add func(uint32)) {
	if s.opening.has(hash) {
		add(s.lookUp(hash ^ saltOpen))
	}
}

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

// more returns the further nodes that a resolved word satisfies.
func (r *reading) more(v *resolved) []uint32 {
	if v.others == 0 {
		return nil
	}
	n := r.others[v.others]
	return r.others[v.others+1 : v.others+1+n]
}
