package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// byline is a text of an element whose name says that it holds the author.
type byline struct {
	text string
	// signed says that the element holds a name and nothing else.
	signed bool
}

// signedName reports whether an element's names are those of one author's name:
// that of hCard (fn in a vcard) among them.
func signedName(class string) bool {
	for w := range strings.FieldsSeq(class) {
		switch w {
		case "fn", "author-name", "author__name", "authorname", "byline-name", "byline__name", "author_name", "byline-author", "post-author", "entry-author", "article-author", "article__author":
			return true
		}
	}
	return false
}

// bylineText is the short text of an element, a line for each of its blocks.
func bylineText(n *html.Node) string {
	const limit = 200
	if len(textUpTo(n, limit+1)) > limit {
		return ""
	}
	s := segmenter{node: n, limit: limit + 1}
	s.element(n)
	s.flush()
	var parts []string
	for _, b := range s.blocks {
		parts = append(parts, b.text)
	}
	return strings.Join(parts, "\n")
}

func bylineName(class string) bool {
	return strings.Contains(class, "byline") || strings.Contains(class, "author") || strings.Contains(class, "auteur") || strings.Contains(class, "autor") || strings.Contains(class, "writer") || strings.Contains(class, "reporter")
}

// authorText prefers the name within an author's element.
func authorText(n *html.Node) string {
	var name string
	each(n, func(c *html.Node) bool {
		if name == "" && strings.EqualFold(attr(c, "itemprop"), "name") {
			if name = strings.TrimSpace(attr(c, "content")); name == "" {
				name = boundedText(c, 200)
			}
		}
		return name == ""
	})
	if name == "" {
		name = strings.TrimSpace(attr(n, "content"))
	}
	if name == "" {
		name = boundedText(n, 200)
	}
	return name
}

// boldName is the name that a text begins or ends with, in an element of its
// own that sets it in bold; "" if there is none.
func boldName(blocks []block) string {
	if len(blocks) < 4 {
		return ""
	}
	for _, b := range append([]block{blocks[len(blocks)-1]}, blocks[:4]...) {
		if b.weight > 60 || endsSentence(b.text) || b.links > 0 || !inBold(b) {
			continue
		}
		names := splitAuthors(b.text)
		good := len(names) > 0 && len(names) <= 4
		for _, n := range names {
			good = good && likeName(n) && capitalised(n)
		}
		if good {
			return b.text
		}
	}
	return ""
}

// inBold reports whether all the text of a block is set in bold.
func inBold(b block) bool {
	if b.node.DataAtom != atom.P && b.node.DataAtom != atom.Div {
		return false
	}
	bold := false
	for c := b.node.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.DataAtom == atom.Strong || c.DataAtom == atom.B:
			bold = true
		case c.Type == html.ElementNode && c.DataAtom != atom.Br, c.Type == html.TextNode && textWeight(c.Data) > 0:
			return false
		}
	}
	return bold
}
