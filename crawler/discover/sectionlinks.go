package discover

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
)

var errTooManyElements = errors.New("more than a million elements")

const maxAlternates = 20

// baseAddress is what the page's relative links are read against.
type baseAddress struct {
	url   *url.URL
	fixed bool
}

// set honours the first <base href> that leads to the web (HTML, 4.2.3).
func (b *baseAddress) set(href string) {
	if b.fixed || strings.TrimSpace(href) == "" {
		return
	}
	b.fixed = true
	if u, ok := resolveURL(b.url, href); ok {
		u.User = nil
		b.url = u
	}
}

// addAlternate notes a feed that the page advertises (rssboard.org/rss-autodiscovery).
func (s *sectionReader) addAlternate(a attributes) {
	if len(s.alternates) == maxAlternates {
		return
	}
	typ, _, _ := strings.Cut(strings.ToLower(a.typ), ";")
	switch strings.TrimSpace(typ) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/rss+xml", "application/x-rss+xml":
	default:
		return
	}
	link, ok := resolve(s.base.url, a.href)
	// WordPress advertises a feed of readers' comments too.
	if !hasWord(a.rel, "alternate") || !ok || link == s.links.self || strings.Contains(link, "/comments/") {
		return
	}
	if !slices.Contains(s.alternates, link) {
		s.alternates = append(s.alternates, link)
	}
}

// advertised are the feeds that the page declares, then those that it links.
func (s *sectionReader) advertised() []string {
	out := s.alternates
	for _, link := range s.feedLinks {
		if len(out) < maxAlternates && !slices.Contains(out, link) && !strings.Contains(link, "/comments/") {
			out = append(out, link)
		}
	}
	return out
}

// listItem is an entry of an ItemList in JSON-LD (schema.org/ItemList).
type listItem struct{ url, title, published string }

const (
	maxLinkedData  = 1 << 20 // bytes of one script
	maxLinkedDepth = 20
)

// readLinkedData collects the items of the lists in one JSON-LD script. One
// that is no JSON says nothing.
func (s *sectionReader) readLinkedData(raw []byte) {
	if len(raw) > maxLinkedData || len(s.lists) >= maxOutlinks || !strings.Contains(string(raw), "ItemList") {
		return
	}
	// Line ends within strings are common, and forbidden.
	clean := make([]byte, len(raw))
	for i, c := range raw {
		if c < 0x20 {
			c = ' '
		}
		clean[i] = c
	}
	var v any
	if json.Unmarshal(clean, &v) == nil {
		s.walkLinkedData(v, 0)
	}
}

func (s *sectionReader) walkLinkedData(v any, depth int) {
	if depth > maxLinkedDepth || len(s.lists) >= maxOutlinks {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			s.walkLinkedData(x, depth+1)
		}
	case map[string]any:
		if hasType(v, "ItemList") {
			switch items := v["itemListElement"].(type) {
			case []any:
				for _, item := range items {
					s.addListItem(item)
				}
			case map[string]any:
				s.addListItem(items)
			}
			return
		}
		for _, key := range []string{"@graph", "mainEntity", "hasPart", "mainEntityOfPage", "blogPost"} {
			if x, ok := v[key]; ok {
				s.walkLinkedData(x, depth+1)
			}
		}
	}
}

func hasType(v map[string]any, want string) bool {
	switch t := v["@type"].(type) {
	case string:
		return t == want
	case []any:
		for _, x := range t {
			if x == want {
				return true
			}
		}
	}
	return false
}

func (s *sectionReader) addListItem(v any) {
	var item listItem
	for range 2 {
		switch x := v.(type) {
		case string:
			item.url = cmp.Or(item.url, x)
			v = nil
		case map[string]any:
			if hasType(x, "SiteNavigationElement") || hasType(x, "Product") {
				return
			}
			item.url = cmp.Or(item.url, jsonString(x["url"]))
			if _, isItem := x["item"]; !isItem {
				item.url = cmp.Or(item.url, jsonString(x["@id"]))
			}
			item.title = cmp.Or(item.title, jsonString(x["headline"]), jsonString(x["name"]))
			item.published = cmp.Or(item.published, jsonString(x["datePublished"]))
			v = x["item"]
		}
	}
	if item.url != "" {
		s.lists = append(s.lists, item)
	}
}

// addLists merges the listed items into the candidates.
func (s *sectionReader) addLists() {
	for _, item := range s.lists {
		if x := s.addItem(item); x != nil {
			x.listed = true
		}
	}
}

// addItem completes the candidate that an item names. One that the page does
// not link, since a script writes the links, becomes a candidate itself; nil
// where it cannot be an article's.
func (s *sectionReader) addItem(item listItem) *candidate {
	link, ok := resolve(s.base.url, item.url)
	if !ok || link == s.links.self {
		return nil
	}
	i, known := s.index[link]
	if !known {
		address := splitURL(link)
		host, _, _ := strings.Cut(address.host, ":")
		if s.never(link, address) != "" || s.links.site != "" && siteOf(host) != s.links.site {
			return nil
		}
		i = len(s.candidates)
		s.index[link] = i
		s.candidates = append(s.candidates, candidate{url: link, address: address, shape: address.shape(), place: inMain})
	}
	x := &s.candidates[i]
	if x.text == "" {
		x.text = htmlText(item.title)
	}
	if t := s.links.date(item.published); !t.IsZero() {
		x.published = t
	}
	return x
}
