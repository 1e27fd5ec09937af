package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// knowing is a memory that knows every site alike.
type knowing struct {
	fakeMemory
	site veille.Site
	err  error
}

func (k knowing) Site(context.Context, string) (veille.Site, error) { return k.site, k.err }

func TestRefreshes_OnlyWhereTheVisitorIsSentAtOnce(t *testing.T) {
	for body, want := range map[string]string{
		`<html><head><meta http-equiv="refresh" content="0; url=/new">`:               "/new",
		`<META HTTP-EQUIV=Refresh CONTENT="3;URL='https://a.example/?x=1;y'">`:        "https://a.example/?x=1;y",
		`<meta content="0,/new" http-equiv=refresh>`:                                  "/new",
		`<meta http-equiv="refresh" content="300; url=/new">`:                         "",
		`<meta http-equiv="refresh" content="0">`:                                     "",
		`<meta http-equiv="refresh" content="NaN; url=/new">`:                         "",
		`<noscript><meta http-equiv="refresh" content="0; url=/plain"></noscript><p>`: "",
		`<body><p>x</p><meta http-equiv="refresh" content="0; url=/new">`:             "",
		`<meta http-equiv="content-type" content="text/html; charset=utf-8">`:         "",
		``: "",
	} {
		if got := refreshes([]byte(body)); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func TestCrawler_FollowsARefreshOnce(t *testing.T) {
	send := func(to string) http.HandlerFunc {
		return text(`<html><head><meta http-equiv="refresh" content="0; url=` + to + `"></head><body>Moved</body></html>`)
	}
	s := newSite(t, map[string]http.HandlerFunc{
		"/":      send("/home"),
		"/home":  text(`<h2><a href="/a/1">One</a></h2>`),
		"/twice": send("/"),
		"/self":  send("/self"),
		"/away":  send("http://10.0.0.1/"),
	})
	c := labCrawler(t, Options{})
	l, err := c.Discover(t.Context(), s.source())
	if err != nil || len(l.Outlinks) != 1 || l.Outlinks[0].URL != s.URL+"/a/1" {
		t.Errorf("outlinks = %v, %v", l.Outlinks, err)
	}
	if _, ok := l.Validators[s.URL+"/home"]; !ok || len(l.Validators) != 1 {
		t.Errorf("validators = %v: those of the page that only sends on would hide the other", l.Validators)
	}
	if body, err := get(t, c, s.source(), s.URL+"/twice"); err != nil || !strings.Contains(body, "url=/home") {
		t.Errorf("twice: %q, %v", body, err)
	}
	if body, err := get(t, c, s.source(), s.URL+"/self"); err != nil || !strings.Contains(body, "Moved") {
		t.Errorf("to itself: %q, %v", body, err)
	}
	_, err = get(t, c, s.source(), s.URL+"/away")
	wantKind(t, err, veille.FetchBlocked)
}

func TestCrawler_AWallIsNoEmptySection(t *testing.T) {
	for name, tt := range map[string]struct {
		page string
		kind veille.FetchErrorKind
	}{
		"challenge":             {`<title>Just a moment...</title><body><h1>Just a moment...</h1><p>Checking your browser before accessing the site. Enable JavaScript and cookies to continue</p></body>`, veille.FetchBotWall},
		"consent":               {`<title>Before you continue</title><body><h1>We value your privacy</h1><p>We and our 842 partners store and/or access information on a device. Accept all or manage my choices.</p><button>Accept all</button></body>`, veille.FetchForbidden},
		"login":                 {`<title>Log in</title><body><h1>Log in</h1><form><input name="user"><input type="password" name="pass"><button>Log in</button></form></body>`, veille.FetchForbidden},
		"challenge with a link": {`<title>Just a moment...</title><body><h1>Just a moment...</h1><p>Checking your browser before accessing the site. Enable JavaScript and cookies to continue</p><a href="/why/do-i-see-this-page-12345">Why do I have to complete a captcha?</a></body>`, veille.FetchBotWall},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, map[string]http.HandlerFunc{"/": text(tt.page)})
			_, err := labCrawler(t, Options{}).Discover(t.Context(), s.source())
			if fe := wantKind(t, err, tt.kind); fe.Err == nil {
				t.Error("without a reason")
			}
		})
	}
}

