package extract

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// editor turns blocks into paragraphs: it leaves out what is not the article's
// text though it stands within it. Its rules are conservative: a paragraph
// goes only where its form says what it is.
type editor struct {
	title, description string
	region             *region
	facts              *facts

	byline, email string
	// signedBy is a name that stands alone and in bold at an end of the text.
	signedBy string
	walled   bool
	// teasers counts the other articles' teasers where they are all there is.
	teasers int
	// searches counts the costly ones.
	searches int
}

// edit returns the paragraphs of blocks[first:last].
func (e *editor) edit(blocks []block, first, last int, lead []block) []string {
	drop := e.relatedBlocks(blocks, first, last)
	e.cards(blocks, first, last, drop)
	sameLead(blocks, first, last, drop)
	e.restore(blocks, drop)
	kept := lead
	first = e.afterHeadline(blocks, first, last)
	for i := first; i < last; i++ {
		b := blocks[i]
		if drop[i] || e.leaves(b, len(kept)) {
			continue
		}
		kept = append(kept, b)
	}
	kept = e.trim(kept)
	kept = withoutCaptions(kept)
	kept = e.trim(withoutClosing(kept))
	e.signedBy = boldName(kept)
	out := make([]string, 0, len(kept))
	for _, b := range kept {
		out = append(out, b.text)
	}
	return out
}

// afterHeadline returns the first block after the headline, where one stands
// among the blocks and nearly all the prose follows it; else first.
func (e *editor) afterHeadline(blocks []block, first, last int) int {
	for i := first; i < last; i++ {
		if blocks[i].node.DataAtom != atom.H1 || foldTitle(blocks[i].text) != e.title {
			continue
		}
		before, after := 0, 0
		for k := first; k < last; k++ {
			if k < i {
				before += proseWeight(blocks[k])
			} else {
				after += proseWeight(blocks[k])
			}
		}
		if after >= 4*before {
			return i + 1
		}
	}
	return first
}

// leaves reports whether a block is furniture by its own form. kept is how
// many paragraphs were kept before it.
func (e *editor) leaves(b block, kept int) bool {
	opening := kept == 0
	if b.linked() {
		return true
	}
	if b.heading() || b.weight < len(e.title)+40 {
		if k := foldTitle(b.text); k == "" || k == e.title || opening && len(e.title) > 20 && strings.HasPrefix(k, e.title) {
			return true
		}
	}
	if b.weight < 400 && wallStems.in(b.text) && e.affords() && wallLine.MatchString(b.text) && !quoted(b) {
		e.walled = true
		return true
	}
	if b.weight < 600 && cookieStems.in(b.text) && e.affords() && cookieLine.MatchString(b.text) && !quoted(b) {
		return true
	}
	if b.weight < 400 && (e.appeals(b) || endsInCredit(b.text)) {
		return true
	}
	if b.weight > 150 {
		return false
	}
	if strings.Contains(b.text, "@") {
		if m := emailOnly.FindStringSubmatch(b.text); m != nil {
			e.email = m[1]
			return true
		}
	}
	if b.weight > 120 {
		return copyrightLine.MatchString(b.text) || b.links*10 >= b.weight*3 && relatedLead.MatchString(b.text)
	}
	if (strings.Contains(b.text, "기자") || strings.Contains(b.text, "특파원")) && koreanByline.MatchString(b.text) || strings.IndexByte("BPVD", b.text[0]) >= 0 && latinByline.MatchString(b.text) && !endsSentence(b.text) {
		if e.byline == "" {
			e.byline = b.text
		}
		return true
	}
	if furnitureLine.MatchString(b.text) || copyrightLine.MatchString(b.text) || creditLine.MatchString(b.text) {
		return true
	}
	if b.links*10 >= b.weight*3 && relatedLead.MatchString(b.text) {
		return true
	}
	if kept < 3 && !b.heading() {
		d := dater{lang: "fr"} // day first, as nearly everywhere
		if d.isDateline(b.text) {
			return true
		}
	}
	switch b.node.DataAtom {
	case atom.P, atom.Li, atom.Blockquote, atom.Pre, atom.Dd, atom.Dt, atom.Td, atom.Th, atom.Tr,
		atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return false
	}
	return b.weight < 30 && !endsSentence(b.text)
}

// maxSearches bounds the searches for words that a text may hold anywhere; pages
// ask for some tens.
const maxSearches = 1000

// affords reports whether one more costly search is within bounds.
func (e *editor) affords() bool {
	e.searches++
	return e.searches <= maxSearches
}

// trim removes what surrounds the prose: headings at the end, and short lines
// without a sentence outside paragraphs at both ends.
func (e *editor) trim(blocks []block) []block {
	loose := func(b block) bool {
		switch b.node.DataAtom {
		case atom.P, atom.Li, atom.Blockquote, atom.Pre, atom.Td, atom.Tr, atom.Dd:
			return false
		}
		return b.weight < 60 && !endsSentence(b.text)
	}
	for len(blocks) > 0 && (blocks[len(blocks)-1].heading() || loose(blocks[len(blocks)-1])) {
		blocks = blocks[:len(blocks)-1]
	}
	for len(blocks) > 1 && !blocks[0].heading() && loose(blocks[0]) {
		blocks = blocks[1:]
	}
	return blocks
}

// withoutCaptions drops a paragraph that repeats the one before. Where it ends
// in a credit in brackets, both are a picture's caption, and go.
func withoutCaptions(blocks []block) []block {
	var out []block
	for i := 0; i < len(blocks); i++ {
		j := i + 1
		for j < len(blocks) && blocks[j].text == blocks[i].text {
			j++
		}
		if j == i+1 || !creditEnd.MatchString(blocks[i].text) {
			out = append(out, blocks[i])
		}
		i = j - 1
	}
	return out
}
