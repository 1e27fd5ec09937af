// Package extract reads one HTML page into one article. It is pure: the same
// page gives the same snapshot, and advertisements, menus, related links and
// clocks around an article do not change its text.
package extract

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"veille"
	"veille/crawler/charset"
)

// Page is what there is to read.
type Page struct {
	Body []byte
	// URL is the address that answered; relative links resolve against it.
	URL string
	// ContentType is the header's value, empty if unknown.
	ContentType string
	// Select overrides the automatic reading, field by field.
	Select veille.Selectors
	// Language overrides the language that the page declares.
	Language string
	// Site is what earlier pages of the site have taught; nil changes nothing.
	Site *veille.Site
	// Further says that the page continues an article.
	Further bool
	// Now bounds the dates: one more than 24 hours later is not believed. Zero
	// bounds nothing.
	Now time.Time
}

// The errors behind a FetchError of this package.
var (
	errNoBytes  = errors.New("the page has no bytes")
	errNoText   = errors.New("the page has no text")
	errTooLarge = errors.New("the page is larger than can be read")
	errUnread   = errors.New("the page could not be read")
)

// Read returns what the page says. FetchedAt and Validators are left zero.
//
// The error is a *veille.FetchError: FetchEmpty for a page without bytes or
// text, FetchNotHTML for bytes that are no text, FetchBroken for one too large
// or too broken to read. A page nested too deep or of too many elements is not
// an error: its paragraphs are read without its structure. Nor is a selector
// that yields nothing: the automatic reading stands in, and SelectMissed says so.
//
// A page that is not an article has a Body only where it is behind a paywall:
// what is shown of the article.
func Read(p Page) (snap veille.Snapshot, err error) {
	defer func() {
		if recover() != nil {
			snap, err = veille.Snapshot{}, p.fail(veille.FetchBroken, errUnread)
		}
	}()
	if len(p.Body) == 0 {
		return veille.Snapshot{}, p.fail(veille.FetchEmpty, errNoBytes)
	}
	if format := binaryFormat(p.Body, p.ContentType); format != "" {
		return veille.Snapshot{}, p.fail(veille.FetchNotHTML, errors.New(format))
	}
	text, name := charset.Decode(p.Body, p.ContentType)
	if len(strings.TrimSpace(string(text[:min(len(text), 1<<10)]))) == 0 && len(strings.TrimSpace(string(text))) == 0 {
		return veille.Snapshot{}, p.fail(veille.FetchEmpty, errNoText)
	}
	snap = veille.Snapshot{URL: p.URL, Charset: name, Authors: []string{}}
	if kind := rootKind(text); kind != "" {
		snap.Kind, snap.Canonical, snap.KindReason = kind, canonical(p.URL, ""), reasonRoot
		return snap, nil
	}
	if len(text) > maxText {
		return veille.Snapshot{}, p.fail(veille.FetchBroken, errTooLarge)
	}
	doc, bare, err := parse(text)
	if err != nil {
		return veille.Snapshot{}, p.fail(veille.FetchBroken, err)
	}
	return p.read(doc, bare, snap)
}

// read fills snap from a parsed tree. bare says that the tree is the fallback,
// which has paragraphs and no structure.
func (p Page) read(doc *html.Node, bare bool, snap veille.Snapshot) (veille.Snapshot, error) {
	base, err := url.Parse(p.URL)
	if err != nil {
		base = &url.URL{}
	}
	f := gather(doc)
	f.url = base
	f.ld = readLinkedData(f.scripts, base)
	chosen, err := choose(doc, p.Select)
	if err != nil {
		return veille.Snapshot{}, p.fail(veille.FetchBroken, err)
	}

	snap.Site = f.site()
	snap.Title, snap.Omitted.Suffix = f.learnedTitle(p.Site, snap.Site)
	snap.Language = language(p.Language, f)
	snap.Description = f.description()
	snap.Image = f.image()
	snap.Canonical = canonical(p.URL, f.canonicalLink())
	snap.NoIndex = f.noIndex()
	if chosen.title != "" {
		snap.Title, snap.Omitted.Suffix = chosen.title, ""
	}

	d := dater{now: p.Now, lang: snap.Language, region: f.region(), host: base.Hostname()}
	snap.Published, snap.Modified = d.read(f)
	if chosen.published != "" {
		if t, ok := d.one(chosen.published); ok {
			snap.Published = t
		} else {
			chosen.missed = append(chosen.missed, selectPublished)
		}
	}
	snap.SelectMissed = chosen.missed

	by := f.authors(snap.Site)
	article := f.readBody(doc, base, snap.Title, bare, p.Site.Container())
	shown := article.paragraphs
	article.paragraphs, snap.Omitted.Paragraphs = withoutLearned(article, p.Site)
	if chosen.hasBody {
		article.paragraphs = chosen.body
	}
	snap.Authors = by.with(article)
	if len(chosen.authors) > 0 {
		snap.Authors = chosen.authors
	}
	snap.Kind, snap.KindReason = f.kind(article, snap.Title, base, !snap.Published.IsZero())
	snap.Live = snap.KindReason == reasonLiveBlog || f.live() && snap.Readable()
	if chosen.hasBody {
		snap.Kind, snap.KindReason = veille.KindArticle, reasonSelected
	}
	switch snap.Kind {
	case veille.KindArticle, veille.KindPaywall:
		snap.Body = strings.Join(article.paragraphs, "\n\n")
		if !chosen.hasBody {
			snap.Learned.Paragraphs, snap.Learned.Container = hashes(shown), article.container
		}
		if chosen.title == "" {
			snap.Learned.Suffix = f.suffix(snap.Title+snap.Omitted.Suffix, snap.Site)
		}
	}
	if snap.Kind == veille.KindArticle {
		snap.Next = f.nextPage(p.Further)
	}
	if snap.Body == "" || chosen.hasBody {
		snap.Omitted.Paragraphs = nil
	}
	return snap, nil
}

func (p Page) fail(kind veille.FetchErrorKind, err error) error {
	return &veille.FetchError{Kind: kind, URL: withoutUser(p.URL), Err: err}
}

// withoutUser removes the user information, which may be a secret.
func withoutUser(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.User == nil {
		return raw
	}
	u.User = nil
	return u.String()
}
