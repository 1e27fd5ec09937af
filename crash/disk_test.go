package crash

import (
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"os"
)

// step is one thing that reached the disk's driver, or that the process said
// to the world, in the order in which it happened.
type step struct {
	// One of the four.
	said  *promise
	data  []byte // written at offset
	size  int64  // of the file from now on, where set
	fence bool   // all before it is on the disk

	offset int64
}

// image is the bytes of a file; beyond them it is zeros, up to its size.
type image struct {
	bytes []byte
	size  int64
}

func (m image) clone() image { return image{append([]byte(nil), m.bytes...), m.size} }

// overwrite makes a step on an image.
func (m *image) overwrite(s step) {
	if s.data == nil {
		m.size = s.size
		m.bytes = m.bytes[:min(s.size, int64(len(m.bytes)))]
		return
	}
	end := s.offset + int64(len(s.data))
	if more := end - int64(len(m.bytes)); more > 0 {
		m.bytes = append(m.bytes, make([]byte, more)...)
	}
	copy(m.bytes[s.offset:], s.data)
	m.size = max(m.size, end)
}

// write makes the file of an image.
func (m image) write(path string) error {
	if err := os.WriteFile(path, m.bytes, 0o600); err != nil {
		return err
	}
	return os.Truncate(path, m.size)
}

// sector is what a disk writes whole.
const sector = 512

// disk is a file as the disk holds it: what was synced, and what was written
// since and may or may not be there.
type disk struct {
	synced image
	loose  []step
}

// apply takes the next step.
func (d *disk) apply(s step) {
	switch {
	case s.fence:
		for _, l := range d.loose {
			d.synced.overwrite(l)
		}
		d.loose = d.loose[:0]
	case s.said == nil:
		d.loose = append(d.loose, s)
	}
}

// all is the image where every write arrived, though none was synced.
func (d *disk) all() image {
	m := d.synced.clone()
	for _, l := range d.loose {
		m.overwrite(l)
	}
	return m
}

// some is an image where any of the writes arrived, some of them torn between
// two sectors or with sectors missing.
func (d *disk) some(chance *rand.Rand) image {
	m := d.synced.clone()
	share := chance.Float64()
	for _, l := range d.loose {
		if chance.Float64() > share {
			continue
		}
		if l.data == nil || chance.IntN(3) > 0 {
			m.overwrite(l)
			continue
		}
		sectors := (len(l.data) + sector - 1) / sector
		kept := func(i int) bool { return chance.IntN(2) == 0 }
		if chance.IntN(2) == 0 {
			cut, tail := chance.IntN(sectors+1), chance.IntN(2) == 0
			kept = func(i int) bool { return (i < cut) != tail }
		}
		for i := range sectors {
			if kept(i) {
				from, to := i*sector, min((i+1)*sector, len(l.data))
				m.overwrite(step{data: l.data[from:to], offset: l.offset + int64(from)})
			}
		}
	}
	return m
}

// once remembers images, so that a state counts once.
type once struct {
	seed maphash.Seed
	seen map[uint64]bool
}

func newOnce() once { return once{maphash.MakeSeed(), map[uint64]bool{}} }

// first reports whether a state, of a disk and of how much was promised, is new.
func (o once) first(m image, promises int) bool {
	var h maphash.Hash
	h.SetSeed(o.seed)
	_, _ = h.Write(m.bytes)
	_, _ = fmt.Fprint(&h, " ", m.size, promises)
	if o.seen[h.Sum64()] {
		return false
	}
	o.seen[h.Sum64()] = true
	return true
}
