package notify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

const botToken = "xoxb-" + canary

func slackBotSample() sample {
	secret := veille.NewSecret
	return sample{
		kind: "slack", form: "bot",
		options: func(address string) veille.ReceiverOptions {
			return &SlackOptions{Token: secret(botToken), Channel: "C1", API: origin(address)}
		},
		bad: []veille.ReceiverOptions{
			&SlackOptions{Token: secret(botToken), API: "https://slack.com/api"},
			&SlackOptions{Channel: "C1", API: "https://slack.com/api"},
			&SlackOptions{Token: secret(canary), Channel: "C1", API: "https://slack.com/api"},
			&SlackOptions{Token: secret(botToken + "\n"), Channel: "C1", API: "https://slack.com/api"},
			&SlackOptions{Token: secret(botToken), Channel: "C1", API: "http://slack.com/api"},
			&SlackOptions{Token: secret(botToken), URL: secret("https://hooks.slack.com/" + canary), Channel: "C1", API: "https://slack.com/api"},
		},
		serve: (&slackServer{}).ServeHTTP,
		check: checkSlack,
	}
}

// slackServer is Slack's Web API, as far as a bot needs it.
type slackServer struct {
	// says is what the next calls of a method answer instead.
	says  map[string]string
	calls []slackCall
}

type slackCall struct {
	Method  string `json:"-"`
	Channel string `json:"channel"`
	Thread  string `json:"thread_ts"`
	TS      string `json:"ts"`
	Text    string `json:"text"`
	Blocks  []struct {
		Text *struct{ Text string }
	}
}

func (s *slackServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	call := slackCall{Method: method}
	_ = json.Unmarshal(body, &call)
	s.calls = append(s.calls, call)
	answer := func(v string) { _, _ = io.WriteString(w, v) }
	refuse := func(word string) { answer(fmt.Sprintf(`{"ok":false,"error":%q}`, word)) }
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch fault := slackFault(r); {
	case r.Header.Get("Authorization") != "Bearer "+botToken:
		refuse("invalid_auth")
	case s.says[method] != "":
		answer(s.says[method])
	case call.Channel != "C1":
		refuse("channel_not_found")
	case fault != "":
		refuse(fault)
	case method == "chat.update" && length(call.Text) > 4000:
		refuse("msg_too_long")
	default:
		answer(fmt.Sprintf(`{"ok":true,"channel":"C1","ts":"%d.1"}`, len(s.calls)))
	}
}

