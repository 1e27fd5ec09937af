//go:build browser

package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"veille/demo"
)

// These tests drive the dashboard of a running daemon in headless Chromium.
// scripts/browser runs them, and says where axe-core is.

// newspaper is the made-up press of the demo, watched by a daemon with a
// dashboard and a receiver that refuses until it is told otherwise.
type newspaper struct {
	press *demo.Press
	url   string
	// courrier is where the French outlet is.
	courrier string
	hook     *httptest.Server
	takes    atomic.Bool
	taken    chan string
	config   string
}

func newNewspaper(t *testing.T, access string) *newspaper {
	n := &newspaper{press: demo.NewPress(time.Now()), taken: make(chan string, 100)}
	n.hook = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !n.takes.Load() {
			http.Error(w, "no such field: summary", http.StatusBadRequest)
			return
		}
		n.taken <- r.Header.Get("webhook-id")
	}))
	t.Cleanup(n.hook.Close)
	var sources strings.Builder
	for _, o := range []struct {
		name   string
		outlet *demo.Outlet
	}{{"courrier", n.press.French}, {"strait", n.press.English}, {"haehyop", n.press.Korean}} {
		server := httptest.NewServer(o.outlet)
		t.Cleanup(server.Close)
		if o.name == "courrier" {
			n.courrier = server.URL
		}
		fmt.Fprintf(&sources, "  - { name: %s, url: %q, schedule: \"@every 1s\", allow_private: true, tags: [detroit], recheck: [2s, 4s, 6s, 8s, 10s, 12s, 14s, 16s, 18s, 30s, 60s] }\n",
			o.name, server.URL+o.outlet.FrontPath())
	}
	address := freePort(t)
	n.url = "http://" + address
	n.config = filepath.Join(t.TempDir(), "veille.yaml")
	text := "timezone: Europe/Paris\nsources:\n" + sources.String() + `  - { name: broken, url: "http://127.0.0.1:9/world", allow_private: true, schedule: "@every 1s" }
concepts:
  dprk: ["Corée du Nord", "nord-coréen*", Pyongyang, "North Korea*", 북한]
  russia: [Russie, "russe*", Moscou, "Russia*", 러시아]
watches:
  - name: Corée du Nord et Russie
    query: '"Corée du Nord" AND Russie'
    notify: [console, hook]
  - name: DPRK and Russia, any language
    query: '@dprk AND @russia'
    on: [published, edited, withdrawn]
    notify: [console]
receivers:
  console: { stdout: {} }
  hook: { webhook: { url: "` + n.hook.URL + `", secret: "whsec_` + base64.StdEncoding.EncodeToString(hookKey) + `" } }
crawl: { spacing: 50ms }
http: { listen: "` + address + `"` + access + ` }
`
	if err := os.WriteFile(n.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	startDaemon(t, "-c", n.config, "--data", filepath.Join(t.TempDir(), "data"))
	return n
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// tab is one page of a browser. What the console complains about fails the
// test: a violated policy, a broken script.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string
	axe string
}

func openTab(t *testing.T, at string) *tab {
	axe, err := os.ReadFile(os.Getenv("VEILLE_AXE"))
	if err != nil {
		t.Fatalf("axe-core: %v (scripts/browser fetches it)", err)
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "en"))
	if path := os.Getenv("CHROMIUM"); path != "" {
		flags = append(flags, chromedp.ExecPath(path))
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), flags...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(cancel)
	listen := func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("script: %s", e.ExceptionDetails.Text)
		case *cdplog.EventEntryAdded:
			if e.Entry.Level == cdplog.EntryLevelError && !strings.Contains(e.Entry.URL, "/login") && !strings.Contains(e.Entry.URL, "/nowhere") {
				t.Errorf("console: %s %s", e.Entry.Text, e.Entry.URL)
			}
		}
	}
	b := &tab{t: t, ctx: ctx, url: at, axe: string(axe)}
	// The browser lives as long as the context of the first action.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, listen); err != nil {
		t.Fatal(err)
	}
	tell(b, cdplog.Enable, cdp.Empty{})
	return b
}

