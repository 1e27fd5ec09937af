// Package discover reads where a source says its articles are: one section
// page, feed or sitemap, already fetched, becomes a listing of outlinks. What
// a page is, is told from its bytes; neither its name nor its Content-Type is
// believed. The package is pure: it fetches nothing and keeps nothing.
package discover

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"veille"
	"veille/crawler/charset"
)

// The bounds on one page: a section lists 2,000 outlinks at most, a feed or
// sitemap the 50,000 that a sitemap may hold (sitemaps.org), those most likely
// to be new. A page beyond the other bounds is an error.
const (
	maxPlain    = 32 << 20
	maxOutlinks = 2000
	maxListed   = 50_000
	maxAnchors  = 5000
	maxElements = 1_000_000
)

// Page is one answer of a source's server.
type Page struct {
	Body []byte
	// URL is the address that answered, after redirects: relative links are
	// read against it. With an empty one only absolute links are found.
	URL string
	// ContentType is the header, empty if there was none.
	ContentType string
	// Keep drops the outlinks that it answers with false, before any bound
	// counts; nil keeps all. Sitemaps of an index are not asked about.
	Keep func(url string) bool
	// Explicit says that Keep lets through only what the user has named as
	// articles (links.include): on a section page such a link is taken whatever
	// its score, but for the menus and the foot of the page, where a pattern as
	// wide as a folder matches too much and the score decides as ever.
	Explicit bool
	// Site is what earlier pages of the site have taught; nil changes nothing.
	Site *veille.Site
	// Why asks for Outlink.Why, and of a section page for Listing.Dropped.
	Why bool
	// Now tells dates in the future, which are dropped. Zero: none is.
	Now time.Time
}

// Read returns what the page lists. Kind is section, feed or sitemap; an index
// of sitemaps has Children instead of Outlinks. Validators are not set.
//
// The error is a *veille.FetchError: too_large for a page beyond the bounds,
// bad_encoding for broken gzip, empty for one that holds nothing, bad_feed for
// a feed or sitemap of which nothing can be read, and not_html for any other
// kind of document. A feed that breaks off is read as far as it goes, as long
// as it lists anything.
func Read(p Page) (veille.Listing, error) {
	listing, err := read(p)
	if err != nil {
		var fe *veille.FetchError
		if !errors.As(err, &fe) {
			fe = &veille.FetchError{Kind: veille.FetchBroken, Err: err}
		}
		fe.URL = withoutUser(p.URL)
		return veille.Listing{}, fe
	}
	return listing, nil
}

func read(p Page) (veille.Listing, error) {
	body, err := gunzip(p.Body)
	if err != nil {
		return veille.Listing{}, err
	}
	if len(body) > maxPlain {
		return veille.Listing{}, failed(veille.FetchTooLarge, errTooLarge)
	}
	text, _ := charset.Decode(body, p.ContentType)
	text = bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\ufeff")), "\ufeff \t\r\n\f\v\x00")
	if len(bytes.TrimSpace(text)) == 0 {
		return veille.Listing{}, failed(veille.FetchEmpty, nil)
	}
	links := newCollector(p)
	form, start := sniff(text)
	text = text[start:]
	switch form {
	case formFeed:
		return readFeed(text, links)
	case formJSON:
		return readJSONFeed(text, links)
	case formSitemap:
		return readSitemap(text, links)
	case formTextSitemap:
		return readTextSitemap(text, links)
	case formHTML:
		return readSection(text, links, p)
	case formXML:
		return veille.Listing{}, failed(veille.FetchBadFeed, errUnknownXML)
	}
	return veille.Listing{}, failed(veille.FetchNotHTML, nil)
}

var (
	errTooLarge   = fmt.Errorf("more than %d MiB unpacked", maxPlain>>20)
	errUnknownXML = errors.New("an XML document that is neither a feed nor a sitemap")
	errNoItems    = errors.New("breaks off before its first entry")
)

func failed(kind veille.FetchErrorKind, err error) error {
	return &veille.FetchError{Kind: kind, Err: err}
}

// gunzip unpacks a body that begins like a gzip file (RFC 1952): sitemaps are
// published as files that no Content-Encoding announces.
func gunzip(body []byte) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b, 8}) {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, failed(veille.FetchEncoding, fmt.Errorf("unpack: %w", err))
	}
	plain, err := io.ReadAll(io.LimitReader(z, maxPlain+1))
	if len(plain) > maxPlain {
		return nil, failed(veille.FetchTooLarge, errTooLarge)
	}
	if err != nil {
		return nil, failed(veille.FetchEncoding, fmt.Errorf("unpack: %w", err))
	}
	return plain, nil
}

func withoutUser(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}