func bot(t *testing.T, s *slackServer) Notifier {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	n, err := slackKind().Build("desk", &SlackOptions{Token: veille.NewSecret(botToken), Channel: "C1", API: server.URL + "/api"}, Env{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func notify(t *testing.T, n Notifier, e veille.Event, thread veille.Receipt) veille.Receipt {
	t.Helper()
	r, err := n.Notify(t.Context(), veille.Delivery{Receiver: "desk", EventID: e.ID, Event: e, Thread: thread})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSlackBot_AnswersInTheThreadOfTheAlert(t *testing.T) {
	s := &slackServer{}
	n := bot(t, s)
	published := Example(veille.ArticlePublished)
	first := notify(t, n, published, nil)
	want := veille.Receipt{"ts": "1.1", "channel": "C1", "to": "C1", "article": published.Article.ID}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Error(diff)
	}
	second := notify(t, n, Example(veille.ArticleEdited), first)
	if second["thread"] != "1.1" {
		t.Errorf("receipt of the answer %v", second)
	}
	notify(t, n, Example(veille.StoryGrown), second)
	notify(t, n, Example(veille.Digest), first)
	notify(t, n, published, first) // another article of the story, which everybody must see
	notify(t, n, Example(veille.ArticleEdited), veille.Receipt{"ts": "9.9", "channel": "C9", "to": "C9"})
	var threads []string
	for _, c := range s.calls {
		threads = append(threads, c.Thread)
	}
	if diff := cmp.Diff([]string{"", "1.1", "1.1", "1.1", "", ""}, threads); diff != "" {
		t.Error(diff)
	}
}

func TestSlackBot_StrikesTheHeadlineOfAWithdrawnArticle(t *testing.T) {
	withdrawn := Example(veille.ArticleWithdrawn)
	thread := veille.Receipt{"ts": "1.1", "channel": "C1", "to": "C1", "article": withdrawn.Article.ID}
	for _, tc := range []struct {
		update string
		want   veille.Verdict
		after  time.Duration
	}{
		{"", "", 0},
		{`{"ok":false,"error":"message_not_found"}`, "", 0},
		{`{"ok":false,"error":"edit_window_closed"}`, "", 0},
		{`{"ok":false,"error":"cant_update_message"}`, "", 0},
		{`{"ok":false,"error":"ratelimited","retry_after":30}`, veille.VerdictPause, 30 * time.Second},
	} {
		s := &slackServer{says: map[string]string{"chat.update": tc.update}}
		_, err := bot(t, s).Notify(t.Context(), veille.Delivery{Event: withdrawn, Thread: thread})
		checkVerdict(t, err, tc.want, http.StatusOK, tc.after)
		if s.calls[0].Method != "chat.update" || s.calls[0].TS != "1.1" || !strings.Contains(s.calls[0].Blocks[0].Text.Text, "~<https://") {
			t.Errorf("%s: update %+v", tc.update, s.calls[0])
		}
		if tc.want == "" && (len(s.calls) != 2 || s.calls[1].Method != "chat.postMessage" || s.calls[1].Thread != "1.1") {
			t.Errorf("%s: calls %+v", tc.update, s.calls)
		}
	}
	// The alert of another article of the story is not struck.
	s := &slackServer{}
	thread["article"] = "art_other"
	notify(t, bot(t, s), withdrawn, thread)
	if len(s.calls) != 1 || s.calls[0].Method != "chat.postMessage" {
		t.Errorf("calls %+v", s.calls)
	}
}

func TestSlackBot_ReadsAnswers(t *testing.T) {
	for _, tc := range []struct {
		status int
		body   string
		want   veille.Verdict
		after  time.Duration
	}{
		{200, `{"ok":true,"ts":"1.1","channel":"C1"}`, "", 0},
		{200, `{"ok":true}`, veille.VerdictRetry, 0},
		{200, `<html>`, veille.VerdictRetry, 0},
		{200, `{"ok":false,"error":"a_new_word"}`, veille.VerdictRetry, 0},
		{200, `{"ok":false,"error":"channel_not_found"}`, veille.VerdictDisable, 0},
		{200, `{"ok":false,"error":"not_in_channel"}`, veille.VerdictDisable, 0},
		{200, `{"ok":false,"error":"is_archived"}`, veille.VerdictDisable, 0},
		{200, `{"ok":false,"error":"invalid_auth"}`, veille.VerdictDisable, 0},
		{200, `{"ok":false,"error":"account_inactive"}`, veille.VerdictDisable, 0},
		{200, `{"ok":false,"error":"token_revoked"}`, veille.VerdictDisable, 0},
		{200, `{"ok":false,"error":"missing_scope"}`, veille.VerdictDisable, 0},
		{200, `{"ok":false,"error":"msg_too_long"}`, veille.VerdictPoison, 0},
		{200, `{"ok":false,"error":"no_text"}`, veille.VerdictPoison, 0},
		{200, `{"ok":false,"error":"invalid_blocks"}`, veille.VerdictPoison, 0},
		{200, `{"ok":false,"error":"thread_not_found"}`, veille.VerdictPoison, 0},
		{200, `{"ok":false,"error":"fatal_error"}`, veille.VerdictPause, 0},
		{200, `{"ok":false,"error":"internal_error"}`, veille.VerdictPause, 0},
		{200, `{"ok":false,"error":"request_timeout"}`, veille.VerdictPause, 0},
		{200, `{"ok":false,"error":"service_unavailable"}`, veille.VerdictPause, 0},
		{429, `{"ok":false,"error":"ratelimited","retry_after":12}`, veille.VerdictPause, 12 * time.Second},
		{429, ``, veille.VerdictPause, 0},
		{503, `<html>`, veille.VerdictPause, 0},
		{404, ``, veille.VerdictRetry, 0},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(tc.status)
			_, _ = io.WriteString(w, tc.body)
		}))
		n, err := slackKind().Build("desk", &SlackOptions{Token: veille.NewSecret(botToken), Channel: "C1", API: server.URL}, Env{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = n.Notify(t.Context(), veille.Delivery{Event: Example(veille.ArticlePublished)})
		server.Close()
		t.Run(fmt.Sprintf("%d %s", tc.status, tc.body), func(t *testing.T) {
			checkVerdict(t, err, tc.want, tc.status, tc.after)
		})
	}
}
