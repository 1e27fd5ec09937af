package notify

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"veille"
)

// NtfyOptions are the options of an ntfy receiver.
type NtfyOptions struct {
	URL      string        `yaml:"url" default:"https://ntfy.sh" doc:"Address of the ntfy server."`
	Topic    veille.Secret `yaml:"topic" required:"true" doc:"The topic. On a public server its name is all that guards it, so it is a secret."`
	Token    veille.Secret `yaml:"token" doc:"Access token (tk_…), where the topic asks for one."`
	Priority string        `yaml:"priority" enum:"min,low,default,high,urgent" doc:"How loud a telephone is. Default: default."`
	Voice
}

var ntfyTopic = regexp.MustCompile(`^[-_A-Za-z0-9]{1,64}$`)

// ntfyPriorities are the names of the priorities 1 to 5.
func ntfyPriorities() []string { return []string{"min", "low", "default", "high", "urgent"} }

// Problems implements veille.ReceiverOptions.
func (o *NtfyOptions) Problems() []veille.Problem {
	out := o.problems(plainDialect(byteLen), nil)
	if _, p := newBase("url", o.URL); p != nil {
		out = append(out, *p)
	}
	if !ntfyTopic.MatchString(strings.TrimSpace(o.Topic.Reveal())) {
		out = append(out, veille.Problem{Path: "topic", What: "is not a topic", Help: "write 1 to 64 letters, digits, - and _"})
	}
	if strings.ContainsFunc(strings.TrimSpace(o.Token.Reveal()), notInHeader) {
		out = append(out, veille.Problem{Path: "token", What: "is not an access token", Help: "give the one that begins with tk_"})
	}
	if o.Priority != "" && ntfyPriority(o.Priority) == 0 {
		out = append(out, veille.Problem{Path: "priority", What: "is no priority", Help: "write min, low, default, high or urgent"})
	}
	return out
}

func ntfyPriority(name string) int {
	for i, p := range ntfyPriorities() {
		if p == name {
			return i + 1
		}
	}
	return 0
}

// The limits of ntfy, in bytes: a longer message becomes an attachment, a longer
// title is refused.
const (
	ntfyText  = 4000
	ntfyTitle = 250
)

type ntfyMessage struct {
	Topic    string `json:"topic"`
	Title    string `json:"title"`
	Message  string `json:"message"`
	Priority int    `json:"priority,omitempty"`
	Click    string `json:"click,omitempty"`
}

func ntfyKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "ntfy",
			Summary: "Sends each alert to a topic of an ntfy server, and so to telephones.",
			Options: func() veille.ReceiverOptions { return &NtfyOptions{URL: "https://ntfy.sh"} },
			Flood:   peopleFlood,
		},
		Build: built(func(_ string, options *NtfyOptions, env Env) Notifier {
			t, _ := newBase("url", options.URL)
			t = t.conceal(options.Topic, options.Token)
			v := options.in(plainDialect(byteLen), env)
			return &service{
				sender: newSender(env), target: t, print: fingerprint(options), rate: pace{steps: chatSteps},
				ask: func(d veille.Delivery) (request, error) {
					text := plainDialect(byteLen)
					m := ntfyMessage{Topic: strings.TrimSpace(options.Topic.Reveal()), Priority: ntfyPriority(options.Priority)}
					m.Title = fit(disarm(v.summary(d.Event, ntfyTitle), ' '), ntfyTitle, asIs, byteLen)
					m.Message = v.text(text, d, ntfyText)
					if a := d.Event.Article; a != nil && len(link(a.URL)) <= 1000 {
						m.Click = link(a.URL)
					}
					if d.Degraded {
						m.Click, m.Message = "", v.text(text, d, 1000)
					}
					r, err := jsonRequest(m)
					if !options.Token.IsZero() {
						bearer(options.Token)(r.header)
					}
					return r, err
				},
				read: t.ntfyAnswer,
			}
		}),
	}
}

// ntfyAnswer reads an answer of ntfy, whose refusals have a code.
func (t *target) ntfyAnswer(a answer) (veille.Receipt, error) {
	var said struct {
		ID    string `json:"id"`
		Code  int    `json:"code"`
		Error string `json:"error"`
	}
	_ = json.Unmarshal(a.body, &said)
	detail := t.scrub(said.Error, 160)
	if said.Code != 0 {
		detail += " (code " + strconv.Itoa(said.Code) + ")"
	}
	if err := t.judge(a, detail); err != nil {
		return nil, err
	}
	if a.status != http.StatusOK || said.ID == "" {
		return nil, t.refuse(veille.VerdictRetry, a.status, a.after, "did not name the message; check url")
	}
	return veille.Receipt{"message": said.ID}, nil
}
