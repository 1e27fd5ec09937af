package crawler

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"veille"
)

func TestCrawler_ASilentServerTimesOut(t *testing.T) {
	url := raw(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	c := labCrawler(t, Options{Timeout: 50 * time.Millisecond})
	_, err := get(t, c, veille.Source{}, url)
	wantKind(t, err, veille.FetchTimeout)
}

func TestCrawler_ADrippingServerTimesOut(t *testing.T) {
	for name, drip := range map[string]string{
		"body":    "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
		"headers": "HTTP/1.1 200 OK\r\nX-",
	} {
		t.Run(name, func(t *testing.T) {
			url := raw(t, func(c net.Conn) {
				_, err := c.Write([]byte(drip))
				tick := time.NewTicker(5 * time.Millisecond)
				defer tick.Stop()
				for err == nil {
					_, err = c.Write([]byte("x"))
					<-tick.C
				}
			})
			c := labCrawler(t, Options{Timeout: 100 * time.Millisecond})
			_, err := get(t, c, veille.Source{}, url)
			wantKind(t, err, veille.FetchTimeout)
		})
	}
}

func TestCrawler_AnInfiniteBodyIsAnError(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		for block := bytes.Repeat([]byte("x"), 32<<10); r.Context().Err() == nil; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}})
	c := labCrawler(t, Options{MaxBody: 1 << 20})
	_, err := get(t, c, s.source(), s.URL)
	wantKind(t, err, veille.FetchTooLarge)
}

func TestCrawler_ABodyAtTheBoundIsWholeAndOneByteMoreIsNot(t *testing.T) {
	for _, zip := range []bool{false, true} {
		for size, ok := range map[int]bool{1000: true, 1001: false} {
			body := []byte(strings.Repeat("0123456789", 100) + "xyz")[:size]
			s := newSite(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) {
				w.(http.Flusher).Flush() // no Content-Length
				if zip {
					_, _ = w.Write(gzipped(body))
				} else {
					_, _ = w.Write(body)
				}
			}})
			got, err := get(t, labCrawler(t, Options{MaxBody: 1000}), s.source(), s.URL)
			if !ok {
				wantKind(t, err, veille.FetchTooLarge)
			} else if err != nil || got != string(body) {
				t.Errorf("%d bytes, zipped %v: got %d, %v", size, zip, len(got), err)
			}
		}
	}
}

func TestCrawler_AnAbsurdContentLengthIsRefusedUnread(t *testing.T) {
	url := raw(t, func(c net.Conn) {
		_, _ = c.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 10995116277760\r\n\r\n"))
		_, _ = io.Copy(io.Discard, c)
	})
	_, err := get(t, labCrawler(t, Options{}), veille.Source{}, url)
	wantKind(t, err, veille.FetchTooLarge)
}

func TestCrawler_ACutBodyIsAnError(t *testing.T) {
	page := strings.Repeat("<p>some words here</p>", 500)
	zip := gzipped([]byte(page))
	for name, answer := range map[string]string{
		"Content-Length":     "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + page[:5000],
		"chunked":            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" + page[:3000],
		"gzip":               fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(zip), zip[:len(zip)/2]),
		"gzip until the end": "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + string(zip[:len(zip)-4]),
	} {
		t.Run(name, func(t *testing.T) {
			url := raw(t, func(c net.Conn) { _, _ = c.Write([]byte(answer)) })
			_, err := get(t, labCrawler(t, Options{}), veille.Source{}, url)
			wantKind(t, err, veille.FetchTruncated)
		})
	}
}

func TestCrawler_HugeHeadersAreAnError(t *testing.T) {
	url := raw(t, func(c net.Conn) {
		_, err := c.Write([]byte("HTTP/1.1 200 OK\r\n"))
		for i := 0; i < 20<<10 && err == nil; i++ {
			_, err = fmt.Fprintf(c, "Set-Cookie: a%d=%s\r\n", i, strings.Repeat("x", 1000))
		}
	})
	_, err := get(t, labCrawler(t, Options{}), veille.Source{}, url)
	if err == nil {
		t.Error("20 MiB of headers were read")
	}
}

