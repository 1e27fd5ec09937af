package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"veille"
	"veille/crawler/extract"
)

const (
	// maxPages bounds the pages that are read of one article.
	maxPages = 10
	// mostFailed bounds how many failed pages are remembered, failedFor how long.
	mostFailed = 1000
	failedFor  = 24 * time.Hour
)

// join reads on where an article has several pages, one request after another,
// and adds them. An article is read whole or, while a page that belongs to it
// cannot be had, not at all: half of one would look like an edit. A page that
// fails again a day's time within is given up, unless it was read before.
func (c *Crawler) join(ctx context.Context, source veille.Source, snap *veille.Snapshot, known veille.Validators, r rank) error {
	pages := []string{snap.URL}
	sum := sha256.New()
	add := func(v veille.Validators) { _, _ = io.WriteString(sum, v.BodyHash) }
	add(snap.Validators)
	for next := snap.Next; next != "" && len(pages) < maxPages && !slices.Contains(pages, next); next = snap.Next {
		further, err := c.readPage(ctx, source, next, forgetful, r, true)
		if err != nil {
			if ctx.Err() != nil {
				return err
			}
			fe, ok := errors.AsType[*veille.FetchError](err)
			if ok && fe.Kind == veille.FetchThrottled {
				return err
			}
			if ok && passing(fe) && len(pages) < known.Pages || c.halves.fails(next, time.Now()) < 2 {
				return &veille.FetchError{Kind: veille.FetchTruncated, URL: snap.URL, Err: fmt.Errorf("page %d of the article: %w", len(pages)+1, err)}
			}
			// Nothing is known then: the next look asks for all of it again.
			snap.Next, snap.Validators = "", veille.Validators{}
			return nil
		}
		c.halves.forget(next)
		if !extract.Join(snap, further) {
			break
		}
		pages = append(pages, next)
		snap.Exchanges = append(snap.Exchanges, further.Exchanges...)
		add(further.Validators)
	}
	snap.Next = ""
	if len(pages) == 1 {
		return nil
	}
	snap.Validators = veille.Validators{Pages: len(pages), BodyHash: hex.EncodeToString(sum.Sum(nil))}
	if snap.Validators == known {
		*snap = veille.Snapshot{URL: snap.URL, FetchedAt: snap.FetchedAt, Validators: known, NotModified: true}
	}
	return nil
}

// passing reports whether a failure is one of the network or the server, and
// not a word about the page.
func passing(e *veille.FetchError) bool {
	switch e.Kind {
	case veille.FetchTimeout, veille.FetchDNS, veille.FetchConnect, veille.FetchTLS, veille.FetchTruncated, veille.FetchServer, veille.FetchEmpty:
		return true
	}
	return false
}

// failures counts how often in a day's time pages could not be had. It is
// bounded: the oldest are forgotten.
type failures struct {
	mu   sync.Mutex
	seen map[string]failure
}

type failure struct {
	count int
	last  time.Time
}

// fails counts one more failure of a page, and returns how many there are.
func (f *failures) fails(url string, now time.Time) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.seen == nil {
		f.seen = map[string]failure{}
	}
	was := f.seen[url]
	if now.Sub(was.last) > failedFor {
		was.count = 0
	}
	f.seen[url] = failure{was.count + 1, now}
	if len(f.seen) > mostFailed {
		oldest := url
		for u, x := range f.seen {
			if x.last.Before(f.seen[oldest].last) {
				oldest = u
			}
		}
		delete(f.seen, oldest)
	}
	return was.count + 1
}

func (f *failures) forget(url string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.seen, url)
}
