package search

import (
	"encoding/binary"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"sync/atomic"
)

const (
	segmentMagic = "veille segment 1"
	// blockWords is how many words a block of the dictionary has.
	blockWords = 64
	footLen    = len(segmentMagic) + 4 + 4 + 4*8
	// longestWord bounds the bytes of a word that are indexed; longer ones, such
	// as a page of encoded data, are cut on both sides.
	longestWord = 128
	// longestID bounds an article's id.
	longestID = 255
)

// Entry is an article as the index knows it.
type Entry struct {
	// First is when it was first seen, in nanoseconds since 1970.
	First    uint64
	ID       string
	Revision uint32
}

// after reports whether e comes after o where the newest comes first.
func (e Entry) after(o Entry) bool {
	return e.First < o.First || e.First == o.First && e.ID < o.ID
}

func compareEntries(a, b Entry) int {
	switch {
	case b.after(a):
		return -1
	case a.after(b):
		return 1
	}
	return 0
}

// segment is an open segment file.
type segment struct {
	pages    pageFile
	name     string
	articles uint32
	idLen    int
	postings int64
	words    int64
	blocks   []block
	// uses counts the index and the searches that read it; the last one closes
	// the file.
	uses atomic.Int32
}

// block is where a block of the dictionary is.
type block struct {
	first           string
	words, postings int64
}

func (s *segment) recordLen() int64 { return 8 + 4 + int64(s.idLen) }

func (s *segment) release() {
	if s.uses.Add(-1) == 0 {
		_ = s.pages.file.Close() // nothing was written to it
	}
}

// openSegment opens a file that has a size.
func openSegment(path, name string, id uint64, size int64, cache *pageCache) (*segment, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, damaged("%v", err)
	}
	s := &segment{pages: pageFile{file: file, id: id, size: size, cache: cache}, name: name}
	s.uses.Store(1)
	if err := s.load(); err != nil {
		s.release()
		return nil, err
	}
	return s, nil
}

func (s *segment) load() error {
	info, err := s.pages.file.Stat()
	if err != nil || info.Size() != s.pages.size {
		return damaged("%s has not the %d bytes that were written", s.name, s.pages.size)
	}
	end := s.pages.length() - int64(footLen)
	foot := make([]byte, footLen)
	if err := s.pages.readAt(foot, end); err != nil {
		return err
	}
	rest, ok := strings.CutPrefix(string(foot), segmentMagic)
	if !ok {
		return damaged("%s is no segment", s.name)
	}
	b := []byte(rest)
	s.articles, s.idLen = binary.LittleEndian.Uint32(b), int(binary.LittleEndian.Uint32(b[4:]))
	at := func(i int) int64 { return int64(binary.LittleEndian.Uint64(b[8+8*i:])) }
	s.postings, s.words = at(0), at(1)
	index, count := at(2), at(3)
	if s.idLen > longestID || s.postings > s.words || s.words > index || index > end || count > end || s.postings != int64(s.articles)*s.recordLen() {
		return damaged("%s: its parts do not fit", s.name)
	}
	r := s.pages.from(index)
	for range count {
		var x block
		x.first = string(r.bytes(nil, int(min(r.uvarint(), longestWord))))
		x.words, x.postings = s.words+int64(r.uvarint()), s.postings+int64(r.uvarint())
		if r.err != nil {
			return r.err
		}
		s.blocks = append(s.blocks, x)
	}
	return nil
}

// entry reads the article with an ordinal.
func (s *segment) entry(ordinal uint32) (Entry, error) {
	var buf [12 + longestID]byte
	record := buf[:s.recordLen()]
	if err := s.pages.readAt(record, int64(ordinal)*s.recordLen()); err != nil {
		return Entry{}, err
	}
	return Entry{
		First: binary.LittleEndian.Uint64(record), Revision: binary.LittleEndian.Uint32(record[8:]),
		ID: strings.TrimRight(string(record[12:]), "\x00"),
	}, nil
}

// list is where the postings of a word are.
type list struct {
	count  uint32
	offset int64
	length int64
}

// dictionary reads words in their order.
type dictionary struct {
	s *segment
	r byteReader
	// left is how many words of the block were not read; block is the next one.
	left, block int
	word        []byte
	list        list
	postings    int64
}

// dictionaryFrom returns one before the block that may hold a word.
func (s *segment) dictionaryFrom(word string) *dictionary {
	i, exact := slices.BinarySearchFunc(s.blocks, word, func(b block, w string) int { return strings.Compare(b.first, w) })
	if !exact && i > 0 {
		i--
	}
	return &dictionary{s: s, block: i}
}

