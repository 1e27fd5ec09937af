package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"veille"
	"veille/web/access"
)

func TestSearchPage_ShowsHitsFacetsAndWhatToDo(t *testing.T) {
	s := newSite(t, access.Policy{})
	for n := range 25 {
		s.archive.articles = append(s.archive.articles, veille.Article{ID: fmt.Sprintf("art_%d", n), Source: "yonhap nk#1", URL: "https://a.example",
			FirstSeen: time.Date(2026, 11, 23, 8, 0, 60-n, 0, time.UTC), Snapshot: veille.Snapshot{Title: fmt.Sprintf("Titre %d", n), Body: "Russie", Language: "fr"}})
	}
	c := s.client(t)
	if body := c.get("/search").body; !strings.Contains(body, "Look for something") || !strings.Contains(body, `aria-current="page"`) {
		t.Errorf("without a query: %s", body)
	}
	body := c.get("/search?q=Russie").body
	for _, want := range []string{"<mark>Russie</mark>", "Titre 0", "Titre 19", `href="/search?q=Russie&amp;source=yonhap&#43;nk%231"`, `href="/search?day=2026-11-23&amp;q=Russie"`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if strings.Contains(body, "Titre 20") {
		t.Error("more than a page")
	}
	_, more, _ := strings.Cut(body, `<a class="next" href="`)
	more, _, _ = strings.Cut(more, `"`)
	if body := c.get(strings.ReplaceAll(more, "&amp;", "&")).body; !strings.Contains(body, "Titre 20") || !strings.Contains(body, "Titre 24") || strings.Contains(body, "Titre 19") {
		t.Errorf("the next page %q: %s", more, body)
	}
	s.archive.hurried = true
	if body := c.get(strings.ReplaceAll(more, "&amp;", "&")).body; !strings.Contains(body, "were looked at") {
		t.Errorf("a last page whose search ended early does not say so: %s", body)
	}
	s.archive.hurried, s.archive.searched = false, nil
	body = c.get("/search?q=Russie&source=yonhap+nk%231&day=2026-11-23").body
	if !strings.Contains(body, `href="/search?day=2026-11-23&amp;q=Russie"`) {
		t.Errorf("the source cannot be taken off: %s", body)
	}
	f := s.archive.searched[0]
	paris := time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)
	if f.Source != "yonhap nk#1" || !f.Since.Equal(paris) || !f.Before.Equal(paris.AddDate(0, 0, 1)) {
		t.Errorf("asked for %+v, want the source and the day in Paris", f)
	}
	if body := c.get("/search?q=zanzibar").body; !strings.Contains(body, "None of the 25 stored articles matches") {
		t.Errorf("nothing found: %s", body)
	}
	if body := c.get("/search?q=ab(").body; !strings.Contains(body, "a parenthesis is not closed") || !strings.Contains(body, "  ^</pre>") {
		t.Errorf("a mistake: %s", body)
	}
	for _, path := range []string{"/search?q=a&day=yesterday", "/search?q=a&from=x"} {
		if answer := c.get(path); answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}

func TestSearchAPI_PagesAndTellsMistakes(t *testing.T) {
	s := newSite(t, access.Policy{})
	for n := range 3 {
		s.archive.articles = append(s.archive.articles, veille.Article{ID: fmt.Sprintf("art_%d", n), FirstSeen: time.Unix(100, 0), Snapshot: veille.Snapshot{Body: "Russie"}})
	}
	c := s.client(t)
	first := c.get("/api/v1/search?q=Russie&limit=2&language=fr&watch=W&since=1970-01-01T00:00:01Z")
	next, _, ok := strings.Cut(strings.TrimPrefix(first.Header.Get("Link"), "<"), ">")
	if !ok || !strings.Contains(first.body, "art_1") || strings.Contains(first.body, "art_2") {
		t.Fatalf("%v %s", first.Header, first.body)
	}
	if f := s.archive.searched[0]; f.Language != "fr" || f.Watch != "W" || f.Since.Unix() != 1 || f.Facets {
		t.Errorf("asked for %+v", f)
	}
	if second := c.get(next); !strings.Contains(second.body, "art_2") || strings.Contains(second.body, "art_1") || second.Header.Get("Link") != "" {
		t.Errorf("%v %s", second.Header, second.body)
	}
	if wrong := c.get("/api/v1/search?q=(a"); wrong.StatusCode != http.StatusBadRequest || !strings.Contains(wrong.body, "a parenthesis is not closed") {
		t.Errorf("%d %s", wrong.StatusCode, wrong.body)
	}
}
