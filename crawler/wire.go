package crawler

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"veille"
)

// wire is the round tripper between colly and the connections. It owns what
// neither net/http nor colly does safely: compression, recognised by the bytes
// themselves, and the bounds of a body, as sent and after decompression, which
// are errors and never a silent cut.
type wire struct {
	base  http.RoundTripper
	limit int64
	// cut ends a body at the limit instead of failing: the rest of a long
	// robots.txt is to be ignored (RFC 9309, section 2.5).
	cut   bool
	stats *stats
}

// Headers are kept from colly, which would transcode by a charset it reads in
// Content-Type, and from net/http, which fails on a Location that it cannot
// parse before anybody may look at it.
const (
	keptContentType = "Veille-Kept-Content-Type"
	keptLocation    = "Veille-Kept-Location"
	keptEncoding    = "Veille-Kept-Content-Encoding"
)

// maxDrain is how much of a body that nobody reads is read all the same, so
// that the connection can be used again.
const maxDrain = 64 << 10

// fault is an error that knows its kind, on its way up to a veille.FetchError.
type fault struct {
	kind veille.FetchErrorKind
	err  error
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

func faultf(kind veille.FetchErrorKind, format string, args ...any) *fault {
	return &fault{kind, fmt.Errorf(format, args...)}
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := w.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	rename(res.Header, "Content-Type", keptContentType)
	rename(res.Header, "Location", keptLocation)
	body, err := w.open(res)
	if err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	res.Body = body
	rename(res.Header, "Content-Encoding", keptEncoding)
	res.Header.Del("Content-Length")
	res.ContentLength = -1
	res.Uncompressed = true
	return res, nil
}

func rename(h http.Header, from, to string) {
	h.Del(to)
	if v := h.Get(from); v != "" {
		h.Set(to, v)
		h.Del(from)
	}
}

// open returns the plain body. Only a success has one that is read.
func (w *wire) open(res *http.Response) (io.ReadCloser, error) {
	if res.StatusCode/100 != 2 {
		n, _ := io.CopyN(io.Discard, res.Body, maxDrain)
		w.stats.received(n)
		_ = res.Body.Close()
		return http.NoBody, nil
	}
	gzipped, err := encoding(res.Header)
	if err != nil {
		return nil, err
	}
	if res.ContentLength > w.limit && !w.cut {
		return nil, faultf(veille.FetchTooLarge, "Content-Length is %d, at most %d bytes are read", res.ContentLength, w.limit)
	}
	return newBody(res.Body, gzipped, w)
}

// encoding reports whether the body is said to be gzipped, and refuses what
// was not asked for.
func encoding(h http.Header) (gzipped bool, err error) {
	for _, v := range h.Values("Content-Encoding") {
		for coding := range strings.SplitSeq(v, ",") {
			switch coding = strings.ToLower(strings.TrimSpace(coding)); coding {
			case "", "identity":
			case "gzip", "x-gzip":
				if gzipped {
					return false, &fault{veille.FetchEncoding, errors.New("Content-Encoding is gzip twice")}
				}
				gzipped = true
			default:
				return false, faultf(veille.FetchEncoding, "Content-Encoding %.40q was not asked for", coding)
			}
		}
	}
	return gzipped, nil
}
