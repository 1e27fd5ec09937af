package notify

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"veille"
)

const (
	// attemptTimeout bounds one attempt, from the dial to the last byte read.
	attemptTimeout = 15 * time.Second
	// maxAnswer is how many bytes of an answer are read.
	maxAnswer = 64 << 10
	// maxDetail bounds the text of a delivery error, in bytes.
	maxDetail = 400
)

// sender makes one HTTP request an attempt. It follows no redirect: the next
// host was not given by the operator, and would receive the alert.
type sender struct {
	client *http.Client
	agent  string
}

func newSender(env Env) *sender {
	transport := env.Transport
	if transport == nil {
		transport = NewTransport()
	}
	agent := env.UserAgent
	if agent == "" {
		agent = "Veille"
	}
	return &sender{
		agent: agent,
		client: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// answer is what a receiver said.
type answer struct {
	status int
	// after is the time it asked to wait for, 0 if it did not.
	after time.Duration
	// body is at most maxAnswer bytes; what is missing is not an error, for
	// the status alone tells whether the receiver took the alert.
	body []byte
}

// send makes a request of a target. The error is a *veille.DeliveryError that
// names the host and nothing else of the address.
func (s *sender) send(ctx context.Context, t *target, r request) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, cmp.Or(r.method, http.MethodPost), cmp.Or(r.url, t.url).String(), bytes.NewReader(r.body))
	if err != nil {
		return answer{}, t.refuse(veille.VerdictRetry, 0, 0, "the request cannot be written")
	}
	req.Header = r.header
	req.Header.Set("User-Agent", s.agent)
	resp, err := s.client.Do(req)
	if err != nil {
		return answer{}, t.unreachable(err)
	}
	defer func() { _ = resp.Body.Close() }()
	a := answer{status: resp.StatusCode, after: retryAfter(resp.Header.Get("Retry-After"), time.Now())}
	a.body, _ = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return a, nil
}

// unreachable words an error of the transport, which holds the whole URL.
func (t *target) unreachable(err error) *veille.DeliveryError {
	var (
		what    string
		dns     *net.DNSError
		timeout net.Error
	)
	switch {
	case errors.Is(err, ErrForbiddenAddress):
		what = "its name leads to a link-local or metadata address, which is never connected to"
	case errors.As(err, &dns):
		what = "its name was not resolved"
		if dns.IsNotFound {
			what = "its name does not exist"
		}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		what = fmt.Sprintf("no answer within %d s", attemptTimeout/time.Second)
	case errors.Is(err, context.Canceled):
		what = "the attempt was cut short"
	default:
		what = err.Error()
	}
	return t.refuse(veille.VerdictPause, 0, 0, what)
}

// refuse makes the error of an attempt that was not accepted.
func (t *target) refuse(v veille.Verdict, status int, after time.Duration, what string) *veille.DeliveryError {
	return &veille.DeliveryError{
		Verdict: v,
		After:   after,
		Status:  status,
		Err:     errors.New(t.scrub(t.url.Hostname(), 100) + ": " + t.scrub(what, maxDetail)),
	}
}
