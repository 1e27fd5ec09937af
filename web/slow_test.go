package web_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"veille/web"
	"veille/web/access"
)

// pipes is a listener whose connections are in memory, so that time is the
// bubble's.
type pipes struct {
	calls chan net.Conn
	done  chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.calls:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	close(p.done)
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080} }

// Case 109: whoever sends a form a byte at a time, or no header at all, is cut
// off, and what came of the form is not acted on.
func TestServe_CutsSlowRequestsOff(t *testing.T) {
	head := "POST /deliveries/retry?receiver=desk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n"
	for _, c := range []struct {
		name, sent string
		every      time.Duration
		within     time.Duration
	}{
		{"a form a byte a second", head + "receiver=desk&form_token=" + strings.Repeat("a", 1000), time.Second, 16 * time.Second},
		{"a form that stops", head + "receiver=desk", 24 * time.Hour, 16 * time.Second},
		{"a header a byte a second", "GET / HTTP/1.1\r\nX-Long: " + strings.Repeat("a", 1000), time.Second, 6 * time.Second},
		{"nothing at all", "", 24 * time.Hour, 6 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newHandler(t, access.Policy{})
				listener := newPipes()
				ctx, cancel := context.WithCancel(t.Context())
				var over atomic.Bool
				go func() {
					_ = web.Serve(ctx, listener, s.handler, slog.New(slog.DiscardHandler))
					over.Store(true)
				}()
				ours, theirs := net.Pipe()
				listener.calls <- theirs
				go func() {
					sent := c.sent
					if at := strings.Index(sent, "\r\n\r\n"); at > 0 {
						_, _ = io.WriteString(ours, sent[:at+4])
						sent = sent[at+4:]
					}
					for i := range len(sent) {
						if _, err := io.WriteString(ours, sent[i:i+1]); err != nil {
							return
						}
						select {
						case <-time.After(c.every):
						case <-ctx.Done():
							return
						}
					}
				}()
				began := time.Now()
				answer, _ := io.ReadAll(ours)
				if lasted := time.Since(began); lasted > c.within {
					t.Errorf("cut off after %v", lasted)
				}
				if strings.HasPrefix(string(answer), "HTTP/1.1 2") || strings.HasPrefix(string(answer), "HTTP/1.1 303") || len(s.archive.retried) != 0 {
					t.Errorf("obeyed: %v\n%s", s.archive.retried, answer)
				}
				_ = ours.Close()
				cancel()
				synctest.Wait()
				time.Sleep(time.Minute)
				synctest.Wait()
				if !over.Load() {
					t.Error("the server goes on")
				}
			})
		})
	}
}
