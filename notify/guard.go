package notify

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// ErrForbiddenAddress says that a receiver's host leads to an address that is
// never a receiver: link-local, multicast, or a cloud's metadata service.
var ErrForbiddenAddress = errors.New("link-local or metadata address")

// forbidden are the addresses that answer for the machine itself in a cloud.
// Private addresses are not among them: the operator gave the address.
func forbidden(a netip.Addr) bool {
	a = embedded(a.Unmap().WithZone(""))
	if a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() {
		return true
	}
	if a.Is4() {
		switch a.As4() {
		case [4]byte{168, 63, 129, 16}, // Azure WireServer
			[4]byte{100, 100, 100, 200}, // Alibaba Cloud
			[4]byte{192, 0, 0, 192},     // Oracle Cloud
			[4]byte{255, 255, 255, 255}:
			return true
		}
		return false
	}
	b := a.As16()
	return b[0] == 0xfd && b[1] == 0x00 && b[2] == 0x0e && b[3] == 0xc2 || // fd00:ec2::/32, Amazon
		a == netip.AddrFrom16([16]byte{0: 0xfd, 1: 0x20, 3: 0xce, 14: 0x02, 15: 0x54}) // fd20:ce::254, Google
}

// embedded returns the IPv4 address that an IPv6 address is a way to write or
// to reach: IPv4-compatible (RFC 4291), NAT64 (RFC 6052, RFC 8215), 6to4
// (RFC 3056). Any other address is returned as it is.
func embedded(a netip.Addr) netip.Addr {
	if !a.Is6() {
		return a
	}
	b := a.As16()
	tail := netip.AddrFrom4([4]byte(b[12:16]))
	switch {
	case [12]byte(b[:12]) == [12]byte{}:
		if a == netip.IPv6Unspecified() || a == netip.IPv6Loopback() {
			return a
		}
		return tail
	case b[0] == 0 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b && (b[4] == 0 && b[5] == 0 || b[4] == 0 && b[5] == 1):
		return tail
	case b[0] == 0x20 && b[1] == 0x02:
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return a
}

// guardedDialer connects receivers. It looks at the address being connected to,
// after every name was resolved, and so holds against DNS answers that change.
func guardedDialer() *net.Dialer {
	return &net.Dialer{
		Timeout:   5 * time.Second,
		KeepAlive: 30 * time.Second,
		Control: func(_, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("%w: unreadable address", ErrForbiddenAddress)
			}
			if forbidden(ap.Addr()) {
				return fmt.Errorf("%w: %s", ErrForbiddenAddress, ap.Addr())
			}
			return nil
		},
	}
}

// NewTransport returns the transport that receivers are reached through, by a
// guarded dialer. It never uses a proxy from the environment, which would hide
// the address being connected to.
func NewTransport() *http.Transport {
	return &http.Transport{
		DialContext:            guardedDialer().DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConns:           16,
		MaxIdleConnsPerHost:    1,
		MaxResponseHeaderBytes: maxAnswer,
		DisableCompression:     true,
	}
}
