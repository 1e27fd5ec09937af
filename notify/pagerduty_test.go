package notify

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"veille"
)

var pagerDutyCanary = (canary + strings.Repeat("x", 32))[:32]

func pagerDutySample() sample {
	secret := veille.NewSecret
	return sample{
		kind: "pagerduty",
		options: func(address string) veille.ReceiverOptions {
			return &PagerDutyOptions{RoutingKey: secret(pagerDutyCanary), URL: origin(address), Severity: "info"}
		},
		bad: []veille.ReceiverOptions{
			&PagerDutyOptions{URL: "https://events.pagerduty.com"},
			&PagerDutyOptions{RoutingKey: secret(canary), URL: "https://events.pagerduty.com"},
			&PagerDutyOptions{RoutingKey: secret(pagerDutyCanary), URL: "https://events.pagerduty.com", Severity: "bad"},
			&PagerDutyOptions{RoutingKey: secret(pagerDutyCanary), URL: "http://events.pagerduty.com"},
		},
		serve: func(w http.ResponseWriter, r *http.Request) {
			var m pagerDutyEvent
			switch {
			case r.URL.Path != "/v2/enqueue":
				w.WriteHeader(http.StatusNotFound)
			case !jsonBody(r, &m) || m.Action != "trigger" || len(m.DedupKey) > 255 || m.DedupKey == "":
				says(w, 400, `{"status":"invalid event","message":"Event object is invalid","errors":["'event_action' is invalid"]}`)
			case m.RoutingKey != pagerDutyCanary:
				says(w, 400, `{"status":"invalid event","errors":["Invalid routing key"]}`)
			case m.Payload.Summary == "" || length(m.Payload.Summary) > 1024 || m.Payload.Source == "" ||
				!contains([]string{"critical", "error", "warning", "info"}, m.Payload.Severity):
				says(w, 400, `{"status":"invalid event","errors":["'payload.summary' is missing or blank"]}`)
			default:
				says(w, 202, `{"status":"success","message":"Event processed","dedup_key":"`+m.DedupKey+`"}`)
			}
		},
		check: func(t *testing.T, e veille.Event, payload []byte) {
			m := unmarshal[pagerDutyEvent](t, payload)
			if m.DedupKey != e.ID || len(payload) > 512<<10 {
				t.Errorf("dedup_key %q, %d bytes", m.DedupKey, len(payload))
			}
			for row := range strings.SplitSeq(m.Payload.Summary+"\n"+m.Payload.Details["text"]+"\n"+m.Payload.Source, "\n") {
				checkPlain(t, row)
			}
		},
	}
}

func TestPagerDuty_ReadsAnswers(t *testing.T) {
	readsAnswers(t, pagerDutySample(), []reply{
		{202, "", `{"status":"success","dedup_key":"evt_1"}`, "", 0},
		{200, "", `<html>`, veille.VerdictRetry, 0},
		{400, "", `{"status":"invalid event","errors":["'payload.summary' is missing or blank"]}`, veille.VerdictPoison, 0},
		{400, "", `{"status":"invalid event","errors":["Invalid routing key"]}`, veille.VerdictDisable, 0},
		{400, "", `{"errors":["'routing_key' is invalid"]}`, veille.VerdictDisable, 0},
		{401, "", ``, veille.VerdictPause, 0}, {403, "", ``, veille.VerdictPause, 0},
		{429, "", `{"status":"throttle exceeded"}`, veille.VerdictPause, 0},
		{429, "30", ``, veille.VerdictPause, 30 * time.Second},
		{500, "", ``, veille.VerdictPause, 0},
	})
}
