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
		return printEach(cmd.Context(), a.stdout, all, flags.json, func(ctx context.Context, in input) (reading, error) {
			s, err := r.extract(ctx, in)
			return newReading(in, s, err), err
		}, showReading)
	}
	return cmd
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

// showReading prints an article for a person.
func showReading(w io.Writer, r reading) error {
	if r.Error != nil {
		_, err := fmt.Fprintf(w, "%s: %s\n\n", plain(r.File), plain(*r.Error))
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", plain(shown(r.Title, "(no title)")))
	facts := [][2]string{
		{"url", shown(r.Canonical, shown(r.URL, ""))}, {"kind", string(r.Kind)}, {"because", r.KindReason},
		{"published", shownTime(r.Published)}, {"modified", shownTime(r.Modified)},
		{"authors", strings.Join(r.Authors, ", ")}, {"language", shown(r.Language, "")},
		{"site", shown(r.Site, "")}, {"charset", shown(r.Charset, "")},
		{"selected", strings.Join(r.Selected, ", ")},
	}
	if len(r.SelectMissed) > 0 {
		facts = append(facts, [2]string{"missed", "select " + strings.Join(r.SelectMissed, ", ") + ": nothing on this page; the automatic reading stands in"})
	}
	for _, f := range facts {
		if f[1] != "" {
			fmt.Fprintf(&b, "  %-10s %s\n", f[0], plain(f[1]))
		}
	}
	fmt.Fprintf(&b, "  %-10s %d\n\n", "words", r.Words)
	for paragraph := range strings.SplitSeq(r.Body, "\n\n") {
		if paragraph != "" {
			fmt.Fprintf(&b, "%s\n\n", plain(paragraph))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
