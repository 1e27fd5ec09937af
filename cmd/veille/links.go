package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"veille"
	"veille/crawler/discover"
)

// outlinkRow is the JSON of `veille links`.
type outlinkRow struct {
	File      string     `json:"file"`
	URL       *string    `json:"url"`
	Title     *string    `json:"title"`
	Published *time.Time `json:"published"`
	Score     float64    `json:"score"`
	// Why and Dropped are given with --why.
	Why     []string `json:"why,omitempty"`
	Dropped bool     `json:"dropped,omitempty"`
	Error   *string  `json:"error,omitempty"`
}

func (a *app) linksCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "links FILE|URL...",
		Short: "List the article links that a section page, feed or sitemap yields",
		Long: `Reads a section page, feed or sitemap as the daemon would: with what earlier
pages of the site have taught, which the running daemon or its store is asked
for (--data), and with the links.include and links.exclude of the source that
has its URL. --why says in words what each link's score is made of.`,
		Example: "  veille links https://fr.yna.co.kr/nk/index\n  veille links section.html --url https://example.org/world --json",
	}
	flags := addReadFlags(cmd)
	why := cmd.Flags().Bool("why", false, "say what makes each link an article's, and list the links that were dropped")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		all, err := inputs(args, flags.manifest, flags.url)
		if err != nil {
			return err
		}
		conf, err := a.loadIfAny()
		if err != nil {
			return err
		}
		known, done := a.openLearned(cmd.Context())
		defer done()
		r, closeReader := a.newReader(conf, known)
		defer closeReader()
		return printEach(cmd.Context(), a.stdout, all, flags.json, func(ctx context.Context, in input) ([]outlinkRow, error) {
			l, err := r.links(ctx, in, *why)
			return outlinkRows(in, l, err), err
		}, showLinks)
	}
	return cmd
}

func (r *reader) links(ctx context.Context, in input, why bool) (veille.Listing, error) {
	p, err := r.read(ctx, in)
	if err != nil {
		return veille.Listing{}, err
	}
	page := discover.Page{Body: p.body, URL: p.url, ContentType: p.contentType, Now: time.Now(), Site: r.learned.of(ctx, p.url), Why: why}
	if s := r.listedBy(in.URL, p.url); s != nil {
		page.Keep, page.Explicit = s.Links.Keeps, len(s.Links.Include) > 0
	}
	return discover.Read(page)
}

// outlinkRows has a row an outlink, then one for each that was dropped; a page that could not be read has one that
// says why. The children of a sitemap index are listed as they are.
func outlinkRows(in input, l veille.Listing, err error) []outlinkRow {
	if err != nil {
		return []outlinkRow{{File: in.Name, Error: known(err.Error())}}
	}
	var rows []outlinkRow
	for _, o := range append(l.Outlinks, l.Children...) {
		rows = append(rows, newOutlinkRow(in, o))
	}
	for _, o := range l.Dropped {
		row := newOutlinkRow(in, o)
		row.Dropped = true
		rows = append(rows, row)
	}
	return rows
}

func newOutlinkRow(in input, o veille.Outlink) outlinkRow {
	return outlinkRow{File: in.Name, URL: known(o.URL), Title: known(o.Title), Published: knownTime(o.Published), Score: o.Score, Why: o.Why}
}

// showLinks prints outlinks for a person.
func showLinks(w io.Writer, rows []outlinkRow) error {
	cells := make([][]string, 0, len(rows))
	head, dropped := []string{"SCORE", "PUBLISHED", "URL", "TITLE"}, false
	for _, r := range rows {
		if r.Error != nil {
			_, err := fmt.Fprintf(w, "%s: %s\n", plain(r.File), plain(*r.Error))
			return err
		}
		if r.Dropped && !dropped {
			if len(cells) == 0 {
				cells = append(cells, []string{"", "", "(no article links)"})
			}
			dropped = true
			cells = append(cells, []string{}, []string{"", "", "DROPPED"})
		}
		cells = append(cells, []string{fmt.Sprintf("%.2f", r.Score), shownTime(r.Published), shown(r.URL, ""), cut(shown(r.Title, ""), 80)})
		if len(r.Why) > 0 {
			cells = append(cells, []string{"", "", "  " + strings.Join(r.Why, "; ")})
		}
	}
	if len(cells) == 0 {
		_, err := fmt.Fprintln(w, "no article links")
		return err
	}
	return table(w, head, cells)
}
