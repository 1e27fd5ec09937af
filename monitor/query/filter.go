package query

import (
	"math/bits"
	"sync/atomic"
)

// filter tells of most keys that they were never added: a Bloom filter of
// sixteen bits a key, whose two bits for a key are in one word. Of the keys that
// were never added it lets one in forty pass, more where it was made for fewer
// keys than it has.
type filter struct{ words []uint64 }

func newFilter(keys int) *filter { return &filter{make([]uint64, max(keys/4, 1<<10))} }

func (f *filter) place(key uint64) (word *uint64, bit uint64) {
	hi, lo := bits.Mul64(key*mixB, uint64(len(f.words)))
	return &f.words[hi], 1<<(lo>>58) | 1<<(lo>>52&63)
}

func (f *filter) add(key uint64) {
	word, bit := f.place(key)
	if atomic.LoadUint64(word)&bit != bit {
		atomic.OrUint64(word, bit)
	}
}

// passes returns 1 if the filter has a key, else 0, without a branch that waits
// for the answer.
func (f *filter) passes(key uint64) int {
	word, bit := f.place(key)
	missing := bit &^ atomic.LoadUint64(word)
	return 1 - int((missing|-missing)>>63)
}

func (f *filter) has(key uint64) bool {
	word, bit := f.place(key)
	return atomic.LoadUint64(word)&bit == bit
}
