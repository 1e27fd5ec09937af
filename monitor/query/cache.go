package query

// remembered is an entry of a reading's cache of resolved words. A word is in
// one of two entries beside each other, in one line of the processor's cache:
// the first is the one used last.
type remembered struct {
	tag          uint64
	node, others uint32
}

const (
	leastCache = 1 << 15
	mostCache  = 1 << 19
	// The low bits of a tag hold flags, and above them the age of the entry. Those
	// of the key are known from where the entry is, even in the smallest cache.
	tagBits = 14
	tagMask = 1<<tagBits - 1
	ages    = 1 << (tagBits - flagBits)
	// present tells a tag from an empty one.
	present = 1 << 63
)

// prepare makes the cache of a reading that of the Set. What is in it of another
// Set is too old to be found, so that a change takes no time of the next article:
// the cache is cleared only when all ages were used.
func (r *reading) prepare(s *Set) {
	generation := uint64(s.epoch) + 1
	if r.cachedFor == generation && len(r.others) < len(r.cache) {
		return
	}
	size := leastCache
	for size < mostCache && size < 4*s.dict.used {
		size *= 2
	}
	switch r.age++; {
	case len(r.cache) != size:
		r.cache, r.others, r.age = make([]remembered, size), make([]flagged, 0, size+size/4), 0
	case r.age == ages:
		clear(r.cache)
		r.age = 0
	}
	r.others = append(r.others[:0], flagged{})
	r.cachedFor = generation
}

// tag is that of a word without flags.
func (r *reading) tag(key uint64) uint64 { return key&^tagMask | present | r.age<<flagBits }

// touch has the processor fetch where a word is remembered. What it returns says
// nothing, but must be used.
func (r *reading) touch(key uint64) uint32 { return r.cache[key*2&uint64(len(r.cache)-1)].node }

// recall fills in what a word satisfies, and reports whether it is known.
func (r *reading) recall(key uint64, v *resolved) bool {
	at := key * 2 & uint64(len(r.cache)-1)
	pair := r.cache[at : at+2 : at+2]
	tag := r.tag(key)
	e := &pair[0]
	if (e.tag^tag)&^cachedBits != 0 {
		if (pair[1].tag^tag)&^cachedBits != 0 {
			return false
		}
		pair[0], pair[1] = pair[1], pair[0]
	}
	v.node, v.flags, v.others = e.node, uint32(e.tag&cachedBits), e.others
	return true
}

// remember keeps what a word satisfies, in place of what was not used for
// longer.
func (r *reading) remember(key uint64, v *resolved) {
	at := key * 2 & uint64(len(r.cache)-1)
	r.cache[at+1] = r.cache[at]
	r.cache[at] = remembered{r.tag(key) | uint64(v.flags), v.node, v.others}
}
