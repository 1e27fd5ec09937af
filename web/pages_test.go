package web_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"veille"
	"veille/web/access"
)

const evil = `<script>alert(1)</script>" onmouseover="alert(2)` + "\u202e\x1b[2J"

// hostile fills a site with an article, an event and a delivery whose every
// text is an attack.
func hostile(s *site) (article string) {
	now := time.Now().UTC().Add(-time.Minute)
	snap := veille.Snapshot{URL: "javascript:alert(3)", Title: evil, Authors: []string{evil}, Language: `fr" onload="x`, Site: evil,
		Body: "Avant Russie après.\n\n" + evil + "\n\n" + strings.Repeat("long ", 200_000), Kind: veille.KindArticle}
	a := veille.Article{ID: "art_evil", URL: "javascript:alert(4)", Source: "yonhap nk#1", FirstSeen: now, CheckedAt: now, Revision: 2,
		Snapshot: snap, Story: veille.Story{ID: "sto_evil", Outlets: 2, First: "javascript:alert(5)"}, Alerted: []string{"Corée du Nord & Russie"}, Silent: evil, Withdrawn: true}
	change := &veille.Change{Title: &veille.FieldChange{From: evil, To: evil}, Added: []string{evil, "nothing like it"}, Removed: []string{"Avant"},
		Words: veille.WordsChange{Added: 3, Removed: 1}, Diff: "… [-" + evil + "-] {+" + evil + "+} [-open"}
	old := snap
	old.Body = "Avant Russie."
	s.archive.articles = []veille.Article{a}
	s.archive.revisions[a.ID] = []veille.Revision{{ArticleID: a.ID, Number: 1, At: now, Snapshot: old}, {ArticleID: a.ID, Number: 2, At: now, Snapshot: snap, Change: change}}
	terms := make([]veille.Term, 300)
	for i := range terms {
		terms[i] = veille.Term{Term: evil, Field: "body", Text: "Russie", Start: 6, End: 12}
	}
	e := veille.Event{ID: veille.EventID(a.ID, veille.ArticleEdited, 2), Type: veille.ArticleEdited, Time: now, Watches: []string{"Corée du Nord & Russie"},
		Article: &veille.EventArticle{ID: a.ID, URL: a.URL, Title: evil, Source: evil, Authors: []string{evil}, FirstSeen: now},
		Matches: []veille.Match{{Watch: "Corée du Nord & Russie", Terms: terms, Excerpt: "«Russie» « citée » " + evil}}, Revision: &veille.EventRevision{Number: 2, Change: change}, Story: &a.Story}
	note := veille.Event{ID: "evt_note", Type: veille.ConfigRejected, Time: now.Add(-time.Second), Message: evil}
	s.archive.events = []veille.Event{e, note}
	s.archive.deliveries = []veille.Delivery{{Seq: 1, Receiver: "desk", EventID: e.ID, State: veille.DeliveryDead, Created: now, Attempts: 3, LastTry: now, LastError: evil},
		{Seq: 0, Receiver: "desk", EventID: "evt_note", State: veille.DeliveryPending, Created: now, Due: now.Add(time.Hour)}}
	s.archive.sources = []veille.SourceState{{Name: "yonhap nk#1", Error: evil, ErrorKind: veille.FetchForbidden, Fails: 3, LastSuccess: now, Outlinks: 20}}
	s.archive.sources[0].Health.Episode = veille.Episode{Type: veille.SourceFailing, Since: now, Message: evil}
	s.archive.sources[0].SelectMissed, s.archive.sources[0].SelectMisses = []string{evil}, 3
	s.archive.mutes = []veille.Mute{{Watch: evil, Since: now, Until: now.Add(time.Hour), Reason: evil}, {Source: "yonhap nk#1", Since: now, Until: now.Add(time.Hour), Reason: evil}}
	s.desk.setup.Rejected, s.desk.setup.RejectedAt = evil, now
	s.desk.setup.Watches[0].Query = evil
	s.desk.rules["Nord"] = "nowhere"
	s.status.warnings = []string{evil}
	s.archive.receivers, s.archive.answer = []veille.ReceiverState{{Name: "desk", Disabled: true, Since: now, LastError: evil}}, evil
	return a.ID
}