// bomb is gzip that expands to more than the bound.
func bomb(t *testing.T, size int64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.CopyN(z, zeros{}, size); err != nil {
		t.Fatal(err)
	}
	_ = z.Close()
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestCrawler_GzipBombsAreErrors(t *testing.T) {
	single := bomb(t, 48<<20)
	for name, tt := range map[string]struct {
		path, contentType, encoding string
		body                        []byte
	}{
		"Content-Encoding":         {"/", "text/html", "gzip", single},
		"x-gzip":                   {"/", "text/html", "x-gzip", single},
		"Content-Type":             {"/", "application/gzip", "", single},
		"xml.gz":                   {"/sitemap.xml.gz", "application/xml", "", single},
		"said to be nothing":       {"/", "text/html", "", single},
		"gzip in Content-Encoding": {"/sitemap.xml.gz", "application/gzip", "gzip", gzipped(single)},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, map[string]http.HandlerFunc{tt.path: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.contentType)
				if tt.encoding != "" {
					w.Header().Set("Content-Encoding", tt.encoding)
				}
				_, _ = w.Write(tt.body)
			}})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := get(t, labCrawler(t, Options{}), s.source(), s.URL+tt.path)
			runtime.ReadMemStats(&after)
			wantKind(t, err, veille.FetchBomb)
			if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 24 {
				t.Errorf("%d MiB were allocated", mib)
			}
		})
	}
}

func TestCrawler_UndoesGzipByWhatTheBytesAre(t *testing.T) {
	const want = "<urlset></urlset>"
	zip := string(gzipped([]byte(want)))
	for name, tt := range map[string]struct{ contentType, encoding, body string }{
		"plain":                {"text/xml", "", want},
		"plain called gzip":    {"application/gzip", "", want},
		"identity":             {"text/xml", "identity", want},
		"encoded":              {"text/xml", "gzip", zip},
		"x-gzip":               {"text/xml", "X-GZIP", zip},
		"a gzip file":          {"application/x-gzip", "", zip},
		"a gzip file, encoded": {"application/gzip", "gzip", string(gzipped([]byte(zip)))},
		"two members":          {"application/gzip", "", string(gzipped([]byte(want[:5]))) + string(gzipped([]byte(want[5:])))},
		"a charset stays ours": {"text/xml; charset=iso-8859-1", "", want},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, map[string]http.HandlerFunc{"/sitemap.xml.gz": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.contentType)
				if tt.encoding != "" {
					w.Header().Set("Content-Encoding", tt.encoding)
				}
				_, _ = io.WriteString(w, tt.body)
			}})
			body, contentType, final, err := labCrawler(t, Options{}).Fetch(t.Context(), s.source(), s.URL+"/sitemap.xml.gz")
			if err != nil || string(body) != want || contentType != tt.contentType || final != s.URL+"/sitemap.xml.gz" {
				t.Errorf("got %q (%s) from %s: %v", body, contentType, final, err)
			}
			if got := s.hit("/sitemap.xml.gz").Get("Accept-Encoding"); got != "gzip" {
				t.Errorf("asked for %q", got)
			}
		})
	}
}

func TestCrawler_LeavesBytesAsTheyAre(t *testing.T) {
	const latin = "<p>\xe9t\xe9</p>"
	s := newSite(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=ISO-8859-1")
		_, _ = io.WriteString(w, latin)
	}})
	if got, err := get(t, labCrawler(t, Options{}), s.source(), s.URL); got != latin || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestCrawler_RefusesEncodingsThatItDidNotAskFor(t *testing.T) {
	for _, tt := range []struct{ encoding, body string }{
		{"br", "x"}, {"zstd", "x"}, {"deflate", "x"}, {"gzip, gzip", string(gzipped(gzipped([]byte("x"))))}, {"gzip, br", "x"},
		{"gzip", "no gzip at all"}, {"gzip", "\x1f\x8b garbage garbage garbage"}, {"gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03garbage garbage"},
	} {
		s := newSite(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", tt.encoding)
			_, _ = io.WriteString(w, tt.body)
		}})
		_, err := get(t, labCrawler(t, Options{}), s.source(), s.URL)
		wantKind(t, err, veille.FetchEncoding)
	}
}

