package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on what counts as a row of teasers.
const (
	minCards   = 3
	cardWeight = 900
)

// cardRows returns the elements whose children are, nearly all, teasers of other
// pages: each alike, short, and opened by a link. beside says that paragraphs
// stand beside n.
func cardRows(n *html.Node, rows map[*html.Node]bool, beside bool) {
	children, cards, prose := 0, 0, holdsProse(n)
	beside = beside && (n.DataAtom == atom.Ul || n.DataAtom == atom.Ol)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		switch c.DataAtom {
		case atom.Div, atom.Article, atom.Li, atom.Section:
			children++
			if isCard(c) && (c.DataAtom != atom.Li || !beside || linkWeight(c)*10 >= textWeight(boundedText(c, 2*cardWeight))*6) {
				cards++
			}
		case atom.P, atom.Blockquote, atom.Pre, atom.Table:
			children += 2
		}
		if !isJunk(c.DataAtom) {
			cardRows(c, rows, prose)
		}
	}
	if cards >= minCards && cards*10 >= children*8 {
		rows[n] = true
	}
}

// holdsProse reports whether one of an element's children is a paragraph: then
// the items of a list among them belong to the text.
func holdsProse(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.P && textWeight(boundedText(c, 200)) >= 40 {
			return true
		}
	}
	return false
}

// linkWeight is the weight of the links below n.
func linkWeight(n *html.Node) int {
	sum := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.A {
			sum += textWeight(boundedText(c, 2*cardWeight))
		} else if c.Type == html.ElementNode {
			sum += linkWeight(c)
		}
	}
	return sum
}

// isCard reports whether an element is short and opens with a link that leads
// away and is a headline's length, with prose or nothing behind it.
func isCard(n *html.Node) bool {
	opened, linked := false, false
	each(n, func(c *html.Node) bool {
		switch {
		case c.DataAtom == atom.A && len(attr(c, "href")) > 1 && !permalink(c):
			if textWeight(boundedText(c, 400)) >= 20 {
				linked = true
				return false
			}
		case c.Type == html.TextNode && len(c.Data) >= 40 && textWeight(c.Data) >= 40:
			opened = true
			return false
		case c.DataAtom == atom.P && c.FirstChild != nil && c.FirstChild.DataAtom != atom.A:
			opened = true
			return false
		}
		return true
	})
	if !linked || opened {
		return false
	}
	w := textWeight(boundedText(n, 2*cardWeight))
	return w >= 30 && w <= cardWeight
}
