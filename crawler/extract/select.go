package extract

import (
	"fmt"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"veille"
)

// maxSelected bounds the elements that one selector may choose.
const maxSelected = 500

const selectPublished = "published"

// selection is what the selectors of a source choose from a page.
type selection struct {
	title, published string
	authors          []string
	body             []string
	hasBody          bool
	// missed are the fields whose selector yields nothing.
	missed []string
}

// CheckSelector reports what is wrong with a CSS selector, nil if nothing is.
func CheckSelector(css string) error {
	if _, err := cascadia.ParseGroup(css); err != nil {
		return fmt.Errorf("read CSS selector %q: %w", css, err)
	}
	return nil
}

func choose(doc *html.Node, s veille.Selectors) (selection, error) {
	var out selection
	for _, field := range []struct {
		name, css string
		// take reports whether the elements hold the field.
		take func([]*html.Node) bool
	}{
		{"title", s.Title, func(ns []*html.Node) bool {
			if len(ns) > 0 {
				out.title = nodeText(ns[0])
			}
			return out.title != ""
		}},
		{selectPublished, s.Published, func(ns []*html.Node) bool {
			if len(ns) > 0 {
				out.published = timeValue(ns[0])
			}
			return out.published != ""
		}},
		{"author", s.Author, func(ns []*html.Node) bool {
			for _, n := range ns {
				out.authors = append(out.authors, splitAuthors(nodeText(n))...)
			}
			out.authors = distinct(out.authors)
			return len(out.authors) > 0
		}},
		{"body", s.Body, func(ns []*html.Node) bool {
			out.body = selectedBody(ns)
			out.hasBody = len(out.body) > 0
			return out.hasBody
		}},
	} {
		if field.css == "" {
			continue
		}
		sel, err := cascadia.ParseGroup(field.css)
		if err != nil {
			return selection{}, fmt.Errorf("read CSS selector %q: %w", field.css, err)
		}
		ns := cascadia.QueryAll(doc, sel)
		if len(ns) > maxSelected {
			return selection{}, fmt.Errorf("CSS selector %q matches %d elements, more than %d", field.css, len(ns), maxSelected)
		}
		if !field.take(ns) {
			out.missed = append(out.missed, field.name)
		}
	}
	return out, nil
}

// selectedBody renders the chosen elements as they are, but for scripts and
// what is hidden. One within another counts once.
func selectedBody(ns []*html.Node) []string {
	chosen := make(map[*html.Node]bool, len(ns))
	for _, n := range ns {
		chosen[n] = true
	}
	var out []string
next:
	for _, n := range ns {
		for a := n.Parent; a != nil; a = a.Parent {
			if chosen[a] {
				continue next
			}
		}
		copied := visibleCopy(n)
		blocks, _ := segment(copied)
		for _, b := range blocks {
			if len(out) == 0 || out[len(out)-1] != b.text {
				out = append(out, b.text)
			}
		}
	}
	return out
}

// visibleCopy copies a tree without what is hidden; the automatic reading needs
// the original whole.
func visibleCopy(n *html.Node) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Attr: n.Attr}
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.Type == html.ElementNode && (isJunk(k.DataAtom) || grade(k) == certain && hiddenByAttribute(k)) {
			continue
		}
		c.AppendChild(visibleCopy(k))
	}
	return c
}
