package query

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
	"unsafe"
)

// blocks finds what may be words in a text, 64 bytes at a time.
type blocks struct {
	text string
	// at is where the current block begins; word has a bit for each of its bytes
	// that may be part of a word and was not taken yet.
	at   int
	word uint64

	begun    bool
	nth, got int // of classes
	classes  [32]classes
}

// classes are what 64 bytes are, a bit each: word those that may be part of a
// word, lead those that begin a character of which sign knows.
type classes struct{ word, lead uint64 }

// next goes to the next block that holds something, and reports whether there
// is one.
func (b *blocks) next() bool {
	for b.advance() {
		if b.word != 0 {
			return true
		}
	}
	return false
}

// runsOn returns where a run that reaches the end of its block ends.
func (b *blocks) runsOn() int {
	for b.advance() {
		if word := b.word; word != 1<<64-1 {
			b.word &= word + 1
			return b.at + bits.TrailingZeros64(^word)
		}
		b.word = 0
	}
	return len(b.text)
}

func (b *blocks) advance() bool {
	if b.begun {
		b.at += 64
	}
	b.begun = true
	if b.at >= len(b.text) {
		b.at, b.word = len(b.text), 0
		return false
	}
	if b.nth == b.got {
		b.fill()
	}
	b.word = b.classes[b.nth].word
	b.nth++
	return true
}

// fill classifies the next bytes.
func (b *blocks) fill() {
	b.nth, b.got = 0, min((len(b.text)-b.at)/64, len(b.classes))
	if b.got > 0 {
		classify(&b.classes[0], unsafe.StringData(b.text[b.at:]), b.got) //nolint:gosec // reads 64*got bytes, which are there
	} else {
		var rest [64]byte
		copy(rest[:], b.text[b.at:])
		b.got = 1
		classify(&b.classes[0], &rest[0], 1)
	}
	for i := range b.got {
		x, from := &b.classes[i], b.at+64*i
		for lead := x.lead; lead != 0; lead &= lead - 1 {
			n := bits.TrailingZeros64(lead)
			x.word &^= sign(b.text, from+n) << n
		}
		if from > 0 && b.text[from] >= utf8.RuneSelf {
			// A sign may have begun in the bytes before.
			x.word &^= sign(b.text, from-1)>>1 | sign(b.text, from-2)>>2
		}
	}
}

// sign returns a bit for each byte of the character that begins at a place, if
// it is one of the signs with which Latin texts separate words.
func sign(text string, at int) uint64 {
	if at < 0 || at+1 >= len(text) {
		return 0
	}
	switch b := text[at+1]; {
	case text[at] == 0xc2 && b&0xc0 == 0x80:
		if folding.atom(rune(b)).class() == classBreak {
			return 3
		}
	case text[at] == 0xe2 && b == 0x80 && at+2 < len(text) && text[at+2]&0xc0 == 0x80:
		if folding.atom(0x2000|rune(text[at+2]&0x3f)).class() == classBreak {
			return 7
		}
	}
	return 0
}

// classifyEight says of eight bytes, the first in the low bits, which may be
// part of a word and which begin a character of which sign knows (c2 or e2). In
// each byte, adding to its low seven bits what a bound lacks to 0x80 sets the
// high bit where the bound is reached.
func classifyEight(x uint64) (word, lead uint64) {
	plain := x &^ highBits
	small := plain | spaces
	letters := (small + (0x80-'a')*ones) &^ (small + (0x80-'z'-1)*ones)
	digits := (plain + (0x80-'0')*ones) &^ (plain + (0x80-'9'-1)*ones)
	beyond := x & highBits
	// Of c2 and e2 the five low bits are 2 and the sixth of the high is set, as of
	// no other.
	lead = ^(plain&(0x1f*ones) ^ 2*ones + 0x7f*ones) & (x << 1) & beyond
	return gather8((letters|digits)&highBits | beyond), gather8(lead)
}

// gather8 packs the high bits of eight bytes into one.
func gather8(x uint64) uint64 { return x >> 7 * 0x0102040810204080 >> 56 }

// classifyPlainly is classify for any processor.
func classifyPlainly(out []classes, text []byte) {
	for i := range out {
		var c classes
		for at := 0; at < 64; at += 8 {
			word, lead := classifyEight(binary.LittleEndian.Uint64(text[64*i+at:]))
			c.word |= word << at
			c.lead |= lead << at
		}
		out[i] = c
	}
}
