package extract

import (
	"net/url"
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Lengths, as textWeight counts, that the choice of the body turns on.
const (
	// shortBody is under what a news story has; other readings are asked too.
	shortBody = 250
	// smallPage holds so little that all its prose is taken for one text.
	smallPage = 1500
	// maxReadable bounds the blocks of a page that the readability library is
	// asked for: it walks them many times.
	maxReadable = 5000
)

// article is what was found of the page's text.
type article struct {
	paragraphs []string
	// byline and email are furniture that tells who wrote it.
	byline, email string
	// signedBy is a name that the text begins or ends with.
	signedBy string
	// weight is the text's length, sentences the paragraphs that end as
	// sentences do.
	weight, sentences int
	// visible is the start of all the text of the page, lower case, menus and
	// all; visibleWeight its length, which stops counting at some thousands.
	visible       string
	visibleWeight int
	// linked counts the blocks outside menus that are links, linkedWeight is
	// their length and prose that of the others.
	linked, linkedWeight, prose int
	// walled says that the text holds the words that ask for a subscription.
	walled bool
	// teasers counts the teasers where there is nothing else.
	teasers int
	// rescued says that the text is not in the page's markup but in its scripts.
	rescued bool
	// container is the signature of the element that held the text, and within
	// the paragraphs that the element holds which has held this site's texts
	// before; nil where that is no other.
	container string
	within    map[string]bool
}

// readBody finds the article's text. It removes furniture from the tree.
//
// The tree without its furniture is cut into blocks; the deepest element that
// holds most of the prose is the article. Where that yields little, the
// readability library and the linked data are asked, in this order, for more.
func (f *facts) readBody(doc *html.Node, base *url.URL, title string, bare bool, learned string) article {
	var a article
	a.visible = strings.ToLower(textUpTo(doc, 6000))
	a.visibleWeight = textWeight(a.visible)
	state := stateScripts(doc)
	headline := f.headlineNode()
	rows := prune(doc, headline)
	blocks, root := segment(doc)
	a.count(blocks)
	for _, r := range rows {
		teasers, _ := segment(r)
		a.count(teasers)
	}
	in := container(blocks, root)
	ed := editor{title: foldTitle(title), description: foldTitle(f.description()), region: in, facts: f}
	a.paragraphs = ed.edit(blocks, in.first, in.last, ed.lead(blocks, headline, in.first))
	a.weight = weightOf(a.paragraphs)
	a.container = signature(in.node)
	if known := learnedRegion(in, learned); known != nil {
		inner := editor{title: ed.title, description: ed.description, region: known, facts: f}
		a.container, a.within = learned, map[string]bool{}
		for _, p := range inner.edit(blocks, known.first, known.last, inner.lead(blocks, headline, known.first)) {
			a.within[p] = true
		}
	}

	if a.weight < shortBody && !bare && a.prose > a.weight && len(blocks) < maxReadable {
		if n := readable(doc, base); n != nil {
			other, r := segment(n)
			second := editor{title: ed.title, region: r, facts: f}
			paragraphs := second.edit(other, 0, len(other), nil)
			if weightOf(paragraphs) > 2*a.weight && a.weight < smallPage/10 {
				a.paragraphs, ed = paragraphs, second
				a.weight = weightOf(paragraphs)
			}
		}
	}
	if f.ld.body != "" && a.weight < shortBody {
		if paragraphs := plainParagraphs(f.ld.body); weightOf(paragraphs) > 2*a.weight {
			a.paragraphs = paragraphs
			a.weight = weightOf(paragraphs)
		}
	}
	if len(state) > 0 && a.weight < shortBody {
		if paragraphs := rescue(state); weightOf(paragraphs) > max(2*a.weight, shortBody) {
			a.paragraphs, a.rescued = paragraphs, true
			a.weight = weightOf(paragraphs)
		}
	}
	if f.ld.body != "" {
		a.paragraphs = agreed(a.paragraphs, strings.Join(plainParagraphs(f.ld.body), " "))
		a.weight = weightOf(a.paragraphs)
	}
	for _, p := range a.paragraphs {
		if endsSentence(p) {
			a.sentences++
		}
	}
	a.byline, a.signedBy, a.email, a.walled, a.teasers = ed.byline, ed.signedBy, ed.email, ed.walled, ed.teasers
	return a
}

// count adds up the links and the prose of blocks.
func (a *article) count(blocks []block) {
	for _, b := range blocks {
		if b.linked() {
			a.linked++
			a.linkedWeight += b.weight
		} else {
			a.prose += b.weight - b.links
		}
	}
}

// container descends to the deepest element that still holds most of the prose.
func container(blocks []block, root *region) *region {
	prefix := make([]int, len(blocks)+1)
	for i, b := range blocks {
		prefix[i+1] = prefix[i] + proseWeight(b)
	}
	weight := func(r *region) int { return prefix[r.last] - prefix[r.first] }
	share := 80
	if weight(root) < smallPage {
		share = 97
	}
	at := root
	for {
		var heir *region
		for _, c := range at.children {
			if heir == nil || weight(c) > weight(heir) {
				heir = c
			}
		}
		if heir == nil || weight(heir)*100 < weight(at)*share || leaf(heir) {
			return at
		}
		at = heir
	}
}

func leaf(r *region) bool {
	return len(r.children) == 0 && (r.node.DataAtom == atom.P || r.node.DataAtom == atom.Li)
}

// proseWeight is what a block says for its container being the article.
func proseWeight(b block) int {
	if b.heading() || b.linked() {
		return 0
	}
	w := b.weight - b.links
	switch b.node.DataAtom {
	case atom.P, atom.Blockquote, atom.Pre:
		return w
	case atom.Li, atom.Td, atom.Th, atom.Tr, atom.Dd, atom.Dt:
		return w / 3
	}
	if w < 60 {
		return 0
	}
	return w
}

// readable lets the readability library choose the article's element. It
// changes the tree. A page it cannot read gives nil.
func readable(doc *html.Node, pageURL *url.URL) (n *html.Node) {
	defer func() {
		if recover() != nil {
			n = nil // A page that breaks the library has our own reading still.
		}
	}()
	parser := readability.NewParser()
	parser.DisableJSONLD = true
	parser.CharThresholds = shortBody
	article, err := parser.ParseAndMutate(doc, pageURL)
	if err != nil {
		return nil
	}
	setAtoms(article.Node)
	return article.Node
}

// setAtoms repairs the atoms of elements that the library made or renamed.
func setAtoms(n *html.Node) {
	if n == nil {
		return
	}
	n.DataAtom = atom.Lookup([]byte(n.Data))
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			setAtoms(c)
		}
	}
}