var everyPage = []string{"/", "/?watch=Cor%C3%A9e+du+Nord+%26+Russie", "/articles", "/articles/art_evil", "/articles/art_evil?revision=2&view=side", "/why", "/why?of=art_evil&watch=Nord", "/why?of=https%3A%2F%2Fa.example%2F%3Cscript%3E", "/stories", "/stories/sto_evil", "/mutes?done=muted", "/deliveries?state=suppressed&receiver=desk",
	"/watches", "/watches/test", "/watches/test?q=" + url.QueryEscape(evil) + "&name=" + url.QueryEscape(evil), "/watches/test?q=Russie", "/watches/test?q=ab(", "/sources", "/sources/yonhap%20nk%231?asked=1",
	"/search", "/search?q=Russie", "/search?q=" + url.QueryEscape(evil) + "&source=" + url.QueryEscape(evil) + "&day=2026-11-23", "/search?q=ab(", "/deliveries?retried=2", "/deliveries?state=pending", "/deliveries?state=sent", "/configuration", "/nowhere"}

// Cases 84 to 86, 89 and 90: what articles say is text, everywhere.
func TestPages_ShowHostileArticlesAsText(t *testing.T) {
	s := newSite(t, access.Policy{})
	hostile(s)
	s.count(t)
	for _, lang := range []string{"en", "fr"} {
		c := s.client(t)
		c.header.Set("Accept-Language", lang)
		for _, path := range everyPage {
			answer := c.get(path)
			if answer.StatusCode != http.StatusOK && path != "/nowhere" {
				t.Errorf("%s: %d %s", path, answer.StatusCode, answer.body)
			}
			doc, err := html.Parse(strings.NewReader(answer.body))
			if err != nil {
				t.Fatal(err)
			}
			for n := range doc.Descendants() {
				if n.Type != html.ElementNode {
					continue
				}
				if n.Data == "script" && n.FirstChild != nil || n.Data == "style" || n.Data == "iframe" || n.Data == "img" {
					t.Errorf("%s: a <%s> with %v", path, n.Data, n.Attr)
				}
				for _, a := range n.Attr {
					if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
						t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
					}
					if a.Key == "href" && strings.HasPrefix(a.Val, "http") && !strings.Contains(answer.body, "noopener noreferrer") {
						t.Errorf("%s: a way out without rel", path)
					}
				}
			}
		}
	}
}

func TestPages_SpeakTheReadersLanguage(t *testing.T) {
	s := newSite(t, access.Policy{})
	for header, want := range map[string]string{"": "en", "fr": "fr", "fr-CA,fr;q=0.9,en;q=0.8": "fr", "de, en;q=0.7, fr;q=0.9": "fr", "ko": "en", "fr;q=0, en;q=0.1": "en", "fr;q=x": "en"} {
		c := s.client(t)
		c.header.Set("Accept-Language", header)
		if body := c.get("/").body; !strings.Contains(body, `<html lang="`+want+`">`) {
			t.Errorf("Accept-Language %q: not %s", header, want)
		}
	}
	c := s.client(t)
	answer := c.post("/watches?x=1", "/language", url.Values{"lang": {"fr"}, "back": {"/watches?x=1"}})
	if to := answer.Header.Get("Location"); to != "/watches?x=1" {
		t.Errorf("the switch leads to %q", to)
	}
	if body := c.get("/watches").body; !strings.Contains(body, "Essayer une requête") {
		t.Error("the switch is not remembered")
	}
}

