package veille

import (
	"net/url"
	"strings"
)

// PageNumber splits an address into what all pages of a list or of an article
// share and the number of the page, 1 where it has none: "?page=2", "/page/2",
// "/page-2", "/2". marked says that a word such as "page" stands with the
// number: without one it may be an article's own.
func PageNumber(address string) (base string, n int, marked bool) {
	u, err := url.Parse(address)
	if err != nil {
		return address, 1, false
	}
	n = 1
	var query []string
	for p := range strings.SplitSeq(u.RawQuery, "&") {
		key, value, _ := strings.Cut(p, "=")
		if v, ok := smallNumber(value); ok && !marked && isPageWord(strings.ToLower(key)) {
			n, marked = v, true
		} else {
			query = append(query, p)
		}
	}
	path := strings.TrimRight(u.Path, "/")
	if cut := strings.LastIndexByte(path, '/'); !marked && cut >= 0 {
		last := path[cut+1:]
		if dash := strings.LastIndexByte(last, '-'); dash > 0 && isPageWord(last[:dash]) {
			last, marked = last[dash+1:], true
		}
		if v, ok := smallNumber(last); ok {
			n, path = v, path[:cut]
			if cut = strings.LastIndexByte(path, '/'); cut >= 0 && isPageWord(path[cut+1:]) {
				path, marked = path[:cut], true
			}
		}
	}
	return u.Host + path + "?" + strings.Join(query, "&"), n, marked
}

func isPageWord(s string) bool {
	switch s {
	case "page", "p", "pg", "paged", "pageno", "page_no", "pagenum", "pageindex", "currentpage", "seite", "pagina":
		return true
	}
	return false
}

func smallNumber(s string) (n int, ok bool) {
	if s == "" || len(s) > 3 {
		return 0, false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, n >= 1
}
