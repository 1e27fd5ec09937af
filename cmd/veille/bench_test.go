package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/html"

	"veille/config"
	"veille/crawler"
	"veille/monitor"
	"veille/monitor/query"
	"veille/store/bolt"
)

// cpu is the time this process has spent on the processors.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkFirstCrawl compares, in one run and in CPU time, a whole first
// crawl (fetched, read, matched, stored) with fetching and html.Parse alone; the target is 5.
func BenchmarkFirstCrawl(b *testing.B) {
	const hosts, perHost = 10, 300
	port := startBenchSite(b)
	for b.Loop() {
		before := cpu(b)
		bareCrawl(b, port, hosts, perHost)
		bare := cpu(b) - before

		before = cpu(b)
		articles := wholeCrawl(b, port, hosts, perHost)
		whole := cpu(b) - before
		if articles != hosts*perHost {
			b.Fatalf("read %d articles of %d", articles, hosts*perHost)
		}
		b.ReportMetric(whole.Seconds()/bare.Seconds(), "x-bare")
		b.ReportMetric(float64(bare.Microseconds())/hosts/perHost, "bare-µs/article")
		b.ReportMetric(float64(whole.Microseconds())/hosts/perHost, "whole-µs/article")
	}
}

func bareCrawl(b *testing.B, port string, hosts, perHost int) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	defer client.CloseIdleConnections()
	for h := range hosts {
		for k := range perHost {
			answer, err := client.Get(fmt.Sprintf("http://127.1.0.%d:%s/article/%d", h+1, port, k))
			if err != nil {
				b.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err != nil {
				b.Fatal(err)
			}
			if _, err := html.Parse(bytes.NewReader(body)); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func wholeCrawl(b *testing.B, port string, hosts, perHost int) int {
	dir := b.TempDir()
	var text strings.Builder
	text.WriteString("crawl: { spacing: 1ms, parallel: 4 }\nsources:\n")
	for h := range hosts {
		fmt.Fprintf(&text, "  - { url: 'http://127.1.0.%d:%s/section/%d', allow_private: true }\n", h+1, port, perHost)
	}
	text.WriteString("watches: [{ name: W, query: '\"Corée du Nord\" AND Russie', notify: [console] }]\nreceivers: { console: { stdout: {} } }\n")
	conf, err := config.Parse("bench.yaml", []byte(text.String()), func(string) (string, bool) { return "", false }, checks())
	if err != nil {
		b.Fatal(err)
	}
	a := &app{stdout: io.Discard, stderr: io.Discard, logFormat: "text", logLevel: "error"}
	store, err := bolt.Open(filepath.Join(dir, "veille.db"), bolt.Options{Log: a.log()})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	fetch := crawler.New(crawlerOptions(conf, store, a.log()))
	defer fetch.Close()
	wired, err := build(conf, a.notifyEnv(a.log()), query.Compile, nil)
	if err != nil {
		b.Fatal(err)
	}
	watcher := monitor.New(monitor.Options{Crawler: fetch, Store: store, Log: a.log(), Wake: func([]string) {}})
	watcher.Apply(wired.plan)
	report, err := watcher.Once(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	return report.Articles
}

// BenchmarkSources starts the real daemon over many hosts and reports its
// resident memory, the time to readiness and how late its polls come.
func BenchmarkSources(b *testing.B) {
	for _, n := range []int{500, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				measureSources(b, n)
			}
		})
	}
}

func measureSources(b *testing.B, n int) {
	const every, watched = 30 * time.Second, 130 * time.Second
	port := startBenchSite(b)
	dir := b.TempDir()
	var text strings.Builder
	fmt.Fprintf(&text, "schedule: '@every %s'\nhttp: { listen: 'off' }\nsources:\n", every)
	for i := range n {
		fmt.Fprintf(&text, "  - { url: 'http://127.2.%d.%d:%s/front', allow_private: true }\n", i/250, i%250+1, port)
	}
	text.WriteString("watches: [{ name: W, query: '\"Corée du Nord\" AND Russie', notify: [console] }]\nreceivers: { console: { stdout: {} } }\n")
	path := filepath.Join(dir, "veille.yaml")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	cmd := exec.Command("veille", "run", "-c", path, "--data", dir, "--log-level", "error")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}()
	client := newControlClient(socketPath(dir))
	for client.ping(context.Background()) != nil {
		if time.Since(start) > time.Minute {
			b.Fatal("not ready within a minute")
		}
	}
	b.ReportMetric(time.Since(start).Seconds(), "s-to-ready")
	<-time.After(watched)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for _, field := range []struct{ key, unit string }{{"VmRSS:", "MiB-rss"}, {"VmHWM:", "MiB-peak"}} {
		var kib float64
		if _, after, ok := strings.Cut(string(status), field.key); ok {
			_, _ = fmt.Sscan(after, &kib)
		}
		b.ReportMetric(kib/1024, field.unit)
	}
	answer, err := http.Get("http://127.0.0.1:" + port + "/lateness?every=" + every.String())
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	var polled, steady, median, worst float64
	if _, err := fmt.Fscan(answer.Body, &polled, &steady, &median, &worst); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(polled, "polled")
	b.ReportMetric(steady, "polled-again")
	b.ReportMetric(median, "ms-late-median")
	b.ReportMetric(worst, "ms-late-worst")
}
