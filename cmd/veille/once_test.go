package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"veille"
	"veille/demo"
)

// storedIn lists the articles of the store in a folder that the lab made.
func storedIn(t *testing.T, dir string) int {
	t.Helper()
	return strings.Count(command(t, "articles", "--json", "--limit", "1000", "--data", dir), `"canonical_url":"https://news`)
}

// A CronJob may be the whole installation: nothing else would ever forget.
func TestOnce_ForgetsWhatIsNotRetained(t *testing.T) {
	p := newPress(t, 1)
	p.outlets[0].Publish(demo.Article{Slug: "a", Title: "Un premier dossier", Paragraphs: story(1, planted)})
	l := newLab(t, 11)
	publish := func(n int, at time.Time) {
		for range n {
			url := fmt.Sprintf("https://news.example/%d", l.seen)
			l.seen++
			body := make([]string, 4000)
			for i := range body {
				body[i] = strconv.FormatUint(l.Uint64(), 36)
			}
			a := veille.Article{ID: veille.ArticleID(url), URL: url, Source: "s", FirstSeen: at, CheckedAt: at, Revision: 1,
				Snapshot: veille.Snapshot{URL: url, Canonical: url, Title: "x", Body: strings.Join(body, " "), Kind: veille.KindArticle}}
			l.commit(a, 0)
		}
	}
	publish(10, time.Now().AddDate(0, 0, -200))
	publish(20, time.Now().AddDate(0, 0, -10))
	l.index.Close()
	if err := l.store.Close(); err != nil {
		t.Fatal(err)
	}
	once := func(retain string) int {
		path := filepath.Join(t.TempDir(), "veille.yaml")
		text := fmt.Sprintf("sources:\n%swatches: [{ name: W, query: Russie, notify: [console] }]\nreceivers: { console: { stdout: {} } }\nretain: %s\n", p.sources("@every 10m"), retain)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		command(t, "once", "-c", path, "--data", l.dir)
		return storedIn(t, l.dir)
	}
	if n := once("{ articles: 90d }"); n != 20 {
		t.Errorf("%d articles are left, want the 20 that are younger", n)
	}
	if n := once("{ articles: 5d }"); n != 20 {
		t.Errorf("%d articles are left by a second pass on the same day, want 20", n)
	}
	if n := once("{ articles: 90d, size: 1MiB }"); n < 1 || n > 15 {
		t.Errorf("%d articles of 70 kB are left in 1 MiB", n)
	}
}
