package notify

import (
	"encoding/json"
	"net/http"
	"strings"

	"veille"
)

// MattermostOptions are the options of a Mattermost receiver.
type MattermostOptions struct {
	URL     veille.Secret `yaml:"url" required:"true" doc:"Address of the incoming webhook: https://chat.example.org/hooks/…"`
	Channel string        `yaml:"channel" doc:"Another channel than the webhook's own, where the webhook may choose."`
	Voice
}

// Problems implements veille.ReceiverOptions.
func (o *MattermostOptions) Problems() []veille.Problem {
	out := o.problems(markdownDialect(), nil)
	if _, p := newTarget(o.URL); p != nil {
		out = append(out, *p)
	}
	return out
}

// mattermostText is the longest post, in characters.
const mattermostText = 16383

func mattermostKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "mattermost",
			Summary: "Posts each alert to a Mattermost channel through an incoming webhook.",
			Options: func() veille.ReceiverOptions { return new(MattermostOptions) },
			Flood:   peopleFlood,
		},
		Build: built(func(_ string, options *MattermostOptions, env Env) Notifier {
			t, _ := newTarget(options.URL)
			v := options.in(markdownDialect(), env)
			return &service{
				sender: newSender(env), target: t, print: fingerprint(options), rate: pace{steps: chatSteps},
				ask: func(d veille.Delivery) (request, error) {
					limit := mattermostText
					if d.Degraded {
						limit = 3000
					}
					return jsonRequest(struct {
						Text    string `json:"text"`
						Channel string `json:"channel,omitempty"`
					}{v.text(markdownDialect(), d, limit), strings.TrimSpace(options.Channel)})
				},
				read: t.mattermostAnswer,
			}
		}),
	}
}

// mattermostAnswer reads an answer of Mattermost, which names its refusals.
func (t *target) mattermostAnswer(a answer) (veille.Receipt, error) {
	var said struct {
		ID      string `json:"id"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(a.body, &said)
	detail := t.scrub(said.Message, 160)
	switch strings.TrimSuffix(strings.TrimPrefix(said.ID, "web.incoming_webhook."), ".app_error") {
	case "invalid", "disabled", "channel", "channel_locked", "permissions", "user":
		return nil, t.refuse(veille.VerdictDisable, a.status, a.after, "takes nothing through this webhook: "+detail)
	case "text", "parse":
		return nil, t.refuse(veille.VerdictPoison, a.status, a.after, "does not take this alert: "+detail)
	}
	if err := t.judge(a, detail); err != nil {
		return nil, err
	}
	if a.status != http.StatusOK || strings.TrimSpace(string(a.body)) != "ok" {
		return nil, t.refuse(veille.VerdictRetry, a.status, a.after, `did not answer "ok"; check that the URL is a Mattermost webhook`)
	}
	return veille.Receipt{"answer": "ok"}, nil
}
