package web

import (
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"veille/web/access"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed words/*.json
var wordFiles embed.FS

//go:embed assets/*
var assetFiles embed.FS

// Options are what a Server shows and asks.
type Options struct {
	Reader    Reader
	Chronicle Chronicle
	Operator  Operator
	Searcher  Searcher
	Status    Status
	Desk      Desk
	// Live tells open pages of new alerts; the caller runs it.
	Live *Live
	// Tally counts for the charts; the caller runs it.
	Tally   *Tally
	Guard   *access.Guard
	Version string
	Log     *slog.Logger
}

// Server is the daemon's HTTP side: dashboard, API, feeds, health, metrics.
type Server struct {
	Options
	health *health
	assets *assets
	words  map[string]words
	pages  map[string]*template.Template
	spec   []byte
}

// NewServer returns a server. It fails only on what was built wrong.
func NewServer(o Options) (*Server, error) {
	s := &Server{Options: o, health: newHealth(o.Status)}
	var err error
	if s.assets, err = loadAssets(assetFiles); err != nil {
		return nil, err
	}
	if s.words, err = loadWords(wordFiles); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(templateFiles, s.assets); err != nil {
		return nil, err
	}
	if s.spec, err = openAPI(o.Version, s.operations()); err != nil {
		return nil, err
	}
	return s, nil
}

// Handler routes everything. Liveness and readiness answer anybody, under any
// name: a probe has neither; all else is the guard's to give.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", alive)
	mux.Handle("GET /readyz", s.readyz())
	mux.Handle("GET /metrics", s.Guard.Protect(s.health.metrics, refuseProgram))
	mux.Handle("/api/", s.Guard.Protect(s.api(), refuseProgram))
	mux.Handle("GET /feeds/{file}", s.Guard.Protect(http.HandlerFunc(s.feed), refuseProgram))
	mux.Handle("GET /static/{file}", s.assets)
	mux.Handle("GET /favicon.ico", http.RedirectHandler(s.assets.path("icon.svg"), http.StatusFound))
	mux.Handle("GET /login", s.Guard.Admit(http.HandlerFunc(s.loginPage), s.refusePerson))
	mux.Handle("POST /login", s.Guard.Admit(http.HandlerFunc(s.login), s.refusePerson))
	mux.Handle("POST /language", s.Guard.Admit(http.HandlerFunc(s.setLanguage), s.refusePerson))
	mux.Handle("/", s.Guard.Protect(s.dashboard(), s.refusePerson))
	return secured(mux)
}

func (s *Server) dashboard() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.now)
	mux.HandleFunc("GET /live", s.live)
	mux.HandleFunc("GET /articles", s.articles)
	mux.HandleFunc("GET /articles/{id}", s.article)
	mux.HandleFunc("GET /why", s.why)
	mux.HandleFunc("GET /stories", s.stories)
	mux.HandleFunc("GET /stories/{id}", s.story)
	mux.HandleFunc("GET /mutes", s.mutes)
	mux.HandleFunc("GET /search", s.searchPage)
	mux.HandleFunc("GET /watches", s.watches)
	mux.HandleFunc("GET /watches/test", s.testWatch)
	mux.HandleFunc("GET /sources", s.sources)
	mux.HandleFunc("GET /sources/{name}", s.source)
	mux.HandleFunc("GET /deliveries", s.deliveries)
	mux.HandleFunc("GET /configuration", s.configuration)
	act := func(pattern string, h http.HandlerFunc) {
		mux.Handle(pattern, s.Guard.Write(h, s.refusePerson))
	}
	act("POST /sources/{name}/poll", s.pollNow)
	act("POST /why", s.look)
	act("POST /deliveries/retry", s.retry)
	act("POST /deliveries/drop", s.drop)
	act("POST /mutes", s.mute)
	act("POST /mutes/lift", s.lift)
	mux.HandleFunc("POST /logout", s.logout)
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		s.refusePerson(w, r, http.StatusNotFound, "")
	})
	return mux
}

// policy is the Content-Security-Policy of every answer: nothing inline,
// nothing from elsewhere, in nobody's frame.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secured sets the headers that tell a browser to trust little.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !strings.HasPrefix(r.URL.Path, "/static/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}
