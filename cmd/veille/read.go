package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
	"veille/crawler"
	"veille/crawler/discover"
	"veille/crawler/extract"
)

// reading is the JSON of `veille extract`; unknown values are null.
type reading struct {
	File        string          `json:"file"`
	URL         *string         `json:"url"`
	Canonical   *string         `json:"canonical_url"`
	Title       *string         `json:"title"`
	Authors     []string        `json:"authors"`
	Published   *time.Time      `json:"published"`
	Modified    *time.Time      `json:"modified"`
	Language    *string         `json:"language"`
	Description *string         `json:"description"`
	Image       *string         `json:"image"`
	Site        *string         `json:"site"`
	Body        string          `json:"body"`
	Words       int             `json:"words"`
	Kind        veille.PageKind `json:"kind"`
	KindReason  string          `json:"kind_reason,omitempty"`
	Charset     *string         `json:"charset"`
	// Selected are the fields that came from a selector of the source,
	// SelectMissed those whose selector yielded nothing.
	Selected     []string `json:"selected,omitempty"`
	SelectMissed []string `json:"select_missed,omitempty"`
	Error        *string  `json:"error"`
}

func newReading(in input, s veille.Snapshot, err error) reading {
	r := reading{
		File: in.Name, URL: known(s.URL), Canonical: known(s.Canonical), Title: known(s.Title),
		Authors: s.Authors, Published: knownTime(s.Published), Modified: knownTime(s.Modified),
		Language: known(s.Language), Description: known(s.Description), Image: known(s.Image),
		Site: known(s.Site), Body: s.Body, Words: len(strings.Fields(s.Body)), Kind: s.Kind, KindReason: s.KindReason, Charset: known(s.Charset),
	}
	if r.URL == nil {
		r.URL = known(in.URL)
	}
	if r.Authors == nil {
		r.Authors = []string{}
	}
	if r.Kind == "" {
		r.Kind = veille.KindOther
	}
	if err != nil {
		r.Error = known(err.Error())
	}
	return r
}

// selectedBy notes which fields the selectors of a source gave.
func (r *reading) selectedBy(s veille.Selectors, missed []string) {
	r.SelectMissed = missed
	for _, f := range []struct{ name, css string }{{"title", s.Title}, {"body", s.Body}, {"published", s.Published}, {"author", s.Author}} {
		if f.css != "" && !slices.Contains(missed, f.name) {
			r.Selected = append(r.Selected, f.name)
		}
	}
}

func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func knownTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// readFlags are what extract and links share.
type readFlags struct {
	url, manifest string
	json          bool
}

func addReadFlags(cmd *cobra.Command) *readFlags {
	var f readFlags
	cmd.Flags().StringVar(&f.url, "url", "", "the `URL` that a FILE was saved from: links and dates are read against it")
	cmd.Flags().StringVar(&f.manifest, "manifest", "", "a `FILE` with a JSON object a line: file (relative to it, gzipped too) and url")
	cmd.Flags().BoolVar(&f.json, "json", false, "one JSON object a line")
	return &f
}

func (a *app) extractCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "extract FILE|URL...",
		Short:   "Read articles and show what they say",
		Example: "  veille extract page.html --url https://example.org/news/1\n  veille extract --json --manifest corpus/truth.jsonl",
	}
	flags := addReadFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		all, err := inputs(args, flags.manifest, flags.url)
		if err != nil {
			return err
		}
		r, closeReader := a.newReader(nil, learned{})
		defer closeReader()
		return printEach(cmd.Context(), a.stdout, all, flags.json, func(in input) (reading, error) {
			s, err := r.extract(cmd.Context(), in)
			return newReading(in, s, err), err
		}, showReading)
	}
	return cmd
}

// newReader makes a reader over the configured sources; conf may be nil.
func (a *app) newReader(conf *config.Config, known learned) (*reader, func()) {
	r := &reader{stdin: a.stdin, learned: known}
	o := crawler.Options{
		UserAgent: userAgent(""), Log: a.log(), Memory: known,
		Spacing: time.Second, Timeout: 30 * time.Second, Parallel: 8, MaxBody: inputLimit,
	}
	if conf != nil {
		r.sources = conf.Sources
		o = crawlerOptions(conf, known, a.log())
	}
	r.crawler = crawler.New(o)
	return r, r.crawler.Close
}

// extract reads one input as an article.
func (r *reader) extract(ctx context.Context, in input) (veille.Snapshot, error) {
	p, err := r.read(ctx, in)
	if err != nil {
		return veille.Snapshot{}, err
	}
	source := r.source(p.url)
	return extract.Read(extract.Page{
		Body: p.body, URL: p.url, ContentType: p.contentType,
		Select: source.Select, Language: source.Language, Site: r.learned.of(ctx, p.url), Now: time.Now(),
	})
}

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
		return printEach(cmd.Context(), a.stdout, all, flags.json, func(in input) ([]outlinkRow, error) {
			l, err := r.links(cmd.Context(), in, *why)
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

// outcome is what became of one input.
type outcome[T any] struct {
	in    input
	value T
	err   error
}

// printEach works on all cores and prints in order. Every input is printed,
// also one that could not be read; then the command fails.
func printEach[T any](ctx context.Context, w io.Writer, all []input, asJSON bool, work func(input) (T, error), show func(io.Writer, T) error) error {
	failed := 0
	out := newLines(w)
	err := inOrder(ctx, all, func(in input) outcome[T] {
		value, err := work(in)
		return outcome[T]{in, value, err}
	}, func(o outcome[T]) error {
		if o.err != nil {
			failed++
		}
		if !asJSON {
			return show(w, o.value)
		}
		if rows, ok := any(o.value).([]outlinkRow); ok {
			for _, row := range rows {
				if err := out.write(row); err != nil {
					return err
				}
			}
			return nil
		}
		return out.write(o.value)
	})
	if err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d could not be read", failed, len(all))
	}
	return nil
}
