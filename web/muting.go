package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"veille"
)

// muteView is what a page shows of the mute of its subject: the one in force,
// or a form that makes one.
type muteView struct {
	*frame
	Subject veille.Mute
	// Current is nil where the subject is not muted.
	Current *veille.Mute
	// Spans are how long a mute may last.
	Spans []muteSpan
}

// muteSpan is a choice of the form.
type muteSpan struct {
	Value string
	lasts time.Duration
}

// muteSpans are the choices; the command line takes any end.
func muteSpans() []muteSpan {
	return []muteSpan{{"1h", time.Hour}, {"4h", 4 * time.Hour}, {"12h", 12 * time.Hour}, {"1d", 24 * time.Hour}, {"3d", 72 * time.Hour}, {"7d", 7 * 24 * time.Hour}}
}

// longestReason bounds what a form may say, in bytes.
const longestReason = 500

// mutesInForce returns the mutes that have not ended.
func (s *Server) mutesInForce(ctx context.Context, now time.Time) ([]veille.Mute, error) {
	all, err := s.Reader.Mutes(ctx)
	var out []veille.Mute
	for _, m := range all {
		if m.Until.After(now) {
			out = append(out, m)
		}
	}
	return out, err
}

// muteFor returns the mute of a subject.
func (s *Server) muteFor(ctx context.Context, f *frame, subject veille.Mute) (muteView, error) {
	mutes, err := s.mutesInForce(ctx, f.at)
	return muteAmong(f, mutes, subject), err
}

func muteAmong(f *frame, mutes []veille.Mute, subject veille.Mute) muteView {
	v := muteView{frame: f, Subject: subject, Spans: muteSpans()}
	for _, m := range mutes {
		if m.Subject() == subject.Subject() {
			v.Current = &m
		}
	}
	return v
}

// Name is the subject without its kind.
func (v muteView) Name() string { return v.Subject.Watch + v.Subject.Source + v.Subject.Story }

// Kind is "watch", "source" or "story".
func (v muteView) Kind() string {
	kind, _, _ := strings.Cut(v.Subject.Subject(), " ")
	return kind
}

// mutesView lists what is silenced.
type mutesView struct {
	*frame
	Rows []muteView
	Done string
}

func (s *Server) mutes(w http.ResponseWriter, r *http.Request) {
	view := mutesView{frame: s.frame(r, "deliveries", "mutes.title")}
	switch r.URL.Query().Get("done") {
	case "muted":
		view.Done = view.T("mutes.done")
	case "lifted":
		view.Done = view.T("mutes.lifted")
	}
	mutes, err := s.mutesInForce(r.Context(), view.at)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	for _, m := range mutes {
		view.Rows = append(view.Rows, muteAmong(view.frame, mutes, veille.Mute{Watch: m.Watch, Source: m.Source, Story: m.Story}))
	}
	s.render(w, http.StatusOK, "mutes", view)
}

// muteForm reads the subject of a form.
func muteForm(r *http.Request) veille.Mute {
	return veille.Mute{Watch: r.PostFormValue("watch"), Source: r.PostFormValue("source"), Story: r.PostFormValue("story")}
}

func (s *Server) mute(w http.ResponseWriter, r *http.Request) {
	m := muteForm(r)
	m.Since = time.Now().UTC().Truncate(time.Second)
	m.Reason = strings.Join(strings.Fields(r.PostFormValue("reason")), " ")
	for _, span := range muteSpans() {
		if span.Value == r.PostFormValue("for") {
			m.Until = m.Since.Add(span.lasts)
		}
	}
	if m.Problem() != nil || len(m.Reason) > longestReason {
		s.refusePerson(w, r, http.StatusBadRequest, "")
		return
	}
	known, err := s.knows(r.Context(), m)
	if err == nil && !known {
		s.refusePerson(w, r, http.StatusNotFound, "")
		return
	}
	if err == nil {
		err = s.Operator.Mute(r.Context(), m)
	}
	if err != nil {
		s.broken(w, r, err)
		return
	}
	s.Log.Info("muted", "by", frameName(r), "what", m.Subject(), "until", m.Until, "reason", m.Reason)
	http.Redirect(w, r, "/mutes?done=muted", http.StatusSeeOther)
}

// knows reports whether there is what a mute would silence.
func (s *Server) knows(ctx context.Context, m veille.Mute) (bool, error) {
	switch {
	case m.Watch != "":
		return s.hasWatch(m.Watch), nil
	case m.Source != "":
		return s.hasSource(m.Source), nil
	}
	members, err := s.members(ctx, m.Story)
	return len(members) > 0, err
}

func (s *Server) lift(w http.ResponseWriter, r *http.Request) {
	m := muteForm(r)
	whole := m
	whole.Until, whole.Reason = time.Now(), "lifted"
	if whole.Problem() != nil {
		s.refusePerson(w, r, http.StatusBadRequest, "")
		return
	}
	err := s.Operator.Lift(r.Context(), m)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		s.broken(w, r, err)
		return
	}
	s.Log.Info("mute lifted", "by", frameName(r), "what", m.Subject())
	http.Redirect(w, r, "/mutes?done=lifted", http.StatusSeeOther)
}
