package discover

import (
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"veille"
)

// sectionReader finds the links of a section page.
type sectionReader struct {
	out        *outline
	links      *collector
	base       baseAddress
	candidates []candidate
	index      map[string]int
	anchors    int
	alternates []string
	feedLinks  []string
	headings   []string
	dates      []time.Time
	lists      []listItem
	site       *veille.Site
	why        bool
	dropped    []veille.Outlink
	next       string
	nextRank   int
	items      []listItem // of the data that scripts draw the page from
	standIn    bool       // reads what stands in for a script

	anchor  *openAnchor
	capture *openText
}

// openAnchor gathers the text of the link that is open.
type openAnchor struct {
	candidate int
	block     int
	depth     int
	text      strings.Builder
	heading   strings.Builder
	instead   string // what a link without text says: its picture's text
}

// openText gathers the text of an open heading or date.
type openText struct {
	heading  bool
	depth    int
	block    int
	datetime string
	text     strings.Builder
}

func readSection(text []byte, c *collector, p Page) (veille.Listing, error) {
	s := &sectionReader{out: newOutline(text), links: c, base: baseAddress{c.page, false}, index: map[string]int{}, site: p.Site, why: p.Why}
	s.read()
	if s.out.tooBig {
		return veille.Listing{}, failed(veille.FetchTooLarge, errTooManyElements)
	}
	s.addLists()
	s.rank()
	s.rescue()
	for i := range s.candidates {
		x := &s.candidates[i]
		switch {
		case x.score.sum < scoreAccept:
			s.drop(x.outlink())
		case !c.keeps(x.url):
			s.drop(veille.Outlink{URL: x.url, Why: []string{"left out by links.include or links.exclude"}})
		case len(c.found) < maxOutlinks:
			c.put(x.outlink())
		default:
			s.drop(veille.Outlink{URL: x.url, Why: []string{"beyond the first 2000"}})
		}
	}
	return veille.Listing{
		Kind: veille.KindSection, Outlinks: c.found, Alternates: s.advertised(), Next: s.next, Dropped: s.dropped,
	}, nil
}

// drop notes a link that is not taken, for those who ask why.
func (s *sectionReader) drop(o veille.Outlink) {
	if s.why && len(s.dropped) < maxAnchors {
		s.dropped = append(s.dropped, o)
	}
}

func (s *sectionReader) read() {
	s.tokens()
	s.settle(0)
}

func (s *sectionReader) tokens() {
	for !s.out.tooBig && s.anchors < maxAnchors {
		switch s.out.z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			s.start()
		case html.EndTagToken:
			name, _ := s.out.z.TagName()
			if tag := atom.Lookup(name); tag != 0 && !isVoid(tag) {
				s.out.close(tag)
				s.settle(len(s.out.stack))
			}
		case html.TextToken:
			if s.anchor != nil || s.capture != nil {
				s.text(string(s.out.z.Text()))
			}
		}
	}
}

func (s *sectionReader) text(t string) {
	if s.anchor != nil && s.anchor.text.Len() < maxField {
		s.anchor.text.WriteString(t)
		if s.out.top().place&inHeading != 0 {
			s.anchor.heading.WriteString(t)
		}
	}
	if s.capture != nil && s.capture.text.Len() < maxField {
		s.capture.text.WriteString(t)
	}
}

func (s *sectionReader) start() {
	name, more := s.out.z.TagName()
	tag := atom.Lookup(name)
	switch tag {
	case atom.Script:
		a := s.out.attributes(more)
		if s.out.z.Next() != html.TextToken {
			return
		}
		switch typ := strings.ToLower(strings.TrimSpace(a.typ)); {
		case typ == "application/ld+json":
			s.readLinkedData(s.out.z.Raw())
		case typ == "application/json":
			s.readPageData(s.out.z.Raw())
		}
		return
	case atom.Noscript:
		s.readNoscript()
		return
	case atom.Style, atom.Title, atom.Textarea, atom.Iframe:
		// Their text is raw, and none of it is a link's.
		s.out.z.Next()
		return
	case 0:
		// Elements of their own: they may hold other ones, and say nothing.
		return
	}
	a := s.out.attributes(more)
	switch tag {
	case atom.Base:
		s.base.set(a.href)
	case atom.Link:
		s.addAlternate(a)
		if hasWord(a.rel, "next") {
			s.addNext(a.href, 3)
		}
	case atom.Img:
		if s.anchor != nil && s.anchor.instead == "" {
			s.anchor.instead = a.alt
		}
	}
	if isVoid(tag) {
		if tag == atom.Br {
			s.text(" ")
		}
		return
	}
	s.out.open(tag, a)
	s.settle(len(s.out.stack) - 1)
	if !isInlineTag(tag) {
		s.text(" ")
	}
	switch {
	case tag == atom.A:
		s.openAnchor(a)
	case isHeading(tag) || a.role == "heading":
		s.capture = &openText{heading: true, depth: len(s.out.stack), block: s.out.top().block}
	case s.capture == nil && (tag == atom.Time || isDateClass(a.class)):
		s.capture = &openText{depth: len(s.out.stack), block: s.out.top().block, datetime: a.datetime}
	}
}

// settle finishes the link, heading and date whose elements are no longer
// open, given how many still are.
func (s *sectionReader) settle(open int) {
	if s.anchor != nil && s.anchor.depth > open {
		s.closeAnchor()
	}
	if s.capture != nil && s.capture.depth > open {
		s.closeCapture()
	}
}

func (s *sectionReader) closeCapture() {
	c := s.capture
	s.capture = nil
	text := plainText(c.text.String())
	if c.heading {
		if text != "" {
			s.headings = append(s.headings, text)
			s.out.mark(c.block, func(b *block) *int { return &b.heading }, len(s.headings)-1)
		}
		return
	}
	for _, d := range []string{c.datetime, text} {
		if t := s.links.date(d); !t.IsZero() {
			s.dates = append(s.dates, t)
			s.out.mark(c.block, func(b *block) *int { return &b.date }, len(s.dates)-1)
			return
		}
	}
}

// isDateClass recognises what old pages write instead of <time>.
func isDateClass(class string) bool {
	if class == "" || len(class) > 200 {
		return false
	}
	for w := range strings.FieldsFuncSeq(strings.ToLower(class), func(r rune) bool { return r == ' ' || r == '-' || r == '_' }) {
		switch w {
		case "date", "time", "datetime", "pubdate", "published", "timestamp", "regdate", "txttime", "dateline":
			return true
		}
	}
	return false
}
