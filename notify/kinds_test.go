package notify

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"veille"
)

const canary = "CANARYcanary0123456789"

var canaryKey = "whsec_" + base64.StdEncoding.EncodeToString([]byte(canary+canary))

// sample is what the suite needs to know of a kind, or of one form of it.
// Every kind in Kinds has one; TestKinds_AllHaveASample fails for a kind
// without.
type sample struct {
	kind, form string
	// options for a receiver at an address, which a kind may ignore; the
	// address and every other secret contain the canary.
	options func(address string) veille.ReceiverOptions
	// bad are options that Problems must refuse.
	bad []veille.ReceiverOptions
	// serve answers as the real service does: it checks what the service checks
	// of a request, its key and its limits, and refuses as the service refuses.
	serve http.HandlerFunc
	// open is for services that are not reached over HTTP: it starts one, and
	// returns its address and what it was sent so far.
	open func(t *testing.T) (address string, sent func() []byte)
	// check looks for what is active in one payload: the body of a request, or
	// what was written.
	check func(t *testing.T, e veille.Event, payload []byte)
}

func (s sample) String() string { return strings.TrimSpace(s.kind + " " + s.form) }

func samples() []sample {
	return []sample{
		discordSample(), emailSample(), fileSample(), googleChatSample(), gotifySample(), matrixSample(), mattermostSample(), ntfySample(),
		pagerDutySample(), slackSample(), slackBotSample(), stdoutSample(), teamsSample(), telegramSample(),
		webhookSample(), cloudEventsSample(),
	}
}

// origin is an address without its path: for options that are no secrets.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + u.Host
}

// kindOf finds the row of the table that a sample is of.
func kindOf(t *testing.T, s sample) Kind {
	t.Helper()
	kinds := Kinds()
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == s.kind })
	if i < 0 {
		t.Fatalf("a sample of %q, which is no kind", s.kind)
	}
	return kinds[i]
}

func TestKinds_AllHaveASample(t *testing.T) {
	var names []string
	for _, kind := range Kinds() {
		names = append(names, kind.Name)
		if !slices.ContainsFunc(samples(), func(s sample) bool { return s.kind == kind.Name }) {
			t.Errorf("kind %s has no sample in this suite", kind.Name)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("kinds %q: want them in alphabetical order", names)
	}
	for _, s := range samples() {
		kindOf(t, s)
	}
}

// direct hands requests to a handler without a network between, and keeps the
// bodies.
type direct struct {
	handler http.Handler
	sent    bytes.Buffer
}

func (d *direct) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	d.sent.Write(body)
	in := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), bytes.NewReader(body))
	in.Header = r.Header
	out := httptest.NewRecorder()
	d.handler.ServeHTTP(out, in)
	return out.Result(), nil
}

// receiver builds a sample's notifier before its service, and returns what the
// service was sent since the last call.
func (s sample) receiver(t *testing.T, env Env) (Notifier, func() []byte) {
	t.Helper()
	address := "https://service.example/" + canary
	var read func() []byte
	var wire *direct
	switch {
	case s.open != nil:
		address, read = s.open(t)
	case s.serve != nil:
		wire = &direct{handler: s.serve}
		env.Transport = wire
		read = func() []byte { defer wire.sent.Reset(); return bytes.Clone(wire.sent.Bytes()) }
	default:
		var out bytes.Buffer
		env.Stdout = &out
		read = func() []byte { defer out.Reset(); return bytes.Clone(out.Bytes()) }
	}
	n, err := kindOf(t, s).Build("sample", s.options(address), env)
	if err != nil {
		t.Fatal(err)
	}
	return n, read
}

// TestKinds runs every kind over every event, full and degraded, in English and
// in French, before a service that checks what the real one checks.
func TestKinds(t *testing.T) {
	all, fresh := events(), events()
	for _, s := range samples() {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			for _, env := range []Env{{}, {Language: "fr", Zone: time.FixedZone("CET", 3600)}} {
				n, sent := s.receiver(t, env)
				for name, e := range all {
					if env.Language != "" && strings.HasPrefix(name, "hostile") {
						continue
					}
					for _, degraded := range []bool{false, true} {
						if degraded && strings.HasPrefix(name, "hostile") && e.Type != veille.ArticlePublished {
							continue
						}
						d := veille.Delivery{EventID: e.ID, Receiver: "sample", Event: e, Degraded: degraded}
						what := fmt.Sprintf("%s, degraded %t, %q", name, degraded, env.Language)
						if _, err := n.Notify(t.Context(), d); err != nil {
							t.Errorf("%s: %v", what, err)
						}
						first := sent()
						if len(first) == 0 {
							t.Errorf("%s: nothing was sent", what)
						}
						if !utf8.Valid(first) {
							t.Errorf("%s: the payload is not valid UTF-8", what)
						}
						s.check(t, e, first)
						if !degraded && env.Language == "" {
							if _, err := n.Notify(t.Context(), d); err != nil {
								t.Errorf("%s again: %v", what, err)
							}
							if !bytes.Equal(sent(), first) {
								t.Errorf("%s: a second attempt sent other bytes", what)
							}
						}
						if t.Failed() {
							t.Fatalf("failed for %s", what)
						}
					}
					if env.Language == "" && !reflect.DeepEqual(e, fresh[name]) {
						t.Fatalf("%s: the event was changed", name)
					}
				}
			}
		})
	}
}

