package crawler

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"os"

	"veille"
)

const (
	// A decompressed body may be maxRatio times what was sent, once it is
	// larger than ratioFrom: text reaches 20, a bomb 1,000.
	maxRatio  = 100
	ratioFrom = 1 << 20
)

// meter counts the bytes that arrive and remembers how they ended, so that a
// cut connection is told from broken gzip.
type meter struct {
	r     io.Reader
	n     int64
	limit int64
	err   error
}

func (m *meter) Read(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	n, err := m.r.Read(p)
	m.n += int64(n)
	switch {
	case m.n > m.limit:
		err = faultf(veille.FetchTooLarge, "more than %d bytes were sent", m.limit)
	case err != nil && !errors.Is(err, io.EOF) && !timedOut(err):
		err = &fault{veille.FetchTruncated, err}
	}
	m.err = err
	return n, err
}

func timedOut(err error) bool {
	var ne net.Error
	return errors.Is(err, context.Canceled) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &ne) && ne.Timeout()
}

// body is a plain body within its bounds.
type body struct {
	wire   *wire
	sent   *meter
	plain  io.Reader
	zipped bool
	n      int64
	ended  bool
	closer io.Closer
}

// newBody looks at the first bytes of a body. Gzip is undone once for the
// Content-Encoding and once for a file that is gzip itself, such as
// sitemap.xml.gz; what the type and the name say does not count.
func newBody(sent io.ReadCloser, gzipped bool, w *wire) (*body, error) {
	b := &body{wire: w, sent: &meter{r: sent, limit: w.limit}, closer: sent}
	if w.cut {
		b.sent.limit = max(w.limit, defaultMaxBody)
	}
	r := bufio.NewReader(b.sent)
	magic, empty, err := isGzip(r)
	switch {
	case err != nil:
		return nil, err
	case empty:
		b.plain = r
		return b, nil
	case gzipped && !magic:
		return nil, &fault{veille.FetchEncoding, errors.New("said to be gzip and is not")}
	case !magic:
		b.plain = r
		return b, nil
	}
	b.zipped = true
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, b.verdict(err)
	}
	b.plain = z
	if !gzipped {
		return b, nil
	}
	inner := bufio.NewReader(z)
	b.plain = inner
	magic, empty, err = isGzip(inner)
	if err != nil {
		return nil, b.verdict(err)
	}
	if magic && !empty {
		if b.plain, err = gzip.NewReader(inner); err != nil {
			return nil, b.verdict(err)
		}
	}
	return b, nil
}

// isGzip peeks at the magic number (RFC 1952, section 2.3.1). Fewer than two
// bytes are no gzip.
func isGzip(r *bufio.Reader) (magic, empty bool, err error) {
	head, err := r.Peek(2)
	if len(head) == 2 {
		return head[0] == 0x1f && head[1] == 0x8b, false, nil
	}
	if err != nil && err != io.EOF {
		return false, false, err
	}
	return false, len(head) == 0, nil
}

func (b *body) Read(p []byte) (int, error) {
	if b.ended {
		return 0, io.EOF
	}
	n, err := b.plain.Read(p)
	b.n += int64(n)
	bomb := b.zipped && b.n > ratioFrom && b.n > maxRatio*b.sent.n
	switch {
	case bomb:
		return 0, faultf(veille.FetchBomb, "%d bytes expand more than %d times", b.sent.n, maxRatio)
	case b.n > b.wire.limit && b.wire.cut:
		b.ended = true
		return n - int(b.n-b.wire.limit), io.EOF
	case b.n > b.wire.limit:
		return 0, faultf(veille.FetchTooLarge, "more than %d bytes", b.wire.limit)
	case err != nil && err != io.EOF:
		return n, b.verdict(err)
	}
	return n, err
}

// verdict tells who is to blame for a failed read: the connection, or the
// compression. Gzip that ends early where the connection does too was cut on
// its way: the next try may be whole.
func (b *body) verdict(err error) error {
	if b.sent.err != nil && !errors.Is(b.sent.err, io.EOF) {
		return b.sent.err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &fault{veille.FetchTruncated, errors.New("gzip ends early")}
	}
	return &fault{veille.FetchEncoding, err}
}

func (b *body) Close() error {
	b.wire.stats.received(b.sent.n)
	return b.closer.Close()
}
