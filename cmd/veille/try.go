package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
	"veille/monitor/query"
)

// trial is the JSON of `veille try`.
type trial struct {
	Article reading        `json:"article"`
	Matches []veille.Match `json:"matches"`
	Misses  []veille.Miss  `json:"misses"`
}

func (a *app) tryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "try URL|FILE...",
		Short: "Read one article and show which watches match it, and why the others do not",
		Long: `Reads a page as the daemon would, shows what was extracted, which watches match and
where, and for each watch that does not match, the clause that failed. Where the
page's source has selectors (select), it says which fields they gave and which
of them match nothing on the page. It stores and sends nothing.`,
		Example: "  veille try https://fr.yna.co.kr/view/AFR20230914000700884\n  veille try saved.html --watch \"Corée du Nord et Russie\" --json",
		Args:    arguments(1, -1),
	}
	name := cmd.Flags().String("watch", "", "only this watch")
	flags := addReadFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		conf, watches, set, err := a.compiled(*name)
		if err != nil {
			return err
		}
		all, err := inputs(args, flags.manifest, flags.url)
		if err != nil {
			return err
		}
		known, done := a.openLearned(cmd.Context())
		defer done()
		r, closeReader := a.newReader(conf, known)
		defer closeReader()
		return printEach(cmd.Context(), a.stdout, all, flags.json, func(ctx context.Context, in input) (trial, error) {
			s, err := r.extract(ctx, in)
			t := trial{Article: newReading(in, s, err), Matches: []veille.Match{}, Misses: []veille.Miss{}}
			if err == nil {
				t.Article.selectedBy(r.source(s.URL).Select, s.SelectMissed)
				t.Matches, t.Misses = judge(set, watches, r.sourceOf(s.URL), s)
			}
			return t, err
		}, showTrial)
	}
	return cmd
}

// compiled loads the configuration and compiles its watches, or the one that is
// named.
func (a *app) compiled(name string) (*config.Config, []veille.Watch, *query.Set, error) {
	conf, _, err := a.load()
	if err != nil {
		return nil, nil, nil, err
	}
	watches, err := chooseWatches(conf, name)
	if err != nil {
		return nil, nil, nil, err
	}
	set, err := query.Compile(watches, conf.Concepts)
	return conf, watches, set, err
}

func chooseWatches(conf *config.Config, name string) ([]veille.Watch, error) {
	if name == "" {
		return conf.Watches, nil
	}
	var names []string
	for _, w := range conf.Watches {
		if w.Name == name {
			return []veille.Watch{w}, nil
		}
		names = append(names, w.Name)
	}
	return nil, fmt.Errorf("no watch %q; there are: %s: %w", name, strings.Join(names, ", "), errUsage)
}

// sourceOf returns the configured source that a page belongs to, or nil.
func (r *reader) sourceOf(url string) *veille.Source {
	if s := r.source(url); s.Name != r.source("").Name {
		return &s
	}
	return nil
}

// judge tells matches from misses as the daemon would: the words, then the
// page's kind, the watch's languages and, where the page belongs to a
// configured source, its sources.
func judge(set *query.Set, watches []veille.Watch, source *veille.Source, s veille.Snapshot) ([]veille.Match, []veille.Miss) {
	byName := make(map[string]veille.Watch, len(watches))
	for _, w := range watches {
		byName[w.Name] = w
	}
	var tags []string
	if source != nil {
		tags = source.Tags
	}
	matches, misses := []veille.Match{}, []veille.Miss{}
	found, language := set.Match(s, tags)
	for _, m := range found {
		w := byName[m.Watch]
		switch {
		case !s.Readable():
			misses = append(misses, veille.Miss{Watch: w.Name, Failed: "kind: article", Why: "the page is not an article but: " + string(s.Kind)})
		case !w.Reads(language):
			misses = append(misses, veille.Miss{Watch: w.Name, Failed: "languages: " + strings.Join(w.Languages, ", "), Why: "the page is in " + language})
		case source != nil && !w.Covers(*source):
			misses = append(misses, veille.Miss{Watch: w.Name, Failed: "sources: " + strings.Join(w.Sources, ", "), Why: "the page belongs to " + source.Name})
		case w.Added:
			misses = append(misses, veille.Miss{Watch: w.Name, Failed: "in: added", Why: "the words are there, but this watch looks only at those that an edit adds"})
		default:
			matches = append(matches, m)
		}
	}
	return matches, append(misses, set.Misses(s, tags)...)
}

// showTrial prints a trial for a person.
func showTrial(w io.Writer, t trial) error {
	if err := showReading(w, t.Article); err != nil || t.Article.Error != nil {
		return err
	}
	var b strings.Builder
	for _, m := range t.Matches {
		fmt.Fprintf(&b, "✓ %s\n", plain(m.Watch))
		for _, term := range m.Terms {
			fmt.Fprintf(&b, "    %s: %q in %s at %d\n", plain(term.Term), plain(term.Text), term.Field, term.Start)
		}
		fmt.Fprintf(&b, "    %s\n", plain(m.Excerpt))
	}
	for _, m := range t.Misses {
		fmt.Fprintf(&b, "✗ %s\n    %s: %s\n", plain(m.Watch), plain(m.Failed), plain(m.Why))
	}
	_, err := io.WriteString(w, b.String()+"\n")
	return err
}
