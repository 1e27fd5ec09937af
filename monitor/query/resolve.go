package query

import (
	"slices"
	"sync/atomic"
	"unicode/utf8"
)

// resolved is what a word of a text satisfies: the node of the word itself, 0
// if there is none, and in info its flags (cachedBits), with the place of
// further nodes in the reading's others, behind their number.
type resolved struct {
	node uint32
	info uint32
}

const othersShift = 4

// remembered is an entry of a reading's cache of resolved words.
type remembered struct {
	key uint64
	resolved
}

const (
	leastCache = 1 << 12
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
	for size < mostCache && size < len(s.dict.keys)/2 {
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

// resolve returns what a word satisfies, in a text of a language.
func (s *Set) resolve(r *reading, t *token, text string) resolved {
	key := t.hash
	if s.inflected {
		key ^= r.languageSalt
		if !t.plain {
			key ^= hashOf(s.seed^saltStem, text[t.start:t.end])
		}
	}
	slot := &r.cache[key&uint64(len(r.cache)-1)]
	if slot.key == key {
		return slot.resolved
	}
	return s.resolveSlowly(r, t, text, key, slot)
}

func (s *Set) resolveSlowly(r *reading, t *token, text string, key uint64, slot *remembered) resolved {
	node := s.lookUp(t.hash)
	out := resolved{node: node}
	if node != 0 {
		out.info = s.flags(node) & cachedBits
	}
	found := r.found[:0]
	add := func(node uint32) {
		if node != 0 && node != out.node && !slices.Contains(found, node) {
			found = append(found, node)
		}
	}
	if t.kind != classSolo && (s.open != 0 || s.inflected || !t.plain) {
		word := s.folded(r, t, text)
		wordReadings(word, t.kind, func(reading []byte, i int) {
			h := t.hash
			if i > 0 {
				h = hashOf(s.seed, reading)
				add(s.lookUp(h))
			}
			if s.inflected {
				add(s.lookUp(h ^ saltInflected))
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
		out.info |= uint32(len(r.others)) << othersShift
		r.others = append(r.others, uint32(len(found)))
		r.others = append(r.others, found...)
	}
	r.found = found[:0]
	*slot = remembered{key, out}
	return out
}

// lookUp returns the node with a key, where this Set sees it.
func (s *Set) lookUp(key uint64) uint32 {
	if node := s.dict.find(key); int(node) < len(s.info) {
		return node
	}
	return 0
}

func (s *Set) flags(node uint32) uint32 { return atomic.LoadUint32(&s.info[node]) }

// beginnings finds the nodes of the beginnings of a word.
func (s *Set) beginnings(word []byte, add func(uint32)) {
	for n := 1; n <= len(word); n++ {
		if s.open&(1<<min(n, 63)) != 0 && (n == len(word) || utf8.RuneStart(word[n])) {
			add(s.lookUp(hashOf(s.seed, word[:n]) ^ saltOpen))
		}
	}
}

// folded returns the folded letters of a token.
func (s *Set) folded(r *reading, t *token, text string) []byte {
	r.scan.reset(s.cut.fold, text[t.start:t.end])
	for r.scan.next() {
		// A character that stands for several words is the place of each.
		if hashOf(s.seed, r.scan.word) == t.hash {
			return r.scan.word
		}
	}
	return nil
}

// foldedLength counts the bytes of the first folded word of a text.
func foldedLength(fold *folder, text string) int {
	var s scanner
	s.reset(fold, text)
	s.next()
	return len(s.word)
}

// nodesOf calls yield with every node that a resolved word satisfies.
func (r *reading) nodesOf(v resolved) (uint32, []uint32) {
	if at := v.info >> othersShift; at != 0 {
		n := r.others[at]
		return v.node, r.others[at+1 : at+1+n]
	}
	return v.node, nil
}
