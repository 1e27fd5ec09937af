package extract

import (
	"regexp"
	"strings"
)

// maxAuthors bounds the authors of one article.
const maxAuthors = 20

var (
	// officeName are those who sign for the house.
	officeName = regexp.MustCompile(`(?i)^(?:(?:die |la |le |the |online-?|our |\pL{1,5}[- ])?(?:redaktion|rédaction|redacción|redazione|redação|redactie|newsroom|news desk|editorial(?: team| staff| board)?|editors|staff(?: writers?| reporters?)?|team|redaktionsteam|web ?desk|online desk))(?:\s\S+)?$`)
)

// authorMetas name the meta elements that hold authors, the best first.
var authorMetas = [...]string{"author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dc:creator", "dcterms.creator", "byl", "cxenseparse:author", "dc.contributor", "article:author_name", "authors", "og:article:author", "citation_author", "article-author", "article.author", "dc.author", "articleauthor", "twitter:data1"}

// byWhom is who wrote an article, as far as the page says it outside its text.
type byWhom struct {
	// people are persons; others the names that sign for the house.
	people, others []string
	own            func(name string) bool
}

// with completes the authors with the article's first and last lines: a byline
// there, an address that the article ends with, or, where the house signs for
// somebody, a name in bold. The site's own name, an agency's or "the
// editors" is an author only where nobody else is.
func (w byWhom) with(a article) []string {
	if len(w.people) > 0 {
		return w.people
	}
	var people []string
	for _, name := range distinct(splitAuthors(a.byline)) {
		if !w.own(name) {
			people = append(people, name)
		}
	}
	if len(people) == 0 && len(w.others) > 0 {
		people = distinct(splitAuthors(a.signedBy))
	}
	switch {
	case len(people) > 0:
		return people[:min(len(people), maxAuthors)]
	case a.email != "":
		return []string{a.email}
	case len(w.others) > 0:
		return w.others[:1]
	}
	return []string{}
}

// authors returns who wrote the article, in the page's order. It reads the tree
// with its furniture.
func (f *facts) authors(site string) byWhom {
	var others []string
	take := func(values []string) []string {
		var all []string
		for _, v := range values {
			all = append(all, splitAuthors(v)...)
		}
		var people []string
		for _, name := range distinct(all) {
			if f.isOwnName(name, site) {
				others = append(others, name)
			} else {
				people = append(people, name)
			}
		}
		return people[:min(len(people), maxAuthors)]
	}
	var metas []string
	for _, name := range authorMetas {
		if name == "twitter:data1" && !strings.EqualFold(f.metaFirst("twitter:label1"), "written by") {
			continue
		}
		if metas = take(f.metas[name]); len(metas) > 0 {
			break
		}
	}
	linked := take(f.ld.authors)
	by := byWhom{own: func(name string) bool { return f.isOwnName(name, site) }}
	// The linked data's own order of the site's names comes first.
	if n := len(f.ld.authors); n > 0 && len(others) > 1 {
		others = append(others[len(others)-1:], others[:len(others)-1]...)
	}
	for _, found := range [][]string{linked, metas, take(f.props["author"]), f.fromBylines(site)} {
		if len(found) > 0 {
			by.people = found
			return by
		}
	}
	by.people, by.others = f.fromLines(site), others
	return by
}

// isOwnName reports whether a name is the site's, or stands for its editors.
func (f *facts) isOwnName(name, site string) bool {
	return f.isSiteName(name, site) || strings.EqualFold(name, site) || officeName.MatchString(name)
}

// fromBylines takes the first byline that reads like names and nothing else.
func (f *facts) fromBylines(site string) []string {
	for _, b := range f.bylines {
		if names := f.bylineNames(b.text, b.signed, site); len(names) > 0 {
			return names
		}
	}
	return nil
}

// bylineNames reads a byline of one or more lines: the first that holds names.
func (f *facts) bylineNames(text string, signed bool, site string) []string {
	lines := strings.Split(text, "\n")
	if len(lines) > 4 {
		return nil
	}
	for _, l := range lines {
		by := byWord.MatchString(l)
		names := splitAuthors(l)
		if len(names) == 0 || len(names) > 6 {
			continue
		}
		good := true
		for _, n := range names {
			good = good && !f.isOwnName(n, site) && (likeName(n) || (signed || by) && len(strings.Fields(n)) == 1 && !furnitureName.MatchString(n))
		}
		if good {
			return names
		}
	}
	return nil
}

// fromLines finds "by" and names in the short texts beside the headline.
func (f *facts) fromLines(site string) []string {
	lines, headline := f.lines()
	if headline < 0 {
		return nil
	}
	for i := max(0, headline-4); i < len(lines) && i < headline+14; i++ {
		l := lines[i]
		if l.text == "" || l.lead || l.furniture || l.remarks || len(l.text) > 100 || i == headline || !byWord.MatchString(l.text) {
			continue
		}
		if names := f.bylineNames(l.text, false, site); len(names) > 0 {
			return names
		}
	}
	return nil
}
