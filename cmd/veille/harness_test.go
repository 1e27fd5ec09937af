package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"veille"
	"veille/demo"
)

// hookKey signs the webhooks of these tests.
var hookKey = []byte("0123456789abcdef0123456789abcdef")

// told is one event as the receiver first accepted it.
type told struct {
	event veille.Event
	body  string
	times int
}

// hook is an independent receiver: it checks each signature, remembers what it
// accepted, and fails as often as it is asked to.
type hook struct {
	t      *testing.T
	server *httptest.Server

	mu       sync.Mutex
	chance   *rand.Rand
	failing  float64
	accepted map[string]*told
	changed  chan struct{}
}

func newHook(t *testing.T) *hook {
	h := &hook{t: t, accepted: map[string]*told{}, chance: rand.New(rand.NewPCG(1, 2)), changed: make(chan struct{}, 1)}
	h.server = httptest.NewServer(h)
	t.Cleanup(h.server.Close)
	return h
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the sender was killed in the middle of it
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	id := r.Header.Get("webhook-id")
	mac := hmac.New(sha256.New, hookKey)
	_, _ = fmt.Fprintf(mac, "%s.%s.%s", id, r.Header.Get("webhook-timestamp"), body)
	if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); r.Header.Get("webhook-signature") != want {
		h.t.Errorf("webhook %s: signature %q, want %q", id, r.Header.Get("webhook-signature"), want)
	}
	if h.chance.Float64() < h.failing {
		switch h.chance.IntN(3) {
		case 0:
			w.WriteHeader(http.StatusInternalServerError)
		case 1:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			panic(http.ErrAbortHandler)
		}
		return
	}
	var e veille.Event
	if err := json.Unmarshal(body, &e); err != nil || e.ID != id {
		h.t.Errorf("webhook %s: body %s: %v", id, body, err)
	}
	if known := h.accepted[id]; known != nil {
		known.times++
		if known.body != string(body) {
			h.t.Errorf("webhook %s came twice with different bodies:\n%s\n%s", id, known.body, body)
		}
	} else {
		h.accepted[id] = &told{e, string(body), 1}
	}
	select {
	case h.changed <- struct{}{}:
	default:
	}
}

// events returns what was accepted, keyed by type and article path.
func (h *hook) events() map[string][]told {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := map[string][]told{}
	for _, x := range h.accepted {
		key := string(x.event.Type)
		if x.event.Article != nil {
			key += " " + x.event.Article.URL
		}
		all[key] = append(all[key], *x)
	}
	return all
}

// waitFor waits until every key was told, or the deadline passes.
func (h *hook) waitFor(within time.Duration, keys []string) (missing []string) {
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	for {
		events := h.events()
		missing = missing[:0]
		for _, k := range keys {
			if len(events[k]) == 0 {
				missing = append(missing, k)
			}
		}
		if len(missing) == 0 {
			return nil
		}
		select {
		case <-h.changed:
		case <-deadline.C:
			return missing
		}
	}
}

// press is many outlets on loopback, each a host of its own by its port.
type press struct {
	outlets []*demo.Outlet
	bases   []string
}

func newPress(t *testing.T, n int) *press {
	p := &press{}
	for i := range n {
		front := []demo.Front{demo.Section, demo.Feed, demo.Sitemap}[i%3]
		o := &demo.Outlet{Name: fmt.Sprintf("Gazette %d", i), Language: "fr", Front: front,
			Noise:  []string{"Dossier : la Corée du Nord et la Russie", "Russie : le direct", "Corée du Nord"},
			Robots: "User-agent: *\nDisallow: /topic\n"}
		server := httptest.NewServer(o)
		t.Cleanup(server.Close)
		p.outlets, p.bases = append(p.outlets, o), append(p.bases, server.URL)
	}
	return p
}

// url is the address of an article of outlet i.
func (p *press) url(i int, slug string) string { return p.bases[i] + p.outlets[i].ArticlePath(slug) }

// sources is the YAML of the press.
func (p *press) sources(schedule string) string {
	var b strings.Builder
	for i, o := range p.outlets {
		fmt.Fprintf(&b, "  - { name: gazette-%02d, url: %q, schedule: %q, allow_private: true, recheck: [2s, 4s, 6s, 8s, 10s, 12s, 14s, 16s, 18s, 20s, 30s, 40s, 60s] }\n",
			i, p.bases[i]+o.FrontPath(), schedule)
	}
	return b.String()
}

// story makes the paragraphs of an article that differ from every other's.
func story(n int, middle string) []string {
	return []string{
		fmt.Sprintf("Le dossier numéro %d occupe les chancelleries depuis le %d du mois, selon plusieurs témoins.", n, n%28+1),
		middle,
		fmt.Sprintf("Une réunion de %d délégués est prévue dans la salle %d avant la fin de la semaine.", n+3, n*7),
	}
}

const (
	planted  = "Les échanges entre la Corée du Nord et la Russie ont repris dans deux ports."
	nearMiss = "Les échanges de la Corée du Nord avec ses voisins ont repris dans deux ports."
)

// configure writes a configuration and returns its path and its data folder.
func configure(t *testing.T, sources, hookURL string) (config, data string) {
	dir := t.TempDir()
	secret := "whsec_" + base64.StdEncoding.EncodeToString(hookKey)
	text := "sources:\n" + sources + `
watches:
  - name: Corée du Nord et Russie
    query: '"Corée du Nord" AND Russie'
    on: [published, edited, withdrawn]
    notify: [hook]
receivers:
  hook: { webhook: { url: "` + hookURL + `", secret: "` + secret + `" } }
crawl: { spacing: 20ms }
http: { listen: "off" }
`
	config = filepath.Join(dir, "veille.yaml")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config, filepath.Join(dir, "data")
}
