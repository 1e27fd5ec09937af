package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
	"veille/monitor/query"
)

func (a *app) searchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "Find stored articles, in the language of the watches",
		Long: `Lists the stored articles that a query matches, newest first, with what was found
marked. The query is written as in a watch; the concepts of the configuration are
known. While the daemon runs it is asked; the index is in the data folder, and is
made by itself.`,
		Example: "  veille search '\"Corée du Nord\" AND (missile* OR ~tir)'\n  veille search --since 30d --source yonhap-nk --facets Russie\n  veille search --json '@dprk NEAR/20 @russia' | jq .article.url",
		Args:    arguments(1, 1),
	}
	page := pageFlags(cmd)
	var f veille.SearchFilter
	cmd.Flags().StringVar(&f.Source, "source", "", "only what this source showed first")
	cmd.Flags().StringVar(&f.Watch, "watch", "", "only what this watch was told of")
	cmd.Flags().StringVar(&f.Language, "lang", "", "only read in this language, an ISO 639-1 `CODE`")
	cmd.Flags().BoolVar(&f.Facets, "facets", false, "also count all that matches: by source, watch, language and day")
	asJSON := cmd.Flags().Bool("json", false, "one JSON object a line; with --facets one more, with the counts")
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		f.Query = args[0]
		if f.Page, f.Since, err = page(); err != nil {
			return err
		}
		result, err := a.search(cmd.Context(), f)
		if err != nil {
			return err
		}
		if !*asJSON {
			return a.showFound(a.stdout, f, result)
		}
		out := newLines(a.stdout)
		for _, h := range result.Hits {
			if err := out.write(h); err != nil {
				return err
			}
		}
		if f.Facets {
			a.sayPartial(f, result)
			return out.write(foundSummary{result.Looked, result.Stored, result.Complete, result.Facets})
		}
		a.sayPartial(f, result)
		return nil
	}
	return cmd
}

// foundSummary is the last line of --json --facets.
type foundSummary struct {
	Looked   int            `json:"looked"`
	Stored   int            `json:"stored"`
	Complete bool           `json:"complete"`
	Facets   *veille.Facets `json:"facets"`
}

// search judges the query here, where its mistakes can be shown, and lets the
// daemon or the file answer.
func (a *app) search(ctx context.Context, f veille.SearchFilter) (veille.SearchResult, error) {
	conf, err := a.loadIfAny()
	if err != nil {
		if _, ok := errors.AsType[*config.Errors](err); !ok {
			return veille.SearchResult{}, err
		}
		_, _ = fmt.Fprintln(a.stderr, "note: the configuration has mistakes, so no concept is known here: see veille check")
	}
	if conf == nil {
		conf = &config.Config{}
	}
	if _, err := query.Explain(f.Query, conf.Concepts); err != nil {
		return veille.SearchResult{}, inQuery(f.Query, err)
	}
	from, err := a.openRecords(ctx)
	if err != nil {
		return veille.SearchResult{}, err
	}
	defer from.Close()
	if own, ok := from.(*operator); ok {
		done, err := a.searchHere(ctx, own, conf)
		if err != nil {
			return veille.SearchResult{}, err
		}
		defer done()
	}
	result, err := from.Search(ctx, f)
	if err == nil && len(result.Hits) == 0 {
		if f.Source != "" {
			err = a.knownSource(ctx, from, f.Source)
		}
		if f.Watch != "" && err == nil {
			err = a.knownWatch(ctx, from, f.Watch)
		}
	}
	return result, err
}

// manyToIndex is how many articles are worth a word to who waits for them.
const manyToIndex = 5000

