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
	fold *folder
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
func (c *cutter) cut(dst []token, text string, slow *scanner) []token {
	var (
		in     bool // a word has begun
		joined bool // nothing separates what comes next from the last word
		t      token
		h, acc uint64
		n      int
	)
	for i := 0; i < len(text); {
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
		a := c.fold.atom(r)
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
	s.reset(c.fold, text)
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
