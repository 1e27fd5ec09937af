package notify

import (
	"net/http"
	"strings"
	"time"

	"veille"
)

// maxWait is the longest time that a receiver may ask to wait for.
const maxWait = 24 * time.Hour

// retryAfter reads a Retry-After field (RFC 9110, section 10.2.3): seconds, or
// a date. Fractions of a second, which some services send, round up. A value
// that is not understood, or that lies in the past, is 0: no wish.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" || len(value) > 64 {
		return 0
	}
	if whole, fraction, ok := strings.Cut(value, "."); digits(whole) && (!ok || digits(fraction)) {
		var seconds time.Duration
		for _, c := range whole {
			if seconds = 10*seconds + time.Duration(c-'0'); seconds >= maxWait/time.Second {
				return maxWait
			}
		}
		if strings.Trim(fraction, "0") != "" {
			seconds++
		}
		return seconds * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil || !at.After(now) {
		return 0
	}
	return min(at.Sub(now), maxWait)
}

// secondsOf is a wish in seconds, as some services write it into the body.
func secondsOf(s float64) time.Duration {
	if !(s > 0) {
		return 0
	}
	if s >= maxWait.Seconds() {
		return maxWait
	}
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// judge reads the status of an answer; nil means that it accepts. detail is
// what the body says, and may be empty.
func (t *target) judge(a answer, detail string) error {
	refuse := func(v veille.Verdict, what string) error {
		if detail != "" {
			what += ": " + detail
		}
		return t.refuse(v, a.status, a.after, what)
	}
	switch {
	case a.status >= 200 && a.status < 300:
		return nil
	case a.status >= 300 && a.status < 400:
		return refuse(veille.VerdictRetry, "answered with a redirect, which is never followed; update the URL")
	}
	switch a.status {
	case http.StatusGone:
		return refuse(veille.VerdictDisable, "says that it is gone for good")
	case http.StatusUnauthorized, http.StatusForbidden:
		return refuse(veille.VerdictPause, "refuses access; check the URL and its permissions")
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return refuse(veille.VerdictPause, "asks to wait")
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return refuse(veille.VerdictPoison, "does not take this alert")
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return refuse(veille.VerdictRetry, "knows nothing at this address; check the URL")
	}
	if a.status >= 500 {
		return refuse(veille.VerdictPause, "is unwell")
	}
	return refuse(veille.VerdictRetry, "gave an answer that is not understood")
}
