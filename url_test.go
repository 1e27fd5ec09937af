package veille_test

import (
	"strings"
	"testing"

	"veille"
)

func TestCanonicalURL_GivesOneFormToOneArticle(t *testing.T) {
	tests := []struct{ name, raw, want string }{
		{"as it is", "https://example.org/2026/11/23/slug", "https://example.org/2026/11/23/slug"},
		{"scheme and host in upper case", "HTTPS://Example.ORG/A", "https://example.org/A"},
		{"default ports", "http://example.org:80/a", "http://example.org/a"},
		{"default port of https", "https://example.org:0443/a", "https://example.org/a"},
		{"another port", "http://example.org:443/a", "http://example.org:443/a"},
		{"empty port", "http://example.org:/a", "http://example.org/a"},
		{"trailing dot", "http://example.org./a", "http://example.org/a"},
		{"no path", "http://example.org", "http://example.org/"},
		{"query without path", "http://example.org?b=1", "http://example.org/?b=1"},
		{"surrounding space", " http://example.org/a\n", "http://example.org/a"},
		{"dot segments", "http://example.org/./a/../b/%2e%2E/c/.", "http://example.org/c/"},
		{"dot segments above the root", "http://example.org/../../../c", "http://example.org/c"},
		{"final slash is kept", "http://example.org/a/", "http://example.org/a/"},
		{"double slash is kept", "http://example.org/a//b", "http://example.org/a//b"},
		{"escapes of unreserved", "http://example.org/%66oo%2dbar.ht%6d%6C", "http://example.org/foo-bar.html"},
		{"escapes in upper case", "http://example.org/9%2f11/%2a", "http://example.org/9%2F11/%2A"},
		{"escaped number sign", "http://example.org/a%23b", "http://example.org/a%23b"},
		{"space and letters with accents", "http://example.org/en Español.aspx", "http://example.org/en%20Espa%C3%B1ol.aspx"},
		{"Korean path", "http://example.org/뉴스", "http://example.org/%EB%89%B4%EC%8A%A4"},
		{"brackets in a query", "http://example.org/?x[y]=1", "http://example.org/?x%5By%5D=1"},
		{"reserved in a query", "http://example.org/s?q=a+b&u=http%3A%2F%2Fx/", "http://example.org/s?q=a+b&u=http%3A%2F%2Fx/"},
		{"bare percent in a query", "http://example.org/?q=100%", "http://example.org/?q=100%25"},
		{"fragment", "http://example.org/a?x#frag", "http://example.org/a?x"},
		{"fragment with a slash and a question", "http://example.org/a#!/b?c", "http://example.org/a"},
		{"empty query", "http://example.org/a?", "http://example.org/a"},
		{"empty parameters", "http://example.org/a?&&b=1&", "http://example.org/a?b=1"},
		{"sorted query", "http://example.org/a?b=2&a=1&b=1", "http://example.org/a?a=1&b=2&b=1"},
		{"campaign", "http://example.org/a?utm_source=x&id=3&UTM_Medium=y&fbclid=z", "http://example.org/a?id=3"},
		{"more tracking", "http://example.org/a?xtor=RSS-1&at_medium=m&mc_cid=1&gclid=2&ns_source=3", "http://example.org/a"},
		{"campaign escaped twice", "http://example.org/a?id=3&amp;utm_source=x", "http://example.org/a?id=3"},
		{"ref that names a way in", "http://example.org/a?ref=rss", "http://example.org/a"},
		{"ref that may name the article", "http://example.org/a?ref=20261123", "http://example.org/a?ref=20261123"},
		{"session in the query", "http://example.org/a?PHPSESSID=abc&no=1", "http://example.org/a?no=1"},
		{"session in the path", "http://example.org/a.do;jsessionid=1F;v=2?no=1", "http://example.org/a.do;v=2?no=1"},
		{"AMP folder", "https://example.org/2026/a-slug/amp/", "https://example.org/2026/a-slug/"},
		{"AMP segment", "https://example.org/2026/a-slug/amp", "https://example.org/2026/a-slug"},
		{"AMP file", "https://example.org/a-slug.amp.html", "https://example.org/a-slug.html"},
		{"AMP parameter", "https://example.org/a?amp=1&id=2", "https://example.org/a?id=2"},
		{"bare AMP parameter", "https://example.org/a?amp", "https://example.org/a"},
		{"AMP output type", "https://example.org/a?outputType=amp", "https://example.org/a"},
		{"a tag named amp", "https://example.org/tag/amp/", "https://example.org/tag/amp/"},
		{"an amplifier's price", "https://example.org/a?amp=250", "https://example.org/a?amp=250"},
		{"host in Unicode", "http://BÜCHER.example/", "http://bücher.example/"},
		{"host with escapes", "http://b%c3%bccher.example/", "http://bücher.example/"},
		{"ideographic full stop", "http://例え。jp/", "http://例え.jp/"},
		{"IPv4", "http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"},
		{"IPv6", "http://[0:0::1]:80/a", "http://[::1]/a"},
		{"at sign in the path", "http://example.org/@user/a", "http://example.org/@user/a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := veille.CanonicalURL(tt.raw)
			if err != nil {
				t.Fatalf("CanonicalURL(%q): %v", tt.raw, err)
			}
			if got != tt.want {
				t.Errorf("CanonicalURL(%q)\n got %s\nwant %s", tt.raw, got, tt.want)
			}
		})
	}
}

