package query

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"unsafe"

	"veille"
)

// A snapshot is the memory of a Set: a header, then each slice as its length
// and its elements, then the CRC-32C of all before. Numbers are little-endian.
// It is read only by the program that wrote it: what it holds depends on how
// texts are folded and watches are compiled.
const snapshotMagic = "veille rules 3\n"

// ErrStale says that a snapshot is not one of these watches, or not whole.
var ErrStale = errors.New("not a snapshot of these watches")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Save writes a Set that Compile made so that Restore need not compile it
// again. program names the program that may read it. A Set that With made
// holds what others left, and is not saved: the error is errors.ErrUnsupported.
func (s *Set) Save(w io.Writer, program string) error {
	if s.epoch != 0 || !littleEndianMachine() {
		return errors.ErrUnsupported
	}
	out := &summed{w: w}
	out.bytes([]byte(snapshotMagic))
	out.bytes([]byte(program))
	out.number(s.seed)
	out.number(newCompiler(s).conceptsHash())
	out.number(uint64(s.open))
	flags := uint64(s.reads)
	if s.inflected {
		flags |= 1 << 32
	}
	out.number(flags)
	for _, t := range []*table{s.dict, s.edges, s.opens, s.stems, s.lists} {
		out.number(uint64(t.used))
		save(out, t.slots)
	}
	save(out, s.heads.words)
	save(out, s.opening.words)
	save(out, s.pairs.words)
	save(out, s.nodes)
	save(out, s.postings)
	save(out, s.code)
	save(out, s.programs)
	save(out, s.rules)
	save(out, s.anywhere)
	links := make([]entry, 0, s.links.used)
	for i := range s.links.used {
		if i == 0 {
			links = append(links, entry{})
			continue
		}
		links = append(links, *s.links.at(i))
	}
	save(out, links)
	out.number(uint64(len(s.exacts)))
	for _, x := range s.exacts {
		out.number(uint64(x.node))
		out.number(uint64(x.lead))
		out.bytes([]byte(x.text))
		closes := uint64(0)
		if x.closes {
			closes = 1
		}
		out.number(closes)
	}
	if out.err == nil {
		_, out.err = w.Write(binary.LittleEndian.AppendUint32(nil, out.sum))
	}
	if out.err != nil {
		return fmt.Errorf("save the compiled watches: %w", out.err)
	}
	return nil
}

// Restore makes the Set that was saved, for the same watches and concepts in
// the same order. They were checked when it was compiled. The error is
// ErrStale where it cannot be used. The Set keeps data and changes it.
func Restore(data []byte, program string, watches []veille.Watch, concepts map[string][]string) (*Set, error) {
	if len(data) < 4 || !littleEndianMachine() || uintptr(unsafe.Pointer(unsafe.SliceData(data)))%8 != 0 { //nolint:gosec // only where it lies
		return nil, ErrStale
	}
	body := data[:len(data)-4]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(data[len(body):]) {
		return nil, ErrStale
	}
	in := &restored{data: body}
	if string(in.bytes()) != snapshotMagic || string(in.bytes()) != program {
		return nil, ErrStale
	}
	x := &index{seed: in.number(), links: newChunks(), pool: make(chan *reading, 2*runtime.GOMAXPROCS(0))}
	x.cut, x.voters = newCutter(x.seed), votersOf(x.seed)
	concept := in.number()
	s := &Set{index: x, watches: &checkedWatches{watches}, concepts: concepts, open: uint32(in.number())}
	flags := in.number()
	s.reads, s.inflected = fields(flags), flags>>32 != 0
	for _, t := range []**table{&s.dict, &s.edges, &s.opens, &s.stems, &s.lists} {
		*t = &table{used: int(in.number())}
		(*t).slots = restore[slot](in)
	}
	s.heads, s.opening, s.pairs = &filter{restore[uint64](in)}, &filter{restore[uint64](in)}, &filter{restore[uint64](in)}
	s.nodes, s.postings = restore[nodeInfo](in), restore[posting](in)
	s.code, s.programs = restore[uint32](in), restore[uint32](in)
	s.rules, s.anywhere = restore[ruleInfo](in), restore[uint32](in)
	for i, e := range restore[entry](in) {
		if i > 0 {
			x.links.push(e)
		}
	}
	for range in.number() {
		s.exacts = append(s.exacts, exact{node: uint32(in.number()), lead: int32(in.number()), text: string(in.bytes()), closes: in.number() != 0})
		if in.bad {
			break
		}
	}
	if in.bad || len(in.data) != 0 || len(s.rules) != len(watches) {
		return nil, ErrStale
	}
	if s.dict.used <= fewWords {
		s.known = s.dict.filter()
	}
	c := newCompiler(s)
	if c.conceptsHash() != concept {
		return nil, ErrStale
	}
	s.refs = make([]int32, len(s.rules))
	for i := range s.rules {
		if s.rules[i].hash != c.hashOfWatch(&watches[i]) { //nolint:gosec // as many as rules
			return nil, ErrStale
		}
		s.refs[i] = int32(i)
	}
	x.built, x.changed = len(s.rules), make([]uint64, len(s.rules)/64)
	x.newest, x.restored = s, true
	return s, nil
}

