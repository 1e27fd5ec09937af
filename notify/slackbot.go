package notify

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"veille"
)

// slackBot posts with chat.postMessage. What follows an alert answers in its
// thread, and a withdrawal strikes the alert's headline.
type slackBot struct {
	*service
	voice   voice
	channel string
	update  *target
	// authorize adds the token, which stays where no printing reaches it.
	authorize func(http.Header)
}

func newSlackBot(o *SlackOptions, v voice, env Env) *slackBot {
	base, _ := newBase("api", o.API)
	base = base.conceal(o.Token)
	b := &slackBot{
		voice: v, channel: strings.TrimSpace(o.Channel), update: base.join("chat.update"),
		authorize: bearer(o.Token),
		service:   &service{sender: newSender(env), target: base.join("chat.postMessage"), print: fingerprint(o), rate: slackPace()},
	}
	b.ask = func(d veille.Delivery) (request, error) {
		post := slackPost{Channel: b.channel, Thread: b.threadOf(d), slackMessage: slackMessageOf(v, d)}
		return b.request(post)
	}
	return b
}

// slackPost is the argument of chat.postMessage and of chat.update.
type slackPost struct {
	Channel string `json:"channel"`
	Thread  string `json:"thread_ts,omitempty"`
	// TS names the message that is updated.
	TS string `json:"ts,omitempty"`
	slackMessage
}

func (b *slackBot) request(p slackPost) (request, error) {
	r, err := jsonRequest(p)
	b.authorize(r.header)
	return r, err
}

// threadOf is the message whose thread a delivery belongs into; empty for an
// article's first alert, which everybody in the channel must see, and for a
// second try, whose first may have been refused because of its thread.
func (b *slackBot) threadOf(d veille.Delivery) string {
	switch d.Event.Type {
	case veille.ArticleEdited, veille.ArticleWithdrawn, veille.StoryGrown, veille.Digest:
	default:
		return ""
	}
	if d.Degraded || d.Thread["to"] != b.channel {
		return ""
	}
	if root := d.Thread["thread"]; root != "" {
		return root
	}
	return d.Thread["ts"]
}

// Notify implements Notifier.
func (b *slackBot) Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error) {
	if err := b.strike(ctx, d); err != nil {
		return nil, err
	}
	r, err := b.ask(d)
	if err != nil {
		return nil, b.target.refuse(veille.VerdictPoison, 0, 0, "the message cannot be written: "+err.Error())
	}
	said, err := b.call(ctx, b.target, r)
	if err != nil {
		return nil, err
	}
	receipt := veille.Receipt{"ts": said.TS, "channel": said.Channel, "to": b.channel}
	if root := b.threadOf(d); root != "" {
		receipt["thread"] = root
	}
	if d.Event.Article != nil {
		receipt["article"] = d.Event.Article.ID
	}
	return receipt, nil
}

// strike strikes the headline of the alert of an article that was withdrawn.
// Doing it twice changes nothing, so it comes before the answer in the thread,
// which would be there twice. Where the message cannot be changed any more, the
// answer has to do.
func (b *slackBot) strike(ctx context.Context, d veille.Delivery) error {
	a := d.Event.Article
	if d.Event.Type != veille.ArticleWithdrawn || a == nil || d.Degraded || d.Thread["to"] != b.channel || d.Thread["article"] != a.ID {
		return nil
	}
	page := b.voice.page(d.Event)
	for i := range page[0].runs {
		if page[0].runs[i].href != "" || len(page[0].runs) == i+1 {
			page[0].runs[i].style = gone
		}
	}
	message := slackBlocks(b.voice, d.Event, page)
	r, err := b.request(slackPost{Channel: d.Thread["channel"], TS: d.Thread["ts"], slackMessage: message})
	if err != nil {
		return nil //nolint:nilerr // the answer in the thread tells the same
	}
	_, err = b.call(ctx, b.update, r)
	if verdict := asVerdict(err); err != nil && verdict.Verdict == veille.VerdictPause {
		return verdict
	}
	return nil
}

// slackSaid is what the Web API answers.
type slackSaid struct {
	OK         bool   `json:"ok"`
	Error      string `json:"error"`
	TS         string `json:"ts"`
	Channel    string `json:"channel"`
	RetryAfter int    `json:"retry_after"`
}

// call makes one call of the Web API, which answers 200 with "ok": false where
// it refuses.
func (b *slackBot) call(ctx context.Context, t *target, r request) (slackSaid, error) {
	a, err := b.sender.send(ctx, t, r)
	if err != nil {
		return slackSaid{}, err
	}
	var said slackSaid
	readable := json.Unmarshal(a.body, &said) == nil
	if a.after == 0 && said.RetryAfter > 0 {
		a.after = min(time.Duration(said.RetryAfter)*time.Second, maxWait)
	}
	switch {
	case a.status == http.StatusOK && readable && said.OK && said.TS != "":
		return said, nil
	case slackVerdict(said.Error) != "":
		return said, t.refuse(slackVerdict(said.Error), a.status, a.after, "answered "+said.Error)
	case a.status >= 200 && a.status < 300:
		return said, t.refuse(veille.VerdictRetry, a.status, a.after, "did not take the message: "+said.Error)
	}
	return said, t.judge(a, said.Error)
}
