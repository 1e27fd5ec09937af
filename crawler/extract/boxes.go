package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// teaserArticle reports whether an article element within another is a teaser:
// it stands almost alone, is short and links away. The entries of a live blog
// are many.
func teaserArticle(n *html.Node) bool {
	inner := false
	for a := n.Parent; a != nil; a = a.Parent {
		inner = inner || a.DataAtom == atom.Article
	}
	if !inner || n.Parent == nil {
		return false
	}
	count := 0
	for c := n.Parent.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Article {
			count++
		}
		if count > 3 {
			return false
		}
	}
	links := false
	each(n, func(c *html.Node) bool {
		if c.DataAtom == atom.A && len(attr(c, "href")) > 1 && !strings.HasPrefix(attr(c, "href"), "#") {
			links = true
		}
		return !links
	})
	return links && textWeight(nodeText(n)) < 500
}

// asks reports whether a form has a field that a reader is to fill in.
func asks(n *html.Node) bool {
	return !each(n, func(c *html.Node) bool {
		if c.DataAtom != atom.Input {
			return c.DataAtom != atom.Textarea
		}
		switch strings.ToLower(attr(c, "type")) {
		case "email", "tel", "password", "text", "":
			return false
		}
		return true
	})
}

// pictureBox reports whether an element is named for a picture, holds one, and
// little text besides, which is its caption.
func pictureBox(n *html.Node) bool {
	named := false
	for w := range nameWords(attr(n, "class")) {
		switch w {
		case "image", "img", "photo", "picture", "bild", "foto", "imagen":
			named = true
		}
	}
	if !named || textWeight(boundedText(n, 1200)) > 400 {
		return false
	}
	held := false
	furnished := each(n, func(c *html.Node) bool {
		held = held || c.DataAtom == atom.Img || c.DataAtom == atom.Picture
		return !isHeading(c.DataAtom) && c.DataAtom != atom.Li && c.DataAtom != atom.Blockquote
	})
	return held && furnished
}

// widget reports whether an element is a box of a sidebar, as WordPress names
// them. Builders of pages give the same name to their parts, the text among them.
func widget(n *html.Node) bool {
	class := attr(n, "class")
	if !strings.Contains(class, "widget") || builderPart(class) || n.Parent != nil && builderPart(attr(n.Parent, "class")) {
		return false
	}
	for c := range strings.FieldsSeq(class) {
		rest, found := strings.CutPrefix(c, "widget-")
		if c == "widget" || c == "textwidget" || strings.HasPrefix(c, "widget_") || found && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return true
		}
	}
	return false
}

// builderPart reports whether a class is one of a builder of pages.
func builderPart(class string) bool {
	for _, name := range []string{"elementor", "so-panel", "so-widget", "siteorigin", "et_pb", "fl-", "hs_cos", "widget-span"} {
		if strings.Contains(class, name) {
			return true
		}
	}
	return false
}
