package query

import (
	"math/bits"
	"unicode/utf8"
)

// token is one word of a text, with the hash of its folded letters.
type token struct {
	hash uint64
	// start and end are byte offsets in the text of its section.
	start, end int32
	kind       class
	// glued says that nothing separates the word from the one before it, plain
	// that it is written in ASCII.
	glued, plain bool
}

// cutter cuts a text into tokens in one pass. What one character decides it
// handles itself; where characters compose or stand for several it has the
// scanner read the word.
type cutter struct {
	seed uint64
}

const (
	mixA = 0x9e3779b97f4a7c15
	mixB = 0xd6e8feb86659fd93
)

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// finish ends the hash of a word of n bytes, of which the last n%8 are in acc.
// Zero means no word.
func finish(h, acc uint64, n int) uint64 {
	return max(mix(h^acc^mixB, mixA^uint64(n)), 1)
}

// hashOf hashes a folded word as the cutter does.
func hashOf[T string | []byte](seed uint64, word T) uint64 {
	h, acc := seed, uint64(0)
	for i := range len(word) {
		acc = acc<<8 | uint64(word[i])
		if i&7 == 7 {
			h, acc = mix(h^acc, mixA), 0
		}
	}
	return finish(h, acc, len(word))
}

// The ASCII table holds what a byte folds to, or one of these.
const (
	asciiBreak = 0
	notASCII   = 1
)

var ascii = asciiTable()

func asciiTable() (t [256]byte) {
	for c := range 256 {
		switch {
		case c >= utf8.RuneSelf:
			t[c] = notASCII
		case c >= 'A' && c <= 'Z':
			t[c] = byte(c) + 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			t[c] = byte(c)
		}
	}
	return t
}

// cut appends the tokens of a text. The scanner is for what is rare.
//
// Words of ASCII between separators of ASCII, nearly all in most languages, are
// found eight bytes at a time; the runs that hold anything else are left to
// cutRun. Nothing in this loop depends on single letters, whose branches no
// processor foresees.
func (c *cutter) cut(dst []token, text string, slow *scanner) []token {
	var block, other uint64 // where words are, where bytes beyond ASCII are
	from := 0               // where block begins
	next := 0               // where the next block begins
	for {
		for block == 0 {
			if from = next; from >= len(text) {
				return dst
			}
			block, other = classify(text, from)
			next = from + 64
		}
		start := from + bits.TrailingZeros64(block)
		// The run ends at the first clear bit from start on.
		rest := block >> (start - from)
		length := bits.TrailingZeros64(^rest)
		special := other>>(start-from)&(1<<length-1) != 0
		end := start + length
		if end == next {
			block = 0
			for end == next && next < len(text) {
				from = next
				next += 64
				block, other = classify(text, from)
				length = bits.TrailingZeros64(^block)
				special = special || other&(1<<length-1) != 0
				end = from + length
				if length < 64 {
					block &^= 1<<length - 1
				} else {
					block = 0
				}
			}
		} else {
			block &^= 1<<(end-from) - 1
		}
		end = min(end, len(text))
		if special {
			dst = c.cutRun(dst, text[:end], start, slow)
			continue
		}
		h, at := c.seed, start
		for ; end-at >= 8; at += 8 {
			h = mix(h^(bigEndian(text, at)|spaces), mixA)
		}
		var acc uint64
		if left := end - at; left > 0 {
			if at+8 <= len(text) {
				acc = (bigEndian(text, at) | spaces) >> (64 - 8*left)
			} else {
				for ; at < end; at++ {
					acc = acc<<8 | uint64(text[at]|' ')
				}
			}
		}
		dst = append(dst, token{
			hash: finish(h, acc, end-start), start: int32(start), end: int32(end), kind: classLetter, plain: true,
		})
	}
}

// spaces has the bit that makes capitals small in every byte; it leaves digits
// as they are.
const spaces = 0x2020202020202020

func bigEndian(s string, i int) uint64 {
	_ = s[i+7]
	return uint64(s[i+7]) | uint64(s[i+6])<<8 | uint64(s[i+5])<<16 | uint64(s[i+4])<<24 |
		uint64(s[i+3])<<32 | uint64(s[i+2])<<40 | uint64(s[i+1])<<48 | uint64(s[i])<<56
}

func littleEndian(s string, i int) uint64 {
	_ = s[i+7]
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
		uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
}

// classify returns, for 64 bytes from a place on, a bit for each that may be
// part of a word, and one for each that is not ASCII.
func classify(text string, from int) (word, other uint64) {
	n := min(64, len(text)-from)
	i := 0
	for ; i+8 <= n; i += 8 {
		w, o := classifyEight(littleEndian(text, from+i))
		word |= w << i
		other |= o << i
	}
	if i < n {
		var x uint64
		for j := n - 1; j >= i; j-- {
			x = x<<8 | uint64(text[from+j])
		}
		w, o := classifyEight(x)
		word |= w << i
		other |= o << i
	}
	return word, other
}