// searchHere makes a store that no daemon holds searchable, and brings its index
// up to date.
func (a *app) searchHere(ctx context.Context, own *operator, conf *config.Config) (func(), error) {
	zone, err := time.LoadLocation(conf.TimeZone)
	if err != nil {
		return nil, err
	}
	now := setting{conf.Concepts, conf.Sources, zone}
	index, err := openIndex(a.data(), a.log())
	if err != nil {
		// Reading every article is slower, and finds the same.
		_, _ = fmt.Fprintln(a.stderr, "note: searching without an index:", err)
		own.searcher = newSearcher(own.Store, nil, func() setting { return now })
		return func() {}, nil
	}
	x := newIndexer(own.Store, index, a.log())
	if left := own.ArticleCount() - x.covers(); left > manyToIndex {
		_, _ = fmt.Fprintf(a.stderr, "indexing %d stored articles, this once\n", left)
	}
	if err := x.CatchUp(ctx); err != nil {
		_, _ = fmt.Fprintln(a.stderr, "note: the index is not complete:", err)
	}
	own.searcher = newSearcher(own.Store, index, func() setting { return now })
	return index.Close, nil
}

// Search answers as the daemon would.
func (o *operator) Search(ctx context.Context, f veille.SearchFilter) (veille.SearchResult, error) {
	return o.searcher.Search(ctx, f)
}

// Search asks the daemon.
func (c *controlClient) Search(ctx context.Context, f veille.SearchFilter) (r veille.SearchResult, err error) {
	q := pageQuery(f.Page, f.Since)
	for key, value := range map[string]string{"q": f.Query, "source": f.Source, "watch": f.Watch, "language": f.Language} {
		if value != "" {
			q.Set(key, value)
		}
	}
	if f.Facets {
		q.Set("facets", "true")
	}
	err = c.get(ctx, "/api/v1/search", q, &r)
	return r, err
}

const (
	boldOn  = "\x1b[1;33m"
	boldOff = "\x1b[0m"
)

// showFound prints hits for a person.
func (a *app) showFound(w io.Writer, f veille.SearchFilter, r veille.SearchResult) error {
	var b strings.Builder
	for _, h := range r.Hits {
		title := plain(h.Article.Title)
		if title == "" {
			title = plain(h.Article.URL)
		}
		fmt.Fprintf(&b, "%s  %s  %s\n", when(h.Article.FirstSeen), plain(h.Article.Source), title)
		fmt.Fprintf(&b, "    %s\n    %s\n", plain(h.Article.URL), a.highlight(h))
	}
	if r.Facets != nil {
		fmt.Fprintf(&b, "%s\n", counted(r.Facets.Matches, "article"))
		for _, group := range []struct {
			name   string
			facets []veille.Facet
		}{{"source", r.Facets.Sources}, {"watch", r.Facets.Watches}, {"language", r.Facets.Languages}, {"day", r.Facets.Days}} {
			for _, x := range group.facets {
				fmt.Fprintf(&b, "  %-8s  %6d  %s\n", group.name, x.Count, plain(x.Name))
			}
		}
	}
	if len(r.Hits) == 0 && r.Complete {
		fmt.Fprintf(&b, "nothing in %s\n", counted(r.Stored, "stored article"))
	}
	_, err := io.WriteString(w, b.String())
	a.sayPartial(f, r)
	return err
}

// sayPartial says on stderr that a search did not look at all there is. A full
// page needs no such word.
func (a *app) sayPartial(f veille.SearchFilter, r veille.SearchResult) {
	if r.Complete || r.Facets == nil && len(r.Hits) >= f.Limit && !r.Indexing {
		return
	}
	_, _ = fmt.Fprintf(a.stderr, "the newest %d of %s were looked at: narrow the search, by rarer words or --since\n", r.Looked, counted(r.Stored, "stored article"))
}

// highlight shows what was found in bold where the terminal can. An article may
// have such quotes of its own.
func (a *app) highlight(h veille.SearchHit) string {
	excerpt := plain(h.Excerpt)
	if !a.color {
		return excerpt
	}
	var b strings.Builder
	for {
		before, rest, marked := strings.Cut(excerpt, "«")
		b.WriteString(before)
		if !marked {
			return b.String()
		}
		inner, after, closed := strings.Cut(rest, "»")
		if closed && slices.ContainsFunc(h.Terms, func(t veille.Term) bool { return plain(t.Text) == inner }) {
			b.WriteString(boldOn + inner + boldOff)
			excerpt = after
		} else {
			b.WriteString("«")
			excerpt = rest
		}
	}
}
