package notify

import (
	"net/http"
	"testing"
	"time"

	"veille"
)

func gotifySample() sample {
	secret := veille.NewSecret
	return sample{
		kind: "gotify",
		options: func(address string) veille.ReceiverOptions {
			return &GotifyOptions{URL: origin(address), Token: secret("A" + canary), Priority: 5}
		},
		bad: []veille.ReceiverOptions{
			&GotifyOptions{URL: "https://gotify.example.org"}, &GotifyOptions{Token: secret(canary)},
			&GotifyOptions{URL: "https://gotify.example.org", Token: secret(canary), Priority: 11},
		},
		serve: func(w http.ResponseWriter, r *http.Request) {
			var m struct {
				Title, Message string
				Priority       int
			}
			switch {
			case r.URL.Path != "/message":
				says(w, 404, `{"error":"Not Found","errorCode":404,"errorDescription":"page not found"}`)
			case r.Header.Get("X-Gotify-Key") != "A"+canary:
				says(w, 401, `{"error":"Unauthorized","errorCode":401,"errorDescription":"you need to provide a valid access token"}`)
			case !jsonBody(r, &m) || m.Message == "":
				says(w, 400, `{"error":"Bad Request","errorCode":400,"errorDescription":"Field 'message' is required"}`)
			default:
				says(w, 200, `{"id":25}`)
			}
		},
		check: func(t *testing.T, e veille.Event, payload []byte) {
			m := unmarshal[struct{ Title, Message string }](t, payload)
			checkInert(t, m.Title)
			checkInert(t, withoutURLs(e, m.Message))
			if len(m.Message) > 8000 {
				t.Errorf("%d bytes", len(m.Message))
			}
		},
	}
}

func TestGotify_ReadsAnswers(t *testing.T) {
	readsAnswers(t, gotifySample(), []reply{
		{200, "", `{"id":1}`, "", 0},
		{200, "", `<html>`, veille.VerdictRetry, 0},
		{400, "", `{"errorDescription":"no"}`, veille.VerdictPoison, 0},
		{401, "", `{"errorDescription":"you need to provide a valid access token"}`, veille.VerdictPause, 0},
		{403, "", ``, veille.VerdictPause, 0},
		{404, "", ``, veille.VerdictRetry, 0},
		{429, "2", ``, veille.VerdictPause, 2 * time.Second},
		{500, "", ``, veille.VerdictPause, 0},
	})
}
