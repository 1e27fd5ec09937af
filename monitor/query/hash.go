package query

import "math/bits"

const (
	mixA = 0x9e3779b97f4a7c15
	mixB = 0xd6e8feb86659fd93
)

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// wordHash hashes the folded letters of a word: sixteen bytes at a time, those
// that are left at the end.
type wordHash struct {
	state, key uint64
	// x and y are the bytes since, of n in all, the first in the low bits.
	x, y uint64
	n    int
	// head has the first four bytes.
	head uint32
}

func newWordHash(seed uint64) wordHash {
	return wordHash{state: mix(seed^mixA, mixB), key: mix(seed^mixB, mixA) | 1}
}

// absorb takes sixteen bytes, more of which follow.
func absorb(state, key, x, y uint64) uint64 { return mix(x^state, y^key) }

// conclude takes what is left of a word of n bytes, and returns the hash. Zero
// means no word.
func conclude(state, key, x, y uint64, n int) uint64 {
	return max(mix(mix(x^state, y^key)^uint64(n), mixA), 1)
}

func (h *wordHash) add(b byte) {
	if h.n < 4 {
		h.head |= uint32(b) << (8 * h.n)
	}
	switch i := h.n & 15; {
	case i >= 8:
		h.y |= uint64(b) << (8 * (i & 7))
	case i == 0 && h.n > 0:
		h.state = absorb(h.state, h.key, h.x, h.y)
		h.x, h.y = uint64(b), 0
	default:
		h.x |= uint64(b) << (8 * i)
	}
	h.n++
}

func (h *wordHash) sum() uint64 { return conclude(h.state, h.key, h.x, h.y, h.n) }

// hashOf hashes a folded word as the cutter does.
func hashOf[T string | []byte](seed uint64, word T) uint64 {
	h := newWordHash(seed)
	for i := range len(word) {
		h.add(word[i])
	}
	return h.sum()
}
