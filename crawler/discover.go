package crawler

import (
	"cmp"
	"context"
	"errors"
	"time"

	"veille"
	"veille/crawler/discover"
	"veille/crawler/extract"
)

const (
	// maxChildren and maxLevels bound the sitemaps read below an index, in all
	// and in depth.
	maxChildren = 20
	maxLevels   = 2
	// maxOutlinks bounds a listing.
	maxOutlinks = 50_000
	// fewOutlinks is how many links a wall may show, to its small print and the
	// like, that look like articles.
	fewOutlinks = 4
)

// Discover fetches what a source lists now: the section page, feed or sitemap
// at its URL, and where that is an index, the newest of the sitemaps it names.
// Requests are conditional where Memory knows the URL. A listing without
// outlinks is no error; what it means is the caller's to say.
//
// An unchanged index may hide a changed sitemap, so its validators are returned
// empty, and remembered with what it said. Of the sitemaps below it, those are
// not asked for that it dates before they were last read (indexes.go). When
// some of those sitemaps fail, the others are the listing; an error is returned
// when all do.
func (c *Crawler) Discover(ctx context.Context, source veille.Source) (veille.Listing, error) {
	w := walk{c: c, source: source, out: veille.Listing{Validators: map[string]veille.Validators{}}, seen: map[string]bool{}}
	if err := w.run(ctx); err != nil {
		return veille.Listing{}, c.failed(err)
	}
	w.trim()
	return w.out, nil
}

// walk reads a listing and the listings below it.
type walk struct {
	c      *Crawler
	source veille.Source
	out    veille.Listing
	seen   map[string]bool
}

func (w *walk) run(ctx context.Context) error {
	root, err := w.list(ctx, w.source.URL)
	if err != nil {
		return err
	}
	if root.unchanged {
		w.out.NotModified = true
		return nil
	}
	w.out.Kind, w.out.Outlinks, w.out.Alternates, w.out.Next = root.Kind, root.Outlinks, root.Alternates, root.Next
	w.out.Learned = root.Learned
	w.out.Children = root.Children
	if len(root.Children) == 0 {
		return nil
	}
	return w.children(ctx, root, len(root.Outlinks) > 0)
}

// children reads the sitemaps below an index, level by level. changed says that
// something new was read already.
func (w *walk) children(ctx context.Context, root listed, changed bool) error {
	var first error
	left, read := maxChildren, 0
	level, index := newest(root.Children), map[string]string{}
	for _, child := range level {
		index[child.URL] = root.at
	}
	for range maxLevels {
		var below []veille.Outlink
		for _, child := range level {
			if w.seen[child.URL] {
				continue
			}
			if left == 0 {
				w.c.stats.skipped.Add(1)
				continue
			}
			left--
			if w.unasked(ctx, index[child.URL], child, level[0]) {
				read++
				w.c.stats.same.Add(1)
				continue
			}
			l, err := w.child(ctx, index[child.URL], child)
			if ctx.Err() != nil {
				return &veille.FetchError{Kind: veille.FetchTimeout, URL: child.URL, Err: ctx.Err()}
			}
			if err != nil {
				w.c.stats.lostListing.Add(1)
				w.c.log.Warn("sitemap of an index not read", "source", w.source.Name, "error", err)
				first = cmp.Or(first, err)
				w.out.Partial = true
				continue
			}
			read++
			changed = changed || !l.unchanged
			w.out.Outlinks = append(w.out.Outlinks, l.Outlinks...)
			if len(w.out.Learned) == 0 {
				w.out.Learned = l.Learned
			}
			for _, c := range l.Children {
				index[c.URL] = l.at
			}
			below = append(below, l.Children...)
		}
		level = newest(below)
	}
	if read == 0 && first != nil {
		return first
	}
	w.out.NotModified = read > 0 && !changed
	return nil
}

