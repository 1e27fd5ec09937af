package extract

import (
	"strings"
	"unicode/utf8"
)

// titleSeparators stand between a headline and the site's name.
var titleSeparators = []string{" | ", " - ", " – ", " — ", " :: ", " · ", " • ", " » ", " / ", " : ", "｜", " |", "| ", " < ", " ‹ ", " « ", "："}

// withoutSite strips the site's name from a title, and the section before it:
// where the tail (or head) is the name that the page or its host gives, or where
// the rest is an h1 or the headline of the page's linked data.
func (f *facts) withoutSite(title, site, headline string) string {
	cutName := false
	for range 4 {
		cut, name := f.cutSite(title, site, headline, cutName)
		if cut == title || cut == "" {
			return title
		}
		title, cutName = cut, cutName || name
	}
	return title
}

// cutSite cuts one part. afterName says that the site's name was cut already,
// so that the tail may be a section's.
func (f *facts) cutSite(title, site, headline string, afterName bool) (cut string, name bool) {
	known := []string{foldTitle(headline)}
	for _, n := range f.h1s {
		if len(known) < 8 {
			known = append(known, foldTitle(nodeText(n)))
		}
	}
	isKnown := func(s string) bool {
		k := foldTitle(s)
		for _, other := range known {
			if k != "" && k == other {
				return true
			}
		}
		return false
	}
	if isKnown(title) {
		return title, false
	}
	for _, sep := range titleSeparators {
		if i := strings.LastIndex(title, sep); i > 0 {
			head, tail := strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+len(sep):])
			if f.isSiteName(tail, site) || isKnown(head) {
				return head, true
			}
			if afterName && f.isSection(tail) {
				return head, false
			}
		}
		if i := strings.Index(title, sep); i > 0 {
			head, tail := strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+len(sep):])
			// A kicker may stand before the headline and belongs to it; a site's
			// name does not.
			if f.isSiteName(head, site) || headline != "" && isKnown(tail) {
				return tail, true
			}
			if isKnown(head) {
				return head, false
			}
		}
	}
	// Sites of East Asia put no space before theirs: 题目_科技_腾讯网.
	if i := strings.LastIndexAny(title, "-_|ㅣ｜－—–"); i > 0 {
		_, size := utf8.DecodeRuneInString(title[i:])
		head, tail := strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+size:])
		if f.isSiteName(tail, site) {
			return head, true
		}
		if afterName && (f.isSection(tail) || cjkName(tail) && utf8.RuneCountInString(tail) <= 5) {
			return head, false
		}
	}
	return title, false
}

// isSection reports whether s names the page's section or is a word that stands
// for one on many sites.
func (f *facts) isSection(s string) bool {
	k := foldTitle(s)
	for _, name := range append(f.metas["article:section"], f.ld.section) {
		if k != "" && k == foldTitle(name) {
			return true
		}
	}
	switch k {
	case "blog", "news", "home", "articles", "article", "politics", "world", "sport", "sports", "business", "opinion", "politik", "wirtschaft", "nachrichten", "actualités", "actualité", "noticias", "notizie":
		return true
	}
	return false
}

// isSiteName reports whether s is the site's name or its host's.
func (f *facts) isSiteName(s, site string) bool {
	k := strings.ReplaceAll(foldTitle(s), " ", "")
	if k == "" {
		return false
	}
	for _, name := range []string{site, f.metaFirst("og:site_name"), f.ld.publisher, f.metaFirst("application-name"), f.metaFirst("al:ios:app_name")} {
		if n := strings.ReplaceAll(foldTitle(name), " ", ""); n != "" && n == k {
			return true
		}
	}
	host := strings.TrimPrefix(strings.ToLower(f.url.Hostname()), "www.")
	label, _, _ := strings.Cut(host, ".")
	flat := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' {
			return -1
		}
		return r
	}, host)
	registrable := registrableDomain(host)
	name, _, _ := strings.Cut(registrable, ".")
	name = strings.ReplaceAll(name, "-", "")
	return len(k) >= 3 && (k == flat || k == label || k == name || k == "the"+name || k == strings.ReplaceAll(registrable, ".", ""))
}
