package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"veille"
)

const (
	// repeatedOn is on how many articles of a site a paragraph must have stood
	// to be taken for the site's, not the article's.
	repeatedOn = 3
	// A paragraph of sentences, from longSentence on (see textWeight), may be the
	// background that an agency ends all its articles of one subject with. It is the
	// site's where half of all articles show it, and at least leastRead were read.
	longSentence = 100
	leastRead    = 24
	// maxLesson bounds what is learned of a title or an element, in bytes.
	maxLesson = 64
	// maxOmitted bounds the paragraphs that lessons take from one article.
	maxOmitted = 64
)

// learnedTitle returns the title, and the end of it that was cut because the
// site's titles end so.
func (f *facts) learnedTitle(known *veille.Site, site string) (title, suffix string) {
	whole := f.title(site)
	if known == nil || len(known.Suffixes) == 0 {
		return whole, ""
	}
	at, tail := lastPart(whole)
	if tail == "" || !known.Suffix(tail) || f.shows(tail) {
		return whole, ""
	}
	return whole[:at], whole[at:]
}

// suffix is the end of a title that may be the site's, for the site to
// remember; "" where there is none.
func (f *facts) suffix(title, site string) string {
	_, tail := lastPart(title)
	if tail == "" || len(tail) > maxLesson || f.shows(tail) || f.isSiteName(tail, site) {
		return ""
	}
	return tail
}

// lastPart returns what stands behind the last separator of a title, and where
// the part before it ends.
func lastPart(title string) (at int, tail string) {
	for _, sep := range titleSeparators {
		if i := strings.LastIndex(title, sep); i > at {
			at, tail = i, strings.TrimSpace(title[i+len(sep):])
		}
	}
	return at, tail
}

// shows reports whether the page's own headline ends in a text: then it is the
// article's.
func (f *facts) shows(tail string) bool {
	n := f.headlineNode()
	return n != nil && strings.HasSuffix(foldTitle(nodeText(n)), foldTitle(tail))
}

// withoutLearned drops the paragraphs that stand outside the element that has
// held the site's texts, and those that other articles of the site have shown
// too. Each lesson fails open: where it would take most of the text, or a third
// for a repetition, it takes nothing.
func withoutLearned(a article, site *veille.Site) (kept []string, omitted []veille.OmittedParagraph) {
	if site == nil {
		return a.paragraphs, nil
	}
	total, outside, repeated := 0, 0, 0
	isOutside := func(p string) bool { return a.within != nil && !a.within[p] }
	isRepeated := func(p string) bool { return repeats(site, p) }
	for _, p := range a.paragraphs {
		w := textWeight(p)
		total += w
		if isOutside(p) {
			outside += w
		} else if isRepeated(p) {
			repeated += w
		}
	}
	byPlace := outside*10 <= total*7 && total-outside >= shortBody
	if !byPlace {
		outside = 0
	}
	byRepetition := repeated*3 <= total-outside
	for _, p := range a.paragraphs {
		if (byPlace && isOutside(p) || byRepetition && isRepeated(p)) && len(omitted) < maxOmitted {
			omitted = append(omitted, veille.OmittedParagraph{Before: len(kept), Text: p})
			continue
		}
		kept = append(kept, p)
	}
	if len(kept) == 0 {
		return a.paragraphs, nil
	}
	return kept, omitted
}

// repeats reports whether a paragraph is the site's own, and no article's.
func repeats(site *veille.Site, p string) bool {
	n := site.Repeated(veille.HashText(p))
	if n >= repeatedOn && isCorrection(p) {
		return false
	}
	if n < repeatedOn || !endsSentence(p) || textWeight(p) < longSentence {
		return n >= repeatedOn
	}
	return site.Pages >= leastRead && 2*n >= site.Pages
}

// learnedRegion returns the one region below in whose element has a signature,
// nil if there is none or there are several.
func learnedRegion(in *region, learned string) *region {
	if learned == "" || signature(in.node) == learned {
		return nil
	}
	var found *region
	count := 0
	var look func(r *region)
	look = func(r *region) {
		for _, c := range r.children {
			if signature(c.node) == learned {
				found = c
				count++
				continue
			}
			look(c)
		}
	}
	look(in)
	if count != 1 {
		return nil
	}
	return found
}

// signature names an element by its tag and its id, or else its first class,
// as templates write them: one with a digit in it may be an article's own. "" if
// that says nothing.
func signature(n *html.Node) string {
	switch n.DataAtom {
	case 0, atom.Html, atom.Body, atom.P:
		return ""
	}
	name := ""
	if id := strings.TrimSpace(attr(n, "id")); id != "" && !strings.ContainsAny(id, "0123456789 ") {
		name = "#" + id
	} else {
		for c := range strings.FieldsSeq(attr(n, "class")) {
			if !strings.ContainsAny(c, "0123456789") {
				name = "." + c
				break
			}
		}
	}
	if name == "" || len(name)+len(n.Data) > maxLesson {
		return ""
	}
	return n.Data + strings.ToLower(name)
}

// hashes names the paragraphs for the site to remember.
func hashes(paragraphs []string) []uint64 {
	out := make([]uint64, 0, len(paragraphs))
	for _, p := range paragraphs {
		out = append(out, veille.HashText(p))
	}
	return out
}
