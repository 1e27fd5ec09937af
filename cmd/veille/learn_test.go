package main

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// gazette is an outlet whose addresses say little: what its articles look like
// must be learned. Its section pages and what stands behind /k/ can change.
type gazette struct {
	mu       sync.Mutex
	sections map[string]string
	// hollow are the paths that hold lists, not articles.
	hollow   map[string]bool
	requests map[string]int
	server   *httptest.Server
}

func newGazette(t *testing.T) *gazette {
	g := &gazette{sections: map[string]string{}, hollow: map[string]bool{}, requests: map[string]int{}}
	g.server = httptest.NewServer(g)
	t.Cleanup(g.server.Close)
	return g
}

func (g *gazette) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	path := r.URL.RequestURI()
	g.requests[path]++
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if page, ok := g.sections[path]; ok {
		_, _ = w.Write([]byte(page))
		return
	}
	name, ok := strings.CutPrefix(path, "/k/")
	switch {
	case !ok:
		http.NotFound(w, r)
	case g.hollow[path]:
		_, _ = fmt.Fprintf(w, "<html><head><title>%s</title></head><body><h1>Dossiers</h1>%s</body></html>", name, crowd(200))
	default:
		var text strings.Builder
		// What every article repeated would be taken for the site's own furniture.
		for _, port := range []string{"Rason", "Vladivostok", "Nampo", "Nakhodka"} {
			fmt.Fprintf(&text, "<p>Dossier %[1]s : les échanges entre la Corée du Nord et la Russie ont repris dans le port de %[2]s, où les navires du convoi %[1]s attendaient depuis des semaines.</p>", html.EscapeString(name), port)
		}
		_, _ = fmt.Fprintf(w, `<html lang="fr"><head><title>Dossier %[1]s</title><meta property="og:type" content="article"><meta property="article:published_time" content="%[2]s"></head><body><article><h1>Dossier %[1]s</h1>%[3]s</article></body></html>`,
			html.EscapeString(name), time.Now().UTC().Format(time.RFC3339), text.String())
	}
}

// crowd is more links than a plain list has, none of them an article's.
func crowd(n int) string {
	var b strings.Builder
	b.WriteString("<nav>")
	for i := range n {
		fmt.Fprintf(&b, `<a href="/part-%c%c">Part</a> `, 'a'+i/26, 'a'+i%26)
	}
	return b.String() + "</nav>"
}

// section shows headlines that any reader finds, and short links that only one
// who knows the site does.
func (g *gazette) section(path, head string, headlines, short []string) {
	var b strings.Builder
	b.WriteString("<html><head><title>Mer</title>" + head + "</head><body>" + crowd(100) + "<main>")
	for _, name := range headlines {
		fmt.Fprintf(&b, `<h2><a href="/k/%[1]s">Les deux ports reprennent leurs échanges après un long hiver, dossier %[1]s</a></h2>`, name)
	}
	for _, name := range short {
		fmt.Fprintf(&b, `<p><a href="/k/%s">Ports</a></p>`, name)
	}
	for i := range 20 {
		fmt.Fprintf(&b, `<a href="/coin-%c">Coin</a> `, 'a'+i)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sections[path] = b.String() + "</main></body></html>"
}

func (g *gazette) asked(path string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requests[path]
}

// awaitRequests waits until a path was asked for n times more.
func (g *gazette) awaitRequests(t *testing.T, path string, n int) {
	t.Helper()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(60 * time.Second)
	for want := g.asked(path) + n; g.asked(path) < want; {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("%s was asked for %d times, not %d", path, g.asked(path), want)
		}
	}
}

func (g *gazette) source(name, path string) string {
	return fmt.Sprintf("  - { name: %s, url: %q, schedule: \"@every 1s\", allow_private: true, recheck: [] }\n", name, g.server.URL+path)
}

// command runs veille in this process and returns what it printed.
func command(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, func(string) (string, bool) { return "", false }, nil, &out, &errs); code != exitDone {
		t.Fatalf("veille %s: exit code %d\n%s%s", strings.Join(args, " "), code, out.String(), errs.String())
	}
	return out.String()
}

func names(word string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s%dx", word, 31+i)
	}
	return out
}

