package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"veille"
)

// SlackOptions are the options of a Slack receiver.
type SlackOptions struct {
	URL veille.Secret `yaml:"url" required:"true" doc:"Address of the incoming webhook, which posts to one channel; https unless the host is private."`
}

// Problems implements veille.ReceiverOptions.
func (o *SlackOptions) Problems() []veille.Problem {
	if _, p := newTarget(o.URL); p != nil {
		return []veille.Problem{*p}
	}
	return nil
}

// slackSpacing is the rate that Slack allows an incoming webhook: one message
// a second.
const slackSpacing = time.Second

func slackKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "slack",
			Summary: "Posts each alert to a Slack channel through an incoming webhook.",
			Options: func() veille.ReceiverOptions { return new(SlackOptions) },
		},
		Build: func(name string, o veille.ReceiverOptions, env Env) (Notifier, error) {
			options, err := usable[*SlackOptions](name, o)
			if err != nil {
				return nil, err
			}
			s := &slack{sender: newSender(env), print: fingerprint(options.URL)}
			s.target, _ = newTarget(options.URL)
			return s, nil
		},
	}
}

// slack posts to an incoming webhook.
type slack struct {
	sender *sender
	target *target
	print  [32]byte
}

func (s *slack) options() [32]byte { return s.print }
func (s *slack) pace() pace        { return pace{steps: chatSteps, spacing: slackSpacing} }

// Notify implements Notifier.
func (s *slack) Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error) {
	message := slackPlain(d.Event)
	if !d.Degraded {
		message = slackBlocks(d.Event)
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(message); err != nil {
		return nil, s.target.refuse(veille.VerdictPoison, 0, 0, "the message cannot be written as JSON")
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json; charset=utf-8")
	a, err := s.sender.post(ctx, s.target, header, body.Bytes())
	if err != nil {
		return nil, err
	}
	if err := s.judge(a); err != nil {
		return nil, err
	}
	return veille.Receipt{"answer": "ok"}, nil
}

// judge reads Slack's answer. Only 200 with the body "ok" says that the
// message is in the channel; refusals are one word in the body.
func (s *slack) judge(a answer) error {
	word := slackWord(a.body)
	if a.status == http.StatusOK && word == "ok" {
		return nil
	}
	if v := slackVerdict(word); v != "" {
		return s.target.refuse(v, a.status, a.after, "answered "+word)
	}
	switch {
	case a.status >= 200 && a.status < 300:
		return s.target.refuse(veille.VerdictRetry, a.status, a.after, `did not answer "ok"; check that the URL is a Slack webhook`)
	case a.status == http.StatusNotFound:
		// Slack answers 404 for a webhook that was deleted.
		return s.target.refuse(veille.VerdictDisable, a.status, a.after, "knows no such webhook")
	}
	return s.target.judge(a, word)
}

// slackVerdict is what follows from a refusal that Slack documents for incoming
// webhooks and for posting; "" for any other word.
func slackVerdict(word string) veille.Verdict {
	switch word {
	case "account_inactive", "action_prohibited", "channel_is_archived", "channel_not_found", "invalid_auth",
		"invalid_token", "is_archived", "no_active_hooks", "no_service", "no_service_id", "no_team",
		"not_in_channel", "posting_to_general_channel_denied", "team_disabled", "token_revoked", "user_not_found":
		return veille.VerdictDisable
	case "invalid_attachments", "invalid_blocks", "invalid_blocks_format", "invalid_payload", "msg_blocks_too_long",
		"msg_too_long", "no_text", "too_many_attachments":
		return veille.VerdictPoison
	case "fatal_error", "internal_error", "rate_limited", "ratelimited", "request_timeout", "rollup_error",
		"service_unavailable":
		return veille.VerdictPause
	}
	return ""
}

// slackWord finds the word that an answer consists of: plain text, or the
// error of a JSON object. Anything else, such as a login page, is "".
func slackWord(body []byte) string {
	word := string(bytes.TrimSpace(body[:min(len(body), 4096)]))
	if len(word) > 0 && word[0] == '{' {
		var object struct {
			OK    bool   `json:"ok"`
			Error string `json:"error"`
		}
		if json.Unmarshal([]byte(word), &object) != nil || object.OK {
			return ""
		}
		word = object.Error
	}
	if len(word) > 64 || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return ""
	}
	return word
}
