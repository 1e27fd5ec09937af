package crash

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"veille"
	"veille/notify"
)

// canaries is a configuration with each secret that there is. What is between
// the signs is a secret, and must not come out anywhere; SITE, HOOK and LISTEN are addresses.
const canaries = `
sources:
  - { name: paper, url: "SITE/world", schedule: "@every 1s", allow_private: true, headers: { Cookie: "‹session=canary-cookie-31415›", X-Api-Key: "‹canary-source-key-27182›" } }
  - { name: mirror, url: "HOOK/mirror", schedule: "@every 1s", allow_private: true, headers: { Authorization: "‹Bearer canary-mirror-16180›" } }
watches:
  - { name: W, query: 'Russie', notify: [hook, custom, slack, bot, mail, discord, teams, telegram, mattermost, chat, matrix, ntfy, pager, gotify] }
receivers:
  hook: { webhook: { url: "HOOK/‹canary-hook-path-1›", secret: "‹whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTAx›", previous_secret: "‹whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTAy›", headers: { Authorization: "Bearer ‹canary-hook-header-2›" } } }
  custom: { webhook: { url: "HOOK/x?token=‹canary-query-3›", template: '{"text": "x"}' } }
  slack: { slack: { url: "HOOK/services/T000/B000/‹canary-slack-path-4›" } }
  bot: { slack: { token: "‹xoxb-canary-slack-bot-5›", channel: C0123456789, api: "HOOK/api" } }
  mail: { email: { host: 127.0.0.1, port: MAIL, security: none, username: desk, password: "‹canary-mail-password-6›", from: a@example.org, to: [b@example.org] } }
  discord: { discord: { url: "HOOK/api/webhooks/1/‹canary-discord-7›" } }
  teams: { teams: { url: "HOOK/workflows/1?sig=‹canary-teams-8›" } }
  telegram: { telegram: { token: "‹123456789:AAcanary-telegram-token-0123456789a›", chat: "-1001234567890", api: "HOOK" } }
  mattermost: { mattermost: { url: "HOOK/hooks/‹canarymattermost9canary9›" } }
  chat: { googlechat: { url: "HOOK/v1/spaces/A/messages?key=‹canary-chat-key-10›&token=‹canary-chat-token-11›" } }
  matrix: { matrix: { url: "HOOK", room: "!r:example.org", token: "‹canary-matrix-token-12›" } }
  ntfy: { ntfy: { url: "HOOK", topic: "‹canary-ntfy-topic-13›", token: "‹tk_canarynftytoken14›" } }
  pager: { pagerduty: { routing_key: "‹canarypagerdutyroutingkey1234567›", url: "HOOK" } }
  gotify: { gotify: { url: "HOOK", token: "‹canary-gotify-token-16›" } }
archive: warc
crawl: { spacing: 5ms }
http: { listen: "LISTEN", password: "‹canary-dashboard-password-17›", tokens: [{ name: judge, token: "‹canary-api-token-18-0123456789›", write: true }] }
`

// TestSecrets_AreAllAmongTheCanaries fails for a receiver's option that is a
// secret and has none.
func TestSecrets_AreAllAmongTheCanaries(t *testing.T) {
	for _, kind := range notify.Kinds() {
		options := reflect.TypeOf(kind.Options()).Elem()
		for i := range options.NumField() {
			f := options.Field(i)
			if f.Type != reflect.TypeFor[veille.Secret]() && f.Type != reflect.TypeFor[map[string]veille.Secret]() {
				continue
			}
			given := regexp.MustCompile(`\{ ` + kind.Name + `: \{.*\b` + f.Tag.Get("yaml") + `: [^,]*‹`)
			if !given.MatchString(canaries) {
				t.Errorf("%s.%s has no canary", kind.Name, f.Tag.Get("yaml"))
			}
		}
	}
}

