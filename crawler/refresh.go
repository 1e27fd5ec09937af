package crawler

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// refreshHead is how much of a page is searched for a refresh, in bytes.
	refreshHead = 16 << 10
	// longestRefresh is the delay, in seconds, up to which a refresh is a
	// redirect; a longer one renews a page that is read meanwhile.
	longestRefresh = 5
)

// refresh returns where a page sends its visitor, empty if it does not. One that
// leads back on the way is no redirect: the page renews itself, or waits for a
// cookie.
func (c *Crawler) refresh(at target, p page, visited map[string]bool) string {
	to := refreshes(p.body)
	if to == "" {
		return ""
	}
	if next, err := at.follow(to); err != nil || visited[next.String()] {
		return ""
	}
	return to
}

// refreshes returns the address that a page sends its visitor to by a refresh
// in its head (HTML, 4.2.5.3), as it is written; empty if it does not. A
// refresh for browsers without scripts (noscript) is none: what it leads to
// is a lesser page.
func refreshes(body []byte) string {
	head := body[:min(len(body), refreshHead)]
	if !bytes.Contains(bytes.ToLower(head), []byte("http-equiv")) {
		return ""
	}
	z := html.NewTokenizer(bytes.NewReader(head))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch t.DataAtom {
			case atom.Body, atom.P, atom.Div, atom.A:
				return ""
			case atom.Meta:
				var equiv, content string
				for _, a := range t.Attr {
					switch a.Key {
					case "http-equiv":
						equiv = a.Val
					case "content":
						content = a.Val
					}
				}
				if strings.EqualFold(strings.TrimSpace(equiv), "refresh") {
					return refreshURL(content)
				}
			}
		}
	}
}

// refreshURL reads "0; url='https://example.org/'".
func refreshURL(content string) string {
	delay, rest, ok := strings.Cut(content, ";")
	if !ok {
		delay, rest, ok = strings.Cut(content, ",")
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(delay), 64)
	if !ok || err != nil || !(seconds >= 0 && seconds <= longestRefresh) {
		return ""
	}
	rest = strings.TrimSpace(rest)
	if len(rest) > 3 && strings.EqualFold(rest[:3], "url") {
		if value, found := strings.CutPrefix(strings.TrimSpace(rest[3:]), "="); found {
			rest = strings.TrimSpace(value)
		}
	}
	return strings.Trim(rest, `"' `)
}
