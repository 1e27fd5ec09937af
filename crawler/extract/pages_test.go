package extract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestRead_FindsThePageThatContinuesAnArticle(t *testing.T) {
	for _, c := range []struct {
		name, url, head, link string
		further               bool
		want                  string
	}{
		{"declared", "/dam-bursts", `<link rel="next" href="/dam-bursts?page=2">`, "", false, "/dam-bursts?page=2"},
		{"a number in the query", "/dam-bursts.html", "", "?seite=2", false, "/dam-bursts.html?seite=2"},
		{"a number in the path", "/dam-bursts", "", "/dam-bursts/2/", false, "/dam-bursts/2/"},
		{"a word in the path", "/dam-bursts/", "", "/dam-bursts/page/2", false, "/dam-bursts/page/2"},
		{"the third page", "/dam-bursts?page=2", "", "/dam-bursts?page=3", true, "/dam-bursts?page=3"},
		{"the third page by a bare number", "/dam-bursts/2", "", "/dam-bursts/3", true, "/dam-bursts/3"},
		{"a fragment", "/dam-bursts", "", "/dam-bursts?page=2#top", false, "/dam-bursts?page=2"},
		{"the next article by its number", "/story/12", "", "/story/13", false, ""},
		{"the next article of a blog", "/dam-bursts", `<link rel="next" href="/rain-ends">`, "", false, ""},
		{"the page before", "/dam-bursts?page=3", "", "/dam-bursts?page=2", true, ""},
		{"further comments", "/dam-bursts", "", "/dam-bursts/comment-page-2", false, ""},
		{"another article's second page", "/dam-bursts", "", "/rain-ends?page=2", false, ""},
		{"the list of a home page", "/", "", "/page/2", false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			html := page(`<article><h1>Harbour reopens</h1>%s</article><a href="` + c.link + `">on</a>`)
			html = strings.Replace(html, "</head>", c.head+"</head>", 1)
			s, err := Read(Page{Body: []byte(html), URL: "https://www.example.org" + c.url, Now: now, Further: c.further})
			want := c.want
			if want != "" {
				want = "https://www.example.org" + want
			}
			if err != nil || s.Next != want {
				t.Errorf("next = %q, want %q (%v, %s)", s.Next, want, err, s.Kind)
			}
		})
	}
}

func TestJoin_AddsWhatIsNewOfAPartOfTheArticle(t *testing.T) {
	article := func(title, canonical, body string) veille.Snapshot {
		return veille.Snapshot{Kind: veille.KindArticle, Title: title, Canonical: canonical, Body: body}
	}
	first := article("Dam bursts", "https://x.example/dam", "Lead.\n\nOne.")
	for _, c := range []struct {
		name    string
		further veille.Snapshot
		want    string
	}{
		{"the same title", article("Dam bursts", "https://x.example/dam?page=2", "Lead.\n\nTwo."), "Lead.\n\nOne.\n\nTwo."},
		{"a title with a number", article("Dam bursts – page 2", "https://x.example/dam/2", "Two."), "Lead.\n\nOne.\n\nTwo."},
		{"the same identity", article("What the town did next", "https://x.example/dam", "Two."), "Lead.\n\nOne.\n\nTwo."},
		{"another title and identity", article("Rain ends", "https://x.example/rain", "Two."), ""},
		{"nothing new", article("Dam bursts", "https://x.example/dam?page=2", "One."), ""},
		{"a wall", veille.Snapshot{Kind: veille.KindConsent, Title: "Dam bursts"}, ""},
		{"too long", article("Dam bursts", "https://x.example/dam?page=2", strings.Repeat("x", maxJoined)), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			joined := first
			ok := Join(&joined, c.further)
			if !ok {
				c.want = first.Body
			}
			if diff := cmp.Diff(c.want, joined.Body); diff != "" || ok != (c.want != first.Body) {
				t.Errorf("joined = %v (-want +got):\n%s", ok, diff)
			}
		})
	}
}
