package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"veille"
	"veille/monitor/edit"
)

// compared is the JSON of `veille diff`.
type compared struct {
	Article  string           `json:"article"`
	URL      string           `json:"url"`
	From     int              `json:"from"`
	To       int              `json:"to"`
	Change   *veille.Change   `json:"change"`
	Segments []veille.Segment `json:"segments"`
}

func (a *app) diffCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diff URL|ID",
		Short: "Show how a stored article was edited",
		Long: `Show the revisions of a stored article and, in colour, what changed between two of
them: [-removed-], {+added+}, {~moved~} where there is no colour.`,
		Example: "  veille diff https://fr.yna.co.kr/view/AFR20230914000700884\n  veille diff URL --from 1 --whole",
		Args:    arguments(1, 1),
	}
	from := cmd.Flags().Int("from", 0, "the earlier revision (default the one before --to)")
	to := cmd.Flags().Int("to", 0, "the later revision (default the newest)")
	wholeText := cmd.Flags().Bool("whole", false, "show the paragraphs that stayed, too")
	asJSON := cmd.Flags().Bool("json", false, "one JSON object")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		stored, err := a.openRecords(cmd.Context())
		if err != nil {
			return err
		}
		defer stored.Close()
		h, err := stored.History(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		before, after, err := h.between(*from, *to)
		if err != nil {
			return err
		}
		if *asJSON {
			return newLines(a.stdout).write(compared{
				Article: h.Article.ID, URL: h.Article.URL, From: before.Number, To: after.Number,
				Change: edit.Between(before.Snapshot, after.Snapshot), Segments: edit.Full(before.Snapshot, after.Snapshot),
			})
		}
		if err := showHistory(a.stdout, h); err != nil || before.Number == after.Number {
			return err
		}
		return a.showDiff(before, after, *wholeText)
	}
	return cmd
}

// between picks two revisions; 0 stands for the newest, or the one before.
func (h history) between(from, to int) (before, after veille.Revision, err error) {
	find := func(number int) (veille.Revision, error) {
		i := slices.IndexFunc(h.Revisions, func(r veille.Revision) bool { return r.Number == number })
		if i < 0 {
			return veille.Revision{}, fmt.Errorf("there is no revision %d, they go up to %d: %w", number, h.Article.Revision, errUsage)
		}
		return h.Revisions[i], nil
	}
	if to == 0 {
		to = h.Article.Revision
	}
	if from == 0 {
		from = max(to-1, 1)
	}
	if after, err = find(to); err != nil {
		return before, after, err
	}
	before, err = find(from)
	return before, after, err
}

func showHistory(w io.Writer, h history) error {
	if _, err := fmt.Fprintf(w, "%s\n%s  %s\n\n", plain(h.Article.Snapshot.Title), plain(h.Article.URL), h.Article.ID); err != nil {
		return err
	}
	rows := make([][]string, 0, len(h.Revisions))
	for _, r := range h.Revisions {
		change := changeWords(r.Change)
		if r.Joins != "" {
			change += "; told with " + plain(r.Joins)
		}
		rows = append(rows, []string{strconv.Itoa(r.Number), when(r.At), change})
	}
	if h.Article.Withdrawn {
		rows = append(rows, []string{"-", when(h.Article.GoneSince), "withdrawn: " + string(h.Article.Condition)})
	} else if h.Article.Condition != "" {
		rows = append(rows, []string{"-", when(h.Article.CheckedAt), "last found: " + string(h.Article.Condition)})
	}
	return table(w, []string{"REVISION", "SEEN", "CHANGE"}, rows)
}

// changeWords says in a few words what an edit was.
func changeWords(c *veille.Change) string {
	if c == nil {
		return "first read"
	}
	var parts []string
	if c.Returned {
		parts = append(parts, "back after its withdrawal")
	}
	if len(c.Fields) > 0 {
		parts = append(parts, strings.Join(c.Fields, ", "))
	}
	if c.Words != (veille.WordsChange{}) {
		parts = append(parts, fmt.Sprintf("+%d −%d words", c.Words.Added, c.Words.Removed))
	}
	if n := len(c.Moved); n > 0 {
		parts = append(parts, fmt.Sprintf("%d paragraphs moved", n))
	}
	if c.Reverts > 0 {
		parts = append(parts, fmt.Sprintf("as in revision %d again", c.Reverts))
	}
	return strings.Join(parts, "; ")
}

// showDiff prints a diff for a person.
func (a *app) showDiff(before, after veille.Revision, wholeText bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\nrevision %d → %d\n", before.Number, after.Number)
	if c := edit.Between(before.Snapshot, after.Snapshot); c != nil {
		for _, f := range []struct {
			name   string
			change *veille.FieldChange
		}{{"lead", c.Lead}, {"authors", c.Authors}, {"published", c.Published}, {"image", c.Image}} {
			if f.change != nil {
				b.WriteString("  " + f.name + ": " + a.marked([]veille.Segment{
					{Op: veille.SegmentRemoved, Text: f.change.From}, {Op: veille.SegmentKept, Text: " "}, {Op: veille.SegmentAdded, Text: f.change.To},
				}) + "\n")
			}
		}
	}
	skipped := false
	for _, p := range paragraphsOf(edit.Full(before.Snapshot, after.Snapshot)) {
		if !wholeText && !slices.ContainsFunc(p, func(s veille.Segment) bool { return s.Op != veille.SegmentKept }) {
			if !skipped {
				b.WriteString("\n…\n")
			}
			skipped = true
			continue
		}
		skipped = false
		b.WriteString("\n" + a.marked(p) + "\n")
	}
	_, err := io.WriteString(a.stdout, b.String())
	return err
}

// paragraphsOf splits a diff where a paragraph ends.
func paragraphsOf(segments []veille.Segment) [][]veille.Segment {
	var out [][]veille.Segment
	var p []veille.Segment
	for _, s := range segments {
		for i, text := range strings.Split(s.Text, "\n\n") {
			if i > 0 {
				out, p = append(out, p), nil
			}
			if text != "" {
				p = append(p, veille.Segment{Op: s.Op, Text: text})
			}
		}
	}
	return append(out, p)
}

// marked shows a diff in colour, or with marks where there is none.
func (a *app) marked(segments []veille.Segment) string {
	safe := make([]veille.Segment, 0, len(segments))
	for _, s := range segments {
		safe = append(safe, veille.Segment{Op: s.Op, Text: plain(s.Text)})
	}
	if !a.color {
		return veille.Marked(safe)
	}
	var b strings.Builder
	for _, s := range safe {
		switch s.Op {
		case veille.SegmentRemoved:
			b.WriteString("\x1b[31;9m" + s.Text + "\x1b[0m")
		case veille.SegmentAdded:
			b.WriteString("\x1b[32m" + s.Text + "\x1b[0m")
		case veille.SegmentMoved:
			b.WriteString("\x1b[36m" + s.Text + "\x1b[0m")
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}
