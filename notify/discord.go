package notify

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"veille"
)

// DiscordOptions are the options of a Discord receiver.
type DiscordOptions struct {
	URL veille.Secret `yaml:"url" required:"true" doc:"Address of the channel's webhook: https://discord.com/api/webhooks/…"`
	Voice
}

// Problems implements veille.ReceiverOptions.
func (o *DiscordOptions) Problems() []veille.Problem {
	out := o.problems(markdownDialect(), nil)
	if _, p := newTarget(o.URL); p != nil {
		out = append(out, *p)
	}
	return out
}

// The limits of a Discord message: 2,000 characters of content, 4,096 of an
// embed's description.
const (
	discordContent     = 2000
	discordDescription = 4096
	// discordNoEmbeds keeps Discord from adding previews of links.
	discordNoEmbeds = 1 << 2
)

type discordMessage struct {
	Content  string         `json:"content,omitempty"`
	Embeds   []discordEmbed `json:"embeds,omitempty"`
	Flags    int            `json:"flags,omitempty"`
	Mentions struct {
		Parse []string `json:"parse"`
	} `json:"allowed_mentions"`
}

type discordEmbed struct {
	Description string `json:"description"`
}

func discordKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "discord",
			Summary: "Posts each alert to a Discord channel through a webhook.",
			Options: func() veille.ReceiverOptions { return new(DiscordOptions) },
			Flood:   peopleFlood,
		},
		Build: built(func(_ string, options *DiscordOptions, env Env) Notifier {
			t, _ := newTarget(options.URL)
			t = t.with(url.Values{"wait": {"true"}})
			v := options.in(markdownDialect(), env)
			return &service{
				sender: newSender(env), target: t, print: fingerprint(options),
				// 30 messages a minute in one channel.
				rate: pace{steps: chatSteps, spacing: 2 * time.Second},
				ask:  func(d veille.Delivery) (request, error) { return jsonRequest(discordMessageOf(v, d)) },
				read: t.discordAnswer,
			}
		}),
	}
}

func discordMessageOf(v voice, d veille.Delivery) discordMessage {
	var m discordMessage
	m.Mentions.Parse = []string{} // nobody is mentioned, whatever the text says
	if d.Degraded || v.template != nil {
		m.Content, m.Flags = v.text(markdownDialect(), d, discordContent), discordNoEmbeds
		return m
	}
	m.Embeds = []discordEmbed{{Description: v.text(markdownDialect(), d, discordDescription)}}
	return m
}

// discordAnswer reads an answer of Discord. With wait=true it names the message;
// a refusal has a code (https://discord.com/developers/docs/topics/opcodes-and-status-codes).
func (t *target) discordAnswer(a answer) (veille.Receipt, error) {
	var said struct {
		ID         string  `json:"id"`
		Channel    string  `json:"channel_id"`
		Code       int     `json:"code"`
		Message    string  `json:"message"`
		RetryAfter float64 `json:"retry_after"`
	}
	_ = json.Unmarshal(a.body, &said)
	a.after = max(a.after, secondsOf(said.RetryAfter))
	detail := t.scrub(said.Message, 160)
	if said.Code != 0 {
		detail = fmt.Sprintf("%s (code %d)", detail, said.Code)
	}
	const (
		unknownChannel, unknownGuild, unknownWebhook = 10003, 10004, 10015
		invalidWebhookToken                          = 50027
	)
	switch {
	case said.Code == unknownWebhook || said.Code == unknownChannel || said.Code == unknownGuild || said.Code == invalidWebhookToken,
		a.status == http.StatusNotFound:
		return nil, t.refuse(veille.VerdictDisable, a.status, a.after, "knows no such webhook: "+detail)
	}
	if err := t.judge(a, detail); err != nil {
		return nil, err
	}
	return veille.Receipt{"message": said.ID, "channel": said.Channel}, nil
}
