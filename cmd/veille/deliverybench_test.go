package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"veille"
	"veille/config"
	"veille/monitor/query"
	"veille/notify"
	"veille/store/bolt"
)

// benchAlert is an alert of the size that a news agency's article makes.
func benchAlert(n int) veille.Event {
	url := fmt.Sprintf("https://news.example/view/AFR%012d", n)
	id := veille.ArticleID(url)
	now := time.Now().UTC()
	summary := strings.Repeat("Les discussions entre les délégations reprennent dans la capitale. ", 5)
	return veille.Event{
		ID: veille.EventID(id, veille.ArticlePublished, 1), Type: veille.ArticlePublished, Time: now, Watches: []string{fmt.Sprintf("watch %d", n%500)},
		Article: &veille.EventArticle{ID: id, URL: url, Title: fmt.Sprintf("Le dossier numéro %d avance dans les deux capitales", n),
			Source: "wire", Authors: []string{"Claire Aubert"}, FirstSeen: now, Summary: &summary},
		Matches: []veille.Match{{Watch: fmt.Sprintf("watch %d", n%500), Excerpt: "plus étroite entre la «Corée du Nord» et la «Russie»",
			Terms: []veille.Term{{Term: "Corée du Nord", Field: "body", Text: "Corée du Nord", Start: 141, End: 154}, {Term: "Russie", Field: "body", Text: "Russie", Start: 161, End: 167}}}},
		Revision: &veille.EventRevision{Number: 1}, Story: &veille.Story{ID: veille.StoryID(id), Outlets: 1, First: url},
	}
}

func benchDelivery(e veille.Event, receiver string) veille.Delivery {
	return veille.Delivery{Receiver: receiver, EventID: e.ID, Watches: e.Watches, State: veille.DeliveryPending, Created: e.Time, Due: e.Time}
}

// BenchmarkRestartWithBacklog starts the real daemon over 100,000 deliveries
// that wait, and reports the time to readiness, from there to the first
// request at the receiver, and the size of the store.
func BenchmarkRestartWithBacklog(b *testing.B) {
	const backlog, part = 100_000, 1000
	for b.Loop() {
		dir := b.TempDir()
		store, err := bolt.Open(storePath(dir), bolt.Options{})
		if err != nil {
			b.Fatal(err)
		}
		for from := 0; from < backlog; from += part {
			var events []veille.Event
			var rows []veille.Delivery
			for n := from; n < from+part; n++ {
				e := benchAlert(n)
				events, rows = append(events, e), append(rows, benchDelivery(e, "hook"))
			}
			if err := store.CommitEvents(b.Context(), events, rows); err != nil {
				b.Fatal(err)
			}
		}
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
		info, err := os.Stat(storePath(dir))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/(1<<20), "MiB-store")

		first := make(chan time.Time, 1)
		hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			select {
			case first <- time.Now():
			default:
			}
		}))
		path := filepath.Join(dir, "veille.yaml")
		text := fmt.Sprintf("http: { listen: 'off' }\nsources: [{ url: %q, allow_private: true, schedule: '@daily' }]\n"+
			"watches: [{ name: W, query: Russie, notify: [hook] }]\nreceivers: { hook: { webhook: { url: %q, secret: %q } } }\n",
			hook.URL+"/front", hook.URL, "whsec_"+base64.StdEncoding.EncodeToString(hookKey))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		cmd := exec.Command("veille", "run", "-c", path, "--data", dir, "--log-level", "error")
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		client := newControlClient(socketPath(dir))
		for client.ping(context.Background()) != nil {
			if time.Since(start) > time.Minute {
				b.Fatal("not ready within a minute")
			}
		}
		ready := time.Now()
		b.ReportMetric(ready.Sub(start).Seconds(), "s-to-ready")
		select {
		case at := <-first:
			b.ReportMetric(max(at.Sub(ready).Seconds(), 0), "s-to-first-send")
		case <-time.After(time.Minute):
			b.Fatal("nothing was sent within a minute")
		}
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		hook.Close()
	}
}

// BenchmarkCommitToFirstByte commits one alert after the other and reports the
// time from the end of a commit to the arrival of the request at a webhook.
func BenchmarkCommitToFirstByte(b *testing.B) {
	arrived := make(chan time.Time, 1)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- time.Now()
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	defer hook.Close()
	store, err := bolt.Open(filepath.Join(b.TempDir(), "veille.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	text := fmt.Sprintf("sources: [{ url: 'https://news.example/' }]\nreceivers: { hook: { webhook: { url: %q, secret: %q } } }\n",
		hook.URL, "whsec_"+base64.StdEncoding.EncodeToString(hookKey))
	conf, err := config.Parse("bench.yaml", []byte(text), func(string) (string, bool) { return "", false }, checks())
	if err != nil {
		b.Fatal(err)
	}
	a := &app{stdout: io.Discard, stderr: io.Discard, logFormat: "text", logLevel: "error"}
	wired, err := build(conf, a.notifyEnv(a.log()), query.Compile, nil)
	if err != nil {
		b.Fatal(err)
	}
	dispatcher := notify.NewDispatcher(notify.DispatcherOptions{Outbox: store, Log: slog.New(slog.DiscardHandler)})
	dispatcher.Apply(wired.notifiers)
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- dispatcher.Run(ctx) }()
	var waits []time.Duration
	n := 0
	for b.Loop() {
		e := benchAlert(n)
		n++
		if err := store.CommitEvents(ctx, []veille.Event{e}, []veille.Delivery{benchDelivery(e, "hook")}); err != nil {
			b.Fatal(err)
		}
		committed := time.Now()
		dispatcher.Wake([]string{"hook"})
		waits = append(waits, (<-arrived).Sub(committed))
	}
	cancel()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	slices.Sort(waits)
	b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "p99-ms")
}
