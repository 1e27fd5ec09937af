package discover

import (
	"net/url"
	"strings"
)

// addNext notes the page that continues this one. A declared one (HTML,
// 4.6.6.12) ranks above a link that says so, and both above a number in an
// address.
func (s *sectionReader) addNext(href string, rank int) {
	if rank <= s.nextRank {
		return
	}
	link, ok := resolve(s.base.url, href)
	if !ok || link == s.links.self || s.links.site == "" || SiteOf(link) != s.links.site {
		return
	}
	s.next, s.nextRank = link, rank
}

// continues reports whether an address is this page's with the next number.
func (s *sectionReader) continues(link string) bool {
	if s.nextRank > 0 || s.links.self == "" {
		return false
	}
	base, n := pageNumber(link)
	if n < 2 {
		return false
	}
	own, m := pageNumber(s.links.self)
	return base == own && n == m+1
}

// pageNumber splits an address into what all pages of a list share and the
// number of the page, 1 where it has none: "?page=2", "/page/2", "/page-2",
// "/2".
func pageNumber(address string) (base string, n int) {
	u, err := url.Parse(address)
	if err != nil {
		return address, 1
	}
	n = 1
	var query []string
	for p := range strings.SplitSeq(u.RawQuery, "&") {
		key, value, _ := strings.Cut(p, "=")
		if v, ok := smallNumber(value); ok && n == 1 && isPageWord(strings.ToLower(key)) {
			n = v
		} else {
			query = append(query, p)
		}
	}
	path := strings.TrimRight(u.Path, "/")
	if cut := strings.LastIndexByte(path, '/'); n == 1 && cut >= 0 {
		last := path[cut+1:]
		if dash := strings.LastIndexByte(last, '-'); dash > 0 && isPageWord(last[:dash]) {
			last = last[dash+1:]
		}
		if v, ok := smallNumber(last); ok {
			n, path = v, path[:cut]
			if cut = strings.LastIndexByte(path, '/'); cut >= 0 && isPageWord(path[cut+1:]) {
				path = path[:cut]
			}
		}
	}
	return u.Host + path + "?" + strings.Join(query, "&"), n
}

// mayNumberPage spares most addresses the closer look: a number must stand at
// the end of the path or in the query.
func mayNumberPage(a splitAddress) bool {
	if strings.ContainsAny(a.query, "0123456789") {
		return true
	}
	n := len(a.segments)
	return n > 0 && len(a.segments[n-1]) <= 16 && isDigit(a.segments[n-1][len(a.segments[n-1])-1])
}

func isPageWord(s string) bool {
	switch s {
	case "page", "p", "pg", "paged", "pageno", "page_no", "pagenum", "pageindex", "currentpage", "seite", "pagina":
		return true
	}
	return false
}

func smallNumber(s string) (int, bool) {
	n, ok := allDigits(s)
	return n, ok && len(s) <= 3 && n >= 1
}
