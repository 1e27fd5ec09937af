package crawler

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"veille"
)

// unreadPerReader is how many bodies may wait for each reader before the next
// page is asked for: memory must not grow with the number of hosts.
const unreadPerReader = 4

// awaitReaders holds a request back while the readers are behind.
func (c *Crawler) awaitReaders(ctx context.Context) error {
	for int(c.unread.Load()) >= unreadPerReader*cap(c.parsing) {
		timer := time.NewTimer(100 * time.Millisecond)
		select {
		case <-c.drained:
		case <-timer.C: // another request may have taken the signal
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		timer.Stop()
	}
	c.tellDrained()
	return nil
}

// tellDrained lets one waiting request look again.
func (c *Crawler) tellDrained() {
	select {
	case c.drained <- struct{}{}:
	default:
	}
}

// read runs one of the pure readers over foreign bytes, no more of them at once
// than there are processors. A panic in there is a broken page, not the end of
// the daemon.
func (c *Crawler) read(ctx context.Context, url string, f func() error) (err error) {
	c.unread.Add(1)
	defer func() {
		c.unread.Add(-1)
		c.tellDrained()
	}()
	select {
	case c.parsing <- struct{}{}:
	case <-ctx.Done():
		return &veille.FetchError{Kind: veille.FetchTimeout, URL: url, Err: ctx.Err()}
	}
	defer func() {
		<-c.parsing
		if p := recover(); p != nil {
			c.log.Error("reading a page panicked", "url", url, "panic", fmt.Sprintf("%.200v", p), "stack", string(debug.Stack()))
			err = &veille.FetchError{Kind: veille.FetchBroken, URL: url, Err: fmt.Errorf("panic: %.200v", p)}
		}
	}()
	if err = f(); err == nil {
		return nil
	}
	fe := &veille.FetchError{Kind: veille.FetchBroken, URL: url, Err: err}
	errors.As(err, &fe)
	if fe.URL == "" {
		fe.URL = url
	}
	return fe
}
