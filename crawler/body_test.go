package crawler

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"testing"

	"veille"
)

// FuzzBody holds that whatever is sent, a body is plain, within its bounds, or an
// error that says why it is not.
func FuzzBody(f *testing.F) {
	zip := func(b []byte) []byte {
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		_, _ = z.Write(b)
		_ = z.Close()
		return out.Bytes()
	}
	plain := []byte("<html>a page")
	for _, b := range [][]byte{nil, plain, zip(plain), zip(zip(plain)), zip(plain)[:12], {0x1f, 0x8b}, zip(bytes.Repeat([]byte("x"), 4096))} {
		f.Add(b, true)
		f.Add(b, false)
	}
	const limit = 2048
	f.Fuzz(func(t *testing.T, sent []byte, gzipped bool) {
		w := &wire{limit: limit, stats: newStats()}
		b, err := newBody(io.NopCloser(bytes.NewReader(sent)), gzipped, w)
		var got []byte
		if err == nil {
			got, err = io.ReadAll(b)
		}
		if len(got) > limit {
			t.Errorf("%d bytes are read, %d are allowed", len(got), limit)
		}
		if f, ok := errors.AsType[*fault](err); err != nil && (!ok || f.kind != veille.FetchEncoding && f.kind != veille.FetchTruncated && f.kind != veille.FetchTooLarge) {
			t.Errorf("%q: %v", sent, err)
		}
	})
}
