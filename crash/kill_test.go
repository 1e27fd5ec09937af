package crash

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"veille/demo"
)

// TestKill_LosesNothingAtAnyMoment kills the real daemon while articles appear
// and are edited, and a tenth of three receivers' answers are failures.
func TestKill_LosesNothingAtAnyMoment(t *testing.T) {
	p, j := newPress(t, 12), newJudge(t, 100)
	receivers := []string{"hook", "bus", "room"}
	config, data := p.configure(t, j)
	chance := rand.New(rand.NewPCG(*seed, 2))
	d := start(t, config, data)
	p.polled(t)

	var want []string
	began := time.Now()
	for kill := range *kills {
		for range 1 + chance.IntN(2) {
			want = append(want, p.publish())
		}
		if kill%5 == 4 {
			// What was not told before it was edited is told once, as edited.
			if n := p.fresh(review(j.read(t))); n >= 0 {
				want = append(want, p.edit(n))
			}
		}
		// At work means after so many requests: a slow machine makes the campaign
		// slow, and not weak. Where nothing is left to do, any moment will do.
		d.atWork(j, chance.IntN(7), time.Duration(100+chance.IntN(900))*time.Millisecond)
		d.kill(t)
		if kill%50 == 49 {
			checkFile(t, filepath.Join(data, "veille.db"))
		}
		d = start(t, config, data)
	}
	want = slices.Compact(slices.Sorted(slices.Values(want)))
	v := p.settle(t, j, want, receivers, d)
	d.kill(t)
	checkFile(t, filepath.Join(data, "veille.db"))

	// Each worker has one request under way when the process is killed.
	repeats := v.hold(t, want, receivers, *kills+1)
	t.Logf("seed %d: %d kills in %s, %d events for each of %d receivers, %d requests, %d repeated, 0 lost", *seed, *kills, time.Since(began).Round(time.Second), len(want), len(receivers), v.requests, repeats)
}

// hold fails for all that must never be: a violation, an event that only some
// receivers had, one without reason, or more repetitions to one receiver than
// could not be helped. It returns how many there were.
func (v verdict) hold(t *testing.T, want, receivers []string, most int) (repeats int) {
	t.Helper()
	for _, x := range v.violations {
		t.Error(x)
	}
	for _, r := range receivers {
		repeats += v.repeats[r]
		if most := most + v.unheard[r]; v.repeats[r] > most {
			t.Errorf("%s was told %d times again, more than %d", r, v.repeats[r], most)
		}
		// Neither a phantom nor a forgotten one: all have the same events.
		for id := range v.got["hook"] {
			if v.got[r][id] == 0 {
				t.Errorf("%s never had %s", r, id)
			}
		}
		if len(v.got[r]) != len(v.got["hook"]) {
			t.Errorf("%s had %d events, the hook %d", r, len(v.got[r]), len(v.got["hook"]))
		}
	}
	for what := range v.happenings {
		if key := what[:strings.LastIndexByte(what, ' ')]; !slices.Contains(want, key) {
			t.Errorf("told without reason: %s", what)
		}
	}
	return repeats
}

// settle waits until everything expected was told, or nothing came for longer
// than patience: a backlog may be long, but it moves.
func (p *press) settle(t *testing.T, j *judge, want, receivers []string, d *daemon) verdict {
	t.Helper()
	deadline, before := time.NewTimer(*patience), 0
	defer deadline.Stop()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		v := review(j.read(t))
		if v.requests > before {
			before = v.requests
			deadline.Reset(*patience)
		}
		missing := v.missing(want, receivers)
		if len(missing) == 0 {
			return v
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			d.kill(t)
			kinds := map[string]int{}
			for _, m := range missing {
				kinds[m[:strings.LastIndexByte(m, ' ')]]++
			}
			t.Fatalf("lost %d of %d, %v, first %s\n%s", len(missing), len(want)*len(receivers), kinds, missing[0], d.log.String())
		}
	}
}

// daemon is `veille run` as a process.
type daemon struct {
	cmd *exec.Cmd
	log bytes.Buffer
}

func start(t *testing.T, config, data string, args ...string) *daemon {
	t.Helper()
	d := &daemon{cmd: exec.CommandContext(t.Context(), veilleBinary(t), append([]string{"run", "-c", config, "--data", data}, args...)...)}
	d.cmd.Stderr = &d.log
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return d
}

// atWork waits for so many requests at the receivers, but not longer than a
// moment.
func (d *daemon) atWork(j *judge, requests int, longest time.Duration) {
	for len(j.heard) > 0 {
		<-j.heard
	}
	timer := time.NewTimer(longest)
	defer timer.Stop()
	for range requests {
		select {
		case <-j.heard:
		case <-timer.C:
			return
		}
	}
}

func (d *daemon) kill(t *testing.T) {
	t.Helper()
	_ = d.cmd.Process.Kill()
	if err := d.cmd.Wait(); err == nil || d.cmd.ProcessState.ExitCode() >= 0 {
		t.Fatalf("the daemon ended by itself: %v\n%s", err, d.log.String())
	}
}

// checkFile fails on damage in bbolt's own structures.
func checkFile(t *testing.T, path string) {
	t.Helper()
	for _, wrong := range checked(path) {
		t.Errorf("corrupt: %s", wrong)
	}
}

// checked lets bbolt look for damage in its own structures.
func checked(path string) (wrong []string) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: 5 * time.Second, ReadOnly: true})
	if err != nil {
		return []string{err.Error()}
	}
	err = db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			wrong = append(wrong, err.Error())
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		wrong = append(wrong, err.Error())
	}
	return wrong
}

