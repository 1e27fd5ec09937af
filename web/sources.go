package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"veille"
)

// sourcesView is the sources in force, those in trouble first.
type sourcesView struct {
	*frame
	Rows  []sourceRow
	Asked string
}

type sourceRow struct {
	Source veille.Source
	State  veille.SourceState
	// Level is "well", "failing", "quiet" or "new": never read yet.
	Level string
	// Weekly is how many polls with something new a week usually brings; 0 where
	// less than a week was learned from.
	Weekly int
	Chart  bars
}

// inForce joins the states to the sources of the configuration.
func (s *Server) inForce(states []veille.SourceState, setup Setup) []sourceRow {
	byName := map[string]veille.SourceState{}
	for _, x := range states {
		byName[x.Name] = x
	}
	rows := make([]sourceRow, len(setup.Sources))
	for i, x := range setup.Sources {
		state := byName[x.Name]
		rows[i] = sourceRow{Source: x, State: state, Level: "well"}
		switch {
		case state.Error != "" || state.Health.Episode.Type == veille.SourceFailing:
			rows[i].Level = "failing"
		case state.Health.Episode.Type == veille.SourceQuiet:
			rows[i].Level = "quiet"
		case state.LastSuccess.IsZero():
			rows[i].Level = "new"
		}
		if state.Health.Rhythm.Hours >= veille.HoursOfWeek {
			hundredths := 0
			for _, rate := range state.Health.Rhythm.Rates {
				hundredths += int(rate)
			}
			rows[i].Weekly = (hundredths + 50) / 100
		}
	}
	return rows
}

func (s *Server) sources(w http.ResponseWriter, r *http.Request) {
	states, err := s.Reader.Sources(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	view := sourcesView{frame: s.frame(r, "sources", "sources.title"), Asked: r.URL.Query().Get("asked")}
	view.Rows = s.inForce(states, s.Desk.Setup())
	for i := range view.Rows {
		daily, _ := s.Tally.Source(view.Rows[i].Source.Name, view.at, view.zone)
		view.Rows[i].Chart = view.bars(daily, "chart.articles")
	}
	slices.SortStableFunc(view.Rows, func(a, b sourceRow) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Source.Name, b.Source.Name))
	})
	s.render(w, http.StatusOK, "sources", view)
}

func rank(r sourceRow) int {
	switch r.Level {
	case "failing":
		return 0
	case "quiet":
		return 1
	}
	return 2
}

// sourceView is one source: its rhythm, its last error and its newest articles.
type sourceView struct {
	*frame
	sourceRow
	Rhythm   rhythm
	Articles []veille.Article
	Asked    bool
	Mute     muteView
}

func (s *Server) source(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	states, err := s.Reader.Sources(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	rows := s.inForce(states, s.Desk.Setup())
	i := slices.IndexFunc(rows, func(x sourceRow) bool { return x.Source.Name == name })
	if i < 0 {
		s.refusePerson(w, r, http.StatusNotFound, "")
		return
	}
	view := sourceView{frame: s.frame(r, "sources", "sources.title"), sourceRow: rows[i], Asked: r.URL.Query().Get("asked") != ""}
	view.Title = name
	daily, week := s.Tally.Source(name, view.at, view.zone)
	view.Chart = view.bars(daily, "chart.articles")
	names := strings.Fields(view.T("time.weekdays"))
	view.Rhythm = newRhythm(week, append(names[1:7:7], names[0]), view.T("sources.rhythm"))
	view.Articles, err = s.Reader.Articles(r.Context(), veille.ArticleFilter{Source: name, Page: veille.Page{Limit: 10},
		Since: view.at.AddDate(0, 0, -TallyDays)})
	if err != nil {
		s.broken(w, r, err)
		return
	}
	if view.Mute, err = s.muteFor(r.Context(), view.frame, veille.Mute{Source: name}); err != nil {
		s.broken(w, r, err)
		return
	}
	s.render(w, http.StatusOK, "source", view)
}

func (s *Server) pollNow(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if !s.hasSource(name) {
		s.refusePerson(w, r, http.StatusNotFound, "")
		return
	}
	s.Desk.PollNow(name)
	s.Log.Info("poll asked for", "source", name)
	http.Redirect(w, r, "/sources/"+url.PathEscape(name)+"?asked=1", http.StatusSeeOther)
}

func (s *Server) hasSource(name string) bool {
	return slices.ContainsFunc(s.Desk.Setup().Sources, func(x veille.Source) bool { return x.Name == name })
}

// ErrorHelp says in words what a kind of error means and what to do.
func (f *frame) ErrorHelp(kind veille.FetchErrorKind) string {
	if text, ok := f.words["fetch."+string(kind)]; ok {
		return text
	}
	return f.T("fetch.other")
}
