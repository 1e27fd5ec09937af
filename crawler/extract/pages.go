package extract

import (
	"strings"

	"veille"
)

// Bounds on an article of several pages.
const (
	maxPagers = 300
	// maxJoined bounds the text of all pages together, in bytes.
	maxJoined = 512 << 10
)

// nextPage returns the address of the page that continues this one: that with
// the next number, declared or linked; "" if there is none. On a page that is
// not known to be a further one, a number in its address may be the article's
// own.
func (f *facts) nextPage(further bool) string {
	own, n, marked := veille.PageNumber(f.url.String())
	if n > 1 && !marked && !further || strings.Trim(f.url.Path, "/") == "" {
		return ""
	}
	for _, href := range append(f.links["next"], f.pagers...) {
		link, _, _ := strings.Cut(f.absolute(href), "#")
		if link == "" || len(link) > veille.MaxURLLength || strings.Contains(link, "comment") {
			continue
		}
		if base, m, _ := veille.PageNumber(link); m == n+1 && base == own {
			return link
		}
	}
	return ""
}

// endsInNumber is a quick test for the addresses of further pages.
func endsInNumber(href string) bool {
	href, _, _ = strings.Cut(href, "#")
	href = strings.TrimRight(href, "/")
	return href != "" && len(href) <= veille.MaxURLLength && href[len(href)-1] >= '0' && href[len(href)-1] <= '9' || strings.Contains(href, "?")
}

// Join adds a further page to an article, without the paragraphs that it has
// already: leads and boxes stand on every page. It reports false, and adds
// nothing, where the page is no part of the article: it is none itself, or bears
// another title and another identity; or where it has nothing new.
func Join(article *veille.Snapshot, further veille.Snapshot) bool {
	if article.Kind != veille.KindArticle || further.Kind != veille.KindArticle || !sameStory(*article, further) {
		return false
	}
	seen := map[uint64]bool{}
	paragraphs := strings.Split(article.Body, "\n\n")
	for _, p := range paragraphs {
		seen[veille.HashText(p)] = true
	}
	size, added := len(article.Body), 0
	for p := range strings.SplitSeq(further.Body, "\n\n") {
		if h := veille.HashText(p); !seen[h] && size+len(p) <= maxJoined {
			seen[h] = true
			size += len(p) + 2
			added++
			paragraphs = append(paragraphs, p)
		}
	}
	if added == 0 {
		return false
	}
	for _, o := range further.Omitted.Paragraphs {
		if len(article.Omitted.Paragraphs) < maxOmitted && !seen[veille.HashText(o.Text)] {
			o.Before = len(paragraphs)
			article.Omitted.Paragraphs = append(article.Omitted.Paragraphs, o)
		}
	}
	article.Body = strings.Join(paragraphs, "\n\n")
	article.Learned.Paragraphs = append(article.Learned.Paragraphs, further.Learned.Paragraphs...)
	if further.Modified.After(article.Modified) {
		article.Modified = further.Modified
	}
	article.Next = further.Next
	return true
}

// sameStory reports whether two pages are of one article: they say so, or their
// titles begin alike ("Dam bursts", "Dam bursts, page 2").
func sameStory(a, b veille.Snapshot) bool {
	if a.Canonical == b.Canonical {
		return true
	}
	x, y := foldTitle(a.Title), foldTitle(b.Title)
	return x != "" && y != "" && (strings.HasPrefix(y, x) || strings.HasSuffix(y, x) || strings.HasPrefix(x, y) && len(y)*2 > len(x))
}
