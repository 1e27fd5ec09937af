package notify

import (
	"io"
	"net/http"
	"testing"
	"time"

	"veille"
)

func mattermostSample() sample {
	return sample{
		kind:    "mattermost",
		options: func(address string) veille.ReceiverOptions { return &MattermostOptions{URL: veille.NewSecret(address)} },
		bad:     []veille.ReceiverOptions{&MattermostOptions{}, &MattermostOptions{URL: veille.NewSecret("http://chat.example.org/hooks/" + canary)}},
		serve: func(w http.ResponseWriter, r *http.Request) {
			var m struct{ Text string }
			switch {
			case !jsonBody(r, &m):
				says(w, 400, `{"id":"web.incoming_webhook.parse.app_error","message":"Unable to parse incoming data.","status_code":400}`)
			case m.Text == "" || len([]rune(m.Text)) > 16383:
				says(w, 400, `{"id":"web.incoming_webhook.text.app_error","message":"No text specified.","status_code":400}`)
			default:
				_, _ = io.WriteString(w, "ok")
			}
		},
		check: func(t *testing.T, _ veille.Event, payload []byte) {
			checkInert(t, readMarkdown(t, unmarshal[struct{ Text string }](t, payload).Text))
		},
	}
}

func TestMattermost_ReadsAnswers(t *testing.T) {
	readsAnswers(t, mattermostSample(), []reply{
		{200, "", "ok", "", 0},
		{200, "", "<html>login</html>", veille.VerdictRetry, 0},
		{400, "", `{"id":"web.incoming_webhook.text.app_error","message":"No text specified."}`, veille.VerdictPoison, 0},
		{400, "", `{"id":"web.incoming_webhook.invalid.app_error","message":"Invalid webhook."}`, veille.VerdictDisable, 0},
		{500, "", `{"id":"web.incoming_webhook.channel.app_error","message":"Couldn't find the channel."}`, veille.VerdictDisable, 0},
		{501, "", `{"id":"web.incoming_webhook.disabled.app_error"}`, veille.VerdictDisable, 0},
		{403, "", `{"id":"web.incoming_webhook.channel_locked.app_error"}`, veille.VerdictDisable, 0},
		{400, "", ``, veille.VerdictPoison, 0},
		{401, "", ``, veille.VerdictPause, 0}, {403, "", ``, veille.VerdictPause, 0},
		{404, "", ``, veille.VerdictRetry, 0},
		{429, "3", `limit exceeded`, veille.VerdictPause, 3 * time.Second},
		{500, "", `{"id":"app.something"}`, veille.VerdictPause, 0},
	})
}