// child reads one sitemap of an index, and notes how.
func (w *walk) child(ctx context.Context, index string, child veille.Outlink) (listed, error) {
	asked := time.Now()
	l, err := w.list(ctx, child.URL)
	if err == nil && len(l.Children) == 0 &&
		w.c.indexes.note(index, child.URL, childState{at: l.at, hash: l.hash, lastmod: child.Published, asked: asked}) {
		w.c.log.Info("an index does not say when its sitemap changes", "source", w.source.Name, "url", child.URL)
	}
	return l, err
}

// listed is one listing as it was read.
type listed struct {
	veille.Listing
	// at is the address that answered, hash its body's; unchanged says that
	// there was nothing new to read.
	at, hash  string
	unchanged bool
}

// list fetches and reads one listing. The URL is marked as seen, and where it
// led. An index that did not change says what it said before.
func (w *walk) list(ctx context.Context, url string) (listed, error) {
	w.seen[url] = true
	p, err := w.c.fetch(ctx, request{source: w.source, url: url, rank: rankPoll, known: func(ctx context.Context, url string) veille.Validators {
		if v := w.c.indexes.of(url).validators; v != (veille.Validators{}) {
			return v
		}
		return w.c.remembered(ctx, url)
	}})
	if err != nil {
		return listed{}, err
	}
	w.seen[p.url] = true
	w.out.Validators[p.url] = p.validators
	l := listed{at: p.url, hash: p.validators.BodyHash, unchanged: p.unchanged}
	if p.unchanged {
		if index := w.c.indexes.of(p.url); len(index.children) > 0 {
			w.out.Validators[p.url] = veille.Validators{}
			l.unchanged, l.Kind, l.Children = false, veille.KindSitemap, index.children
		}
		return l, nil
	}
	site := w.c.site(ctx, p.url)
	err = w.c.read(ctx, p.url, func() (err error) {
		now := time.Now().UTC()
		l.Listing, err = discover.Read(discover.Page{
			Body: p.body, URL: p.url, ContentType: p.contentType, Now: now, Site: site,
			Keep: w.source.Links.Keeps, Explicit: len(w.source.Links.Include) > 0,
		})
		if err == nil && l.Kind == veille.KindSection && len(l.Outlinks) < fewOutlinks {
			err = wall(p, now, len(l.Outlinks) == 0)
		}
		return err
	})
	if err != nil {
		delete(w.out.Validators, p.url)
		return listed{}, err
	}
	w.c.indexes.save(p.url, p.validators, l.Children)
	if len(l.Children) > 0 {
		w.out.Validators[p.url] = veille.Validators{}
	}
	return l, nil
}

// wall tells why a section page lists nothing, or next to nothing, where it is
// not a section at all: a wall must not look like "no news".
func wall(p page, now time.Time, empty bool) error {
	s, err := extract.Read(extract.Page{Body: p.body, URL: p.url, ContentType: p.contentType, Now: now})
	if err != nil {
		return nil // an odd section is a section still
	}
	switch {
	case s.Kind == veille.KindChallenge:
		return &veille.FetchError{Kind: veille.FetchBotWall, URL: p.url, Err: errors.New("the site asks visitors to prove that they are human")}
	case s.Kind == veille.KindConsent:
		return &veille.FetchError{Kind: veille.FetchForbidden, URL: p.url, Err: errors.New("the site shows a consent wall")}
	case isLogin(s):
		return &veille.FetchError{Kind: veille.FetchForbidden, URL: p.url, Err: errors.New("the site asks visitors to log in")}
	case s.Kind == veille.KindNotFound && empty:
		return &veille.FetchError{Kind: veille.FetchNotFound, URL: p.url, Err: errors.New("the page says that it does not exist")}
	}
	return nil
}

// remembered asks the memory for the validators of a URL. Without an answer the
// page is fetched in full: that costs a transfer, the other way may cost news.
func (c *Crawler) remembered(ctx context.Context, url string) veille.Validators {
	if c.memory == nil {
		return veille.Validators{}
	}
	v, err := c.memory.Validators(ctx, url)
	if err != nil {
		if !errors.Is(err, veille.ErrNotFound) && ctx.Err() == nil {
			c.log.Warn("validators not read", "url", url, "error", err)
		}
		return veille.Validators{}
	}
	return v
}
