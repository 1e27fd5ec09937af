package notify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"veille"
)

func slackSample() sample {
	secret := veille.NewSecret
	return sample{
		kind:    "slack",
		options: func(address string) veille.ReceiverOptions { return &SlackOptions{URL: secret(address)} },
		bad: []veille.ReceiverOptions{
			&SlackOptions{}, &SlackOptions{URL: secret("http://hooks.slack.com/" + canary)},
			&SlackOptions{URL: secret("ftp://" + canary)}, &SlackOptions{URL: secret("https://ho st/%zz" + canary)},
			&SlackOptions{URL: secret("https:///" + canary)}, &SlackOptions{URL: secret("http://169.254.169.254/" + canary)},
			&SlackOptions{URL: secret(canary)}, &SlackOptions{URL: secret("https:" + canary)},
			&SlackOptions{URL: secret("https://hooks.slack.com/" + canary), Voice: Voice{Language: "de"}},
		},
		serve: func(w http.ResponseWriter, r *http.Request) {
			if fault := slackFault(r); fault != "" {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, fault)
				return
			}
			_, _ = io.WriteString(w, "ok")
		},
		check: checkSlack,
	}
}

// slackFault is the word with which Slack refuses a message.
func slackFault(r *http.Request) string {
	if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return "invalid_payload"
	}
	type text struct{ Type, Text string }
	var m struct {
		Text   string
		Blocks []struct {
			Type     string
			Text     *text
			Elements []text
		}
	}
	if json.NewDecoder(r.Body).Decode(&m) != nil {
		return "invalid_payload"
	}
	if m.Text == "" {
		return "no_text"
	}
	total := 0
	for _, b := range m.Blocks {
		texts, limit := b.Elements, 2000
		if b.Text != nil {
			texts, limit = append(texts, *b.Text), 3000
		}
		if len(texts) == 0 {
			return "invalid_blocks"
		}
		for _, x := range texts {
			if n := length(x.Text); n == 0 || n > limit {
				return "invalid_blocks"
			}
			total += length(x.Text)
		}
	}
	switch {
	case len(m.Blocks) > 50:
		return "invalid_blocks"
	case total > 13200:
		return "msg_blocks_too_long"
	case length(m.Text) > 40000:
		return "msg_too_long"
	}
	return ""
}

var (
	slackLink   = regexp.MustCompile(`<https?://[^|<>\s]+\|[^<>\n]*>`)
	slackEmoji  = regexp.MustCompile(`:[a-zA-Z0-9_+-]+:`)
	slackEntity = regexp.MustCompile(`&(amp|lt|gt);`)
)

// checkSlack is a validator of what Slack documents, stricter where its answer
// to an excess is a refusal.
func checkSlack(t *testing.T, e veille.Event, payload []byte) {
	t.Helper()
	var m struct {
		Text        *string `json:"text"`
		UnfurlLinks *bool   `json:"unfurl_links"`
		UnfurlMedia *bool   `json:"unfurl_media"`
		Blocks      json.RawMessage
	}
	type text struct{ Type, Text string }
	var blocks []struct {
		Type     string
		Text     *text
		Elements []text
	}
	if err := json.Unmarshal(payload, &m); err != nil {
		t.Fatal(err)
	}
	if m.Blocks != nil {
		if err := json.Unmarshal(m.Blocks, &blocks); err != nil {
			t.Fatal(err)
		}
	}
	if m.Text == nil || *m.Text == "" || length(*m.Text) > 3000 {
		t.Errorf("text of %d characters, want 1 to 3,000", length(*m.Text))
	}
	if m.UnfurlLinks == nil || *m.UnfurlLinks || m.UnfurlMedia == nil || *m.UnfurlMedia {
		t.Error("links may unfurl")
	}
	if len(blocks) > 45 {
		t.Errorf("%d blocks, want at most 45", len(blocks))
	}
	if n := length(string(m.Blocks)); n > 13000 {
		t.Errorf("blocks are %d characters of JSON", n)
	}
	total := 0
	check := func(s string, limit int) {
		t.Helper()
		if n := length(s); n == 0 || n > limit {
			t.Errorf("text of %d characters, want 1 to %d", n, limit)
		}
		total += length(s)
		checkMrkdwn(t, s)
	}
	checkMrkdwn(t, *m.Text)
	for _, b := range blocks {
		switch {
		case b.Type == "section" && b.Text != nil && b.Text.Type == "mrkdwn":
			check(b.Text.Text, 3000)
		case b.Type == "context" && len(b.Elements) > 0 && len(b.Elements) <= 10:
			for _, el := range b.Elements {
				check(el.Text, 2000)
			}
		default:
			t.Errorf("block %+v is not one that is made here", b)
		}
	}
	if total > 12000 {
		t.Errorf("%d characters in all, want at most 12,000", total)
	}
	_ = e
}

