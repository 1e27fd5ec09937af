package crawler

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"veille"
)

// wide writes ASCII as UTF-16.
func wide(s string, big bool) string {
	var b strings.Builder
	for i := range len(s) {
		if big {
			b.WriteByte(0)
		}
		b.WriteByte(s[i])
		if !big {
			b.WriteByte(0)
		}
	}
	return b.String()
}

func TestRobots_NamesTheSitemaps(t *testing.T) {
	got := parseRobots([]byte("Sitemap: https://a.example/1.xml\nUser-agent: *\nDisallow: /\nSITEMAP : https://a.example/2.xml # news\nSitemap: /relative.xml\nSitemap: https://a.example/1.xml\n"+
		strings.Repeat("Sitemap: https://a.example/"+strings.Repeat("x", 3000)+"\n", 3)), "VeilleBot").sitemaps
	if len(got) != 2 || got[0] != "https://a.example/1.xml" || got[1] != "https://a.example/2.xml" {
		t.Errorf("sitemaps = %q", got)
	}
	var many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&many, "Sitemap: https://a.example/%d.xml\n", i)
	}
	if got := parseRobots([]byte(many.String()), "VeilleBot").sitemaps; len(got) != maxSitemapLines {
		t.Errorf("%d sitemaps", len(got))
	}
}

func TestRobots_FollowsRFC9309(t *testing.T) {
	const token = "VeilleBot"
	tests := []struct {
		name, text, path string
		want             bool
	}{
		{"empty file", "", "/x", true},
		{"disallow all", "User-agent: *\nDisallow: /", "/x", false},
		{"UTF-16, little endian", "\xff\xfe" + wide("User-agent: *\nDisallow: /", false), "/x", false},
		{"UTF-16, big endian", "\xfe\xff" + wide("User-agent: *\nDisallow: /", true), "/x", false},
		{"robots.txt itself is always allowed", "User-agent: *\nDisallow: /", "/robots.txt", true},
		{"empty disallow allows", "User-agent: *\nDisallow:", "/x", true},
		{"keys in any case, blanks around", "  uSER-aGENT :  *  \n DISALLOW:/x", "/x", false},
		{"paths keep their case", "User-agent: *\nDisallow: /X", "/x", true},

		// Section 2.2.1: the product token.
		{"own group, any case", "User-agent: veillebot\nDisallow: /", "/x", false},
		{"own group with a version", "User-agent: VeilleBot/2.0\nDisallow: /", "/x", false},
		{"own group beats *", "User-agent: *\nDisallow: /\n\nUser-agent: VeilleBot\nAllow: /", "/x", true},
		{"own empty group beats *", "User-agent: VeilleBot\nDisallow:\n\nUser-agent: *\nDisallow: /\n", "/x", true},
		{"a prefix is another crawler", "User-agent: Veille\nDisallow: /", "/x", true},
		{"a longer name is another crawler", "User-agent: VeilleBotNews\nDisallow: /", "/x", true},
		{"groups of one token are merged", "User-agent: VeilleBot\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: VeilleBot\nDisallow: /c", "/c", false},
		{"merged, not the other's", "User-agent: VeilleBot\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: VeilleBot\nDisallow: /c", "/b", true},
		{"several agents share a group", "User-agent: other\nUser-agent: VeilleBot\nDisallow: /", "/x", false},
		{"a rule ends the list of agents", "User-agent: VeilleBot\nDisallow: /a\nUser-agent: other\nDisallow: /b", "/b", true},
		{"other lines do not end the list of agents", "User-agent: VeilleBot\nSitemap: https://e/s.xml\nUser-agent: other\nDisallow: /b", "/b", false},
		{"rules before any agent are skipped", "Disallow: /\nUser-agent: *\nDisallow: /y", "/x", true},

		// Section 2.2.2: the longest match, allow before disallow.
		{"longest match allows", "User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true},
		{"longest match disallows", "User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", false},
		{"a tie allows", "User-agent: *\nDisallow: /page\nAllow: /page", "/page", true},
		{"the example of section 5.2, allowed", "User-agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\nUser-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/", true},
		{"the example of section 5.2, disallowed", "User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", false},

		// Section 2.2.3: special characters.
		{"* in the middle", "User-agent: *\nDisallow: /this/*/exactly", "/this/path/exactly", false},
		{"* matches nothing too", "User-agent: *\nDisallow: /a*b", "/ab", false},
		{"$ ends", "User-agent: *\nDisallow: /this/path/exactly$", "/this/path/exactly", false},
		{"$ ends, longer path", "User-agent: *\nDisallow: /this/path/exactly$", "/this/path/exactly/more", true},
		{"*.gif$", "User-agent: *\nDisallow: /*.gif$", "/a/b.gif", false},
		{"*.gif$ with a query", "User-agent: *\nDisallow: /*.gif$", "/a/b.gif?x", true},
		{"repeat before the anchor", "User-agent: *\nDisallow: /*a$", "/ba/aa", false},
		{"# begins a comment", "User-agent: * # all\nDisallow: /x # not this", "/x", false},
		{"literal star in the path", "User-agent: *\nDisallow: /file-with-a-%2A.html", "/file-with-a-*.html", false},
		{"encoded star is no wildcard", "User-agent: *\nDisallow: /a%2Ab", "/axxb", true},
		{"literal dollar", "User-agent: *\nDisallow: /foo-%24", "/foo-$", false},
		{"dollar in the middle is itself", "User-agent: *\nDisallow: /a$b", "/a$b/c", false},

		// Section 2.2.2: percent-encoding.
		{"query", "User-agent: *\nDisallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", false},
		{"encoded URL in a query", "User-agent: *\nDisallow: /foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", false},
		{"UTF-8 in the file", "User-agent: *\nDisallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", false},
		{"UTF-8 in the path", "User-agent: *\nDisallow: /foo/bar/%e3%83%84", "/foo/bar/ツ", false},
		{"encoded letters are letters", "User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/baz", false},
		{"encoded letters in the path", "User-agent: *\nDisallow: /foo/bar/baz", "/foo/b%61r/baz", false},
		{"an encoded slash is no slash", "User-agent: *\nDisallow: /a/b", "/a%2Fb", true},
		{"query order is kept", "User-agent: *\nDisallow: /?b=1&a=2", "/?b=1&a=2", false},

		// Files as people write them.
		{"BOM", "\xef\xbb\xbfUser-agent: *\nDisallow: /x", "/x", false},
		{"CR only", "User-agent: *\rDisallow: /x\r", "/x", false},
		{"CR LF", "User-agent: *\r\nDisallow: /x\r\n", "/x", false},
		{"blank lines inside a group", "User-agent: *\n\n\nDisallow: /x", "/x", false},
		{"garbage lines", "hello\nUser-agent: *\n:::\n\x00\xff\nCrawl-delay: 1s\nDisallow: /x", "/x", false},
		{"HTML has no rules", " <!DOCTYPE html><p>User-agent: *\nDisallow: /", "/x", true},
		{"missing slash", "User-agent: *\nDisallow: x", "/x", false},
		{"leading wildcard", "User-agent: *\nDisallow: *x", "/ax", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, by := parseRobots([]byte(tt.text), token).allows(tt.path)
			if got != tt.want {
				t.Errorf("allows(%q) = %v by %q, want %v", tt.path, got, by, tt.want)
			}
		})
	}
}

