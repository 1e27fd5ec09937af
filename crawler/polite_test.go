package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestCrawler_FollowsRedirectsAFewHops(t *testing.T) {
	pages := map[string]http.HandlerFunc{"/end": text("end"), "/loop": redirect("/loop"), "/a": redirect("/b"), "/b": redirect("/a")}
	for i := range 50 {
		pages[fmt.Sprintf("/%d", i)] = redirect(fmt.Sprintf("/%d", i+1))
	}
	pages["/4"] = status(308, "Location", "/5")
	pages["/5"] = text("five hops")
	pages["/short"] = redirect("end#x")
	s := newSite(t, pages)
	c := labCrawler(t, Options{})
	if body, err := get(t, c, s.source(), s.URL+"/0"); body != "five hops" || err != nil {
		t.Errorf("five hops: %q, %v", body, err)
	}
	_, _, final, err := c.Fetch(t.Context(), s.source(), s.URL+"/short")
	if final != s.URL+"/end" || err != nil {
		t.Errorf("ended at %s, %v", final, err)
	}
	for _, path := range []string{"/loop", "/a", "/10"} {
		_, err := get(t, c, s.source(), s.URL+path)
		wantKind(t, err, veille.FetchRedirect)
	}
}

func TestCrawler_RefusesRedirectsToNowhere(t *testing.T) {
	for _, to := range []string{
		"file:///etc/passwd", "gopher://x/", "javascript:alert(1)", "data:text/html,x", "ftp://x/", "http://user:c4nary@example.org/",
		"http://[::1", "http://%zz/", "http://example.org:99999/", "//", "/" + strings.Repeat("x", veille.MaxURLLength),
	} {
		s := newSite(t, map[string]http.HandlerFunc{"/": redirect(to)})
		_, err := get(t, labCrawler(t, Options{}), s.source(), s.URL)
		if fe := wantKind(t, err, veille.FetchRedirect); strings.Contains(fe.Error(), "c4nary") {
			t.Errorf("leaks: %s", fe)
		}
	}
}

func TestCrawler_SendsASourcesHeadersToItsOwnHostOnly(t *testing.T) {
	away := newSite(t, map[string]http.HandlerFunc{"/": text("away")})
	home := newSite(t, map[string]http.HandlerFunc{"/": redirect(away.URL + "/"), "/own": redirect("/article"), "/article": text("x")})
	source := home.source()
	source.Headers = map[string]veille.Secret{
		"X-Api-Key": veille.NewSecret("k3y"), "Authorization": veille.NewSecret("Bearer t"),
		"User-Agent": veille.NewSecret("Mozilla"), "Accept-Encoding": veille.NewSecret("br"), "Host": veille.NewSecret("evil.example"),
	}
	c := labCrawler(t, Options{UserAgent: "VeilleBot/1"})
	for _, path := range []string{"/", "/own"} {
		if _, err := get(t, c, source, home.URL+path); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/", "/own", "/article"} {
		h := home.hit(path)
		if h.Get("X-Api-Key") != "k3y" || h.Get("Authorization") != "Bearer t" || h.Get("User-Agent") != "VeilleBot/1" || h.Get("Accept-Encoding") != "gzip" {
			t.Errorf("%s at home: %v", path, h)
		}
	}
	for _, h := range []http.Header{away.hit("/"), away.hit("/robots.txt"), home.hit("/robots.txt")} {
		if h == nil || h.Get("X-Api-Key") != "" || h.Get("Authorization") != "" {
			t.Errorf("leaked, or never asked: %v", h)
		}
	}
}

func TestCrawler_DropsHeadersWhereTheWayIsNoLongerSecret(t *testing.T) {
	source := veille.Source{Headers: map[string]veille.Secret{"X-Api-Key": veille.NewSecret("k")}}
	c := labCrawler(t, Options{})
	for _, tt := range []struct {
		home, at string
		want     bool
	}{
		{"https://a.example/", "https://a.example/x", true},
		{"http://a.example/", "https://a.example/x", true},
		{"http://a.example/", "http://a.example/x", true},
		{"https://a.example/", "http://a.example/x", false},
		{"https://a.example/", "https://b.example/", false},
		{"https://a.example/", "https://www.a.example/", false},
		{"http://a.example:81/", "http://a.example:82/", false},
	} {
		h := c.header(source, mustTarget(t, tt.home), mustTarget(t, tt.at))
		if got := h.Get("X-Api-Key") != ""; got != tt.want {
			t.Errorf("from %s to %s: sent %v", tt.home, tt.at, got)
		}
	}
}

