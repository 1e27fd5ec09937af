// Package crawler reaches the web politely: it lists what a source shows and
// reads the pages behind it.
//
// Every request, a robots.txt and each hop of a redirect included, passes the
// same steps: its address is checked, robots.txt is asked (RFC 9309), it waits
// for its host's turn and then for one of the slots, and the connection itself
// is guarded where the address is final. colly is used as a synchronous fetch
// engine and nothing else: queueing, limits, robots, redirects, compression and
// charsets are decided here, because each of them carries a promise.
package crawler

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"veille"
)

// Options configure a Crawler. A zero field means its default.
type Options struct {
	// UserAgent is sent with every request: a product token, a version and a
	// contact, such as "VeilleBot/0.1 (+mailto:ops@example.org)". robots.txt
	// groups are matched against the product token, the letters in front.
	UserAgent string
	// Spacing is the least time between the end of one request to a host and
	// the start of the next, default 1 s. Use a nanosecond for none.
	Spacing time.Duration
	// Timeout bounds one request from dial to the last byte of the body, default
	// 30 s. Waiting for the host's turn is bounded by the caller's context only.
	Timeout time.Duration
	// Parallel bounds the requests in flight over all hosts, default 32.
	Parallel int
	// MaxBody bounds a body in bytes, as sent and after decompression, default
	// 8 MiB.
	MaxBody int64
	// Memory knows the validators of earlier listings and what their sites have
	// taught; nil makes every request of Discover unconditional.
	Memory Memory
	// KeepExchanges leaves in every snapshot what it was read from, for an archive.
	KeepExchanges bool
	// Log is told what is unusual; nil discards it.
	Log *slog.Logger
}

// Memory remembers what earlier visits have taught: the validators of listings
// by URL, and sites by name (discover.SiteOf). What is not known is
// veille.ErrNotFound.
type Memory interface {
	Validators(ctx context.Context, url string) (veille.Validators, error)
	Site(ctx context.Context, name string) (veille.Site, error)
}

const (
	defaultUserAgent = "VeilleBot/0.1"
	defaultSpacing   = time.Second
	defaultTimeout   = 30 * time.Second
	defaultParallel  = 32
	defaultMaxBody   = 8 << 20
)

// Crawler fetches and reads. It is safe for concurrent use, starts no
// goroutine of its own, and every failure it returns is a *veille.FetchError.
type Crawler struct {
	userAgent string
	timeout   time.Duration
	memory    Memory
	keep      bool
	log       *slog.Logger
	gate      *gate
	robots    *robotsCache
	public    route
	private   route
	parsing   chan struct{}
	// unread counts the bodies that wait for a reader or are being read; drained
	// tells a waiting request that there is one less.
	unread  atomic.Int32
	drained chan struct{}
	stats   *stats
	indexes indexMemory
}

// route is one way to the network: public addresses only, or private ones too.
// The two never share a connection: a pool is keyed by host name, and a name
// can resolve to anything.
type route struct {
	allows    guard
	transport *http.Transport
	pages     *engine
	robots    *engine
}

// New returns a Crawler. Call Close when done.
func New(o Options) *Crawler { return newCrawler(o, network{}) }

func newCrawler(o Options, n network) *Crawler {
	if o.UserAgent == "" {
		o.UserAgent = defaultUserAgent
	}
	if o.Spacing <= 0 {
		o.Spacing = defaultSpacing
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Parallel <= 0 {
		o.Parallel = defaultParallel
	}
	if o.MaxBody <= 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if n.public == nil {
		n.public = publicGuard()
	}
	if n.private == nil {
		n.private = privateGuard()
	}
	c := &Crawler{
		userAgent: o.UserAgent,
		timeout:   o.Timeout,
		memory:    o.Memory,
		keep:      o.KeepExchanges,
		log:       o.Log,
		gate:      newGate(o.Spacing, o.Parallel),
		parsing:   make(chan struct{}, runtime.GOMAXPROCS(0)),
		drained:   make(chan struct{}, 1),
		stats:     newStats(),
	}
	c.robots = newRobotsCache(productToken(o.UserAgent), c.fetchRobots)
	c.public = c.newRoute(n, n.public, o.MaxBody)
	c.private = c.newRoute(n, n.private, o.MaxBody)
	return c
}

func (c *Crawler) newRoute(n network, allows guard, maxBody int64) route {
	t := n.transport(allows, c.timeout)
	return route{
		allows:    allows,
		transport: t,
		pages:     newEngine(&wire{base: t, limit: maxBody, stats: c.stats}, c.userAgent),
		robots:    newEngine(&wire{base: t, limit: maxRobots, cut: true, stats: c.stats}, c.userAgent),
	}
}

// Close drops the idle connections. Calls in flight end with their own context.
func (c *Crawler) Close() {
	c.public.transport.CloseIdleConnections()
	c.private.transport.CloseIdleConnections()
}

// Fetch gets one page without reading it: its plain body, the Content-Type as
// sent and the address that answered. It is as polite and guarded as Visit. A
// source without a URL is taken to live where url is.
func (c *Crawler) Fetch(ctx context.Context, source veille.Source, url string) (body []byte, contentType, finalURL string, err error) {
	if source.URL == "" {
		source.URL = url
	}
	p, err := c.fetch(ctx, request{source: source, url: url, rank: rankPoll, known: forgetful})
	if err != nil {
		return nil, "", "", c.failed(err)
	}
	return p.body, p.contentType, p.url, nil
}

// failed counts an error on its way out.
func (c *Crawler) failed(err error) error {
	if fe, ok := errors.AsType[*veille.FetchError](err); ok {
		c.stats.failed(fe.Kind)
	}
	return err
}
