package query

import "sync/atomic"

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