func TestCrawler_ObeysRobotsOnEveryHop(t *testing.T) {
	away := newSite(t, map[string]http.HandlerFunc{
		"/robots.txt": text("User-agent: VeilleBot\nDisallow: /closed"), "/closed": text("closed"), "/open": text("open"),
	})
	home := newSite(t, map[string]http.HandlerFunc{
		"/robots.txt": text("User-agent: *\nDisallow: /private"),
		"/private":    text("x"), "/in": redirect("/private"), "/out": redirect(away.URL + "/closed"), "/fine": redirect(away.URL + "/open"),
		"/dots": text("x"),
	})
	c := labCrawler(t, Options{})
	for _, path := range []string{"/private", "/in", "/out", "/dots/%2e%2e/private"} {
		_, err := get(t, c, home.source(), home.URL+path)
		wantKind(t, err, veille.FetchRobots)
	}
	if body, err := get(t, c, home.source(), home.URL+"/fine"); body != "open" || err != nil {
		t.Errorf("allowed hop: %q, %v", body, err)
	}
	if d := cmp.Diff([]string{"/in", "/out", "/fine"}, home.paths()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"/open"}, away.paths()); d != "" {
		t.Error(d)
	}
}

func TestCrawler_TakesWhatRobotsTxtAnswers(t *testing.T) {
	inside, insideHits := private(t, text(""))
	other := newSite(t, map[string]http.HandlerFunc{"/robots.txt": text("User-agent: *\nDisallow: /")})
	endless := func(w http.ResponseWriter, r *http.Request) {
		_, err := fmt.Fprint(w, "User-agent: *\nDisallow: /x\n")
		for err == nil && r.Context().Err() == nil {
			_, err = fmt.Fprintln(w, "Disallow: /"+strings.Repeat("y", 1000))
		}
	}
	zip := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(gzipped([]byte(body)))
		}
	}
	const allowed = veille.FetchErrorKind("")
	for name, tt := range map[string]struct {
		robots http.HandlerFunc
		want   veille.FetchErrorKind
	}{
		"none":                     {status(404), allowed},
		"forbidden":                {status(403), allowed},
		"gone":                     {status(410), allowed},
		"no content":               {status(204), allowed},
		"500":                      {status(500), veille.FetchRobots},
		"503":                      {status(503), veille.FetchRobots},
		"429":                      {status(429), veille.FetchThrottled},
		"HTML":                     {text("<html><p>Disallow: /</p></html>"), allowed},
		"rules":                    {text("User-agent: *\nDisallow: /x"), veille.FetchRobots},
		"gzipped rules":            {zip("User-agent: *\nDisallow: /x"), veille.FetchRobots},
		"a bomb that allows":       {zip("User-agent: *\nDisallow: /z\n" + strings.Repeat("#", 8<<20)), allowed},
		"endless":                  {endless, veille.FetchRobots},
		"redirect to other rules":  {redirect(other.URL + "/robots.txt"), veille.FetchRobots},
		"redirect to itself":       {redirect("/robots.txt"), allowed},
		"redirect inside":          {redirect(inside), veille.FetchRobots},
		"redirect to a file":       {redirect("file:///etc/passwd"), veille.FetchRobots},
		"redirect to the metadata": {redirect("http://169.254.169.254/robots.txt"), veille.FetchRobots},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, map[string]http.HandlerFunc{"/robots.txt": tt.robots, "/x": text("page")})
			body, err := get(t, labCrawler(t, Options{}), s.source(), s.URL+"/x")
			if tt.want == allowed {
				if body != "page" || err != nil {
					t.Errorf("got %q, %v", body, err)
				}
				return
			}
			wantKind(t, err, tt.want)
			if len(s.paths()) != 0 {
				t.Errorf("was fetched all the same: %v", s.paths())
			}
		})
	}
	if insideHits.Load() != 0 {
		t.Error("the redirect inside was followed")
	}
}

func TestCrawler_KeepsTheSpacingOfEachHost(t *testing.T) {
	const spacing = 30 * time.Millisecond
	a := newSite(t, map[string]http.HandlerFunc{"/1": redirect("/2"), "/2": text("x"), "/3": text("x"), "/4": status(404)})
	b := newSite(t, map[string]http.HandlerFunc{"/in": redirect(a.URL + "/3")})
	c := labCrawler(t, Options{Spacing: spacing})
	var wg sync.WaitGroup
	for _, url := range []string{a.URL + "/1", a.URL + "/2", b.URL + "/in", a.URL + "/4", b.URL + "/in"} {
		wg.Go(func() { _, _ = get(t, c, a.source(), url) })
	}
	wg.Wait()
	for _, s := range []*site{a, b} {
		s.mu.Lock()
		slices.SortFunc(s.hits, func(x, y hit) int { return x.start.Compare(y.start) })
		for i := 1; i < len(s.hits); i++ {
			// From start to start: the end that the spacing counts from is
			// the client's, later than the server's.
			if gap := s.hits[i].start.Sub(s.hits[i-1].start); gap < spacing {
				t.Errorf("%s came %s after %s", s.hits[i].path, gap, s.hits[i-1].path)
			}
		}
		s.mu.Unlock()
	}
	if len(a.hits) != 7 || len(b.hits) != 3 {
		t.Errorf("%d and %d requests, want 7 and 3", len(a.hits), len(b.hits))
	}
}

