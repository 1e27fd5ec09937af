package web

import (
	"context"
	"net/http"
	"time"

	"veille"
)

// nowPage is how many alerts a page holds.
const nowPage = 30

// nowView is the page of the alerts as they come.
type nowView struct {
	*frame
	Days    []day
	Next    string
	First   bool // the newest page, which grows by itself
	Watch   string
	Watches []string
	// What follows says that the silence is no fault.
	Sources, Failing, Quiet int
	LastRead                time.Time
	Articles, Alerts        int
	SetUp                   bool
	Muted                   int
}

// day is the alerts of one day of the reader's.
type day struct {
	Name  string
	Cards []card
}

// card is one event as pages show it.
type card struct {
	*frame
	veille.Event
	// Level is "published", "edited", "withdrawn" or "notice".
	Level   string
	Excerpt []segment
	Diff    []segment
	// Copies counts the articles that carry the story by now, Outlets their sites.
	Copies, Outlets int
}

func (s *Server) card(ctx context.Context, f *frame, e veille.Event) card {
	c := card{frame: f, Event: e, Level: "notice"}
	if e.Story != nil {
		if members, err := s.members(ctx, e.Story.ID); err == nil {
			c.Copies, c.Outlets = len(members), veille.Outlets(members)
		}
	}
	switch e.Type {
	case veille.ArticlePublished:
		c.Level = "published"
	case veille.ArticleEdited:
		c.Level = "edited"
	case veille.ArticleWithdrawn:
		c.Level = "withdrawn"
	}
	if len(e.Matches) > 0 {
		c.Excerpt = marked(e.Matches[0])
	}
	if e.Revision != nil && e.Revision.Change != nil {
		c.Diff = clip(diffed(*e.Revision.Change), 600)
	}
	return c
}

// clip bounds the length of segments, in bytes about.
func clip(s []segment, limit int) []segment {
	for i, x := range s {
		if limit -= len(x.Text); limit < 0 {
			return append(s[:i:i], segment{" …", ""})
		}
	}
	return s
}

func (s *Server) now(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	from, err := parseCursor(q.Get("from"))
	if err != nil {
		s.refusePerson(w, r, http.StatusBadRequest, err.Error())
		return
	}
	view := nowView{frame: s.frame(r, "now", "now.title"), Watch: q.Get("watch"), First: from.at.IsZero()}
	events, next, err := paged(r.Context(), from, nowPage, func(ctx context.Context, p veille.Page) ([]veille.Event, error) {
		return s.Reader.Events(ctx, veille.EventFilter{Page: p, Watch: view.Watch})
	}, func(e veille.Event) time.Time { return e.Time })
	if err != nil {
		s.broken(w, r, err)
		return
	}
	view.Next = next
	for _, e := range events {
		name := view.Heading(e.Time)
		if len(view.Days) == 0 || view.Days[len(view.Days)-1].Name != name {
			view.Days = append(view.Days, day{Name: name})
		}
		last := &view.Days[len(view.Days)-1]
		last.Cards = append(last.Cards, s.card(r.Context(), view.frame, e))
	}
	setup := s.Desk.Setup()
	for _, x := range setup.Watches {
		view.Watches = append(view.Watches, x.Name)
	}
	view.SetUp = len(setup.Files) > 0
	view.Sources = len(setup.Sources)
	states, err := s.Reader.Sources(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	for _, x := range s.inForce(states, setup) {
		switch x.Level {
		case "failing":
			view.Failing++
		case "quiet":
			view.Quiet++
		}
		if x.State.LastSuccess.After(view.LastRead) {
			view.LastRead = x.State.LastSuccess
		}
	}
	mutes, err := s.mutesInForce(r.Context(), view.at)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	view.Muted = len(mutes)
	view.Articles, view.Alerts = s.Tally.Totals(view.at)
	s.render(w, http.StatusOK, "now", view)
}