// checkMrkdwn finds whatever Slack would act on that is not a link or bold of
// our own making.
func checkMrkdwn(t *testing.T, s string) {
	t.Helper()
	for row := range strings.SplitSeq(s, "\n") {
		checkPlain(t, row)
		if strings.HasPrefix(row, "&gt;") {
			t.Errorf("a quotation: %.80q", row)
		}
	}
	rest := slackLink.ReplaceAllString(s, "LINK")
	if strings.ContainsAny(rest, "<>_`") {
		t.Errorf("active markup in %.300q", rest)
	}
	if strings.Contains(slackEntity.ReplaceAllString(rest, ""), "&") {
		t.Errorf("a broken entity in %.300q", rest)
	}
	if strings.Count(rest, "*")%2 != 0 || strings.Count(rest, "~")%2 != 0 {
		t.Errorf("bold or strike that does not end in %.300q", rest)
	}
	if m := slackEmoji.FindString(rest); m != "" {
		t.Errorf("emoji %q in %.300q", m, rest)
	}
}

func length(s string) int { return len(utf16.Encode([]rune(s))) }

func TestSlack_OnlyMatchedWordsAreBold(t *testing.T) {
	for _, tc := range []struct{ excerpt, term, want string }{
		{"la «Russie» dit", "Russie", "la *Russie* dit"},
		{"l'«Iran», dit-il", "Iran", "l'\u200b*Iran*\u200b, dit-il"},
		{"«북한»이 말했다", "북한", "*북한*\u200b이 말했다"},
		{"« plus «étroite» » et «non» *fort*", "étroite", "« plus *étroite* » et «non» ∗fort∗"},
		{"un « mot » cité", "mot", "un « mot » cité"},
		{"«A & B» <x>", "A & B", "*A &amp; B* &lt;x&gt;"},
		{"«Corée du Nord et la Russie»", "Russie", "*Corée du Nord et la Russie*"},
		{"«*Russie*»", "*Russie*", "*∗Russie∗*"},
		{"reste «ouvert", "ouvert", "reste «ouvert"},
	} {
		got, _ := slackDialect().write(excerptRuns(veille.Match{Excerpt: tc.excerpt, Terms: []veille.Term{{Text: tc.term}}}), 2900)
		if got != tc.want {
			t.Errorf("%q with %q:\n got %q\nwant %q", tc.excerpt, tc.term, got, tc.want)
		}
	}
}

func TestSlack_HostileTitleIsLiteral(t *testing.T) {
	got := slackPlain(clean("<!channel> <@U123> <http://evil|Bank> &amp;"), 3000)
	want := "&lt;!channel&gt; &lt;@U123&gt; &lt;http://evil|Bank&gt; &amp;amp;"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestSlack_ReadsAnswers(t *testing.T) {
	for _, tc := range []struct {
		status int
		body   string
		want   veille.Verdict
	}{
		{200, "ok", ""},
		{200, "ok\n", ""},
		{200, "<html>login</html>", veille.VerdictRetry},
		{200, "", veille.VerdictRetry},
		{204, "", veille.VerdictRetry},
		{200, `{"ok":true}`, veille.VerdictRetry},
		{200, `{"ok":false,"error":"channel_not_found"}`, veille.VerdictDisable},
		{200, `{"ok":false,"error":"fatal_error"}`, veille.VerdictPause},
		{302, "", veille.VerdictRetry},
		{400, "invalid_payload", veille.VerdictPoison},
		{400, "invalid_blocks", veille.VerdictPoison},
		{400, "something_new", veille.VerdictPoison},
		{401, "", veille.VerdictPause},
		{403, "action_prohibited", veille.VerdictDisable},
		{403, "", veille.VerdictPause},
		{404, "no_service", veille.VerdictDisable},
		{404, "<html>", veille.VerdictDisable},
		{410, "channel_is_archived", veille.VerdictDisable},
		{429, "rate_limited", veille.VerdictPause},
		{500, "rollup_error", veille.VerdictPause},
		{500, "<html>oops</html>", veille.VerdictPause},
	} {
		t.Run(fmt.Sprintf("%d %s", tc.status, tc.body), func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.body)
			}))
			defer server.Close()
			n, err := slackKind().Build("desk", &SlackOptions{URL: veille.NewSecret(server.URL)}, Env{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = n.Notify(t.Context(), veille.Delivery{Event: Example(veille.ArticlePublished)})
			checkVerdict(t, err, tc.want, tc.status, 7*time.Second)
		})
	}
}

func checkVerdict(t *testing.T, err error, want veille.Verdict, status int, after time.Duration) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("%v, want success", err)
		}
		return
	}
	v, ok := errors.AsType[*veille.DeliveryError](err)
	if !ok {
		t.Fatalf("error %v is %T, not a DeliveryError", err, err)
	}
	if v.Verdict != want || v.Status != status || v.After != after {
		t.Errorf("verdict %s, status %d, after %v; want %s, %d, %v", v.Verdict, v.Status, v.After, want, status, after)
	}
}

func TestSlack_Golden(t *testing.T) {
	for _, typ := range veille.EventTypes() {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(slackMessageOf(testVoice(), veille.Delivery{Event: Example(typ)})); err != nil {
			t.Fatal(err)
		}
		golden(t, "slack-"+string(typ)+".json", b.Bytes())
	}
	e := Example(veille.ArticlePublished)
	golden(t, "slack-degraded.txt", []byte(slackMessageOf(testVoice(), veille.Delivery{Event: e, Degraded: true}).Text+"\n"))
}
