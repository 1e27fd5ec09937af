package discover

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const (
	maxPageData  = 4 << 20 // bytes of one script
	maxPageNodes = 200_000
	maxPageDepth = 40
	maxPageItems = 500
	// fewLinks is how many article links a page may show for its data to be
	// read all the same.
	fewLinks = 3
)

// readNoscript reads the links that stand in for what a script would draw. The
// tokenizer takes the element for text, as a browser with scripts does.
func (s *sectionReader) readNoscript() {
	outer := s.out.z
	if outer.Next() != html.TextToken || s.standIn {
		return // one within another is a trap: none is written
	}
	inner := bytes.Clone(outer.Raw())
	if !bytes.Contains(inner, []byte("href")) {
		return
	}
	open := len(s.out.stack)
	s.out.z, s.standIn = html.NewTokenizer(bytes.NewReader(inner)), true
	s.tokens()
	s.out.z, s.standIn = outer, false
	if len(s.out.stack) > open {
		s.out.stack = s.out.stack[:open]
	}
	s.settle(len(s.out.stack))
}

// readPageData collects what may be the articles of a page that a script draws
// from data within it (Next.js and its like): objects that hold an address and
// a headline.
func (s *sectionReader) readPageData(raw []byte) {
	if len(raw) > maxPageData || len(s.items) >= maxPageItems || !bytes.Contains(raw, []byte(`"title"`)) && !bytes.Contains(raw, []byte(`"headline"`)) {
		return
	}
	var v any
	if json.Unmarshal(raw, &v) == nil {
		nodes := 0
		s.walkPageData(v, 0, &nodes)
	}
}

func (s *sectionReader) walkPageData(v any, depth int, nodes *int) {
	if *nodes++; depth > maxPageDepth || *nodes > maxPageNodes || len(s.items) >= maxPageItems {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			s.walkPageData(x, depth+1, nodes)
		}
	case map[string]any:
		var item listItem
		for _, key := range []string{"url", "href", "link", "path", "canonicalUrl", "canonical_url", "permalink", "uri"} {
			item.url = cmp.Or(item.url, jsonString(v[key]))
		}
		for _, key := range []string{"headline", "title", "name"} {
			item.title = cmp.Or(item.title, jsonString(v[key]))
		}
		for _, key := range []string{"datePublished", "publishedAt", "published_at", "publishDate", "firstPublished", "date"} {
			item.published = cmp.Or(item.published, jsonString(v[key]))
		}
		if (isHTTP(item.url) || strings.HasPrefix(item.url, "/")) && countWords(item.title) >= 3 {
			s.items = append(s.items, item)
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			s.walkPageData(v[key], depth+1, nodes)
		}
	}
}

// rescue adds the articles of the page's data where the page itself shows
// hardly any.
func (s *sectionReader) rescue() {
	shown := 0
	for i := range s.candidates {
		if s.candidates[i].score.sum >= scoreAccept {
			shown++
		}
	}
	if len(s.items) == 0 || shown > fewLinks {
		return
	}
	from := len(s.candidates)
	for _, item := range s.items {
		s.addItem(item)
	}
	for i := range s.candidates[from:] {
		x := &s.candidates[from+i]
		x.score.tell = s.why
		x.score.address(x.address)
		x.anchorScore()
		x.placeScore()
		x.score.add(1, "a headline in the page's data")
		s.learned(x)
		s.chosen(x)
	}
}
