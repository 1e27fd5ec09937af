package discover

import (
	"cmp"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"veille"
)

// collector gathers the outlinks of one page: resolved, canonical, dated
// plausibly, each URL once.
type collector struct {
	now  time.Time
	page *url.URL
	self string
	site string
	// found is in page order; index finds a URL in it.
	found []veille.Outlink
	index map[string]int
	// order is what prune works on, kept for the next time.
	order []int
	// keep is the user's filter, nil without one; explicit says that it names
	// the articles (links.include).
	keep     func(url string) bool
	explicit bool
	// why says that each outlink is to tell what its score is made of.
	why bool
}

// because is the Why of an outlink that owes its score to who lists it.
func (c *collector) because(reason string) []string {
	if !c.why {
		return nil
	}
	return []string{reason}
}

// keeps asks the user's filter.
func (c *collector) keeps(url string) bool { return c.keep == nil || c.keep(url) }

func newCollector(p Page) *collector {
	c := &collector{now: p.Now, index: map[string]int{}, keep: p.Keep, explicit: p.Explicit && p.Keep != nil, why: p.Why}
	if u, err := url.Parse(strings.TrimSpace(p.URL)); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		u.User = nil
		c.page = u
		c.self, _ = canonical(u)
		c.site = siteOf(u.Hostname())
	}
	return c
}

// add records an outlink that the source asks for, or completes the one that
// has its URL already.
func (c *collector) add(link veille.Outlink) {
	if c.keeps(link.URL) {
		c.put(link)
	}
}

func (c *collector) put(link veille.Outlink) {
	if i, ok := c.index[link.URL]; ok {
		old := &c.found[i]
		if old.Title == "" {
			old.Title = link.Title
		}
		if old.Published.IsZero() {
			old.Published = link.Published
		}
		if link.Score > old.Score {
			old.Score, old.Why = link.Score, link.Why
		}
		return
	}
	c.index[link.URL] = len(c.found)
	c.found = append(c.found, link)
}

// buffered is how many entries of a listing are held before those with the
// oldest dates go.
const buffered = maxListed + 10_000

// relieve keeps a listing without end from filling the memory.
func (c *collector) relieve() {
	if len(c.found) >= buffered {
		c.prune()
	}
}

// prune keeps the 50,000 outlinks with the newest dates, and of those without a
// date the ones nearest to either end: some list new articles first, some last.
// They stay in page order.
func (c *collector) prune() {
	const limit = maxListed
	if len(c.found) <= limit {
		return
	}
	order := c.order[:0]
	for i := range c.found {
		order = append(order, i)
	}
	c.order = order
	last := len(c.found) - 1
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(c.found[b].Published.Compare(c.found[a].Published), cmp.Compare(min(a, last-a), min(b, last-b)), cmp.Compare(a, b))
	})
	for _, dropped := range order[limit:] {
		delete(c.index, c.found[dropped].URL)
	}
	order = order[:limit]
	slices.Sort(order)
	for i, from := range order {
		c.found[i] = c.found[from]
		c.index[c.found[i].URL] = i
	}
	clear(c.found[limit:])
	c.found = c.found[:limit]
}

// date reads a date, and drops one before 1990 or more than a day ahead: both
// are mistakes, and a wrong date is worse than none.
func (c *collector) date(s string) time.Time {
	t, ok := parseDate(s)
	if !ok || t.Year() < 1990 || !c.now.IsZero() && t.After(c.now.Add(24*time.Hour)) {
		return time.Time{}
	}
	return t
}

// resolve returns the canonical URL of a link found on the page. The base may
// be nil. False means that the link leads nowhere on the web.
func resolve(base *url.URL, href string) (string, bool) {
	u, ok := resolveURL(base, href)
	if !ok {
		return "", false
	}
	return canonical(u)
}

func resolveURL(base *url.URL, href string) (*url.URL, bool) {
	href = strings.TrimSpace(href)
	if href == "" || href[0] == '#' || len(href) > 2*veille.MaxURLLength {
		return nil, false
	}
	// Browsers ignore line ends and tabs in an address (WHATWG URL, 4.4).
	if strings.ContainsAny(href, "\t\r\n") {
		href = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(href)
	}
	u, err := url.Parse(href)
	if err != nil {
		return nil, false
	}
	// Most addresses are absolute, and in order as they are.
	if base != nil && !(u.Scheme != "" && u.Host != "" && !strings.Contains(u.Path, "/.")) {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, false
	}
	return u, true
}

func canonical(u *url.URL) (string, bool) {
	host := u.Hostname()
	if !isASCII(host) || strings.Contains(host, "xn--") {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", false
		}
		plain := *u
		plain.Host = ascii
		if port := u.Port(); port != "" {
			plain.Host += ":" + port
		}
		u = &plain
	}
	s, err := veille.CanonicalURL(u.String())
	return s, err == nil
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// SiteOf names the site that an absolute URL belongs to, as veille.Site does:
// the registrable domain of its host (publicsuffix.org), or the host itself
// where it has none. Empty for what is no address.
func SiteOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return siteOf(u.Hostname())
}

// siteOf returns the registrable domain of a host (publicsuffix.org), or the
// host itself where it has none.
func siteOf(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	site, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return site
}
