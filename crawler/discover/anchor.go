package discover

import (
	"slices"
	"strings"

	"veille"
)

func (s *sectionReader) openAnchor(a attributes) {
	if a.href == "" {
		return
	}
	s.anchors++
	if hasWord(a.rel, "next") {
		s.addNext(a.href, 2)
	}
	link, ok := resolve(s.base.url, a.href)
	if !ok || link == s.links.self {
		return
	}
	i, known := s.index[link]
	if !known {
		address := splitURL(link)
		if len(s.feedLinks) < maxAlternates && namesFeed(address) && !slices.Contains(s.feedLinks, link) {
			s.feedLinks = append(s.feedLinks, link)
		}
		if mayNumberPage(address) && s.continues(link) {
			s.addNext(link, 1)
		}
		if why := s.never(link, address); why != "" {
			s.drop(veille.Outlink{URL: link, Why: []string{why}})
			return
		}
		i = len(s.candidates)
		s.index[link] = i
		host, _, _ := strings.Cut(address.host, ":")
		site := siteOf(host)
		s.candidates = append(s.candidates, candidate{
			url: link, address: address, shape: address.shape(),
			offSite: s.links.site != "" && site != s.links.site, sister: label(site) == label(s.links.site),
		})
	}
	top := s.out.top()
	x := &s.candidates[i]
	if !known || chrome(top.place) < chrome(x.place) {
		x.place, x.sig = top.place, top.sig
	}
	x.heading = x.heading || top.place&inHeading != 0
	if len(x.blocks) < 4 {
		x.blocks = append(x.blocks, top.block)
	}
	s.anchor = &openAnchor{candidate: i, block: top.block, depth: len(s.out.stack)}
	for _, instead := range []string{a.label, a.title} {
		if s.anchor.instead == "" {
			s.anchor.instead = instead
		}
	}
	s.out.mark(top.block, func(b *block) *int { return &b.link }, i)
}

// never says why an address cannot be an article's; empty if it can.
func (s *sectionReader) never(link string, a splitAddress) string {
	switch {
	case len(a.segments) == 0 && !hasQueryID(a.query):
		return "a home page"
	case isFile(a):
		return "a file"
	case isNeverHost(a) && !(s.links.explicit && s.links.keeps(link)):
		return "a host that holds no articles"
	}
	return ""
}

// label is the name of a registrable domain without its suffix.
func label(site string) string {
	name, _, _ := strings.Cut(site, ".")
	return name
}

// hasWord reports whether a list such as rel holds a word, given in lower case.
func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(list)) {
		if w == word {
			return true
		}
	}
	return false
}

func (s *sectionReader) closeAnchor() {
	a := s.anchor
	s.anchor = nil
	x := &s.candidates[a.candidate]
	text := plainText(a.text.String())
	if text == "" {
		text = plainText(a.instead)
	}
	if heading := plainText(a.heading.String()); heading != "" {
		x.heading = true
		if len(heading) > len(x.title) {
			x.title = heading
		}
	}
	if len(text) > len(x.text) && !(x.text != "" && isMoreAnchor(text)) || isMoreAnchor(x.text) && !isMoreAnchor(text) {
		x.text = text
	}
}
