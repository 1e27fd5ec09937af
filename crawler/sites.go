package crawler

import (
	"context"
	"errors"

	"veille"
	"veille/crawler/discover"
	"veille/crawler/extract"
)

// minTaught is the least text, in bytes, of an article that teaches: less may
// be a stub, or a wall that went unnoticed.
const minTaught = 400

// site asks the memory for what it knows of an address's site; nil where
// nothing is known, or the memory fails: the page is then read without.
func (c *Crawler) site(ctx context.Context, url string) *veille.Site {
	name := discover.SiteOf(url)
	if c.memory == nil || name == "" {
		return nil
	}
	s, err := c.memory.Site(ctx, name)
	if err != nil {
		if !errors.Is(err, veille.ErrNotFound) && ctx.Err() == nil {
			c.log.Warn("site not read", "site", name, "error", err)
		}
		return nil
	}
	return &s
}

// teach completes what a page says about its site. The address that counts is
// the one that a listing shows, unless it led to another site.
func teach(snap *veille.Snapshot, listed string) {
	o := &snap.Learned
	o.URL = snap.URL
	if url, err := veille.CanonicalURL(listed); err == nil && discover.SiteOf(url) == discover.SiteOf(snap.URL) {
		o.URL = url
	}
	o.Article = snap.Readable()
	switch {
	case isLogin(*snap):
		*o = veille.Observation{}
	case o.Article && len(snap.Body) >= minTaught, snap.Kind == veille.KindSection, snap.Kind == veille.KindOther:
		o.Site = discover.SiteOf(o.URL)
	default:
		// A wall or an error page says nothing about the page behind it.
		*o = veille.Observation{}
	}
}

// isLogin reports whether a page is a form to log in.
func isLogin(s veille.Snapshot) bool {
	return s.Kind == veille.KindOther && s.KindReason == extract.ReasonLogin
}
