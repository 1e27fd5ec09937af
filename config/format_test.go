package config

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// shout is a form of queries that is easy to tell: a long one has two lines.
func shout(query string, oneLine bool) (string, []veille.Problem) {
	if i := strings.Index(query, "?"); i >= 0 {
		return "", []veille.Problem{{Offset: i, What: "no questions"}}
	}
	words := strings.Fields(strings.ToUpper(query))
	if len(words) < 4 || oneLine {
		return strings.Join(words, " "), nil
	}
	return strings.Join(words[:2], " ") + "\n" + strings.Join(words[2:], " ") + "\n", nil
}

func TestFormatQueries_RewritesQueriesAndNothingElse(t *testing.T) {
	data, err := os.ReadFile("testdata/format/in.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]string{"LF": "\n", "CRLF": "\r\n"} {
		t.Run(name, func(t *testing.T) {
			in := "\xef\xbb\xbf" + strings.ReplaceAll(string(data), "\n", end)
			out, err := FormatQueries("in.yaml", []byte(in), shout)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(strings.TrimPrefix(string(out.Data), "\xef\xbb\xbf"), end, "\n")
			if *update {
				if err := os.WriteFile("testdata/format/out.yaml", []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile("testdata/format/out.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
			again, err := FormatQueries("in.yaml", out.Data, shout)
			if err != nil || again.Changed != 0 || string(again.Data) != string(out.Data) {
				t.Errorf("formatted twice, %d queries change: %v", again.Changed, err)
			}
		})
	}
}
