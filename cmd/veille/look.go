package main

import (
	"context"
	"net/http"
	"slices"
	"time"

	"veille"
	"veille/crawler"
	"veille/crawler/discover"
	"veille/why"
)

const (
	// lookPath is where the daemon's socket answers with what the sources of an
	// address list now.
	lookPath = "/look"
	// longestLook bounds a look: a host may have many sources, and other
	// requests come before.
	longestLook = 45 * time.Second
)

// looker reads what sources list now. In the daemon its crawler is the one that
// polls, so that a look takes its turn with the polls of a host.
type looker struct {
	crawler *crawler.Crawler
	learned learned
	sources func() []veille.Source
}

// look reads the sources of an address's host, and says what each makes of the
// address.
func (l looker) look(ctx context.Context, address string) []why.Sighting {
	ctx, cancel := context.WithTimeout(ctx, longestLook)
	defer cancel()
	out := []why.Sighting{}
	for _, s := range l.sources() {
		if veille.Outlet(s.URL) == veille.Outlet(address) {
			out = append(out, l.sighting(ctx, s, address))
		}
	}
	return out
}

func (l looker) sighting(ctx context.Context, s veille.Source, address string) why.Sighting {
	sight := why.Sighting{Source: s.Name}
	listing, err := l.list(ctx, s)
	if err != nil {
		sight.Error = err.Error()
		return sight
	}
	at := func(o veille.Outlink) bool {
		own, err := veille.CanonicalURL(o.URL)
		return err == nil && own == address
	}
	sight.Listed = slices.ContainsFunc(listing.Outlinks, at)
	if i := slices.IndexFunc(listing.Dropped, at); i >= 0 && !sight.Listed {
		sight.Shown, sight.Why = true, listing.Dropped[i].Why
	}
	return sight
}

// list reads what a source lists, with what it drops and why.
func (l looker) list(ctx context.Context, s veille.Source) (veille.Listing, error) {
	body, contentType, final, err := l.crawler.Fetch(ctx, s, s.URL)
	if err != nil {
		return veille.Listing{}, err
	}
	return discover.Read(discover.Page{Body: body, URL: final, ContentType: contentType, Now: time.Now(),
		Site: l.learned.of(ctx, final), Keep: s.Links.Keeps, Explicit: len(s.Links.Include) > 0, Why: true})
}

// Look reads the sources of an address's host now.
func (o *operator) Look(ctx context.Context, address string) ([]why.Sighting, error) {
	return o.looker.look(ctx, address), nil
}

func (o *operator) serveLook(w http.ResponseWriter, r *http.Request) {
	seen, err := o.Look(r.Context(), r.URL.Query().Get("of"))
	answer(w, seen, err)
}
