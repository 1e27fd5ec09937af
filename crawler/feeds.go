package crawler

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"veille"
	"veille/crawler/discover"
)

// FoundFeed is a feed or news sitemap that was read and lists articles of a
// source's site.
type FoundFeed struct {
	URL string `json:"url"`
	// Kind is feed or sitemap.
	Kind veille.PageKind `json:"kind"`
	// Links is how many articles it lists, Shared how many of the section's
	// own are among them.
	Links  int `json:"links"`
	Shared int `json:"shared"`
	// How says where it was found: "page", "robots.txt" or "usual address".
	How string `json:"how"`
}

const (
	// maxFeedReads bounds the requests that one look for feeds makes.
	maxFeedReads = 10
	// maxRobotsMaps bounds the sitemaps of a robots.txt that are looked into,
	// and maxNewsMaps the news sitemaps below one that is an index.
	maxRobotsMaps = 3
	maxNewsMaps   = 2
	maxAdvertised = 5
)

// Feeds looks for feeds and news sitemaps that list what a section page does:
// those that the page advertises, those that robots.txt names, and, where
// neither yields any, a few usual addresses. Each is read before it is named,
// with at most ten requests, as polite as any. Those that share most links with
// the section come first.
func (c *Crawler) Feeds(ctx context.Context, source veille.Source, listing veille.Listing) []FoundFeed {
	f := feedFinder{c: c, source: source, own: map[string]bool{}, asked: map[string]bool{source.URL: true}}
	for _, o := range listing.Outlinks {
		f.own[o.URL] = true
	}
	for _, at := range listing.Alternates[:min(len(listing.Alternates), maxAdvertised)] {
		f.look(ctx, at, "page")
	}
	f.robots(ctx)
	if len(f.found) == 0 {
		for _, at := range usualFeeds(source.URL) {
			f.look(ctx, at, "usual address")
		}
	}
	slices.SortStableFunc(f.found, func(a, b FoundFeed) int { return cmp.Compare(b.Shared, a.Shared) })
	return f.found
}

type feedFinder struct {
	c      *Crawler
	source veille.Source
	own    map[string]bool
	asked  map[string]bool
	reads  int
	found  []FoundFeed
}

// look reads one address, and notes it where it is what it seems. The sitemaps
// of an index are returned.
func (f *feedFinder) look(ctx context.Context, at, how string) []veille.Outlink {
	if f.asked[at] || f.reads == maxFeedReads || ctx.Err() != nil {
		return nil
	}
	f.asked[at] = true
	f.reads++
	p, err := f.c.fetch(ctx, request{source: f.source, url: at, rank: rankPoll, known: forgetful})
	if err != nil || p.url != at && f.asked[p.url] {
		return nil
	}
	f.asked[p.url] = true
	var l veille.Listing
	err = f.c.read(ctx, p.url, func() (err error) {
		l, err = discover.Read(discover.Page{Body: p.body, URL: p.url, ContentType: p.contentType, Now: time.Now().UTC()})
		return err
	})
	if err != nil || l.Kind != veille.KindFeed && l.Kind != veille.KindSitemap {
		return nil
	}
	found := FoundFeed{URL: p.url, Kind: l.Kind, How: how}
	home, ofHome := discover.SiteOf(f.source.URL), false
	for _, o := range l.Outlinks {
		if l.Kind == veille.KindSitemap && !discover.IsNews(o) {
			continue
		}
		found.Links++
		if f.own[o.URL] {
			found.Shared++
		}
		ofHome = ofHome || discover.SiteOf(o.URL) == home
	}
	if found.Shared > 0 || ofHome {
		f.found = append(f.found, found)
	}
	return l.Children
}

// robots looks into the sitemaps that robots.txt names, those for news first.
func (f *feedFinder) robots(ctx context.Context) {
	at, err := parseTarget(f.source.URL)
	if err != nil {
		return
	}
	rs, err := f.c.robots.rules(ctx, at, f.source.AllowPrivate)
	if err != nil {
		return
	}
	maps := slices.Clone(rs.sitemaps)
	slices.SortStableFunc(maps, func(a, b string) int { return cmp.Compare(newsRank(a), newsRank(b)) })
	for _, m := range maps[:min(len(maps), maxRobotsMaps)] {
		left := maxNewsMaps
		for _, child := range f.look(ctx, m, "robots.txt") {
			if left > 0 && newsRank(child.URL) == 0 {
				left--
				f.look(ctx, child.URL, "robots.txt")
			}
		}
	}
}

// newsRank puts addresses that speak of news in front.
func newsRank(address string) int {
	if strings.Contains(strings.ToLower(address), "news") {
		return 0
	}
	return 1
}

// usualFeeds are the addresses where a section and its site often keep a feed.
func usualFeeds(section string) []string {
	u, err := url.Parse(section)
	if err != nil {
		return nil
	}
	var out []string
	add := func(path string) {
		next := url.URL{Scheme: u.Scheme, Host: u.Host, Path: path}
		out = append(out, next.String())
	}
	if path := strings.TrimRight(u.Path, "/"); path != "" {
		add(path + "/feed")
	}
	add("/feed")
	add("/rss.xml")
	add("/rss")
	return out
}
