package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"veille"
)

func (a *app) exportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "export", Short: "Hand out what Veille knows, for other programs"}
	cmd.AddCommand(&cobra.Command{
		Use:     "opml",
		Short:   "Write the sources of the configuration as OPML, for a feed reader",
		Example: "  veille export opml > veille.opml",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			conf, _, err := a.load()
			if err != nil {
				return err
			}
			return writeOPML(a.stdout, conf.Sources)
		},
	}, a.exportAlerts())
	return cmd
}

func (a *app) exportAlerts() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "alerts",
		Short: "Write the alerts as JSON Lines, or as CSV for a spreadsheet",
		Long: `JSON Lines are events as webhooks get them. In CSV a cell that a spreadsheet would
run as a formula begins with an apostrophe.`,
		Example: "  veille export alerts --since 30d > alerts.jsonl\n  veille export alerts --format csv --watch \"Corée du Nord et Russie\" > alerts.csv",
		Args:    cobra.NoArgs,
	}
	page := pageFlags(cmd)
	cmd.Flags().Lookup("limit").DefValue = "0"
	_ = cmd.Flags().Set("limit", "0")
	format := cmd.Flags().String("format", "jsonl", "jsonl or csv")
	watch := cmd.Flags().String("watch", "", "only of this watch")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *format != "jsonl" && *format != "csv" {
			return fmt.Errorf("--format %q is not jsonl or csv: %w", *format, errUsage)
		}
		p, since, err := page()
		if err != nil {
			return err
		}
		from, err := a.openRecords(cmd.Context())
		if err != nil {
			return err
		}
		defer from.Close()
		events, err := from.Events(cmd.Context(), veille.EventFilter{Page: p, Since: since, Watch: *watch})
		if err != nil {
			return err
		}
		if *format == "csv" {
			return writeCSV(a.stdout, events)
		}
		out := newLines(a.stdout)
		for _, e := range events {
			if err := out.write(e); err != nil {
				return err
			}
		}
		return nil
	}
	return cmd
}

// writeCSV writes events as RFC 4180 asks, every cell quoted.
func writeCSV(w io.Writer, events []veille.Event) error {
	rows := [][]string{{"time", "type", "watches", "source", "title", "url", "published", "language", "words", "excerpt", "message", "id"}}
	for _, e := range events {
		row := []string{e.Time.UTC().Format(time.RFC3339), string(e.Type), strings.Join(e.Watches, "; "), "", "", "", "", "", "", "", e.Message, e.ID}
		if x := e.Article; x != nil {
			row[3], row[4], row[5] = x.Source, x.Title, x.URL
			if x.Published != nil {
				row[6] = x.Published.Format(time.RFC3339)
			}
			if x.Language != nil {
				row[7] = *x.Language
			}
		}
		var words, excerpts []string
		for _, m := range e.Matches {
			for _, t := range m.Terms {
				words = append(words, t.Text)
			}
			excerpts = append(excerpts, m.Excerpt)
		}
		row[8], row[9] = strings.Join(words, "; "), strings.Join(excerpts, "\n")
		rows = append(rows, row)
	}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = `"` + strings.ReplaceAll(inert(harmless(c)), `"`, `""`) + `"`
		}
		if _, err := io.WriteString(w, strings.Join(cells, ",")+"\r\n"); err != nil {
			return err
		}
	}
	return nil
}

// inert keeps a spreadsheet from running a cell: one that begins like a
// formula, also behind blanks and in full width, gets an apostrophe
// (owasp.org/www-community/attacks/CSV_Injection).
func inert(cell string) string {
	first := strings.TrimLeft(cell, " \u00a0\u3000\ufeff\u200b")
	if r, _ := utf8.DecodeRuneInString(first); first != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", r) {
		return "'" + cell
	}
	return cell
}
