package notify

import (
	"net/http"
	"testing"
	"time"

	"veille"
)

func ntfySample() sample {
	secret := veille.NewSecret
	return sample{
		kind: "ntfy",
		options: func(address string) veille.ReceiverOptions {
			return &NtfyOptions{URL: origin(address), Topic: secret(canary), Token: secret("tk_" + canary), Priority: "high"}
		},
		bad: []veille.ReceiverOptions{
			&NtfyOptions{URL: "https://ntfy.sh"}, &NtfyOptions{URL: "https://ntfy.sh", Topic: secret(canary + "/x")},
			&NtfyOptions{URL: "http://ntfy.sh", Topic: secret(canary)}, &NtfyOptions{URL: "https://ntfy.sh", Topic: secret(canary), Priority: "loud"},
			&NtfyOptions{URL: "https://ntfy.sh", Topic: secret(canary), Token: secret(canary + "\n" + canary)},
		},
		serve: func(w http.ResponseWriter, r *http.Request) {
			var m ntfyMessage
			switch {
			case r.Header.Get("Authorization") != "Bearer tk_"+canary:
				says(w, 403, `{"code":40301,"http":403,"error":"forbidden"}`)
			case !jsonBody(r, &m) || m.Topic != canary || m.Priority < 1 || m.Priority > 5:
				says(w, 400, `{"code":40024,"http":400,"error":"invalid request: body must be message JSON"}`)
			case len(m.Title) > 1024:
				says(w, 400, `{"code":40057,"http":400,"error":"title too long"}`)
			case len(m.Message) > 4096 || m.Message == "":
				says(w, 413, `{"code":41301,"http":413,"error":"attachment too large"}`)
			default:
				says(w, 200, `{"id":"x1","event":"message"}`)
			}
		},
		check: func(t *testing.T, e veille.Event, payload []byte) {
			m := unmarshal[ntfyMessage](t, payload)
			checkInert(t, m.Title)
			checkInert(t, withoutURLs(e, m.Message))
		},
	}
}

func TestNtfy_ReadsAnswers(t *testing.T) {
	readsAnswers(t, ntfySample(), []reply{
		{200, "", `{"id":"x"}`, "", 0},
		{200, "", `<html>`, veille.VerdictRetry, 0},
		{400, "", `{"code":40057,"error":"title too long"}`, veille.VerdictPoison, 0},
		{413, "", `{"code":41301}`, veille.VerdictPoison, 0},
		{401, "", `{"code":40101}`, veille.VerdictPause, 0}, {403, "", `{"code":40301}`, veille.VerdictPause, 0},
		{404, "", ``, veille.VerdictRetry, 0},
		{429, "", `{"code":42901,"error":"limit reached: too many requests"}`, veille.VerdictPause, 0},
		{429, "5", `{"code":42908}`, veille.VerdictPause, 5 * time.Second},
		{507, "", `{"code":50701}`, veille.VerdictPause, 0},
	})
}
