package crawler

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"veille"
)

const (
	// maxRetryAfter caps what a server may ask for.
	maxRetryAfter = 24 * time.Hour
	// throttlePause is how long a host is left alone that answers 429 without
	// saying for how long.
	throttlePause = time.Minute
)

// fetchError gives any error of a request its kind.
func fetchError(t target, err error) *veille.FetchError {
	if fe, ok := errors.AsType[*veille.FetchError](err); ok {
		return fe
	}
	err = withoutURL(err)
	e := &veille.FetchError{Kind: kindOf(err), URL: t.String(), Err: err}
	if paused, ok := errors.AsType[*pausedError](err); ok {
		e.RetryAfter = paused.until
	}
	return e
}

func kindOf(err error) veille.FetchErrorKind {
	var (
		f       *fault
		paused  *pausedError
		blocked *blockedError
		dns     *net.DNSError
		secure  *tlsError
		ne      net.Error
	)
	switch {
	case errors.As(err, &f):
		return f.kind
	case errors.As(err, &paused):
		return veille.FetchThrottled
	case errors.As(err, &blocked):
		return veille.FetchBlocked
	case errors.As(err, &dns):
		return veille.FetchDNS
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled),
		errors.As(err, &ne) && ne.Timeout():
		return veille.FetchTimeout
	case errors.As(err, &secure):
		return veille.FetchTLS
	}
	return veille.FetchConnect
}

// statusError gives every status that is not a success its kind, and nil to
// the others.
func statusError(t target, a answer, now time.Time) *veille.FetchError {
	var kind veille.FetchErrorKind
	switch s := a.status; {
	case challenged(a.header):
		kind = veille.FetchBotWall
	case s == http.StatusOK, s == http.StatusNonAuthoritativeInfo, s == http.StatusNotModified:
		return nil
	case s == http.StatusNoContent, s == http.StatusResetContent:
		kind = veille.FetchEmpty
	case s == http.StatusUnauthorized, s == http.StatusPaymentRequired, s == http.StatusForbidden,
		s == http.StatusUnavailableForLegalReasons:
		kind = veille.FetchForbidden
	case s == http.StatusNotFound:
		kind = veille.FetchNotFound
	case s == http.StatusGone:
		kind = veille.FetchGone
	case s == http.StatusTooManyRequests:
		kind = veille.FetchThrottled
	case s >= 500:
		kind = veille.FetchServer
	default:
		kind = veille.FetchStatus
	}
	e := &veille.FetchError{Kind: kind, URL: t.String(), Status: a.status}
	if wait, ok := retryAfter(a, now); ok {
		e.RetryAfter = now.Add(wait)
	}
	return e
}

// challenged reports whether a bot wall answered instead of the site. Such a
// page is never read as an article, whatever its status.
func challenged(h http.Header) bool {
	return strings.EqualFold(h.Get("Cf-Mitigated"), "challenge") || h.Get("X-Amzn-Waf-Action") != ""
}

// retryAfter reads the Retry-After of a 429 or 503 (RFC 9110, section 10.2.3):
// seconds or a date, capped; what is neither, or lies in the past, is ignored.
func retryAfter(a answer, now time.Time) (time.Duration, bool) {
	if a.status != http.StatusTooManyRequests && a.status != http.StatusServiceUnavailable {
		return 0, false
	}
	value := strings.TrimSpace(a.header.Get("Retry-After"))
	var wait time.Duration
	if isDigits(value) {
		wait = maxRetryAfter
		if s, err := strconv.ParseInt(value, 10, 32); err == nil {
			wait = time.Duration(s) * time.Second
		}
	} else if at, err := http.ParseTime(value); err == nil {
		// A difference of times saturates; it does not overflow.
		wait = at.Sub(now)
	}
	return min(wait, maxRetryAfter), wait > 0
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