// TestWords_AreThereInEachLanguage holds the catalogues together: the same
// keys, the same verbs, and all that pages ask for.
func TestWords_AreThereInEachLanguage(t *testing.T) {
	read := func(name string) (w map[string]string) {
		data, err := os.ReadFile("words/" + name)
		if err != nil || json.Unmarshal(data, &w) != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return w
	}
	en, fr := read("en.json"), read("fr.json")
	verbs := regexp.MustCompile(`%(\[\d\])?[sd]`)
	for key, text := range en {
		other, ok := fr[key]
		a, b := verbs.FindAllString(text, -1), verbs.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !ok || !slices.Equal(a, b) && key != "test.read.one" {
			t.Errorf("%s: %q and %q", key, text, other)
		}
	}
	if len(fr) != len(en) {
		t.Errorf("%d keys in French, %d in English", len(fr), len(en))
	}
	key := regexp.MustCompile(`\.([TN]) "([a-z0-9.]+)"`)
	if err := fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".html") && !strings.HasSuffix(path, ".go") {
			return err
		}
		data, err := os.ReadFile(path)
		for _, m := range key.FindAllStringSubmatch(strings.ReplaceAll(string(data), "(", " "), -1) {
			name := m[2]
			if m[1] == "N" {
				name += ".many"
			}
			if _, ok := en[name]; !ok && !strings.HasSuffix(name, ".") && !strings.Contains(path, "_test") {
				t.Errorf("%s asks for %q", path, name)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []veille.FetchErrorKind{veille.FetchTimeout, veille.FetchDNS, veille.FetchConnect, veille.FetchTLS, veille.FetchBlocked, veille.FetchBadURL, veille.FetchRobots, veille.FetchRedirect, veille.FetchTooLarge, veille.FetchBomb, veille.FetchEncoding, veille.FetchTruncated, veille.FetchEmpty, veille.FetchNotFound, veille.FetchGone, veille.FetchForbidden, veille.FetchThrottled, veille.FetchServer, veille.FetchStatus, veille.FetchBotWall, veille.FetchNotHTML, veille.FetchBroken, veille.FetchBadFeed} {
		if en["fetch."+string(kind)] == "" {
			t.Errorf("no words for the error %s", kind)
		}
	}
}

func TestPages_SayWhatToDoWhenTheyAreEmpty(t *testing.T) {
	s := newSite(t, access.Policy{})
	s.desk.setup.Watches = nil
	c := s.client(t)
	for path, want := range map[string]string{
		"/":                        "The first polls are on their way",
		"/articles":                "look at the sources",
		"/watches":                 "the YAML to paste",
		"/watches/test?q=x":        "Come back after the first polls",
		"/deliveries?state=dead":   "No dead letters",
		"/deliveries":              "Nothing sent yet",
		"/sources/yonhap%20nk%231": "No article of this source",
	} {
		if body := c.get(path).body; !strings.Contains(body, want) {
			t.Errorf("%s does not say %q", path, want)
		}
	}
	s.archive.sources = []veille.SourceState{{Name: "yonhap nk#1", Error: "x", ErrorKind: veille.FetchDNS}}
	if body := c.get("/").body; !strings.Contains(body, "this silence means nothing") {
		t.Error("a silence of broken sources looks like no news")
	}
}

func TestPages_AnswerWhenTheStoreCannotBeRead(t *testing.T) {
	s := newSite(t, access.Policy{})
	s.archive.fail = errDisk
	for _, path := range []string{"/", "/articles", "/sources", "/deliveries", "/watches/test?q=x"} {
		if got := s.client(t).get(path).StatusCode; got != http.StatusInternalServerError {
			t.Errorf("%s: %d", path, got)
		}
	}
}

// TestPages_LeadThroughEverythingByLinks follows "older" to the end, as somebody
// without scripts does.
func TestPages_LeadThroughEverythingByLinks(t *testing.T) {
	s := newSite(t, access.Policy{})
	now := time.Now().UTC().Truncate(time.Second)
	for i := range 130 {
		at := now.Add(-time.Duration(i/3) * time.Minute) // three of one time
		id := fmt.Sprintf("art_%03d", i)
		s.archive.articles = append(s.archive.articles, veille.Article{ID: id, URL: "https://a.example/" + id, Source: "yonhap nk#1", FirstSeen: at, Snapshot: veille.Snapshot{Title: "Titre"}})
		s.archive.events = append(s.archive.events, veille.Event{ID: "evt_" + id, Type: veille.ArticlePublished, Time: at, Watches: []string{"Nord"}, Article: &veille.EventArticle{ID: id, Title: "Titre"}})
		s.archive.deliveries = append(s.archive.deliveries, veille.Delivery{Seq: uint64(1000 - i), Receiver: "desk", EventID: "evt_" + id, State: veille.DeliverySent, Created: at})
	}
	older := regexp.MustCompile(`<a class="next" href="([^"]+)"`)
	for path, each := range map[string]*regexp.Regexp{
		"/":                      regexp.MustCompile(`data-id="evt_(art_\d+)"`),
		"/articles":              regexp.MustCompile(`class="headline" href="/articles/(art_\d+)"`),
		"/deliveries?state=sent": regexp.MustCompile(`class="headline" href="/articles/(art_\d+)"`),
	} {
		seen, pages := map[string]int{}, 0
		for next := path; next != "" && pages < 20; pages++ {
			answer := s.client(t).get(next)
			for _, m := range each.FindAllStringSubmatch(answer.body, -1) {
				seen[m[1]]++
			}
			next = ""
			if m := older.FindStringSubmatch(answer.body); m != nil {
				next = html.UnescapeString(m[1])
			}
		}
		if len(seen) != 130 || pages < 3 {
			t.Errorf("%s leads to %d of 130 in %d pages", path, len(seen), pages)
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s shows %s %d times", path, id, n)
			}
		}
	}
}

