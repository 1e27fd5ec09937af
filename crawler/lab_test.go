package crawler

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"veille"
)

// The tests run against real servers on loopback. In their world 127.0.0.1 is
// a public address on any port, and every other one is what it really is, so
// that 127.0.0.2 is private.
func labNetwork() network {
	public := publicGuard()
	return network{public: func(at netip.AddrPort) error {
		if at.Addr() == netip.MustParseAddr("127.0.0.1") {
			return nil
		}
		return public(at)
	}}
}

func labCrawler(t *testing.T, o Options) *Crawler {
	t.Helper()
	return labCrawlerOn(t, o, labNetwork())
}

func labCrawlerOn(t *testing.T, o Options, n network) *Crawler {
	t.Helper()
	if o.UserAgent == "" {
		o.UserAgent = "VeilleBot/0.1 (+mailto:ops@example.org)"
	}
	if o.Spacing == 0 {
		o.Spacing = time.Nanosecond
	}
	c := newCrawler(o, n)
	t.Cleanup(c.Close)
	return c
}

// site is a server that records what it was asked, and has no robots.txt
// unless a test gives it one.
type site struct {
	*httptest.Server
	mu   sync.Mutex
	mux  map[string]http.HandlerFunc
	hits []hit
}

type hit struct {
	path       string
	header     http.Header
	start, end time.Time
}

func newSite(t *testing.T, pages map[string]http.HandlerFunc) *site {
	t.Helper()
	s := &site{mux: maps.Clone(pages)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	i := len(s.hits)
	s.hits = append(s.hits, hit{path: r.URL.RequestURI(), header: r.Header.Clone(), start: time.Now()})
	h := s.mux[r.URL.Path]
	s.mu.Unlock()
	if h == nil {
		h = http.NotFound
	}
	h(w, r)
	s.mu.Lock()
	s.hits[i].end = time.Now()
	s.mu.Unlock()
}

// paths lists the requests in order, without those for robots.txt.
func (s *site) paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, h := range s.hits {
		if h.path != "/robots.txt" {
			out = append(out, h.path)
		}
	}
	return out
}

func (s *site) hit(path string) http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.hits, func(h hit) bool { return h.path == path })
	if i < 0 {
		return nil
	}
	return s.hits[i].header
}

func (s *site) source() veille.Source { return veille.Source{Name: "lab", URL: s.URL + "/"} }

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(body))
	}
}

func status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		if code != http.StatusNotModified && code != http.StatusNoContent {
			_, _ = w.Write([]byte("<p>a page about the error</p>"))
		}
	}
}

func redirect(to string) http.HandlerFunc { return status(http.StatusFound, "Location", to) }

func gzipped(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body)
	_ = z.Close()
	return b.Bytes()
}

// raw answers every connection with the same bytes and closes it, except that
// robots.txt does not exist.
func raw(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer conn.Close()
				stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
				defer stop()
				head := make([]byte, 4096)
				n, _ := conn.Read(head)
				if bytes.HasPrefix(head[:n], []byte("GET /robots.txt")) {
					_, _ = conn.Write([]byte("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
					return
				}
				answer(conn)
			})
		}
	})
	t.Cleanup(func() { cancel(); _ = l.Close(); wg.Wait() })
	return "http://" + l.Addr().String() + "/"
}

func get(t *testing.T, c *Crawler, source veille.Source, url string) (string, error) {
	t.Helper()
	body, _, _, err := c.Fetch(t.Context(), source, url)
	return string(body), err
}

func wantKind(t *testing.T, err error, kind veille.FetchErrorKind) *veille.FetchError {
	t.Helper()
	var fe *veille.FetchError
	if !errors.As(err, &fe) || fe.Kind != kind {
		t.Errorf("got error %v, want kind %s", err, kind)
		return &veille.FetchError{}
	}
	if len(fe.Error()) > 512 {
		t.Errorf("the error is %d bytes long: %.100s", len(fe.Error()), fe)
	}
	return fe
}

// fakeMemory is what a store remembers between polls.
type fakeMemory map[string]veille.Validators

func (m fakeMemory) Validators(_ context.Context, url string) (veille.Validators, error) {
	v, ok := m[url]
	if !ok {
		return v, veille.ErrNotFound
	}
	return v, nil
}

var discard = log.New(io.Discard, "", 0)

func (fakeMemory) Site(context.Context, string) (veille.Site, error) {
	return veille.Site{}, veille.ErrNotFound
}
