package notify

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"veille"
)

var googleChatLink = regexp.MustCompile(`<https?://[^|<>\s]+\|([^<>|\n]*)>`)

func googleChatSample() sample {
	return sample{
		kind:    "googlechat",
		options: func(address string) veille.ReceiverOptions { return &GoogleChatOptions{URL: veille.NewSecret(address)} },
		bad:     []veille.ReceiverOptions{&GoogleChatOptions{}, &GoogleChatOptions{URL: veille.NewSecret("http://chat.googleapis.com/" + canary)}},
		serve: func(w http.ResponseWriter, r *http.Request) {
			var m googleChatMessage
			switch {
			case !jsonBody(r, &m) || m.Text == "" || len(m.Text) > 32000 || length(m.Text) > 4096:
				says(w, 400, `{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"Message cannot be empty or too long"}}`)
			case m.Thread != nil && r.URL.Query().Get("messageReplyOption") != "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD":
				says(w, 400, `{"error":{"code":400,"status":"INVALID_ARGUMENT"}}`)
			default:
				says(w, 200, `{"name":"spaces/A/messages/B","thread":{"name":"spaces/A/threads/C"}}`)
			}
		},
		check: func(t *testing.T, _ veille.Event, payload []byte) {
			text := unmarshal[googleChatMessage](t, payload).Text
			text = googleChatLink.ReplaceAllString(text, "$1")
			if strings.ContainsAny(text, "<>`") || strings.Count(text, "*")%2 != 0 || strings.Count(text, "~")%2 != 0 {
				t.Errorf("markup in %.300q", text)
			}
			checkInert(t, strings.NewReplacer("*", "", "~", "").Replace(text))
		},
	}
}

func TestGoogleChat_KeepsAStoryInOneThread(t *testing.T) {
	n, sent := googleChatSample().receiver(t, Env{})
	for _, typ := range []veille.EventType{veille.ArticlePublished, veille.ArticleEdited, veille.Digest} {
		e := Example(typ)
		notify(t, n, e, nil)
		want := Example(veille.ArticlePublished).Story.ID
		if m := unmarshal[googleChatMessage](t, sent()); m.Thread == nil || m.Thread.Key != want {
			t.Errorf("%s: thread %+v, want %s", typ, m.Thread, want)
		}
	}
}

func TestGoogleChat_ReadsAnswers(t *testing.T) {
	readsAnswers(t, googleChatSample(), []reply{
		{200, "", `{"name":"spaces/A/messages/B"}`, "", 0},
		{200, "", `<html>`, veille.VerdictRetry, 0},
		{400, "", `{"error":{"status":"INVALID_ARGUMENT","message":"no"}}`, veille.VerdictPoison, 0},
		{400, "", `{"error":{"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}`, veille.VerdictDisable, 0},
		{401, "", `{"error":{"status":"UNAUTHENTICATED"}}`, veille.VerdictPause, 0},
		{403, "", `{"error":{"status":"PERMISSION_DENIED"}}`, veille.VerdictPause, 0},
		{404, "", `{"error":{"status":"NOT_FOUND"}}`, veille.VerdictDisable, 0},
		{429, "", `{"error":{"status":"RESOURCE_EXHAUSTED"}}`, veille.VerdictPause, 0},
		{503, "", `{"error":{"status":"UNAVAILABLE"}}`, veille.VerdictPause, 0},
	})
}
