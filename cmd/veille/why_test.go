package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"veille"
	"veille/config"
	"veille/monitor/query"
	"veille/web"
	"veille/web/access"
	"veille/why"
)

// whySite plants articles, each of which stops at another stage.
type whySite struct {
	mu    sync.Mutex
	items string
	pages map[string]string
}

const filler = " La séance s'est achevée tard dans la soirée, sans que les délégations aient arrêté le calendrier de leurs prochains travaux communs."

func (s *whySite) publish(base, path, date, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items += fmt.Sprintf("<item><title>Titre %s</title><link>%s%s</link>%s</item>", path, base, path, date)
	s.pages[path] = text
}

func (s *whySite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch path := r.URL.Path; path {
	case "/robots.txt":
		_, _ = io.WriteString(w, "User-agent: *\nDisallow: /private/\n")
	case "/feed.xml":
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = io.WriteString(w, `<rss version="2.0"><channel><title>Fil</title>`+s.items+`</channel></rss>`)
	case "/world":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<html><body><main>`+
			strings.Repeat(`<article><h2><a href="/a/front-page-of-the-day-1234567">Le sommet de la semaine et ses suites pour la région</a></h2></article>`, 1)+
			`</main><footer><a href="/about">À propos</a> <a href="/a/photo/album-9876543">Album</a></footer></body></html>`)
	case "/a/failing":
		http.Error(w, "later", http.StatusServiceUnavailable)
	case "/hook/dead":
		http.Error(w, "no", http.StatusBadRequest)
	case "/hook/slow":
		http.Error(w, "later", http.StatusServiceUnavailable)
	case "/hook/desk":
	default:
		text, ok := s.pages[path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if strings.HasPrefix(text, "<") {
			_, _ = io.WriteString(w, text)
			return
		}
		fmt.Fprintf(w, `<html lang="fr"><head><title>Titre %s</title></head><body><article><h1>Titre %[1]s</h1><p>%s</p><p>%s</p></article></body></html>`, path, text, text+filler)
	}
}

// TestWhy_NamesTheStageAtWhichEachArticleStopped plants an article for every
// stage, lets the real program run, and asks about each.
func TestWhy_NamesTheStageAtWhichEachArticleStopped(t *testing.T) {
	site := &whySite{pages: map[string]string{}}
	server := httptest.NewServer(site)
	defer server.Close()
	base := server.URL
	dir := t.TempDir()
	conf := filepath.Join(dir, "veille.yaml")
	config := strings.ReplaceAll(`
sources:
  - { name: wire, url: "BASE/feed.xml", allow_private: true, links: { exclude: ["/a/sport/"] } }
  - { name: front, url: "BASE/world", allow_private: true }
watches:
  - { name: W, query: Russie, notify: [desk] }
  - { name: Muette, query: silencieuse, notify: [desk] }
  - { name: Morte, query: mortelle, notify: [dead] }
  - { name: Lente, query: lente, notify: [slow] }
  - { name: Groupée, query: moisson, notify: [gathers] }
receivers:
  desk: { webhook: { url: "BASE/hook/desk", secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= } }
  dead: { webhook: { url: "BASE/hook/dead", secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= } }
  slow: { webhook: { url: "BASE/hook/slow", secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= } }
  gathers: { webhook: { url: "BASE/hook/desk", secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= }, digest: { every: 1h } }
http: { listen: "off" }
crawl: { spacing: 1ms }
`, "BASE", base)
	if err := os.WriteFile(conf, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	veilleRun := func(args ...string) (string, string, int) {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), append([]string{"-c", conf, "--data", filepath.Join(dir, "data"), "--log-level", "warn"}, args...),
			func(string) (string, bool) { return "", false }, strings.NewReader(""), &stdout, &stderr)
		return stdout.String(), stderr.String(), code
	}
	dated := func(age time.Duration) string {
		return "<pubDate>" + time.Now().Add(-age).UTC().Format(time.RFC1123Z) + "</pubDate>"
	}
	news := dated(time.Minute)
	site.publish(base, "/a/backlog", dated(200*time.Hour), "La Russie d'hier.")
	site.publish(base, "/a/silent", "", "Un texte sur la Russie, sans aucune date.")
	site.publish(base, "/a/section", news, `<html><body><ul>`+strings.Repeat(`<li><a href="/a/x">Une page qui n'est qu'une liste de liens</a></li>`, 30)+`</ul></body></html>`)
	if out, errs, code := veilleRun("once"); code == exitUsage {
		t.Fatalf("once: %s%s", out, errs)
	}
	if out, errs, code := veilleRun("mute", "--watch", "Muette", "--until", "1h", "--reason", "trop"); code != 0 {
		t.Fatalf("mute: %s%s", out, errs)
	}
	wire := "Les deux pays ont signé lundi un accord de coopération navale entre la Russie et ses voisins, selon une source diplomatique à Moscou, après des mois de discussions discrètes menées dans trois capitales de la région."
	site.publish(base, "/a/delivered", news, wire)
	veilleRun("once")
	site.publish(base, "/a/copy", news, wire)
	site.publish(base, "/a/unmatched", news, "La pluie est tombée toute la nuit sur les collines du nord, et les rivières ont débordé dans plusieurs villages.")
	site.publish(base, "/a/failing", news, "")
	site.publish(base, "/private/1", news, "")
	site.publish(base, "/a/muted", news, "Une vallée silencieuse attend le retour de ses bergers partis au printemps vers les alpages.")
	site.publish(base, "/a/dead", news, "Une vague mortelle a surpris les pêcheurs au large du cap, disent les secours en mer.")
	site.publish(base, "/a/queued", news, "La lente reprise du trafic ferroviaire inquiète les usagers de la ligne côtière depuis hier.")
	site.publish(base, "/a/digested", news, "La moisson commence plus tôt que prévu dans les plaines de l'est, selon les coopératives agricoles de la région.")
	site.publish(base, "/a/sport/1", news, "Russie.")
	veilleRun("once")

	var asked []string
	for _, c := range []struct {
		path  string
		stage why.Stage
		says  string
	}{
		{"/a/backlog", why.Backlog, "before its source was watched"},
		{"/a/silent", why.Silent, "on the first poll, without a date"},
		{"/a/section", why.NotArticle, "read as section"},
		{"/a/delivered", why.Delivered, "told to desk"},
		{"/a/copy", why.Copied, base + "/a/delivered"},
		{"/a/unmatched", why.Unmatched, "no watch asks for it"},
		{"/a/failing", why.Failed, "503"},
		{"/private/1", why.Robots, "robots"},
		{"/a/muted", why.Muted, "watch Muette is muted"},
		{"/a/dead", why.Dead, "dead letter of dead"},
		{"/a/queued", why.Queued, "waits for slow"},
		{"/a/digested", why.Queued, "waits for gathers"},
		{"/a/sport/1", why.Excluded, "links.exclude /a/sport/ matches"},
		{"/about", why.NotChosen, "front links it"},
		{"/a/never", why.Unlisted, "no source of its host (wire, front) listed it"},
		{"https://elsewhere.example/x", why.Unknown, "no source of elsewhere.example"},
	} {
		address := c.path
		if strings.HasPrefix(address, "/") {
			address = base + address
		}
		out, errs, code := veilleRun("why", address, "--json", "--online")
		var e why.Explanation
		if err := json.Unmarshal([]byte(out), &e); err != nil || code != 0 {
			t.Errorf("%s: exit %d, %v, %s", c.path, code, err, errs)
			continue
		}
		if e.Stage != c.stage || !strings.Contains(e.Because, c.says) {
			t.Errorf("%s: stage %s, because %q; want %s, %q\n%s", c.path, e.Stage, e.Because, c.stage, c.says, out)
		}
		if text, _, _ := veilleRun("why", address); !strings.Contains(text, string(e.Stage)) && c.stage != why.NotChosen {
			t.Errorf("%s: for people:\n%s", c.path, text)
		}
		asked = append(asked, address)
	}
	out, _, _ := veilleRun("why", base+"/a/unmatched", "--watch", "W")
	if !strings.Contains(out, "✗ W: Russie: not in title or body") || strings.Contains(out, "Muette") {
		t.Errorf("of one watch:\n%s", out)
	}
	id := veille.ArticleID(base + "/a/copy")
	if out, _, _ = veilleRun("why", id); !strings.Contains(out, "copy of art_") || !strings.Contains(out, "· W: its words match, and a near copy") {
		t.Errorf("by its id:\n%s", out)
	}
	pagesAgree(t, conf, filepath.Join(dir, "data"), asked, func(address string) (e why.Explanation) {
		out, errs, code := veilleRun("why", address, "--json")
		if err := json.Unmarshal([]byte(out), &e); err != nil || code != 0 {
			t.Fatalf("%s: exit %d, %v, %s", address, code, err, errs)
		}
		return e
	})
	if _, errs, code := veilleRun("why", "nonsense"); code != exitUsage || !strings.Contains(errs, "neither an article's id nor a URL") {
		t.Errorf("nonsense: exit %d, %s", code, errs)
	}
}

// pagesAgree holds what the page and the API say of each address against what
// the command says.
func pagesAgree(t *testing.T, conf, dir string, addresses []string, command func(string) why.Explanation) {
	t.Helper()
	loaded, err := config.Load(conf, func(string) (string, bool) { return "", false }, checks())
	if err != nil {
		t.Fatal(err)
	}
	set, err := query.Compile(loaded.Watches, loaded.Concepts)
	if err != nil {
		t.Fatal(err)
	}
	said := make([]why.Explanation, len(addresses)) // before the store is opened here
	for i, address := range addresses {
		said[i] = command(address)
	}
	log := slog.New(slog.DiscardHandler)
	store, err := openStore(dir, loaded, log)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	desk, own := &desk{}, &operator{Store: store}
	desk.put(loaded, set, time.Now())
	server, err := web.NewServer(web.Options{Reader: store, Chronicle: chronicle{own, desk}, Operator: own, Searcher: own, Status: calm{}, Desk: desk,
		Live: web.NewLive(store), Tally: web.NewTally(store), Guard: access.New(access.Policy{}), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(path, language string) string {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil)
		r.Header.Set("Accept-Language", language)
		server.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		return w.Body.String()
	}
	for i, address := range addresses {
		e, of := said[i], url.Values{"of": {address}}.Encode()
		want, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(ask("/api/v1/why?"+of, "en")); got != string(want) {
			t.Errorf("%s: the API says\n%s\nthe command\n%s", address, got, want)
		}
		for language, class := range map[string]string{"en": html.EscapeString(e.Because), "fr": `<span class="tag ` + string(e.Stage) + `">`} {
			page := ask("/why?"+of, language)
			if !strings.Contains(html.UnescapeString(page), html.UnescapeString(class)) || strings.Contains(page, "life.stage.") || strings.Contains(page, "life.step.") || strings.Contains(page, "%!") {
				t.Errorf("%s in %s: the page does not say %s, %q:\n%s", address, language, e.Stage, e.Because, page)
			}
		}
		french, err := (chronicle{own, desk}).Life(t.Context(), address, "", "fr")
		if err != nil {
			t.Fatal(err)
		}
		told := french.Because
		for _, s := range french.Steps {
			told += "\n" + s.Text
		}
		for _, v := range french.Watches {
			told += "\n" + v.Why
		}
		if left := english.FindString(quoted.ReplaceAllString(told, "")); left != "" {
			t.Errorf("%s in French still says %q:\n%s", address, left, told)
		}
		if e.Article != "" {
			if page := html.UnescapeString(ask("/articles/"+e.Article, "en")); !strings.Contains(page, e.Because) {
				t.Errorf("%s: the article's page does not say %q", address, e.Because)
			}
		}
	}
}

// english finds what a French sentence does not hold; what servers said stands
// in parentheses behind an address.
var (
	english = regexp.MustCompile(`(?i)\b(the|is|was|are|not|of|read|because|listed|found|declared|until|with|from|words|asked)\b`)
	quoted  = regexp.MustCompile(`\(http[^)]*\)+|https?://\S+|evt_\w+|art_\w+`)
)

// calm is a daemon without troubles.
type calm struct{}

func (calm) Reasons() []string        { return nil }
func (calm) Warnings() []string       { return nil }
func (calm) Samples() []veille.Sample { return nil }
