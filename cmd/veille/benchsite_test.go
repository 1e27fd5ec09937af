package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// benchSite is the main function of a process of its own that serves the
// benchmarks, so that its CPU does not count as Veille's. It answers on every
// loopback address, each a host:
//
//	/section/N  a section page with N article links, with an entity tag
//	/front      an unchanging section page, with an entity tag
//	/article/K  an article of about 100 kB
//	/lateness   how late the polls of each host's /front came, in words
func benchSite() {
	// Every address of 127.0.0.0/8 is this machine's; the wildcard takes them all.
	l, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	fmt.Println(port)
	filler := benchFiller()
	polls := &pollLog{at: map[string][]time.Time{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /front", func(w http.ResponseWriter, r *http.Request) {
		polls.note(r.Host)
		tagged(w, r, oldFront)
	})
	mux.HandleFunc("GET /section/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.PathValue("n"))
		tagged(w, r, benchSection(n))
	})
	mux.HandleFunc("GET /article/{k}", func(w http.ResponseWriter, r *http.Request) {
		k := r.PathValue("k")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, benchArticle, k, time.Now().Format(time.RFC3339), k, k, filler)
	})
	mux.HandleFunc("GET /lateness", func(w http.ResponseWriter, r *http.Request) {
		every, _ := time.ParseDuration(r.URL.Query().Get("every"))
		polls.report(w, every)
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		// The process ends with the benchmark that started it.
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	_ = server.Serve(l)
}

// oldFront lists articles that a first poll records without a visit.
const oldFront = `<html lang="fr"><body><main>
<article><h2><a href="/world/2020/01/02/le-port-rouvre">Le port rouvre après six mois de travaux</a></h2><time datetime="2020-01-02T08:00:00Z">2 janvier</time></article>
<article><h2><a href="/world/2020/01/01/la-route-coupee">La route de la côte coupée par les pluies</a></h2><time datetime="2020-01-01T08:00:00Z">1er janvier</time></article>
</main></body></html>`

func tagged(w http.ResponseWriter, r *http.Request, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("ETag", `"same"`)
	if r.Header.Get("If-None-Match") == `"same"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = io.WriteString(w, body)
}

func benchSection(n int) string {
	var b strings.Builder
	b.WriteString(`<html lang="fr"><body><main>`)
	for k := range n {
		fmt.Fprintf(&b, `<article><h2><a href="/article/%d">Le dossier numéro %d avance dans les deux capitales</a></h2></article>`, k, k)
	}
	b.WriteString(`</main></body></html>`)
	return b.String()
}

const benchArticle = `<html lang="fr"><head><title>Le dossier %s | Le Courrier</title>
<meta property="article:published_time" content="%s"></head><body>
<nav><ul><li><a href="/">Accueil</a></li></ul></nav>
<article><h1>Le dossier %s</h1><p>Le dossier numéro %s occupe les chancelleries depuis le début du mois.</p>
<p>Les échanges entre la Corée du Nord et ses voisins ont repris dans deux ports.</p>%s</body></html>`

// benchFiller brings an article to about 100 kB the way news pages come by
// it: some text, much furniture.
func benchFiller() string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "<p>Le paragraphe %d raconte la suite des discussions entre les délégations, qui se retrouvent chaque semaine dans une salle du port pour avancer sur le calendrier des travaux.</p>\n", i)
	}
	b.WriteString("</article><aside><ul>")
	for i := range 400 {
		fmt.Fprintf(&b, `<li class="teaser teaser--small"><a class="teaser__link" href="/topic/%d" data-track="related:%d"><img src="/img/%d.jpg" alt=""><span class="teaser__title">Un autre sujet du jour numéro %d</span></a></li>`, i, i, i, i)
	}
	b.WriteString("</ul></aside><script>" + strings.Repeat(`{"k":"v","n":[1,2,3]},`, 800) + "</script>")
	return b.String()
}

// pollLog remembers when each host was polled.
type pollLog struct {
	mu sync.Mutex
	at map[string][]time.Time
}

func (p *pollLog) note(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at[host] = append(p.at[host], time.Now())
}

// report writes how many hosts were polled, how many of them again, and the
// median and worst lateness of those later polls, in milliseconds. A host's
// tick is its earliest moment within the period: a poll is never early.
func (p *pollLog) report(w io.Writer, every time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	late := []float64{}
	hosts := 0
	for _, at := range p.at {
		// The first poll is the one at start, off the rhythm; the spacing
		// after it may hold the second one back.
		if len(at) < 4 {
			continue
		}
		hosts++
		phases := make([]time.Duration, 0, len(at))
		for _, t := range at[2:] {
			phases = append(phases, t.Sub(at[2])%every)
		}
		// Phases around the first tick: later than half a period is early.
		for i := range phases {
			if phases[i] > every/2 {
				phases[i] -= every
			}
		}
		tick := slices.Min(phases)
		for _, phase := range phases {
			late = append(late, float64(phase-tick)/1e6)
		}
	}
	slices.Sort(late)
	if len(late) == 0 {
		late = append(late, 0)
	}
	fmt.Fprintf(w, "%d %d %.1f %.1f", len(p.at), hosts, late[len(late)/2], late[len(late)-1])
}

// startBenchSite runs benchSite in its own process and returns its port.
func startBenchSite(b *testing.B) string {
	cmd := exec.Command("benchsite")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { stdin.Close(); _ = cmd.Wait() })
	port, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(port)
}