func TestForms_DoWhatTheySay(t *testing.T) {
	s := newSite(t, access.Policy{})
	hostile(s)
	c := s.client(t)
	if a := c.post("/deliveries", "/deliveries/retry", url.Values{"receiver": {"desk"}, "event": {"evt_1"}}); a.Header.Get("Location") != "/deliveries?retried=1" {
		t.Errorf("retry: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a := c.post("/deliveries", "/deliveries/drop", url.Values{"event": {"evt_1"}, "receiver": {"desk"}, "back": {"pending"}}); a.Header.Get("Location") != "/deliveries?dropped=2&state=pending" {
		t.Errorf("drop: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a := c.post("/deliveries", "/deliveries/drop", url.Values{}); a.StatusCode != http.StatusBadRequest {
		t.Errorf("a drop of everything: %d", a.StatusCode)
	}
	if a := c.post("/sources", "/sources/yonhap%20nk%231/poll", url.Values{}); a.Header.Get("Location") != "/sources/yonhap%20nk%231?asked=1" {
		t.Errorf("poll: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a := c.post("/sources", "/sources/other/poll", url.Values{}); a.StatusCode != http.StatusNotFound {
		t.Errorf("a poll of nothing: %d", a.StatusCode)
	}
	if !slices.Equal(s.archive.retried, []string{"desk evt_1"}) || !slices.Equal(s.archive.dropped, []string{"desk evt_1"}) || !slices.Equal(s.archive.polled, []string{"yonhap nk#1"}) {
		t.Errorf("done: %v %v %v", s.archive.retried, s.archive.dropped, s.archive.polled)
	}
}

func TestStories_SayWhereEachWasFirst(t *testing.T) {
	s := newSite(t, access.Policy{})
	now := time.Now().UTC().Add(-time.Hour)
	for i, host := range []string{"b", "a"} { // newest first
		s.archive.articles = append(s.archive.articles, veille.Article{ID: "art_" + host, URL: "https://" + host + ".example/1", Source: "wire " + host,
			FirstSeen: now.Add(-time.Duration(i) * 10 * time.Minute), Snapshot: veille.Snapshot{Title: "Un sommet"}, Story: veille.Story{ID: "sto_1"}})
	}
	c := s.client(t)
	if body := c.get("/stories").body; !strings.Contains(body, "in 2 outlets, first: wire a ") || !strings.Contains(body, `href="/stories/sto_1"`) {
		t.Errorf("the list: %s", body)
	}
	if body := c.get("/stories/sto_1").body; !strings.Contains(body, "10 min later") || !strings.Contains(body, "wire a") {
		t.Errorf("the story: %s", body)
	}
	if got := c.get("/stories/sto_none").StatusCode; got != http.StatusNotFound {
		t.Errorf("no story: %d", got)
	}
}

func TestMutes_AreMadeShownAndLiftedFromTheirPages(t *testing.T) {
	s := newSite(t, access.Policy{})
	c := s.client(t)
	source := url.Values{"source": {"yonhap nk#1"}, "for": {"4h"}, "reason": {" exercice \n annoncé "}}
	if a := c.post("/sources/yonhap%20nk%231", "/mutes", source); a.Header.Get("Location") != "/mutes?done=muted" {
		t.Fatalf("mute: %d %s", a.StatusCode, a.body)
	}
	m := s.archive.mutes[0]
	if m.Source != "yonhap nk#1" || m.Reason != "exercice annoncé" || m.Until.Sub(m.Since) != 4*time.Hour {
		t.Errorf("muted: %+v", m)
	}
	for _, page := range []string{"/mutes", "/sources/yonhap%20nk%231"} {
		if body := c.get(page).body; !strings.Contains(body, "exercice annoncé") || !strings.Contains(body, `action="/mutes/lift"`) {
			t.Errorf("%s does not show the mute", page)
		}
	}
	if body := c.get("/").body; !strings.Contains(body, "1 mute") {
		t.Error("the front page hides that something is muted")
	}
	for _, wrong := range []struct {
		change map[string]string
		want   int
	}{
		{map[string]string{"reason": ""}, 400}, {map[string]string{"for": "ever"}, 400}, {map[string]string{"watch": "Corée du Nord & Russie"}, 400},
		{map[string]string{"source": "none"}, 404}, {map[string]string{"source": "", "watch": "none"}, 404}, {map[string]string{"source": "", "story": "sto_none"}, 404},
		{map[string]string{"reason": strings.Repeat("x", 600)}, 400},
	} {
		form := url.Values{"source": {"yonhap nk#1"}, "for": {"4h"}, "reason": {"why"}}
		for k, v := range wrong.change {
			form.Set(k, v)
		}
		if got := c.post("/watches", "/mutes", form).StatusCode; got != wrong.want {
			t.Errorf("%v: %d, want %d", wrong.change, got, wrong.want)
		}
	}
	if got := c.do("POST", "/mutes/lift", url.Values{"source": {"yonhap nk#1"}}).StatusCode; got != http.StatusForbidden || len(s.archive.mutes) != 1 {
		t.Errorf("a lift without the form's token: %d, %v", got, s.archive.mutes)
	}
	if got := c.post("/mutes", "/mutes/lift", url.Values{}).StatusCode; got != http.StatusBadRequest {
		t.Errorf("a lift of nothing: %d", got)
	}
	if a := c.post("/mutes", "/mutes/lift", url.Values{"source": {"yonhap nk#1"}}); a.Header.Get("Location") != "/mutes?done=lifted" || len(s.archive.mutes) != 0 {
		t.Errorf("lift: %d, %v", a.StatusCode, s.archive.mutes)
	}
}

func TestDeliveries_ReplayWhatAMuteHeldBack(t *testing.T) {
	s := newSite(t, access.Policy{})
	hostile(s)
	s.archive.deliveries[0].State = veille.DeliverySuppressed
	c := s.client(t)
	if body := c.get("/deliveries?state=suppressed&receiver=desk").body; strings.Count(body, `name="state" value="suppressed"`) < 3 || !strings.Contains(body, "Send all of desk") {
		t.Errorf("no way to replay: %s", body)
	}
	c.post("/deliveries", "/deliveries/retry", url.Values{"receiver": {"desk"}, "event": {"evt_1"}, "state": {"suppressed"}, "back": {"suppressed"}})
	if !slices.Equal(s.archive.retried, []string{"desk evt_1 suppressed"}) {
		t.Errorf("replayed: %v", s.archive.retried)
	}
}

func TestAssets_AreKeptForEverUnderTheirHash(t *testing.T) {
	s := newSite(t, access.Policy{})
	c := s.client(t)
	names := regexp.MustCompile(`/static/[a-z]+\.[0-9a-f]{12}\.[a-z]+`).FindAllString(c.get("/").body, -1)
	if len(names) != 3 {
		t.Fatalf("assets: %v", names)
	}
	for _, name := range names {
		answer := c.get(name)
		if answer.StatusCode != http.StatusOK || !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") || answer.body == "" {
			t.Errorf("%s: %d %v", name, answer.StatusCode, answer.Header)
		}
	}
}