// next reads a word and reports whether there was one.
func (d *dictionary) next() bool {
	if d.left == 0 {
		if d.block >= len(d.s.blocks) {
			return false
		}
		b := d.s.blocks[d.block]
		d.r = d.s.pages.from(b.words)
		d.postings = b.postings
		d.left = int(d.r.uvarint())
		d.block++
		d.word = d.word[:0]
	}
	d.left--
	shared, rest := d.r.uvarint(), d.r.uvarint()
	if shared > uint64(len(d.word)) || rest > longestWord {
		d.r.err = damaged("%s: a word that is none", d.s.name)
	}
	if d.r.err != nil {
		return false
	}
	d.word = d.r.bytes(d.word[:shared], int(rest))
	count, length := d.r.uvarint(), d.r.uvarint()
	if count > uint64(d.s.articles) || length > math.MaxInt32 {
		d.r.err = damaged("%s: more postings than articles", d.s.name)
	}
	d.list = list{uint32(count), d.postings, int64(length)}
	d.postings += int64(length)
	return d.r.err == nil
}

// find returns where the postings of a word are; none where it is not there.
func (s *segment) find(word string) (list, error) {
	d := s.dictionaryFrom(word)
	for d.next() {
		switch strings.Compare(string(d.word), word) {
		case 0:
			return d.list, nil
		case 1:
			return list{}, nil
		}
	}
	return list{}, d.r.err
}

// segmentWriter writes a segment: first the articles, then the words in their
// order.
type segmentWriter struct {
	w        *pageWriter
	articles uint32
	idLen    int
	postings int64
	words    []byte
	blocks   []byte
	count    int
	// inBlock holds the entries of the block under way.
	inBlock []byte
	n       int
	last    []byte
	scratch []byte
}

func newSegmentWriter(w io.Writer, idLen int) *segmentWriter {
	return &segmentWriter{w: newPageWriter(w), idLen: idLen}
}

func (s *segmentWriter) article(e Entry) error {
	b := binary.LittleEndian.AppendUint64(s.scratch[:0], e.First)
	b = binary.LittleEndian.AppendUint32(b, e.Revision)
	b = append(b, e.ID...)
	for len(b) < 12+s.idLen {
		b = append(b, 0)
	}
	s.scratch = b
	s.articles++
	_, err := s.w.Write(b)
	return err
}

// word adds a word with its ordinals, which grow.
func (s *segmentWriter) word(word []byte, ordinals []uint32) error {
	if s.postings == 0 {
		s.postings = int64(s.articles) * int64(12+s.idLen)
	}
	at := s.w.offset()
	b := s.scratch[:0]
	before := int64(-1)
	for _, o := range ordinals {
		b = binary.AppendUvarint(b, uint64(int64(o)-before))
		before = int64(o)
	}
	s.scratch = b
	if _, err := s.w.Write(b); err != nil {
		return err
	}
	shared := 0
	if s.n == 0 {
		s.blocks = append(binary.AppendUvarint(s.blocks, uint64(len(word))), word...)
		s.blocks = binary.AppendUvarint(s.blocks, uint64(len(s.words)))
		s.blocks = binary.AppendUvarint(s.blocks, uint64(at-s.postings))
		s.count++
	} else {
		for shared < min(len(word), len(s.last)) && word[shared] == s.last[shared] {
			shared++
		}
	}
	s.inBlock = binary.AppendUvarint(s.inBlock, uint64(shared))
	s.inBlock = append(binary.AppendUvarint(s.inBlock, uint64(len(word)-shared)), word[shared:]...)
	s.inBlock = binary.AppendUvarint(s.inBlock, uint64(len(ordinals)))
	s.inBlock = binary.AppendUvarint(s.inBlock, uint64(len(b)))
	s.last = append(s.last[:0], word...)
	if s.n++; s.n == blockWords {
		s.endBlock()
	}
	return nil
}

func (s *segmentWriter) endBlock() {
	if s.n > 0 {
		s.words = append(binary.AppendUvarint(s.words, uint64(s.n)), s.inBlock...)
		s.inBlock, s.n = s.inBlock[:0], 0
	}
}

func (s *segmentWriter) close() error {
	s.endBlock()
	s.postings = int64(s.articles) * int64(12+s.idLen)
	words := s.w.offset()
	foot := binary.LittleEndian.AppendUint32([]byte(segmentMagic), s.articles)
	foot = binary.LittleEndian.AppendUint32(foot, uint32(s.idLen))
	for _, n := range []int64{s.postings, words, words + int64(len(s.words)), int64(s.count)} {
		foot = binary.LittleEndian.AppendUint64(foot, uint64(n))
	}
	for _, part := range [][]byte{s.words, s.blocks, foot} {
		if _, err := s.w.Write(part); err != nil {
			return err
		}
	}
	return s.w.close()
}
