package query

import (
	"math/bits"
	"sync/atomic"
)

// table maps 64-bit keys to numbers that are not 0. One writer may insert while
// others read: a reader finds an entry or not yet, never half of one. A table
// that grows is copied; who reads the old one keeps what it had.
type table struct {
	slots []slot
	used  int
}

// slot holds a key in two halves, beside its value, so that both are most often
// in one line of the processor's cache. What has no value is free.
type slot struct{ low, high, value uint32 }

// newTable makes a table that is 3/5 full with so many entries: beyond that a
// search for what is not there becomes long.
func newTable(entries int) *table {
	return &table{slots: make([]slot, entries*5/3+16)}
}

// place is where the search for a key begins. Keys that are hashes already are
// mixed once more, because their bits index other tables too.
func (t *table) place(key uint64) int {
	hi, _ := bits.Mul64(key*mixA, uint64(len(t.slots)))
	return int(hi) //nolint:gosec // below the length
}

func (t *table) next(i int) int {
	if i++; i == len(t.slots) {
		return 0
	}
	return i
}

func (s *slot) has(key uint64) bool { return s.low == uint32(key) && s.high == uint32(key>>32) }

// touch has the processor fetch where the search for a key begins. What it
// returns says nothing, but must be used.
func (t *table) touch(key uint64) uint32 { return atomic.LoadUint32(&t.slots[t.place(key)].value) }

// find returns the value of a key, 0 if there is none.
func (t *table) find(key uint64) uint32 {
	for i := t.place(key); ; i = t.next(i) {
		s := &t.slots[i]
		if v := atomic.LoadUint32(&s.value); v == 0 || s.has(key) {
			return v
		}
	}
}

// each calls yield with every value of a key that was added more than once.
func (t *table) each(key uint64, yield func(uint32)) {
	for i := t.place(key); ; i = t.next(i) {
		s := &t.slots[i]
		switch v := atomic.LoadUint32(&s.value); {
		case v == 0:
			return
		case s.has(key):
			yield(v)
		}
	}
}

// add inserts an entry beside those the key has. The table must have room.
func (t *table) add(key uint64, value uint32) {
	i := t.place(key)
	for t.slots[i].value != 0 {
		i = t.next(i)
	}
	t.fill(i, key, value)
}

// set changes the value of a key, or adds it. The table must have room.
func (t *table) set(key uint64, value uint32) {
	i := t.place(key)
	for t.slots[i].value != 0 && !t.slots[i].has(key) {
		i = t.next(i)
	}
	if t.slots[i].value == 0 {
		t.fill(i, key, value)
		return
	}
	atomic.StoreUint32(&t.slots[i].value, value)
}

func (t *table) fill(i int, key uint64, value uint32) {
	s := &t.slots[i]
	s.low, s.high = uint32(key), uint32(key>>32)
	atomic.StoreUint32(&s.value, value)
	t.used++
}

// room returns the table, or a larger copy where it is too full for one more.
func (t *table) room() *table {
	if t.used*4 < len(t.slots)*3 {
		return t
	}
	return t.copied(t.used * 2)
}

// copied returns a copy with room for a number of entries.
func (t *table) copied(entries int) *table {
	c := newTable(entries)
	for i := range t.slots {
		if s := &t.slots[i]; s.value != 0 {
			c.add(s.key(), s.value)
		}
	}
	return c
}

func (s *slot) key() uint64 { return uint64(s.high)<<32 | uint64(s.low) }

// filter returns a filter that has the keys of the table.
func (t *table) filter() *filter {
	f := newFilter(t.used)
	for i := range t.slots {
		if s := &t.slots[i]; s.value != 0 {
			f.add(s.key())
		}
	}
	return f
}
