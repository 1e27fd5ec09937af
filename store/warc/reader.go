package warc

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	// maxBlock bounds the block of a record that is read: no body is larger.
	maxBlock = 1<<30 + 1<<20
	// maxHead bounds the fields of a record.
	maxHead = 1 << 20
)

// errTorn says that a file ends inside a record.
var errTorn = errors.New("the file ends inside a record")

// reader reads the records of a file one by one.
type reader struct {
	counter *byteCounter
	z       *gzip.Reader
	// at is where the record read last begins, next where the one after it does.
	at, next int64
}

func newReader(r io.Reader) *reader {
	return &reader{counter: &byteCounter{r: bufio.NewReaderSize(r, 64<<10)}}
}

// byteCounter counts what gzip takes. It is an io.ByteReader, so that gzip
// reads no further than the member's end.
type byteCounter struct {
	r *bufio.Reader
	n int64
}

func (c *byteCounter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *byteCounter) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// read returns the next record; io.EOF where the file ends as it should,
// errTorn where it ends inside a record.
func (r *reader) read() (*record, error) {
	r.at = r.counter.n
	if _, err := r.counter.r.Peek(1); errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	rec, err := r.member()
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return nil, errTorn
	}
	if err != nil {
		return nil, fmt.Errorf("record at byte %d: %w", r.at, err)
	}
	r.next = r.counter.n
	return rec, nil
}

func (r *reader) member() (rec *record, err error) {
	if r.z == nil {
		r.z, err = gzip.NewReader(r.counter)
	} else {
		err = r.z.Reset(r.counter)
	}
	if err != nil {
		return nil, err
	}
	r.z.Multistream(false)
	in := bufio.NewReader(r.z)
	rec = &record{}
	length, err := rec.readHead(in)
	if err != nil {
		return nil, err
	}
	// A length that lies must not take memory before the bytes are there.
	if rec.block, err = io.ReadAll(io.LimitReader(in, length)); err != nil {
		return nil, err
	}
	if int64(len(rec.block)) != length {
		return nil, fmt.Errorf("the block has %d bytes, not %d", len(rec.block), length)
	}
	end, err := io.ReadAll(io.LimitReader(in, 5))
	if err != nil {
		return nil, err
	}
	if string(end) != "\r\n\r\n" {
		return nil, errors.New("the record does not end with two line ends")
	}
	return rec, nil
}

func (r *record) readHead(in *bufio.Reader) (length int64, err error) {
	length = -1
	size := 0
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if size += len(line); size > maxHead {
			return 0, errors.New("the fields are too long")
		}
		text := strings.TrimRight(string(line), "\r\n")
		switch name, value, ok := strings.Cut(text, ":"); {
		case first && !strings.HasPrefix(text, "WARC/1."):
			return 0, errors.New("this is no WARC record")
		case first:
		case text == "":
			if length < 0 || length > maxBlock {
				return 0, errors.New("no usable Content-Length")
			}
			return length, nil
		case !ok:
			return 0, fmt.Errorf("%.60q is no field", text)
		default:
			r.add(name, strings.TrimSpace(value))
			if strings.EqualFold(name, "Content-Length") {
				if length, err = strconv.ParseInt(strings.TrimSpace(value), 10, 64); err != nil {
					return 0, fmt.Errorf("Content-Length: %w", err)
				}
			}
		}
	}
}
