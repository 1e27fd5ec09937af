package web_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"veille/web/access"
)

func TestSession_EndsWhenIdleAndWhenOld(t *testing.T) {
	for _, c := range []struct {
		step  time.Duration
		times int
		alive bool
	}{
		{6 * 24 * time.Hour, 1, true},
		{8 * 24 * time.Hour, 1, false},
		{6 * 24 * time.Hour, 4, true},
		{6 * 24 * time.Hour, 6, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			g := access.New(locked())
			w := newRecorder()
			r := request("POST", "/login", url.Values{"password": {"correct horse canary"}})
			if g.Login(w, r) != access.LoginDone {
				t.Fatal("no login")
			}
			cookie := w.Result().Cookies()[0]
			alive := true
			for range c.times {
				time.Sleep(c.step)
				r := request("GET", "/", nil)
				r.AddCookie(cookie)
				alive = false
				g.Protect(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { alive = true }),
					func(http.ResponseWriter, *http.Request, int, string) {}).ServeHTTP(newRecorder(), r)
			}
			if alive != c.alive {
				t.Errorf("after %d times %v: alive %v", c.times, c.step, alive)
			}
		})
	}
}

func TestLive_EndsWithItsSession(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *site, *http.Cookie){
		"logout": func(t *testing.T, s *site, cookie *http.Cookie) {
			page := request("GET", "/sources", nil)
			page.AddCookie(cookie)
			w := newRecorder()
			s.handler.ServeHTTP(w, page)
			r := request("POST", "/logout", url.Values{"form_token": {formToken.FindStringSubmatch(w.Body.String())[1]}})
			r.AddCookie(cookie)
			s.handler.ServeHTTP(newRecorder(), r)
		},
		"idle for eight days": func(*testing.T, *site, *http.Cookie) { time.Sleep(8 * 24 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newHandler(t, locked())
				w := newRecorder()
				s.handler.ServeHTTP(w, request("GET", "/login", nil))
				form := url.Values{"password": {"correct horse canary"}, "form_token": {formToken.FindStringSubmatch(w.Body.String())[1]}}
				w = newRecorder()
				s.handler.ServeHTTP(w, request("POST", "/login", form))
				cookie := w.Result().Cookies()[0]
				stream := request("GET", "/live", nil)
				stream.AddCookie(cookie)
				var over atomic.Bool
				go func() {
					s.handler.ServeHTTP(newRecorder(), stream)
					over.Store(true)
				}()
				time.Sleep(6 * 24 * time.Hour)
				synctest.Wait()
				if over.Load() {
					t.Fatal("the stream ended before its session")
				}
				end(t, s, cookie)
				synctest.Wait()
				if !over.Load() {
					t.Fatal("the stream goes on")
				}
			})
		})
	}
}

// Guesses that come together are no more than guesses that come one by one.
func TestAccess_LooksAtFiveOfManyGuessesAtOnce(t *testing.T) {
	s := newSite(t, locked())
	var looked, refused atomic.Int64
	var group sync.WaitGroup
	start := make(chan struct{})
	for i := range 200 {
		group.Go(func() {
			r := request("GET", "/api/v1/events", nil)
			r.Header.Set("Authorization", fmt.Sprintf("Bearer guess-%d", i))
			w := newRecorder()
			<-start
			s.handler.ServeHTTP(w, r)
			switch w.Code {
			case http.StatusUnauthorized:
				looked.Add(1)
			case http.StatusTooManyRequests:
				refused.Add(1)
			}
		})
	}
	close(start)
	group.Wait()
	if looked.Load() != 5 || refused.Load() != 195 {
		t.Errorf("%d guesses were looked at, %d refused", looked.Load(), refused.Load())
	}
}

// A page of another site can make a browser send more than forms: whatever comes
// with a session, or through a proxy that let its reader in, needs the token.
func TestAccess_AsksForTheTokenWhateverABrowserSends(t *testing.T) {
	p := locked()
	p.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	s := newSite(t, p)
	session, proxied := s.client(t), s.client(t)
	session.login()
	proxied.header.Set("X-Forwarded-User", "claire")
	for name, c := range map[string]*client{"a session": session, "a proxy": proxied} {
		for _, kind := range []string{"", "application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
			for _, path := range []string{"/deliveries/retry?receiver=desk", "/api/v1/deliveries/retry?receiver=desk", "/mutes", "/sources/yonhap%20nk%231/poll", "/why?of=https%3A%2F%2Fa.example%2F"} {
				c.header.Set("Content-Type", kind)
				if got := c.do("POST", path, nil).StatusCode; got != http.StatusForbidden {
					t.Errorf("%s, %q to %s: %d", name, kind, path, got)
				}
			}
		}
	}
	if len(s.archive.retried) != 0 || len(s.desk.looked) != 0 {
		t.Errorf("obeyed: %v %v", s.archive.retried, s.desk.looked)
	}
}

func TestAccess_TwoNamesFromAProxyAreNobodys(t *testing.T) {
	p := locked()
	p.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	s := newSite(t, p)
	r := request("GET", "/sources", nil)
	r.RemoteAddr = "127.0.0.1:4711"
	r.Header["X-Forwarded-User"] = []string{"mallory", "claire"}
	w := newRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther {
		t.Errorf("two names: %d", w.Code)
	}
	// Addresses with their port, and in brackets, are told apart too.
	for i, from := range []string{"198.51.100.1:5000", "198.51.100.2:5000", "[2001:db8:1::1]:5000", "[2001:db8:2::1]", "198.51.100.3", "198.51.100.4:1"} {
		c := s.client(t)
		c.header.Set("X-Forwarded-For", from)
		if got := c.post("/login", "/login", url.Values{"password": {fmt.Sprint("wrong", i)}}).StatusCode; got != http.StatusUnauthorized {
			t.Errorf("a guess from %s: %d", from, got)
		}
	}
}
