package extract

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

const (
	// maxTitle bounds a title, in runes.
	maxTitle  = 500
	maxFolded = 8 << 10
)

// title returns the headline without the site's name.
//
// The headline of the linked data is what the editors call the article. It
// gives way where it only repeats the title element, which is written for
// search engines, and the h1 and og:title agree on another; and, where there is
// no h1, to what the head agrees on. Without linked data, what two of the page's
// own statements agree on wins; failing that its h1, where it resembles what the
// head says, then the head.
func (f *facts) title(site string) string {
	h1 := ""
	if n := f.headlineNode(); n != nil {
		h1 = plain(nodeText(n))
	}
	if f.isSiteName(h1, site) {
		h1 = ""
	}
	ld := f.withoutSite(f.ld.headline, site, "")
	og := f.withoutSite(plain(f.metaFirst("og:title")), site, ld)
	tw := f.withoutSite(plain(f.metaFirst("twitter:title", "twitter:text:title")), site, ld)
	doc := f.withoutSite(plain(f.docTitle), site, ld)
	prop := ""
	if len(f.props["headline"]) > 0 {
		prop = plain(f.props["headline"][0])
	}
	best := f.editorsTitle(site, ld, h1, og, tw, doc)
	if best == "" {
		best = votedTitle([]string{h1, ld, og, prop, doc, tw}, h1, ld+" "+og+" "+doc, ld != "" || og != "" || doc != "" && inBanner(f.headlineNode()))
	}
	for _, c := range []string{ld, og, prop, doc, tw, h1, f.metaFirst("og:title"), f.docTitle} {
		if best == "" {
			best = plain(c)
		}
	}
	return clean(best, maxTitle)
}

// editorsTitle is the headline of the linked data or what it gives way to, ""
// where there is none that can be one.
func (f *facts) editorsTitle(site, ld, h1, og, tw, doc string) string {
	const article = 8
	k := foldTitle(ld)
	if k == "" || f.ld.rank < article || len(ld) > 250 || truncated(ld) || f.isSiteName(ld, site) {
		return ""
	}
	same := func(s string) bool { return foldTitle(s) == k }
	headAgrees := og != "" && !truncated(og) && foldTitle(og) == foldTitle(doc)
	switch {
	case same(h1), same(og), same(tw):
		return ld
	case h1 != "" && foldTitle(h1) == foldTitle(og) && same(doc):
		return h1
	case h1 != "" && likeness(ld, h1+" "+og+" "+tw+" "+doc) == 0 && likeness(h1, og+" "+doc) >= 0.5:
		return "" // What a content manager writes into every page.
	case h1 == "" && headAgrees:
		return og
	}
	return ld
}

func truncated(s string) bool { return strings.HasSuffix(s, "…") || strings.HasSuffix(s, "...") }

// votedTitle is the candidate that most others repeat; if none does, the h1,
// unless the head knows little of it and knows better.
func votedTitle(candidates []string, h1, head string, known bool) string {
	votes := map[string]int{}
	for _, c := range candidates {
		if k := foldTitle(c); k != "" {
			votes[k]++
		}
	}
	best, bestVotes := "", 0
	for _, c := range candidates {
		if c == "" || truncated(c) {
			continue
		}
		if v := votes[foldTitle(c)]; v > bestVotes {
			best, bestVotes = c, v
		}
	}
	if h1 != "" && (bestVotes < 2 || likeness(h1, best) >= 0.5 && likeness(best, h1) >= 0.5) {
		best = h1
		if likeness(h1, head) < 0.3 && known {
			best = ""
		}
	}
	return best
}

// headlineNode is the h1 of the article: of several, the one most like what the
// head says. One in a menu or footer is none; nor is one of a word or two that
// the head does not know, which is a logo.
func (f *facts) headlineNode() *html.Node {
	head := f.ld.headline + " " + f.metaFirst("og:title", "twitter:title") + " " + f.docTitle
	var best *html.Node
	bestScore := -1.0
	for _, n := range f.h1s {
		text := nodeText(n)
		if text == "" || len(text) > 1500 {
			continue
		}
		// A site's name is in the title element too: longer texts weigh more.
		score := likeness(text, head) * min(1, float64(textWeight(text))/20)
		if score > bestScore {
			best, bestScore = n, score
		}
	}
	return best
}

// inBanner reports whether a heading stands in the site's header, not in that
// of an article, or is a link as a whole: then it may be a logo.
func inBanner(n *html.Node) bool {
	for a := n; a != nil; a = a.Parent {
		switch a.DataAtom {
		case atom.Article, atom.Main:
			return false
		case atom.Header, atom.Nav, atom.A:
			return true
		}
	}
	return n != nil && n.FirstChild != nil && n.FirstChild == n.LastChild && n.FirstChild.DataAtom == atom.A
}

// likeness is the share of a's words that b has too.
func likeness(a, b string) float64 {
	aw := titleWords(a)
	if len(aw) == 0 {
		return 0
	}
	bw := map[string]bool{}
	for _, w := range titleWords(b) {
		bw[w] = true
	}
	hit := 0
	for _, w := range aw {
		if bw[w] {
			hit++
		}
	}
	return float64(hit) / float64(len(aw))
}

func titleWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(norm.NFKC.String(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
}

// foldTitle makes titles comparable: their words, in lower case. No title is
// longer than maxFolded bytes.
func foldTitle(s string) string { return strings.Join(titleWords(s[:min(len(s), maxFolded)]), " ") }
