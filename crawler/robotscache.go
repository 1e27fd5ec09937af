package crawler

import (
	"container/list"
	"context"
	"sync"
	"time"
)

const (
	// robotsTTL is how long a robots.txt holds, and how much longer the last
	// good one stands in while the file cannot be had (RFC 9309, section 2.4).
	robotsTTL = 24 * time.Hour
	// robotsRetry is how long a failure to get a robots.txt is believed.
	robotsRetry = time.Minute
	// maxRobotsHosts and maxRobotsBytes bound what is remembered; the host not
	// asked for longest goes first.
	maxRobotsHosts = 16384
	maxRobotsBytes = 32 << 20
)

// robotsKey names a robots.txt. A host reached by the private route may be
// another one than the public host of the same name.
type robotsKey struct {
	origin  string
	private bool
}

// robotsCache remembers what the robots.txt of each origin says.
type robotsCache struct {
	token string
	fetch func(ctx context.Context, t target, private bool) ([]byte, error)

	mu      sync.Mutex
	entries map[robotsKey]*list.Element // of *robotsEntry
	recent  list.List
	bytes   int
	fetches uint64
}

type robotsEntry struct {
	key     robotsKey
	rules   rules
	good    time.Time // when rules were fetched; zero if never
	fresh   time.Time // until when to answer without asking
	failure error     // the last fetch, nil if it went well
	cost    int
	// fetching is closed when the fetch under way ends.
	fetching chan struct{}
}

func newRobotsCache(token string, fetch func(context.Context, target, bool) ([]byte, error)) *robotsCache {
	return &robotsCache{token: token, fetch: fetch, entries: map[robotsKey]*list.Element{}}
}

// rules returns the rules for a target, fetching them if need be; those who ask
// at the same time share one fetch. An error means that nothing may be fetched.
func (c *robotsCache) rules(ctx context.Context, t target, private bool) (rules, error) {
	key := robotsKey{t.origin(), private}
	for {
		c.mu.Lock()
		e := c.entry(key)
		now := time.Now()
		if now.Before(e.fresh) {
			defer c.mu.Unlock()
			return e.answer(now)
		}
		if wait := e.fetching; wait != nil {
			c.mu.Unlock()
			select {
			case <-wait:
				continue
			case <-ctx.Done():
				return rules{}, ctx.Err()
			}
		}
		done := make(chan struct{})
		e.fetching = done
		c.fetches++
		c.mu.Unlock()

		text, err := c.fetch(ctx, t, private)

		c.mu.Lock()
		defer c.mu.Unlock()
		e.fetching = nil
		close(done)
		if err != nil && ctx.Err() != nil {
			// The caller left; that says nothing about the host.
			return rules{}, err
		}
		now = time.Now()
		if e.failure = err; err != nil {
			e.fresh = now.Add(robotsRetry)
			return e.answer(now)
		}
		e.rules, e.good, e.fresh = parseRobots(text, c.token), now, now.Add(robotsTTL)
		c.account(e)
		return e.answer(now)
	}
}

func (e *robotsEntry) answer(now time.Time) (rules, error) {
	if e.failure == nil || !e.good.IsZero() && now.Before(e.good.Add(2*robotsTTL)) {
		return e.rules, nil
	}
	return rules{}, e.failure
}

// entry returns the entry of a key, a new one if need be, and forgets others.
func (c *robotsCache) entry(key robotsKey) *robotsEntry {
	if el := c.entries[key]; el != nil {
		c.recent.MoveToFront(el)
		return el.Value.(*robotsEntry)
	}
	e := &robotsEntry{key: key}
	c.entries[key] = c.recent.PushFront(e)
	c.shrink()
	return e
}

// account sums the memory of the rules.
func (c *robotsCache) account(e *robotsEntry) {
	cost := 0
	for _, r := range e.rules.list {
		cost += 2*len(r.pattern) + 64 + 16*len(r.pieces)
	}
	for _, s := range e.rules.sitemaps {
		cost += len(s) + 16
	}
	if el := c.entries[e.key]; el == nil || el.Value.(*robotsEntry) != e {
		return // forgotten while it was fetched
	}
	c.bytes += cost - e.cost
	e.cost = cost
	c.shrink()
}

func (c *robotsCache) shrink() {
	for el := c.recent.Back(); el != nil && (len(c.entries) > maxRobotsHosts || c.bytes > maxRobotsBytes); {
		e, before := el.Value.(*robotsEntry), el.Prev()
		if e.fetching == nil && before != nil {
			c.recent.Remove(el)
			delete(c.entries, e.key)
			c.bytes -= e.cost
		}
		el = before
	}
}
