package notify

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"veille"
)

// SlackOptions are the options of a Slack receiver: an incoming webhook, or a
// bot and a channel.
type SlackOptions struct {
	URL     veille.Secret `yaml:"url" doc:"Address of an incoming webhook, which posts to one channel; https unless the host is private."`
	Token   veille.Secret `yaml:"token" doc:"Token of a bot (xoxb-…) with the scope chat:write, instead of url: edits, grown stories and digests then answer in the alert's thread."`
	Channel string        `yaml:"channel" doc:"With token: the channel's ID, such as C0123456789; the bot must be a member."`
	API     string        `yaml:"api" default:"https://slack.com/api" doc:"With token: where Slack's Web API is."`
	Voice
}

// Problems implements veille.ReceiverOptions.
func (o *SlackOptions) Problems() []veille.Problem {
	out := o.problems(slackDialect(), nil)
	if o.Token.IsZero() && o.Channel == "" {
		if _, p := newTarget(o.URL); p != nil {
			p.Help += "; or give token and channel of a bot"
			return append(out, *p)
		}
		return out
	}
	if !o.URL.IsZero() {
		out = append(out, veille.Problem{Path: "url", What: "is given beside token or channel", Help: "keep the webhook, or the bot"})
	}
	if !strings.HasPrefix(o.Token.Reveal(), "xox") || strings.ContainsFunc(o.Token.Reveal(), notInHeader) {
		out = append(out, veille.Problem{Path: "token", What: "is not a token of a Slack app", Help: "give the Bot User OAuth Token, which begins with xoxb-"})
	}
	if strings.TrimSpace(o.Channel) == "" {
		out = append(out, veille.Problem{Path: "channel", What: "is missing", Help: "give the channel's ID: it ends the channel's details in Slack"})
	}
	if _, p := newBase("api", o.API); p != nil {
		out = append(out, *p)
	}
	return out
}

// notInHeader reports whether a character may not stand in a header field.
func notInHeader(r rune) bool { return r <= ' ' || r >= 0x7f }

// slackPace is the rate that Slack allows in one channel: a message a second.
func slackPace() pace { return pace{steps: chatSteps, spacing: time.Second} }

func slackKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "slack",
			Summary: "Posts each alert to a Slack channel, through an incoming webhook or as a bot that answers in threads.",
			Options: func() veille.ReceiverOptions { return &SlackOptions{API: "https://slack.com/api"} },
			Flood:   peopleFlood,
		},
		Build: built(func(_ string, options *SlackOptions, env Env) Notifier {
			v := options.in(slackDialect(), env)
			if !options.Token.IsZero() {
				return newSlackBot(options, v, env)
			}
			t, _ := newTarget(options.URL)
			return &service{
				sender: newSender(env), target: t, print: fingerprint(options), rate: slackPace(),
				ask:  func(d veille.Delivery) (request, error) { return jsonRequest(slackMessageOf(v, d)) },
				read: func(a answer) (veille.Receipt, error) { return veille.Receipt{"answer": "ok"}, t.slackAnswer(a) },
			}
		}),
	}
}

// slackAnswer reads the answer of an incoming webhook. Only 200 with the body
// "ok" says that the message is in the channel; refusals are one word in the
// body.
func (t *target) slackAnswer(a answer) error {
	word := slackWord(a.body)
	if a.status == http.StatusOK && word == "ok" {
		return nil
	}
	if v := slackVerdict(word); v != "" {
		return t.refuse(v, a.status, a.after, "answered "+word)
	}
	switch {
	case a.status >= 200 && a.status < 300:
		return t.refuse(veille.VerdictRetry, a.status, a.after, `did not answer "ok"; check that the URL is a Slack webhook`)
	case a.status == http.StatusNotFound:
		// Slack answers 404 for a webhook that was deleted.
		return t.refuse(veille.VerdictDisable, a.status, a.after, "knows no such webhook")
	}
	return t.judge(a, word)
}

// slackVerdict is what follows from a refusal that Slack documents for incoming
// webhooks and for posting; "" for any other word.
func slackVerdict(word string) veille.Verdict {
	switch word {
	case "account_inactive", "action_prohibited", "channel_is_archived", "channel_not_found", "invalid_auth",
		"invalid_token", "is_archived", "is_inactive", "missing_scope", "no_active_hooks", "no_permission", "no_service",
		"no_service_id", "no_team", "not_allowed_token_type", "not_authed", "not_in_channel",
		"posting_to_general_channel_denied", "restricted_action", "team_access_not_granted", "team_disabled",
		"token_expired", "token_revoked", "user_not_found":
		return veille.VerdictDisable
	case "cannot_reply_to_message", "invalid_arguments", "invalid_attachments", "invalid_blocks", "invalid_blocks_format",
		"invalid_payload", "msg_blocks_too_long", "msg_too_long", "no_text", "thread_not_found", "too_many_attachments":
		return veille.VerdictPoison
	case "fatal_error", "internal_error", "message_limit_exceeded", "rate_limited", "ratelimited", "request_timeout", "rollup_error",
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
