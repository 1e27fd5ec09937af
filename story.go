package veille

import (
	"net/url"
	"strings"
	"time"
)

// Story groups the articles that are near copies of one text.
type Story struct {
	ID string `json:"id"`
	// Outlets counts the sites that carried the story when this was written.
	Outlets int `json:"outlets"`
	// First is the URL of the earliest article, FirstSource the source that
	// showed it, FirstSeen when.
	First       string    `json:"first"`
	FirstSource string    `json:"first_source,omitempty"`
	FirstSeen   time.Time `json:"first_seen,omitzero"`
	// Kind says what this article is to the one that it is most like, Of: a
	// copy, an excerpt, or an update with something new. Score is their
	// likeness, 0 to 1: the part of the shorter text's four-word runs that the
	// other one has. All three are empty for the first article of a story.
	Kind  StoryKind `json:"kind,omitempty"`
	Of    string    `json:"of,omitempty"`
	Score float64   `json:"score,omitempty"`
}

// StoryKind says how an article stands to another one of its story.
type StoryKind string

// The kinds of near copy.
const (
	// StoryCopy says the same.
	StoryCopy StoryKind = "copy"
	// StoryExcerpt says a part of it.
	StoryExcerpt StoryKind = "excerpt"
	// StoryUpdate says much of it, and something new: it is no repetition.
	StoryUpdate StoryKind = "update"
)

// Member is an article as its story lists it.
type Member struct {
	Article   string    `json:"article"`
	URL       string    `json:"url"`
	Title     string    `json:"title"`
	Source    string    `json:"source"`
	FirstSeen time.Time `json:"first_seen"`
	Kind      StoryKind `json:"kind,omitempty"`
	Of        string    `json:"of,omitempty"`
	Score     float64   `json:"score,omitempty"`
	// Revision numbers the member's newest revision; 0 where that was not noted.
	Revision int `json:"revision,omitempty"`
	// Alerted names the watches that heard of this member (see Article.Heard).
	Alerted []string `json:"alerted,omitempty"`
}

// StorySummary is a story with its members, earliest first.
type StorySummary struct {
	ID      string   `json:"id"`
	Outlets int      `json:"outlets"`
	Members []Member `json:"members"`
}

// Outlet names the site that a URL belongs to: its host without "www.".
func Outlet(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// Outlets counts the sites of a story's members.
func Outlets(members []Member) int {
	sites := map[string]bool{}
	for _, m := range members {
		sites[Outlet(m.URL)] = true
	}
	return len(sites)
}

// StoryID derives the identity of a story from its first article's ID.
func StoryID(articleID string) string { return deriveID("sto_", articleID) }
