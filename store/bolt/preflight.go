package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

const (
	boltMagic   = 0xED0CDAED
	boltVersion = 2
	metaOffset  = 16 // behind the page header
	metaLen     = 64
)

// bboltMeta is what a meta page says about the file; see bbolt's
// internal/common/meta.go for the layout.
type bboltMeta struct {
	pageSize uint32
	pages    uint64
	txid     uint64
}

// preflight refuses a file that bbolt must not map: reading past the end of a
// mapped file kills the process. It only reads. The file is not empty.
func preflight(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	defer f.Close()
	newest, magic, err := newestMeta(f)
	if err != nil {
		return err
	}
	// Measured after the metas were read, for a file that still grows.
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("measure the store: %w", err)
	}
	switch {
	case newest == nil && !magic:
		return &OpenError{path, ErrForeign, "give the path of a store, or move the file away to start a new one"}
	case newest == nil && info.Size() < 4*4096:
		return &OpenError{path, ErrTruncated, "restore a backup, or move the file away to start anew"}
	case newest == nil:
		return &OpenError{path, ErrCorrupt, "both meta pages are damaged: restore a backup, or move the file away to start anew"}
	case uint64(info.Size())/uint64(newest.pageSize) < newest.pages:
		return &OpenError{path, ErrTruncated, fmt.Sprintf("it has %d of at least %d bytes: restore a backup, or move the file away to start anew",
			info.Size(), newest.pages*uint64(newest.pageSize))}
	}
	return nil
}

// newestMeta finds the valid meta page with the highest transaction, and
// whether any place holds bbolt's magic number at all.
func newestMeta(f io.ReaderAt) (*bboltMeta, bool, error) {
	var newest *bboltMeta
	var magic bool
	// The second meta page is one page into the file, of a size that only the
	// first one tells: 1 KiB to 16 MiB.
	offsets := []int64{0}
	for size := int64(1 << 10); size <= 16<<20; size <<= 1 {
		offsets = append(offsets, size)
	}
	for _, at := range offsets {
		var page [metaOffset + metaLen]byte
		if _, err := f.ReadAt(page[:], at); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, false, fmt.Errorf("read the store: %w", err)
		}
		m, marked := readMeta(page[metaOffset:])
		magic = magic || marked
		if m == nil || (at != 0 && int64(m.pageSize) != at) {
			continue
		}
		if newest == nil || m.txid > newest.txid {
			newest = m
		}
	}
	return newest, magic, nil
}

func readMeta(b []byte) (*bboltMeta, bool) {
	ne := binary.NativeEndian
	if ne.Uint32(b) != boltMagic {
		return nil, false
	}
	sum := fnv.New64a()
	sum.Write(b[:56])
	size := ne.Uint32(b[8:])
	if ne.Uint32(b[4:]) != boltVersion || ne.Uint64(b[56:]) != sum.Sum64() || size < 1<<10 || size > 16<<20 {
		return nil, true
	}
	return &bboltMeta{pageSize: size, pages: ne.Uint64(b[40:]), txid: ne.Uint64(b[48:])}, true
}
