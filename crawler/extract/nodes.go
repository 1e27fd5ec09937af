package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// each visits the tree below n in order until visit says false.
func each(n *html.Node, visit func(*html.Node) bool) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !visit(c) || !each(c, visit) {
			return false
		}
	}
	return true
}

// nodeText is the text below n on one line.
func nodeText(n *html.Node) string { return textUpTo(n, 2000) }

// boundedText is the text below n, "" where it is longer than limit bytes.
func boundedText(n *html.Node, limit int) string {
	text := textUpTo(n, limit+1)
	if len(text) > limit {
		return ""
	}
	return text
}

// textUpTo stops collecting once it has limit bytes.
func textUpTo(n *html.Node, limit int) string {
	var b strings.Builder
	if n.Type == html.TextNode {
		for word := range strings.FieldsSeq(n.Data) {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(word)
			if b.Len() > limit {
				break
			}
		}
		return b.String()
	}
	s := segmenter{node: n, limit: limit}
	s.element(n)
	s.flush()
	for i, blk := range s.blocks {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(blk.text)
	}
	return b.String()
}

func within(n, a *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == a {
			return true
		}
	}
	return false
}

func holdsPicture(n *html.Node) bool {
	return !each(n, func(c *html.Node) bool { return c.DataAtom != atom.Img && c.DataAtom != atom.Picture })
}