func TestCrawler_HonoursRetryAfter(t *testing.T) {
	busy := newSite(t, map[string]http.HandlerFunc{"/": status(429, "Retry-After", "120"), "/x": text("x")})
	calm := newSite(t, map[string]http.HandlerFunc{"/": text("calm")})
	c := labCrawler(t, Options{})
	before := time.Now()
	for _, path := range []string{"/", "/x", "/"} {
		_, err := get(t, c, busy.source(), busy.URL+path)
		fe := wantKind(t, err, veille.FetchThrottled)
		if fe.RetryAfter.Before(before.Add(120*time.Second)) || fe.RetryAfter.After(time.Now().Add(120*time.Second)) {
			t.Errorf("retry after %s", fe.RetryAfter)
		}
	}
	if d := cmp.Diff([]string{"/"}, busy.paths()); d != "" {
		t.Error(d)
	}
	if body, err := get(t, c, calm.source(), calm.URL); body != "calm" || err != nil {
		t.Errorf("another host: %q, %v", body, err)
	}
}

func TestCrawler_LeavesAHostAloneThatThrottlesWithoutATime(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/": status(429)})
	c := labCrawler(t, Options{})
	_, err := get(t, c, s.source(), s.URL)
	if fe := wantKind(t, err, veille.FetchThrottled); !fe.RetryAfter.IsZero() {
		t.Errorf("a time was invented: %s", fe.RetryAfter)
	}
	_, err = get(t, c, s.source(), s.URL)
	if fe := wantKind(t, err, veille.FetchThrottled); fe.Status != 0 || fe.RetryAfter.IsZero() {
		t.Errorf("was asked again: %v", fe)
	}
}

func TestRetryAfter_IsSecondsOrADateAndCapped(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"120": 2 * time.Minute, " 7 ": 7 * time.Second, "0": 0, "-5": 0, "banana": 0, "": 0, "1.5": 0, "1e3": 0,
		"99999999": maxRetryAfter, "99999999999999999999": maxRetryAfter,
		"Mon, 23 Nov 2026 08:05:00 GMT": 5 * time.Minute, "Monday, 23-Nov-26 08:05:00 GMT": 5 * time.Minute,
		"Mon, 23 Nov 2026 07:00:00 GMT": 0, "Fri, 31 Dec 9999 23:59:59 GMT": maxRetryAfter,
	} {
		for code, counts := range map[int]bool{429: true, 503: true, 500: false, 200: false, 302: false} {
			got, ok := retryAfter(answer{status: code, header: http.Header{"Retry-After": {value}}}, now)
			if !counts && ok || counts && (ok != (want > 0) || ok && got != want) {
				t.Errorf("%d %q: %s, %v, want %s", code, value, got, ok, want)
			}
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", " 7 ", "-5", "99999999999999999999", "Mon, 23 Nov 2026 08:05:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		wait, ok := retryAfter(answer{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {value}}}, now)
		if ok && (wait <= 0 || wait > maxRetryAfter) {
			t.Errorf("%q asks to wait for %s", value, wait)
		}
	})
}

func TestCrawler_EndsWithItsContext(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/": text("x")})
	c := labCrawler(t, Options{Spacing: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, _, err := c.Fetch(ctx, s.source(), s.URL)
	wantKind(t, err, veille.FetchTimeout)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the cause is hidden: %v", err)
	}
}

func TestCrawler_ErrorsHoldNoCredentials(t *testing.T) {
	c := labCrawler(t, Options{})
	for _, url := range []string{"http://user:c4nary@example.org/", "http://user:c4nary@exa mple.org/%zz", "https://c4nary@x/"} {
		_, err := get(t, c, veille.Source{URL: url}, url)
		fe := wantKind(t, err, veille.FetchBadURL)
		if strings.Contains(fe.Error(), "c4nary") {
			t.Errorf("leaks: %v", fe)
		}
	}
}
