package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
)

// listing is a command that shows stored rows, as a table or as JSON lines.
func listing[T any](a *app, cmd *cobra.Command, header []string, fetch func(*cobra.Command, records) ([]T, error), row func(T) []string) *cobra.Command {
	asJSON := cmd.Flags().Bool("json", false, "one JSON object a line")
	cmd.Args = cobra.NoArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		from, err := a.openRecords(cmd.Context())
		if err != nil {
			return err
		}
		defer from.Close()
		rows, err := fetch(cmd, from)
		if err != nil {
			return err
		}
		if *asJSON {
			out := newLines(a.stdout)
			for _, r := range rows {
				if err := out.write(r); err != nil {
					return err
				}
			}
			return nil
		}
		cells := make([][]string, len(rows))
		for i, r := range rows {
			cells[i] = row(r)
		}
		return table(a.stdout, header, cells)
	}
	return cmd
}

// pageFlags adds --limit and --since.
func pageFlags(cmd *cobra.Command) func() (veille.Page, time.Time, error) {
	limit := cmd.Flags().Int("limit", 50, "at most this many, newest first")
	since := cmd.Flags().String("since", "", "only newer than an `AGE` such as 12h or 30d")
	return func() (veille.Page, time.Time, error) {
		p := veille.Page{Limit: *limit}
		// export has no limit of its own.
		if *limit < 1 && (*limit < 0 || cmd.Flags().Lookup("limit").DefValue != "0") {
			return p, time.Time{}, fmt.Errorf("--limit %d: at least 1: %w", *limit, errUsage)
		}
		if *since == "" {
			return p, time.Time{}, nil
		}
		age, err := config.ParseDuration(*since)
		if err != nil {
			return p, time.Time{}, fmt.Errorf("--since: %w: %w", err, errUsage)
		}
		return p, time.Now().Add(-age), nil
	}
}

func (a *app) sourcesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "sources", Short: "List the sources and how their last poll went",
		Example: "  veille sources\n  veille sources --json",
	}
	return listing(a, cmd, []string{"SOURCE", "HEALTH", "LAST SUCCESS", "LAST NEW", "LINKS", "FAILS", "WHY"},
		func(cmd *cobra.Command, from records) ([]veille.SourceState, error) {
			return from.Sources(cmd.Context())
		},
		func(s veille.SourceState) []string {
			return []string{s.Name, s.Word(), when(s.LastSuccess), when(s.LastNew), strconv.Itoa(s.Outlinks), strconv.Itoa(s.Fails), troubleOf(s)}
		})
}

// troubleOf says what is wrong with a source; empty for nothing.
func troubleOf(s veille.SourceState) string {
	switch {
	case s.Error != "":
		return cut(s.Error, 120)
	case s.Health.Episode.Type != "":
		return cut(s.Health.Episode.Message, 120)
	case s.SelectMisses > 0:
		return fmt.Sprintf("select %s: nothing in the last %s", strings.Join(s.SelectMissed, ", "), counted(s.SelectMisses, "article"))
	}
	return ""
}

func (a *app) articlesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "articles", Short: "List the stored articles, newest first",
		Example: "  veille articles --source yonhap-nk --since 24h",
	}
	page := pageFlags(cmd)
	source := cmd.Flags().String("source", "", "only of this source")
	return listing(a, cmd, []string{"FIRST SEEN", "SOURCE", "REV", "TITLE", "URL"},
		func(cmd *cobra.Command, from records) ([]veille.Article, error) {
			p, since, err := page()
			if err != nil {
				return nil, err
			}
			rows, err := from.Articles(cmd.Context(), veille.ArticleFilter{Page: p, Since: since, Source: *source})
			if err == nil && len(rows) == 0 && *source != "" {
				err = a.knownSource(cmd.Context(), from, *source)
			}
			return rows, err
		},
		func(r veille.Article) []string {
			return []string{when(r.FirstSeen), r.Source, strconv.Itoa(r.Revision), cut(r.Snapshot.Title, 70), r.URL}
		})
}

func (a *app) alertsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "alerts", Short: "List the alerts, newest first, with the reason",
		Example: "  veille alerts --watch \"Corée du Nord et Russie\" --since 7d\n  veille alerts --json | jq .matches",
	}
	page := pageFlags(cmd)
	watch := cmd.Flags().String("watch", "", "only of this watch")
	kind := cmd.Flags().String("type", "", "only of this type, such as article.edited")
	return listing(a, cmd, []string{"TIME", "TYPE", "WATCHES", "TITLE", "URL"},
		func(cmd *cobra.Command, from records) ([]veille.Event, error) {
			p, since, err := page()
			if err != nil {
				return nil, err
			}
			if err := recognised("type", *kind, eventTypes()); err != nil {
				return nil, err
			}
			rows, err := from.Events(cmd.Context(), veille.EventFilter{Page: p, Since: since, Watch: *watch, Type: veille.EventType(*kind)})
			if err == nil && len(rows) == 0 && *watch != "" {
				err = a.knownWatch(cmd.Context(), from, *watch)
			}
			return rows, err
		},
		func(e veille.Event) []string {
			title, url := cut(e.Message, 70), ""
			if e.Article != nil {
				title, url = cut(e.Article.Title, 70), e.Article.URL
			}
			return []string{when(e.Time), string(e.Type), strings.Join(e.Watches, ", "), title, url}
		})
}
