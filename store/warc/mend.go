package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// takeUp mends what a crash or a full disk left open, and finds the end of the
// chain.
func (a *Archive) takeUp() error {
	left, err := filepath.Glob(filepath.Join(a.dir, "*"+openSuffix))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := a.mend(path); err != nil {
			return err
		}
	}
	names, err := Files(a.dir)
	if err != nil || len(names) == 0 {
		return err
	}
	last := names[len(names)-1]
	if a.chain, err = chainOf(last); err != nil {
		// Alerts matter more than evidence: the break stays for Verify to tell.
		a.log.Error("archive file damaged, the chain begins anew: restore the file from a backup", "file", filepath.Base(last), "error", err)
	}
	if _, err := fmt.Sscanf(filepath.Base(last), prefix+"%d-", &a.serial); err != nil {
		a.serial = len(names)
	}
	return nil
}

// mend cuts off what is behind the last whole record, and finishes the file.
// One without an exchange goes.
func (a *Archive) mend(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	end, exchanges, chain, damaged := wholeRecords(f)
	if exchanges == 0 {
		_ = f.Close()
		return os.Remove(path)
	}
	a.log.Info("archive file left open", "file", filepath.Base(path), "bytes", end)
	if damaged {
		// Whole records behind the damage were told of: they stay.
		a.log.Error("archive file damaged: restore the file from a backup", "file", filepath.Base(path))
	}
	err = f.Truncate(end)
	if err == nil {
		_, err = f.Seek(end, io.SeekStart)
	}
	if err != nil {
		_ = f.Close()
		return err
	}
	a.file, a.size, a.info, a.chain = f, end, "", chain
	return a.finish(time.Now())
}

// wholeRecords returns where the last whole record of a file ends, how many
// exchanges stand before, and their chain. damaged says that something else
// stands between them.
func wholeRecords(f io.ReaderAt) (end int64, exchanges int, chain string, damaged bool) {
	for at, more := int64(0), true; more; at, more = nextMember(f, at+1) {
		in := newReader(io.NewSectionReader(f, at, math.MaxInt64-at))
		for rec, err := in.read(); err == nil; rec, err = in.read() {
			damaged = damaged || in.at == 0 && at > end
			end = at + in.next
			switch rec.field("WARC-Type") {
			case "response":
				exchanges++
				chain = rec.field(chainField)
			case "warcinfo":
				chain = rec.field(chainField)
			}
		}
		at += in.next
	}
	return end, exchanges, chain, damaged
}

// memberMagic begins a gzip member (RFC 1952, 2.3.1).
const memberMagic = "\x1f\x8b\x08"

// nextMember finds what may be a record from a place on.
func nextMember(f io.ReaderAt, from int64) (at int64, found bool) {
	window := make([]byte, 64<<10)
	for {
		n, err := f.ReadAt(window, from)
		if i := bytes.Index(window[:n], []byte(memberMagic)); i >= 0 {
			return from + int64(i), true
		}
		if err != nil {
			return 0, false
		}
		from += int64(n - len(memberMagic) + 1)
	}
}

// closingTail is how many bytes at the end of a file hold its closing record.
const closingTail = 4 << 10

// chainOf reads the chain from a finished file's closing record.
func chainOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return "", err
	}
	tail := make([]byte, min(end, closingTail))
	if _, err := f.ReadAt(tail, end-int64(len(tail))); err != nil {
		return "", fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	for at := len(tail); at > 0; {
		if at = bytes.LastIndex(tail[:at], []byte(memberMagic)); at < 0 {
			break
		}
		in := newReader(bytes.NewReader(tail[at:]))
		rec, err := in.read()
		if err == nil && int(in.next) == len(tail)-at && rec.field("WARC-Type") == "metadata" {
			return rec.field(chainField), nil
		}
	}
	return "", errors.New(strings.TrimSuffix(filepath.Base(path), suffix) + " has no closing record")
}
