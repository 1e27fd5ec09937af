package main

import (
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"veille/config"
	"veille/demo"
)

func TestBrief_ListsTheFirstMistakesALineEach(t *testing.T) {
	many := &config.Errors{}
	for i := range 12 {
		many.Mistakes = append(many.Mistakes, config.Mistake{File: "w.yaml", Line: i + 1, Col: 1, What: "wrong", Excerpt: "x\n^"})
	}
	got := strings.Split(brief(many), "\n")
	if len(got) != 11 || got[0] != "w.yaml:1:1: wrong" || got[10] != "… and 2 more: veille check lists them" {
		t.Errorf("%q", got)
	}
	if got := brief(errors.New("plain")); got != "plain" {
		t.Errorf("%q", got)
	}
}

// halfEdited is the log of a daemon whose file names the variable HALF all of a
// sudden. lookup is asked for it, with what the file is and was before; the
// daemon is stopped once it calls done.
func halfEdited(t *testing.T, lookup func(name, path string, good []byte, done func()) (string, bool)) string {
	t.Helper()
	p, receiver := newPress(t, 1), newHook(t)
	path, data := configure(t, p.sources("@every 1s"), receiver.server.URL)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	done := sync.OnceFunc(func() { close(read) })
	stop := startDaemonWith(t, func(name string) (string, bool) { return lookup(name, path, slices.Clip(good), done) }, "-c", path, "--data", data)
	waitForPolls(t, p)
	if err := os.WriteFile(path, append(slices.Clip(good), "timezone: ${HALF}\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	<-read
	_, log := stop()
	return log
}

// TestDaemon_WaitsForAFileThatIsHalfWritten completes an edit while its beginning is
// read: the variable that the beginning names writes the rest.
func TestDaemon_WaitsForAFileThatIsHalfWritten(t *testing.T) {
	var begin sync.Once
	log := halfEdited(t, func(name, path string, good []byte, done func()) (string, bool) {
		switch name {
		case "HALF":
			begin.Do(func() {
				if err := os.WriteFile(path, append(good, "timezone: ${WHOLE}\n"...), 0o600); err != nil {
					t.Error(err)
				}
			})
		case "WHOLE":
			done()
			return "Europe/Paris", true
		}
		return "", false
	})
	if strings.Contains(log, "rejected") {
		t.Errorf("an unfinished file was told of:\n%s", log)
	}
}

// TestDaemon_StoppedBeforeAFileIsWholeRejectsNothing: what it would have become
// is not known.
func TestDaemon_StoppedBeforeAFileIsWholeRejectsNothing(t *testing.T) {
	log := halfEdited(t, func(name, _ string, _ []byte, done func()) (string, bool) {
		if name == "HALF" {
			done()
		}
		return "", false
	})
	if strings.Contains(log, "rejected") {
		t.Errorf("an unfinished file was told of:\n%s", log)
	}
}

// TestDaemon_ReloadsAndKeepsTheLastGoodConfiguration edits the file of a running
// daemon: a mistake is told and changes nothing, a correction takes effect, and
// neither repeats an alert.
func TestDaemon_ReloadsAndKeepsTheLastGoodConfiguration(t *testing.T) {
	p, receiver := newPress(t, 1), newHook(t)
	p.outlets[0].Publish(demo.Article{Slug: "archive", Title: "Une semaine entre deux ports", Published: time.Now().Add(-7 * 24 * time.Hour), Paragraphs: story(9000, planted)})
	path, data := configure(t, p.sources("@every 1s"), receiver.server.URL)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		// As editors do: a new file takes the old one's place.
		if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
	}
	stop := startDaemon(t, "-c", path, "--data", data)
	waitForPolls(t, p)
	publish := func(slug, middle string) string {
		p.outlets[0].Publish(demo.Article{Slug: slug, Title: "Le dossier " + slug + " avance", Published: time.Now().Truncate(time.Second), Paragraphs: story(len(slug), middle)})
		return "article.published " + p.url(0, slug)
	}
	want := []string{publish("un", planted)}
	await := func() {
		t.Helper()
		if missing := receiver.waitFor(60*time.Second, want); len(missing) > 0 {
			_, log := stop()
			t.Fatalf("not told: %v\n%s", missing, log)
		}
	}
	await()

	// A mistake: told once, with its place; the old watches go on.
	write(strings.Replace(string(good), "AND Russie", "AND Russie OR Iran", 1))
	want = append(want, "config.rejected")
	await()
	message := receiver.events()["config.rejected"][0].event.Message
	if !strings.Contains(message, "veille.yaml:") || !strings.Contains(message, "parentheses") {
		t.Errorf("the rejection does not say where and what: %q", message)
	}
	client := newControlClient(socketPath(data))
	defer client.Close()
	health, err := client.readiness(t.Context())
	if err != nil || !health.Ready || len(health.Warnings) == 0 {
		t.Errorf("with a rejected file: %+v, %v; want ready with a warning", health, err)
	}
	// The next state of the same line is not told again so soon: an editor saves as one types.
	write(strings.Replace(string(good), "AND Russie", "AND OR Russie", 1))
	for !slices.ContainsFunc(health.Warnings, func(w string) bool { return strings.Contains(w, "AND OR") }) {
		if health, err = client.readiness(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want = append(want, publish("deux", planted))
	await()

	// The correction brings a new watch, which looks only forward.
	write(strings.Replace(string(good), "receivers:", "  - name: Voisins\n    query: voisins\n    notify: [hook]\nreceivers:", 1))
	for {
		if health, err = client.readiness(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(health.Warnings) == 0 {
			break
		}
		if t.Context().Err() != nil {
			t.Fatal("the correction was not taken")
		}
	}
	want = append(want, publish("trois", nearMiss))
	await()
	// Nor is the next mistake so soon after a state in between that happens to be valid.
	write(strings.Replace(string(good), "AND Russie", "OR OR Russie", 1))
	for len(health.Warnings) == 0 {
		if health, err = client.readiness(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want = append(want, publish("quatre", nearMiss))
	await()
	for key, events := range receiver.events() {
		if len(events) != 1 {
			t.Errorf("%s came under %d ids", key, len(events))
		}
	}
	if n := len(receiver.events()); n != len(want) {
		t.Errorf("%d events were told, want %d", n, len(want))
	}
	if code, log := stop(); code != exitDone {
		t.Errorf("exit code %d\n%s", code, log)
	}
}
