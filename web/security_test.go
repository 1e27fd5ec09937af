package web_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"veille"
	"veille/web/access"
)

func locked() access.Policy {
	return access.Policy{
		Password: veille.NewSecret("correct horse canary"),
		Tokens: []access.Token{
			{Name: "reader", Secret: veille.NewSecret("read-token-canary-0001")},
			{Name: "writer", Secret: veille.NewSecret("write-token-canary-0001"), Write: true},
		},
		Hosts: []string{"veille.example.org"}, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, ForwardAuth: "X-Forwarded-User",
	}
}

func (c *client) login() reply {
	c.t.Helper()
	return c.post("/login", "/login", url.Values{"password": {"correct horse canary"}, "next": {"/sources"}})
}

func TestAccess_LeadsAStrangerToTheLoginAndBack(t *testing.T) {
	s := newSite(t, locked())
	c := s.client(t)
	for _, path := range []string{"/", "/articles", "/search?q=x", "/watches/test?q=x", "/configuration", "/live", "/metrics", "/api/v1/events", "/feeds/x.atom", "/api/v1/openapi.json"} {
		answer := c.get(path)
		if answer.StatusCode != http.StatusUnauthorized && answer.Header.Get("Location") == "" {
			t.Errorf("%s: %d for a stranger", path, answer.StatusCode)
		}
		if strings.Contains(answer.body, "Russie") {
			t.Errorf("%s tells a stranger of a watch", path)
		}
	}
	if to := c.get("/watches/test?q=x").Header.Get("Location"); to != "/login?next=%2Fwatches%2Ftest%3Fq%3Dx" {
		t.Errorf("led to %q", to)
	}
	answer := c.login()
	if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "/sources" {
		t.Fatalf("login: %d to %q", answer.StatusCode, answer.Header.Get("Location"))
	}
	cookie := answer.Header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Max-Age=2592000", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the session's cookie %q lacks %s", cookie, want)
		}
	}
	if answer := c.get("/sources"); answer.StatusCode != http.StatusOK {
		t.Errorf("after the login: %d", answer.StatusCode)
	}
	old := c.cookies[access.CookieName]
	if answer := c.post("/sources", "/logout", url.Values{}); answer.StatusCode != http.StatusSeeOther {
		t.Errorf("logout: %d", answer.StatusCode)
	}
	c.cookies[access.CookieName] = old
	if answer := c.get("/sources"); answer.StatusCode != http.StatusSeeOther {
		t.Errorf("the session lives after the logout: %d", answer.StatusCode)
	}
}

func TestAccess_NeverRedirectsElsewhere(t *testing.T) {
	s := newSite(t, locked())
	for _, address := range []string{
		"//evil.example", "///evil.example", "////evil.example/x", "https://evil.example", "https:evil.example", "https:/evil.example", "HTTP:evil.example",
		`/\evil.example`, `\\evil.example`, `\/evil.example`, `/\/evil.example`, "javascript:alert(1)", "data:text/html,x", "evil.example", "@evil.example", "",
		"/a\r\nSet-Cookie: x=y", "/\t/evil.example", "\t//evil.example", "/\n/evil.example", " //evil.example", "/\x00/evil.example", "/\u200b/evil.example\u202e", "/\u2028/evil.example",
		"%2f%2fevil.example", "%5cevil.example", "https%3a//evil.example", "/%zz",
	} {
		c := s.client(t)
		answer := c.post("/login", "/language", url.Values{"lang": {"fr"}, "back": {address}})
		if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusSeeOther || to != "/" {
			t.Errorf("back %q leads to %q, %d", address, to, answer.StatusCode)
		}
		answer = c.post("/login", "/login", url.Values{"password": {"correct horse canary"}, "next": {address}})
		if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusSeeOther || to != "/" {
			t.Errorf("next %q leads to %q, %d", address, to, answer.StatusCode)
		}
		if to := c.get("/login?next=" + url.QueryEscape(address)).Header.Get("Location"); to != "/" {
			t.Errorf("the login page with next %q leads to %q", address, to)
		}
	}
	// An escape is a part of a path, to a browser as to us.
	base, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, own := range []string{"/%2fevil.example", "/%2f%2fevil.example", "/%5cevil.example", "/%09/evil.example", "/.//evil.example", "/..//evil.example", "/@evil.example", "/?next=//evil.example", "/sources/a%2Fb?x=%5C"} {
		c := s.client(t)
		to := c.post("/login", "/language", url.Values{"lang": {"en"}, "back": {own}}).Header.Get("Location")
		if target, err := base.Parse(to); err != nil || target.Host != base.Host || strings.HasPrefix(to, "//") {
			t.Errorf("back %q leads to %q", own, to)
		}
	}
}

