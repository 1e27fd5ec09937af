package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"veille"
	"veille/config"
	"veille/crawler"
)

// sourceCheck is what `veille check --online` found of one source.
type sourceCheck struct {
	Source string `json:"source"`
	URL    string `json:"url"`
	// Reachable says that the server answered, Allowed that robots.txt lets the
	// source be read; null where that was not found out.
	Reachable bool            `json:"reachable"`
	Allowed   *bool           `json:"allowed"`
	Kind      veille.PageKind `json:"kind,omitempty"`
	Links     int             `json:"links"`
	Newest    *newestCheck    `json:"newest"`
	// Feeds list the same articles, the best one first.
	Feeds []crawler.FoundFeed `json:"feeds"`
	Error *string             `json:"error"`
}

// newestCheck is the newest article as it was read.
type newestCheck struct {
	URL          string     `json:"url"`
	Title        string     `json:"title"`
	Published    *time.Time `json:"published"`
	Words        int        `json:"words"`
	SelectMissed []string   `json:"select_missed,omitempty"`
}

func (a *app) checkOnline(ctx context.Context, conf *config.Config, asJSON bool) error {
	known, done := a.openLearned(ctx)
	defer done()
	fetch := crawler.New(crawlerOptions(conf, known, a.log()))
	defer fetch.Close()
	all := make([]input, len(conf.Sources))
	byURL := make(map[string]veille.Source, len(conf.Sources))
	for i, s := range conf.Sources {
		all[i] = input{Name: s.Name, URL: s.URL}
		byURL[s.Name] = s
	}
	failed := 0
	out := newLines(a.stdout)
	err := inOrder(ctx, all, func(ctx context.Context, in input) sourceCheck { return checkSource(ctx, fetch, byURL[in.Name]) },
		func(c sourceCheck) error {
			if c.Error != nil {
				failed++
			}
			if asJSON {
				return out.write(c)
			}
			return a.showSourceCheck(c)
		})
	if err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d sources failed", failed, len(all))
	}
	return nil
}

// newestTries is how many of the newest links may be no articles, such as
// films, before a source is told to fail.
const newestTries = 3

// checkSource polls a source, reads its newest article, and looks for a feed
// that lists the same.
func checkSource(ctx context.Context, fetch *crawler.Crawler, s veille.Source) sourceCheck {
	c := sourceCheck{Source: s.Name, URL: s.URL, Feeds: []crawler.FoundFeed{}}
	listing, err := fetch.Discover(ctx, s)
	c.Reachable, c.Allowed = reached(err)
	if err != nil {
		c.Error = known(err.Error())
		return c
	}
	c.Kind, c.Links = listing.Kind, len(listing.Outlinks)
	if listing.Kind == veille.KindSection {
		if feeds := fetch.Feeds(ctx, s, listing); feeds != nil {
			c.Feeds = feeds
		}
	}
	if len(listing.Outlinks) == 0 {
		c.Error = known("no article links found: veille links --why shows what was looked at; try links.include, or another page of the site")
		return c
	}
	for _, o := range newestOf(listing.Outlinks, newestTries) {
		article, err := fetch.Visit(ctx, s, o.URL, veille.Validators{})
		switch {
		case err != nil:
			c.Error = first(c.Error, "the newest article: "+err.Error())
		case !article.Readable():
			c.Error = first(c.Error, fmt.Sprintf("the newest link, %s, reads as %s: see veille try", o.URL, article.Kind))
		default:
			c.Error = nil
			c.Newest = &newestCheck{URL: article.URL, Title: article.Title, Published: knownTime(article.Published),
				Words: len(strings.Fields(article.Body)), SelectMissed: article.SelectMissed}
			return c
		}
	}
	return c
}

func first(known *string, otherwise string) *string {
	if known != nil {
		return known
	}
	return &otherwise
}

// reached reports whether a poll's server answered, and whether robots.txt
// allows the poll; nil where the server was not reached.
func reached(err error) (reachable bool, allowed *bool) {
	yes, no := true, false
	fe, ok := errors.AsType[*veille.FetchError](err)
	switch {
	case err == nil:
		return true, &yes
	case !ok:
		return false, nil
	}
	switch fe.Kind {
	case veille.FetchRobots:
		return true, &no
	case veille.FetchTimeout, veille.FetchDNS, veille.FetchConnect, veille.FetchTLS, veille.FetchBlocked, veille.FetchBadURL:
		return false, nil
	}
	return true, &yes
}

// newestOf returns the n outlinks published last; those without a date keep the
// order of the page behind them.
func newestOf(links []veille.Outlink, n int) []veille.Outlink {
	links = slices.Clone(links)
	slices.SortStableFunc(links, func(a, b veille.Outlink) int { return b.Published.Compare(a.Published) })
	return links[:min(len(links), n)]
}

func (a *app) showSourceCheck(c sourceCheck) error {
	var b strings.Builder
	mark := "✓"
	if c.Error != nil {
		mark = "✗"
	}
	fmt.Fprintf(&b, "%s %s: ", mark, plain(c.Source))
	switch {
	case c.Kind != "":
		fmt.Fprintf(&b, "%s, %s\n", c.Kind, counted(c.Links, "article"))
	case c.Allowed != nil && !*c.Allowed:
		b.WriteString("robots.txt does not allow it\n")
	case !c.Reachable:
		b.WriteString("not reached\n")
	default:
		b.WriteString("not read\n")
	}
	if n := c.Newest; n != nil {
		when := "undated"
		if n.Published != nil {
			when = shownTime(n.Published)
		}
		fmt.Fprintf(&b, "    newest: %s (%s, %s)\n", plain(n.Title), when, counted(n.Words, "word"))
		if len(n.SelectMissed) > 0 {
			fmt.Fprintf(&b, "    select %s: nothing on that page; see veille try\n", strings.Join(n.SelectMissed, ", "))
		}
	}
	if c.Error != nil {
		fmt.Fprintf(&b, "    %s\n", plain(*c.Error))
	}
	for _, f := range c.Feeds {
		what := "feed"
		if f.Kind == veille.KindSitemap {
			what = "news sitemap"
		}
		if f.Shared > 0 {
			fmt.Fprintf(&b, "    this section has a %s: %s (it lists %d of the %s here)\n", what, plain(f.URL), f.Shared, counted(c.Links, "article"))
		} else {
			fmt.Fprintf(&b, "    this site has a %s: %s (of %s, none of them here)\n", what, plain(f.URL), counted(f.Links, "article"))
		}
	}
	_, err := io.WriteString(a.stdout, b.String())
	return err
}
