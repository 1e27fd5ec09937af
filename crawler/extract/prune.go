package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// minCoreProse is how much text, as textWeight counts, must stand outside a
// page's furniture for the furniture to be removed without further looking; on
// a small page, an eighth of its prose is enough.
const minCoreProse = 40

// pruner removes what is not the article from a tree: scripts, hidden
// elements, menus, footers, related boxes.
type pruner struct {
	// total is the prose of the page, core the prose outside its furniture, in
	// runes. Prose is text in paragraphs and running text, outside links.
	total, core int
	headline    *html.Node
	// above holds the elements that the headline is in.
	above map[*html.Node]bool
	// passed says that the headline was swept, after how much prose was since.
	passed bool
	after  int
	// rows are the rows of teasers.
	rows map[*html.Node]bool
	// dropped are the rows that were removed.
	dropped []*html.Node
}

// furniture grades how sure it is that an element is not the article's text.
type furniture int

const (
	// content is not furniture by its own name.
	content furniture = iota
	// weak furniture has a name that wrappers of articles bear too.
	weak
	// strong furniture has a name that says what it is.
	strong
	// remarks are readers' comments, which may be longer than the article.
	remarks
	// certain furniture is so by its element or by being hidden.
	certain
	// junk holds no readable text at all.
	junk
)

// prune removes the furniture of the tree below doc, and returns the rows of
// teasers that went.
func prune(doc, headline *html.Node) []*html.Node {
	p := pruner{headline: headline, above: map[*html.Node]bool{}, rows: map[*html.Node]bool{}}
	for a := headline; a != nil; a = a.Parent {
		p.above[a] = true
	}
	cardRows(doc, p.rows, false)
	p.measure(doc, false)
	p.sweep(doc, false)
	return p.dropped
}

// measure sums up the prose below n.
func (p *pruner) measure(n *html.Node, inFurniture bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			chars := textWeight(c.Data)
			p.total += chars
			if !inFurniture {
				p.core += chars
			}
		case html.ElementNode:
			grade := p.grade(c)
			if grade == junk || c.DataAtom == atom.A || isHeading(c.DataAtom) {
				continue
			}
			p.measure(c, inFurniture || grade >= strong && !p.above[c])
		}
	}
}

// sweep removes furniture below n and returns the prose of n and whether it
// holds the headline. boxed says that n is within furniture.
func (p *pruner) sweep(n *html.Node, boxed bool) (prose int, headline bool) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch c.Type {
		case html.TextNode:
			if n.DataAtom != atom.A && !isHeading(n.DataAtom) {
				w := textWeight(c.Data)
				prose += w
				if p.passed {
					p.after += w
				}
			}
		case html.CommentNode:
			n.RemoveChild(c)
		case html.ElementNode:
			g := p.grade(c)
			if g == junk {
				n.RemoveChild(c)
				break
			}
			if g == certain && c.DataAtom == atom.P && attr(c, "aria-hidden") != "" && textWeight(nodeText(c)) >= 100 && p.core >= shortBody {
				// A paragraph hidden from readers of screens alone is behind a soft wall.
				g = content
			}
			before := p.after
			named := grade(c) >= strong
			inner, has := p.sweep(c, boxed || named)
			if c == p.headline {
				p.passed = true
			}
			if g == weak && p.passed && !has && before < maxLead && inner < maxLead && namedLead(c, 1) && !holdsPicture(c) {
				g = content
			}
			if g == certain && hiddenByAttribute(c) && inner > smallPage && inner*10 > p.total*6 {
				// What a script is to show, such as an article behind tabs.
				g = content
			}
			if p.drops(g, inner, has) {
				if p.rows[c] && !named && !boxed {
					p.dropped = append(p.dropped, c)
				}
				n.RemoveChild(c)
				break
			}
			if c.DataAtom != atom.A && !isHeading(c.DataAtom) {
				prose += inner
			}
			headline = headline || has || c == p.headline
		}
		c = next
	}
	return prose, headline
}

// hasCore reports whether there is an article without the furniture. A line or
// two beside a hundred times as much is no article: then the names mislead.
func (p *pruner) hasCore() bool {
	return p.core >= minCoreProse && p.core*100 >= p.total || p.core > 0 && p.core*8 >= p.total
}

func (p *pruner) drops(g furniture, prose int, headline bool) bool {
	if g == content || headline {
		return false
	}
	switch g {
	case certain:
		return p.hasCore()
	case strong:
		return p.hasCore() && (prose*10 <= p.total*6 && (prose < smallPage || prose < 4*p.core) || p.total < smallPage)
	case remarks:
		return p.hasCore() && (prose*10 <= p.total*6 || p.total < smallPage || p.core >= shortBody)
	default:
		return prose*10 <= p.total*3 && prose*10 <= p.core*3
	}
}

func (p *pruner) grade(n *html.Node) furniture {
	g := grade(n)
	if g == weak && n.DataAtom != atom.Form && holdsPost(n) {
		return content
	}
	if p.rows[n] {
		return max(g, strong)
	}
	return g
}

