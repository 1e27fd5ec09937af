package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on the lead: the lines between the headline and the text that sum the
// story up, or begin it outside the element that holds the rest.
const (
	maxLeadBlocks = 8
	maxLead       = 1500
)

// lead returns the blocks between the headline and first, the container's first
// block, that belong to the text.
func (e *editor) lead(blocks []block, headline *html.Node, first int) []block {
	from, sure := -1, true
	for i := first - 1; i >= 0; i-- {
		if blocks[i].node == headline && headline != nil || blocks[i].node.DataAtom == atom.H1 && foldTitle(blocks[i].text) == e.title {
			from = i
			break
		}
	}
	for i := first - 1; i >= 0 && from < 0; i-- {
		// A page may show the headline in a form that the head does not know.
		if (blocks[i].node.DataAtom == atom.H1 || blocks[i].node.DataAtom == atom.H2) && blocks[i].weight >= 20 && !blocks[i].linked() {
			from, sure = i, blocks[i].node.DataAtom == atom.H1
		}
	}
	if from < 0 {
		return nil
	}
	var out []block
	for _, b := range blocks[from+1 : first] {
		if len(out) == maxLeadBlocks || b.weight > maxLead || b.weight < 40 || b.links*3 > b.weight || e.leaves(b, len(out)) {
			continue
		}
		named := namedLead(b.node, 3)
		if !named && pictured(b.node, blocks[from].node) {
			continue
		}
		switch {
		case named, e.describes(b):
		case b.weight < 60, !sure && b.node.DataAtom != atom.P:
			continue
		case b.heading(), endsSentence(b.text):
		default:
			continue
		}
		out = append(out, b)
	}
	return out
}

// describes reports whether a block is what the page gives as its description.
func (e *editor) describes(b block) bool {
	k := foldTitle(b.text)
	return len(k) >= 40 && e.description != "" && (strings.HasPrefix(e.description, k[:40]) || strings.Contains(e.description, k))
}

// pictured reports whether a block stands with a picture, apart from the
// headline: then it is the picture's caption.
func pictured(n, headline *html.Node) bool {
	for a := n; a != nil && a.DataAtom != atom.Body; a = a.Parent {
		if within(headline, a) {
			return false
		}
		if a.DataAtom == atom.Figure || a.DataAtom == atom.Picture {
			return true
		}
		if textWeight(boundedText(a, 4000)) > 600 {
			return false
		}
		if holdsPicture(a) {
			return true
		}
	}
	return false
}

// namedLead reports whether an element, or one of the levels above it, is named
// for being a lead.
func namedLead(n *html.Node, levels int) bool {
	for ; n != nil && levels > 0 && n.DataAtom != atom.Body && n.DataAtom != atom.Article && n.DataAtom != atom.Main; n, levels = n.Parent, levels-1 {
		for _, a := range n.Attr {
			switch a.Key {
			case "class", "id", "itemprop", "data-testid", "role":
				if len(a.Val) < 200 && leadName(a.Val) {
					return true
				}
			}
		}
	}
	return false
}

// leadName reports whether a word of a name is what editors call a lead.
func leadName(name string) bool {
	found := false
	for w := range nameWords(name) {
		switch w {
		case "register", "login", "subscribe", "subscription", "signup", "newsletter", "promo", "author", "authors", "bio", "share", "social", "ad", "comment",
			"sponsor", "sponsored", "paywall", "magnet", "tags", "byline", "meta", "caption", "form":
			return false
		case "lead", "leader", "leadtext", "lede", "teaser", "intro", "introtext", "introduction", "excerpt", "summary", "standfirst", "deck", "dek",
			"chapo", "chapeau", "abstract", "bajada", "subtitle", "subhead", "subheadline", "subheading", "subline",
			"vorspann", "anleser", "preface", "preamble", "description", "entradilla", "copete", "sapo", "ingress",
			"sommario", "catenaccio", "einleitung", "synopsis", "sumario", "manchet", "perex", "epigraph":
			found = true
		}
	}
	return found
}
