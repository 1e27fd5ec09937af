package notify

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

const matrixCanary = "syt_" + canary

func matrixSample() sample {
	secret := veille.NewSecret
	const url = "https://matrix.example.org"
	return sample{
		kind: "matrix",
		options: func(address string) veille.ReceiverOptions {
			return &MatrixOptions{URL: origin(address), Room: "!room:example.org", Token: secret(matrixCanary)}
		},
		bad: []veille.ReceiverOptions{
			&MatrixOptions{Room: "!r:x", Token: secret(canary)}, &MatrixOptions{URL: url, Room: "#alias:x", Token: secret(canary)},
			&MatrixOptions{URL: url, Room: "!r:x"}, &MatrixOptions{URL: url, Room: "!r:x", Token: secret(canary + "\n" + canary)},
			&MatrixOptions{URL: url + "/?a=b", Room: "!r:x", Token: secret(canary)},
		},
		serve: func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			const prefix = "/_matrix/client/v3/rooms/!room:example.org/send/m.room.message/"
			switch {
			case r.Header.Get("Authorization") != "Bearer "+matrixCanary:
				says(w, 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token"}`)
			case r.Method != http.MethodPut || !strings.HasPrefix(r.URL.Path, prefix+"evt_"):
				says(w, 404, `{"errcode":"M_UNRECOGNIZED"}`)
			case len(body) > 65000:
				says(w, 413, `{"errcode":"M_TOO_LARGE"}`)
			case !strings.Contains(string(body), `"m.mentions":{}`):
				says(w, 400, `{"errcode":"M_BAD_JSON"}`)
			default:
				says(w, 200, `{"event_id":"$`+strings.TrimPrefix(r.URL.Path, prefix)+`"}`)
			}
		},
		check: func(t *testing.T, e veille.Event, payload []byte) {
			m := unmarshal[matrixMessage](t, payload)
			checkInert(t, withoutURLs(e, m.Body))
			checkInert(t, readHTML(t, m.Formatted, "a", "strong", "em", "del"))
			if m.Body == "" {
				t.Error("no plain body")
			}
		},
	}
}

func TestMatrix_NamesTheTransactionByTheEventAndKeepsThreads(t *testing.T) {
	n, sent := matrixSample().receiver(t, Env{})
	e := Example(veille.ArticlePublished)
	first := notify(t, n, e, nil)
	if diff := cmp.Diff(veille.Receipt{"event": "$" + e.ID, "room": "!room:example.org"}, first); diff != "" {
		t.Error(diff)
	}
	sent()
	notify(t, n, Example(veille.ArticleEdited), first)
	if m := unmarshal[matrixMessage](t, sent()); m.Relates == nil || m.Relates.Event != "$"+e.ID || m.Relates.Type != "m.thread" {
		t.Errorf("relation %+v", m.Relates)
	}
}

func TestMatrix_ReadsAnswers(t *testing.T) {
	readsAnswers(t, matrixSample(), []reply{
		{200, "", `{"event_id":"$1"}`, "", 0},
		{200, "", `{}`, veille.VerdictRetry, 0},
		{400, "", `{"errcode":"M_BAD_JSON"}`, veille.VerdictPoison, 0},
		{413, "", `{"errcode":"M_TOO_LARGE"}`, veille.VerdictPoison, 0},
		{401, "", `{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token"}`, veille.VerdictDisable, 0},
		{401, "", ``, veille.VerdictPause, 0},
		{403, "", `{"errcode":"M_FORBIDDEN","error":"not in room"}`, veille.VerdictDisable, 0},
		{404, "", `{"errcode":"M_UNRECOGNIZED"}`, veille.VerdictRetry, 0},
		{429, "", `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}`, veille.VerdictPause, 2500 * time.Millisecond},
		{429, "9", `{"errcode":"M_LIMIT_EXCEEDED"}`, veille.VerdictPause, 9 * time.Second},
		{500, "", `{"errcode":"M_UNKNOWN"}`, veille.VerdictPause, 0},
	})
}
