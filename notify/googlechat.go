package notify

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"veille"
)

// GoogleChatOptions are the options of a Google Chat receiver.
type GoogleChatOptions struct {
	URL veille.Secret `yaml:"url" required:"true" doc:"Address of the space's webhook: https://chat.googleapis.com/v1/spaces/…"`
	Voice
}

// Problems implements veille.ReceiverOptions.
func (o *GoogleChatOptions) Problems() []veille.Problem {
	out := o.problems(googleChatDialect(), nil)
	if _, p := newTarget(o.URL); p != nil {
		out = append(out, *p)
	}
	return out
}

// googleChatText is below the 32,000 bytes of a message, whatever script its
// 4,000 units are in.
const googleChatText = 4000

// googleChatDialect is the markup of Google Chat, which has no escape at all:
// characters that act are replaced by ones that look the same.
func googleChatDialect() dialect {
	d := slackDialect()
	d.inert = func(s string, next rune) string { return disarm(inert(s, next), next) }
	d.escape = func(g string) string {
		if !strings.ContainsAny(g, "<>*_~`|") {
			return g
		}
		return strings.Map(lookAlike, g)
	}
	d.link = func(href, label string) string { return "<" + unmarked(href) + "|" + label + ">" }
	return d
}

func lookAlike(r rune) rune {
	switch r {
	case '<':
		return '‹'
	case '>':
		return '›'
	case '*':
		return '∗'
	case '_':
		return '＿'
	case '~':
		return '∼'
	case '`':
		return 'ˋ'
	case '|':
		return '¦'
	}
	return r
}

func googleChatKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "googlechat",
			Summary: "Posts each alert to a Google Chat space through a webhook, a story in one thread.",
			Options: func() veille.ReceiverOptions { return new(GoogleChatOptions) },
			Flood:   peopleFlood,
		},
		Build: built(func(_ string, options *GoogleChatOptions, env Env) Notifier {
			t, _ := newTarget(options.URL)
			t = t.with(url.Values{"messageReplyOption": {"REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"}})
			v := options.in(googleChatDialect(), env)
			return &service{
				sender: newSender(env), target: t, print: fingerprint(options),
				rate: pace{steps: chatSteps, spacing: time.Second},
				ask: func(d veille.Delivery) (request, error) {
					var m googleChatMessage
					m.Text = v.text(googleChatDialect(), d, googleChatText)
					if key := threadKey(d.Event); key != "" && !d.Degraded {
						m.Thread = &googleChatThread{key}
					}
					return jsonRequest(m)
				},
				read: t.googleChatAnswer,
			}
		}),
	}
}

type googleChatMessage struct {
	Text   string            `json:"text"`
	Thread *googleChatThread `json:"thread,omitempty"`
}

type googleChatThread struct {
	Key string `json:"threadKey"`
}

// threadKey names the story that an event is about, else its article; a digest
// has one only where all of it has the same.
func threadKey(e veille.Event) string {
	key := ""
	switch {
	case e.Story != nil && e.Story.ID != "":
		return e.Story.ID
	case e.Article != nil:
		return e.Article.ID
	case len(e.Events) > 0:
		key = threadKey(e.Events[0])
		for _, one := range e.Events[1:] {
			if threadKey(one) != key {
				return ""
			}
		}
	}
	return key
}

// googleChatAnswer reads an answer of a Google API.
func (t *target) googleChatAnswer(a answer) (veille.Receipt, error) {
	var said struct {
		Name   string `json:"name"`
		Thread struct {
			Name string `json:"name"`
		} `json:"thread"`
		Error struct {
			Status  string `json:"status"`
			Message string `json:"message"`
			Details []struct {
				Reason string `json:"reason"`
			} `json:"details"`
		} `json:"error"`
	}
	_ = json.Unmarshal(a.body, &said)
	detail := strings.TrimSpace(said.Error.Status + " " + said.Error.Message)
	refused := a.status == http.StatusNotFound
	for _, d := range said.Error.Details {
		refused = refused || d.Reason == "API_KEY_INVALID"
	}
	if refused {
		return nil, t.refuse(veille.VerdictDisable, a.status, a.after, "knows no such webhook: "+detail)
	}
	if err := t.judge(a, detail); err != nil {
		return nil, err
	}
	if said.Name == "" {
		return nil, t.refuse(veille.VerdictRetry, a.status, a.after, "did not name the message; check that the URL is a Google Chat webhook")
	}
	return veille.Receipt{"message": said.Name, "thread": said.Thread.Name}, nil
}
