package notify

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"veille"
)

// The project's own library verifies what is sent, with the present key and,
// while a key is replaced, with the one before it.
func TestWebhook_IsVerifiedByTheLibraryOfStandardWebhooks(t *testing.T) {
	const present, previous = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
	var header http.Header
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	for _, format := range []string{"event", "cloudevents"} {
		n, err := webhookKind().Build("hook", &WebhookOptions{
			URL: veille.NewSecret(server.URL), Secret: veille.NewSecret(present), PreviousSecret: veille.NewSecret(previous), Format: format,
		}, Env{})
		if err != nil {
			t.Fatal(err)
		}
		notify(t, n, Example(veille.ArticlePublished), nil)
		for _, key := range []string{present, previous} {
			wh, err := webhooks.NewWebhook(key)
			if err != nil {
				t.Fatal(err)
			}
			if err := wh.Verify(body, header); err != nil {
				t.Errorf("%s with %s: %v", format, key, err)
			}
		}
		other, err := webhooks.NewWebhook("whsec_" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
		if err != nil {
			t.Fatal(err)
		}
		if other.Verify(body, header) == nil {
			t.Error("another key verifies")
		}
	}
}
