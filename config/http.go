package config

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"veille"
)

const (
	leastPassword = 8  // characters
	leastToken    = 16 // characters
)

// server checks the daemon's own server. What could be reached from elsewhere
// without any credential is refused: what cannot work safely must not start.
func (l *loader) server(at place, h httpServer) {
	c := HTTP{Listen: h.Listen, Password: h.Password, Insecure: h.Insecure, ForwardAuth: h.ForwardAuth}
	if h.Listen == "off" {
		c.Listen = ""
	}
	password := secretAt(at, "password")
	switch {
	case password.failed() || password.missing:
	case utf8.RuneCountInString(h.Password.Reveal()) < leastPassword:
		password.wrongSecretly(veille.Problem{What: "this password is too short", Help: "write at least 8 characters"}, []string{h.Password.Reveal()})
	}
	c.Tokens = l.tokens(h.Tokens)
	for i, host := range h.Hosts {
		if name := strings.ToLower(host); plainHost(name) {
			c.Hosts = append(c.Hosts, name)
		} else {
			at.key("hosts").index(i).wrong("this is no host name", "write the name alone, such as veille.example.org")
		}
	}
	for i, proxy := range h.TrustedProxies {
		prefix, err := parseNetwork(proxy)
		if err != nil {
			at.key("trusted_proxies").index(i).wrong("this is neither an address nor a network", "write 10.0.0.7 or 10.0.0.0/24")
			continue
		}
		c.TrustedProxies = append(c.TrustedProxies, prefix)
	}
	if h.ForwardAuth != "" && len(h.TrustedProxies) == 0 {
		at.key("forward_auth").wrong("anybody could send this header", "name the proxy under trusted_proxies")
	}
	l.listen(at, c)
	l.config.HTTP = c
}

// secretAt is the place of a secret, or of the file that holds it.
func secretAt(at place, key string) place {
	if file := at.key(key + "_file"); !file.missing {
		return file
	}
	return at.key(key)
}

func (l *loader) tokens(tokens []httpToken) []Token {
	var out []Token
	names := map[string]place{}
	for _, t := range tokens {
		if !t.At.decoded() || t.At.failed() {
			continue
		}
		if name := t.At.key("name"); checkName(name, t.Name) {
			claim(names, t.Name, name, "token")
		}
		secret := secretAt(t.At, "token")
		if s := t.Token.Reveal(); !secret.failed() && utf8.RuneCountInString(s) < leastToken {
			secret.wrongSecretly(veille.Problem{What: "this token is too short to be secret", Help: "write at least 16 characters: openssl rand -hex 24"}, []string{s})
		}
		out = append(out, Token{Name: t.Name, Secret: t.Token, Write: t.Write})
	}
	return out
}

func (l *loader) listen(at place, c HTTP) {
	where := at.key("listen")
	if c.Listen == "" || where.failed() {
		return
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if n, convErr := strconv.Atoi(port); err != nil || convErr != nil || n < 0 || n > 65535 {
		where.wrong("this is not host:port", "write 127.0.0.1:8080, or off")
		return
	}
	guarded := !secretAt(at, "password").missing || !at.key("tokens").missing || c.ForwardAuth != ""
	if !guarded && !c.Insecure && !loopback(host) {
		where.wrong("others can reach this address, and nothing asks them for a password",
			"set http.password or http.tokens, listen on 127.0.0.1, or write insecure: true if everybody may read and command all")
	}
}

// loopback reports whether only this machine can reach a host.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

func parseNetwork(s string) (netip.Prefix, error) {
	if strings.Contains(s, "/") {
		p, err := netip.ParsePrefix(s)
		return p.Masked(), err
	}
	ip, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return ip.Unmap().WithZone("").Prefix(ip.Unmap().BitLen())
}

// plainHost reports whether a name could stand in a Host header without port.
func plainHost(name string) bool {
	if name == "" || len(name) > 253 {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return !(r == '-' || r == '.' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z')
	})
}
