package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// active is what a terminal obeys, a log reader takes for a line of its own, and
// a mail server for a header.
const active = "Rien \x1b[2J\x1b]0;owned\a \u009b31m\u202e \r\nBcc: x@y\r\ntime=2026-01-01 level=ERROR msg=\"fake\" Russie"

// Cases 86 and 88 of the list of bad inputs: what a page, a feed, a server or a
// receiver says prints nothing active, in no command and in no log.
func TestCommands_PrintNothingActive(t *testing.T) {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	base := server.URL
	mux.HandleFunc("/feed.xml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		// XML holds no escape character itself: this one comes through the page.
		title := strings.NewReplacer("\x1b", "", "\a", "").Replace(active)
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>%s</title>`, title)
		for _, path := range []string{"/a/1", "/a/2", "/a/away", "/a/broken"} {
			fmt.Fprintf(w, `<item><title>%s</title><link>%s%s</link><pubDate>%s</pubDate></item>`, title, base, path, time.Now().UTC().Format(time.RFC1123Z))
		}
		_, _ = io.WriteString(w, `</channel></rss>`)
	})
	article := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<html lang="fr"><head><title>%s</title><meta name="author" content="%[1]s"><meta property="og:site_name" content="%[1]s"></head><body><article><h1>%[1]s</h1><p>%s Russie %[1]s</p><p>%[3]s%[2]s</p></article></body></html>`,
			strings.ReplaceAll(active, `"`, "'"), "Les deux pays ont signé lundi un accord de coopération navale."+r.URL.Path, filler)
	}
	mux.HandleFunc("/a/1", article)
	mux.HandleFunc("/a/2", article)
	mux.HandleFunc("/a/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/%1b%5b2J\u202e\u009b31m"+url.PathEscape(active), http.StatusFound)
	})
	mux.HandleFunc("/a/broken", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, active, http.StatusInternalServerError) })
	mux.HandleFunc("/hook", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, active, http.StatusBadRequest) })
	dir := t.TempDir()
	conf := filepath.Join(dir, "veille.yaml")
	text := fmt.Sprintf(`
sources: [{ name: wire, url: "%s/feed.xml", allow_private: true }, { name: lost, url: "%[1]s/nothing", allow_private: true }]
watches: [{ name: W, query: Russie, notify: [desk, console] }]
receivers: { desk: { webhook: { url: "%[1]s/hook", secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= } }, console: { stdout: {} } }
http: { listen: "off" }
crawl: { spacing: 1ms }
`, base)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	said := ""
	ask := func(format string, args ...string) {
		t.Helper()
		var stdout, stderr bytes.Buffer
		run(t.Context(), append(args, "-c", conf, "--data", filepath.Join(dir, "data"), "--log-level", "debug", "--log-format", format),
			func(string) (string, bool) { return "", false }, strings.NewReader(""), &stdout, &stderr)
		for _, out := range []string{stdout.String(), stderr.String()} {
			said += out
			for _, r := range strings.ReplaceAll(out, "\r\n", "\n") { // a line of CSV ends so
				if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r <= 0x9f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
					t.Errorf("veille %s prints %q:\n%q", strings.Join(args, " "), r, out)
					break
				}
			}
			for line := range strings.Lines(out) {
				if strings.HasPrefix(line, "time=2026-01-01") || strings.HasPrefix(line, "Bcc:") {
					t.Errorf("veille %s prints a line that a page wrote: %q", strings.Join(args, " "), line)
				}
			}
		}
	}
	ask("text", "once")
	ask("json", "once")
	for _, args := range [][]string{
		{"articles"}, {"articles", "--json"}, {"alerts"}, {"alerts", "--json"}, {"sources"}, {"stories"}, {"search", "Russie"}, {"search", "Russie", "--json"},
		{"deliveries", "list"}, {"deliveries", "list", "--json"}, {"deliveries", "show", "1"}, {"deliveries", "show", "2"}, {"why", base + "/a/1"}, {"why", base + "/a/1", "--json"}, {"why", base + "/a/away"}, {"why", base + "/a/broken"},
		{"why", base + "/a/none", "--online"}, {"try", base + "/a/1"}, {"try", base + "/a/away"}, {"extract", base + "/a/2"}, {"extract", base + "/a/2", "--json"}, {"links", base + "/feed.xml"}, {"links", base + "/feed.xml", "--why"},
		{"backtest"}, {"check", "--online"}, {"export", "alerts"}, {"export", "alerts", "--format", "csv"}, {"why", active}, {"search", active}, {"explain", active}, {"mute", "--watch", active, "--until", "1h", "--reason", active},
	} {
		ask("text", args...)
	}
	if !strings.Contains(said, "owned") || !strings.Contains(said, "31m") {
		t.Error("nothing of what the pages say came through: this shows little")
	}
}
