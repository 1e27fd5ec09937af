package notify

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"veille"
)

// TelegramOptions are the options of a Telegram receiver.
type TelegramOptions struct {
	Token veille.Secret `yaml:"token" required:"true" doc:"Token of the bot, as BotFather gives it."`
	Chat  string        `yaml:"chat" required:"true" doc:"The chat: its number, such as -1001234567890, or @name of a public channel."`
	Topic int           `yaml:"topic" doc:"The topic of a forum: its message_thread_id."`
	API   string        `yaml:"api" default:"https://api.telegram.org" doc:"Where the Bot API is."`
	Voice
}

var (
	telegramToken = regexp.MustCompile(`^\d+:[A-Za-z0-9_-]+$`)
	telegramChat  = regexp.MustCompile(`^(-?\d+|@[A-Za-z0-9_]+)$`)
)

// Problems implements veille.ReceiverOptions.
func (o *TelegramOptions) Problems() []veille.Problem {
	out := o.problems(telegramDialect(), nil)
	if !telegramToken.MatchString(strings.TrimSpace(o.Token.Reveal())) {
		out = append(out, veille.Problem{Path: "token", What: "is not the token of a bot", Help: "give the one that BotFather made: digits, a colon, letters"})
	}
	if !telegramChat.MatchString(o.Chat) {
		out = append(out, veille.Problem{Path: "chat", What: "is neither a number nor @name", Help: "write the chat's number, such as -1001234567890"})
	}
	if _, p := newBase("api", o.API); p != nil {
		out = append(out, *p)
	}
	return out
}

// telegramText is the longest message, in UTF-16 units after its entities were
// read; counting the HTML itself stays below it.
const telegramText = 4096

// telegramDialect is the HTML that Telegram reads; three characters are escaped
// in it, where MarkdownV2 has eighteen.
func telegramDialect() dialect {
	return htmlDialect(units, "\n", map[style]string{strong: "b", hit: "b", come: "b", gone: "s", moved: "i"})
}

func telegramKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "telegram",
			Summary: "Sends each alert to a Telegram chat through a bot; what follows an alert answers it.",
			Options: func() veille.ReceiverOptions { return &TelegramOptions{API: "https://api.telegram.org"} },
			Flood:   peopleFlood,
		},
		Build: built(func(_ string, options *TelegramOptions, env Env) Notifier {
			base, _ := newBase("api", options.API)
			token := strings.TrimSpace(options.Token.Reveal())
			b := &telegram{
				target: base.conceal(options.Token).join("bot"+token, "sendMessage"),
				voice:  options.in(telegramDialect(), env), chat: options.Chat, now: options.Chat, topic: options.Topic,
			}
			// One message a second in a chat, 20 a minute in a group.
			rate := pace{steps: chatSteps, spacing: time.Second}
			if strings.HasPrefix(options.Chat, "-") || strings.HasPrefix(options.Chat, "@") {
				rate.spacing = 3 * time.Second
			}
			return &service{sender: newSender(env), target: b.target, print: fingerprint(options), rate: rate, ask: b.ask, read: b.read}
		}),
	}
}

type telegram struct {
	target *target
	voice  voice
	chat   string
	topic  int

	mu sync.Mutex
	// now is the chat after it moved: a group that becomes a supergroup gets
	// another number.
	now string
}

type telegramMessage struct {
	Chat    string         `json:"chat_id"`
	Topic   int            `json:"message_thread_id,omitempty"`
	Text    string         `json:"text"`
	Mode    string         `json:"parse_mode,omitempty"`
	Reply   *telegramReply `json:"reply_parameters,omitempty"`
	Preview struct {
		Disabled bool `json:"is_disabled"`
	} `json:"link_preview_options"`
}

type telegramReply struct {
	Message int64 `json:"message_id"`
	// Anyway sends it also where the message is gone.
	Anyway bool `json:"allow_sending_without_reply"`
}

func (b *telegram) ask(d veille.Delivery) (request, error) {
	b.mu.Lock()
	m := telegramMessage{Chat: b.now, Topic: b.topic, Mode: "HTML"}
	b.mu.Unlock()
	m.Preview.Disabled = true
	if d.Degraded {
		m.Mode = ""
		m.Text = b.voice.text(plainDialect(units), d, 3000)
		return jsonRequest(m)
	}
	m.Text = b.voice.text(telegramDialect(), d, telegramText)
	if id, err := strconv.ParseInt(d.Thread["message"], 10, 64); err == nil && d.Thread["chat"] == m.Chat {
		m.Reply = &telegramReply{Message: id, Anyway: true}
	}
	return jsonRequest(m)
}

// read reads an answer of the Bot API. It has no codes beside the status, so
// the one text that tells a wrong chat from a wrong message is looked for.
func (b *telegram) read(a answer) (veille.Receipt, error) {
	var said struct {
		OK          bool   `json:"ok"`
		Description string `json:"description"`
		Parameters  struct {
			RetryAfter int   `json:"retry_after"`
			MigrateTo  int64 `json:"migrate_to_chat_id"`
		} `json:"parameters"`
		Result struct {
			ID   int64 `json:"message_id"`
			Chat struct {
				ID int64 `json:"id"`
			} `json:"chat"`
		} `json:"result"`
	}
	_ = json.Unmarshal(a.body, &said)
	a.after = max(a.after, secondsOf(float64(said.Parameters.RetryAfter)))
	detail := b.target.scrub(said.Description, 160)
	switch {
	case said.Parameters.MigrateTo != 0:
		to := strconv.FormatInt(said.Parameters.MigrateTo, 10)
		b.mu.Lock()
		b.now = to
		b.mu.Unlock()
		return nil, b.target.refuse(veille.VerdictRetry, a.status, a.after, "says that the chat is now "+to+"; write that as chat")
	case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden, a.status == http.StatusNotFound,
		a.status == http.StatusBadRequest && strings.Contains(said.Description, "chat not found"):
		return nil, b.target.refuse(veille.VerdictDisable, a.status, a.after, "does not let the bot write there: "+detail)
	}
	if err := b.target.judge(a, detail); err != nil {
		return nil, err
	}
	if !said.OK || said.Result.ID == 0 {
		return nil, b.target.refuse(veille.VerdictRetry, a.status, a.after, "did not say that the message is sent; check api")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return veille.Receipt{"message": strconv.FormatInt(said.Result.ID, 10), "chat": b.now}, nil
}
