package discover

import (
	"strings"

	"veille"
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
	base, n, _ := veille.PageNumber(link)
	if n < 2 {
		return false
	}
	own, m, _ := veille.PageNumber(s.links.self)
	return base == own && n == m+1
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
