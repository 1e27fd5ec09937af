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
	// head has the first four bytes of the folded letters, the first in the low
	// bits.
	head uint32
	kind class
	// glued says that nothing separates the word from the one before it, plain
	// that it is written in ASCII, simple that it has no particles to take off.
	glued, plain, simple bool
}

// cutter cuts a text into tokens. What one character decides it handles itself;
// where characters compose or stand for several it has the scanner read the
// word.
type cutter struct {
	seed uint64
	// empty is the hash of no letter.
	empty wordHash
}

func newCutter(seed uint64) cutter { return cutter{seed, newWordHash(seed)} }

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
// Words are found 64 bytes at a time and hashed sixteen at a time; little here
// depends on single letters, whose branches no processor foresees.
func (c *cutter) cut(dst []token, text string, slow *scanner) []token {
	state, key := c.empty.state, c.empty.key
	b := blocks{text: text}
	for b.word != 0 || b.next() {
		start := b.at + bits.TrailingZeros64(b.word)
		// Added to the run's first bit, it carries to the bit after the run.
		beyond := b.word + b.word&-b.word
		end := b.at + bits.TrailingZeros64(beyond)
		b.word &= beyond
		if beyond == 0 {
			end = b.runsOn()
		}
		if n := uint(end - start); n < uint(len(chunkMasks)) && start+16 <= len(text) {
			m := &chunkMasks[n]
			x, y := (littleEndian(text, start)|spaces)&m[0], (littleEndian(text, start+8)|spaces)&m[1]
			if (x|y)&highBits == 0 {
				dst = append(dst, token{})
				// Field by field: a token copied as a whole waits for its parts.
				t := &dst[len(dst)-1]
				t.hash = conclude(state, key, x, y, int(n))
				t.start, t.end = int32(start), int32(end)
				t.head = uint32(x)
				t.kind, t.plain, t.simple = classLetter, true, true
				continue
			}
		}
		hash, head, last := c.letters(text[start:end])
		if hash == 0 {
			dst = c.cutRun(dst, text[:end], start, slow)
			continue
		}
		dst = append(dst, token{})
		t := &dst[len(dst)-1]
		t.hash = hash
		t.start, t.end = int32(start), int32(end)
		t.head = head
		t.kind, t.plain, t.simple = classLetter, last < utf8.RuneSelf, last < firstArabic
	}
	return dst
}

// firstArabic begins the first letters that are written with particles.
const firstArabic = 0xd8

// letters hashes a run that is one word of letters that take one or two bytes
// and fold to one, and returns its head and the last of the bytes that begin
// letters; 0 if it is not such a word.
func (c *cutter) letters(run string) (hash uint64, head uint32, last byte) {
	if len(run) > 16 {
		return c.manyLetters(run)
	}
	x, y, n, last := foldRun(run)
	if n == 0 {
		return 0, 0, 0
	}
	return conclude(c.empty.state, c.empty.key, x, y, n), uint32(x), last
}

// foldRun folds such a run of up to sixteen bytes into as many, and returns how
// many they are; 0 if it is not such a word.
func foldRun(run string) (x, y uint64, n int, last byte) {
	size := uint64(0) // bits
	for i := 0; i < len(run); i++ {
		f := uint64(run[i] | ' ')
		bits := uint64(8)
		if f >= utf8.RuneSelf {
			if f = short(run, i); f == 0 {
				return 0, 0, 0, 0
			}
			last = max(last, run[i])
			i++
			if f >= utf8.RuneSelf {
				f, bits = 0xc0|f>>6|(0x80|f&0x3f)<<8, 16
			}
		}
		x |= f << size
		y |= f<<(size-64) | f>>(64-size)
		size += bits
	}
	return x, y, int(size / 8), last
}

// manyLetters does it for a run of more than sixteen bytes.
func (c *cutter) manyLetters(run string) (hash uint64, head uint32, last byte) {
	h := c.empty
	for i := 0; i < len(run); i++ {
		f := uint64(run[i] | ' ')
		if f >= utf8.RuneSelf {
			if f = short(run, i); f == 0 {
				return 0, 0, 0
			}
			last = max(last, run[i])
			i++
			if f >= utf8.RuneSelf {
				h.add(byte(0xc0 | f>>6))
				f = 0x80 | f&0x3f
			}
		}
		h.add(byte(f))
	}
	return h.sum(), h.head, last
}

// short returns what a letter of two bytes folds to, where that is a letter of
// no more; else 0.
func short(text string, i int) uint64 {
	b := text[i]
	if b >= 0xe0 || b < 0xc2 || i+1 == len(text) || text[i+1]&0xc0 != 0x80 {
		return 0
	}
	return uint64(folding.short[int(b&0x1f)<<6|int(text[i+1]&0x3f)])
}

const (
	ones = 0x0101010101010101
	// spaces has the bit that makes capitals small in every byte; it leaves
	// digits as they are.
	spaces   = 0x20 * ones
	highBits = 0x80 * ones
)

// chunkMasks keep the first bytes of sixteen.
var chunkMasks = func() (m [17][2]uint64) {
	for n := range m {
		m[n] = [2]uint64{1<<(8*min(n, 8)) - 1, 1<<(8*max(n-8, 0)) - 1}
	}
	return m
}()

// cutRun appends the tokens of a text from a separator on.
func (c *cutter) cutRun(dst []token, text string, from int, slow *scanner) []token {
	var (
		in     bool // a word has begun
		joined bool // nothing separates what comes next from the last word
		t      token
		h      wordHash
	)
	for i := from; i < len(text); {
		b := ascii[text[i]]
		if b > notASCII {
			if in && t.kind != classLetter {
				t.hash, t.head = h.sum(), h.head
				dst = append(dst, t)
				in = false
			}
			if !in {
				t = token{start: int32(i), kind: classLetter, glued: joined, plain: true}
				in, joined, h = true, true, c.empty
			}
			for {
				h.add(b)
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
				t.hash, t.head = h.sum(), h.head
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
				t.hash, t.head = h.sum(), h.head
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
				t.hash, t.head = h.sum(), h.head
				dst = append(dst, t)
				in = false
			}
			if !in {
				t = token{start: int32(i), kind: kind, glued: joined}
				in, joined, h = true, true, c.empty
			}
			i += size
			t.end, t.plain = int32(i), false
			f := a.rune()
			if f < utf8.RuneSelf {
				h.add(byte(f))
				continue
			}
			var utf [utf8.UTFMax]byte
			for _, b := range utf[:utf8.EncodeRune(utf[:], f)] {
				h.add(b)
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
		t.hash, t.head = h.sum(), h.head
		dst = append(dst, t)
	}
	return dst
}

// scan reads words one by one until it is between two characters.
func (c *cutter) scan(dst []token, text string, s *scanner, at int, joined bool) ([]token, int, bool) {
	s.reset(text)
	s.pos, s.joined = at, joined
	for s.next() {
		t := token{
			hash: hashOf(c.seed, s.word), start: int32(s.start), end: int32(s.end),
			kind: s.kind, glued: s.glued,
		}
		for i := range min(len(s.word), 4) {
			t.head |= uint32(s.word[i]) << (8 * i)
		}
		dst = append(dst, t)
		if len(s.rest) == 0 {
			break
		}
	}
	return dst, s.pos, s.joined
}

// composes reports whether a mark changes a letter before it.
func composes(r rune) bool { return r == 0x0306 || r == 0x3099 || r == 0x309a }

func littleEndian(s string, i int) uint64 {
	_ = s[i+7]
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
		uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
}
