package crawler

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

const (
	dialTimeout      = 10 * time.Second // name resolution and TCP together
	handshakeTimeout = 10 * time.Second
	headerTimeout    = 15 * time.Second
	idleTimeout      = 90 * time.Second
	maxHeader        = 256 << 10
	maxIdle          = 512
	maxIdlePerHost   = 2
)

// network is where the crawler's connections come from. Its zero value is the
// real one.
type network struct {
	public, private guard
	resolver        *net.Resolver
	roots           *x509.CertPool
}

// tlsError marks a failed handshake.
type tlsError struct{ err error }

func (e *tlsError) Error() string { return e.err.Error() }
func (e *tlsError) Unwrap() error { return e.err }

// transport returns a pool of connections behind a guard. It takes no proxy
// from the environment: the guard would see the proxy's address, not the
// host's. Compression is left to wire.
func (n network) transport(allows guard, timeout time.Duration) *http.Transport {
	dialer := &net.Dialer{
		Timeout:   min(dialTimeout, timeout),
		KeepAlive: 30 * time.Second,
		Resolver:  n.resolver,
		Control: func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil {
				return &blockedError{err: err}
			}
			if err := allows(at); err != nil {
				return &blockedError{addr: at, err: err}
			}
			return nil
		},
	}
	config := &tls.Config{
		RootCAs:            n.roots,
		NextProtos:         []string{"h2", "http/1.1"},
		ClientSessionCache: tls.NewLRUClientSessionCache(maxIdle),
	}
	return &http.Transport{
		DialContext: dialer.DialContext,
		DialTLSContext: func(ctx context.Context, netw, address string) (net.Conn, error) {
			name, _, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			conn, err := dialer.DialContext(ctx, netw, address)
			if err != nil {
				return nil, err
			}
			config := config.Clone()
			config.ServerName = name
			secure := tls.Client(conn, config)
			ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
			defer cancel()
			if err := secure.HandshakeContext(ctx); err != nil {
				_ = conn.Close()
				return nil, &tlsError{err}
			}
			return secure, nil
		},
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    maxIdlePerHost,
		IdleConnTimeout:        idleTimeout,
		ResponseHeaderTimeout:  min(headerTimeout, timeout),
		MaxResponseHeaderBytes: maxHeader,
	}
}
