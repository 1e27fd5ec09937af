// Package story tells which articles are one story. It is pure: it is given
// the articles that may be copies and answers with the story they form. Today
// a copy is a copy of the whole text; near copies enter here later.
package story

import (
	"net/url"
	"strings"
	"time"

	"veille"
)

const (
	// Window is how long after a copy another one still joins its story.
	Window = 72 * time.Hour
	// LeastWords is how long a text must be for its copies to be one story:
	// two short texts may be alike by chance.
	LeastWords = 40
)

// Grouping is the story of an article and what is known of it already.
type Grouping struct {
	Story veille.Story
	// Alerted names the watches that were told of the story by another copy.
	Alerted map[string]bool
}

// Place finds the story of a new article of so many words, among the articles
// that carry the same text, earliest first. Without a copy in the window the
// article begins a story of its own.
func Place(article veille.Article, words int, same []veille.Article) Grouping {
	own := Grouping{Story: veille.Story{ID: veille.StoryID(article.ID), Outlets: 1, First: article.URL}}
	if words < LeastWords {
		return own
	}
	var g Grouping
	outlets := map[string]bool{Outlet(article.URL): true}
	for _, copied := range same {
		if copied.ID == article.ID || article.FirstSeen.Sub(copied.FirstSeen) > Window {
			continue
		}
		if g.Alerted == nil {
			g = Grouping{Story: copied.Story, Alerted: map[string]bool{}}
		}
		if copied.Story.ID != g.Story.ID {
			continue
		}
		outlets[Outlet(copied.URL)] = true
		for _, watch := range copied.Alerted {
			g.Alerted[watch] = true
		}
	}
	if g.Alerted == nil {
		return own
	}
	g.Story.Outlets = max(len(outlets), g.Story.Outlets)
	return g
}

// Outlet names the site that a URL belongs to: its host without "www.".
func Outlet(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
