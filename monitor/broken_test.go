package monitor

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"veille"
	"veille/crawler"
)

// breakable is an outlet on loopback that breaks as it is told to.
type breakable struct {
	// articles is how many there are; the newest is listed first.
	articles atomic.Int64
	broken   atomic.Bool
	// breaks answers for a broken site where it returns true.
	breaks func(w http.ResponseWriter, r *http.Request) bool
}

func (b *breakable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.broken.Load() && b.breaks(w, r) {
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch {
	case r.URL.Path == "/world":
		list := ""
		for i := b.articles.Load(); i > 0 && i > b.articles.Load()-20; i-- {
			list += fmt.Sprintf(`<li><h3><a href="/world/2026/article-%d">Un accord numéro %[1]d entre Moscou et Pyongyang</a></h3></li>`, i)
		}
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="fr"><head><title>Monde</title></head><body><main><h1>Monde</h1><ul>%s</ul></main></body></html>`, list)
	case strings.HasPrefix(r.URL.Path, "/world/2026/article-"):
		var n int
		_, _ = fmt.Sscanf(r.URL.Path, "/world/2026/article-%d", &n)
		_, _ = fmt.Fprint(w, strings.Replace(articlePage(n), "<article>", `<article class="story">`, 1))
	default:
		http.NotFound(w, r)
	}
}

const (
	botWall     = `<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before accessing the site</h1><div id="cf-challenge-running"></div><script src="/cdn-cgi/challenge-platform/h/g/orchestrate/jsch/v1"></script><p>Please verify you are a human. Enable JavaScript and cookies to continue.</p></body></html>`
	consentWall = `<html lang="fr"><head><title>Votre vie privée</title></head><body><div id="didomi-host"><h1>Nous et nos partenaires utilisons des cookies</h1><p>Avec votre accord, nous et nos 842 partenaires utilisons des cookies ou des technologies similaires pour stocker, consulter et traiter des données personnelles telles que votre visite sur ce site internet.</p><button>Tout accepter</button><button>Tout refuser</button><button>Paramétrer les cookies</button></div></body></html>`
	loginWall   = `<html lang="fr"><head><title>Connexion</title></head><body><h1>Connectez-vous</h1><form action="/login" method="post"><input type="email" name="email"><input type="password" name="password"><button>Se connecter</button></form></body></html>`
)

// pollAnHourLater is one poll of a source and all it leads to, an hour after the
// last.
func pollAnHourLater(t *testing.T, store *memory, source veille.Source) *Monitor {
	t.Helper()
	store.mu.Lock()
	for name, s := range store.states {
		if h := &s.Health; !h.FailingSince.IsZero() {
			h.FailingSince = h.FailingSince.Add(-time.Hour)
		}
		store.states[name] = s
	}
	store.mu.Unlock()
	web := crawler.New(crawler.Options{UserAgent: "VeilleBot", Timeout: 300 * time.Millisecond, Spacing: time.Microsecond, Parallel: 4, MaxBody: 1 << 20})
	defer web.Close()
	m := New(Options{Crawler: web, Store: store})
	m.Apply(Plan{Sources: []veille.Source{source}, Health: []string{"ops"}, Lookback: 24 * time.Hour, Parallel: 4})
	if _, err := m.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMonitor_TellsOfABadCertificate has no trusted authority on loopback, so
// the site is broken from the start.
func TestMonitor_TellsOfABadCertificate(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	store := newMemory()
	source := veille.Source{Name: "world", URL: server.URL + "/world", Schedule: "@every 1h", AllowPrivate: true}
	for range 4 {
		pollAnHourLater(t, store, source)
	}
	expectHealth(t, store, "failing world: ")
	if got := store.states["world"].Word(); got != "failing: tls" {
		t.Errorf("word %q", got)
	}
}

// TestMonitor_TellsEachWayInWhichASiteBreaks breaks an outlet in every way that
// the issue names and some more. Within two polls there is the right event, and
// only one; and once the site is mended, one that says so.
func TestMonitor_TellsEachWayInWhichASiteBreaks(t *testing.T) {
	page := func(status int, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/world" {
				return false
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
			return true
		}
	}
	// articles breaks the articles and leaves the section.
	articles := func(body func(r *http.Request) string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasPrefix(r.URL.Path, "/world/") {
				return false
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(body(r)))
			return true
		}
	}
	hang := make(chan struct{})
	defer close(hang)
	for _, c := range []struct {
		name   string
		cause  string
		breaks func(http.ResponseWriter, *http.Request) bool
	}{
		{"server error", "server_error", page(500, "oops")},
		{"forbidden", "forbidden", page(403, "no")},
		{"not found", "not_found", page(404, "no")},
		{"gone", "gone", page(410, "no")},
		{"bot wall", "bot_wall", page(200, botWall)},
		{"drops connections", "connect", func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/world" {
				return false
			}
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = conn.Close()
			}
			return true
		}},
		{"too large", "too_large", page(200, "<html><body>"+strings.Repeat("<p>Un texte sans fin.</p>", 60_000))},
		{"redirects for ever", "redirect", func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasPrefix(r.URL.Path, "/world") {
				return false
			}
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
			return true
		}},
		{"consent wall", "forbidden", page(200, consentWall)},
		{"login", "forbidden", page(200, loginWall)},
		{"robots.txt", "robots", func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/robots.txt" {
				_, _ = w.Write([]byte("User-agent: *\nDisallow: /\n"))
				return true
			}
			return false
		}},
		{"breaks off", "truncated", func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/world" {
				return false
			}
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write([]byte("<html>"))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}},
		{"hangs", "timeout", func(_ http.ResponseWriter, r *http.Request) bool {
			select {
			case <-hang:
			case <-r.Context().Done():
			}
			return true
		}},
		{"no links", "no_links", page(200, "<html><body><h1>Monde</h1><p>Chargement de la page en cours.</p></body></html>")},
		{"a JavaScript shell", "unreadable", articles(func(*http.Request) string {
			return `<html><head><title>Courrier</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>`
		})},
		{"a banner in every article", "banner", articles(func(r *http.Request) string {
			return htmlPage("Titre de "+r.URL.Path, `<meta property="og:type" content="article">`, strings.Repeat("<p>Ce contenu est momentanément indisponible, notre équipe fait tout pour le rétablir et vous prie de l'en excuser.</p>", 6))
		})},
		{"selectors", "selectors", articles(func(r *http.Request) string {
			var n int
			_, _ = fmt.Sscanf(r.URL.Path, "/world/2026/article-%d", &n)
			return articlePage(n)
		})},
	} {
		t.Run(c.name, func(t *testing.T) {
			site := &breakable{breaks: c.breaks}
			site.articles.Store(12)
			server := httptest.NewServer(site)
			defer server.Close()
			source := veille.Source{Name: "world", URL: server.URL + "/world", Schedule: "@every 1h", AllowPrivate: true, Select: veille.Selectors{Body: ".story"}}
			store := newMemory()
			poll := func() {
				m := pollAnHourLater(t, store, source)
				s := store.states["world"]
				if open := s.Health.Episode.Type != ""; open != (len(m.Warnings()) > 0) || open != strings.HasPrefix(s.Word(), "failing") {
					t.Errorf("episode open: %v, word %q, warnings %q", open, s.Word(), m.Warnings())
				}
			}
			poll()
			site.articles.Add(6)
			poll()
			expectHealth(t, store)
			site.broken.Store(true)
			for range 4 {
				site.articles.Add(6)
				poll()
				if len(healthEvents(store)) > 0 {
					break
				}
			}
			expectHealth(t, store, "failing world: Source world is failing: ")
			if e := store.states["world"].Health.Episode; e.Cause != c.cause {
				t.Errorf("cause %q, want %q: %s", e.Cause, c.cause, e.Message)
			}
			// What a poll finds is read after it, so that decay is told by the poll
			// after the one that found it.
			if polls := (site.articles.Load() - 18) / 6; polls > 2 {
				t.Errorf("told at poll %d", polls)
			}
			poll()
			poll()
			expectHealth(t, store, "failing world: ")
			site.broken.Store(false)
			site.articles.Add(6)
			poll()
			site.articles.Add(6)
			poll()
			expectHealth(t, store, "failing world: ", "recovered world: Source world is well again, after ")
			if got := store.states["world"].Word(); got != "ok" {
				t.Errorf("word %q", got)
			}
		})
	}
}
