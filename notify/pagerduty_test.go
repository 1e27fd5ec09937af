package notify

import (
	"net/http"
	"strconv"
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
			case !jsonBody(r, &m) || m.Action != "trigger" && m.Action != "resolve" || len(m.DedupKey) > 255 || m.DedupKey == "":
				says(w, 400, `{"status":"invalid event","message":"Event object is invalid","errors":["'event_action' is invalid"]}`)
			case m.RoutingKey != pagerDutyCanary:
				says(w, 400, `{"status":"invalid event","errors":["Invalid routing key"]}`)
			case m.Action == "trigger" && m.Payload == nil, m.Payload != nil && (m.Payload.Summary == "" || length(m.Payload.Summary) > 1024 || m.Payload.Source == "" ||
				!contains([]string{"critical", "error", "warning", "info"}, m.Payload.Severity)):
				says(w, 400, `{"status":"invalid event","errors":["'payload.summary' is missing or blank"]}`)
			default:
				says(w, 202, `{"status":"success","message":"Event processed","dedup_key":"`+m.DedupKey+`"}`)
			}
		},
		check: func(t *testing.T, e veille.Event, payload []byte) {
			m := unmarshal[pagerDutyEvent](t, payload)
			if e.Article != nil && m.DedupKey != e.ID || len(payload) > 512<<10 {
				t.Errorf("dedup_key %q, %d bytes", m.DedupKey, len(payload))
			}
			if m.Payload == nil {
				return
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

// TestPagerDuty_ResolvesWhatIsWellAgain follows the incidents as PagerDuty does:
// a trigger with the key of an open one joins it, a resolve closes it.
func TestPagerDuty_ResolvesWhatIsWellAgain(t *testing.T) {
	n, sent := pagerDutySample().receiver(t, Env{})
	open := map[string]string{}
	for i, step := range []struct {
		kind             veille.EventType
		source, receiver string
		want             int
		cause            string
	}{
		{veille.SourceFailing, "wire", "", 1, "dns"},
		{veille.SourceQuiet, "gazette", "", 2, "quiet"},
		{veille.SourceFailing, "", "", 3, "network"},
		{veille.SourceFailing, "", "", 4, "store"},
		{veille.ReceiverDisabled, "", "desk", 5, ""},
		{veille.ReceiverDisabled, "", "room", 6, ""},
		{veille.SourceFailing, "gazette", "", 6, "tls"}, // was quiet, now fails
		{veille.SourceRecovered, "wire", "", 5, "dns"},
		{veille.ReceiverRecovered, "", "desk", 4, ""},
		{veille.SourceRecovered, "", "", 3, "network"},
		{veille.SourceRecovered, "gazette", "", 2, "tls"},
		{veille.SourceRecovered, "gazette", "", 2, "tls"},
		{veille.SourceFailing, "wire", "", 3, "tls"}, // a new episode is a new incident
		{veille.ReceiverRecovered, "", "room", 2, ""},
		{veille.SourceRecovered, "wire", "", 1, "tls"},
		{veille.SourceRecovered, "", "", 0, "store"},
	} {
		e := Example(step.kind)
		e.ID, e.Source, e.Receiver = veille.SystemEventID(step.kind, step.source+step.receiver, strconv.Itoa(i)), step.source, step.receiver
		e.Trouble.Cause = step.cause
		notify(t, n, e, nil)
		m := unmarshal[pagerDutyEvent](t, sent())
		if m.Action == "resolve" {
			delete(open, m.DedupKey)
		} else if _, ok := open[m.DedupKey]; !ok {
			open[m.DedupKey] = m.Payload.Summary
		}
		if len(open) != step.want {
			t.Fatalf("after %d, %s of %q: open are %q", i, step.kind, step.source+step.receiver, open)
		}
	}
}
