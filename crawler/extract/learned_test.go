package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// taught is a site that four pages have taught.
func taught(o veille.Observation) *veille.Site {
	s := &veille.Site{Name: "example.org"}
	for i := range 4 {
		o.URL, o.Article = fmt.Sprintf("https://example.org/2026/story-%d", i), true
		s.Learn(o)
	}
	return s
}

func readKnowing(t *testing.T, site *veille.Site, html string) veille.Snapshot {
	t.Helper()
	s, err := Read(Page{Body: []byte(html), URL: "https://example.org/2026/a-story", Now: now, Site: site})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRead_CutsTheEndOfTitlesThatASiteHasTaught(t *testing.T) {
	doc := func(title, h1 string) string {
		return `<html lang="en"><head><title>` + title + `</title></head><body>` + h1 + `<p>The dam burst at noon, the town said.</p><p>Nobody was hurt in the valley.</p></body></html>`
	}
	const title = "Dam bursts – Voices of the coast"
	first := readKnowing(t, nil, doc(title, ""))
	if first.Title != title || first.Learned.Suffix != "Voices of the coast" || first.Omitted.Suffix != "" {
		t.Errorf("the first page: %q, learned %q, omitted %q", first.Title, first.Learned.Suffix, first.Omitted.Suffix)
	}
	site := taught(first.Learned)
	for _, c := range []struct {
		name         string
		site         *veille.Site
		title, h1    string
		want, suffix string
	}{
		{"another page", site, "Rain ends – Voices of the coast", "", "Rain ends", " – Voices of the coast"},
		{"the lesson is learned on", site, title, "", "Dam bursts", " – Voices of the coast"},
		{"an end that was never taught", site, "Rain ends – and comes back", "", "Rain ends – and comes back", ""},
		{"the page's headline ends so too", site, title, "<h1>" + title + "</h1>", title, ""},
		{"seen too seldom", taught(veille.Observation{}), title, "", title, ""},
		{"one page alone", func() *veille.Site { s := &veille.Site{}; s.Learn(first.Learned); return s }(), title, "", title, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := readKnowing(t, c.site, doc(c.title, c.h1))
			if s.Title != c.want || s.Omitted.Suffix != c.suffix {
				t.Errorf("title = %q without %q, want %q without %q", s.Title, s.Omitted.Suffix, c.want, c.suffix)
			}
			if c.suffix != "" && s.Learned.Suffix != "Voices of the coast" {
				t.Errorf("the lesson fades by being used: %q", s.Learned.Suffix)
			}
		})
	}
}

func TestRead_ReadsTheElementThatHasHeldASitesTexts(t *testing.T) {
	text := "<p>" + strings.Join(filler, "</p><p>") + "</p>"
	side := "<p>The coast is a magazine of forty pages, which has been printed in the old mill since the war, every month.</p><p>It is sold in the shops of the harbour and read aloud in the tavern.</p>"
	doc := func(main string) string {
		return `<html lang="en"><head><title>Harbour reopens</title></head><body><div class="page"><h1>Harbour reopens</h1><div class="columns"><div class="story-text">` + main + `</div><div class="col">` + side + `</div></div></div></body></html>`
	}
	want := strings.Join(filler, "\n\n")
	ignorant := readKnowing(t, nil, doc(text))
	if !strings.Contains(ignorant.Body, "forty pages") {
		t.Fatalf("the page is read right without a lesson: %q", ignorant.Body)
	}
	for _, c := range []struct{ name, container, want string }{
		{"the right element", "div.story-text", want},
		{"an element that is not there", "div.main-text", ignorant.Body},
		{"an element that holds little of the text", "div.col", ignorant.Body},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := readKnowing(t, taught(veille.Observation{Container: c.container}), doc(text))
			if diff := cmp.Diff(c.want, s.Body); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if got := s.ReadLike(ignorant).Body; got != ignorant.Body {
				t.Errorf("the lesson looks like an edit: %q", got)
			}
		})
	}
	alone := readKnowing(t, nil, `<html><title>Harbour reopens</title><body><h1>Harbour reopens</h1><div class="ad-1 story-text">`+text+`</div></body></html>`)
	if alone.Learned.Container != "div.story-text" {
		t.Errorf("learned %q", alone.Learned.Container)
	}
}

func TestRead_NeverLooksEditedForALesson(t *testing.T) {
	const about = "The Harbour Gazette has told the news of the coast since the year of the great storm."
	html := page(`<article><h1>Harbour reopens</h1>%s<p>` + about + `</p></article>`)
	before := readKnowing(t, nil, html)
	after := readKnowing(t, taught(veille.Observation{Paragraphs: hashes([]string{about})}), html)
	if after.Body == before.Body || len(after.Omitted.Paragraphs) != 1 {
		t.Fatalf("the lesson is not used: %+v", after.Omitted)
	}
	for name, c := range map[string][2]veille.Snapshot{"learned": {before, after}, "faded": {after, before}} {
		if got := c[1].ReadLike(c[0]); got.Body != c[0].Body || got.Title != c[0].Title {
			t.Errorf("%s: body = %q", name, got.Body)
		}
	}
}

// TestRead_KeepsTheBackgroundThatManyArticlesRepeat: a watch may need its words.
// What half of a site's articles show is no article's own.
func TestRead_KeepsTheBackgroundThatManyArticlesRepeat(t *testing.T) {
	const background = "North Korea and Russia signed a treaty of partnership in June 2024, under which each is to help the other with arms if it is attacked by a third."
	html := page(`<article><h1>Harbour reopens</h1>%s<p>` + background + `</p></article>`)
	for _, c := range []struct {
		name         string
		with, others int
		kept         bool
	}{
		{"the first articles of a site", 8, 0, true},
		{"one article in three", 10, 20, true},
		{"hundreds of articles, one in three", 200, 400, true},
		{"every article", 40, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			site := &veille.Site{Name: "example.org"}
			learn := func(n int, paragraphs ...string) {
				for i := range n {
					site.Learn(veille.Observation{URL: fmt.Sprintf("https://example.org/2026/story-%d", i), Article: true, Paragraphs: hashes(paragraphs)})
				}
			}
			learn(c.others)
			learn(c.with, background)
			if got := strings.Contains(readKnowing(t, site, html).Body, background); got != c.kept {
				t.Errorf("kept: %v, want %v", got, c.kept)
			}
		})
	}
}
