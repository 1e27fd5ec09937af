package search

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"sync"
)

const (
	// pageSize is that of a page on the disk; pageData of it are data, the rest
	// is the CRC-32C of the page's number and its data.
	pageSize = 16 << 10
	pageData = pageSize - 4
)

// ErrDamaged says that the index cannot be read and must be made anew.
var ErrDamaged = errors.New("damaged search index")

func damaged(what string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(what, args...), ErrDamaged)
}

func pageSum(n int64, data []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum(binary.LittleEndian.AppendUint64(nil, uint64(n)), table), table, data)
}

// pageWriter cuts what is written into pages.
type pageWriter struct {
	w    *bufio.Writer
	page []byte
	n    int64
}

func newPageWriter(w io.Writer) *pageWriter {
	return &pageWriter{w: bufio.NewWriterSize(w, 4*pageSize), page: make([]byte, 0, pageSize)}
}

// offset is how many bytes of data were written.
func (p *pageWriter) offset() int64 { return p.n*pageData + int64(len(p.page)) }

func (p *pageWriter) Write(b []byte) (int, error) {
	written := len(b)
	for len(b) > 0 {
		n := min(len(b), pageData-len(p.page))
		p.page, b = append(p.page, b[:n]...), b[n:]
		if len(p.page) == pageData {
			if err := p.flush(); err != nil {
				return 0, err
			}
		}
	}
	return written, nil
}

func (p *pageWriter) flush() error {
	_, err := p.w.Write(binary.LittleEndian.AppendUint32(p.page, pageSum(p.n, p.page)))
	p.page = p.page[:0]
	p.n++
	return err
}

// close writes the last page.
func (p *pageWriter) close() error {
	if len(p.page) > 0 {
		if err := p.flush(); err != nil {
			return err
		}
	}
	return p.w.Flush()
}

// pageFile reads what a pageWriter wrote.
type pageFile struct {
	file  *os.File
	id    uint64
	size  int64 // on the disk
	cache *pageCache
}

// length is how many bytes of data there are.
func (f *pageFile) length() int64 {
	whole, rest := f.size/pageSize, f.size%pageSize
	return whole*pageData + max(rest-4, 0)
}

// view returns the data from an offset to the end of its page, to be read only.
func (f *pageFile) view(offset int64) ([]byte, error) {
	if offset < 0 || offset >= f.length() {
		return nil, damaged("segment %d: nothing at %d", f.id, offset)
	}
	n := offset / pageData
	page, err := f.cache.page(f, n)
	if err != nil {
		return nil, err
	}
	return page[offset%pageData:], nil
}

// read reads and checks a page.
func (f *pageFile) read(n int64) ([]byte, error) {
	page := make([]byte, min(pageSize, f.size-n*pageSize))
	if len(page) <= 4 {
		return nil, damaged("segment %d: page %d is cut", f.id, n)
	}
	if _, err := f.file.ReadAt(page, n*pageSize); err != nil {
		return nil, damaged("segment %d: page %d: %v", f.id, n, err)
	}
	data := page[:len(page)-4]
	if pageSum(n, data) != binary.LittleEndian.Uint32(page[len(data):]) {
		return nil, damaged("segment %d: page %d has another sum", f.id, n)
	}
	return data, nil
}

// readAt fills b.
func (f *pageFile) readAt(b []byte, offset int64) error {
	for len(b) > 0 {
		v, err := f.view(offset)
		if err != nil {
			return err
		}
		n := copy(b, v)
		b, offset = b[n:], offset+int64(n)
	}
	return nil
}

// pageCache keeps pages that were read lately, the same for all segments.
type pageCache struct {
	mu    sync.Mutex
	pages map[pageKey]*cachedPage
	// ring holds the pages in the order they came; hand is where the next one
	// to go is looked for.
	ring []*cachedPage
	hand int
}

type pageKey struct {
	file uint64
	n    int64
}

type cachedPage struct {
	key  pageKey
	data []byte
	used bool
}

// cachedPages is how many pages are kept: 32 MiB.
const cachedPages = 32 << 20 / pageSize

func newPageCache() *pageCache { return &pageCache{pages: map[pageKey]*cachedPage{}} }

func (c *pageCache) page(f *pageFile, n int64) ([]byte, error) {
	key := pageKey{f.id, n}
	c.mu.Lock()
	if p := c.pages[key]; p != nil {
		p.used = true
		c.mu.Unlock()
		return p.data, nil
	}
	c.mu.Unlock()
	data, err := f.read(n)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.pages[key]; p != nil {
		return p.data, nil
	}
	p := &cachedPage{key: key, data: data}
	c.pages[key] = p
	if len(c.ring) < cachedPages {
		c.ring = append(c.ring, p)
		return data, nil
	}
	for c.ring[c.hand].used {
		c.ring[c.hand].used = false
		c.hand = (c.hand + 1) % len(c.ring)
	}
	delete(c.pages, c.ring[c.hand].key)
	c.ring[c.hand] = p
	c.hand = (c.hand + 1) % len(c.ring)
	return data, nil
}

// byteReader reads data bytes in their order.
type byteReader struct {
	f      *pageFile
	window []byte
	offset int64 // behind window
	err    error
}

func (f *pageFile) from(offset int64) byteReader { return byteReader{f: f, offset: offset} }

// uvarint reads a number; 0 after an error.
func (r *byteReader) uvarint() uint64 {
	if len(r.window) >= binary.MaxVarintLen64 {
		x, n := binary.Uvarint(r.window)
		if n <= 0 {
			r.err = damaged("segment %d: no number before %d", r.f.id, r.offset)
			return 0
		}
		r.window = r.window[n:]
		return x
	}
	var x uint64
	for shift := 0; shift < 64; shift += 7 {
		b := r.byte()
		x |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return x
		}
	}
	r.err = damaged("segment %d: no number before %d", r.f.id, r.offset)
	return 0
}

func (r *byteReader) byte() byte {
	if len(r.window) == 0 && !r.fill() {
		return 0
	}
	b := r.window[0]
	r.window = r.window[1:]
	return b
}

func (r *byteReader) fill() bool {
	if r.err != nil {
		return false
	}
	if r.window, r.err = r.f.view(r.offset); r.err != nil {
		return false
	}
	r.offset += int64(len(r.window))
	return true
}

// bytes appends n bytes to dst.
func (r *byteReader) bytes(dst []byte, n int) []byte {
	for n > 0 {
		if len(r.window) == 0 && !r.fill() {
			return dst
		}
		take := min(n, len(r.window))
		dst, r.window, n = append(dst, r.window[:take]...), r.window[take:], n-take
	}
	return dst
}
