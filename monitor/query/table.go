package query

import (
	"math/bits"
	"sync/atomic"
)

// table maps 64-bit keys to numbers. One writer may insert while others read:
// a reader finds an entry or not yet, never half of one. A table that grows is
// copied; who reads the old one keeps what it had.
type table struct {
	keys []uint64
	vals []uint32
	used int
}

func newTable(entries int) *table {
	size := 16
	for size*3 < entries*4 {
		size *= 2
	}
	return &table{keys: make([]uint64, size), vals: make([]uint32, size)}
}

// place is where the search for a key begins. Keys that are hashes already are
// mixed once more, because their low bits index other tables too.
func (t *table) place(key uint64) int {
	hi, lo := bits.Mul64(key, mixA)
	return int(hi^lo) & (len(t.keys) - 1)
}

// find returns the value of a key, 0 if there is none.
func (t *table) find(key uint64) uint32 {
	for i := t.place(key); ; i = (i + 1) & (len(t.keys) - 1) {
		switch k := atomic.LoadUint64(&t.keys[i]); k {
		case key:
			return atomic.LoadUint32(&t.vals[i])
		case 0:
			return 0
		}
	}
}

// each calls yield with every value of a key that was added more than once.
func (t *table) each(key uint64, yield func(uint32)) {
	for i := t.place(key); ; i = (i + 1) & (len(t.keys) - 1) {
		switch k := atomic.LoadUint64(&t.keys[i]); k {
		case key:
			yield(atomic.LoadUint32(&t.vals[i]))
		case 0:
			return
		}
	}
}

// add inserts an entry beside those the key has. The table must have room.
func (t *table) add(key uint64, val uint32) {
	i := t.place(key)
	for t.keys[i] != 0 {
		i = (i + 1) & (len(t.keys) - 1)
	}
	atomic.StoreUint32(&t.vals[i], val)
	atomic.StoreUint64(&t.keys[i], key)
	t.used++
}

// set changes the value of a key, or adds it. The table must have room.
func (t *table) set(key uint64, val uint32) {
	i := t.place(key)
	for t.keys[i] != 0 && t.keys[i] != key {
		i = (i + 1) & (len(t.keys) - 1)
	}
	atomic.StoreUint32(&t.vals[i], val)
	if t.keys[i] == 0 {
		atomic.StoreUint64(&t.keys[i], key)
		t.used++
	}
}

// room returns the table, or a larger copy where it is too full for one more.
func (t *table) room() *table {
	if (t.used+1)*4 <= len(t.keys)*3 {
		return t
	}
	larger := newTable(t.used*3/2 + 1)
	for i, k := range t.keys {
		if k != 0 {
			larger.add(k, t.vals[i])
		}
	}
	return larger
}

// chunks is a store of entries that are written once and then stay where they
// are, so that readers need no lock.
type chunks struct {
	top  []atomic.Pointer[chunk] // never grows
	used uint32
}

type chunk [chunkSize]entry

const (
	chunkSize = 4096
	maxChunks = 16384
)

// entry is an element of a list. What it holds depends on the list.
type entry struct {
	rule  uint32
	check [3]uint32
	next  uint32
}

func newChunks() *chunks { return &chunks{top: make([]atomic.Pointer[chunk], maxChunks), used: 1} }

func (c *chunks) full() bool { return c.used == chunkSize*maxChunks }

func (c *chunks) at(i uint32) *entry { return &c.top[i/chunkSize].Load()[i%chunkSize] }

// push adds an entry and returns its number, which is never 0.
func (c *chunks) push(e entry) uint32 {
	i := c.used
	if c.top[i/chunkSize].Load() == nil {
		c.top[i/chunkSize].Store(new(chunk))
	}
	*c.at(i) = e
	c.used++
	return i
}

// filter tells of most keys that they were never added. It is a Bloom filter
// with one bit a key.
type filter struct{ bits []uint64 }

func newFilter(keys int) *filter {
	size := 1 << 16
	for size < 16*keys {
		size *= 2
	}
	return &filter{make([]uint64, size/64)}
}

func (f *filter) place(key uint64) (*uint64, uint64) {
	h := key * mixB >> 16 & uint64(len(f.bits)*64-1)
	return &f.bits[h/64], 1 << (h % 64)
}

func (f *filter) add(key uint64) {
	word, bit := f.place(key)
	atomic.OrUint64(word, bit)
}

func (f *filter) has(key uint64) bool {
	word, bit := f.place(key)
	return atomic.LoadUint64(word)&bit != 0
}
