package notify

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func webhookSample() sample {
	secret := veille.NewSecret
	const address = "https://example.org/"
	return sample{
		kind: "webhook",
		options: func(address string) veille.ReceiverOptions {
			return &WebhookOptions{URL: secret(address), Secret: secret(canaryKey), PreviousSecret: secret(canaryKey)}
		},
		bad: []veille.ReceiverOptions{
			&WebhookOptions{}, &WebhookOptions{URL: secret("https://example.org/" + canary)},
			&WebhookOptions{URL: secret(address), Secret: secret(canary)},
			&WebhookOptions{URL: secret(address), Secret: secret("whsec_" + canary + "*")},
			&WebhookOptions{URL: secret(address), Secret: secret("whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 23)))},
			&WebhookOptions{URL: secret(address), Secret: secret("whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65)))},
			&WebhookOptions{URL: secret(address), Secret: secret(canaryKey), PreviousSecret: secret(canary)},
			&WebhookOptions{URL: secret(address), Secret: secret(canaryKey), Format: "xml"},
			&WebhookOptions{URL: secret(address), ContentType: "a b", Voice: Voice{Template: `{"a":1}`}},
			&WebhookOptions{URL: secret(address), Format: "cloudevents", Voice: Voice{Template: `{"a":1}`}},
			&WebhookOptions{URL: secret(address), Secret: secret(canaryKey), Headers: map[string]veille.Secret{"User-Agent": secret(canary)}},
			&WebhookOptions{URL: secret(address), Secret: secret(canaryKey), Headers: map[string]veille.Secret{"X": secret(canary + "\n")}},
			&WebhookOptions{URL: secret(address), Voice: Voice{Template: `{"text": {{.ID}}}`}},
		},
		serve: acceptWebhook,
		check: checkWebhook,
	}
}

func cloudEventsSample() sample {
	s := webhookSample()
	s.form, s.bad = "cloudevents", nil
	s.options = func(address string) veille.ReceiverOptions {
		return &WebhookOptions{
			URL: veille.NewSecret(address), Secret: veille.NewSecret(canaryKey), Format: "cloudevents",
			Headers: map[string]veille.Secret{"X-Key": veille.NewSecret(canary)},
		}
	}
	s.check = func(t *testing.T, e veille.Event, payload []byte) {
		t.Helper()
		var got struct {
			SpecVersion, ID, Source, Type, Subject, Time, DataContentType string
			Data                                                          veille.Event
		}
		if err := json.Unmarshal(payload, &got); err != nil {
			t.Fatal(err)
		}
		if len(payload) > 20000 {
			t.Errorf("body of %d bytes, want at most 20,000", len(payload))
		}
		at, err := time.Parse(time.RFC3339, got.Time)
		if got.SpecVersion != "1.0" || got.ID != e.ID || got.Source == "" || got.Type != "veille."+string(e.Type) || err != nil || !at.Equal(e.Time) {
			t.Errorf("envelope %+v", got)
		}
		if got.Data.ID != e.ID || got.Data.Type != e.Type {
			t.Errorf("data %s %s", got.Data.ID, got.Data.Type)
		}
	}
	return s
}

// acceptWebhook is an endpoint that follows Standard Webhooks.
func acceptWebhook(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	at, err := strconv.ParseInt(r.Header.Get("Webhook-Timestamp"), 10, 64)
	key, _ := signingKey(veille.NewSecret(canaryKey))
	want := sign([][]byte{key}, r.Header.Get("Webhook-Id"), time.Unix(at, 0), body)
	switch {
	case err != nil || !slices.Contains(strings.Fields(r.Header.Get("Webhook-Signature")), want):
		w.WriteHeader(http.StatusUnauthorized)
	case len(body) > 20000:
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// checkWebhook holds a body to EVENTS.md.
func checkWebhook(t *testing.T, e veille.Event, payload []byte) {
	t.Helper()
	if len(payload) > 20000 {
		t.Errorf("body of %d bytes, want at most 20,000", len(payload))
	}
	var got veille.Event
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatal(err)
	}
	if got.ID != e.ID || got.Type != e.Type || !got.Time.Equal(e.Time) {
		t.Errorf("event %s %s %s, want %s %s %s", got.ID, got.Type, got.Time, e.ID, e.Type, e.Time)
	}
	if weight(e) > 1<<20 {
		if !got.Truncated {
			t.Error("truncated is not set")
		}
		return
	}
	full, err := marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if cut := string(full) != string(payload); cut != got.Truncated {
		t.Errorf("truncated is %t, but something is missing: %t", got.Truncated, cut)
	}
}

// The vector of the Standard Webhooks specification.
func TestWebhook_SignsAsStandardWebhooksDo(t *testing.T) {
	key, ok := signingKey(veille.NewSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
	if !ok {
		t.Fatal("the key was refused")
	}
	got := sign([][]byte{key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWebhook_SendsWhatItSigned(t *testing.T) {
	present, previous := "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", canaryKey
	type request struct {
		method, path string
		header       http.Header
		body         []byte
	}
	var got request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = request{r.Method, r.RequestURI, r.Header, body}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	n, err := webhookKind().Build("hook", &WebhookOptions{
		URL: veille.NewSecret(server.URL + "/in?x=1"), Secret: veille.NewSecret(present), PreviousSecret: veille.NewSecret(previous),
	}, Env{UserAgent: "VeilleBot/1 (+mailto:ops@example.org)"})
	if err != nil {
		t.Fatal(err)
	}
	e := Example(veille.ArticlePublished)
	receipt, err := n.Notify(t.Context(), veille.Delivery{EventID: e.ID, Event: e})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(veille.Receipt{"status": "202"}, receipt); diff != "" {
		t.Error(diff)
	}
	seconds, err := strconv.ParseInt(got.header.Get("Webhook-Timestamp"), 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)) > time.Minute {
		t.Errorf("timestamp %q", got.header.Get("Webhook-Timestamp"))
	}
	a, _ := signingKey(veille.NewSecret(present))
	b, _ := signingKey(veille.NewSecret(previous))
	for name, want := range map[string]string{
		"Webhook-Id": e.ID, "Content-Type": "application/json", "User-Agent": "VeilleBot/1 (+mailto:ops@example.org)",
		"Webhook-Signature": sign([][]byte{a}, e.ID, time.Unix(seconds, 0), got.body) + " " + sign([][]byte{b}, e.ID, time.Unix(seconds, 0), got.body),
	} {
		if v := got.header.Get(name); v != want {
			t.Errorf("%s: %q, want %q", name, v, want)
		}
	}
	if got.method != "POST" || got.path != "/in?x=1" {
		t.Errorf("%s %s", got.method, got.path)
	}
	golden(t, "webhook-article.published.json", append(got.body, '\n'))
}

func TestWebhook_ReadsAnswers(t *testing.T) {
	for _, tc := range []struct {
		status int
		after  string
		want   veille.Verdict
		wait   time.Duration
	}{
		{200, "", "", 0}, {204, "", "", 0}, {299, "", "", 0},
		{301, "", veille.VerdictRetry, 0}, {307, "", veille.VerdictRetry, 0},
		{400, "", veille.VerdictPoison, 0}, {413, "", veille.VerdictPoison, 0}, {422, "", veille.VerdictPoison, 0},
		{401, "", veille.VerdictPause, 0}, {403, "", veille.VerdictPause, 0},
		{404, "", veille.VerdictRetry, 0}, {405, "", veille.VerdictRetry, 0},
		{408, "", veille.VerdictPause, 0}, {425, "", veille.VerdictPause, 0},
		{410, "", veille.VerdictDisable, 0},
		{418, "", veille.VerdictRetry, 0},
		{429, "120", veille.VerdictPause, 2 * time.Minute},
		{503, "Fri, 31 Dec 9999 23:59:59 GMT", veille.VerdictPause, 24 * time.Hour},
		{503, "-5", veille.VerdictPause, 0}, {503, "banana", veille.VerdictPause, 0},
		{500, "", veille.VerdictPause, 0}, {502, "", veille.VerdictPause, 0}, {599, "", veille.VerdictPause, 0},
	} {
		t.Run(fmt.Sprintf("%d %s", tc.status, tc.after), func(t *testing.T) {
			hits := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				hits++
				w.Header().Set("Location", "/elsewhere")
				w.Header().Set("Retry-After", tc.after)
				w.WriteHeader(tc.status)
			}))
			defer server.Close()
			_, err := testWebhook(t, server.URL, Env{}).Notify(t.Context(), veille.Delivery{Event: Example(veille.TestEvent)})
			checkVerdict(t, err, tc.want, tc.status, tc.wait)
			if hits != 1 {
				t.Errorf("%d requests: a redirect was followed", hits)
			}
		})
	}
}

func testWebhook(t *testing.T, address string, env Env) Notifier {
	t.Helper()
	n, err := webhookKind().Build("hook", &WebhookOptions{URL: veille.NewSecret(address), Secret: veille.NewSecret(canaryKey)}, env)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWebhook_CutsExcerptsBeforeNames(t *testing.T) {
	e := hugeEvent(veille.ArticlePublished)
	e.Article.Title, e.Message = "A title", ""
	e.Matches, e.Watches = e.Matches[:10], e.Watches[:10]
	body, err := encodeEvent(e, maxWebhookBody)
	if err != nil {
		t.Fatal(err)
	}
	var got veille.Event
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	if !got.Truncated || got.Article.Title != "A title" || len(got.Watches) != 10 || len(got.Matches) != 10 {
		t.Errorf("truncated %t, title %q, %d watches, %d matches", got.Truncated, got.Article.Title, len(got.Watches), len(got.Matches))
	}
	for _, m := range got.Matches {
		if !strings.Contains(m.Excerpt, "«Russie»") || len(m.Excerpt) > 2010 {
			t.Errorf("the matched word was cut from %.80q", m.Excerpt)
		}
	}
}

func FuzzEncodeEvent(f *testing.F) {
	for _, h := range hostile {
		f.Add(h, 3, false)
	}
	f.Fuzz(func(t *testing.T, text string, n int, degraded bool) {
		e := hostileEvent(veille.ArticleEdited, text)
		n = min(max(n, 0), 100)
		for range n {
			e.Matches = append(e.Matches, veille.Match{Watch: text, Excerpt: strings.Repeat(text, n), Terms: e.Matches[0].Terms})
		}
		limit := maxWebhookBody
		if degraded {
			limit = plainWebhookBody
		}
		body, err := encodeEvent(e, limit)
		if err != nil || len(body) > limit || !json.Valid(body) {
			t.Fatalf("%d bytes, %v", len(body), err)
		}
	})
}

// TestDispatcher_TellsAWebhookWhereEachMemberOfADigestIs: no id alone, however
// much there is to say of an alert.
func TestDispatcher_TellsAWebhookWhereEachMemberOfADigestIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told := map[string]bool{}
		env := pipeServer(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			var e veille.Event
			if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
				t.Error(err)
			}
			if e.Type != veille.Digest {
				e.Events = []veille.Event{e}
			}
			for _, one := range e.Events {
				if one.Article == nil || one.Article.URL == "" || one.Article.Title == "" || one.Article.Source == "" || len(one.Watches) == 0 || one.Revision == nil {
					t.Errorf("of %s it says %+v", one.ID, one)
				}
				told[one.ID] = true
			}
		}))
		outbox := newOutbox()
		for n := range 150 {
			e := alert(fmt.Sprint("f", n), "Corée du Nord et Russie: les échanges", "Une autre veille au nom assez long")
			e.Article.Title = strings.Repeat("《조선》 ", 30)
			e.Article.URL = "https://news.example/" + strings.Repeat("a-long-path/", 20) + e.ID
			e.Matches[0].Excerpt = strings.Repeat("Long «extrait» ", 100)
			e.Revision = &veille.EventRevision{Number: 1}
			outbox.put("hook", e)
		}
		hook, err := webhookKind().Build("hook", &WebhookOptions{URL: veille.NewSecret("http://127.0.0.1/hook"), Secret: veille.NewSecret(canaryKey)}, env)
		if err != nil {
			t.Fatal(err)
		}
		d := NewDispatcher(DispatcherOptions{Outbox: outbox})
		d.Apply(map[string]Notifier{"hook": Under(Policy{Flood: 3}, hook)})
		if _, err := d.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(told) != 150 {
			t.Errorf("%d of 150 alerts told", len(told))
		}
	})
}

