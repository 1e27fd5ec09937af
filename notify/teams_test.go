package notify

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"veille"
)

func teamsSample() sample {
	secret := veille.NewSecret
	return sample{
		kind:    "teams",
		options: func(address string) veille.ReceiverOptions { return &TeamsOptions{URL: secret(address)} },
		bad: []veille.ReceiverOptions{
			&TeamsOptions{}, &TeamsOptions{URL: secret("https://x.webhook.office.com/webhookb2/" + canary)},
			&TeamsOptions{URL: secret("https://outlook.office.com/webhook/" + canary)},
			&TeamsOptions{URL: secret("http://x.logic.azure.com/" + canary)},
		},
		serve: func(w http.ResponseWriter, r *http.Request) {
			body, fault := "", false
			var m teamsMessage
			if !jsonBody(r, &m) || m.Type != "message" || len(m.Attachments) != 1 || r.ContentLength > 28<<10 {
				fault = true
			} else {
				card := m.Attachments[0].Content
				fault = card.Type != "AdaptiveCard" || card.Version > "1.5" || len(card.Body) == 0 ||
					m.Attachments[0].ContentType != "application/vnd.microsoft.card.adaptive"
				for _, b := range card.Body {
					fault = fault || b.Type == "RichTextBlock" && len(b.Inlines) == 0 || b.Type == "TextBlock" && b.Text == ""
				}
			}
			if body = `{"error":{"code":"InvalidTemplate","message":"bad card"}}`; fault {
				says(w, 400, body)
				return
			}
			w.WriteHeader(http.StatusAccepted)
		},
		check: func(t *testing.T, _ veille.Event, payload []byte) {
			if len(payload) > 28<<10 {
				t.Errorf("a card of %d bytes", len(payload))
			}
			for _, b := range unmarshal[teamsMessage](t, payload).Attachments[0].Content.Body {
				if b.Type != "RichTextBlock" {
					t.Errorf("block %q may hold Markdown", b.Type)
				}
				var seen strings.Builder
				for _, r := range b.Inlines {
					seen.WriteString(r.Text)
					if r.Open != nil && !strings.HasPrefix(r.Open.URL, "http") {
						t.Errorf("link to %q", r.Open.URL)
					}
				}
				checkInert(t, seen.String())
			}
		},
	}
}

func TestTeams_ReadsAnswers(t *testing.T) {
	readsAnswers(t, teamsSample(), []reply{
		{202, "", ``, "", 0}, {200, "", ``, "", 0},
		{400, "", `{"error":{"code":"InvalidTemplate"}}`, veille.VerdictPoison, 0},
		{400, "", `{"error":{"code":"WorkflowTriggerIsNotEnabled"}}`, veille.VerdictDisable, 0},
		{401, "", `{"error":{"code":"DirectApiAuthorizationRequired"}}`, veille.VerdictDisable, 0},
		{401, "", ``, veille.VerdictPause, 0}, {403, "", ``, veille.VerdictPause, 0},
		{404, "", `{"error":{"code":"WorkflowNotFound"}}`, veille.VerdictDisable, 0},
		{404, "", ``, veille.VerdictDisable, 0},
		{429, "20", ``, veille.VerdictPause, 20 * time.Second},
		{413, "", ``, veille.VerdictPoison, 0},
		{502, "", ``, veille.VerdictPause, 0},
	})
}
