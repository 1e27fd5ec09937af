//go:build unix

package crawler

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"veille"
)

const benchPages = 500

// TestMain turns the binary into the server of the benchmark where it is asked
// to: the processor time of a server in the same process would count for both
// sides and flatter the ratio.
func TestMain(m *testing.M) {
	if os.Getenv("CRAWLER_BENCH_SERVER") != "" {
		serveBench()
		return
	}
	goleak.VerifyTestMain(m)
}

// serveBench serves 500 section pages of 67 kB until its input ends. 78 in 100
// know their ETag; the others send the same bytes again, gzipped.
func serveBench() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	var page strings.Builder
	page.WriteString("<!doctype html><title>World</title>")
	for i := 0; page.Len() < 67<<10; i++ {
		fmt.Fprintf(&page, `<article><h2><a href="/2026/11/23/story-%d">Ministers agree on part %d of the budget</a></h2><p>%x</p></article>`, i, i, i*2654435761)
	}
	body := gzipped([]byte(page.String()))
	s := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if n%100 < 78 {
			w.Header().Set("ETag", `"x"`)
			if r.Header.Get("If-None-Match") == `"x"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(body)
	})}
	fmt.Println(l.Addr())
	go func() { _ = s.Serve(l) }()
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = s.Close()
}

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkUnchangedPass compares a poll of 500 unchanged sources with a bare
// keep-alive client making the same requests, in processor time.
func BenchmarkUnchangedPass(b *testing.B) {
	server := exec.CommandContext(b.Context(), os.Args[0])
	server.Env = append(os.Environ(), "CRAWLER_BENCH_SERVER=1")
	stdin, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = stdin.Close(); _ = server.Wait() }()
	addr, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	base := "http://" + strings.TrimSpace(addr) + "/"

	memory := fakeMemory{}
	c := newCrawler(Options{UserAgent: "VeilleBot/1", Spacing: time.Nanosecond, Memory: memory}, labNetwork())
	defer c.Close()
	ours := func() {
		for i := range benchPages {
			l, err := c.Discover(context.Background(), veille.Source{Name: "bench", URL: base + strconv.Itoa(i)})
			if err != nil {
				b.Fatal(err)
			}
			if len(memory) < benchPages {
				for u, v := range l.Validators {
					memory[u] = v
				}
			} else if !l.NotModified {
				b.Fatal("parsed an unchanged page")
			}
		}
	}
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	bare := func() {
		for i := range benchPages {
			req, _ := http.NewRequest(http.MethodGet, base+strconv.Itoa(i), nil)
			req.Header.Set("User-Agent", "bare/1")
			req.Header.Set("If-None-Match", `"x"`)
			res, err := client.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.ReadAll(res.Body); err != nil {
				b.Fatal(err)
			}
			_ = res.Body.Close()
		}
	}
	ours() // fills the memory and opens the connection
	bare()

	var inOurs, inBare time.Duration
	for b.Loop() {
		start := cpu()
		bare()
		middle := cpu()
		ours()
		inBare += middle - start
		inOurs += cpu() - middle
	}
	perPage := float64(b.N * benchPages)
	b.ReportMetric(float64(inBare.Microseconds())/perPage, "bare-µs/page")
	b.ReportMetric(float64(inOurs.Microseconds())/perPage, "veille-µs/page")
	b.ReportMetric(float64(inOurs)/float64(inBare), "ratio")
}
