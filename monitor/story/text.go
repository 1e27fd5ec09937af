package story

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

const (
	// shingleWords is how many words in a row make a shingle. Four tell texts
	// apart as well as five, and an edit breaks fewer of them.
	shingleWords = 4
	// maxWords bounds how much of a text is read.
	maxWords = 20_000
	// SignatureSize is how many shingles of a text are remembered to find it by.
	SignatureSize = 12
)

// Text is what two texts are compared by: their shingles, every run of four
// words, as a set of hashes (Broder, On the resemblance and containment of
// documents, 1997). Case, accents, punctuation and spacing do not count;
// Chinese, Japanese and Thai are read by the character.
type Text struct {
	// shingles and words are sorted and hold each hash once.
	shingles []uint64
	words    []uint64
	// numbers are the words that hold a digit.
	numbers []uint64
	// Words counts the words.
	Words int
}

// Read takes a text apart.
func Read(text string) *Text {
	t := &Text{}
	var run [shingleWords]uint64
	eachWord(text, func(h uint64, number bool) bool {
		t.words = append(t.words, h)
		if number {
			t.numbers = append(t.numbers, h)
		}
		copy(run[:], run[1:])
		run[shingleWords-1] = h
		if t.Words++; t.Words >= shingleWords {
			t.shingles = append(t.shingles, shingle(run))
		}
		return t.Words < maxWords
	})
	t.shingles, t.words, t.numbers = set(t.shingles), set(t.words), set(t.numbers)
	return t
}

func set(hashes []uint64) []uint64 {
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// Signature is the part of the shingles that an index keeps: the smallest ones,
// so that texts that share much share some of it.
func (t *Text) Signature() []uint32 { return tags(t.shingles[:min(len(t.shingles), SignatureSize)]) }

// Shingles is what the text is looked up by: any text whose signature holds one
// of them may be a near copy.
func (t *Text) Shingles() []uint32 { return tags(t.shingles) }

// tags keeps the half of each hash that does not order it.
func tags(hashes []uint64) []uint32 {
	out := make([]uint32, len(hashes))
	for i, h := range hashes {
		out[i] = uint32(h)
	}
	return out
}

// The constants of FNV-1a, 64 bits.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// mix spreads a hash over all its bits (the finaliser of MurmurHash3): the
// smallest of FNV's hashes are no fair sample.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func shingle(run [shingleWords]uint64) uint64 {
	h := uint64(fnvOffset)
	for _, w := range run {
		h = mix(h ^ w)
	}
	return h
}

// eachWord hands over the hash of every word, folded, until more is false.
func eachWord(text string, use func(hash uint64, number bool) (more bool)) {
	h, letters, number := uint64(fnvOffset), 0, false
	folded := make([]rune, 0, 2)
	end := func() bool {
		if letters == 0 {
			return true
		}
		more := use(mix(h), number)
		h, letters, number = fnvOffset, 0, false
		return more
	}
	add := func(r rune) {
		for range utf8.RuneLen(r) {
			h = (h ^ uint64(r&0xff)) * fnvPrime
			r >>= 8
		}
		letters++
	}
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf && (r >= 'a' && r <= 'z'):
			add(r)
		case r >= '0' && r <= '9':
			number = true
			add(r)
		case unicode.Is(unicode.M, r), r == '\u00ad', r >= '\u200b' && r <= '\u200d', r == '\u0640':
			// Marks, soft hyphens and the tatweel are no letters.
		case spaceless(r):
			if !end() {
				return
			}
			add(r)
			if !end() {
				return
			}
		case unicode.IsLetter(r):
			folded = fold(folded[:0], r)
			for _, plain := range folded {
				add(plain)
			}
		case unicode.IsDigit(r):
			number = true
			add(r)
		default:
			if !end() {
				return
			}
		}
	}
	end()
}

// spaceless reports whether a letter is of a script that puts no spaces between
// words.
func spaceless(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// accented lists letters, and bare what they are without their accents.
const (
	accented = "àáâãäåāăąçćčďđèéêëēėęěğìíîïīįıłñńňòóôõöøōőŕřśşšťţùúûüūůűųýÿźżžёΐάέήίόύώϊϋς"
	bare     = "aaaaaaaaacccddeeeeeeeegiiiiiiilnnnoooooooorrsssttuuuuuuuuyyzzzеιαεηιουωιυσ"
)

// foldings maps the one to the other; it is never changed.
var foldings = func() map[rune]rune {
	from, to := []rune(accented), []rune(bare)
	m := make(map[rune]rune, len(from))
	for i, r := range from {
		m[r] = to[i]
	}
	return m
}()

// lastFolded is the end of the scripts that foldings knows: Latin, Greek and
// Cyrillic.
const lastFolded = 0x0500

// fold appends a letter as it is compared.
func fold(out []rune, r rune) []rune {
	r = unicode.ToLower(r)
	switch r {
	case 'œ':
		return append(out, 'o', 'e')
	case 'æ':
		return append(out, 'a', 'e')
	case 'ß':
		return append(out, 's', 's')
	}
	if r >= utf8.RuneSelf && r < lastFolded {
		if plain, ok := foldings[r]; ok {
			r = plain
		}
	}
	return append(out, r)
}
