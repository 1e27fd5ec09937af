package query

import (
	"math/bits"
	"unicode/utf8"
)

// headSize is how many bytes the head of a token has.
const headSize = 4

// headOf returns the head of a folded word.
func headOf(word []byte) uint32 {
	var head uint32
	for i := range min(len(word), headSize) {
		head |= uint32(word[i]) << (8 * i)
	}
	return head
}

// lengthBit is the bit of a beginning of n bytes; the last one stands for all
// that are longer.
func lengthBit(n int) uint32 { return 1 << min(n, 31) }

// lengths returns the bits of the beginnings that somebody looks for of words
// with a head.
func (s *Set) lengths(head uint32) uint32 { return s.open | s.opens.find(uint64(head)) }

// mayBegin reports whether somebody may look for a beginning of words with a
// head.
func (s *Set) mayBegin(head uint32) bool {
	if s.heads.has(uint64(head)) {
		return true
	}
	for open := s.open; open != 0; open &= open - 1 {
		if s.heads.has(shortKey(head, bits.TrailingZeros32(open))) {
			return true
		}
	}
	return false
}

// shortKey is the key of the first n bytes of a head.
func shortKey(head uint32, n int) uint64 {
	return uint64(head)&(1<<(8*n)-1) | uint64(n)<<32
}

// beginnings finds the nodes of the beginnings of a folded word.
func (s *Set) beginnings(word []byte, add func(uint32)) {
	lengths := s.lengths(headOf(word))
	if lengths == 0 {
		return
	}
	h := s.cut.empty
	for i := range len(word) {
		h.add(word[i])
		n := i + 1
		if lengths&lengthBit(n) != 0 && (n == len(word) || utf8.RuneStart(word[n])) {
			if hash := h.sum(); s.opening.has(hash) {
				add(s.lookUp(hash ^ saltOpen))
			}
		}
	}
}

// begun is a beginning of a word of the text that somebody may look for: its
// key, and its node, 0 if nobody does.
type begun struct {
	key  uint64
	node uint32
	late int32
}

// isBegun reports whether begin finds the beginnings of a token: only Arabic and
// Korean have particles to take off first, and inflected terms want more.
func (s *Set) isBegun(t *token) bool {
	return t.kind != classSolo && (t.plain || t.simple) && !s.inflected
}

// begin finds the nodes of the beginnings of words, one step for all before the
// next one.
func (s *Set) begin(r *reading, p *section, late []unresolved) {
	list := r.begun[:0]
	for i := range late {
		if l := &late[i]; l.lengths != 0 {
			if t := &r.tokens[p.lo+l.token]; s.isBegun(t) {
				list = s.beginningsOf(list, t, p.text, l.lengths, int32(i))
			}
		}
	}
	k, touched := 0, uint32(0)
	for i := range list {
		list[k] = list[i]
		k += s.opening.passes(list[i].key)
	}
	list = list[:k]
	for i := range list {
		list[i].key ^= saltOpen
		touched |= s.dict.touch(list[i].key)
	}
	for i := range list {
		b := &list[i]
		b.node = s.lookUp(b.key)
		late[b.late].begun++
	}
	for i := range list {
		touched |= s.flags(list[i].node)
	}
	r.touched = touched
	r.begun = list
}

// beginningsOf appends the beginnings of a word, of some lengths.
func (s *Set) beginningsOf(list []begun, t *token, text string, lengths uint32, late int32) []begun {
	run := text[t.start:t.end]
	var x, y uint64
	n := len(run)
	switch {
	case n > 16:
		return s.longBeginnings(list, run, lengths, late)
	case t.plain && int(t.start)+16 <= len(text):
		m := &chunkMasks[n]
		x, y = (littleEndian(text, int(t.start))|spaces)&m[0], (littleEndian(text, int(t.start)+8)|spaces)&m[1]
	default:
		x, y, n, _ = foldRun(run)
	}
	for lengths &= 1<<(n+1) - 1; lengths != 0; lengths &= lengths - 1 {
		n := bits.TrailingZeros32(lengths)
		if !isInside(x, y, n) {
			m := &chunkMasks[n]
			list = append(list, begun{key: conclude(s.cut.empty.state, s.cut.empty.key, x&m[0], y&m[1], n), late: late})
		}
	}
	return list
}

// isInside reports whether byte n of sixteen is not the first of its character.
func isInside(x, y uint64, n int) bool {
	if n >= 8 {
		x = y
	}
	return n < 16 && byte(x>>(8*(n&7)))&0xc0 == 0x80
}

// longBeginnings does the same for a run of more than sixteen bytes.
func (s *Set) longBeginnings(list []begun, run string, lengths uint32, late int32) []begun {
	h := s.cut.empty
	for i := 0; i < len(run); {
		f := uint64(run[i] | ' ')
		i++
		if f >= utf8.RuneSelf {
			f = short(run, i-1)
			i++
		}
		if f >= utf8.RuneSelf {
			h.add(byte(0xc0 | f>>6))
			f = 0x80 | f&0x3f
		}
		h.add(byte(f))
		if lengths&lengthBit(h.n) != 0 {
			list = append(list, begun{key: h.sum(), late: late})
		}
	}
	return list
}