// Restored reports whether Restore made the Set.
func (s *Set) Restored() bool { return s.epoch == 0 && s.restored }

// conceptsHash hashes all concepts.
func (c *compiler) conceptsHash() uint64 {
	var h uint64
	for name := range c.concepts {
		h ^= mix(hashOf(c.seed, name), c.conceptKey(name))
	}
	return h
}

func littleEndianMachine() bool {
	return binary.NativeEndian.Uint16([]byte{1, 0}) == 1
}

// summed writes and sums. Every part is a multiple of eight bytes long, so that
// all numbers are where the processor wants them.
type summed struct {
	w   io.Writer
	sum uint32
	err error
}

func (s *summed) write(b []byte) {
	if s.err == nil {
		s.sum = crc32.Update(s.sum, castagnoli, b)
		_, s.err = s.w.Write(b)
	}
}

func (s *summed) number(n uint64) { s.write(binary.LittleEndian.AppendUint64(nil, n)) }

func (s *summed) bytes(b []byte) {
	s.number(uint64(len(b)))
	s.write(b)
	s.write(make([]byte, padding(len(b))))
}

func padding(n int) int { return -n & 7 }

// save writes the memory of a slice.
func save[T any](s *summed, list []T) {
	var one T
	s.bytes(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(list))), len(list)*int(unsafe.Sizeof(one)))) //nolint:gosec // numbers only, see Save
}

// restored reads what summed wrote.
type restored struct {
	data []byte
	bad  bool
}

func (r *restored) number() uint64 {
	if len(r.data) < 8 {
		r.bad, r.data = true, nil
		return 0
	}
	n := binary.LittleEndian.Uint64(r.data)
	r.data = r.data[8:]
	return n
}

func (r *restored) bytes() []byte {
	n := r.number()
	if n > uint64(len(r.data)) || int(n)+padding(int(n)) > len(r.data) {
		r.bad, r.data = true, nil
		return nil
	}
	b := r.data[:n:n]
	r.data = r.data[int(n)+padding(int(n)):]
	return b
}

// restore returns a slice over the memory that was read.
func restore[T any](r *restored) []T {
	b := r.bytes()
	var one T
	size := int(unsafe.Sizeof(one))
	if len(b) == 0 || len(b)%size != 0 {
		r.bad = r.bad || len(b) != 0
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/size) //nolint:gosec // lies and ends as Restore checked
}

// ReadSnapshot reads a snapshot of a known size into memory that Restore can use.
func ReadSnapshot(r io.Reader, size int64) ([]byte, error) {
	memory := make([]uint64, (size+7)/8)
	data := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(memory))), size) //nolint:gosec // all of memory but the last bytes
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, fmt.Errorf("read the compiled watches: %w", err)
	}
	return data, nil
}
