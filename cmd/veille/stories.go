package main

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"veille"
)

func (a *app) storiesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "stories",
		Short: "List stories: near copies of one text in several articles",
		Long: `Near copies of one text, cut, wrapped or rewritten, are one story, in whatever outlets
they appear, for 72 hours after one another. A watch is told of a story once; a copy
that says something new is told again. Newest first; --json gives every member with
its kind and its likeness to the member that it is most like.`,
		Example: "  veille stories\n  veille stories --outlets 3 --since 24h\n  veille stories --json",
	}
	page := pageFlags(cmd)
	outlets := cmd.Flags().Int("outlets", 0, "only stories that at least `N` sites carry")
	source := cmd.Flags().String("source", "", "only stories with a member of this source")
	cmd.AddCommand(a.storyCommand())
	return listing(a, cmd, []string{"STORY", "OUTLETS", "ARTICLES", "FIRST SEEN", "FIRST IN", "TITLE"},
		func(cmd *cobra.Command, from records) ([]veille.StorySummary, error) {
			p, since, err := page()
			if err != nil {
				return nil, err
			}
			return from.Stories(cmd.Context(), veille.StoryFilter{Page: p, Since: since, Outlets: *outlets, Source: *source})
		},
		func(s veille.StorySummary) []string {
			first := s.Members[0]
			return []string{s.ID, strconv.Itoa(s.Outlets), strconv.Itoa(len(s.Members)), when(first.FirstSeen), first.Source, cut(first.Title, 70)}
		})
}

func (a *app) storyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show STORY",
		Short:   "List the members of a story",
		Example: "  veille stories show sto_4dxq2lk7n2m5t4v3c6a7b5e2rm",
		Args:    arguments(1, 1),
	}
	asJSON := cmd.Flags().Bool("json", false, "one JSON object a line")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		from, err := a.openRecords(cmd.Context())
		if err != nil {
			return err
		}
		defer from.Close()
		members, err := from.Story(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		if *asJSON {
			out := newLines(a.stdout)
			for _, m := range members {
				if err := out.write(m); err != nil {
					return err
				}
			}
			return nil
		}
		rows := make([][]string, len(members))
		for i, m := range members {
			likeness := "first"
			if m.Kind != "" {
				likeness = fmt.Sprintf("%s %.0f %%", m.Kind, m.Score*100)
			}
			rows[i] = []string{when(m.FirstSeen), m.Source, likeness, counted(len(m.Alerted), "alert"), m.URL}
		}
		return table(a.stdout, []string{"FIRST SEEN", "SOURCE", "LIKENESS", "TOLD", "URL"}, rows)
	}
	return cmd
}

// Stories implements web.Reader.
func (c *controlClient) Stories(ctx context.Context, f veille.StoryFilter) (rows []veille.StorySummary, err error) {
	q := pageQuery(f.Page, f.Since)
	q.Set("source", f.Source)
	q.Set("outlets", strconv.Itoa(f.Outlets))
	err = c.get(ctx, "/api/v1/stories", q, &rows)
	return rows, err
}

// Story implements web.Reader.
func (c *controlClient) Story(ctx context.Context, id string) (rows []veille.Member, err error) {
	err = c.get(ctx, "/api/v1/stories/"+url.PathEscape(id), nil, &rows)
	return rows, err
}
