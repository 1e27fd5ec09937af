package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on the lines that are kept of one page.
const (
	maxLines = 3000
	maxLine  = 200
)

// line is a short text of the page that stands by itself, with what its place
// and its elements' names tell of it.
type line struct {
	text string
	// date is a machine-readable date of the line, such as that of an abbr.
	date string
	// names are the classes and ids of the elements that hold nothing else than
	// the line, and of the three above; lower case.
	names string
	// lead says that text is only the beginning of a paragraph.
	lead bool
	place
}

// lines returns the short texts of the page in order, and the index of the one
// that holds the headline, -1 if none does. It is costly, and made on first use:
// a page whose metadata is complete does not need it.
func (f *facts) lines() ([]line, int) {
	if f.scanned || f.root == nil {
		return f.found, f.headlineAt
	}
	s := scanner{headline: f.headlineNode(), at: -1, title: foldTitle(f.headlineText())}
	s.walk(f.root, place{}, "", reach{})
	f.found, f.headlineAt, f.scanned = s.lines, s.at, true
	return f.found, f.headlineAt
}

// headlineText is the headline as far as it is known before the title is.
func (f *facts) headlineText() string {
	if n := f.headlineNode(); n != nil {
		return nodeText(n)
	}
	if f.ld.headline != "" {
		return f.ld.headline
	}
	return f.metaFirst("og:title")
}

type scanner struct {
	headline *html.Node
	title    string
	lines    []line
	// at is the headline's index.
	at int
}

// reach is how far down the walk is: its depth, and how many elements around it
// were too long for a line. The latter is bounded, for each was read in part.
type reach struct{ depth, tries int }

func (s *scanner) walk(n *html.Node, at place, names string, r reach) {
	for c := n.FirstChild; c != nil && len(s.lines) < maxLines; c = c.NextSibling {
		switch c.Type {
		case html.ElementNode:
			s.element(c, at, names, r)
		case html.TextNode:
			if text := strings.Join(strings.Fields(c.Data), " "); text != "" {
				s.add(text, "", names, at)
			}
		}
	}
}

func (s *scanner) element(n *html.Node, at place, names string, r reach) {
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Select, atom.Button, atom.Textarea:
		return
	case atom.Article, atom.Main:
		at.article = true
	case atom.A:
		at.links = true
	}
	switch g := grade(n); {
	case g == certain:
		at.furniture = true
		at.hidden = at.hidden || hiddenByAttribute(n)
	case g == strong || g == remarks:
		at.furniture = true
	}
	own := strings.ToLower(attr(n, "class") + " " + attr(n, "id") + " " + attr(n, "itemprop"))
	if remarkName.MatchString(own) {
		at.remarks = true
	}
	if len(own) > 2 {
		names = own + " / " + names
		for i, n := 0, 0; i < len(names); i++ {
			if names[i] == '/' {
				if n++; n == 3 {
					names = names[:i]
				}
			}
		}
	}
	if n == s.headline {
		s.at = len(s.lines)
	}
	if r.tries < 6 && isBlockLine(n) && n.DataAtom != atom.Body && n.DataAtom != atom.Html {
		text := boundedText(n, maxLine)
		if text == "" && n.DataAtom == atom.P {
			text = textUpTo(n, maxLine+1)
		}
		if text != "" {
			if s.at < 0 && s.headline == nil && s.title != "" && foldTitle(text) == s.title {
				s.at = len(s.lines)
			}
			s.add(text, innerDate(n), names+innerNames(n), at)
			return
		}
		r.tries++
	}
	if r.depth++; r.depth < 400 {
		s.walk(n, at, names, r)
	}
}

func (s *scanner) add(text, date, names string, at place) {
	lead := false
	if len(text) > maxLine {
		// Of prose, only the dateline that it may begin with is kept.
		text, lead = leadOf(text), true
	}
	s.lines = append(s.lines, line{text: text, date: date, names: names, lead: lead, place: at})
}

// leadOf is the start of a paragraph, up to the dash or period that ends a
// dateline: "Karlsruhe, 12.11.2021. ".
func leadOf(text string) string {
	cut := 0
	for i := range text {
		if i > 70 {
			break
		}
		if rest := text[i:]; strings.HasPrefix(rest, "– ") || strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "— ") || strings.HasPrefix(rest, ": ") || strings.HasPrefix(rest, "). ") || strings.HasPrefix(rest, ") ") {
			cut = i
		}
	}
	if lead := text[:cut]; hasDigits(lead, 4) {
		return lead
	}
	return ""
}

// isBlockLine reports whether an element makes a line of its own: one that holds
// text and no other blocks.
func isBlockLine(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Dd, atom.Dt, atom.Time, atom.Abbr, atom.Small, atom.Label:
		return true
	case atom.Div, atom.Li, atom.Td, atom.Address, atom.Span, atom.Em, atom.Cite, atom.I, atom.B, atom.Strong:
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if isBlockElement(c.DataAtom) {
				return false
			}
			for g := c.FirstChild; g != nil; g = g.NextSibling {
				if isBlockElement(g.DataAtom) {
					return false
				}
			}
		}
		return true
	}
	return false
}

func isBlockElement(a atom.Atom) bool {
	switch a {
	case atom.Div, atom.P, atom.Ul, atom.Ol, atom.Section, atom.Article, atom.Table, atom.Tbody, atom.Tr, atom.Td, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Dl, atom.Header, atom.Footer, atom.Li, atom.Form:
		return true
	}
	return false
}

// innerDate is the machine-readable date of the first time or abbr in n.
func innerDate(n *html.Node) string {
	date := ""
	look := func(c *html.Node) bool {
		if c.DataAtom == atom.Time || c.DataAtom == atom.Abbr {
			for _, key := range []string{"datetime", "title"} {
				if v := strings.TrimSpace(attr(c, key)); v != "" && len(v) <= 60 && strings.ContainsAny(v, "0123456789") {
					date = v
					return false
				}
			}
		}
		return true
	}
	if look(n) {
		each(n, look)
	}
	return date
}

// innerNames are the names of the elements within a line.
func innerNames(n *html.Node) string {
	var b strings.Builder
	each(n, func(c *html.Node) bool {
		if c.Type == html.ElementNode {
			for _, key := range []string{"class", "rel", "itemprop", "property"} {
				if v := attr(c, key); v != "" {
					b.WriteString(" " + strings.ToLower(v))
				}
			}
		}
		return b.Len() < 200
	})
	return b.String()
}

var remarkName = regexp.MustCompile(`comment(?:s|ary|list|body|meta)?\b|kommentare?\b|leserbrief|\brepl(?:y|ies)|respond|disqus|guestbook|gaestebuch`)
