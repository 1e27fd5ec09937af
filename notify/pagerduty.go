package notify

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"veille"
)

// PagerDutyOptions are the options of a PagerDuty receiver.
type PagerDutyOptions struct {
	RoutingKey veille.Secret `yaml:"routing_key" required:"true" doc:"Integration key of an Events API v2 integration."`
	Severity   string        `yaml:"severity" default:"info" enum:"critical,error,warning,info" doc:"The severity of alerts about articles; what says that Veille itself fails is at least a warning."`
	URL        string        `yaml:"url" default:"https://events.pagerduty.com" doc:"Where the Events API is; https://events.eu.pagerduty.com in Europe."`
	Voice
}

var pagerDutyKey = regexp.MustCompile(`^[0-9A-Za-z]{32}$`)

// Problems implements veille.ReceiverOptions.
func (o *PagerDutyOptions) Problems() []veille.Problem {
	out := o.problems(pagerDutyDialect(), nil)
	if !pagerDutyKey.MatchString(strings.TrimSpace(o.RoutingKey.Reveal())) {
		out = append(out, veille.Problem{Path: "routing_key", What: "is not an integration key", Help: "give the 32 characters of an Events API v2 integration"})
	}
	switch o.Severity {
	case "", "critical", "error", "warning", "info":
	default:
		out = append(out, veille.Problem{Path: "severity", What: "is no severity", Help: "write critical, error, warning or info"})
	}
	if _, p := newBase("url", o.URL); p != nil {
		out = append(out, *p)
	}
	return out
}

// The limits of PagerDuty: 1,024 characters of summary; the whole event may
// reach 512 kB, of which we use little.
const (
	pagerDutySummary = 1024
	pagerDutyDetails = 8000
)

// pagerDutyDialect is text for a telephone, a short message or a voice: there is
// no markup in it, and nothing acts.
func pagerDutyDialect() dialect {
	d := plainDialect(units)
	d.inert = func(s string, _ rune) string { return s }
	return d
}

type pagerDutyEvent struct {
	RoutingKey string            `json:"routing_key"`
	Action     string            `json:"event_action"`
	DedupKey   string            `json:"dedup_key"`
	Client     string            `json:"client"`
	Payload    *pagerDutyPayload `json:"payload,omitempty"`
	Links      []pagerDutyLink   `json:"links,omitempty"`
}

type pagerDutyPayload struct {
	Summary  string            `json:"summary"`
	Source   string            `json:"source"`
	Severity string            `json:"severity"`
	Time     string            `json:"timestamp"`
	Class    string            `json:"class"`
	Details  map[string]string `json:"custom_details,omitempty"`
}

type pagerDutyLink struct {
	Href string `json:"href"`
	Text string `json:"text"`
}

func pagerDutyKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "pagerduty",
			Summary: "Triggers an incident of PagerDuty (Events API v2) for each event, and resolves that of a source or receiver when it is well again.",
			Options: func() veille.ReceiverOptions {
				return &PagerDutyOptions{Severity: "info", URL: "https://events.pagerduty.com"}
			},
			Flood: peopleFlood,
		},
		Build: built(func(_ string, options *PagerDutyOptions, env Env) Notifier {
			t, _ := newBase("url", options.URL)
			t = t.conceal(options.RoutingKey).join("v2", "enqueue")
			v := options.in(pagerDutyDialect(), env)
			return &service{
				sender: newSender(env), target: t, print: fingerprint(options), rate: pace{steps: webhookSteps},
				ask:  func(d veille.Delivery) (request, error) { return jsonRequest(pagerDutyEventOf(options, v, d)) },
				read: t.pagerDutyAnswer,
			}
		}),
	}
}

// pagerDutyEventOf triggers an incident, or resolves the one about a source or a
// receiver that is well again.
func pagerDutyEventOf(o *PagerDutyOptions, v voice, d veille.Delivery) pagerDutyEvent {
	e := d.Event
	out := pagerDutyEvent{RoutingKey: strings.TrimSpace(o.RoutingKey.Reveal()), Action: "trigger", DedupKey: incident(e), Client: "Veille"}
	if e.Type == veille.SourceRecovered || e.Type == veille.ReceiverRecovered {
		out.Action = "resolve"
		return out
	}
	out.Payload = &pagerDutyPayload{
		Summary: v.summary(e, pagerDutySummary), Source: "veille", Severity: pagerDutySeverity(o.Severity, e.Type),
		Time: e.Time.Format(time.RFC3339), Class: line(string(e.Type), 100),
	}
	if v.template != nil && !d.Degraded {
		out.Payload.Summary = cutText(clean(v.text(pagerDutyDialect(), d, pagerDutySummary)), pagerDutySummary)
	}
	if d.Degraded {
		return out
	}
	plain := veille.Delivery{Event: e, Degraded: true}
	out.Payload.Details = map[string]string{"text": v.text(pagerDutyDialect(), plain, pagerDutyDetails)}
	if a := e.Article; a != nil {
		if s := line(a.Source, 200); s != "" {
			out.Payload.Source = s
		}
		if href := link(a.URL); href != "" {
			out.Links = []pagerDutyLink{{Href: href, Text: v.title(a, 200)}}
		}
	}
	return out
}

// incident is what an event triggers or resolves: one a source and one a
// receiver, whatever is wrong with it; else one an event, so that a second try
// joins the first.
func incident(e veille.Event) string {
	if about := e.Affected(); about != "" {
		return veille.SystemEventID("incident", about, "")
	}
	return e.ID
}

// pagerDutySeverity raises what says that Veille itself does not see.
func pagerDutySeverity(own string, t veille.EventType) string {
	if own == "" {
		own = "info"
	}
	switch t {
	case veille.SourceFailing, veille.SourceQuiet, veille.ConfigRejected, veille.ReceiverDisabled:
		if own == "info" {
			return "warning"
		}
	}
	return own
}

// pagerDutyAnswer reads an answer of the Events API. It answers 400 both for a
// key that it does not know and for an event that it does not understand.
func (t *target) pagerDutyAnswer(a answer) (veille.Receipt, error) {
	var said struct {
		Status string   `json:"status"`
		Errors []string `json:"errors"`
		Key    string   `json:"dedup_key"`
	}
	_ = json.Unmarshal(a.body, &said)
	detail := t.scrub(strings.Join(said.Errors, "; "), 160)
	if a.status == http.StatusBadRequest && strings.Contains(strings.ReplaceAll(strings.ToLower(detail), "_", " "), "routing key") {
		return nil, t.refuse(veille.VerdictDisable, a.status, a.after, "does not know the integration key: "+detail)
	}
	if err := t.judge(a, detail); err != nil {
		return nil, err
	}
	if a.status != http.StatusAccepted {
		return nil, t.refuse(veille.VerdictRetry, a.status, a.after, "did not answer 202; check url")
	}
	return veille.Receipt{"dedup_key": said.Key}, nil
}
