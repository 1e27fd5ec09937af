//go:build npm

package notify

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"veille"
)

// verifier reads a JSON array of requests, and writes for each what the library
// says: "ok", or why not.
const verifier = `
const { Webhook } = require("standardwebhooks");
let text = "";
process.stdin.on("data", d => text += d).on("end", () => {
  console.log(JSON.stringify(JSON.parse(text).map(({ key, header, body }) => {
    try { new Webhook(key).verify(Buffer.from(body, "base64").toString("utf8"), header); return "ok"; }
    catch (e) { return String(e); }
  })));
});`

type signedRequest struct {
	Key    string            `json:"key"`
	Header map[string]string `json:"header"`
	Body   []byte            `json:"body"`
}

// TestNpm_LibraryOfStandardWebhooksVerifiesWhatIsSent does what
// scripts/standardwebhooks is for, in every format and for every type of event,
// and that the library refuses what was changed.
func TestNpm_LibraryOfStandardWebhooksVerifiesWhatIsSent(t *testing.T) {
	const present, previous = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
	var sent []signedRequest
	server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		header := map[string]string{}
		for name := range r.Header {
			header[strings.ToLower(name)] = r.Header.Get(name)
		}
		sent = append(sent, signedRequest{Header: header, Body: body.Bytes()})
		w.WriteHeader(http.StatusNoContent)
	})
	var requests []signedRequest
	var want []bool
	for _, format := range []string{"event", "cloudevents"} {
		n, err := webhookKind().Build("hook", &WebhookOptions{
			URL: veille.NewSecret("https://hook.example/x"), Secret: veille.NewSecret(present), PreviousSecret: veille.NewSecret(previous), Format: format,
		}, Env{Transport: &direct{handler: server}})
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range veille.EventTypes() {
			sent = nil
			notify(t, n, Example(kind), nil)
			r := sent[0]
			changed, other := r, r
			changed.Body = bytes.Replace(r.Body, []byte(`"`), []byte(` "`), 1)
			other.Key = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
			changed.Key = present
			for _, key := range []string{present, previous} {
				r.Key = key
				requests, want = append(requests, r), append(want, true)
			}
			requests, want = append(requests, changed, other), append(want, false, false)
		}
	}
	in, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "-e", verifier)
	cmd.Dir = os.Getenv("VEILLE_STANDARDWEBHOOKS")
	cmd.Env = append(os.Environ(), "NODE_PATH="+cmd.Dir+"/node_modules")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	if err := json.Unmarshal(out, &said); err != nil || len(said) != len(want) {
		t.Fatalf("%d answers to %d requests: %v", len(said), len(want), err)
	}
	for i, answer := range said {
		if (answer == "ok") != want[i] {
			t.Errorf("request %d (%s with %s) gets %q", i, requests[i].Header["webhook-id"], requests[i].Key, answer)
		}
	}
}
