package notify

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"veille"
)

// GotifyOptions are the options of a Gotify receiver.
type GotifyOptions struct {
	URL      string        `yaml:"url" required:"true" doc:"Address of the Gotify server."`
	Token    veille.Secret `yaml:"token" required:"true" doc:"Token of the application that the messages belong to."`
	Priority int           `yaml:"priority" default:"5" doc:"0 to 10; from 8 on a telephone is loud."`
	Voice
}

// Problems implements veille.ReceiverOptions.
func (o *GotifyOptions) Problems() []veille.Problem {
	out := o.problems(plainDialect(byteLen), nil)
	if _, p := newBase("url", o.URL); p != nil {
		out = append(out, *p)
	}
	if token := strings.TrimSpace(o.Token.Reveal()); token == "" || strings.ContainsFunc(token, notInHeader) {
		out = append(out, veille.Problem{Path: "token", What: "is not the token of an application", Help: "give the one shown beside the application in Gotify"})
	}
	if o.Priority < 0 || o.Priority > 10 {
		out = append(out, veille.Problem{Path: "priority", What: "is out of range", Help: "write 0 to 10"})
	}
	return out
}

// gotifyText is what a telephone still shows well, in bytes; Gotify itself
// names no limit.
const gotifyText = 8000

func gotifyKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "gotify",
			Summary: "Sends each alert to a Gotify server, and so to telephones.",
			Options: func() veille.ReceiverOptions { return &GotifyOptions{Priority: 5} },
			Flood:   peopleFlood,
		},
		Build: built(func(_ string, options *GotifyOptions, env Env) Notifier {
			t, _ := newBase("url", options.URL)
			t = t.conceal(options.Token).join("message")
			v := options.in(plainDialect(byteLen), env)
			return &service{
				sender: newSender(env), target: t, print: fingerprint(options), rate: pace{steps: chatSteps},
				ask: func(d veille.Delivery) (request, error) {
					limit := gotifyText
					if d.Degraded {
						limit = 1000
					}
					m := map[string]any{
						"title":    fit(disarm(v.summary(d.Event, 250), ' '), 500, asIs, byteLen),
						"message":  v.text(plainDialect(byteLen), d, limit),
						"priority": options.Priority,
					}
					extras := map[string]any{"client::display": map[string]string{"contentType": "text/plain"}}
					if a := d.Event.Article; a != nil && link(a.URL) != "" && !d.Degraded {
						extras["client::notification"] = map[string]any{"click": map[string]string{"url": link(a.URL)}}
					}
					m["extras"] = extras
					r, err := jsonRequest(m)
					r.header.Set("X-Gotify-Key", strings.TrimSpace(options.Token.Reveal()))
					return r, err
				},
				read: t.gotifyAnswer,
			}
		}),
	}
}

// gotifyAnswer reads an answer of Gotify.
func (t *target) gotifyAnswer(a answer) (veille.Receipt, error) {
	var said struct {
		ID          int64  `json:"id"`
		Description string `json:"errorDescription"`
	}
	_ = json.Unmarshal(a.body, &said)
	if err := t.judge(a, t.scrub(said.Description, 160)); err != nil {
		return nil, err
	}
	if a.status != http.StatusOK || said.ID == 0 {
		return nil, t.refuse(veille.VerdictRetry, a.status, a.after, "did not name the message; check url")
	}
	return veille.Receipt{"message": strconv.FormatInt(said.ID, 10)}, nil
}
