package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"veille"
)

// storiesView lists what several outlets carry.
type storiesView struct {
	*frame
	Rows []veille.StorySummary
	Next string
}

func (s *Server) stories(w http.ResponseWriter, r *http.Request) {
	from, err := parseCursor(r.URL.Query().Get("from"))
	if err != nil {
		s.refusePerson(w, r, http.StatusBadRequest, err.Error())
		return
	}
	view := storiesView{frame: s.frame(r, "articles", "stories.title")}
	view.Rows, view.Next, err = paged(r.Context(), from, 30, func(ctx context.Context, p veille.Page) ([]veille.StorySummary, error) {
		return s.Reader.Stories(ctx, veille.StoryFilter{Page: p})
	}, newest)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	s.render(w, http.StatusOK, "stories", view)
}

// newest is when the newest member of a story was first seen.
func newest(s veille.StorySummary) time.Time { return s.Members[len(s.Members)-1].FirstSeen }

// storyView is the articles that carry one text.
type storyView struct {
	*frame
	ID      string
	Members []storyMember
	Outlets int
	Told    []card
	Mute    muteView
}

type storyMember struct {
	veille.Member
	// After is how long after the first one.
	After string
	// Same says that this is less than a second.
	Same bool
}

// members returns the members of a story, none where it is not kept.
func (s *Server) members(ctx context.Context, id string) ([]veille.Member, error) {
	if id == "" {
		return nil, nil
	}
	members, err := s.Reader.Story(ctx, id)
	if errors.Is(err, veille.ErrNotFound) {
		return nil, nil
	}
	return members, err
}

func (s *Server) story(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PathValue("id")
	members, err := s.members(ctx, id)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	if len(members) == 0 {
		s.refusePerson(w, r, http.StatusNotFound, "")
		return
	}
	view := storyView{frame: s.frame(r, "articles", "story.title"), ID: id, Outlets: veille.Outlets(members)}
	view.Title = members[0].Title
	for i, m := range members {
		x := storyMember{Member: m}
		if i > 0 {
			after := m.FirstSeen.Sub(members[0].FirstSeen)
			x.After, x.Same = view.Span(after), after < time.Second
		}
		view.Members = append(view.Members, x)
		if len(m.Alerted) == 0 {
			continue
		}
		e, err := s.Reader.Event(ctx, veille.EventID(m.Article, veille.ArticlePublished, 1))
		if err != nil && !errors.Is(err, veille.ErrNotFound) {
			s.broken(w, r, err)
			return
		}
		if err == nil {
			view.Told = append(view.Told, s.card(ctx, view.frame, e))
		}
	}
	if view.Mute, err = s.muteFor(ctx, view.frame, veille.Mute{Story: id}); err != nil {
		s.broken(w, r, err)
		return
	}
	s.render(w, http.StatusOK, "story", view)
}
