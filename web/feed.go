package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"veille"
)

// feedEntries is how many alerts a feed holds.
const feedEntries = 50

func feedPath(watch string) string { return "/feeds/" + url.PathEscape(watch) + ".atom" }

// feed serves the newest alerts of a watch as Atom (RFC 4287) or as a JSON
// feed (jsonfeed.org, version 1.1), so that a feed reader is a receiver.
func (s *Server) feed(w http.ResponseWriter, r *http.Request) {
	watch, isAtom := strings.CutSuffix(r.PathValue("file"), ".atom")
	watch, isJSON := strings.CutSuffix(watch, ".json")
	known := slices.ContainsFunc(s.Desk.Setup().Watches, func(x veille.Watch) bool { return x.Name == watch })
	if isAtom == isJSON || !known {
		problem(w, http.StatusNotFound, "no such feed: /feeds/WATCH.atom and /feeds/WATCH.json are, for each watch of the configuration")
		return
	}
	events, err := s.Reader.Events(r.Context(), veille.EventFilter{Watch: watch, Page: veille.Page{Limit: feedEntries}})
	if err != nil {
		answer(w, nil, err)
		return
	}
	base := s.baseURL(r)
	var body []byte
	kind := "application/atom+xml; charset=utf-8"
	if isAtom {
		body, err = atom(base, watch, events)
	} else {
		kind = "application/feed+json; charset=utf-8"
		body, err = jsonFeed(base, watch, events)
	}
	if err != nil {
		answer(w, nil, err)
		return
	}
	sum := sha256.Sum256(body)
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	var newest time.Time
	if len(events) > 0 {
		newest = events[0].Time
	}
	http.ServeContent(w, r, "", newest, strings.NewReader(string(body)))
}

