package query

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
)

// units numbers the folded words, and beginnings of words, that patterns are
// made of.
type units struct {
	text []string
	// open marks beginnings of words.
	open  []bool
	exact map[string]int32
	begin map[string]int32

	// filter has a bit for the sketch of every exact unit. Most words of a text
	// are no unit, and need not be looked up.
	filter []uint64

	// prefixes are the beginnings, sorted; parent is the index of the longest
	// other one that begins a prefix, or -1.
	prefixes []string
	parent   []int32
	ids      []int32
	// bucket holds, by the first two bytes of a word, where its prefixes start;
	// a beginning has two letters at least.
	bucket []int32
}

func (u *units) init() {
	u.exact, u.begin = map[string]int32{}, map[string]int32{}
}

func (u *units) len() int { return len(u.text) }

func (u *units) add(text string, open bool) int32 {
	index := u.exact
	if open {
		index = u.begin
	}
	id, ok := index[text]
	if !ok {
		id = int32(len(u.text))
		index[text] = id
		u.text, u.open = append(u.text, text), append(u.open, open)
	}
	return id
}

// finish prepares the look-up.
func (u *units) finish() {
	size := 64
	for size < 16*len(u.exact) {
		size *= 2
	}
	u.filter = make([]uint64, size/64)
	for text := range u.exact {
		h := sketch([]byte(text)) & uint64(size-1)
		u.filter[h/64] |= 1 << (h % 64)
	}
	for text := range u.begin {
		u.prefixes = append(u.prefixes, text)
	}
	if len(u.prefixes) == 0 {
		return
	}
	slices.Sort(u.prefixes)
	u.bucket = make([]int32, 1<<16+1)
	for i, p := range u.prefixes {
		u.ids = append(u.ids, u.begin[p])
		up := int32(i) - 1
		for up >= 0 && !strings.HasPrefix(p, u.prefixes[up]) {
			up = u.parent[up]
		}
		u.parent = append(u.parent, up)
		u.bucket[bucketOf(p[0], p[1])+1]++
	}
	for i := range 1 << 16 {
		u.bucket[i+1] += u.bucket[i]
	}
}

func bucketOf(a, b byte) int { return int(a)<<8 | int(b) }

// sketch hashes the length, beginning and end of a word. Words that collide
// cost a look-up, no more.
func sketch(word []byte) uint64 {
	var h uint64
	if len(word) >= 8 {
		h = binary.LittleEndian.Uint64(word) ^ bits.RotateLeft64(binary.LittleEndian.Uint64(word[len(word)-8:]), 32)
	} else {
		for _, c := range word {
			h = h<<8 | uint64(c)
		}
	}
	h = (h ^ uint64(len(word))) * 0x9e3779b97f4a7c15
	return h >> 32
}

func (u *units) lookUp(word []byte) (int32, bool) {
	h := sketch(word) & uint64(len(u.filter)*64-1)
	if u.filter[h/64]&(1<<(h%64)) == 0 {
		return 0, false
	}
	id, ok := u.exact[string(word)]
	return id, ok
}

// find appends every unit that a folded word of the text satisfies.
func (u *units) find(dst []int32, word []byte, kind class) []int32 {
	if id, ok := u.lookUp(word); ok {
		dst = append(dst, id)
	}
	if kind != classLetter {
		return dst
	}
	if u.bucket != nil && len(word) > 1 {
		dst = u.findPrefixes(dst, word)
	}
	if last := word[len(word)-1]; last >= 0x80 {
		nouns(word, func(noun []byte) {
			if id, ok := u.lookUp(noun); ok {
				dst = append(dst, id)
			}
		})
	}
	return dst
}

func (u *units) findPrefixes(dst []int32, word []byte) []int32 {
	b := bucketOf(word[0], word[1])
	lo, hi := int(u.bucket[b]), int(u.bucket[b+1])
	if lo == hi {
		return dst
	}
	// The last prefix not after the word, or one of its parents, begins it: any
	// prefix of the word sorts between that one's beginnings and the word.
	at, _ := slices.BinarySearchFunc(u.prefixes[lo:hi], word, func(p string, w []byte) int {
		if p <= string(w) {
			return -1
		}
		return 1
	})
	for i := int32(lo+at) - 1; i >= int32(lo); i = u.parent[i] {
		if p := u.prefixes[i]; len(p) <= len(word) && p == string(word[:len(p)]) {
			dst = append(dst, u.ids[i])
		}
	}
	return dst
}
