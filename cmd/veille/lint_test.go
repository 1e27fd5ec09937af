package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veille"
)

// TestCheck_WarnsOfAWatchThatMatchesMuchOfTheArchive tries watches on stored
// articles of which so many are about each thing.
func TestCheck_WarnsOfAWatchThatMatchesMuchOfTheArchive(t *testing.T) {
	conf := filepath.Join(t.TempDir(), "veille.yaml")
	text := `
sources: [{ name: s, url: "https://news.example/" }]
watches:
  - { name: Common, query: Russie, notify: [console] }
  - { name: Fifth, query: Corée, notify: [console] }
  - { name: Rare, query: Japon, notify: [console] }
  - { name: Meant, query: Russie, broad: true, notify: [console] }
  - { name: Elsewhere, query: Russie, sources: [s], languages: [de], notify: [console] }
receivers: { console: { stdout: {} } }
`
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	check := func(dir string) string {
		var out, errs bytes.Buffer
		if code := run(t.Context(), []string{"check", "-c", conf, "--data", dir}, func(string) (string, bool) { return "", false }, nil, &out, &errs); code != exitDone {
			t.Fatalf("exit code %d: %s", code, errs.String())
		}
		var warnings []string
		for line := range strings.Lines(out.String() + errs.String()) {
			if strings.Contains(line, "stored articles") {
				warnings = append(warnings, line)
			}
		}
		return strings.Join(warnings, "")
	}
	for _, c := range []struct {
		articles int
		want     string
	}{
		{40, ""}, // too few to tell
		{100, `watch "Common": it matches 21 % of the newest 100 stored articles`},
	} {
		l := newLab(t, 12)
		for n := range c.articles {
			url := fmt.Sprintf("https://news.example/%d", n)
			body := "Un sujet sans importance, numéro " + fmt.Sprint(n) + "."
			if n < 21*c.articles/100 {
				body += " La Russie."
			}
			if n < 20*c.articles/100 {
				body += " La Corée."
			}
			if n < 5*c.articles/100 {
				body += " Le Japon."
			}
			at := l.at.Add(time.Duration(n) * time.Hour)
			l.commit(veille.Article{ID: veille.ArticleID(url), URL: url, Source: "s", FirstSeen: at, CheckedAt: at, Revision: 1,
				Snapshot: veille.Snapshot{URL: url, Canonical: url, Title: "Titre", Body: body, Language: "fr", Kind: veille.KindArticle}}, 0)
		}
		l.index.Close()
		if err := l.store.Close(); err != nil {
			t.Fatal(err)
		}
		if got := check(l.dir); c.want == "" && got != "" || !strings.Contains(got, c.want) || strings.Count(got, "\n") > 1 {
			t.Errorf("of %d articles: warned of %q, want %q alone", c.articles, got, c.want)
		}
	}
}
