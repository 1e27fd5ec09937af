package crawler

import (
	"context"
	"errors"
	"net/http"
	"time"

	"veille"
)

// fetchRobots gets the robots.txt of a target's origin. A nil text without an
// error means that there are no rules: the file does not exist. Redirects are
// followed, to other hosts too, and what they lead to holds for this origin
// (RFC 9309, section 2.3.1.2).
func (c *Crawler) fetchRobots(ctx context.Context, t target, private bool) ([]byte, error) {
	at, err := t.follow("/robots.txt")
	if err != nil {
		return nil, faultf(veille.FetchRobots, "robots.txt: %w", err)
	}
	header := http.Header{"Accept": {"text/plain,*/*;q=0.8"}, "Accept-Encoding": {"gzip"}, "User-Agent": {c.userAgent}}
	for hops := 0; ; hops++ {
		rt := c.route(private && at.key == t.key)
		if addr, ok := at.literal(); ok {
			if err := rt.allows(addr); err != nil {
				return nil, faultf(veille.FetchRobots, "robots.txt: %w", &blockedError{addr, err})
			}
		}
		a, err := c.send(ctx, rt.robots, at, rankPoll, 0, header.Clone())
		if err != nil {
			return nil, robotsError(at, hops, err)
		}
		switch location := redirection(a); {
		case location != "" && hops == maxHops:
			return nil, nil // more redirects than that are a missing file
		case location != "":
			if at, err = at.follow(location); err != nil {
				return nil, faultf(veille.FetchRobots, "robots.txt: redirect to %.100q: %w", redact(location), err)
			}
		case a.status/100 == 2:
			return a.body, nil
		case a.status == http.StatusTooManyRequests, a.status >= 500:
			return nil, robotsUnavailable(t, a)
		default:
			return nil, nil
		}
	}
}

// robotsUnavailable disallows everything for now. RFC 9309 would let a 429
// count as a missing file; here it is what it says.
func robotsUnavailable(t target, a answer) error {
	fe := statusError(t, a, time.Now())
	if a.status != http.StatusTooManyRequests {
		fe.Kind = veille.FetchRobots
	}
	fe.Err = errors.New("robots.txt cannot be had: everything is disallowed")
	return fe
}

// robotsError keeps the kind of a failure that is the host's, not the file's:
// a host that is down is down, and not forbidding.
func robotsError(at target, hops int, err error) error {
	fe := fetchError(at, err)
	switch fe.Kind {
	case veille.FetchTimeout, veille.FetchDNS, veille.FetchConnect, veille.FetchTLS, veille.FetchBlocked,
		veille.FetchThrottled, veille.FetchBadURL:
		if hops == 0 {
			return fe
		}
	}
	return faultf(veille.FetchRobots, "robots.txt: %w", fe)
}
