package veille

import (
	"errors"
	"fmt"
	"time"
)

// ErrNotFound says that the store does not hold what was asked for.
var ErrNotFound = errors.New("not found")

// ErrConflict says that an article moved on since it was read: another owner
// committed a revision. The caller reads again and decides anew.
var ErrConflict = errors.New("revision conflict")

// ErrStoreFull says that the disk, or the size allowed for the store, is
// exhausted. What was committed stays; deliveries may go on.
var ErrStoreFull = errors.New("store full")

// Problem is one mistake in something that a person wrote.
type Problem struct {
	// Path names the place below the thing that was checked: "query", "all[1]",
	// "slack.url"; empty for the thing itself.
	Path string
	// Offset is the byte offset of the mistake within a text value; 0 when
	// the whole value is meant.
	Offset int
	// What says what is wrong, Help what to write instead.
	What string
	Help string
}

func (p Problem) Error() string {
	s := p.What
	if p.Path != "" {
		s = p.Path + ": " + s
	}
	if p.Help != "" {
		s += "; " + p.Help
	}
	return s
}

// FetchErrorKind classifies why a page could not be had.
type FetchErrorKind string

// The kinds of fetch error.
const (
	FetchTimeout   FetchErrorKind = "timeout"
	FetchDNS       FetchErrorKind = "dns"
	FetchConnect   FetchErrorKind = "connect"
	FetchTLS       FetchErrorKind = "tls"
	FetchBlocked   FetchErrorKind = "blocked_address"
	FetchBadURL    FetchErrorKind = "bad_url"
	FetchRobots    FetchErrorKind = "robots"
	FetchRedirect  FetchErrorKind = "redirect"
	FetchTooLarge  FetchErrorKind = "too_large"
	FetchBomb      FetchErrorKind = "decompression_bomb"
	FetchEncoding  FetchErrorKind = "bad_encoding"
	FetchTruncated FetchErrorKind = "truncated"
	FetchEmpty     FetchErrorKind = "empty"
	FetchNotFound  FetchErrorKind = "not_found"
	FetchGone      FetchErrorKind = "gone"
	FetchForbidden FetchErrorKind = "forbidden"
	FetchThrottled FetchErrorKind = "throttled"
	FetchServer    FetchErrorKind = "server_error"
	FetchStatus    FetchErrorKind = "unexpected_status"
	FetchBotWall   FetchErrorKind = "bot_wall"
	FetchNotHTML   FetchErrorKind = "not_html"
	FetchBroken    FetchErrorKind = "broken_page"
	FetchBadFeed   FetchErrorKind = "bad_feed"
)

// FetchError says why a page could not be had. It never holds a secret: URL
// is without user information.
type FetchError struct {
	Kind   FetchErrorKind
	URL    string
	Status int
	// RetryAfter is the time that the server asked to wait for; zero if it did
	// not ask.
	RetryAfter time.Time
	Err        error
}

func (e *FetchError) Error() string {
	s := string(e.Kind)
	if e.URL != "" {
		s = e.URL + ": " + s
	}
	if e.Status != 0 {
		s += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *FetchError) Unwrap() error { return e.Err }

// Temporary reports whether another try may succeed without anybody acting.
func (e *FetchError) Temporary() bool {
	switch e.Kind {
	case FetchTimeout, FetchDNS, FetchConnect, FetchTruncated, FetchThrottled, FetchServer, FetchEmpty, FetchTLS, FetchRobots, FetchForbidden, FetchBotWall:
		return true
	}
	return false
}

// DeliveryError is the verdict on a delivery that was not accepted.
type DeliveryError struct {
	Verdict Verdict
	// After is how long the receiver asked to wait; a floor, 0 if it did not.
	After  time.Duration
	Status int
	// Err is redacted and at most 512 bytes long.
	Err error
}

func (e *DeliveryError) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("%s (HTTP %d): %v", e.Verdict, e.Status, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Verdict, e.Err)
}

func (e *DeliveryError) Unwrap() error { return e.Err }

// Verdict is what to do with a delivery that was not accepted.
type Verdict string

// The verdicts.
const (
	// VerdictRetry: this delivery failed; try it again later.
	VerdictRetry Verdict = "retry"
	// VerdictPause: the receiver is unwell or asks to wait; hold all its
	// deliveries back, and count no attempt against this one.
	VerdictPause Verdict = "pause"
	// VerdictPoison: the receiver will never take this delivery as it is.
	VerdictPoison Verdict = "poison"
	// VerdictDisable: the receiver refuses for good until somebody acts.
	VerdictDisable Verdict = "disable"
)
