package crawler

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"veille"
	"veille/crawler/extract"
)

// Visit fetches and reads one page of a source, and those that continue it where
// it is an article of several; where one of them cannot be had, Snapshot.Cut says
// so. known makes the request conditional. What the page turned out to be, an
// article or a wall in front of it, is Snapshot.Kind.
func (c *Crawler) Visit(ctx context.Context, source veille.Source, url string, known veille.Validators) (veille.Snapshot, error) {
	return c.visit(ctx, source, url, known, rankVisit)
}

// Recheck is Visit for a page that was read before. It waits behind every
// Discover and Visit of its host, and takes no more than every second of a
// host's requests.
func (c *Crawler) Recheck(ctx context.Context, source veille.Source, url string, known veille.Validators) (veille.Snapshot, error) {
	return c.visit(ctx, source, url, known, rankRecheck)
}

func (c *Crawler) visit(ctx context.Context, source veille.Source, url string, known veille.Validators, r rank) (veille.Snapshot, error) {
	remembered := func(context.Context, string) veille.Validators { return known }
	if known.Pages > 1 {
		// What has not changed on the first page says nothing of the others.
		remembered = forgetful
	}
	snap, err := c.readPage(ctx, source, url, remembered, r, false)
	if err == nil && snap.Next != "" {
		err = c.join(ctx, source, &snap, known, r)
	}
	if err != nil {
		return veille.Snapshot{}, c.failed(err)
	}
	teach(&snap, url)
	return snap, nil
}

// readPage gets and reads one page; further says that it continues an article.
func (c *Crawler) readPage(ctx context.Context, source veille.Source, url string, known func(context.Context, string) veille.Validators, r rank, further bool) (veille.Snapshot, error) {
	p, err := c.fetch(ctx, request{source: source, url: url, rank: r, known: known})
	if err != nil {
		return veille.Snapshot{}, err
	}
	now := time.Now().UTC()
	var snap veille.Snapshot
	if !p.unchanged {
		site := c.site(ctx, p.url)
		err := c.read(ctx, p.url, func() (err error) {
			snap, err = extract.Read(extract.Page{
				Body: p.body, URL: p.url, ContentType: p.contentType, Further: further,
				Select: source.Select, Language: source.Language, Site: site, Now: now,
			})
			return err
		})
		if err != nil {
			return veille.Snapshot{}, err
		}
		snap.Reading = veille.Reading(source.Select)
	}
	snap.URL, snap.FetchedAt, snap.Validators, snap.NotModified = p.url, now, p.validators, p.unchanged
	if p.exchange != nil {
		snap.Exchanges = append([]veille.Exchange{*p.exchange}, snap.Exchanges...)
	}
	return snap, nil
}

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