// holdsPost reports whether an element holds a quoted post of another site.
func holdsPost(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Blockquote && attr(c, "class") != "" {
			return true
		}
	}
	return false
}

// grade tells furniture by its element, its attributes and its names.
func grade(n *html.Node) furniture {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Math, atom.Iframe,
		atom.Object, atom.Embed, atom.Canvas, atom.Video, atom.Audio, atom.Button, atom.Input,
		atom.Select, atom.Textarea, atom.Link, atom.Meta, atom.Head, atom.Map, atom.Datalist, atom.Progress, atom.Meter:
		return junk
	case atom.Nav, atom.Aside, atom.Dialog, atom.Menu, atom.Footer:
		return certain
	case atom.Figcaption, atom.Caption:
		return certain
	case atom.Html, atom.Body, atom.Main, atom.Tr, atom.Td, atom.Th, atom.Tbody:
		if n.DataAtom != atom.Html && n.DataAtom != atom.Body && n.DataAtom != atom.Main && hiddenCell(n) {
			return certain
		}
		return content
	case atom.Figure:
		if holdsPicture(n) {
			return weak
		}
	case atom.Article:
		if teaserArticle(n) {
			return weak
		}
	}
	found := content
	if n.DataAtom == 0 && strings.Contains(n.Data, "-") {
		// A custom element says by its name what others say by their class.
		found = gradeName(n.Data)
	}
	switch {
	case n.DataAtom == atom.Form && asks(n), n.DataAtom == atom.Div && (pictureBox(n) || widget(n)), hiddenByClass(n):
		found = max(found, weak)
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			if !strings.EqualFold(a.Val, "until-found") {
				return certain
			}
		case "aria-hidden":
			if strings.EqualFold(strings.TrimSpace(a.Val), "true") {
				return certain
			}
		case "style":
			if hiddenStyle(a.Val) {
				return certain
			}
		case "role":
			switch strings.ToLower(strings.TrimSpace(a.Val)) {
			case "navigation", "complementary", "contentinfo", "banner", "search", "menu", "menubar", "dialog", "alertdialog", "alert":
				return certain
			}
		case "class", "id", "data-testid", "data-component":
			if n.DataAtom != atom.Article {
				found = max(found, gradeName(a.Val))
			}
		}
	}
	return found
}

func hiddenStyle(style string) bool {
	if len(style) > 2000 || !strings.Contains(style, ":") {
		return false
	}
	style = strings.ToLower(strings.Join(strings.Fields(style), ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// gradeName grades a class or id by its words: "js-relatedStories" has the
// words js, related, stories.
func gradeName(name string) furniture {
	if len(name) > 500 {
		name = name[:500]
	}
	found := content
	start := 0
	negated := false
	word := func(end int) {
		if end <= start {
			return
		}
		w := strings.ToLower(name[start:end])
		if !negated {
			found = max(found, gradeWord(w))
		}
		// A wrapper that "has-sidebar" is not one.
		negated = w == "has" || w == "with" || w == "no" || w == "without" || w == "label"
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			if i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
				word(i)
				start = i
			}
		case c >= 'a' && c <= 'z':
		default:
			word(i)
			start = i + 1
		}
	}
	word(len(name))
	return found
}

func gradeWord(w string) furniture {
	switch w {
	case "related", "relateds", "recirc", "recirculation", "recommended", "recommendations", "recommendation",
		"newsletter", "newsletters", "cookie", "cookies", "gdpr", "onetrust", "cmp",
		"breadcrumb", "breadcrumbs", "outbrain", "taboola", "nav", "navbar",
		"navigation", "menu", "submenu", "footer", "sidebar", "sharebar", "sharing", "socials",
		"mostread", "popular", "trending", "advert", "advertisement", "ads", "pagination", "pager",
		"caption", "captions", "figcaption", "copyright", "similar",
		"relatedposts", "relatedcontent", "readmore", "readalso", "alsoread", "authorbox", "authorbio", "addtoany", "sharedaddy", "addthis", "yarpp", "messenger", "whatsapp":
		return strong
	case "comments", "commentlist", "disqus":
		return remarks
	case "share", "social", "promo", "sponsor", "sponsored", "subscribe", "subscription", "signup", "ad",
		"tags", "taglist", "byline", "bio", "credit", "credits", "teaser", "teasers", "toolbar", "tools",
		"ticker", "banner", "popup", "modal", "overlay", "skip", "sr", "masthead",
		"more", "latest", "topics", "comment", "print", "follow", "dateline", "timestamp", "consent", "meta", "author", "authors",
		"cta", "callout", "affiliate", "attribution", "tableofcontents",
		"disclaimer", "kicker", "crumbs", "login", "register", "search", "rating", "player":
		return weak
	}
	return content
}

func isHeading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// textWeight counts the runes of s that are not space; a rune of a script
// written without spaces says about twice as much, and counts double.
func textWeight(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r <= ' ' || r == '\u00a0':
		case r >= 0x2E80:
			n += 2
		default:
			n++
		}
	}
	return n
}
