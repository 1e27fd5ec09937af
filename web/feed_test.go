package web_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"veille/web/access"
)

const feedName = "/feeds/Cor%C3%A9e%20du%20Nord%20&%20Russie"

// The must-haves of RFC 4287, section 4.1: an id, a title and an updated time
// for the feed and each entry, an author, and an alternate link or content.
func TestAtom_HoldsWhatRFC4287AsksFor(t *testing.T) {
	s := newSite(t, access.Policy{})
	for _, empty := range []bool{true, false} {
		if !empty {
			hostile(s)
		}
		answer := s.client(t).get(feedName + ".atom")
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" {
			t.Fatalf("%d %v", answer.StatusCode, answer.Header)
		}
		type link struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		}
		type item struct {
			ID      []string `xml:"http://www.w3.org/2005/Atom id"`
			Title   []string `xml:"http://www.w3.org/2005/Atom title"`
			Updated []string `xml:"http://www.w3.org/2005/Atom updated"`
			Author  []string `xml:"http://www.w3.org/2005/Atom author>name"`
			Summary []string `xml:"http://www.w3.org/2005/Atom summary"`
			Links   []link   `xml:"http://www.w3.org/2005/Atom link"`
		}
		var feed struct {
			XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
			item
			Entries []item `xml:"http://www.w3.org/2005/Atom entry"`
		}
		decoder := xml.NewDecoder(strings.NewReader(answer.body))
		decoder.Strict = true
		if err := decoder.Decode(&feed); err != nil {
			t.Fatalf("%v in %s", err, answer.body)
		}
		check := func(what string, x item) {
			if len(x.ID) != 1 || len(x.Title) != 1 || len(x.Updated) != 1 || x.Title[0] == "" {
				t.Errorf("%s: %+v", what, x)
				return
			}
			if u, err := url.Parse(x.ID[0]); err != nil || !u.IsAbs() {
				t.Errorf("%s: id %q is no IRI", what, x.ID[0])
			}
			if _, err := time.Parse(time.RFC3339, x.Updated[0]); err != nil {
				t.Errorf("%s: updated %q", what, x.Updated[0])
			}
			if len(x.Links) == 0 {
				t.Errorf("%s: no link", what)
			}
		}
		check("feed", feed.item)
		if len(feed.Author) != 1 {
			t.Errorf("authors of the feed: %v", feed.Author)
		}
		if empty && len(feed.Entries) != 0 || !empty && len(feed.Entries) != 1 {
			t.Fatalf("%d entries", len(feed.Entries))
		}
		for _, e := range feed.Entries {
			check("entry", e)
			for _, l := range e.Links {
				if !strings.HasPrefix(l.Href, "http") {
					t.Errorf("a link to %q", l.Href)
				}
			}
			if !strings.Contains(e.Title[0], "<script>") || strings.Contains(answer.body, "<script>") || len(e.Summary) != 1 {
				t.Errorf("the title is not text: %s", answer.body)
			}
		}
	}
}

// The must-haves of JSON Feed 1.1: version and title; id and content of each item.
func TestJSONFeed_HoldsWhatItsVersionAsksFor(t *testing.T) {
	s := newSite(t, access.Policy{})
	hostile(s)
	answer := s.client(t).get(feedName + ".json")
	var feed struct {
		Version, Title string
		FeedURL        string `json:"feed_url"`
		Items          []struct {
			ID      string
			Content string `json:"content_text"`
			Title   string
		}
	}
	if err := json.Unmarshal([]byte(answer.body), &feed); err != nil {
		t.Fatal(err)
	}
	if feed.Version != "https://jsonfeed.org/version/1.1" || feed.Title == "" || len(feed.Items) != 1 || feed.Items[0].ID == "" || feed.Items[0].Content == "" ||
		answer.Header.Get("Content-Type") != "application/feed+json; charset=utf-8" || feed.FeedURL != s.URL+"/feeds/Cor%C3%A9e%20du%20Nord%20&%20Russie.json" {
		t.Errorf("%+v", feed)
	}
}

func TestFeeds_AnswerConditionalRequests(t *testing.T) {
	s := newSite(t, access.Policy{})
	hostile(s)
	for _, ext := range []string{".atom", ".json"} {
		c := s.client(t)
		first := c.get(feedName + ext)
		tag := first.Header.Get("ETag")
		c.header.Set("If-None-Match", tag)
		if again := c.get(feedName + ext); tag == "" || again.StatusCode != http.StatusNotModified || again.body != "" {
			t.Errorf("%s: %d with tag %q", ext, again.StatusCode, tag)
		}
		s.archive.events = s.archive.events[:0:0]
		if again := c.get(feedName + ext); again.StatusCode != http.StatusOK {
			t.Errorf("%s after a change: %d", ext, again.StatusCode)
		}
		hostile(s)
	}
	for _, path := range []string{"/feeds/none.atom", feedName, feedName + ".rss", "/feeds/.atom"} {
		if got := s.client(t).get(path).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: %d", path, got)
		}
	}
}
