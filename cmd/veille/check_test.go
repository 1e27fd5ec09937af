package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheckOnline_SaysWhatIsTrueOfEachSource asks four sources: one in order,
// one that robots.txt forbids, one that lists nothing, one that is not there.
func TestCheckOnline_SaysWhatIsTrueOfEachSource(t *testing.T) {
	g := newGazette(t)
	g.section("/mer", `<link rel="alternate" type="application/rss+xml" href="/mer.rss">`, names("navire", 4), nil)
	g.section("/secret", "", names("navire", 4), nil)
	g.section("/vide", "", nil, nil)
	g.sections["/robots.txt"] = "User-agent: *\nDisallow: /secret\n"
	g.sections["/mer.rss"] = fmt.Sprintf(`<rss><channel><item><title>a</title><link>%[1]s/k/navire31x</link></item><item><title>b</title><link>%[1]s/k/navire32x</link></item></channel></rss>`, g.server.URL)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	path := filepath.Join(t.TempDir(), "veille.yaml")
	var yaml strings.Builder
	yaml.WriteString("sources:\n")
	for _, s := range [][2]string{{"mer", g.server.URL + "/mer"}, {"secret", g.server.URL + "/secret"}, {"vide", g.server.URL + "/vide"}, {"absent", gone.URL + "/"}} {
		fmt.Fprintf(&yaml, "  - { name: %s, url: %q, allow_private: true }\n", s[0], s[1])
	}
	yaml.WriteString("watches: [{ name: w, query: a1, notify: [console] }]\nreceivers: { console: { stdout: {} } }\ncrawl: { spacing: 5ms }\n")
	if err := os.WriteFile(path, []byte(yaml.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	check := func(flags ...string) (string, int) {
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"check", "--online", "-c", path, "--data", t.TempDir()}, flags...), func(string) (string, bool) { return "", false }, nil, &out, &errs)
		return out.String(), code
	}

	out, code := check()
	if code != exitFailed {
		t.Errorf("exit code %d where three sources fail", code)
	}
	for _, want := range []string{
		"✓ mer: section, 4 articles\n    newest: Dossier navire31x (20", " words)\n",
		"    this section has a feed: " + g.server.URL + "/mer.rss (it lists 2 of the 4 articles here)\n",
		"✗ secret: robots.txt does not allow it\n",
		"✗ vide: section, 0 articles\n    no article links found",
		"✗ absent: not reached\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("without %q:\n%s", want, out)
		}
	}

	out, _ = check("--json")
	rows := map[string]sourceCheck{}
	for line := range strings.Lines(out) {
		var c sourceCheck
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		rows[c.Source] = c
	}
	if c := rows["mer"]; !c.Reachable || c.Allowed == nil || !*c.Allowed || c.Links != 4 || c.Newest == nil || c.Newest.Words < 50 || len(c.Feeds) != 1 || c.Error != nil {
		t.Errorf("mer: %+v", c)
	}
	if c := rows["secret"]; !c.Reachable || c.Allowed == nil || *c.Allowed || c.Error == nil {
		t.Errorf("secret: %+v", c)
	}
	if c := rows["vide"]; !c.Reachable || c.Newest != nil || c.Error == nil {
		t.Errorf("vide: %+v", c)
	}
	if c := rows["absent"]; c.Reachable || c.Allowed != nil || c.Error == nil {
		t.Errorf("absent: %+v", c)
	}
}
