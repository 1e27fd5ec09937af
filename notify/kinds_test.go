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

// sample is what the suite needs to know of a kind. Every kind in Kinds has
// one; TestKinds fails for a kind without.
type sample struct {
	// options for a receiver at an address, which a kind may ignore; the
	// address and every other secret contain the canary.
	options func(address string) veille.ReceiverOptions
	// bad are options that Problems must refuse.
	bad []veille.ReceiverOptions
	// accept answers as the real service does.
	accept http.HandlerFunc
	// check judges one payload: a request's body, or what was written.
	check func(t *testing.T, e veille.Event, payload []byte)
}

func samples() map[string]sample {
	secret := veille.NewSecret
	return map[string]sample{
		"slack": {
			options: func(address string) veille.ReceiverOptions { return &SlackOptions{URL: secret(address)} },
			bad: []veille.ReceiverOptions{
				&SlackOptions{}, &SlackOptions{URL: secret("http://hooks.slack.com/" + canary)},
				&SlackOptions{URL: secret("ftp://" + canary)}, &SlackOptions{URL: secret("https://ho st/%zz" + canary)},
				&SlackOptions{URL: secret("https:///" + canary)}, &SlackOptions{URL: secret("http://169.254.169.254/" + canary)},
				&SlackOptions{URL: secret(canary)}, &SlackOptions{URL: secret("https:" + canary)},
			},
			accept: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") },
			check:  checkSlack,
		},
		"stdout": {
			options: func(string) veille.ReceiverOptions { return &StdoutOptions{Format: "text"} },
			bad:     []veille.ReceiverOptions{&StdoutOptions{Format: "xml"}},
			check: func(t *testing.T, _ veille.Event, payload []byte) {
				checkPlain(t, strings.ReplaceAll(string(payload), "\n", " "))
			},
		},
		"webhook": {
			options: func(address string) veille.ReceiverOptions {
				return &WebhookOptions{URL: secret(address), Secret: secret(canaryKey), PreviousSecret: secret(canaryKey)}
			},
			bad: []veille.ReceiverOptions{
				&WebhookOptions{}, &WebhookOptions{URL: secret("https://example.org/" + canary)},
				&WebhookOptions{URL: secret("https://example.org/"), Secret: secret(canary)},
				&WebhookOptions{URL: secret("https://example.org/"), Secret: secret("whsec_" + canary + "*")},
				&WebhookOptions{URL: secret("https://example.org/"), Secret: secret("whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 23)))},
				&WebhookOptions{URL: secret("https://example.org/"), Secret: secret("whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65)))},
				&WebhookOptions{URL: secret("https://example.org/"), Secret: secret(canaryKey), PreviousSecret: secret(canary)},
			},
			accept: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
			check:  checkWebhook,
		},
	}
}

// hostile are texts that try to be more than text: the list of bad inputs,
// F84 to F90, and what else renderers were seen to trip over.
var hostile = []string{
	"<!channel> <@U123> <http://evil|Bank> &amp; <!here> <#C1> @everyone",
	"@everyone [x](javascript:1) ||spoiler|| *bold* _it_ ~gone~ `code` ```pre``` :fire: :100:",
	"title\r\nBcc: x@y\n\n> quoted\n*bold*",
	"=HYPERLINK(\"http://evil\")",
	"\x1b[2J\x1b]0;owned\x07 \u009b31m level=ERROR msg=fake\x00\x7f",
	"<script>alert(1)</script> \"onmouseover=\"x",
	"\u202egnp.exe\u202c \u2066x\u2069 \u200bzero\u200b\ufeff \U000e0041",
	"invalid \xff\xfe\xc3 bytes",
	"z" + strings.Repeat("\u0301", 5000) + " algo",
	strings.Repeat("👩‍👩‍👧‍👦", 3000),
	strings.Repeat("&<>", 4000),
	strings.Repeat("*_~`", 4000),
	strings.Repeat("«x» ", 4000),
	"《》「」«" + strings.Repeat("北韓", 3000),
	"", " ", "\u00a0", "«", "»", "«»", "»«", "&", "&am", "…",
}

// events are one of each type: plain, with every hostile text in every field,
// and as large as they come.
func events() map[string]veille.Event {
	out := map[string]veille.Event{}
	for _, t := range []veille.EventType{
		veille.ArticlePublished, veille.ArticleEdited, veille.ArticleWithdrawn, veille.ConfigRejected,
		veille.ReceiverDisabled, veille.ReceiverRecovered, veille.TestEvent, "a.type <of> *tomorrow*",
	} {
		out["plain "+string(t)] = sampleEvent(t)
		for i, text := range hostile {
			out[fmt.Sprintf("hostile %d %s", i, t)] = hostileEvent(t, text)
		}
		out["huge "+string(t)] = hugeEvent(t)
	}
	return out
}

// sampleEvent is an event as the monitor makes them.
func sampleEvent(t veille.EventType) veille.Event {
	e := veille.Event{ID: veille.SystemEventID(t, "sample", "1"), Type: t, Time: time.Date(2026, 11, 23, 8, 15, 2, 0, time.UTC)}
	switch t {
	case veille.ArticlePublished, veille.ArticleEdited, veille.ArticleWithdrawn:
	default:
		e.Message = "veille.yaml:3:7: sources: unknown key \"urll\"; did you mean \"url\"?"
		return e
	}
	published := time.Date(2023, 9, 14, 10, 24, 0, 0, time.FixedZone("", 9*3600))
	language, summary := "fr", "Les États-Unis se disent préoccupés par l'éventuelle coopération militaire."
	e.Watches = []string{"Corée du Nord et Russie", "Sommet"}
	e.Article = &veille.EventArticle{
		ID: veille.ArticleID("https://fr.example.org/view/1"), URL: "https://fr.example.org/view/1?a=1&b=2",
		Title: "Les USA inquiets d'un début de coopération dans l'armement", Source: "agence-nk",
		Authors: []string{"f@example.org"}, Published: &published,
		FirstSeen: time.Date(2026, 11, 23, 8, 15, 1, 0, time.UTC), Language: &language, Summary: &summary,
	}
	e.Matches = []veille.Match{
		{
			Watch: "Corée du Nord et Russie",
			Terms: []veille.Term{
				{Term: "Corée du Nord", Field: "body", Text: "Corée du Nord", Start: 141, End: 154},
				{Term: "Russie", Field: "body", Text: "Russie", Start: 161, End: 167},
			},
			Excerpt: "…une coopération « plus étroite » entre la «Corée du Nord» et la «Russie». Le porte-parole a dit…",
		},
		{
			Watch:   "Sommet",
			Terms:   []veille.Term{{Term: "북한", Field: "body", Text: "북한", Start: 3, End: 5}},
			Excerpt: "…«북한»이 러시아와…",
		},
	}
	e.Revision = &veille.EventRevision{Number: 1}
	e.Story = &veille.Story{ID: veille.StoryID(e.Article.ID), Outlets: 3, First: e.Article.URL}
	if t == veille.ArticleEdited {
		e.Revision = &veille.EventRevision{Number: 2, Change: &veille.Change{
			Title: &veille.FieldChange{From: "Les USA inquiets", To: e.Article.Title},
			Added: []string{"douze morts"}, Removed: []string{"dix morts", "selon un premier bilan"},
			Words: veille.WordsChange{Added: 2, Removed: 6}, Diff: "… [-dix-] {+douze+} morts …",
		}}
	}
	return e
}

func hostileEvent(t veille.EventType, text string) veille.Event {
	e := sampleEvent(t)
	e.Message = text
	if e.Article == nil {
		return e
	}
	e.Watches = []string{text, text + "2"}
	a := e.Article
	a.Title, a.Source, a.Summary, a.Language, a.Image, a.Authors = text, text, &text, &text, &text, []string{text}
	a.URL = "https://example.org/?q=|<x>&y=*_~`\"' " + text
	e.Matches = []veille.Match{
		{Watch: text, Excerpt: text, Terms: []veille.Term{{Term: text, Field: "body", Text: text}}},
		{Watch: text + "2", Excerpt: "a «" + text + "» b", Terms: []veille.Term{{Term: text, Field: "title", Text: text}}},
	}
	if e.Revision.Change != nil {
		e.Revision.Change = &veille.Change{
			Title: &veille.FieldChange{From: text, To: text}, Added: []string{text}, Removed: []string{text}, Diff: text,
		}
	}
	e.Story = &veille.Story{ID: "sto_1", Outlets: 2, First: text}
	return e
}

func hugeEvent(t veille.EventType) veille.Event {
	e := sampleEvent(t)
	e.Message = strings.Repeat("long message ", 50000)
	if e.Article == nil {
		return e
	}
	million := strings.Repeat("mot ", 250000)
	e.Article.Title, e.Article.Summary = million, &million
	terms := slices.Repeat(e.Matches[0].Terms, 150)
	excerpt := million + "«Russie» " + million
	e.Matches, e.Watches = nil, nil
	for i := range 300 {
		name := fmt.Sprintf("watch %d", i)
		e.Watches = append(e.Watches, name)
		e.Matches = append(e.Matches, veille.Match{Watch: name, Terms: terms, Excerpt: excerpt})
	}
	if c := e.Revision.Change; c != nil {
		c.Diff, c.Added, c.Removed = million, []string{million, million}, slices.Repeat([]string{"gone"}, 5000)
	}
	return e
}

// TestKinds runs every kind over every event, full and degraded, against a
// real server, and holds the payloads to the limits of the kind.
func TestKinds(t *testing.T) {
	all, fresh := events(), events()
	table := samples()
	var names []string
	for _, kind := range Kinds() {
		names = append(names, kind.Name)
		s, ok := table[kind.Name]
		if !ok {
			t.Errorf("kind %s has no sample in this suite", kind.Name)
			continue
		}
		t.Run(kind.Name, func(t *testing.T) {
			var payload bytes.Buffer
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(&payload, r.Body)
				s.accept(w, r)
			}))
			defer server.Close()
			n, err := kind.Build("sample", s.options(server.URL+"/"+canary), Env{Stdout: &payload})
			if err != nil {
				t.Fatal(err)
			}
			for name, e := range all {
				for _, degraded := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s/degraded=%t", name, degraded), func(t *testing.T) {
						payload.Reset()
						if _, err := n.Notify(t.Context(), veille.Delivery{EventID: e.ID, Event: e, Degraded: degraded}); err != nil {
							t.Fatal(err)
						}
						if payload.Len() == 0 {
							t.Fatal("nothing was sent")
						}
						if !utf8.Valid(payload.Bytes()) {
							t.Error("the payload is not valid UTF-8")
						}
						s.check(t, e, payload.Bytes())
						first := payload.String()
						payload.Reset()
						if _, err := n.Notify(t.Context(), veille.Delivery{EventID: e.ID, Event: e, Degraded: degraded}); err != nil {
							t.Fatal(err)
						}
						if payload.String() != first {
							t.Error("a second attempt sent other bytes")
						}
						if !reflect.DeepEqual(e, fresh[name]) {
							t.Error("the event was changed")
						}
					})
				}
			}
		})
	}
	if !slices.IsSorted(names) || len(names) != len(table) {
		t.Errorf("kinds %q: want them sorted, and as many as samples (%d)", names, len(table))
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
			if f.Tag.Get("yaml") == "" || f.Tag.Get("doc") == "" {
				t.Errorf("%s: field %s lacks a yaml or doc tag", kind.Name, f.Name)
			}
		}
	}
}

