package notify

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"veille"
)

// recorder is a receiver made of a function; it records what it was handed.
type recorder struct {
	mu    sync.Mutex
	calls []call
	do    func(ctx context.Context, d veille.Delivery, n int) error
}

type call struct {
	event    string
	at       time.Time
	degraded bool
	ok       bool
	// holds are the events of a digest.
	holds []string
}

func (r *recorder) Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error) {
	r.mu.Lock()
	n := len(r.calls)
	c := call{event: d.EventID, at: time.Now(), degraded: d.Degraded}
	for _, e := range d.Event.Events {
		c.holds = append(c.holds, e.ID)
	}
	r.calls = append(r.calls, c)
	r.mu.Unlock()
	var err error
	if r.do != nil {
		err = r.do(ctx, d, n)
	}
	r.mu.Lock()
	r.calls[n].ok = err == nil
	r.mu.Unlock()
	return nil, err
}

func (r *recorder) all() []call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]call(nil), r.calls...)
}

// accepted lists the events that were accepted, in order.
func (r *recorder) accepted() []string {
	var out []string
	for _, c := range r.all() {
		if c.ok {
			out = append(out, c.event)
		}
	}
	return out
}

func event(id string) veille.Event {
	return veille.Event{ID: id, Type: veille.ConfigRejected, Time: time.Now(), Message: id}
}

func verdict(v veille.Verdict, status int, after time.Duration) error {
	return &veille.DeliveryError{Verdict: v, Status: status, After: after, Err: errors.New("no")}
}

// start runs a dispatcher over receivers until the returned function is called.
func start(t *testing.T, d *Dispatcher, receivers map[string]Notifier) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	d.Apply(receivers)
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	return func() error {
		cancel()
		return <-ended
	}
}

type spaced struct{ recorder }

func (*spaced) pace() pace { return slackPace() }

// pipeServer serves HTTP over pipes, so that time in a synctest bubble can
// pass, and returns an Env that reaches it under every host.
func pipeServer(t *testing.T, h http.Handler) Env {
	t.Helper()
	l := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: h}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(l) }()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		here, there := net.Pipe()
		select {
		case l.conns <- there:
			return here, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		<-ended
	})
	return Env{Transport: transport}
}

type pipeListener struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }
