package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"veille"
	"veille/web/access"
)

func TestWhy_AsksOneWatchAndShowsWhereItsOtherClausesHit(t *testing.T) {
	s := newSite(t, access.Policy{})
	id := hostile(s)
	c := s.client(t)
	link := regexp.MustCompile(`href="(/why\?of=art_evil[^"]*watch=Nord)"`).FindStringSubmatch(c.get("/articles/" + id).body)
	if link == nil {
		t.Fatal("no way from the article to the watch that did not match")
	}
	body := c.get(strings.ReplaceAll(link[1], "&amp;", "&")).body
	if !strings.Contains(body, "<mark>Avant</mark> Russie après.") || strings.Contains(body, "Corée du Nord &amp; Russie</strong>") {
		t.Errorf("the page of one watch: %s", body[:min(len(body), 6000)])
	}
	for path, want := range map[string]int{"/why?of=nonsense": 400, "/why?of=art_none": 404, "/why?of=https://a.example/x": 200, "/why": 200} {
		if got := c.get(path).StatusCode; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	c.header.Set("Accept-Language", "fr")
	if body := c.get("/why?of=https://a.example/x").body; !strings.Contains(body, "never seen, in fr") || !strings.Contains(body, "non montré") {
		t.Error("not in French")
	}
}

func TestWhy_LooksAtTheSourcesOnlyWhenAsked(t *testing.T) {
	s := newSite(t, locked())
	hostile(s)
	c := s.client(t)
	c.login()
	page := "/why?of=https%3A%2F%2Fa.example%2Fnever"
	body := c.get(page).body
	if !strings.Contains(body, `<form method="post" action="/why"`) || len(s.desk.looked) != 0 {
		t.Errorf("before it is asked: looked at %v\n%s", s.desk.looked, body)
	}
	of := url.Values{"of": {"https://a.example/never"}}
	if got := c.do("POST", "/why", of).StatusCode; got != http.StatusForbidden || len(s.desk.looked) != 0 {
		t.Errorf("without the form's token: %d, looked at %v", got, s.desk.looked)
	}
	if a := c.post(page, "/why", of); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "looked at now") || strings.Contains(a.body, `action="/why"><input`) {
		t.Errorf("asked: %d %s", a.StatusCode, a.body)
	}
	reader := s.client(t)
	reader.header.Set("Authorization", "Bearer read-token-canary-0001")
	if a := reader.get(page); strings.Contains(a.body, `<form method="post" action="/why"`) {
		t.Error("who may only read is offered to look")
	}
	for token, want := range map[string]int{"read-token-canary-0001": http.StatusForbidden, "write-token-canary-0001": http.StatusOK} {
		x := s.client(t)
		x.header.Set("Authorization", "Bearer "+token)
		if got := x.do("POST", "/api/v1/why/look?of=https%3A%2F%2Fa.example%2Fnever", nil).StatusCode; got != want {
			t.Errorf("the API for %s: %d, want %d", token, got, want)
		}
	}
}

func TestSources_ShowTheEpisodeTheRhythmAndTheRecovery(t *testing.T) {
	s := newSite(t, access.Policy{})
	now := time.Now().UTC()
	rates := make([]uint16, veille.HoursOfWeek)
	rates[9], rates[33] = 150, 250
	state := veille.SourceState{Name: "yonhap nk#1", LastSuccess: now, LastNew: now.Add(-50 * time.Hour), Outlinks: 20}
	state.Health = veille.SourceHealth{Recovered: now.Add(-30 * 24 * time.Hour), Rhythm: veille.Rhythm{Rates: rates, Hours: 6 * veille.HoursOfWeek},
		Episode: veille.Episode{Type: veille.SourceQuiet, Cause: "quiet", Since: now.Add(-50 * time.Hour), Message: "nothing new since then"}}
	s.archive.sources = []veille.SourceState{state}
	says := func(language, path string, want ...string) {
		t.Helper()
		c := s.client(t)
		c.header.Set("Accept-Language", language)
		body := c.get(path).body
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s in %s does not say %q:\n%s", path, language, w, body)
			}
		}
	}
	says("en", "/sources/yonhap%20nk%231", `<span class="tag quiet">Too quiet</span>`, "Nothing new for unusually long", "nothing new since then", "since ", "4 polls with news a week", "Last recovered")
	says("fr", "/sources/yonhap%20nk%231", "Trop calme", "Rien de nouveau depuis anormalement longtemps", "4 relevés avec du nouveau par semaine", "depuis ", "Dernier rétablissement")
	says("en", "/sources", `<li class="panel quiet">`, "Nothing new for unusually long")
	says("en", "/", "1 source too quiet")
	says("fr", "/", "1 source trop calme")
	for cause, want := range map[string]string{"unreadable": "they do not read as articles", "banner": "A banner stands", "selectors": "Its selectors match nothing", "no_links": "no article links any more", "forbidden": "The site refuses robots", "error": "Polls in a row failed"} {
		s.archive.sources[0].Health.Episode = veille.Episode{Type: veille.SourceFailing, Cause: cause, Since: now, Message: "m"}
		says("en", "/sources/yonhap%20nk%231", `<span class="tag failing">Failing</span>`, want)
		says("en", "/", "1 source failing")
	}
	s.archive.sources[0].Health.Episode = veille.Episode{}
	says("en", "/sources/yonhap%20nk%231", `<span class="tag well">Read</span>`)
	s.archive.events = []veille.Event{
		{ID: "evt_1", Type: veille.SourceQuiet, Time: now, Source: "yonhap nk#1", Message: "Source yonhap nk#1 is quiet: nothing new"},
		{ID: "evt_2", Type: veille.SourceFailing, Time: now, Message: "No source can be reached."},
	}
	says("en", "/", `<a href="/sources/yonhap%20nk%231">Source yonhap nk#1 is too quiet</a>`, "No source can be reached")
	says("fr", "/", "La source yonhap nk#1 est trop calme", "Aucune source n’est joignable", `lang="en">Source yonhap nk#1 is quiet`)
}