// press is many outlets on loopback, each a host of its own by its port.
type press struct {
	outlets []*demo.Outlet
	bases   []string
	// told are the slugs published, in order; edits counts those of each.
	told  []string
	edits map[string]int
}

func newPress(t *testing.T, hosts int) *press {
	p := &press{edits: map[string]int{}}
	for i := range hosts {
		o := &demo.Outlet{Name: fmt.Sprintf("Gazette %d", i), Language: "fr", Front: []demo.Front{demo.Section, demo.Feed, demo.Sitemap}[i%3]}
		o.Publish(demo.Article{Slug: "archive", Title: "Une semaine entre deux ports", Published: time.Now().Add(-7 * 24 * time.Hour), Paragraphs: paragraphs(9000 + i)})
		server := httptest.NewServer(o)
		t.Cleanup(server.Close)
		p.outlets, p.bases = append(p.outlets, o), append(p.bases, server.URL)
	}
	return p
}

// publish puts a new article that must alert on a front.
func (p *press) publish() (want string) {
	n := len(p.told)
	i, slug := n%len(p.outlets), fmt.Sprintf("dossier-%04d", n)
	p.told = append(p.told, slug)
	p.outlets[i].Publish(demo.Article{Slug: slug, Title: fmt.Sprintf("Le dossier %d avance", n), Published: time.Now().Truncate(time.Second), Paragraphs: paragraphs(n)})
	return "article.published " + p.bases[i] + p.outlets[i].ArticlePath(slug)
}

// fresh is the newest article that was told; -1 where none was.
func (p *press) fresh(v verdict) int {
	for n, slug := range slices.Backward(p.told) {
		i := n % len(p.outlets)
		if len(v.happenings["article.published "+p.bases[i]+p.outlets[i].ArticlePath(slug)+" 1"]) > 0 {
			return n
		}
	}
	return -1
}

// edit changes article n, for the first time or again.
func (p *press) edit(n int) (want string) {
	i, slug := n%len(p.outlets), p.told[n]
	p.edits[slug]++
	p.outlets[i].Edit(slug, func(a *demo.Article) {
		a.Paragraphs[2] = fmt.Sprintf("%s a quitté la salle %d au bout de %d minutes, et %s reprendra les débats à %s.", name(n), n*7, n+p.edits[slug], name(n*31+p.edits[slug]), name(n*17+3))
	})
	return "article.edited " + p.bases[i] + p.outlets[i].ArticlePath(slug)
}

// name makes up a name, for texts of which none repeats another's sentences.
func name(n int) string {
	r := rand.New(rand.NewPCG(uint64(n), 5))
	b := []byte("Xxxxxxx")
	for i := range b {
		b[i] = "bcdfglmnprstv"[r.IntN(13)]
		if i%2 == 1 {
			b[i] = "aeiou"[r.IntN(5)]
		}
	}
	b[0] -= 'a' - 'A'
	return string(b)
}

// paragraphs makes the text of an article that differs from every other's.
func paragraphs(n int) []string {
	return []string{
		fmt.Sprintf("Le dossier numéro %d occupe %s et %s depuis le %d du mois, selon plusieurs témoins.", n, name(n), name(n+5000), n%28+1),
		fmt.Sprintf("%s confirme que les échanges entre la Corée du Nord et la Russie ont repris à %s et à %s.", name(n+10000), name(n+15000), name(n+20000)),
		fmt.Sprintf("Une réunion de %d délégués est prévue dans la salle %d par %s avant la fin de la semaine.", n+3, n*7, name(n+25000)),
	}
}

// configure writes a configuration and returns its path and its data folder.
func (p *press) configure(t *testing.T, j *judge, more ...string) (config, data string) {
	t.Helper()
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("sources:\n")
	for i, o := range p.outlets {
		fmt.Fprintf(&b, "  - { name: gazette-%02d, url: %q, schedule: '@every 1s', allow_private: true, recheck: [3s, 6s, 12s, 24s, 48s, 96s, 3m, 6m] }\n", i, p.bases[i]+o.FrontPath())
	}
	secret := "whsec_" + base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))
	fmt.Fprintf(&b, `
watches:
  - { name: Corée du Nord et Russie, query: '"Corée du Nord" AND Russie', notify: [hook, bus, room] }
receivers:
  hook: { webhook: { url: "%[1]s/hook", secret: "%[2]s" } }
  bus: { webhook: { url: "%[1]s/bus", secret: "%[2]s", format: cloudevents }, digest: { above: 3 } }
  room: { matrix: { url: "%[1]s", room: "!desk:example.org", token: a-token }, digest: { above: 0 } }
crawl: { spacing: 5ms }
`, j.url, secret)
	if len(more) == 0 {
		more = []string{`http: { listen: "off" }`}
	}
	b.WriteString(strings.Join(more, "\n") + "\n")
	config = filepath.Join(dir, "veille.yaml")
	if err := os.WriteFile(config, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return config, filepath.Join(dir, "data")
}

// polled waits until each outlet's front was answered twice: the first poll's
// baseline is recorded by then.
func (p *press) polled(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(2 * time.Minute)
	for _, o := range p.outlets {
		fronts := func() (n int) {
			for _, r := range o.Requests() {
				if r.Path == o.FrontPath() {
					n++
				}
			}
			return n
		}
		for fronts() < 2 {
			select {
			case <-tick.C:
			case <-deadline:
				t.Fatal("not every front was polled twice")
			}
		}
	}
}
