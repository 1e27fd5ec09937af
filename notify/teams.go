package notify

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"veille"
)

// TeamsOptions are the options of a Microsoft Teams receiver.
type TeamsOptions struct {
	URL veille.Secret `yaml:"url" required:"true" doc:"Address of the workflow 'Post to a channel when a webhook request is received'."`
	Voice
}

// Problems implements veille.ReceiverOptions.
func (o *TeamsOptions) Problems() []veille.Problem {
	out := o.problems(teamsDialect(), nil)
	t, p := newTarget(o.URL)
	switch {
	case p != nil:
		out = append(out, *p)
	case strings.HasSuffix(t.url.Hostname(), ".webhook.office.com") || t.url.Hostname() == "outlook.office.com":
		out = append(out, veille.Problem{Path: "url", What: "is an Office 365 connector, and those are retired", Help: "make a workflow from the template 'Post to a channel when a webhook request is received'"})
	}
	return out
}

// The limits of Teams, in bytes: a card of some 28 kB in all.
const (
	// teamsText is the text that a card may hold. Its JSON has a frame around
	// every piece.
	teamsText = 8_000
	teamsRuns = 60
)

// teamsDialect is the Markdown of a TextBlock, which only a template is written
// in; the pieces of our own cards are no Markdown at all.
func teamsDialect() dialect {
	d := markdownDialect()
	d.measure = byteLen
	delete(d.marks, gone)
	return d
}

type teamsMessage struct {
	Type        string            `json:"type"`
	Attachments []teamsAttachment `json:"attachments"`
}

type teamsAttachment struct {
	ContentType string          `json:"contentType"`
	Content     teamsCardObject `json:"content"`
}

type teamsCardObject struct {
	Schema  string        `json:"$schema"`
	Type    string        `json:"type"`
	Version string        `json:"version"`
	Body    []teamsBlock  `json:"body"`
	Actions []teamsAction `json:"actions,omitempty"`
	Teams   struct {
		Width string `json:"width"`
	} `json:"msteams"`
}

type teamsBlock struct {
	Type    string     `json:"type"`
	Text    string     `json:"text,omitempty"`
	Wrap    bool       `json:"wrap,omitempty"`
	Inlines []teamsRun `json:"inlines,omitempty"`
}

type teamsRun struct {
	Type   string       `json:"type"`
	Text   string       `json:"text"`
	Weight string       `json:"weight,omitempty"`
	Subtle bool         `json:"isSubtle,omitempty"`
	Struck bool         `json:"strikethrough,omitempty"`
	Open   *teamsAction `json:"selectAction,omitempty"`
}

type teamsAction struct {
	Type  string `json:"type"`
	Title string `json:"title,omitempty"`
	URL   string `json:"url"`
}

func teamsKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "teams",
			Summary: "Posts each alert as an Adaptive Card to a Microsoft Teams channel or chat through a workflow.",
			Options: func() veille.ReceiverOptions { return new(TeamsOptions) },
			Flood:   peopleFlood,
		},
		Build: built(func(_ string, options *TeamsOptions, env Env) Notifier {
			t, _ := newTarget(options.URL)
			v := options.in(teamsDialect(), env)
			return &service{
				sender: newSender(env), target: t, print: fingerprint(options),
				rate: pace{steps: chatSteps, spacing: time.Second},
				ask:  func(d veille.Delivery) (request, error) { return jsonRequest(teamsMessageOf(v, d)) },
				read: t.teamsAnswer,
			}
		}),
	}
}

func teamsMessageOf(v voice, d veille.Delivery) teamsMessage {
	card := teamsCardObject{Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.4"}
	card.Teams.Width = "Full"
	switch {
	case d.Degraded:
		text := fit(disarm(v.summary(d.Event, 500), ' '), 1000, asIs, byteLen)
		card.Body = []teamsBlock{{Type: "RichTextBlock", Inlines: []teamsRun{{Type: "TextRun", Text: text}}}}
	default:
		if v.template != nil {
			if text, ok := v.render(teamsDialect(), d.Event, teamsText); ok {
				card.Body = []teamsBlock{{Type: "TextBlock", Wrap: true, Text: text}}
				break
			}
		}
		card.Body = v.teamsBlocks(v.page(d.Event))
		if a := d.Event.Article; a != nil && link(a.URL) != "" {
			card.Actions = []teamsAction{{Type: "Action.OpenUrl", Title: v.words.open, URL: link(a.URL)}}
		}
	}
	return teamsMessage{Type: "message", Attachments: []teamsAttachment{{ContentType: "application/vnd.microsoft.card.adaptive", Content: card}}}
}

// teamsBlocks writes a page as rich text, whose pieces are text and nothing
// else: a card knows no Markdown in them.
func (v voice) teamsBlocks(page []paragraph) []teamsBlock {
	var out []teamsBlock
	text := plainDialect(byteLen)
	text.marks = nil
	room, pieces, items := teamsText, teamsRuns, 0
	for _, p := range page {
		if p.role == item {
			items++
		}
	}
	for _, p := range page {
		if p.role == address {
			continue
		}
		runs := p.runs
		if p.label != "" {
			runs = append([]run{{text: p.label, style: strong}, {text: " — "}}, runs...)
		}
		if p.role == item {
			if room < 600 || pieces < 6 {
				rest, _ := text.write([]run{{text: restOf(v.words, items)}}, 100)
				return append(out, teamsBlock{Type: "RichTextBlock", Inlines: []teamsRun{{Type: "TextRun", Text: rest, Subtle: true}}})
			}
			items--
			runs = append([]run{{text: bullet}}, runs...)
		}
		block := teamsBlock{Type: "RichTextBlock"}
		limit := min(p.most+200, room)
		for i, r := range runs {
			written, whole := fitted(text.inert(r.text, behind(runs[i+1:])), limit, asIs, byteLen)
			if written == "" || pieces == 0 {
				break
			}
			one := teamsRun{Type: "TextRun", Text: written, Struck: r.style == gone, Subtle: p.role == facts}
			if r.style == strong || r.style == hit || r.style == come {
				one.Weight = "Bolder"
			}
			if r.href != "" && len(r.href)+len(written) < room {
				one.Open = &teamsAction{Type: "Action.OpenUrl", URL: r.href}
				room -= len(r.href)
			}
			block.Inlines = append(block.Inlines, one)
			limit -= len(written)
			room -= len(written)
			pieces--
			if !whole {
				break
			}
		}
		if len(block.Inlines) > 0 {
			out = append(out, block)
		}
	}
	return out
}

// teamsAnswer reads an answer of a workflow. 202 says that it was started; what
// it then does is not told.
func (t *target) teamsAnswer(a answer) (veille.Receipt, error) {
	var said struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	_ = json.Unmarshal(a.body, &said)
	detail := t.scrub(strings.TrimSpace(said.Error.Code+" "+said.Error.Message), 160)
	switch said.Error.Code {
	case "WorkflowNotFound", "WorkflowTriggerNotFound", "WorkflowTriggerIsNotEnabled", "WorkflowDisabled", "DirectApiAuthorizationRequired", "DirectApiInvalidAuthorizationScheme":
		return nil, t.refuse(veille.VerdictDisable, a.status, a.after, "does not run this workflow: "+detail)
	}
	if a.status == http.StatusNotFound {
		return nil, t.refuse(veille.VerdictDisable, a.status, a.after, "knows no such workflow: "+detail)
	}
	if err := t.judge(a, detail); err != nil {
		return nil, err
	}
	return veille.Receipt{"status": http.StatusText(a.status)}, nil
}
