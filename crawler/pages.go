package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"veille"
	"veille/crawler/extract"
)

// maxPages bounds the pages that are read of one article.
const maxPages = 10

// join reads on where an article has several pages, one request after another,
// and adds them. Where a page that belongs to it cannot be had, the article is
// cut there, and says so: half of one would look like an edit. The error is that
// of a host that asks to wait, or of ctx.
func (c *Crawler) join(ctx context.Context, source veille.Source, snap *veille.Snapshot, known veille.Validators, r rank) error {
	pages := []string{snap.URL}
	sum := sha256.New()
	add := func(v veille.Validators) { _, _ = io.WriteString(sum, v.BodyHash) }
	add(snap.Validators)
	for next := snap.Next; next != "" && len(pages) < maxPages && !slices.Contains(pages, next); next = snap.Next {
		further, err := c.readPage(ctx, source, next, forgetful, r, true)
		if fe, ok := errors.AsType[*veille.FetchError](err); ok && fe.Kind == veille.FetchThrottled || err != nil && ctx.Err() != nil {
			return err
		}
		if err == nil && !extract.Join(snap, further) {
			if err = missing(next, further.Kind, len(pages) < known.Pages); err == nil {
				break
			}
		}
		if err != nil {
			snap.Cut, snap.CutBy = len(pages), fmt.Errorf("page %d of the article: %w", len(pages)+1, c.failed(err))
			// Nothing is known then: the next look asks for all of it again.
			snap.Next, snap.Validators = "", veille.Validators{}
			return nil
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

// missing says that a page that is no part of the article stands in the place of
// one that is: a wall, or where there was one before; nil where there is none.
func missing(url string, kind veille.PageKind, before bool) error {
	switch {
	case kind == veille.KindChallenge, kind == veille.KindConsent:
		return &veille.FetchError{Kind: veille.FetchBotWall, URL: url, Err: errors.New(string(kind))}
	case before:
		return &veille.FetchError{Kind: veille.FetchNotFound, URL: url, Err: errors.New("it has nothing of the article")}
	}
	return nil
}
