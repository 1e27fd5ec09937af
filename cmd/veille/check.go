package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
	"veille/crawler"
)

func (a *app) checkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Validate the configuration; with --online, also fetch every source",
		Long: `Builds everything that the daemon would run, without running it, and lists every
mistake with its place. --online also polls each source politely: is it reachable
and allowed, how many articles does it list, does the newest one extract.`,
		Example: "  veille check\n  veille check --online -c watch.yaml",
		Args:    cobra.NoArgs,
	}
	online := cmd.Flags().Bool("online", false, "also fetch each source and its newest article")
	asJSON := cmd.Flags().Bool("json", false, "one JSON object a source")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		conf, path, err := a.load()
		if err != nil {
			return err
		}
		if _, err := build(conf, a.notifyEnv(a.log())); err != nil {
			return err
		}
		if path == "" {
			path = "embedded example"
		}
		if !*asJSON {
			_, _ = fmt.Fprintf(a.stdout, "%s: ok: %d sources, %d watches, %d receivers\n", path, len(conf.Sources), len(conf.Watches), len(conf.Receivers))
			if conf.Contact == "" {
				_, _ = fmt.Fprintln(a.stdout, "note: no contact: set one, so that a site can reach you rather than block you")
			}
		}
		if !*online {
			return nil
		}
		return a.checkOnline(cmd.Context(), conf, *asJSON)
	}
	return cmd
}

// sourceCheck is what `veille check --online` found of one source.
type sourceCheck struct {
	Source string          `json:"source"`
	URL    string          `json:"url"`
	Kind   veille.PageKind `json:"kind,omitempty"`
	Links  int             `json:"links"`
	// Newest is the title of the newest article, or why it did not extract.
	Newest string   `json:"newest,omitempty"`
	Feeds  []string `json:"feeds,omitempty"`
	Error  *string  `json:"error"`
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
	err := inOrder(ctx, all, func(in input) sourceCheck { return checkSource(ctx, fetch, byURL[in.Name]) },
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

// checkSource polls a source and reads its newest article.
func checkSource(ctx context.Context, fetch *crawler.Crawler, s veille.Source) sourceCheck {
	c := sourceCheck{Source: s.Name, URL: s.URL}
	listing, err := fetch.Discover(ctx, s)
	if err != nil {
		c.Error = known(err.Error())
		return c
	}
	c.Kind, c.Links, c.Feeds = listing.Kind, len(listing.Outlinks), listing.Alternates
	if len(listing.Outlinks) == 0 {
		c.Error = known("no article links found: try links.include, or another page of the site")
		return c
	}
	newest := listing.Outlinks[0]
	for _, o := range listing.Outlinks {
		if o.Published.After(newest.Published) {
			newest = o
		}
	}
	article, err := fetch.Visit(ctx, s, newest.URL, veille.Validators{})
	switch {
	case err != nil:
		c.Error = known("the newest article: " + err.Error())
	case article.Kind != veille.KindArticle || article.Body == "":
		c.Error = known(fmt.Sprintf("the newest link, %s, reads as %s: see veille try", newest.URL, article.Kind))
	default:
		c.Newest = article.Title
	}
	return c
}

func (a *app) showSourceCheck(c sourceCheck) error {
	if c.Error != nil {
		_, err := fmt.Fprintf(a.stdout, "✗ %s: %s\n", plain(c.Source), plain(*c.Error))
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "✓ %s: %s, %d articles, newest: %s\n", plain(c.Source), c.Kind, c.Links, plain(c.Newest))
	if err == nil && c.Kind == veille.KindSection && len(c.Feeds) > 0 {
		_, err = fmt.Fprintf(a.stdout, "  this section has a feed: %s\n", plain(strings.Join(c.Feeds, ", ")))
	}
	return err
}
