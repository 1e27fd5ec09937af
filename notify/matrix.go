package notify

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"veille"
)

// MatrixOptions are the options of a Matrix receiver.
type MatrixOptions struct {
	URL   string        `yaml:"url" required:"true" doc:"Address of the homeserver's client API, such as https://matrix.example.org."`
	Room  string        `yaml:"room" required:"true" doc:"The room's internal ID, such as !abc:example.org; the account must have joined it."`
	Token veille.Secret `yaml:"token" required:"true" doc:"Access token of the account."`
	Voice
}

var matrixRoom = regexp.MustCompile(`^![^\s/?#]+$`)

// Problems implements veille.ReceiverOptions.
func (o *MatrixOptions) Problems() []veille.Problem {
	out := o.problems(matrixDialect(), nil)
	if _, p := newBase("url", o.URL); p != nil {
		out = append(out, *p)
	}
	if !matrixRoom.MatchString(o.Room) {
		out = append(out, veille.Problem{Path: "room", What: "is not the internal ID of a room", Help: "write it as !abc:example.org, from the room's advanced settings"})
	}
	if token := strings.TrimSpace(o.Token.Reveal()); token == "" || strings.ContainsFunc(token, notInHeader) {
		out = append(out, veille.Problem{Path: "token", What: "is not an access token", Help: "give the one that logging in returned"})
	}
	return out
}

// The parts of a Matrix event, in bytes; the whole must stay below 65,536.
const (
	matrixHTML  = 24_000
	matrixPlain = 12_000
)

func matrixDialect() dialect {
	return htmlDialect(byteLen, "<br>", map[style]string{strong: "strong", hit: "strong", come: "strong", gone: "del", moved: "em"})
}

func matrixKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "matrix",
			Summary: "Sends each alert to a Matrix room; what follows an alert goes into its thread.",
			Options: func() veille.ReceiverOptions { return new(MatrixOptions) },
			Flood:   peopleFlood,
		},
		Build: built(func(_ string, options *MatrixOptions, env Env) Notifier {
			base, _ := newBase("url", options.URL)
			m := &matrix{
				base:  base.conceal(options.Token).join("_matrix", "client", "v3", "rooms", options.Room, "send", "m.room.message"),
				voice: options.in(matrixDialect(), env), room: options.Room, authorize: bearer(options.Token),
			}
			return &service{sender: newSender(env), target: m.base, print: fingerprint(options), rate: pace{steps: chatSteps}, ask: m.ask, read: m.read}
		}),
	}
}

type matrix struct {
	base      *target
	voice     voice
	room      string
	authorize func(http.Header)
}

type matrixMessage struct {
	Type      string `json:"msgtype"`
	Body      string `json:"body"`
	Format    string `json:"format,omitempty"`
	Formatted string `json:"formatted_body,omitempty"`
	// Mentions being there says that the text mentions nobody.
	Mentions struct{}        `json:"m.mentions"`
	Relates  *matrixRelation `json:"m.relates_to,omitempty"`
}

type matrixRelation struct {
	Type     string            `json:"rel_type"`
	Event    string            `json:"event_id"`
	Fallback bool              `json:"is_falling_back"`
	Reply    map[string]string `json:"m.in_reply_to"`
}

// ask names the transaction by the event, so that a homeserver that has it
// already answers as it did before and sends nothing twice.
func (m *matrix) ask(d veille.Delivery) (request, error) {
	message := matrixMessage{Type: "m.text"}
	plain := veille.Delivery{Event: d.Event, Degraded: true} // without the template, whose markup is HTML
	message.Body = m.voice.text(plainDialect(byteLen), plain, matrixPlain)
	if !d.Degraded {
		message.Format, message.Formatted = "org.matrix.custom.html", m.voice.text(matrixDialect(), d, matrixHTML)
		if root := d.Thread["event"]; root != "" && d.Thread["room"] == m.room {
			if first := d.Thread["thread"]; first != "" {
				root = first
			}
			message.Relates = &matrixRelation{Type: "m.thread", Event: root, Fallback: true, Reply: map[string]string{"event_id": root}}
		}
	}
	r, err := jsonRequest(message)
	r.method, r.url = http.MethodPut, m.base.url.JoinPath(d.Event.ID)
	m.authorize(r.header)
	return r, err
}

// read reads an answer of the client-server API.
func (m *matrix) read(a answer) (veille.Receipt, error) {
	var said struct {
		Event      string `json:"event_id"`
		Code       string `json:"errcode"`
		Error      string `json:"error"`
		RetryAfter int64  `json:"retry_after_ms"`
	}
	_ = json.Unmarshal(a.body, &said)
	a.after = max(a.after, min(time.Duration(max(said.RetryAfter, 0))*time.Millisecond, maxWait))
	detail := m.base.scrub(strings.TrimSpace(said.Code+" "+said.Error), 160)
	switch said.Code {
	case "M_FORBIDDEN", "M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_GUEST_ACCESS_FORBIDDEN":
		return nil, m.base.refuse(veille.VerdictDisable, a.status, a.after, "does not let the account write there: "+detail)
	case "M_LIMIT_EXCEEDED", "M_RESOURCE_LIMIT_EXCEEDED":
		return nil, m.base.refuse(veille.VerdictPause, a.status, a.after, "asks to wait: "+detail)
	}
	if err := m.base.judge(a, detail); err != nil {
		return nil, err
	}
	if said.Event == "" {
		return nil, m.base.refuse(veille.VerdictRetry, a.status, a.after, "did not name the event; check url")
	}
	return veille.Receipt{"event": said.Event, "room": m.room}, nil
}
