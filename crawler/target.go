package crawler

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"veille"
)

// target is an address that may be requested: absolute, http or https, its
// host in ASCII and lower case, without credentials, fragment, dot segments or
// the scheme's default port.
type target struct {
	url *url.URL
	// key names the host for the gate and for ownership: the host name, and
	// the port unless it is 80 or 443. http and https of one host are one host;
	// two servers on two other ports are two.
	key string
}

var (
	errScheme      = errors.New("only http and https are fetched")
	errHost        = errors.New("invalid host")
	errCredentials = errors.New("credentials in a URL are refused; use headers")
	errLong        = fmt.Errorf("longer than %d bytes", veille.MaxURLLength)
)

// parseTarget reads an absolute URL.
func parseTarget(raw string) (target, error) {
	if len(raw) > veille.MaxURLLength {
		return target{}, errLong
	}
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return target{}, withoutURL(err)
	}
	return newTarget(u)
}

// follow resolves a Location header against the address that sent it.
func (t target) follow(location string) (target, error) {
	if len(location) > veille.MaxURLLength {
		return target{}, errLong
	}
	u, err := t.url.Parse(strings.TrimSpace(location))
	if err != nil {
		return target{}, withoutURL(err)
	}
	return newTarget(u)
}

// withoutURL drops the URL that an error of net/url or net/http repeats: it is
// said once, by the FetchError, and may hold credentials.
func withoutURL(err error) error {
	if ue, ok := errors.AsType[*url.Error](err); ok {
		return ue.Err
	}
	return err
}

func newTarget(u *url.URL) (target, error) {
	scheme := strings.ToLower(u.Scheme)
	if scheme != "http" && scheme != "https" || u.Opaque != "" {
		return target{}, errScheme
	}
	if u.User != nil {
		return target{}, errCredentials
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return target{}, err
	}
	port := u.Port()
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return target{}, errors.New("invalid port")
		}
		port = strconv.FormatUint(n, 10)
	}
	if port == "80" && scheme == "http" || port == "443" && scheme == "https" {
		port = ""
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	key := host
	if port != "" {
		host += ":" + port
		if port != "80" && port != "443" {
			key = host
		}
	}

	// A server, and the URL parser inside colly, read %2e as a dot. It is
	// resolved before robots.txt is asked, not after.
	path := dots.Replace(u.EscapedPath())
	clean, err := url.Parse(scheme + "://" + host + path)
	if err != nil {
		return target{}, errors.New("invalid path")
	}
	clean = clean.ResolveReference(clean)
	if clean.Path == "" {
		clean.Path = "/"
	}
	clean.RawQuery = u.RawQuery
	return target{url: clean, key: key}, nil
}

var dots = strings.NewReplacer("%2e", ".", "%2E", ".")

// asciiHost normalises a host name or address literal.
func asciiHost(host string) (string, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		if addr.Zone() != "" {
			return "", errHost
		}
		return addr.String(), nil
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !plainHost(host) || strings.Contains(host, "xn--") {
		var err error
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return "", errHost
		}
	}
	if host == "" || len(host) > 253 || !plainHost(host) || host[0] == '.' || strings.Contains(host, "..") || strings.HasSuffix(host, ".") {
		return "", errHost
	}
	return host, nil
}

// plainHost reports whether a host name needs no translation: ASCII letters,
// digits, hyphens and dots, and the underscore that local networks use.
func plainHost(host string) bool {
	for i := range len(host) {
		switch c := host[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '.', c == '_':
		default:
			return false
		}
	}
	return true
}

func (t target) String() string { return t.url.String() }

// origin is what a robots.txt belongs to: scheme, host and port.
func (t target) origin() string { return t.url.Scheme + "://" + t.url.Host }

// request is the path and query that robots.txt rules are matched against.
func (t target) request() string {
	s := t.url.EscapedPath()
	if t.url.RawQuery != "" || t.url.ForceQuery {
		s += "?" + t.url.RawQuery
	}
	return s
}

// literal returns the address that the URL names without DNS.
func (t target) literal() (netip.AddrPort, bool) {
	addr, err := netip.ParseAddr(t.url.Hostname())
	if err != nil {
		return netip.AddrPort{}, false
	}
	port := uint64(80)
	if t.url.Scheme == "https" {
		port = 443
	}
	if p := t.url.Port(); p != "" {
		port, _ = strconv.ParseUint(p, 10, 16)
	}
	return netip.AddrPortFrom(addr, uint16(port)), true
}
