package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"veille"
)

// Life is the life of an article or an address: each stage that it passed, and
// the one at which it stopped.
type Life struct {
	URL     string `json:"url"`
	Article string `json:"article_id,omitempty"`
	Title   string `json:"title,omitempty"`
	// Stage is one word for where it stands, Because says it in a sentence.
	Stage   string `json:"stage"`
	Because string `json:"because"`
	// Steps are what happened, in order.
	Steps      []LifeStep    `json:"steps"`
	Watches    []LifeVerdict `json:"watches,omitempty"`
	Deliveries []LifeAlert   `json:"deliveries,omitempty"`
	// MayLook says that a look at the sources of the host would tell more.
	MayLook bool `json:"-"`
}

// LifeStep is one thing that happened; At is zero where nobody knows when.
type LifeStep struct {
	At   time.Time `json:"at,omitzero"`
	Name string    `json:"step"`
	Text string    `json:"text"`
}

// LifeVerdict is what one watch makes of an article.
type LifeVerdict struct {
	Watch string `json:"watch"`
	// Result is one word: "told" is the only one that alerted, "no_match" says
	// that the words do not match.
	Result string `json:"result"`
	Why    string `json:"why"`
	// Match is nil where the words do not match, Miss where they do.
	Match *veille.Match `json:"match,omitempty"`
	Miss  *veille.Miss  `json:"miss,omitempty"`
}

// LifeAlert is a delivery with its log.
type LifeAlert struct {
	veille.Delivery
	Tries []veille.Attempt `json:"tries,omitempty"`
}

// Told reports whether the watch alerted.
func (v LifeVerdict) Told() bool { return v.Result == "told" }

// Words are the words that matched, each once.
func (v LifeVerdict) Words() []string {
	var out []string
	if v.Match != nil {
		for _, t := range v.Match.Terms {
			if !slices.Contains(out, t.Text) {
				out = append(out, t.Text)
			}
		}
	}
	return out
}

// matches are those of the watches whose words match.
func (l Life) matches() []veille.Match {
	var out []veille.Match
	for _, v := range l.Watches {
		if v.Match != nil {
			out = append(out, *v.Match)
		}
	}
	return out
}

// lifeView is the life as pages show it.
type lifeView struct {
	*frame
	Life
	// One says that a single watch was asked about, and Near shows where the
	// article has its other clauses.
	One  bool
	Near [][]segment
}

// whyView asks about an article or an address.
type whyView struct {
	*frame
	Of, Watch string
	Watches   []string
	Wrong     bool
	Life      *lifeView
}

func (s *Server) why(w http.ResponseWriter, r *http.Request) { s.ask(w, r, s.Chronicle.Life) }

// look asks again, and looks at what the sources list now. It answers with a
// page of its own: what it saw is stored nowhere.
func (s *Server) look(w http.ResponseWriter, r *http.Request) { s.ask(w, r, s.Chronicle.Look) }

// asked tells the life of what is asked about.
type asked func(ctx context.Context, of, watch, language string) (Life, error)

func (s *Server) ask(w http.ResponseWriter, r *http.Request, tell asked) {
	view := whyView{frame: s.frame(r, "articles", "life.ask.title"), Of: strings.TrimSpace(r.FormValue("of")), Watch: r.FormValue("watch")}
	view.Path = "/why?" + url.Values{"of": {view.Of}, "watch": {view.Watch}}.Encode()
	for _, x := range s.Desk.Setup().Watches {
		view.Watches = append(view.Watches, x.Name)
	}
	if view.Of == "" {
		s.render(w, http.StatusOK, "why", view)
		return
	}
	life, err := s.life(r, view.Lang, tell)
	if errors.Is(err, errBadRequest) {
		view.Wrong = true
		s.render(w, http.StatusBadRequest, "why", view)
		return
	}
	if errors.Is(err, veille.ErrNotFound) {
		s.refusePerson(w, r, http.StatusNotFound, "")
		return
	}
	if err != nil {
		s.broken(w, r, err)
		return
	}
	view.Life = &lifeView{frame: view.frame, Life: life, One: view.Watch != ""}
	if view.Life.One && life.Article != "" && len(life.Watches) == 1 {
		if err := s.near(r, view.Life); err != nil {
			s.broken(w, r, err)
			return
		}
	}
	s.render(w, http.StatusOK, "why", view)
}

// life reads what a request asks about, and tells its life.
func (s *Server) life(r *http.Request, language string, tell asked) (Life, error) {
	of := strings.TrimSpace(r.FormValue("of"))
	if _, err := veille.CanonicalURL(of); err != nil && !strings.HasPrefix(of, "art_") {
		return Life{}, fmt.Errorf("of %q is neither an article's id nor a URL: %w", of, errBadRequest)
	}
	return tell(r.Context(), of, r.FormValue("watch"), language)
}

// mostNear bounds the paragraphs that show where other clauses are.
const mostNear = 5

// near finds the paragraphs in which the article has what a watch asks for,
// though it does not match.
func (s *Server) near(r *http.Request, view *lifeView) error {
	miss := view.Watches[0].Miss
	if miss == nil || len(miss.Found) == 0 {
		return nil
	}
	a, err := s.Reader.Article(r.Context(), view.Article)
	if err != nil {
		return err
	}
	setup := s.Desk.Setup()
	draft := veille.Watch{Name: view.Watches[0].Watch, Query: strings.Join(miss.Found, " OR "), On: []veille.EventType{veille.ArticlePublished}, Notify: []string{"console"}}
	matcher, problems := s.Desk.Draft(draft)
	if len(problems) > 0 {
		return nil // the words alone, without their places
	}
	matches, _ := matcher.Match(a.Snapshot.ShownBy(a.ShownBy(setup.Sources)))
	for _, p := range append(paragraphs(highlighted(a.Snapshot.Title, "title", matches)), paragraphs(highlighted(a.Snapshot.Body, "body", matches))...) {
		hit := slices.ContainsFunc(p, func(x segment) bool { return x.Kind == "hit" })
		if hit && len(view.Near) < mostNear {
			view.Near = append(view.Near, clip(p, 800))
		}
	}
	return nil
}

// WhyNot is the page that asks one watch about an article.
func (v lifeView) WhyNot(watch string) string {
	return "/why?" + url.Values{"of": {v.Article}, "watch": {watch}}.Encode()
}
