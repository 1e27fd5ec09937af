package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"veille"
)

// WebhookOptions are the options of a webhook receiver.
type WebhookOptions struct {
	URL            veille.Secret `yaml:"url" required:"true" doc:"Address that each event is posted to, https unless the host is private."`
	Secret         veille.Secret `yaml:"secret" required:"true" doc:"Key of the signature (Standard Webhooks): whsec_ and base64 of 24 to 64 bytes."`
	PreviousSecret veille.Secret `yaml:"previous_secret" doc:"The key before the present one; while it is given, every request carries a second signature made with it."`
}

// Problems implements veille.ReceiverOptions.
func (o *WebhookOptions) Problems() []veille.Problem {
	var out []veille.Problem
	if _, p := newTarget(o.URL); p != nil {
		out = append(out, *p)
	}
	if o.Secret.IsZero() {
		out = append(out, veille.Problem{Path: "secret", What: "is missing", Help: secretHelp})
	} else if _, ok := signingKey(o.Secret); !ok {
		out = append(out, badSecret("secret"))
	}
	if _, ok := signingKey(o.PreviousSecret); !ok && !o.PreviousSecret.IsZero() {
		out = append(out, badSecret("previous_secret"))
	}
	return out
}

const secretHelp = `make one with: printf 'whsec_%s\n' "$(head -c 32 /dev/urandom | base64)"`

func badSecret(path string) veille.Problem {
	return veille.Problem{Path: path, What: "is not whsec_ and base64 of 24 to 64 bytes", Help: secretHelp}
}

func webhookKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "webhook",
			Summary: "Posts each event as signed JSON (Standard Webhooks 1.0) to an address of yours.",
			Options: func() veille.ReceiverOptions { return new(WebhookOptions) },
		},
		Build: func(name string, o veille.ReceiverOptions, env Env) (Notifier, error) {
			options, err := usable[*WebhookOptions](name, o)
			if err != nil {
				return nil, err
			}
			w := &webhook{sender: newSender(env), keys: &keys{}}
			w.target, _ = newTarget(options.URL)
			for _, s := range []veille.Secret{options.Secret, options.PreviousSecret} {
				if key, ok := signingKey(s); ok {
					w.keys.all = append(w.keys.all, key)
				}
			}
			w.print = fingerprint(options.URL, options.Secret, options.PreviousSecret)
			return w, nil
		},
	}
}

// keys stand behind a pointer, so that no printing of a notifier reaches them.
type keys struct{ all [][]byte }

// webhook posts events as EVENTS.md describes.
type webhook struct {
	sender *sender
	target *target
	keys   *keys
	print  [32]byte
}

func (w *webhook) options() [32]byte { return w.print }
func (w *webhook) pace() pace        { return pace{steps: webhookSteps} }

// Notify implements Notifier. The body depends on the event alone; the
// timestamp, and so the signature, are those of this attempt.
func (w *webhook) Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error) {
	limit := maxWebhookBody
	if d.Degraded {
		limit = plainWebhookBody
	}
	body, err := encodeEvent(d.Event, limit)
	if err != nil {
		return nil, w.target.refuse(veille.VerdictPoison, 0, 0, "the event cannot be written as JSON")
	}
	now := time.Now()
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("Webhook-Id", d.Event.ID)
	header.Set("Webhook-Timestamp", strconv.FormatInt(now.Unix(), 10))
	header.Set("Webhook-Signature", sign(w.keys.all, d.Event.ID, now, body))
	a, err := w.sender.post(ctx, w.target, header, body)
	if err != nil {
		return nil, err
	}
	if err := w.target.judge(a, w.target.scrub(string(a.body), 160)); err != nil {
		return nil, err
	}
	return veille.Receipt{"status": strconv.Itoa(a.status)}, nil
}

// signingKey decodes a secret of Standard Webhooks.
func signingKey(s veille.Secret) ([]byte, bool) {
	encoded, ok := strings.CutPrefix(strings.TrimSpace(s.Reveal()), "whsec_")
	if !ok || len(encoded) > 128 {
		return nil, false
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(key) < 24 || len(key) > 64 {
		return nil, false
	}
	return key, true
}

// sign makes the value of webhook-signature (Standard Webhooks 1.0): a
// signature for each key, separated by a space.
func sign(keys [][]byte, id string, at time.Time, body []byte) string {
	signatures := make([]string, 0, len(keys))
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		_, _ = fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
		_, _ = mac.Write(body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(signatures, " ")
}

// fingerprint tells whether two receivers have the same options.
func fingerprint(options ...veille.Secret) [32]byte {
	h := sha256.New()
	for _, o := range options {
		_, _ = fmt.Fprintf(h, "%d:%s", len(o.Reveal()), o.Reveal())
	}
	return [32]byte(h.Sum(nil))
}
