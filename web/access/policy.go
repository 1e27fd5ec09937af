// Package access decides who may use the daemon's HTTP server: by session, by
// bearer token, or by the word of a trusted proxy. It holds no page and no
// route; it knows the standard library and the nouns only.
package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/netip"
	"strings"

	"veille"
)

// Policy is who may come in. The zero Policy asks nobody for anything: it is
// for a listener that only this machine reaches.
type Policy struct {
	// Password opens a session with every right.
	Password veille.Secret
	Tokens   []Token
	// Hosts are the names that a Host header may hold, lower case, beside IP
	// addresses and localhost: another name is how a page of the web reaches a
	// server behind a firewall (DNS rebinding).
	Hosts []string
	// TrustedProxies may say for whom they speak.
	TrustedProxies []netip.Prefix
	// ForwardAuth is the header in which they name the person; empty: none.
	ForwardAuth string
	Log         *slog.Logger
}

// Token lets a program in, to read, or with Write to act.
type Token struct {
	Name   string
	Secret veille.Secret
	Write  bool
}

// Identity is who asks. The zero Identity is a stranger.
type Identity struct {
	// Name is for the log and the page's foot; empty for a stranger.
	Name string
	Read bool
	// Write is the right to act: retry, drop, poll, log out others' deliveries.
	Write bool
	// session is the cookie's value, where there is one.
	session string
	// ambient says that a browser identifies itself so, whoever's page asks it to.
	ambient bool
}

// Session reports whether the identity came by a login that can be ended.
func (i Identity) Session() bool { return i.session != "" }

// open reports whether nobody is asked for anything.
func (p Policy) open() bool {
	return p.Password.IsZero() && len(p.Tokens) == 0 && p.ForwardAuth == ""
}

// secret returns the identity that a password or token stands for. Every
// candidate is compared, in constant time, so that the time tells nothing.
func (p Policy) secret(given string) (Identity, bool) {
	sum := sha256.Sum256([]byte(given))
	same := func(s veille.Secret) int {
		if s.IsZero() {
			return 0
		}
		want := sha256.Sum256([]byte(s.Reveal()))
		return subtle.ConstantTimeCompare(sum[:], want[:])
	}
	var found Identity
	ok := 0
	if hit := same(p.Password); hit == 1 {
		found, ok = Identity{Name: "password", Read: true, Write: true}, 1
	}
	for _, t := range p.Tokens {
		if hit := same(t.Secret); hit == 1 {
			found, ok = Identity{Name: t.Name, Read: true, Write: t.Write}, 1
		}
	}
	return found, ok == 1
}

// password reports whether a text is the password of the dashboard.
func (p Policy) password(given string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(p.Password.Reveal()))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && !p.Password.IsZero()
}

func (p Policy) trusts(ip netip.Addr) bool {
	for _, n := range p.TrustedProxies {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}

// knownHost reports whether a Host header is one of ours. An IP address is:
// rebinding needs a name.
func (p Policy) knownHost(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(hostname(host), "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	for _, h := range p.Hosts {
		if h == name {
			return true
		}
	}
	return false
}
