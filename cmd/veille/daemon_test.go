package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"veille/demo"
)

// startDaemon runs `veille run` in this process until the returned stop.
func startDaemon(t *testing.T, args ...string) (stop func() (code int, log string)) {
	return startDaemonWith(t, func(string) (string, bool) { return "", false }, args...)
}

// startDaemonWith is startDaemon with an environment.
func startDaemonWith(t *testing.T, lookup func(string) (string, bool), args ...string) (stop func() (code int, log string)) {
	ctx, cancel := context.WithCancel(t.Context())
	var log lockedBuffer
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, append([]string{"run"}, args...), lookup, nil, &log, &log)
	}()
	var once sync.Once
	var code int
	stop = func() (int, string) {
		once.Do(func() { cancel(); code = <-done })
		return code, log.String()
	}
	t.Cleanup(func() { stop() })
	return stop
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestDaemon_TellsExactlyThePlantedArticlesOnceEach is the main job, end to
// end: 20 hosts, 300 articles, 30 planted, near misses in every menu.
func TestDaemon_TellsExactlyThePlantedArticlesOnceEach(t *testing.T) {
	const hosts, perHost, plantedEach = 20, 15, 10
	p, receiver := newPress(t, hosts), newHook(t)
	lastWeek := time.Now().Add(-7 * 24 * time.Hour)
	for i, o := range p.outlets {
		o.Publish(demo.Article{Slug: "archive", Title: "Une semaine entre deux ports", Published: lastWeek, Paragraphs: story(9000+i, planted)})
	}
	config, data := configure(t, p.sources("@every 1s"), receiver.server.URL)
	stop := startDaemon(t, "-c", config, "--data", data)
	waitForPolls(t, p)

	var want []string
	for n := range hosts * perHost {
		i := n % hosts
		middle := nearMiss
		slug := fmt.Sprintf("dossier-%03d", n)
		if n%plantedEach == 0 {
			// Spread over the hosts: n/10 moves through them all.
			i, middle = (n/plantedEach)%hosts, planted
			want = append(want, "article.published "+p.url(i, slug))
		}
		p.outlets[i].Publish(demo.Article{Slug: slug, Title: fmt.Sprintf("Le dossier %d avance", n), Author: "Claire Aubert",
			Published: time.Now().Truncate(time.Second), Paragraphs: story(n, middle)})
	}
	if missing := receiver.waitFor(60*time.Second, want); len(missing) > 0 {
		_, log := stop()
		t.Fatalf("%d of %d planted articles were not told, first %s\n%s", len(missing), len(want), missing[0], log)
	}
	exactly(t, receiver, want)

	// Edits: three planted articles change, one near miss becomes a match.
	edited := []int{0, 10, 20}
	for _, n := range edited {
		i, slug := (n/plantedEach)%hosts, fmt.Sprintf("dossier-%03d", n)
		p.outlets[i].Edit(slug, func(a *demo.Article) { a.Paragraphs[2] = "La réunion est annulée jusqu'à nouvel ordre." })
		want = append(want, "article.edited "+p.url(i, slug))
	}
	p.outlets[1].Edit("dossier-001", func(a *demo.Article) { a.Paragraphs[1] = planted })
	want = append(want, "article.published "+p.url(1, "dossier-001"))
	if missing := receiver.waitFor(60*time.Second, want); len(missing) > 0 {
		_, log := stop()
		t.Fatalf("not told after the edits: %v\n%s", missing, log)
	}
	exactly(t, receiver, want)

	code, log := stop()
	if code != exitDone {
		t.Errorf("exit code %d after a clean stop\n%s", code, log)
	}
	guests(t, p, 20*time.Millisecond)
}

// waitForPolls waits until each outlet's front was answered twice: the first
// poll's baseline is recorded by then.
func waitForPolls(t *testing.T, p *press) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(60 * time.Second)
	for {
		waiting := 0
		for _, o := range p.outlets {
			polls := 0
			for _, r := range o.Requests() {
				if r.Path == o.FrontPath() {
					polls++
				}
			}
			if polls < 2 {
				waiting++
			}
		}
		if waiting == 0 {
			return
		}
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("%d hosts were not polled twice", waiting)
		}
	}
}

// exactly fails on an event that nobody planted, or that came under two ids.
func exactly(t *testing.T, h *hook, want []string) {
	t.Helper()
	for key, events := range h.events() {
		if !slices.Contains(want, key) {
			t.Errorf("told without reason: %s: %s", key, events[0].body)
		}
		if len(events) != 1 {
			t.Errorf("%s came under %d ids", key, len(events))
		}
		e := events[0].event
		if len(e.Matches) != 1 || !strings.Contains(e.Matches[0].Excerpt, "«") && e.Type != "article.withdrawn" {
			t.Errorf("%s does not say why: %s", key, events[0].body)
		}
	}
}

// guests checks manners: robots.txt kept, spacing kept, unchanged fronts
// answered with 304, an honest user agent.
func guests(t *testing.T, p *press, spacing time.Duration) {
	t.Helper()
	for i, o := range p.outlets {
		fronts, unchanged := 0, 0
		var last time.Time
		for _, r := range o.Requests() {
			// The clock is read after the answer, which takes a moment more or
			// less from one request to the next.
			if gap := r.At.Sub(last); !last.IsZero() && gap < spacing*8/10 {
				t.Errorf("outlet %d: %s came %v after the request before it", i, r.Path, gap)
			}
			last = r.At
			if strings.HasPrefix(r.Path, "/topic") {
				t.Errorf("outlet %d: robots.txt forbids %s", i, r.Path)
			}
			if !strings.HasPrefix(r.UserAgent, "VeilleBot/") {
				t.Errorf("outlet %d: user agent %q", i, r.UserAgent)
			}
			if r.Path == o.FrontPath() {
				fronts++
				if r.Status == http.StatusNotModified {
					unchanged++
				}
			}
		}
		if fronts > 20 && unchanged == 0 {
			t.Errorf("outlet %d: none of %d polls was conditional", i, fronts)
		}
	}
}
