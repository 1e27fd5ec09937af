package extract

import (
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
			if p.passed && inner < longestCorrection && p.drops(g, inner, has) && isCorrectionBox(c, g) {
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