// TestKinds_OptionsAreDocumented holds what the configuration relies on.
func TestKinds_OptionsAreDocumented(t *testing.T) {
	for _, kind := range Kinds() {
		if !strings.HasSuffix(kind.Summary, ".") {
			t.Errorf("%s: summary %q is not a sentence", kind.Name, kind.Summary)
		}
		typ := reflect.TypeOf(kind.Options()).Elem()
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Anonymous {
				continue
			}
			if f.Tag.Get("yaml") == "" || f.Tag.Get("doc") == "" {
				t.Errorf("%s: field %s lacks a yaml or doc tag", kind.Name, f.Name)
			}
		}
	}
}

// TestKinds_RefuseBadOptions also proves that no problem repeats a secret.
func TestKinds_RefuseBadOptions(t *testing.T) {
	for _, s := range samples() {
		kind := kindOf(t, s)
		for i, bad := range s.bad {
			problems := bad.Problems()
			if len(problems) == 0 {
				t.Errorf("%s: bad options %d have no problem", s, i)
			}
			for _, p := range problems {
				if p.Path == "" || p.What == "" || p.Help == "" {
					t.Errorf("%s: bad options %d: problem %+v is not complete", s, i, p)
				}
			}
			_, err := kind.Build("sample", bad, Env{Stdout: io.Discard})
			if err == nil {
				t.Errorf("%s: bad options %d were built", s, i)
			}
			noCanary(t, fmt.Sprintf("%+v %#v %v", problems, bad, err))
		}
		if problems := s.options("https://example.org/" + canary).Problems(); len(problems) > 0 {
			t.Errorf("%s: good options have problems %v", s, problems)
		}
		if _, err := kind.Build("sample", nil, Env{}); err == nil {
			t.Errorf("%s: nil options were built", s)
		}
	}
}

// TestKinds_LeakNoSecret makes every kind fail in every way that a server
// has, with answers that repeat the request, and greps all that comes out.
func TestKinds_LeakNoSecret(t *testing.T) {
	echo := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://elsewhere.example"+r.RequestURI)
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, "no such thing: %s %s %q %s", r.RequestURI, strings.ToUpper(r.RequestURI), r.Header, r.URL.Query())
		}
	}
	var logs syncBuffer
	log := slog.New(slog.NewJSONHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var out strings.Builder
	for _, s := range samples() {
		kind := kindOf(t, s)
		for _, status := range []int{200, 204, 302, 400, 401, 403, 404, 410, 413, 418, 429, 500, 503, 0} {
			server := httptest.NewServer(echo(max(status, 200)))
			address := server.URL + "/services/" + canary + "/x?token=" + canary + "&" + canary + "=1"
			if status == 0 {
				server.Close() // nobody listens any more
			}
			options := s.options(address)
			n, err := kind.Build("sample", options, Env{Stdout: brokenWriter{}, Log: log})
			if err != nil {
				t.Fatal(err)
			}
			outbox := newOutbox()
			outbox.put("sample", Example(veille.ArticlePublished))
			d := NewDispatcher(DispatcherOptions{Outbox: outbox, Log: log})
			d.Apply(map[string]Notifier{"sample": unpaced{n}})
			if _, err := d.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, err = n.Notify(t.Context(), veille.Delivery{Event: Example(veille.TestEvent)})
			var v *veille.DeliveryError
			if err != nil && (!errors.As(err, &v) || len(v.Err.Error()) > 512) {
				t.Errorf("%s: %v is not a bounded DeliveryError", s, err)
			}
			row := outbox.row(1)
			row.Event = veille.Event{}
			state, _ := outbox.Receiver(t.Context(), "sample")
			encoded, _ := json.Marshal([]any{options, n, row, state, d.Samples(), d.Reasons()})
			shown, previewErr := Preview(n, veille.Delivery{Receiver: "sample", Event: Example(veille.ArticlePublished)})
			if previewErr != nil {
				t.Errorf("%s: preview: %v", s, previewErr)
			}
			out.Write(shown)
			_, _ = fmt.Fprintf(&out, "%v %+v %#v %v %+v %#v %+v %s %v\n", err, err, options, options, options, n, n, encoded, d)
			log.Info("print", "options", options, "notifier", n, "error", err)
			if status != 0 {
				server.Close()
			}
		}
	}
	noCanary(t, out.String())
	noCanary(t, logs.String())
}

// unpaced hides the pace of a notifier, so that no test waits for it.
type unpaced struct{ Notifier }

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func noCanary(t *testing.T, text string) {
	t.Helper()
	low := strings.ToLower(text)
	key := strings.ToLower(strings.TrimPrefix(canaryKey, "whsec_"))
	for _, secret := range []string{strings.ToLower(canary), key, fmt.Sprintf("%x", canary), strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]")} {
		if i := strings.Index(low, secret); i >= 0 {
			t.Errorf("a secret leaks: …%s…", text[max(0, i-120):min(len(text), i+60)])
		}
	}
}

// checkPlain refuses characters that act instead of showing.
func checkPlain(t *testing.T, s string) {
	t.Helper()
	for _, r := range s {
		switch {
		case r == '\u200b' || r == '\u200c' || r == '\u200d':
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			t.Fatalf("character %U in %.200q", r, s)
		}
	}
}

func TestTestEventFor_NamesTheReceiver(t *testing.T) {
	now := time.Now()
	a, b := TestEventFor("desk", now), TestEventFor("desk", now.Add(time.Second))
	if a.Type != veille.TestEvent || a.ID == b.ID || !strings.Contains(a.Message, "desk") {
		t.Errorf("%+v, %+v", a, b)
	}
}