func TestCanonicalURL_RefusesWhatIsNoAddress(t *testing.T) {
	for _, raw := range []string{
		"", "a", "/a", "//example.org/a", "ftp://example.org/", "javascript:alert(1)", "data:text/html,x",
		"mailto:a@example.org", "tel:123", "http:", "http://", "http:///a", "http:/example.org", "http:example.org/a",
		"http://user:pw@example.org/", "http://user@example.org/", "http://example.com@evil.example/",
		`http://example.org\@evil.example/`, `http://example.org/a\b`, "http://exa mple.org/", "http://example.org/%zz",
		"http://example.org/a%", "http://example.org/a%4", "http://example.org:99999/", "http://example.org:0/",
		"http://example.org:a/", "http://a..b/", "http://./", "http://.a/", "https://example%2Xcom/", "https://abc%FEdef.org/",
		"http://a%2Fb/", "http://exam\u00adple.org/", "http://exam\u200bple.org/", "http://example.org/a\x00b",
		"http://example.org/a\nb", "http://[::1/", "http://::1/", "http://[127.0.0.1]/", "http://[fe80::1%25eth0]/",
		"http://example.org/" + strings.Repeat("a", 2048), "http://example.org/" + strings.Repeat("é", 700),
		"http://example.org/" + strings.Repeat("a", 1<<20), "http://" + strings.Repeat("a.", 200) + "org/",
	} {
		if got, err := veille.CanonicalURL(raw); err == nil {
			t.Errorf("CanonicalURL(%.80q) = %q, want an error", raw, got)
		}
	}
}

func TestCanonicalURL_NeverRepeatsAPassword(t *testing.T) {
	_, err := veille.CanonicalURL("http://user:canary@example.org/")
	if err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("error = %v, want one without the password", err)
	}
}

func FuzzCanonicalURL(f *testing.F) {
	for _, s := range []string{
		"http://example.org/a/../b/amp/amp/?b=1&a=%7e&&amp;amp=1#x", "https://[::1]:443/%2e%2e/;jsessionid=;jsessionid=1",
		"http://İ.K/x.amp.amp.html", "http://a/..;jsessionid=b/c?amp;amp;utm_x=%", "HTTP://%41b.c./ \u00e9",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once, err := veille.CanonicalURL(raw)
		if err != nil {
			return
		}
		if len(once) > veille.MaxURLLength {
			t.Fatalf("%q has %d bytes", once, len(once))
		}
		twice, err := veille.CanonicalURL(once)
		if err != nil || twice != once {
			t.Fatalf("CanonicalURL is not idempotent\n raw %q\nonce %q\ntwice %q, %v", raw, once, twice, err)
		}
	})
}