// TestKinds_RefuseBadOptions also proves that no problem repeats a secret.
func TestKinds_RefuseBadOptions(t *testing.T) {
	for _, kind := range Kinds() {
		s := samples()[kind.Name]
		for i, bad := range s.bad {
			problems := bad.Problems()
			if len(problems) == 0 {
				t.Errorf("%s: bad options %d have no problem", kind.Name, i)
			}
			for _, p := range problems {
				if p.Path == "" || p.What == "" || p.Help == "" {
					t.Errorf("%s: bad options %d: problem %+v is not complete", kind.Name, i, p)
				}
			}
			_, err := kind.Build("sample", bad, Env{Stdout: io.Discard})
			if err == nil {
				t.Errorf("%s: bad options %d were built", kind.Name, i)
			}
			noCanary(t, fmt.Sprintf("%+v %#v %v", problems, bad, err))
		}
		if problems := s.options("https://example.org/" + canary).Problems(); len(problems) > 0 {
			t.Errorf("%s: good options have problems %v", kind.Name, problems)
		}
		if _, err := kind.Build("sample", nil, Env{}); err == nil {
			t.Errorf("%s: nil options were built", kind.Name)
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
	for _, kind := range Kinds() {
		for _, status := range []int{200, 204, 302, 400, 401, 403, 404, 410, 413, 418, 429, 500, 503, 0} {
			server := httptest.NewServer(echo(max(status, 200)))
			address := server.URL + "/services/" + canary + "/x?token=" + canary + "&" + canary + "=1"
			if status == 0 {
				server.Close() // nobody listens any more
			}
			options := samples()[kind.Name].options(address)
			n, err := kind.Build("sample", options, Env{Stdout: brokenWriter{}, Log: log})
			if err != nil {
				t.Fatal(err)
			}
			outbox := newOutbox()
			outbox.put("sample", sampleEvent(veille.ArticlePublished))
			d := NewDispatcher(DispatcherOptions{Outbox: outbox, Log: log})
			d.Apply(map[string]Notifier{"sample": n})
			if _, err := d.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, err = n.Notify(t.Context(), veille.Delivery{Event: sampleEvent(veille.TestEvent)})
			var v *veille.DeliveryError
			if err != nil && (!errors.As(err, &v) || len(v.Err.Error()) > 512) {
				t.Errorf("%s: %v is not a bounded DeliveryError", kind.Name, err)
			}
			row := outbox.row(1)
			row.Event = veille.Event{}
			state, _ := outbox.Receiver(t.Context(), "sample")
			encoded, _ := json.Marshal([]any{options, n, row, state, d.Samples(), d.Reasons()})
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