// TestSecrets_AppearNowhere runs the daemon with receivers that fail and repeat
// in their answers all that they were sent, asks it for everything that it
// shows, and makes it dump its stacks. No secret may be in any of that.
func TestSecrets_AppearNowhere(t *testing.T) {
	p := newPress(t, 1)
	var spans kept
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/v1/traces":
			spans.add(body)
			return
		case "/robots.txt":
			w.WriteHeader(http.StatusNotFound)
			return
		case "/mirror":
			// A site that puts what it was sent into cookies and into its error.
			w.Header().Set("Set-Cookie", "seen="+r.Header.Get("Authorization"))
			w.Header().Set("ETag", `"`+r.Header.Get("Authorization")+`"`)
		}
		w.WriteHeader([]int{500, 400, 403}[len(body)%3])
		_, _ = fmt.Fprintf(w, "you sent %s %s %q", r.URL, body, r.Header)
	}))
	defer echo.Close()
	_, port, _ := net.SplitHostPort(mailEcho(t))
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", echo.URL)
	t.Setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := free.Addr().String()
	_ = free.Close()

	text := strings.NewReplacer("SITE", p.bases[0], "HOOK", echo.URL, "MAIL", port, "LISTEN", listen).Replace(canaries)
	var secrets []string
	for _, m := range regexp.MustCompile(`‹([^›]*)›`).FindAllStringSubmatch(text, -1) {
		secrets = append(secrets, m[1], base64.StdEncoding.EncodeToString([]byte(m[1])), strings.TrimPrefix(m[1], "Bearer "))
		// As AUTH PLAIN sends it (RFC 4616).
		secrets = append(secrets, base64.StdEncoding.EncodeToString([]byte("\x00desk\x00"+m[1])))
		if key, ok := strings.CutPrefix(m[1], "whsec_"); ok {
			raw, err := base64.StdEncoding.DecodeString(key)
			if err != nil {
				t.Fatal(err)
			}
			secrets = append(secrets, string(raw))
		}
	}
	text = strings.NewReplacer("‹", "", "›", "").Replace(text)
	dir := t.TempDir()
	config, data := filepath.Join(dir, "veille.yaml"), filepath.Join(dir, "data")
	write := func(text string) {
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(text)
	looked := 0
	look := func(where string, what []byte) {
		looked++
		for _, s := range secrets {
			if bytes.Contains(what, []byte(s)) {
				at := bytes.Index(what, []byte(s))
				t.Errorf("%s shows %s: …%s…", where, s, what[max(at-80, 0):min(at+80, len(what))])
			}
		}
	}
	command := func(args ...string) []byte {
		cmd := exec.CommandContext(t.Context(), veilleBinary(t), append(args, "-c", config, "--data", data)...)
		out, _ := cmd.CombinedOutput() // most of them must fail: their receiver does
		if len(out) == 0 {
			t.Errorf("veille %s says nothing", strings.Join(args, " "))
		}
		look("veille "+strings.Join(args, " "), out)
		return out
	}
	if out := command("check"); !bytes.Contains(out, []byte("veille.yaml: ok")) {
		t.Fatalf("the configuration is wrong:\n%s", out)
	}
	d := start(t, config, data, "--log-level", "debug")
	p.polled(t)
	p.publish()

	client := &http.Client{Timeout: 10 * time.Second}
	get := func(path string) []byte {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listen+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer canary-api-token-18-0123456789")
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if path != "/readyz" && path != "/login" && res.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, res.Status)
		}
		look(path, body)
		return body
	}
	// Each of the fourteen receivers has failed once before anybody looks.
	deadline := time.After(2 * time.Minute)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for bytes.Count(get("/api/v1/deliveries"), []byte(`"last_error"`)) < 14 {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not every receiver was tried:\n%s", get("/api/v1/deliveries"))
		}
	}
	for _, path := range []string{"/api/v1/status", "/api/v1/events", "/api/v1/receivers", "/api/v1/watches", "/api/v1/sources", "/api/v1/articles",
		"/api/v1/deliveries/1", "/api/v1/deliveries/1/attempts", "/api/v1/openapi.json", "/metrics", "/healthz", "/readyz", "/feeds/W.atom", "/login",
		"/", "/articles", "/stories", "/mutes", "/watches", "/sources", "/sources/paper", "/deliveries", "/configuration"} {
		get(path)
	}
	article := p.bases[0] + p.outlets[0].ArticlePath(p.told[0])
	for _, args := range [][]string{{"schema"}, {"deliveries", "list", "--json"}, {"deliveries", "show", "5"}, {"sources"}, {"sources", "--json"}, {"alerts", "--json"}, {"articles"},
		{"why", article}, {"diff", article}, {"export", "alerts"}, {"export", "opml"}, {"check", "--online"}, {"try", article}, {"links", echo.URL + "/mirror"},
		{"archive", "verify"}, {"backup", filepath.Join(data, "copy.db")}} {
		command(args...)
	}
	for _, r := range strings.Fields("hook custom slack bot mail discord teams telegram mattermost chat matrix ntfy pager gotify") {
		command("notify", r)
		command("notify", r, "--preview")
	}
	// A mistake beside each secret, and in it.
	write(strings.Replace(text, p.bases[0], strings.Replace(p.bases[0], "://", "://reader:session=canary-cookie-31415@", 1), 1))
	command("check")
	write(strings.ReplaceAll(text, "url: \"", "urll: \"") + "\n  oops: [")
	command("check")
	write(strings.NewReplacer("whsec_", "whsek ", "xoxb-", "xoxo ", "HOOK", "ftp://x").Replace(text))
	command("check")
	write(strings.ReplaceAll(text, "SITE", "://"))
	command("check")
	_ = d.cmd.Process.Signal(syscall.SIGHUP)
	get("/configuration")

	// What a crash leaves behind.
	if err := d.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	_ = d.cmd.Wait()
	if !bytes.Contains(d.log.Bytes(), []byte("goroutine ")) {
		t.Errorf("no stacks were dumped:\n%s", d.log.String())
	}
	look("the log and the stacks", d.log.Bytes())
	pages := 0
	err = filepath.WalkDir(data, func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		kept, err := os.ReadFile(path)
		look(path, kept)
		switch {
		case strings.Contains(path, ".warc.gz"):
			unpacked := unzipped(t, kept)
			look(path+" unpacked", unpacked)
			if bytes.Contains(unpacked, []byte("Cookie: withheld")) {
				pages++
			}
		case filepath.Ext(path) == ".db":
			look(path+" unpacked", records(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	traces := spans.all()
	look("the traces", traces)
	if pages == 0 || !bytes.Contains(traces, []byte("deliver")) {
		t.Errorf("%d files of the archive, %d bytes of traces", pages, len(traces))
	}
	t.Logf("%d secrets in %d outputs: 0 occurrences", strings.Count(canaries, "‹"), looked)
}
