package access

import (
	"net/http"
	"strconv"
	"time"
)

// LoginResult says what became of a posted password.
type LoginResult int

// The results of a login.
const (
	LoginDone LoginResult = iota
	LoginWrong
	LoginThrottled
)

// Login judges the posted field "password", and on success opens a session and
// sets its cookie. A throttled client gets Retry-After.
func (g *Guard) Login(w http.ResponseWriter, r *http.Request) LoginResult {
	now, client := time.Now(), g.client(r)
	given := r.PostFormValue("password")
	ok, wait := g.throttle.judge(client, now, func() bool { return g.policy.password(given) })
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		return LoginThrottled
	}
	if !ok {
		g.failed(client, given)
		return LoginWrong
	}
	http.SetCookie(w, g.newCookie(r, g.sessions.start(now), int(sessionAge/time.Second)))
	return LoginDone
}

// HasPassword reports whether there is a password to log in with.
func (g *Guard) HasPassword() bool { return !g.policy.Password.IsZero() }

// Logout ends the session of a request and its cookie.
func (g *Guard) Logout(w http.ResponseWriter, r *http.Request) {
	if id := FromContext(r.Context()); id.session != "" {
		g.sessions.stop(id.session)
	}
	http.SetCookie(w, g.newCookie(r, "", -1))
}

// Ended returns what is closed when the session of a request has ended: by a
// logout, or by its age as far as somebody looks. It is nil for those who came
// without a session.
func (g *Guard) Ended(r *http.Request) <-chan struct{} {
	if id := FromContext(r.Context()); id.session != "" {
		return g.sessions.end(id.session, time.Now())
	}
	return nil
}

// newCookie is HttpOnly, and Lax so that a link in an alert opens the page.
func (g *Guard) newCookie(r *http.Request, value string, maxAge int) *http.Cookie {
	secure := g.Secure(r)
	//nolint:gosec // Secure is set where the browser speaks HTTPS; elsewhere it would not come back
	return &http.Cookie{Name: cookieName(secure), Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode}
}

func cookieName(secure bool) string {
	if secure {
		return "__Host-" + CookieName
	}
	return CookieName
}

func (g *Guard) cookie(r *http.Request) string {
	c, err := r.Cookie(cookieName(g.Secure(r)))
	if err != nil {
		return ""
	}
	return c.Value
}