// TestEncodeEvent_DropsNoMemberOfADigest: a member that went would be settled as
// told with the digest, and nobody would have been told.
func TestEncodeEvent_DropsNoMemberOfADigest(t *testing.T) {
	for _, n := range []int{5, 30, 100, 400} {
		digest := veille.Event{ID: "evt_d", Type: veille.Digest, Time: time.Unix(1, 0).UTC()}
		for i := range n {
			summary := strings.Repeat("Un résumé assez long. ", 15)
			digest.Events = append(digest.Events, veille.Event{ID: fmt.Sprint("evt_", i), Type: veille.ArticlePublished, Time: digest.Time, Watches: []string{"W"},
				Article: &veille.EventArticle{ID: fmt.Sprint("art_", i), URL: fmt.Sprint("https://news.example/", i), Title: "Titre", Summary: &summary}})
		}
		body, err := encodeEvent(digest, maxWebhookBody)
		if err != nil {
			if n <= 100 { // a digest has no more
				t.Errorf("%d events: %v", n, err)
			}
			continue // refused as a whole: the outbox tells them one by one
		}
		var got veille.Event
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Events) != n || len(body) > maxWebhookBody {
			t.Errorf("%d of %d events in %d bytes", len(got.Events), n, len(body))
		}
	}
}

// What is told of many watches keeps its article, however long their names are.
func TestEncodeEvent_CutsNamesBeforeTheArticle(t *testing.T) {
	e := Example(veille.ArticleEdited)
	e.Watches = nil
	for i := range 300 {
		name := fmt.Sprintf("%03d %s", i, strings.Repeat("nom ", 40))
		e.Watches, e.Unmatched = append(e.Watches, name), append(e.Unmatched, name)
	}
	e.Message = veille.UnmatchedMessage(e.Unmatched)
	failing := Example(veille.SourceFailing)
	failing.Source = strings.Repeat("source ", 10_000)
	for name, e := range map[string]veille.Event{"edit": e, "source": failing} {
		body, err := encodeEvent(e, maxWebhookBody)
		if err != nil || len(body) > maxWebhookBody {
			t.Fatalf("%s: %d bytes, %v", name, len(body), err)
		}
		got := unmarshal[veille.Event](t, body)
		if e.Article != nil && (got.Article == nil || got.Article.URL != e.Article.URL || len(got.Unmatched) == 0) || got.Message == "" || got.Source == "" && e.Source != "" {
			t.Errorf("%s: %+v is left", name, got)
		}
	}
}