func story(n int) http.HandlerFunc {
	var b strings.Builder
	fmt.Fprintf(&b, `<html><head><title>Story %d</title><meta property="og:type" content="article"></head><body><article><h1>Story %d</h1>`, n, n)
	for hour := range 8 {
		fmt.Fprintf(&b, "<p>At %d o'clock ship number %d left the harbour, and nobody on the pier saw it again before the evening of the next day.</p>", hour, n+hour)
	}
	return text(b.String() + "</article></body></html>")
}

func TestCrawler_AVisitTeachesItsSite(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{
		"/k/story-1": redirect("/n/story-1"), "/n/story-1": story(1),
		"/wall": text(`<title>Just a moment...</title><h1>Just a moment...</h1><p>Checking your browser before accessing. Enable JavaScript and cookies to continue</p>`),
		"/list": text(`<title>Sea</title>` + strings.Repeat(`<li><a href="/k/1">A long headline about the sea</a></li>`, 30)),
	})
	c := labCrawler(t, Options{})
	snap, err := c.Visit(t.Context(), s.source(), s.URL+"/k/story-1?utm_source=x", veille.Validators{})
	if err != nil {
		t.Fatal(err)
	}
	if o := snap.Learned; o.Site != "127.0.0.1" || o.URL != s.URL+"/k/story-1" || !o.Article {
		t.Errorf("article: %+v", o)
	}
	if snap, err = c.Visit(t.Context(), s.source(), s.URL+"/list", veille.Validators{}); err != nil || snap.Learned.Site == "" || snap.Learned.Article {
		t.Errorf("list (%s): %+v, %v", snap.Kind, snap.Learned, err)
	}
	if snap, err = c.Visit(t.Context(), s.source(), s.URL+"/wall", veille.Validators{}); err != nil || snap.Learned.Site != "" {
		t.Errorf("wall (%s): %+v, %v", snap.Kind, snap.Learned, err)
	}
}

func TestCrawler_UsesWhatASiteTaughtAndDoesWithout(t *testing.T) {
	var nav strings.Builder
	for i := range 100 {
		fmt.Fprintf(&nav, `<a href="/part-%c%c">Part</a>`, 'a'+i/26, 'a'+i%26)
	}
	s := newSite(t, map[string]http.HandlerFunc{"/": text("<nav>" + nav.String() + `</nav><p><a href="/k/ships31x">Ships</a> <a href="/the-sea">Sea</a> <a href="/a-b">Land</a></p>`)})
	memory := knowing{fakeMemory: fakeMemory{}}
	for range 5 {
		memory.site.Learn(veille.Observation{URL: s.URL + "/k/thing1z", Article: true})
	}
	for _, tt := range []struct {
		err  error
		want []string
	}{{nil, []string{s.URL + "/k/ships31x"}}, {errors.New("broken"), nil}, {veille.ErrNotFound, nil}} {
		memory.err = tt.err
		l, err := labCrawler(t, Options{Memory: memory}).Discover(t.Context(), s.source())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range l.Outlinks {
			got = append(got, o.URL)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("memory's error %v: outlinks (-want +got):\n%s", tt.err, diff)
		}
	}
}

func FuzzRefreshes(f *testing.F) {
	for _, s := range []string{`<meta http-equiv="refresh" content="0; url=/new">`, `<META HTTP-EQUIV=Refresh CONTENT="3;URL='x'">`, `<noscript><meta http-equiv=refresh content="1,y">`, "http-equiv <meta"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if to := refreshes(body); len(to) > 3*len(body) { // a byte that is no UTF-8 becomes three
			t.Errorf("%q leads to %q", body, to)
		}
	})
}
