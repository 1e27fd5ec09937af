package crawler

import (
	"context"
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