func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	perform(b, what, chromedp.Steps(steps...))
}

// perform runs an action, for a bounded time; one that fails ends the test with
// what the page says.
func perform[T any](b *tab, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 90*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		text, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		b.t.Fatalf("%s: %v\n%s", cut(what, 200), err, text)
	}
	return v
}

// tell sends a command of the browser's protocol.
func tell[P, R any](b *tab, command cdp.Command[P, R], params P) {
	b.t.Helper()
	perform(b, command.Method, func(ctx context.Context, _ *chromedp.Target) (R, error) { return chromedp.Call(ctx, command, params) })
}

func (b *tab) visit(path string) {
	b.t.Helper()
	b.do("visit "+path, chromedp.Navigate(b.url+path), chromedp.WaitReady(chromedp.CSS("main")))
	if status := eval[int](b, `performance.getEntriesByType("navigation")[0].responseStatus`); status != http.StatusOK && path != "/nowhere" {
		b.t.Errorf("%s: %d", path, status)
	}
}

// await waits until an expression of the page is true.
func (b *tab) await(what, expression string) {
	b.t.Helper()
	perform(b, "await "+what, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(100*time.Millisecond), chromedp.WithPollingTimeout(80*time.Second)))
}

// eval returns what an expression of the page, or its promise, comes to.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	return perform(b, "evaluate "+expression, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// shot keeps a picture of the page, where somebody asked for pictures.
func (b *tab) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("VEILLE_SCREENSHOTS")
	if dir == "" {
		return
	}
	capture := chromedp.CaptureScreenshot()
	if os.Getenv("VEILLE_SCREENSHOTS_WHOLE") != "" {
		capture = chromedp.FullScreenshot(100)
	}
	png := perform(b, "picture", capture)
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) size(width, height int64, phone bool) {
	b.t.Helper()
	tell(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: phone})
}