// baseURL is how the asker reaches this server.
func (s *Server) baseURL(r *http.Request) string {
	scheme := "http"
	if s.Guard.Secure(r) {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomPerson  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomEntry struct {
	ID        string         `xml:"id"`
	Title     string         `xml:"title"`
	Updated   string         `xml:"updated"`
	Published string         `xml:"published,omitempty"`
	Authors   []atomPerson   `xml:"author"`
	Links     []atomLink     `xml:"link"`
	Category  []atomCategory `xml:"category"`
	Summary   string         `xml:"summary,omitempty"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

func atom(base, watch string, events []veille.Event) ([]byte, error) {
	self := base + feedPath(watch)
	f := atomFeed{
		// A name of its own: the address may change, the feed does not.
		ID: "urn:veille:watch:" + url.PathEscape(watch), Title: xmlText("Veille: " + watch),
		Updated: time.Unix(0, 0).UTC().Format(time.RFC3339), Author: atomPerson{"Veille"},
		Links: []atomLink{{"self", self, "application/atom+xml"}, {"alternate", base + "/?watch=" + url.QueryEscape(watch), "text/html"}},
	}
	if len(events) > 0 {
		f.Updated = events[0].Time.UTC().Format(time.RFC3339)
	}
	for _, e := range events {
		x := atomEntry{ID: "urn:veille:event:" + e.ID, Title: xmlText(entryTitle(e)), Updated: e.Time.UTC().Format(time.RFC3339),
			Summary: xmlText(entryText(e)), Category: []atomCategory{{string(e.Type)}}}
		if a := e.Article; a != nil {
			page := base + "/articles/" + url.PathEscape(a.ID)
			if outside := webURL(a.URL); outside != "" {
				x.Links = append(x.Links, atomLink{Rel: "alternate", Href: outside}, atomLink{"related", page, "text/html"})
			} else {
				x.Links = append(x.Links, atomLink{"alternate", page, "text/html"})
			}
			if a.Published != nil {
				x.Published = a.Published.Format(time.RFC3339)
			}
			for _, name := range a.Authors {
				x.Authors = append(x.Authors, atomPerson{xmlText(name)})
			}
		} else {
			x.Links = append(x.Links, atomLink{"alternate", base + "/", "text/html"})
		}
		f.Entries = append(f.Entries, x)
	}
	body, err := xml.MarshalIndent(f, "", " ")
	return append([]byte(xml.Header), body...), err
}

type jsonFeedDoc struct {
	Version string         `json:"version"`
	Title   string         `json:"title"`
	Home    string         `json:"home_page_url"`
	Feed    string         `json:"feed_url"`
	Items   []jsonFeedItem `json:"items"`
}

type jsonFeedItem struct {
	ID        string           `json:"id"`
	URL       string           `json:"url,omitempty"`
	Title     string           `json:"title"`
	Text      string           `json:"content_text"`
	Published string           `json:"date_published,omitempty"`
	Modified  string           `json:"date_modified"`
	Authors   []jsonFeedAuthor `json:"authors,omitempty"`
	Tags      []string         `json:"tags"`
	Language  *string          `json:"language,omitempty"`
	// Event is the alert as webhooks get it; the underscore marks an extension.
	Event veille.Event `json:"_veille"`
}

type jsonFeedAuthor struct {
	Name string `json:"name"`
}

func jsonFeed(base, watch string, events []veille.Event) ([]byte, error) {
	f := jsonFeedDoc{
		Version: "https://jsonfeed.org/version/1.1", Title: "Veille: " + watch,
		Home: base + "/?watch=" + url.QueryEscape(watch), Feed: base + "/feeds/" + url.PathEscape(watch) + ".json",
		Items: []jsonFeedItem{},
	}
	for _, e := range events {
		x := jsonFeedItem{ID: e.ID, Title: entryTitle(e), Text: entryText(e), Modified: e.Time.UTC().Format(time.RFC3339),
			Tags: append([]string{string(e.Type)}, e.Watches...), Event: e}
		if a := e.Article; a != nil {
			x.URL, x.Language = webURL(a.URL), a.Language
			if a.Published != nil {
				x.Published = a.Published.Format(time.RFC3339)
			}
			for _, name := range a.Authors {
				x.Authors = append(x.Authors, jsonFeedAuthor{name})
			}
		}
		f.Items = append(f.Items, x)
	}
	return json.MarshalIndent(f, "", " ")
}

// entryTitle is never empty: RFC 4287 asks for a title, and readers show it.
func entryTitle(e veille.Event) string {
	title := string(e.Type)
	if e.Article != nil && e.Article.Title != "" {
		title = e.Article.Title
	} else if e.Message != "" {
		title, _, _ = strings.Cut(e.Message, "\n")
	}
	switch e.Type {
	case veille.ArticleEdited:
		return "Edited: " + title
	case veille.ArticleWithdrawn:
		return "Withdrawn: " + title
	}
	return title
}

// entryText is why the alert came, in plain text.
func entryText(e veille.Event) string {
	var parts []string
	for _, m := range e.Matches {
		if m.Excerpt != "" {
			parts = append(parts, m.Excerpt)
		}
	}
	if e.Revision != nil && e.Revision.Change != nil && e.Revision.Change.Diff != "" {
		parts = append(parts, e.Revision.Change.Diff)
	}
	if len(parts) == 0 && e.Article != nil && e.Article.Summary != nil {
		parts = append(parts, *e.Article.Summary)
	}
	if len(parts) == 0 && e.Message != "" {
		parts = append(parts, e.Message)
	}
	if len(parts) == 0 {
		parts = append(parts, entryTitle(e))
	}
	return strings.Join(parts, "\n\n")
}

// webURL lets only addresses of the web into a feed: a reader might follow
// others.
func webURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return xmlText(address)
}

// xmlText leaves out the characters that no XML 1.0 document may hold.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD && r != utf8.RuneError, r >= 0x10000 && r <= 0x10FFFF:
			return r
		}
		return -1
	}, s)
}