func TestRobots_ReadsCrawlDelay(t *testing.T) {
	for line, want := range map[string]time.Duration{
		"Crawl-delay: 5":                         5 * time.Second,
		"crawl-delay:0.5":                        500 * time.Millisecond,
		"Crawl-delay: 10s":                       10 * time.Second,
		"Crawl-delay: 86400000":                  time.Minute,
		"Crawl-delay: 1e9":                       time.Second,
		"Crawl-delay: -5":                        0,
		"Crawl-delay: soon":                      0,
		"Crawl-delay: NaN":                       0,
		"Crawl-delay: 9999999999999999999999999": time.Minute,
	} {
		if got := parseRobots([]byte("User-agent: *\n"+line), "VeilleBot").delay; got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
	rs := parseRobots([]byte("User-agent: *\nCrawl-delay: 5\nUser-agent: VeilleBot\nDisallow: /x\n"), "VeilleBot")
	if rs.delay != 0 {
		t.Errorf("took the delay of *: %s", rs.delay)
	}
}

func TestRobots_MatchesHostilePatternsInLinearTime(t *testing.T) {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for b.Len() < maxRobots {
		fmt.Fprintf(&b, "Disallow: /%sb\n", strings.Repeat("*a", 500))
	}
	rs := parseRobots([]byte(b.String()), "VeilleBot")
	start := time.Now()
	if ok, _ := rs.allows("/" + strings.Repeat("a", veille.MaxURLLength)); !ok {
		t.Error("matched")
	}
	// A backtracking matcher would not end today; this one takes milliseconds.
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("took %s", d)
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /%7e", "/a%zz?x=/*")
	f.Add("\xef\xbb\xbfUser-agent: VeilleBot\rCrawl-delay: 1e99\r", "/")
	f.Fuzz(func(t *testing.T, text, path string) {
		rs := parseRobots([]byte(text), "VeilleBot")
		rs.allows(path)
		if ok, by := rs.allows("/robots.txt"); !ok {
			t.Errorf("robots.txt itself disallowed by %q", by)
		}
		if rs.delay < 0 || rs.delay > maxCrawlDelay {
			t.Errorf("delay %s", rs.delay)
		}
		once := normalOctets(path, false)
		if twice := normalOctets(once, false); twice != once {
			t.Errorf("normalOctets(%q) = %q, then %q", path, once, twice)
		}
	})
}

// fakeRobots serves a robots.txt from memory.
type fakeRobots struct {
	mu      sync.Mutex
	text    string
	err     error
	took    time.Duration
	fetches int
}

func (f *fakeRobots) fetch(ctx context.Context, _ target, _ bool) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fetches++
	select {
	case <-time.After(f.took):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return []byte(f.text), f.err
}

func mustTarget(t *testing.T, url string) target {
	t.Helper()
	at, err := parseTarget(url)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestRobotsCache_SharesOneFetchAndKeepsItForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeRobots{text: "User-agent: *\nDisallow: /x", took: time.Second}
		c := newRobotsCache("VeilleBot", f.fetch)
		at := mustTarget(t, "https://example.org/x")
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				rs, err := c.rules(t.Context(), at, false)
				if ok, _ := rs.allows("/x"); ok || err != nil {
					t.Errorf("allowed %v, error %v", ok, err)
				}
			})
		}
		wg.Wait()
		if f.fetches != 1 {
			t.Errorf("%d fetches, want 1", f.fetches)
		}
		time.Sleep(robotsTTL + time.Second)
		f.text = ""
		rs, _ := c.rules(t.Context(), at, false)
		if ok, _ := rs.allows("/x"); !ok || f.fetches != 2 {
			t.Errorf("after a day: allowed %v, %d fetches", ok, f.fetches)
		}
	})
}

func TestRobotsCache_DisallowsUntilKnownAndKeepsTheLastGoodCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := errors.New("HTTP 500")
		f := &fakeRobots{err: down}
		c := newRobotsCache("VeilleBot", f.fetch)
		at := mustTarget(t, "https://example.org/")
		for range 3 {
			if _, err := c.rules(t.Context(), at, false); !errors.Is(err, down) {
				t.Errorf("never seen: %v", err)
			}
		}
		if f.fetches != 1 {
			t.Errorf("a failure was believed for no time: %d fetches", f.fetches)
		}
		time.Sleep(robotsRetry)
		f.err, f.text = nil, "User-agent: *\nDisallow: /x"
		if _, err := c.rules(t.Context(), at, false); err != nil {
			t.Errorf("back again: %v", err)
		}
		f.err = down
		time.Sleep(robotsTTL)
		rs, err := c.rules(t.Context(), at, false)
		if ok, _ := rs.allows("/x"); ok || err != nil {
			t.Errorf("last good copy: allowed %v, error %v", ok, err)
		}
		time.Sleep(robotsTTL)
		if _, err := c.rules(t.Context(), at, false); !errors.Is(err, down) {
			t.Errorf("the last good copy outlived its day: %v", err)
		}
	})
}

func TestRobotsCache_ACallerThatLeavesSpoilsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeRobots{text: "User-agent: *\nDisallow: /x", took: time.Second}
		c := newRobotsCache("VeilleBot", f.fetch)
		at := mustTarget(t, "https://example.org/")
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := c.rules(ctx, at, false); !errors.Is(err, context.Canceled) {
				t.Errorf("leaver: %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if rs, err := c.rules(t.Context(), at, false); err != nil || len(rs.list) != 1 {
				t.Errorf("stayer: %v %v", rs, err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
	})
}

func TestRobotsCache_IsBounded(t *testing.T) {
	big := "User-agent: *\n" + strings.Repeat("Disallow: /"+strings.Repeat("x", 1000)+"\n", 100)
	f := &fakeRobots{text: big}
	c := newRobotsCache("VeilleBot", f.fetch)
	for i := range 1000 {
		if _, err := c.rules(t.Context(), mustTarget(t, fmt.Sprintf("https://h%d.example/", i)), false); err != nil {
			t.Fatal(err)
		}
	}
	if c.bytes > maxRobotsBytes || len(c.entries) != c.recent.Len() || len(c.entries) == 1000 {
		t.Errorf("%d bytes of rules for %d hosts", c.bytes, len(c.entries))
	}
}
