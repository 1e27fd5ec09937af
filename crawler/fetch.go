package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"veille"
)

// maxHops bounds the redirects followed from one URL.
const maxHops = 5

const accept = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.8"

// request is one page to get, with the redirects on the way.
type request struct {
	source veille.Source
	url    string
	rank   rank
	// known returns what is remembered of a URL; each hop asks for its own.
	known func(ctx context.Context, url string) veille.Validators
}

// forgetful makes a request unconditional.
func forgetful(context.Context, string) veille.Validators { return veille.Validators{} }

// fetch gets a page, following redirects; every error is a *veille.FetchError.
// Each hop is a request of its own: it passes the address checks, robots.txt
// and the gate of its own host.
func (c *Crawler) fetch(ctx context.Context, r request) (page, error) {
	at, err := parseTarget(r.url)
	if err != nil {
		return page{}, badURL(r.url, err)
	}
	home, err := parseTarget(r.source.URL)
	if err != nil {
		return page{}, badURL(r.source.URL, err)
	}
	visited := map[string]bool{}
	downgraded, refreshed := false, false
	for {
		visited[at.String()] = true
		p, location, err := c.hop(ctx, r, home, at)
		if err != nil {
			return page{}, fetchError(at, err)
		}
		if location == "" && !refreshed {
			location = c.refresh(at, p, visited)
			refreshed = location != ""
		}
		if location == "" {
			return p, nil
		}
		next, err := at.follow(location)
		switch down := at.url.Scheme == "https" && next.url != nil && next.url.Scheme == "http"; {
		case err != nil:
			return page{}, fetchError(at, faultf(veille.FetchRedirect, "redirect to %.100q: %w", redact(location), err))
		case len(visited) > maxHops:
			return page{}, fetchError(at, faultf(veille.FetchRedirect, "more than %d redirects", maxHops))
		case visited[next.String()]:
			return page{}, fetchError(at, faultf(veille.FetchRedirect, "redirect loop"))
		case down && downgraded:
			return page{}, fetchError(at, faultf(veille.FetchRedirect, "redirected to http twice"))
		case down:
			downgraded = true
			c.log.Debug("redirected from https to http", "source", r.source.Name, "url", at.String())
		}
		c.stats.redirects.Add(1)
		at = next
	}
}

// hop makes one request of a page, and returns the page or where it went.
func (c *Crawler) hop(ctx context.Context, r request, home, at target) (p page, location string, err error) {
	private := r.source.AllowPrivate && at.key == home.key
	rt := c.route(private)
	if addr, ok := at.literal(); ok {
		if err := rt.allows(addr); err != nil {
			return page{}, "", &blockedError{addr, err}
		}
	}
	rs, err := c.robots.rules(ctx, at, private)
	if err != nil {
		return page{}, "", err
	}
	if ok, pattern := rs.allows(at.request()); !ok {
		c.stats.denied.Add(1)
		return page{}, "", faultf(veille.FetchRobots, "robots.txt disallows %.200q", pattern)
	}
	known := r.known(ctx, at.String())
	header := c.header(r.source, home, at)
	if known.ETag != "" {
		header.Set("If-None-Match", known.ETag)
	}
	if known.LastModified != "" {
		header.Set("If-Modified-Since", known.LastModified)
	}
	a, err := c.send(ctx, rt.pages, at, r.rank, rs.delay, header)
	if err == nil && a.status == http.StatusNotModified && known.ETag == "" && known.LastModified == "" {
		// Not modified since when? Nothing was said; it is asked once more, past
		// any cache.
		header.Set("Cache-Control", "no-cache")
		if a, err = c.send(ctx, rt.pages, at, r.rank, rs.delay, header); err == nil && a.status == http.StatusNotModified {
			return page{}, "", &veille.FetchError{Kind: veille.FetchStatus, URL: at.String(), Status: a.status, Err: errors.New("nothing was known")}
		}
	}
	if err != nil {
		return page{}, "", err
	}
	if location := redirection(a); location != "" {
		return page{}, location, nil
	}
	p, err = c.page(at, a, known)
	if err == nil && c.keep && !p.unchanged {
		p.exchange = exchangeOf(r.source, at, header, a)
	}
	return p, "", err
}

func (c *Crawler) route(private bool) route {
	if private {
		return c.private
	}
	return c.public
}

// header builds the headers of a request. The source's own go to its own host
// only, and never in the clear where the source itself is not.
func (c *Crawler) header(source veille.Source, home, at target) http.Header {
	h := http.Header{}
	if at.key == home.key && (at.url.Scheme == "https" || home.url.Scheme == "http") {
		for name, value := range source.Headers {
			switch http.CanonicalHeaderKey(name) {
			case "Host", "Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "Te", "Trailer":
				// net/http's own; a Host other than the URL's would also undo
				// what was checked.
			default:
				h.Set(name, value.Reveal())
			}
		}
	}
	if h.Get("Accept") == "" {
		h.Set("Accept", accept)
	}
	h.Set("Accept-Encoding", "gzip")
	h.Set("User-Agent", c.userAgent)
	return h
}

// send makes one request in its host's turn, and pauses the host if it asks.
func (c *Crawler) send(ctx context.Context, e *engine, at target, r rank, delay time.Duration, header http.Header) (answer, error) {
	leave, err := c.gate.enter(ctx, at.key, r, delay)
	if err != nil {
		return answer{}, err
	}
	defer leave()
	if err := c.awaitReaders(ctx); err != nil {
		return answer{}, err
	}
	c.stats.inFlight.Add(1)
	defer c.stats.inFlight.Add(-1)
	bounded, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	a, err := e.get(bounded, at, header)
	c.stats.answered(a.status)
	if err != nil {
		if ctx.Err() == nil && bounded.Err() != nil {
			err = faultf(veille.FetchTimeout, "no complete answer within %s", c.timeout)
		}
		return answer{}, err
	}
	now := time.Now()
	if wait, ok := retryAfter(a, now); ok {
		c.pause(at, now.Add(wait))
	} else if a.status == http.StatusTooManyRequests {
		c.pause(at, now.Add(throttlePause))
	} else if a.status < http.StatusInternalServerError && c.gate.welcome(at.key) {
		c.log.Info("host answers again", "host", at.key)
	}
	return a, nil
}

// pause leaves a host alone. A host that asks again and again is logged once.
func (c *Crawler) pause(at target, until time.Time) {
	if c.gate.pause(at.key, until) {
		c.log.Warn("host asks to wait", "host", at.key, "until", until.UTC().Format(time.RFC3339))
	}
}

// badURL says why a URL is none.
func badURL(raw string, err error) *veille.FetchError {
	return &veille.FetchError{Kind: veille.FetchBadURL, URL: redact(raw), Err: err}
}

// redact shortens a URL, which may not be one, and leaves its user information
// out.
func redact(raw string) string {
	if before, rest, ok := strings.Cut(raw, "//"); ok {
		authority := rest
		if i := strings.IndexAny(rest, "/?#"); i >= 0 {
			authority = rest[:i]
		}
		if i := strings.LastIndexByte(authority, '@'); i >= 0 {
			raw = before + "//" + rest[i+1:]
		}
	}
	return fmt.Sprintf("%.200s", raw)
}
