package discover

import (
	"cmp"
	"net/url"
	"strings"

	"veille"
)

// The confidence in an outlink by who lists it. A publisher's feed lists
// articles; a sitemap may list any page.
const (
	scoreFeed        = 0.95
	scoreNewsSitemap = 0.98
	scoreItemList    = 0.9
	mostPlainSitemap = 0.97
)

// maxField bounds one field of an entry, in bytes; the rest is passed over.
const maxField = 16 << 10

// readFeed reads RSS 0.9x, 1.0 and 2.0 and Atom 0.3 and 1.0. Elements are told
// by their names, not by the root, since feeds mix the vocabularies.
func readFeed(text []byte, c *collector) (veille.Listing, error) {
	f := feedReader{xml: newXMLReader(text), links: c}
	f.read()
	c.prune()
	if len(c.found) == 0 && f.xml.broken {
		return veille.Listing{}, failed(veille.FetchBadFeed, errNoItems)
	}
	return veille.Listing{Kind: veille.KindFeed, Outlinks: c.found, Learned: c.hearsay(scoreFeed)}, nil
}

type feedReader struct {
	xml   *xmlReader
	links *collector
	// site is the channel's own link: RSS links are relative to it.
	site *url.URL

	// entry is the open entry, nil between entries; space is what it lies in.
	entry *feedEntry
	space feedEntry
	// level is the depth of the open entry.
	level int
	field string
	value []byte
}

type feedEntry struct {
	base  *url.URL
	title string
	// plain says that the title is text, not HTML (Atom type="text").
	plain bool
	// links by falling trust; see candidates.
	origin, link, alternate, other, permalink, id, about, content string
	published, issued, updated                                    string
}

func (f *feedReader) read() {
	for {
		e := f.xml.next()
		switch e.kind {
		case xmlEnd:
			f.finish()
			return
		case xmlOpen:
			f.open(e)
		case xmlText:
			if f.field != "" && len(f.value) < maxField {
				f.value = e.appendTo(f.value)
			}
		case xmlClose:
			f.close(e)
		}
	}
}

func (f *feedReader) open(e xmlEvent) {
	switch name := strings.TrimPrefix(e.name, "atom:"); name {
	case "item", "entry":
		f.finish()
		f.space = feedEntry{base: e.base, about: attribute(e.attrs, "about")}
		f.entry = &f.space
		f.level = e.depth
		return
	}
	switch {
	case f.entry != nil && e.depth == f.level+1:
		f.openField(e)
	case f.entry == nil && e.name == "link" && f.site == nil && e.depth <= 3:
		f.field, f.value = "site", f.value[:0]
	}
}

func (f *feedReader) openField(e xmlEvent) {
	name := e.name
	switch strings.TrimPrefix(name, "atom:") {
	case "link":
		if href := attribute(e.attrs, "href"); href != "" {
			f.entry.addLink(e, href)
			return
		}
	case "title":
		kind := strings.ToLower(attribute(e.attrs, "type"))
		f.entry.plain = kind == "text"
	case "content":
		if src := attribute(e.attrs, "src"); src != "" {
			f.entry.content = absolute(e.base, src)
		}
		return
	case "guid":
		if strings.EqualFold(attribute(e.attrs, "isPermaLink"), "false") {
			name = "id"
		}
	case "id", "pubdate", "dc:date", "published", "issued", "created", "updated", "modified", "feedburner:origlink":
	default:
		return
	}
	f.field, f.value = strings.TrimPrefix(name, "atom:"), f.value[:0]
	if e.base != nil {
		f.entry.base = e.base
	}
}

// addLink ranks an Atom link: the alternate in HTML is the article.
func (e *feedEntry) addLink(ev xmlEvent, href string) {
	href = absolute(ev.base, href)
	rel, kind := strings.ToLower(attribute(ev.attrs, "rel")), strings.ToLower(attribute(ev.attrs, "type"))
	switch {
	case rel != "" && rel != "alternate":
	case kind == "" || strings.Contains(kind, "html"):
		if e.alternate == "" {
			e.alternate = href
		}
	case e.other == "":
		e.other = href
	}
}

// absolute resolves href against an xml:base, where there is one.
func absolute(base *url.URL, href string) string {
	if base == nil {
		return href
	}
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil {
		return href
	}
	return base.ResolveReference(u).String()
}

func (f *feedReader) close(e xmlEvent) {
	if f.entry != nil && e.depth <= f.level {
		f.finish()
		return
	}
	if f.field == "" || f.entry != nil && e.depth != f.level+1 {
		return
	}
	value := strings.TrimSpace(string(f.value))
	field := f.field
	f.field = ""
	if field == "site" {
		if u, ok := resolveURL(f.links.page, value); ok {
			f.site = u
		}
		return
	}
	if f.entry == nil {
		return
	}
	switch field {
	case "link":
		f.entry.link = cmp.Or(f.entry.link, value)
	case "guid":
		f.entry.permalink = cmp.Or(f.entry.permalink, value)
	case "id":
		f.entry.id = cmp.Or(f.entry.id, value)
	case "feedburner:origlink":
		f.entry.origin = cmp.Or(f.entry.origin, value)
	case "title":
		f.entry.title = cmp.Or(f.entry.title, value)
	case "pubdate", "published":
		f.entry.published = cmp.Or(f.entry.published, value)
	case "dc:date", "issued", "created":
		f.entry.issued = cmp.Or(f.entry.issued, value)
	case "updated", "modified":
		f.entry.updated = cmp.Or(f.entry.updated, value)
	}
}

// finish records the open entry, if it leads anywhere.
func (f *feedReader) finish() {
	e := f.entry
	f.entry, f.field = nil, ""
	if e == nil {
		return
	}
	// Ids are addresses only where they say so.
	for _, id := range []*string{&e.permalink, &e.id, &e.content, &e.about} {
		if !isHTTP(*id) {
			*id = ""
		}
	}
	base := f.site
	if base == nil {
		base = f.links.page
	}
	if e.base != nil {
		base = e.base
		if f.links.page != nil {
			base = f.links.page.ResolveReference(e.base)
		}
	}
	for _, href := range []string{e.origin, e.link, e.alternate, e.other, e.permalink, e.content, e.about, e.id} {
		link, ok := resolve(base, href)
		if !ok {
			continue
		}
		out := veille.Outlink{URL: link, Score: scoreFeed, Why: f.links.because("an entry of a feed")}
		if e.plain {
			out.Title = plainText(e.title)
		} else {
			out.Title = htmlText(e.title)
		}
		for _, s := range []string{e.published, e.issued, e.updated} {
			if out.Published = f.links.date(s); !out.Published.IsZero() {
				break
			}
		}
		f.links.add(out)
		f.links.relieve()
		return
	}
}