// classifyEight does it for eight bytes, the first in the low bits. In each
// byte, adding to its low seven bits what a bound lacks to 0x80 sets the high
// bit where the bound is reached.
func classifyEight(x uint64) (word, other uint64) {
	const (
		ones = 0x0101010101010101
		low7 = 0x7f * ones
		high = 0x80 * ones
	)
	plain := x & low7
	small := plain | spaces
	letters := (small + (0x80-'a')*ones) &^ (small + (0x80-'z'-1)*ones)
	digits := (plain + (0x80-'0')*ones) &^ (plain + (0x80-'9'-1)*ones)
	beyond := x & high
	is := (letters|digits)&high | beyond
	return gather8(is), gather8(beyond)
}

// gather8 packs the high bits of eight bytes into one.
func gather8(x uint64) uint64 { return x >> 7 * 0x0102040810204080 >> 56 }

// cutRun appends the tokens of a text from a separator on.
func (c *cutter) cutRun(dst []token, text string, from int, slow *scanner) []token {
	var (
		in     bool // a word has begun
		joined bool // nothing separates what comes next from the last word
		t      token
		h, acc uint64
		n      int
	)
	for i := from; i < len(text); {
		b := ascii[text[i]]
		if b > notASCII {
			if in && t.kind != classLetter {
				t.hash = finish(h, acc, n)
				dst = append(dst, t)
				in = false
			}
			if !in {
				t = token{start: int32(i), kind: classLetter, glued: joined, plain: true}
				in, joined, h, acc, n = true, true, c.seed, 0, 0
			}
			for {
				acc = acc<<8 | uint64(b)
				n++
				if n&7 == 0 {
					h, acc = mix(h^acc, mixA), 0
				}
				i++
				if i == len(text) {
					break
				}
				if b = ascii[text[i]]; b <= notASCII {
					break
				}
			}
			t.end = int32(i)
			if i == len(text) {
				break
			}
		}
		if b == asciiBreak {
			if in {
				t.hash = finish(h, acc, n)
				dst = append(dst, t)
				in = false
			}
			joined = false
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		a := folding.atom(r)
		switch kind := a.class(); kind {
		case classDrop:
			i += size
			if in {
				t.plain = false
			}
			continue
		case classBreak:
			if in {
				t.hash = finish(h, acc, n)
				dst = append(dst, t)
				in = false
			}
			joined = false
			i += size
			continue
		case classMark:
			if !in || !composes(a.rune()) {
				i += size
				if in {
					t.end, t.plain = int32(i), false
				}
				continue
			}
		case classLetter, classSolo, classKata:
			if in && (kind != classLetter || t.kind != classLetter) {
				t.hash = finish(h, acc, n)
				dst = append(dst, t)
				in = false
			}
			if !in {
				t = token{start: int32(i), kind: kind, glued: joined}
				in, joined, h, acc, n = true, true, c.seed, 0, 0
			}
			i += size
			t.end, t.plain = int32(i), false
			f := a.rune()
			if f < utf8.RuneSelf {
				acc = acc<<8 | uint64(f)
				n++
				if n&7 == 0 {
					h, acc = mix(h^acc, mixA), 0
				}
				continue
			}
			var utf [utf8.UTFMax]byte
			for _, b := range utf[:utf8.EncodeRune(utf[:], f)] {
				acc = acc<<8 | uint64(b)
				n++
				if n&7 == 0 {
					h, acc = mix(h^acc, mixA), 0
				}
			}
			continue
		}
		// The scanner reads the word from its start.
		if in {
			i, joined, in = int(t.start), t.glued, false
		}
		dst, i, joined = c.scan(dst, text, slow, i, joined)
	}
	if in {
		t.hash = finish(h, acc, n)
		dst = append(dst, t)
	}
	return dst
}

// scan reads words one by one until it is between two characters.
func (c *cutter) scan(dst []token, text string, s *scanner, at int, joined bool) ([]token, int, bool) {
	s.reset(text)
	s.pos, s.joined = at, joined
	for s.next() {
		dst = append(dst, token{
			hash: hashOf(c.seed, s.word), start: int32(s.start), end: int32(s.end),
			kind: s.kind, glued: s.glued,
		})
		if len(s.rest) == 0 {
			break
		}
	}
	return dst, s.pos, s.joined
}

// composes reports whether a mark changes a letter before it.
func composes(r rune) bool { return r == 0x0306 || r == 0x3099 || r == 0x309a }
