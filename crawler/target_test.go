package crawler

import (
	"strings"
	"testing"

	"veille"
)

func TestTarget_Normalises(t *testing.T) {
	for raw, want := range map[string]string{
		"HTTP://EXAMPLE.org":                 "http://example.org/",
		"https://example.org:443/a":          "https://example.org/a",
		"http://example.org.:80/a#frag":      "http://example.org/a",
		"https://example.org:8443/a?b=1&a":   "https://example.org:8443/a?b=1&a",
		"http://example.org/a/../b/./c":      "http://example.org/b/c",
		"http://example.org/a/%2e%2E/secret": "http://example.org/secret",
		"http://exämple.org/ü":               "http://xn--exmple-cua.org/%C3%BC",
		"http://my_host/":                    "http://my_host/",
		"http://[2606:4700:0::1111]:80/":     "http://[2606:4700::1111]/",
	} {
		at, err := parseTarget(raw)
		if err != nil || at.String() != want {
			t.Errorf("%s: got %v, %v, want %s", raw, at.url, err, want)
		}
	}
}

func TestTarget_Refuses(t *testing.T) {
	for _, raw := range []string{
		"", "/relative", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "mailto:a@b", "http:opaque",
		"http://", "http:///x", "http://user:pw@example.org/", "http://example.com@evil.example/",
		"http://example.org:99999/", "http://example.org:0/", "http://example.org/%zz", "http://exa mple.org/",
		`http://example.org\@evil.example/`, "http://xn--a/", "http://../", "http://a..b/", "http://.a/", "http://[fe80::1%25eth0]/", "http://example.org/" + strings.Repeat("a", veille.MaxURLLength),
	} {
		if at, err := parseTarget(raw); err == nil {
			t.Errorf("%.60s was read as %s", raw, at)
		}
	}
}

func TestTarget_TheHostIsTheSameOverHTTPAndHTTPS(t *testing.T) {
	for raw, want := range map[string]string{
		"http://example.org/": "example.org", "https://example.org/": "example.org", "https://EXAMPLE.org:80/": "example.org",
		"http://example.org:8080/": "example.org:8080", "http://[::1]:81/": "[::1]:81", "https://[::1]/": "[::1]",
	} {
		if got := mustTarget(t, raw).key; got != want {
			t.Errorf("%s: key %s, want %s", raw, got, want)
		}
	}
}

func FuzzTarget(f *testing.F) {
	f.Add("http://example.org/a/../%2e%2e/b?c#d")
	f.Add("http://..")
	f.Add("https://[::ffff:127.0.0.1]:080/")
	f.Fuzz(func(t *testing.T, raw string) {
		at, err := parseTarget(raw)
		if err != nil {
			return
		}
		again, err := parseTarget(at.String())
		if len(at.String()) <= veille.MaxURLLength && (err != nil || again.String() != at.String() || again.key != at.key) {
			t.Errorf("%q became %q, then %q (%v)", raw, at, again, err)
		}
	})
}
