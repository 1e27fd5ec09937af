package access

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// CookieName is the session's cookie; over HTTPS it carries the __Host- prefix.
const CookieName = "veille_session"

// FormField is the hidden field of every form.
const FormField = "form_token"

// maxForm bounds the body of a request, in bytes.
const maxForm = 1 << 20

// Guard stands in front of a server. It is safe for concurrent use.
type Guard struct {
	policy   Policy
	sessions sessions
	throttle throttle
	forms    formKey
	origin   *http.CrossOriginProtection
	log      *slog.Logger
}

// New returns a guard for a policy.
func New(p Policy) *Guard {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Guard{policy: p, forms: newFormKey(), origin: http.NewCrossOriginProtection(), log: p.Log}
}

// Open reports whether nobody is asked for anything.
func (g *Guard) Open() bool { return g.policy.open() }

// Refuse answers a request that may not pass: status is 400, 401, 403, 421 or
// 429, what is one sentence for people.
type Refuse func(w http.ResponseWriter, r *http.Request, status int, what string)

// Protect lets through what the policy allows: a known host, an origin of its
// own for whatever changes something, and who may read. A stranger is refused
// with 401. Handlers find the Identity in the context.
func (g *Guard) Protect(next http.Handler, refuse Refuse) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, ok := g.admit(w, r, refuse)
		if !ok {
			return
		}
		if !FromContext(r.Context()).Read {
			refuse(w, r, http.StatusUnauthorized, "This needs a password or a token.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Admit is Protect for what strangers may see too: the login page.
func (g *Guard) Admit(next http.Handler, refuse Refuse) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r, ok := g.admit(w, r, refuse); ok {
			next.ServeHTTP(w, r)
		}
	})
}

func (g *Guard) admit(w http.ResponseWriter, r *http.Request, refuse Refuse) (*http.Request, bool) {
	if !g.policy.knownHost(r.Host) {
		refuse(w, r, http.StatusMisdirectedRequest, "This server is not known as "+strconv.Quote(hostname(r.Host))+". If it should be, add the name to http.hosts in the configuration.")
		return r, false
	}
	if err := g.origin.Check(r); err != nil {
		refuse(w, r, http.StatusForbidden, "This request came from a page of another site.")
		return r, false
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	id, wait := g.identify(r)
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		refuse(w, r, http.StatusTooManyRequests, "Too many wrong passwords from this address. Try again in a minute.")
		return r, false
	}
	return r.WithContext(context.WithValue(r.Context(), contextKey{}, id)), true
}

// Write lets through who may act. What a browser may send without its reader's
// will must carry a form's token: whatever comes with a session or through a
// proxy, and every form. A program that shows its own secret with each request
// needs none.
func (g *Guard) Write(next http.Handler, refuse Refuse) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := FromContext(r.Context())
		switch {
		case !id.Write:
			refuse(w, r, http.StatusForbidden, "This token may only read.")
		case (id.ambient || isForm(r)) && !g.FormHolds(r):
			refuse(w, r, http.StatusForbidden, "This form is too old, or not from here. Go back, reload the page and try again.")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func isForm(r *http.Request) bool {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	return kind == "application/x-www-form-urlencoded" || kind == "multipart/form-data" || kind == "text/plain"
}

// FormToken is what the hidden field of the identity's forms must hold.
func (g *Guard) FormToken(r *http.Request) string { return g.forms.token(FromContext(r.Context())) }

// FormHolds reports whether a posted form carries its token.
func (g *Guard) FormHolds(r *http.Request) bool {
	return g.forms.holds(FromContext(r.Context()), r.PostFormValue(FormField))
}

type contextKey struct{}

// FromContext returns who asks; a stranger where nobody was asked.
func FromContext(ctx context.Context) Identity {
	id, _ := ctx.Value(contextKey{}).(Identity)
	return id
}

// identify finds out who asks. wait is not 0 where too many wrong secrets came
// from there.
func (g *Guard) identify(r *http.Request) (id Identity, wait time.Duration) {
	if g.policy.open() {
		return Identity{Name: "local", Read: true, Write: true}, 0
	}
	now := time.Now()
	peer := peerOf(r)
	if name := forwarded(r, g.policy.ForwardAuth); name != "" && g.policy.trusts(peer) {
		return Identity{Name: printable(name), Read: true, Write: true, ambient: true}, 0
	}
	if c := g.cookie(r); c != "" && g.sessions.valid(c, now) {
		return Identity{Name: "password", Read: true, Write: true, session: c, ambient: true}, 0
	}
	given := secretOf(r)
	if given == "" {
		return Identity{}, 0
	}
	client := g.client(r)
	ok, wait := g.throttle.judge(client, now, func() (ok bool) {
		id, ok = g.policy.secret(given)
		return ok
	})
	if !ok && wait == 0 {
		g.failed(client, given)
	}
	return id, wait
}

func (g *Guard) failed(client netip.Addr, given string) {
	g.log.Warn("wrong password or token", "client", client.String(), "secret_fingerprint", g.mark(given))
}

// forwarded is the person that a header names. Two such headers are a proxy's
// and a stranger's, in some order: they name nobody.
func forwarded(r *http.Request, header string) string {
	if names := r.Header.Values(header); header != "" && len(names) == 1 {
		return names[0]
	}
	return ""
}

// mark tells equal wrong secrets from different ones without telling them.
func (g *Guard) mark(given string) string {
	sum := sha256.Sum256(append(g.forms[:], given...))
	return fingerprint(string(sum[:]))
}

// secretOf reads what a program shows: a bearer token (RFC 6750), or Basic
// (RFC 7617) with any name, as feed readers send.
func secretOf(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return ""
}

// peerOf is the address at the other end of the connection.
func peerOf(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

// client is whom a request comes from: the peer, or the nearest address in
// X-Forwarded-For that no trusted proxy owns.
func (g *Guard) client(r *http.Request) netip.Addr {
	ip := peerOf(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && g.policy.trusts(ip); i-- {
		next, ok := hop(strings.TrimSpace(hops[i]))
		if !ok {
			break
		}
		ip = next
	}
	return ip
}

// hop reads an address of X-Forwarded-For, which some proxies write with its
// port.
func hop(s string) (netip.Addr, bool) {
	ip, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		at, err := netip.ParseAddrPort(s)
		if err != nil {
			return ip, false
		}
		ip = at.Addr()
	}
	return ip.Unmap().WithZone(""), true
}

// Secure reports whether the browser speaks HTTPS, to us or to our proxy.
func (g *Guard) Secure(r *http.Request) bool {
	return r.TLS != nil || g.policy.trusts(peerOf(r)) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		return h
	}
	return strings.Trim(host, "[]")
}

// printable keeps a foreign name short and on one line.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) {
			return r
		}
		return -1
	}, s)
	if runes := []rune(s); len(runes) > 64 {
		s = string(runes[:64])
	}
	return s
}
