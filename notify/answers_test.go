package notify

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"veille"
)

// reply is an answer of a service, and what must follow from it; no verdict is
// success.
type reply struct {
	status int
	// after is the Retry-After field.
	after string
	body  string
	want  veille.Verdict
	wait  time.Duration
}

// readsAnswers holds a kind to a table of answers, from a real server.
func readsAnswers(t *testing.T, s sample, table []reply) {
	t.Helper()
	for _, tc := range table {
		t.Run(fmt.Sprintf("%d %.60s", tc.status, tc.body), func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if tc.after != "" {
					w.Header().Set("Retry-After", tc.after)
				}
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.body)
			}))
			defer server.Close()
			n, err := kindOf(t, s).Build("desk", s.options(server.URL+"/"+canary), Env{})
			if err != nil {
				t.Fatal(err)
			}
			e := Example(veille.ArticlePublished)
			_, err = n.Notify(t.Context(), veille.Delivery{EventID: e.ID, Event: e})
			checkVerdict(t, err, tc.want, tc.status, tc.wait)
		})
	}
}

// jsonBody decodes the body of a request, and reports whether it is JSON of a
// known type.
func jsonBody(r *http.Request, v any) bool {
	return r.Header.Get("Content-Type") == "application/json; charset=utf-8" && json.NewDecoder(r.Body).Decode(v) == nil
}

// says answers with a status and JSON.
func says(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// unmarshal decodes a payload that must be JSON.
func unmarshal[T any](t *testing.T, payload []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(payload, &v); err != nil {
		t.Fatalf("%v in %.200q", err, payload)
	}
	return v
}

func acceptAll(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