func (b *tab) scheme(name string) {
	b.t.Helper()
	tell(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

// accessible fails on what axe-core finds serious or critical, and on a page
// that is wider than its window.
func (b *tab) accessible(path string) {
	b.t.Helper()
	type violation struct {
		ID, Impact, Help string
		Nodes            []struct {
			HTML    string
			Summary string `json:"failureSummary"`
		}
	}
	_ = eval[int](b, b.axe+";0")
	found := eval[[]violation](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => r.violations)`)
	for _, v := range found {
		if v.Impact == "serious" || v.Impact == "critical" {
			b.t.Errorf("%s: %s (%s): %s\n%+v", path, v.ID, v.Impact, v.Help, v.Nodes[0])
		}
	}
	if wide := eval[string](b, `document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth + " px: " + [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" | ") : ""`); wide != "" {
		b.t.Errorf("%s is wider than its window: %s", path, wide)
	}
}

func TestBrowser_TheDashboardOfARunningDaemon(t *testing.T) {
	n := newNewspaper(t, "")
	b := openTab(t, n.url)

	// The first minute: nothing yet, and the page says that this is no fault.
	b.visit("/")
	b.await("the sources to be read", `fetch("/api/v1/sources").then(r => r.json()).then(s => s.filter(x => x.last_success).length == 3)`)
	b.visit("/")
	b.await("the stream", `document.querySelector("#live.on") !== null`)
	b.shot("now-empty")
	b.accessible("/ while empty")

	// Alerts arrive in the open page.
	for _, step := range n.press.Script(time.Now) {
		step.Do()
		switch {
		case strings.Contains(step.Say, "Corée du Nord and Russie"):
			b.await("the first alert, live", `[...document.querySelectorAll(".card.fresh h3")].some(h => h.textContent.includes("Washington s'inquiète"))`)
		case strings.Contains(step.Say, "in Korean"):
			b.await("the Korean alert", `[...document.querySelectorAll(".card h3")].some(h => h.textContent.includes("북한"))`)
		case strings.Contains(step.Say, "in English"):
			b.await("the English alert", `[...document.querySelectorAll(".card h3")].some(h => h.textContent.includes("Mixed signals"))`)
		case strings.Contains(step.Say, "reprints"):
			b.await("the reprint to be read", `fetch("/api/v1/articles").then(r => r.json()).then(a => a.filter(x => x.snapshot.title.startsWith("Mixed")).length == 2)`)
		case strings.Contains(step.Say, "edits"):
			b.await("the edit", `document.querySelector(".card.edited ins") !== null`)
		}
	}
	if eval[int](b, `document.querySelectorAll("#empty").length`) != 0 {
		t.Error("the empty page stays beside the alerts")
	}
	b.await("the counts to follow", `/[1-9] alerts/.test(document.querySelector(".pulse").textContent)`)
	b.visit("/")
	b.shot("now-alerts")
	b.size(360, 740, true)
	b.visit("/")
	b.shot("now-alerts-phone")
	b.size(1280, 900, false)

	// A dead letter is replayed.
	b.await("the dead letter", `fetch("/api/v1/deliveries?state=dead").then(r => r.json()).then(d => d.length > 0)`)
	b.visit("/deliveries")
	b.shot("deliveries-dead")
	b.accessible("/deliveries with a dead letter")
	n.takes.Store(true)
	b.do("replay", chromedp.Click(chromedp.CSS(`form[action="/deliveries/retry"] button`)), chromedp.WaitVisible(chromedp.CSS(".note.good")))
	select {
	case <-n.taken:
	case <-time.After(60 * time.Second):
		t.Error("the replayed delivery did not arrive")
	}

	// A query is tested while it is written.
	b.visit("/watches/test")
	b.do("write a query", chromedp.SendKeys(chromedp.CSS("#q"), `Pyongyang AND (envoys OR sanctions)`))
	b.await("the result", `document.querySelector("#result .outcome mark") !== null`)
	if yaml := eval[string](b, `document.querySelector("#yaml").textContent`); !strings.Contains(yaml, `query: 'Pyongyang AND (envoys OR sanctions)'`) {
		t.Errorf("the YAML to paste: %s", yaml)
	}
	b.shot("test")
	b.do("break it", chromedp.SendKeys(chromedp.CSS("#q"), ` OR x`))
	b.await("the mistake", `document.querySelector("#result .note.withdrawn pre") !== null`)
	b.shot("test-wrong")
	b.accessible("/watches/test with a mistake")

	_ = eval[int](b, `(window.fetch = () => new Promise((_, no) => setTimeout(no, 300, new TypeError("offline"))), 0)`)
	b.do("write on", chromedp.SendKeys(chromedp.CSS("#q"), `y`))
	b.await("the work to show", `document.querySelector("#result[aria-busy]") !== null`)
	b.await("the loss to be told", `document.querySelector("#result .note")?.textContent.includes("does not answer") && !document.querySelector("#result[aria-busy]")`)
	b.accessible("/watches/test while nothing answers")

	// A source is polled by hand.
	b.visit("/sources/courrier")
	b.do("poll now", chromedp.Click(chromedp.CSS(`form[action="/sources/courrier/poll"] button`)), chromedp.WaitVisible(chromedp.CSS(".note.good")))

	// A watch is muted from its page, and the front page says so.
	b.visit("/watches")
	b.do("open the form", chromedp.Click(chromedp.CSS(`details.mute summary`)), chromedp.WaitVisible(chromedp.CSS(`details.mute input[name="reason"]`)))
	b.shot("watches-mute")
	b.do("mute", chromedp.SendKeys(chromedp.CSS(`details.mute input[name="reason"]`), "announced exercise"), chromedp.Click(chromedp.CSS(`details.mute button`)), chromedp.WaitVisible(chromedp.CSS(".note.good")))
	b.shot("mutes")
	b.accessible("/mutes with a mute")
	b.visit("/")
	if text := eval[string](b, `document.querySelector(".pulse").textContent`); !strings.Contains(text, "1 mute") {
		t.Errorf("the front page hides that something is muted: %s", text)
	}

	// An article says how far it came, and a watch that it did not match why not.
	b.visit("/articles/" + eval[string](b, `fetch("/api/v1/articles").then(r => r.json()).then(a => a.find(x => x.snapshot.title.startsWith("Mixed") && x.alerted?.length).id)`))
	b.do("ask why not", chromedp.Click(chromedp.CSS(`.verdicts a[href^="/why?"]`)), chromedp.WaitVisible(chromedp.CSS(".answer .stage")))
	b.shot("whynot")
	b.accessible("/why of one watch")
	b.visit("/why")
	b.do("ask about an address", chromedp.SendKeys(chromedp.CSS("#of"), "https://elsewhere.example/x\r"), chromedp.WaitVisible(chromedp.CSS(".tag.unknown_host")))

	// A link that was never seen: Veille looks at the pages of its sources.
	b.visit("/why?of=" + url.QueryEscape(n.courrier+"/world/article/never-published"))
	b.do("look now", chromedp.Click(chromedp.CSS(`form[method="post"][action="/why"] button`)), chromedp.WaitVisible(chromedp.CSS(".steps .looked")))
	if steps := eval[string](b, `document.querySelector(".steps").textContent`); !strings.Contains(steps, "courrier does not link it now") {
		t.Errorf("looked at now: %s", steps)
	}
	b.shot("why-looked")
	b.accessible("/why after a look")

	// The archive is searched, and narrowed.
	b.visit("/search")
	b.shot("search-empty")
	b.accessible("/search while empty")
	b.do("search", chromedp.SendKeys(chromedp.CSS("#q"), `Pyongyang OR 북한`), chromedp.Click(chromedp.CSS(`.tester button`)), chromedp.WaitVisible(chromedp.CSS(".outcome mark")))
	b.do("open the facets", chromedp.Click(chromedp.CSS(".outcome details summary")), chromedp.WaitVisible(chromedp.CSS(`.outcome a.chip[href*="source=haehyop"]`)))
	b.shot("search-facets")
	b.accessible("/search with its facets")
	b.do("narrow", chromedp.Click(chromedp.CSS(`.outcome a.chip[href*="source=haehyop"]`)), chromedp.WaitVisible(chromedp.CSS(`a.chip[aria-label^="No longer narrow"]`)))
	if n := eval[int](b, `document.querySelectorAll(".outcome .ledger > li").length`); n != 1 {
		t.Errorf("%d articles of haehyop, want 1", n)
	}
	b.visit("/search?q=Pyongyang+football")
	b.await("the mistake", `document.querySelector(".note.withdrawn") !== null`)
	b.accessible("/search with a mistake")
	b.visit("/search?q=nirgendwo")
	b.shot("search-none")
	b.accessible("/search without a hit")

	// A file with a mistake is told on the page of the configuration.
	good, err := os.ReadFile(n.config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(n.config, append(good, "wacthes: []\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	b.await("the refusal", `fetch("/configuration").then(r => r.text()).then(t => t.includes("wacthes"))`)
	b.visit("/configuration")
	b.shot("configuration-rejected")
	b.accessible("/configuration with a refused file")
	if err := os.WriteFile(n.config, good, 0o600); err != nil {
		t.Fatal(err)
	}
	b.await("the correction", `fetch("/configuration").then(r => r.text()).then(t => !t.includes("wacthes"))`)

	// The keyboard gets to the content first.
	b.visit("/")
	b.do("tab", chromedp.KeyEvent("\t"))
	if focus := eval[string](b, `document.activeElement.getAttribute("href")`); focus != "#content" {
		t.Errorf("the first stop of the keyboard is %q", focus)
	}
	b.do("skip", chromedp.KeyEvent("\r"))
	b.await("the content", `document.activeElement.id === "content"`)
	b.everyPage()
	b.reasons()
	b.withoutScripts()
}
