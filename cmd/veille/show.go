package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

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

func shown(s *string, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return *s
}

func shownTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}
