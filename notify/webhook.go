package notify

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"veille"
)

// WebhookOptions are the options of a webhook receiver.
type WebhookOptions struct {
	URL            veille.Secret `yaml:"url" required:"true" doc:"Address that each event is posted to, https unless the host is private."`
	Secret         veille.Secret `yaml:"secret" doc:"Key of the signature (Standard Webhooks): whsec_ and base64 of 24 to 64 bytes. Required without a template."`
	PreviousSecret veille.Secret `yaml:"previous_secret" doc:"The key before the present one; while it is given, every request carries a second signature made with it."`
	Format         string        `yaml:"format" default:"event" enum:"event,cloudevents" doc:"event for the event as it is, cloudevents for the same within a CloudEvents 1.0 envelope."`
	// Headers go with every request, for services that ask for a key.
	Headers     map[string]veille.Secret `yaml:"headers" doc:"Further headers for services that ask for a key. Values are secrets."`
	ContentType string                   `yaml:"content_type" default:"application/json" doc:"With a template: the type of what it writes; what is JSON by its type must be JSON."`
	Voice
}

// Problems implements veille.ReceiverOptions.
func (o *WebhookOptions) Problems() []veille.Problem {
	var out []veille.Problem
	if _, p := newTarget(o.URL); p != nil {
		out = append(out, *p)
	}
	if o.Secret.IsZero() && o.Template == "" {
		out = append(out, veille.Problem{Path: "secret", What: "is missing", Help: secretHelp})
	} else if _, ok := signingKey(o.Secret); !ok && !o.Secret.IsZero() {
		out = append(out, badSecret("secret"))
	}
	if _, ok := signingKey(o.PreviousSecret); !ok && !o.PreviousSecret.IsZero() {
		out = append(out, badSecret("previous_secret"))
	}
	switch {
	case o.Format != "" && o.Format != "event" && o.Format != "cloudevents":
		out = append(out, veille.Problem{Path: "format", What: "is neither event nor cloudevents", Help: "write event or cloudevents"})
	case o.Format == "cloudevents" && o.Template != "":
		out = append(out, veille.Problem{Path: "format", What: "is given beside a template", Help: "keep one of them"})
	}
	if _, _, err := mime.ParseMediaType(o.ContentType); o.ContentType != "" && err != nil {
		out = append(out, veille.Problem{Path: "content_type", What: "is not a media type", Help: "write application/json or text/plain"})
	}
	for name, value := range o.Headers {
		if p := headerProblem(name, value); p != nil {
			out = append(out, *p)
		}
	}
	return append(out, o.problems(o.dialect(), o.checkBody)...)
}

// headerProblem judges one further header.
func headerProblem(name string, value veille.Secret) *veille.Problem {
	p := &veille.Problem{Path: "headers", What: fmt.Sprintf("%q cannot be sent", line(name, 60)), Help: "write a header name and a value of one line"}
	for _, own := range []string{"Host", "Content-Type", "Content-Length", "User-Agent", "Transfer-Encoding", "Connection", "Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"} {
		if strings.EqualFold(own, name) {
			p.What, p.Help = own+" is set by Veille", "remove it"
			return p
		}
	}
	bad := func(r rune) bool {
		return notInHeader(r) || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
	}
	if name == "" || strings.ContainsFunc(name, bad) || strings.ContainsFunc(value.Reveal(), unicode.IsControl) {
		return p
	}
	return nil
}

const secretHelp = `make one with: printf 'whsec_%s\n' "$(head -c 32 /dev/urandom | base64)"`

func badSecret(path string) veille.Problem {
	return veille.Problem{Path: path, What: "is not whsec_ and base64 of 24 to 64 bytes", Help: secretHelp}
}

func webhookKind() Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "webhook",
			Summary: "Posts each event as signed JSON (Standard Webhooks 1.0) to an address of yours, or in the words of any other service by a template.",
			Options: func() veille.ReceiverOptions {
				return &WebhookOptions{Format: "event", ContentType: "application/json"}
			},
		},
		Build: built(func(_ string, options *WebhookOptions, env Env) Notifier {
			t, _ := newTarget(options.URL)
			secrets := []veille.Secret{options.Secret, options.PreviousSecret}
			var keys [][]byte
			for _, s := range secrets {
				if key, ok := signingKey(s); ok {
					keys = append(keys, key)
				}
			}
			for _, value := range options.Headers {
				secrets = append(secrets, value)
			}
			t = t.conceal(secrets...)
			w := webhook{options: options, voice: options.in(options.dialect(), env), keys: keys}
			return &service{
				sender: newSender(env), target: t, print: fingerprint(options), rate: pace{steps: webhookSteps, members: webhookMembers},
				ask: w.ask,
				read: func(a answer) (veille.Receipt, error) {
					return veille.Receipt{"status": strconv.Itoa(a.status)}, t.judge(a, t.scrub(string(a.body), 160))
				},
			}
		}),
	}
}

// webhook writes requests as EVENTS.md describes.
type webhook struct {
	options *WebhookOptions
	voice   voice
	keys    [][]byte
}

// ask writes a request. The body depends on the event alone; the timestamp, and
// so the signature, are those of this attempt.
func (w webhook) ask(d veille.Delivery) (request, error) {
	r := request{header: http.Header{}}
	for name, value := range w.options.Headers {
		r.header.Set(name, strings.TrimSpace(value.Reveal()))
	}
	var err error
	if r.body, err = w.body(d, r.header); err != nil {
		return r, err
	}
	now := time.Now()
	r.header.Set("Webhook-Id", d.Event.ID)
	r.header.Set("Webhook-Timestamp", strconv.FormatInt(now.Unix(), 10))
	if len(w.keys) > 0 {
		r.header.Set("Webhook-Signature", sign(w.keys, d.Event.ID, now, r.body))
	}
	return r, nil
}

// body writes the event, and its type into the header.
func (w webhook) body(d veille.Delivery, header http.Header) ([]byte, error) {
	limit := maxWebhookBody
	if d.Degraded {
		limit = plainWebhookBody + memberName*len(d.Event.Events)
	}
	if w.voice.template != nil {
		header.Set("Content-Type", cmp.Or(w.options.ContentType, "application/json"))
		if text, ok := w.voice.render(w.options.dialect(), d.Event, limit); ok {
			return []byte(text), nil
		}
		return nil, errors.New("the template writes nothing that fits for this event")
	}
	if w.options.Format == "cloudevents" {
		header.Set("Content-Type", "application/cloudevents+json")
		return cloudEvent(d.Event, limit)
	}
	header.Set("Content-Type", "application/json")
	return encodeEvent(d.Event, limit)
}

// dialect is what a template writes values in: within the quotation marks of
// JSON, else as plain text.
func (o *WebhookOptions) dialect() dialect {
	d := plainDialect(byteLen)
	d.inert = func(s string, _ rune) string { return s }
	if o.isJSON() {
		d.escape = jsonEscape
		d.newline, d.gap, d.label = `\n`, `\n\n`, `\n`
	}
	return d
}

func (o *WebhookOptions) isJSON() bool {
	media, _, _ := mime.ParseMediaType(cmp.Or(o.ContentType, "application/json"))
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

func (o *WebhookOptions) checkBody(text string) error {
	if !o.isJSON() {
		return nil
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return fmt.Errorf("it is not JSON: %w", err)
	}
	return nil
}

// jsonEscape writes a text as it stands between the quotation marks of JSON.
func jsonEscape(s string) string {
	raw, err := encodeJSON(s)
	if err != nil || len(raw) < 2 {
		return ""
	}
	return string(raw[1 : len(raw)-1])
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
