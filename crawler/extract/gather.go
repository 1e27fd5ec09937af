package extract

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on what is kept of a page's metadata.
const (
	maxMetaValue  = 4 << 10
	maxMetas      = 500
	maxScripts    = 50
	maxInline     = 300
	maxScriptSize = 2 << 20
	maxTimes      = 200
	maxHeadings   = 50
)

// facts are what a page says about itself, before anything is decided.
type facts struct {
	url *url.URL
	// base is the href of the base element.
	base     string
	lang     string
	docTitle string
	// metas holds contents by lower-case name, property or http-equiv.
	metas map[string][]string
	// links holds hrefs by lower-case rel.
	links map[string][]string
	// props holds the values of itemprop, those of related boxes left out.
	props   map[string][]string
	scripts []string
	times   []moment
	h1s     []*html.Node
	bylines []byline
	ld      linkedData
	// order counts the text nodes walked so far, so that the distance between an
	// h1 and a time can be told.
	order int
	// root is the tree; found and headlineAt are its lines once scanned.
	root       *html.Node
	scanned    bool
	found      []line
	headlineAt int
	// password says that the page asks for one.
	password bool
	// inline are the scripts that may hold data of the page.
	inline []string
	// entries counts the elements that are named or described as entries of a
	// live blog.
	entries int
	// pagers are the addresses of links that end in a number, comments' left out.
	pagers []string
}

// leastEntries is how many entries make a live blog.
const leastEntries = 4

// liveEntry is a class of an entry: "live-event-entry", "liveblog__post".
var liveEntry = regexp.MustCompile(`^live-?(?:blog|ticker|events?|feed|updates?|report|match)?[-_]+(?:entry|item|post|update|comment)$`)

// live reports whether the page is a live blog.
func (f *facts) live() bool { return f.ld.types["liveblogposting"] || f.entries >= leastEntries }

// gather walks the tree once.
func gather(doc *html.Node) *facts {
	f := &facts{metas: map[string][]string{}, links: map[string][]string{}, props: map[string][]string{}, root: doc, headlineAt: -1}
	f.walk(doc, place{})
	return f
}

// place is where in the tree the walk is.
type place struct {
	furniture bool
	hidden    bool
	article   bool
	links     bool
	// remarks says that readers' comments are there.
	remarks bool
}

func (f *facts) walk(n *html.Node, at place) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			f.order++
			continue
		}
		if c.Type == html.ElementNode {
			f.element(c, at)
		}
	}
}

func (f *facts) element(n *html.Node, at place) {
	switch n.DataAtom {
	case atom.Html:
		f.lang = attr(n, "lang")
		if f.lang == "" {
			f.lang = attr(n, "xml:lang")
		}
	case atom.Base:
		if f.base == "" {
			f.base = attr(n, "href")
		}
	case atom.Title:
		if f.docTitle == "" {
			f.docTitle = nodeText(n)
		}
		return
	case atom.Meta:
		f.meta(n, at)
		return
	case atom.Link:
		rel := strings.ToLower(attr(n, "rel"))
		for r := range strings.FieldsSeq(rel) {
			if len(f.links[r]) < 10 {
				f.links[r] = append(f.links[r], strings.TrimSpace(attr(n, "href")))
			}
		}
		return
	case atom.Script:
		kind := strings.ToLower(attr(n, "type"))
		if strings.HasPrefix(strings.TrimSpace(kind), "application/ld+json") && n.FirstChild != nil && len(f.scripts) < maxScripts && len(n.FirstChild.Data) <= maxScriptSize {
			f.scripts = append(f.scripts, n.FirstChild.Data)
		} else if n.FirstChild != nil && len(f.inline) < maxInline {
			f.inline = append(f.inline, n.FirstChild.Data)
		}
		return
	case atom.Input:
		f.password = f.password || strings.EqualFold(attr(n, "type"), "password") && !at.hidden
		return
	case atom.Style, atom.Template, atom.Svg, atom.Noscript, atom.Iframe:
		return
	case atom.Article, atom.Main:
		at.article = true
	}
	g := grade(n)
	switch {
	case g == certain:
		at.furniture = true
		at.hidden = at.hidden || hiddenByAttribute(n)
	case g == strong || g == remarks:
		at.furniture = true
	}
	if n.DataAtom == atom.A {
		at.links = true
		if href := attr(n, "href"); !at.remarks && len(f.pagers) < maxPagers && endsInNumber(href) {
			f.pagers = append(f.pagers, href)
		}
	}
	at.remarks = at.remarks || g == remarks
	if n.DataAtom == atom.H1 && !at.hidden && len(f.h1s) < maxHeadings && n.FirstChild != nil {
		f.h1s = append(f.h1s, n)
		f.order += 2
		f.times = append(f.times, moment{node: n, order: f.order})
	}
	if !at.furniture {
		f.described(n, at)
	}
	f.walk(n, at)
}

func (f *facts) meta(n *html.Node, at place) {
	content := strings.TrimSpace(attr(n, "content"))
	if content == "" || len(content) > maxMetaValue {
		return
	}
	for _, key := range []string{"property", "name", "http-equiv"} {
		if name := strings.ToLower(strings.TrimSpace(attr(n, key))); name != "" && len(f.metas) < maxMetas && len(f.metas[name]) < 20 {
			f.metas[name] = append(f.metas[name], content)
		}
	}
	if prop := strings.ToLower(attr(n, "itemprop")); prop != "" && !at.furniture && len(f.props[prop]) < 20 {
		f.props[prop] = append(f.props[prop], content)
	}
}

// described records itemprops, time elements and bylines.
func (f *facts) described(n *html.Node, at place) {
	prop := strings.ToLower(attr(n, "itemprop"))
	class := strings.ToLower(attr(n, "class") + " " + attr(n, "id") + " " + prop)
	switch prop {
	case "datepublished", "datecreated", "datemodified":
		if len(f.props[prop]) < 20 {
			f.props[prop] = append(f.props[prop], timeValue(n))
		}
	case "author", "creator":
		if text := authorText(n); text != "" && len(f.props["author"]) < 20 {
			f.props["author"] = append(f.props["author"], text)
		}
	case "headline":
		if len(f.props[prop]) < 5 {
			f.props[prop] = append(f.props[prop], nodeText(n))
		}
	}
	if prop == "liveblogupdate" || strings.Contains(class, "live") && slices.ContainsFunc(strings.Fields(class), liveEntry.MatchString) {
		f.entries++
	}
	if n.DataAtom == atom.Time && len(f.times) < maxTimes && !at.links {
		f.times = append(f.times, moment{node: n, value: timeValue(n), label: class + " " + labelBefore(n), order: f.order})
	}
	if len(f.bylines) >= 20 {
		return
	}
	rel := strings.ToLower(attr(n, "rel"))
	signed := n.DataAtom == atom.A && strings.Contains(rel, "author")
	if signed || bylineName(class) && n.DataAtom != atom.Body && n.DataAtom != atom.Img && !at.remarks {
		if text := bylineText(n); text != "" {
			f.bylines = append(f.bylines, byline{text: text, signed: signed || signedName(class)})
		}
	}
}

func (f *facts) metaFirst(names ...string) string {
	for _, name := range names {
		for _, v := range f.metas[name] {
			if v != "" {
				return v
			}
		}
	}
	return ""
}