// TestDaemon_LearnsWhatTheArticlesOfASiteLookLike follows one site through what
// is learned, stored, used by the next poll and by veille links, kept over a
// restart, and given up when it no longer holds.
func TestDaemon_LearnsWhatTheArticlesOfASiteLookLike(t *testing.T) {
	g, receiver := newGazette(t), newHook(t)
	told := func(name string) string { return "article.published " + g.server.URL + "/k/" + name }
	const term = "articles of the site had this shape"

	g.section("/mer", "", names("navire", 6), nil)
	config, data := configure(t, g.source("mer", "/mer"), receiver.server.URL)
	links := func() string {
		return command(t, "links", "--why", "--json", g.server.URL+"/mer", "-c", config, "--data", data)
	}
	stop := startDaemon(t, "-c", config, "--data", data)
	var first []string
	for _, name := range names("navire", 6) {
		first = append(first, told(name))
	}
	if missing := receiver.waitFor(60*time.Second, first); len(missing) > 0 {
		t.Fatalf("not told: %v", missing)
	}

	g.section("/mer", "", names("navire", 6), []string{"cargo77y"})
	if !strings.Contains(links(), term) {
		t.Error("the daemon is not asked what it has learned")
	}
	if missing := receiver.waitFor(60*time.Second, []string{told("cargo77y")}); len(missing) > 0 {
		_, log := stop()
		t.Fatalf("not told: %v\n%s", missing, log)
	}

	if code, log := stop(); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, log)
	}
	g.section("/mer", "", names("navire", 6), []string{"cargo78y"})
	if out := links(); !strings.Contains(out, `/k/cargo78y"`) || !strings.Contains(out, term) {
		t.Error("the store is not asked while no daemon runs")
	}
	if out := command(t, "links", "--json", g.server.URL+"/mer", "-c", config, "--data", t.TempDir()); strings.Contains(out, "cargo78y") {
		t.Error("a short link is known without a store")
	}

	// Another section of the site leads to nothing but lists.
	hollow := names("liste", 12)
	for _, name := range hollow {
		g.hollow["/k/"+name] = true
	}
	g.section("/terre", "", hollow, nil)
	config, _ = configure(t, g.source("mer", "/mer")+g.source("terre", "/terre"), receiver.server.URL)
	stop = startDaemon(t, "-c", config, "--data", data)
	if missing := receiver.waitFor(60*time.Second, []string{told("cargo78y")}); len(missing) > 0 {
		_, log := stop()
		t.Fatalf("not told after the restart: %v\n%s", missing, log)
	}
	for _, name := range hollow {
		if g.asked("/k/"+name) == 0 {
			g.awaitRequests(t, "/k/"+name, 1)
		}
	}
	// A poll that finds something new stores what was learned meanwhile. A
	// headline stays one, whatever its address.
	g.section("/mer", "", []string{"navire98x"}, nil)
	if missing := receiver.waitFor(60*time.Second, []string{told("navire98x")}); len(missing) > 0 {
		t.Fatalf("not told: %v", missing)
	}
	g.section("/mer", "", []string{"navire98x"}, []string{"cargo79y"})
	for line := range strings.Lines(links()) {
		if strings.Contains(line, "/k/cargo79y") && !(strings.Contains(line, "no articles: ") && strings.Contains(line, `"dropped":true`)) {
			t.Errorf("a shape that fails is not given up: %s", line)
		}
	}
}

// TestDaemon_ReadsOnWhereAPageShowsNothingKnown follows the pager of a section
// after a poll that meets only unknown links, and never on a first poll.
func TestDaemon_ReadsOnWhereAPageShowsNothingKnown(t *testing.T) {
	g, receiver := newGazette(t), newHook(t)
	told := func(name string) string { return "article.published " + g.server.URL + "/k/" + name }
	next := func(n int) string { return fmt.Sprintf(`<link rel="next" href="/mer?page=%d">`, n) }

	g.section("/mer", next(2), names("navire", 3), nil)
	g.section("/mer?page=2", next(3), names("ancien", 3), nil)
	config, data := configure(t, g.source("mer", "/mer"), receiver.server.URL)
	stop := startDaemon(t, "-c", config, "--data", data)
	g.awaitRequests(t, "/mer", 3)
	if n := g.asked("/mer?page=2"); n != 0 {
		t.Errorf("a first poll asked %d times for the second page", n)
	}

	// More was published than two pages show.
	g.section("/mer?page=2", next(3), names("deuxieme", 3), nil)
	g.section("/mer?page=3", next(4), append(names("troisieme", 2), names("navire", 3)...), nil)
	g.section("/mer?page=4", "", names("quatrieme", 3), nil)
	g.section("/mer", next(2), names("premier", 3), nil)
	var want []string
	for _, name := range append(append(names("premier", 3), names("deuxieme", 3)...), names("troisieme", 2)...) {
		want = append(want, told(name))
	}
	if missing := receiver.waitFor(60*time.Second, want); len(missing) > 0 {
		_, log := stop()
		t.Fatalf("not told: %v\n%s", missing, log)
	}
	g.awaitRequests(t, "/mer", 3)
	for path, most := range map[string]int{"/mer?page=2": 1, "/mer?page=3": 1, "/mer?page=4": 0} {
		if n := g.asked(path); n != most {
			t.Errorf("%s was asked for %d times, not %d", path, n, most)
		}
	}
	if code, log := stop(); code != exitDone {
		t.Errorf("exit code %d\n%s", code, log)
	}
}
