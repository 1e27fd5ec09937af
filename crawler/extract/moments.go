package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// moment is a time element or one that is named for a date.
type moment struct {
	node *html.Node
	// value is the machine-readable date, else the text.
	value string
	// label is the text and names around it that tell what happened then.
	label string
	// order is how many text nodes stand before it.
	order int
}

// timeValue is the machine-readable date of an element, else its text.
func timeValue(n *html.Node) string {
	for _, key := range []string{"datetime", "content", "data-datetime", "title"} {
		if v := strings.TrimSpace(attr(n, key)); v != "" && len(v) <= 100 && strings.ContainsAny(v, "0123456789") {
			return v
		}
	}
	return boundedText(n, 200)
}

// labelBefore is the short text before an element in its parent: "Updated ".
func labelBefore(n *html.Node) string {
	for p := n.PrevSibling; p != nil; p = p.PrevSibling {
		if text := boundedText(p, 60); text != "" {
			return strings.ToLower(text)
		}
	}
	if n.Parent != nil {
		return strings.ToLower(attr(n.Parent, "class"))
	}
	return ""
}

// fromTimes reads the time elements of the article: those after its headline
// and before another's, or else the only one.
func (d *dater) fromTimes(f *facts) (pub, mod []stamp) {
	headline := f.headlineNode()
	at := 0
	for _, m := range f.times {
		if m.node == headline {
			at = m.order
		}
	}
	best := -1
	for _, m := range f.times {
		if m.node.DataAtom == atom.H1 {
			continue
		}
		st, ok := parseDate(m.value, d.dayFirst())
		if !ok {
			continue
		}
		distance := m.order - at
		if distance < 0 {
			distance = -2 * distance
		}
		if changeWords.MatchString(m.label + " " + m.value) {
			if distance <= 80 {
				mod = append(mod, st)
			}
			continue
		}
		if headline != nil && distance > 80 && !strings.Contains(m.label, "publi") && !sameArticle(m.node, headline) {
			continue
		}
		if best < 0 || distance < best {
			best = distance
			pub = append([]stamp{st}, pub...)
		} else {
			pub = append(pub, st)
		}
	}
	return pub, mod
}

// sameArticle reports whether the nearest article element is the same.
func sameArticle(a, b *html.Node) bool {
	of := func(n *html.Node) *html.Node {
		for ; n != nil; n = n.Parent {
			if n.DataAtom == atom.Article {
				return n
			}
		}
		return nil
	}
	x := of(a)
	return x != nil && x == of(b)
}