func TestAccess_GivesTokensWhatTheyMay(t *testing.T) {
	s := newSite(t, locked())
	for _, c := range []struct {
		header, method, path string
		want                 int
	}{
		{"", "GET", "/api/v1/events", 401},
		{"Bearer wrong-token", "GET", "/api/v1/events", 401},
		{"Bearer read-token-canary-0001", "GET", "/api/v1/events", 200},
		{"bearer read-token-canary-0001", "GET", "/metrics", 200},
		{"Basic " + "YW55Ym9keTpyZWFkLXRva2VuLWNhbmFyeS0wMDAx", "GET", "/feeds/Cor%C3%A9e%20du%20Nord%20&%20Russie.json", 200},
		{"Bearer read-token-canary-0001", "POST", "/api/v1/deliveries/retry?receiver=desk", 403},
		{"Bearer read-token-canary-0001", "GET", "/api/v1/backup", 403},
		{"Bearer write-token-canary-0001", "POST", "/api/v1/deliveries/retry?receiver=desk", 200},
		{"Bearer write-token-canary-0001", "POST", "/api/v1/sources/yonhap%20nk%231/poll", 202},
	} {
		x := s.client(t)
		if c.header != "" {
			x.header.Set("Authorization", c.header)
		}
		answer := x.do(c.method, c.path, nil)
		if answer.StatusCode != c.want {
			t.Errorf("%s %s with %q: %d %s, want %d", c.method, c.path, c.header, answer.StatusCode, answer.body, c.want)
		}
		if c.want == 401 && len(answer.Header.Values("WWW-Authenticate")) != 2 {
			t.Errorf("%s: no challenge", c.path)
		}
		if c.want >= 400 && answer.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: an error as %s", c.path, answer.Header.Get("Content-Type"))
		}
	}
	if strings.Contains(s.log.String(), "canary") {
		t.Errorf("the log holds a secret: %s", s.log.String())
	}
}

// Case 109 of the list of bad inputs.
func TestAccess_RefusesForeignPagesNamesAndProxies(t *testing.T) {
	s := newSite(t, locked())
	c := s.client(t)
	c.login()
	form := url.Values{"receiver": {"desk"}, "form_token": {c.token("/deliveries?state=dead")}}

	c.header.Set("Sec-Fetch-Site", "cross-site")
	if got := c.do("POST", "/deliveries/retry", form).StatusCode; got != http.StatusForbidden {
		t.Errorf("a form of another site: %d", got)
	}
	c.header.Del("Sec-Fetch-Site")
	c.header.Set("Origin", "https://evil.example")
	if got := c.do("POST", "/deliveries/retry", form).StatusCode; got != http.StatusForbidden {
		t.Errorf("a form with a foreign origin: %d", got)
	}
	c.header.Del("Origin")
	for _, token := range []string{"", "forged", strings.Repeat("A", 43)} {
		form.Set("form_token", token)
		if got := c.do("POST", "/deliveries/retry", form).StatusCode; got != http.StatusForbidden {
			t.Errorf("a form with token %q: %d", token, got)
		}
	}
	if len(s.archive.retried) != 0 {
		t.Errorf("a refused form was obeyed: %v", s.archive.retried)
	}
	for host, want := range map[string]int{"evil.example": 421, "evil.example:8080": 421, "veille.example.org": 200, "VEILLE.example.org:443": 200, "127.0.0.1:1": 200, "[::1]:80": 200, "localhost": 200, "": 200} {
		c.header.Set("Host", host)
		answer := c.get("/sources")
		if answer.StatusCode != want {
			t.Errorf("Host %q: %d, want %d", host, answer.StatusCode, want)
		}
		if want == 421 && (!strings.Contains(answer.body, "http.hosts") || strings.Contains(answer.body, "yonhap")) {
			t.Errorf("Host %q: %s", host, answer.body)
		}
	}
	stranger := s.client(t)
	stranger.header.Set("X-Forwarded-User", "mallory")
	if got := stranger.get("/sources").StatusCode; got != http.StatusSeeOther {
		t.Errorf("a forged X-Forwarded-User from an untrusted address: %d", got)
	}
}

