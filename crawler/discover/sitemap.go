package discover

import (
	"bytes"
	"strings"

	"veille"
)

// readSitemap reads a sitemap, a news sitemap or an index of sitemaps. A last
// modification stands in for a missing publication date: it is never earlier,
// so that an article is not taken for old when it is new.
func readSitemap(text []byte, c *collector) (veille.Listing, error) {
	s := sitemapReader{xml: newXMLReader(text), links: c}
	s.read()
	c.prune()
	if len(c.found) == 0 && s.xml.broken {
		return veille.Listing{}, failed(veille.FetchBadFeed, errNoItems)
	}
	listing := veille.Listing{Kind: veille.KindSitemap}
	if s.index {
		listing.Children = c.found
	} else {
		listing.Outlinks, listing.Learned = c.found, c.hearsay(scoreNewsSitemap)
	}
	return listing, nil
}

// IsNews reports whether an outlink is an entry of a news sitemap, which lists
// articles only.
func IsNews(o veille.Outlink) bool { return o.Score >= scoreNewsSitemap }

type sitemapReader struct {
	xml   *xmlReader
	links *collector
	index bool
	open  bool
	level int
	field string
	value []byte
	// bare is text beside the elements of an entry: some write no loc.
	bare []byte

	loc, lastmod, published, title string
}

func (s *sitemapReader) read() {
	for {
		e := s.xml.next()
		switch e.kind {
		case xmlEnd:
			s.finish()
			return
		case xmlOpen:
			s.start(e)
		case xmlText:
			switch {
			case s.field != "" && len(s.value) < maxField:
				s.value = e.appendTo(s.value)
			case s.open && s.field == "" && e.depth == s.level && len(s.bare) < maxField:
				s.bare = e.appendTo(s.bare)
			}
		case xmlClose:
			s.end(e)
		}
	}
}

func (s *sitemapReader) start(e xmlEvent) {
	switch e.name {
	case "sitemapindex":
		s.index = true
	case "url", "sitemap":
		s.finish()
		s.open, s.level, s.bare = true, e.depth, s.bare[:0]
	case "loc", "lastmod":
		// "image:loc" has another name, but some write it without a prefix.
		if s.open && e.depth == s.level+1 {
			s.field, s.value = e.name, s.value[:0]
		}
	case "news:publication_date", "news:title":
		if s.open {
			s.field, s.value = e.name, s.value[:0]
		}
	}
}

func (s *sitemapReader) end(e xmlEvent) {
	if s.open && e.depth <= s.level {
		s.finish()
		return
	}
	if e.name != s.field {
		return
	}
	value := strings.TrimSpace(string(s.value))
	switch s.field {
	case "loc":
		s.loc = value
	case "lastmod":
		s.lastmod = value
	case "news:publication_date":
		s.published = value
	case "news:title":
		s.title = value
	}
	s.field = ""
}

// finish records the open entry.
func (s *sitemapReader) finish() {
	defer func() { s.open, s.field, s.loc, s.lastmod, s.published, s.title = false, "", "", "", "", "" }()
	if s.loc == "" {
		s.loc = strings.TrimSpace(string(s.bare))
	}
	if !s.open || s.loc == "" {
		return
	}
	out := veille.Outlink{Title: htmlText(s.title)}
	for _, d := range []string{s.published, s.lastmod} {
		if out.Published = s.links.date(d); !out.Published.IsZero() {
			break
		}
	}
	s.links.addSitemap(s.loc, out, s.index, s.published != "" || s.title != "")
}

// addSitemap records an address of a sitemap. An index that lists itself is
// not its own child.
func (c *collector) addSitemap(loc string, out veille.Outlink, index, news bool) {
	u, ok := resolveURL(c.page, loc)
	if !ok {
		return
	}
	if out.URL, ok = canonical(u); !ok || index && out.URL == c.self {
		return
	}
	switch {
	case index:
		out.Score, out.Why = 1, c.because("a sitemap of this index")
		c.put(out)
		return
	case news:
		out.Score, out.Why = scoreNewsSitemap, c.because("an entry of a news sitemap")
	default:
		s := score{tell: c.why}
		s.address(splitURL(out.URL))
		s.add(-1, "an entry of a sitemap, which lists any page")
		out.Score, out.Why = min(probability(s.sum), mostPlainSitemap), s.why
	}
	c.add(out)
	c.relieve()
}

// readTextSitemap reads a sitemap of one address a line.
func readTextSitemap(text []byte, c *collector) (veille.Listing, error) {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) > veille.MaxURLLength || !isHTTP(string(line[:min(len(line), 8)])) {
			continue
		}
		c.addSitemap(string(line), veille.Outlink{}, false, false)
	}
	c.prune()
	return veille.Listing{Kind: veille.KindSitemap, Outlinks: c.found}, nil
}
