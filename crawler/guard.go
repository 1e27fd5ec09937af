package crawler

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	"code.dny.dev/ssrf"
)

// A guard says whether an address may be connected to. It is asked with the
// address of the connection itself, after DNS, so that neither a redirect nor
// a name that changes its mind passes it by.
type guard func(netip.AddrPort) error

// blockedError says that a guard refused an address.
type blockedError struct {
	addr netip.AddrPort
	err  error
}

func (e *blockedError) Error() string { return fmt.Sprintf("%s: %v", e.addr, e.err) }
func (e *blockedError) Unwrap() error { return e.err }

var errMetadata = errors.New("link-local and cloud metadata addresses are never fetched")

// metadata lists what no configuration opens: link-local networks, and the
// metadata services that hide at other addresses (Azure's is a public one).
var metadata = []netip.Prefix{
	netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("168.63.129.16/32"),
	netip.MustParsePrefix("100.100.100.200/32"),
	netip.MustParsePrefix("192.0.0.192/32"),
	netip.MustParsePrefix("fe80::/10"),
	netip.MustParsePrefix("fd00:ec2::/32"),
	netip.MustParsePrefix("fd20:ce::254/128"),
}

func refuseMetadata(addr netip.Addr) error {
	addr = addr.Unmap().WithZone("")
	for _, p := range metadata {
		if p.Contains(addr) {
			return errMetadata
		}
	}
	return nil
}

// publicPorts are the ports of public hosts that are fetched: others belong to
// services that must not be reached through a link.
var publicPorts = []uint16{80, 443, 8080, 8443}

// CheckPort judges the port of a source's URL, "" being the scheme's own. A
// source that may be private may be on any port.
func CheckPort(port string, allowPrivate bool) error {
	n, err := strconv.ParseUint(port, 10, 16)
	if port == "" || allowPrivate || err == nil && slices.Contains(publicPorts, uint16(n)) {
		return nil
	}
	return fmt.Errorf("a public host is fetched on port 80, 443, 8080 or 8443 only, not on %s", port)
}

// publicGuard admits global unicast addresses (IANA special-purpose registries)
// on the usual web ports.
func publicGuard() guard {
	return guarded(ssrf.New(ssrf.WithPorts(publicPorts...)))
}

// privateGuard admits loopback and private addresses too, on any port.
func privateGuard() guard {
	return guarded(ssrf.New(
		ssrf.WithAnyPort(),
		ssrf.WithAllowedV4Prefixes(
			netip.MustParsePrefix("127.0.0.0/8"),
			netip.MustParsePrefix("10.0.0.0/8"),
			netip.MustParsePrefix("172.16.0.0/12"),
			netip.MustParsePrefix("192.168.0.0/16"),
			netip.MustParsePrefix("100.64.0.0/10"),
		),
		ssrf.WithAllowedV6Prefixes(
			netip.MustParsePrefix("::1/128"),
			netip.MustParsePrefix("fc00::/7"),
		),
	))
}

func guarded(g *ssrf.Guardian) guard {
	return func(at netip.AddrPort) error {
		if err := refuseMetadata(at.Addr()); err != nil {
			return err
		}
		return g.SafeAddrPort(at)
	}
}
