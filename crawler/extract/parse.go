package extract

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on what is parsed. A page of 8 MiB may triple when it is decoded.
const (
	maxText = 32 << 20
	// maxTags bounds the elements; pages have some thousands.
	maxTags = 200_000
	// maxAttributes bounds those of one tag.
	maxAttributes = 5_000
	// maxDepths bounds the sum of the depths of all elements, which is what
	// readings that look at an element's surroundings cost. Large pages reach a
	// hundred thousand.
	maxDepths = 2_000_000
	// maxNames bounds the bytes of all classes, ids and styles, which many rules
	// look at, maxName those of one. Large pages reach a hundred thousand.
	maxNames = 1 << 20
	maxName  = 4 << 10
	// maxAllAttributes bounds those of all tags, once the tags have more than
	// attributesFrom bytes together.
	maxAllAttributes = 300_000
	attributesFrom   = 1 << 20
)

// parse builds the tree of a page. One that the parser would refuse or labour
// over gives a flat tree of its paragraphs, and bare is true.
func parse(text []byte) (doc *html.Node, bare bool, err error) {
	if withinBounds(text) {
		if doc, err := html.Parse(bytes.NewReader(text)); err == nil && tame(doc) {
			return doc, false, nil
		}
	}
	doc, err = parseFlat(text)
	return doc, true, err
}

// withinBounds counts tags and their attributes without building anything.
func withinBounds(text []byte) bool {
	tags, tagBytes, attributes := 0, 0, 0
	for rest := text; ; {
		start := bytes.IndexByte(rest, '<')
		if start < 0 {
			return true
		}
		rest = rest[start+1:]
		if len(rest) == 0 || (rest[0]|0x20) < 'a' || (rest[0]|0x20) > 'z' {
			continue
		}
		if tags++; tags > maxTags {
			return false
		}
		end := bytes.IndexByte(rest, '>')
		if end < 0 {
			end = len(rest)
		}
		// A tag's attributes cannot number more than its spaces and slashes.
		if tagBytes += end; tagBytes > attributesFrom || end > maxAttributes {
			n := attributesBound(rest[:end])
			if attributes += n; n > maxAttributes || attributes > maxAllAttributes {
				return false
			}
		}
		rest = rest[end:]
	}
}

// tame reports whether the depths of a tree's elements add up to no more than
// maxDepths. Classes, ids and styles beyond their bounds are emptied: they only
// ever name an element.
func tame(doc *html.Node) bool {
	depths, depth, names := 0, 0, 0
	for n := doc; n != nil; {
		if n.Type == html.ElementNode {
			if depths += depth; depths > maxDepths {
				return false
			}
			for i, a := range n.Attr {
				switch a.Key {
				case "class", "id", "style":
					if names += len(a.Val); len(a.Val) > maxName || names > maxNames {
						n.Attr[i].Val = ""
					}
				}
			}
		}
		if n.FirstChild != nil {
			n, depth = n.FirstChild, depth+1
			continue
		}
		for n != nil && n.NextSibling == nil {
			n, depth = n.Parent, depth-1
		}
		if n != nil {
			n = n.NextSibling
		}
	}
	return true
}

// attributesBound returns an upper bound on the attributes of a tag, not
// counting what is within quotes.
func attributesBound(tag []byte) int {
	n, quote := 0, byte(0)
	for i, c := range tag {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
				n++
			}
		case (c == '"' || c == '\'') && i > 0 && tag[i-1] == '=':
			quote = c
		case c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '/':
			n++
		}
	}
	return n
}

// parseFlat reads a page with the tokenizer alone: its head's elements, its
// headings and its paragraphs, without those in menus, footers and asides.
func parseFlat(text []byte) (*html.Node, error) {
	doc := &html.Node{Type: html.DocumentNode}
	root := child(doc, atom.Html)
	head, body := child(root, atom.Head), child(root, atom.Body)
	z := html.NewTokenizer(bytes.NewReader(text))
	nodes, skipped := 0, 0
	at := body
	for nodes < maxTags {
		switch z.Next() {
		case html.ErrorToken:
			return doc, nil
		case html.TextToken:
			if skipped > 0 {
				continue
			}
			data := string(z.Text())
			if strings.TrimSpace(data) != "" {
				nodes++
				at.AppendChild(&html.Node{Type: html.TextNode, Data: data})
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			if isSkippedFlat(tag) {
				skipped++
				continue
			}
			if skipped > 0 {
				continue
			}
			switch {
			case tag == atom.Meta || tag == atom.Link || tag == atom.Title || tag == atom.Script:
				nodes++
				at = child(head, tag)
				at.Attr = attributes(z, more)
				if tag == atom.Meta || tag == atom.Link {
					at = body
				}
			case tag == atom.Html:
				root.Attr = attributes(z, more)
			case isHeading(tag) || tag == atom.P || tag == atom.Time || tag == atom.Li:
				nodes++
				at = child(body, tag)
				at.Attr = attributes(z, more)
			case isFlatBlock(tag):
				at = body
				if body.LastChild != nil && body.LastChild.Type == html.TextNode {
					nodes++
					child(body, atom.Br)
					child(body, atom.Br)
				}
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			switch {
			case isSkippedFlat(tag):
				skipped = max(0, skipped-1)
			case tag == at.DataAtom:
				at = body
			}
		}
	}
	return nil, errTooLarge
}

func isSkippedFlat(tag atom.Atom) bool {
	switch tag {
	case atom.Nav, atom.Footer, atom.Aside, atom.Style, atom.Noscript, atom.Svg, atom.Template, atom.Button, atom.Select, atom.Figcaption:
		return true
	}
	return false
}

func isFlatBlock(tag atom.Atom) bool {
	switch tag {
	case atom.Div, atom.Section, atom.Article, atom.Main, atom.Ul, atom.Ol, atom.Table, atom.Tr, atom.Td, atom.Blockquote, atom.Header:
		return true
	}
	return false
}

// attributes reads at most 64 attributes of the current tag, of those that the
// readings ask for.
func attributes(z *html.Tokenizer, more bool) []html.Attribute {
	var out []html.Attribute
	for more && len(out) < 64 {
		var key, val []byte
		key, val, more = z.TagAttr()
		if !isFlatAttribute(string(key)) {
			continue
		}
		out = append(out, html.Attribute{Key: string(key), Val: string(val)})
	}
	return out
}

func isFlatAttribute(key string) bool {
	switch key {
	case "charset", "class", "content", "datetime", "href", "http-equiv", "id", "itemprop", "lang", "name", "property", "rel", "type", "xml:lang":
		return true
	}
	return false
}

func child(parent *html.Node, tag atom.Atom) *html.Node {
	n := &html.Node{Type: html.ElementNode, DataAtom: tag, Data: tag.String()}
	parent.AppendChild(n)
	return n
}
