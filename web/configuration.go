package web

import (
	"net/http"
	"slices"
	"strings"

	"veille/web/access"
)

// configurationView is what is in force, and what was refused.
type configurationView struct {
	*frame
	Setup    Setup
	Concepts []concept
}

type concept struct {
	Name  string
	Words []string
}

func (s *Server) configuration(w http.ResponseWriter, r *http.Request) {
	view := configurationView{frame: s.frame(r, "configuration", "configuration.title"), Setup: s.Desk.Setup()}
	for name, words := range view.Setup.Concepts {
		view.Concepts = append(view.Concepts, concept{name, words})
	}
	slices.SortFunc(view.Concepts, func(a, b concept) int { return strings.Compare(a.Name, b.Name) })
	s.render(w, http.StatusOK, "configuration", view)
}

// frameName is who asks, for the log.
func frameName(r *http.Request) string { return access.FromContext(r.Context()).Name }