func TestCrawler_GivesEveryStatusItsKind(t *testing.T) {
	for _, tt := range []struct {
		kind    veille.FetchErrorKind
		code    int
		headers []string
	}{
		{veille.FetchNotFound, 404, nil}, {veille.FetchGone, 410, nil},
		{veille.FetchForbidden, 401, nil}, {veille.FetchForbidden, 402, nil}, {veille.FetchForbidden, 403, nil}, {veille.FetchForbidden, 451, nil},
		{veille.FetchThrottled, 429, nil}, {veille.FetchServer, 500, nil}, {veille.FetchServer, 503, nil}, {veille.FetchServer, 599, nil},
		{veille.FetchStatus, 418, nil}, {veille.FetchStatus, 206, nil}, {veille.FetchStatus, 201, nil}, {veille.FetchStatus, 300, nil}, {veille.FetchStatus, 302, nil},
		{veille.FetchEmpty, 204, nil},
		{veille.FetchBotWall, 403, []string{"Cf-Mitigated", "challenge"}}, {veille.FetchBotWall, 429, []string{"Cf-Mitigated", "challenge"}},
		{veille.FetchBotWall, 503, []string{"Cf-Mitigated", "challenge"}}, {veille.FetchBotWall, 202, []string{"X-Amzn-Waf-Action", "challenge"}},
	} {
		s := newSite(t, map[string]http.HandlerFunc{"/": status(tt.code, tt.headers...)})
		_, err := get(t, labCrawler(t, Options{}), s.source(), s.URL)
		if fe := wantKind(t, err, tt.kind); fe.Status != tt.code {
			t.Errorf("%d: the error says %d", tt.code, fe.Status)
		}
	}
}

func TestCrawler_AnEmptyPageIsAnError(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/": text(" \r\n ")})
	_, err := get(t, labCrawler(t, Options{}), s.source(), s.URL)
	wantKind(t, err, veille.FetchEmpty)
}

func TestCrawler_NeverDowngradesTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(text("secure"))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	quiet(s)
	_, err := get(t, labCrawler(t, Options{}), veille.Source{}, s.URL)
	wantKind(t, err, veille.FetchTLS) // self-signed

	n := labNetwork()
	n.roots = x509.NewCertPool()
	n.roots.AddCert(s.Certificate())
	if body, err := get(t, labCrawlerOn(t, Options{}, n), veille.Source{}, s.URL); body != "secure" || err != nil {
		t.Errorf("trusted: %q, %v", body, err)
	}

	old := httptest.NewUnstartedServer(text("old"))
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11}
	old.StartTLS()
	defer old.Close()
	quiet(old)
	_, err = get(t, labCrawlerOn(t, Options{}, n), veille.Source{}, old.URL)
	wantKind(t, err, veille.FetchTLS)

	plain := newSite(t, nil)
	_, err = get(t, labCrawlerOn(t, Options{}, n), veille.Source{}, strings.Replace(plain.URL, "http:", "https:", 1))
	wantKind(t, err, veille.FetchTLS)
}

// quiet keeps a server from complaining about the handshakes that it is
// there to fail.
func quiet(s *httptest.Server) { s.Config.ErrorLog = discard }

func TestCrawler_SpeaksHTTP2(t *testing.T) {
	var proto string
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proto = r.Proto
		text("page")(w, r)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	n := labNetwork()
	n.roots = x509.NewCertPool()
	n.roots.AddCert(s.Certificate())
	c := labCrawlerOn(t, Options{}, n)
	if _, err := get(t, c, veille.Source{}, s.URL); err != nil || proto != "HTTP/2.0" {
		t.Errorf("spoke %s: %v", proto, err)
	}
}

func TestCrawler_ADeadHostIsAConnectError(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String() + "/"
	_ = l.Close()
	_, err = get(t, labCrawler(t, Options{}), veille.Source{}, url)
	fe := wantKind(t, err, veille.FetchConnect)
	if strings.Contains(fe.Err.Error(), "robots.txt") {
		t.Errorf("a dead host is not a matter of robots.txt: %v", fe)
	}
}

func TestCrawler_IgnoresProxyAndCollyEnvironment(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("COLLY_USER_AGENT", "evil")
	t.Setenv("COLLY_IGNORE_ROBOTSTXT", "no")
	t.Setenv("COLLY_MAX_BODY_SIZE", "1")
	t.Setenv("COLLY_DETECT_CHARSET", "yes")
	s := newSite(t, map[string]http.HandlerFunc{"/": text("whole page")})
	if c := labCrawler(t, Options{}); c.public.transport.Proxy != nil || c.private.transport.Proxy != nil {
		t.Error("a proxy would be dialled instead of the host")
	}
	got, err := get(t, labCrawler(t, Options{UserAgent: "VeilleBot/7 (+mailto:a@b.example)"}), s.source(), s.URL)
	if got != "whole page" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if ua := s.hit("/").Get("User-Agent"); ua != "VeilleBot/7 (+mailto:a@b.example)" {
		t.Errorf("called itself %q", ua)
	}
}