func TestAccess_BelievesTheProxyThatIsNamed(t *testing.T) {
	p := locked()
	p.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	s := newSite(t, p)
	c := s.client(t)
	c.header.Set("X-Forwarded-User", "claire")
	if answer := c.get("/sources"); answer.StatusCode != http.StatusOK || !strings.Contains(answer.body, "claire") {
		t.Errorf("let in by the proxy: %d", answer.StatusCode)
	}
	c.header.Del("X-Forwarded-User")
	if got := c.get("/sources").StatusCode; got != http.StatusSeeOther {
		t.Errorf("not let in by the proxy: %d", got)
	}
	c.header.Set("X-Forwarded-Proto", "https")
	if cookie := c.login().Header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "__Host-veille_session=") || !strings.Contains(cookie, "Secure") {
		t.Errorf("over HTTPS the cookie is %q", cookie)
	}
	// Attempts count by the client that the proxy names, not by the proxy.
	for i := range 6 {
		c := s.client(t)
		c.header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.9, 198.51.100.%d", i))
		if got := c.post("/login", "/login", url.Values{"password": {"wrong"}}).StatusCode; got != http.StatusUnauthorized {
			t.Errorf("attempt of client %d: %d", i, got)
		}
	}
}

func TestServer_RefusesLongHeadersAndSlowForms(t *testing.T) {
	s := newSite(t, access.Policy{})
	c := s.client(t)
	c.header.Set("X-Long", strings.Repeat("a", 2<<20))
	if got := c.get("/").StatusCode; got != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("2 MiB of headers: %d", got)
	}
	c.header.Del("X-Long")
	if got := c.do("POST", "/deliveries/retry", url.Values{"receiver": {strings.Repeat("a", 2<<20)}}).StatusCode; got != http.StatusForbidden {
		t.Errorf("2 MiB of form: %d", got)
	}
}

// Case 110.
func TestAccess_ThrottlesGuessesAndStaysUp(t *testing.T) {
	s := newSite(t, locked())
	guesser := s.client(t)
	token := guesser.token("/login")
	var refused int
	for i := range 1000 {
		answer := guesser.do("POST", "/login", url.Values{"form_token": {token}, "password": {fmt.Sprintf("guess %d", i)}})
		if answer.StatusCode == http.StatusTooManyRequests {
			refused++
			if answer.Header.Get("Retry-After") == "" {
				t.Fatal("a refusal without Retry-After")
			}
		}
	}
	if refused != 995 {
		t.Errorf("%d of 1000 guesses were refused, want 995", refused)
	}
	if answer := guesser.login(); answer.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the right password while throttled: %d", answer.StatusCode)
	}
	if n := strings.Count(s.log.String(), "wrong password"); n != 5 {
		t.Errorf("%d lines in the log, want 5", n)
	}
	if got := guesser.get("/healthz").StatusCode; got != http.StatusOK {
		t.Errorf("/healthz meanwhile: %d", got)
	}
	bearer := s.client(t)
	bearer.header.Set("Authorization", "Bearer read-token-canary-0001")
	if got := bearer.get("/api/v1/events").StatusCode; got != http.StatusTooManyRequests {
		t.Errorf("a token from the throttled address: %d; guesses go on through Bearer", got)
	}
}

func TestProbes_AnswerUnderAnyNameAndKeepSecretsToThemselves(t *testing.T) {
	s := newSite(t, locked())
	s.status.reasons = []string{"store: secret-source broke"}
	c := s.client(t)
	c.header.Set("Host", "10.1.2.3.pod.cluster.example")
	if got := c.get("/healthz"); got.StatusCode != http.StatusOK {
		t.Errorf("/healthz: %d", got.StatusCode)
	}
	if got := c.get("/readyz"); got.StatusCode != http.StatusServiceUnavailable || strings.Contains(got.body, "secret-source") {
		t.Errorf("/readyz: %d %s", got.StatusCode, got.body)
	}
	reader := s.client(t)
	reader.header.Set("Authorization", "Bearer read-token-canary-0001")
	if got := reader.get("/readyz"); got.StatusCode != http.StatusServiceUnavailable || !strings.Contains(got.body, "secret-source") {
		t.Errorf("/readyz for a reader: %d %s", got.StatusCode, got.body)
	}
}

func TestEveryAnswer_TellsTheBrowserToTrustLittle(t *testing.T) {
	s := newSite(t, access.Policy{})
	c := s.client(t)
	for _, path := range []string{"/", "/login", "/nothing", "/api/v1/events", "/api/v1/nothing", "/feeds/x", "/healthz", "/static/none"} {
		h := c.get(path).Header
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy %q lacks %s", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

// A form that never ends is cut off by the server's read timeout; the handler
// must not take what came of it for the whole.
func TestServer_DoesNotActOnHalfAForm(t *testing.T) {
	s := newSite(t, access.Policy{})
	c := s.client(t)
	body := "receiver=desk&form_token=" + url.QueryEscape(c.token("/deliveries"))
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /deliveries/retry HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len(body)+10, body)
	_ = conn.(*net.TCPConn).CloseWrite()
	answer, _ := io.ReadAll(conn)
	if len(s.archive.retried) != 0 {
		t.Errorf("half a form was obeyed: %v %s", s.archive.retried, answer)
	}
}
