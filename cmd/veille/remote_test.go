package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"veille/demo"
	"veille/why"
)

// TestCommands_CommandTheRunningDaemonAndSayWhatItsFileSays asks everything of a
// running daemon through its socket, commands it, and asks the same of its file
// once it has stopped.
func TestCommands_CommandTheRunningDaemonAndSayWhatItsFileSays(t *testing.T) {
	p := newPress(t, 1)
	outlet, base := p.outlets[0], p.bases[0]
	outlet.Publish(demo.Article{Slug: "archive", Title: "Une semaine entre deux ports", Published: time.Now().Add(-7 * 24 * time.Hour), Paragraphs: story(9000, planted)})
	refuses := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no such field", http.StatusBadRequest)
	}))
	defer refuses.Close()
	config, data := configure(t, p.sources("@every 1s"), refuses.URL)
	if text, err := os.ReadFile(config); err != nil {
		t.Fatal(err)
	} else if err := os.WriteFile(config, bytes.ReplaceAll(text, []byte("recheck: [2s, 4s, 6s, 8s, 10s, 12s, 14s, 16s, 18s, 20s, 30s, 40s, 60s]"), []byte("recheck: [24h]")), fs.ModePerm); err != nil {
		t.Fatal(err)
	}
	stop := startDaemon(t, "-c", config, "--data", data)
	waitForPolls(t, p)
	veille := func(want int, args ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), append(args, "-c", config, "--data", data, "--log-level", "error"),
			func(string) (string, bool) { return "", false }, strings.NewReader(""), &stdout, &stderr)
		if code != want {
			t.Errorf("veille %s: exit %d\n%s%s", strings.Join(args, " "), code, stdout.String(), stderr.String())
		}
		return stdout.String() + stderr.String()
	}
	says := func(want int, pattern string, args ...string) {
		t.Helper()
		if out := veille(want, args...); !regexp.MustCompile(pattern).MatchString(out) {
			t.Errorf("veille %s does not say %s:\n%s", strings.Join(args, " "), pattern, out)
		}
	}
	// await asks until an answer holds a text.
	await := func(text string, args ...string) {
		t.Helper()
		deadline := time.Now().Add(60 * time.Second)
		for out := ""; !strings.Contains(out, text); {
			if out = veille(exitDone, args...); time.Now().After(deadline) {
				t.Fatalf("veille %s never says %q:\n%s", strings.Join(args, " "), text, out)
			}
		}
	}
	publish := func(slug string, n int, middle string) string {
		outlet.Publish(demo.Article{Slug: slug, Title: "Le dossier " + slug, Published: time.Now().Truncate(time.Second), Paragraphs: story(n, middle)})
		return p.url(0, slug)
	}

	// A dead letter is sent again, and then dropped.
	dead := publish("mort", 1, planted)
	await("dead", "deliveries", "list", "--state", "dead")
	says(exitDone, "delivery_dead: ", "why", dead)
	says(exitDone, "retry: 1 deliver", "deliveries", "retry", "--receiver", "hook")
	await("dead", "deliveries", "list", "--state", "dead")
	says(exitDone, "drop: 1 deliver", "deliveries", "drop", "--receiver", "hook", "--state", "dead")

	// A mute holds the next alert back; its lift does not send it.
	says(exitUsage, `no watch "Corée"`, "mute", "--watch", "Corée", "--until", "1h", "--reason", "x")
	says(exitDone, "is muted until", "mute", "--watch", "Corée du Nord et Russie", "--until", "1h", "--reason", "exercice annoncé")
	says(exitDone, "exercice annoncé", "mute", "list")
	muted := publish("muet", 2, planted)
	await("suppressed", "deliveries", "list", "--state", "suppressed")
	says(exitDone, "muted: .*exercice annoncé", "why", muted)
	says(exitDone, "no longer muted", "mute", "lift", "--watch", "Corée du Nord et Russie")
	says(exitUsage, "is not muted", "mute", "lift", "--watch", "Corée du Nord et Russie")

	// What was never seen: the daemon looks at the page of the source, in its turn.
	missed := publish("sans", 3, nearMiss)
	await("Le dossier sans", "articles")
	says(exitDone, "no_match: .*below is why", "why", missed, "--watch", "Corée du Nord et Russie")
	for address, want := range map[string]string{base + "/world/article/never-9999999": "does not link it now", base + "/topic": "links it, and it is not taken"} {
		var e why.Explanation
		out := veille(exitDone, "why", address, "--online", "--json")
		if err := json.Unmarshal([]byte(out), &e); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		looked := ""
		for _, s := range e.Steps {
			if s.Name == "looked" {
				looked += s.Text
			}
		}
		if !strings.Contains(looked, want) {
			t.Errorf("%s, looked at: %q, want %q\n%s", address, looked, want, out)
		}
	}
	guests(t, p, 20*time.Millisecond)
	says(exitUsage, "neither an article's id nor a URL", "why", "nonsense")

	asks := [][]string{{"sources"}, {"articles"}, {"articles", "--json"}, {"alerts"}, {"alerts", "--json"}, {"deliveries", "list"}, {"deliveries", "show", "2"}, {"mute", "list"},
		{"stories"}, {"why", muted}, {"why", muted, "--json"}, {"why", dead}, {"why", missed}, {"search", "Russie"}}
	// Polls go on meanwhile.
	steady := regexp.MustCompile(`\d+ (s|seconds) ago|\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?`)
	var running []string
	for _, args := range asks {
		running = append(running, steady.ReplaceAllString(veille(exitDone, args...), "*"))
	}
	if code, log := stop(); code != exitDone {
		t.Fatalf("exit %d\n%s", code, log)
	}
	for i, args := range asks {
		if stopped := steady.ReplaceAllString(veille(exitDone, args...), "*"); stopped != running[i] {
			t.Errorf("veille %s\nwhile the daemon ran:\n%s\nfrom its file:\n%s", strings.Join(args, " "), running[i], stopped)
		}
	}
}
