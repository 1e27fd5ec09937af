package notify

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"veille"
)

// request is one HTTP request of an attempt.
type request struct {
	// method is POST where it is empty, url the target's where it is nil.
	method string
	url    *url.URL
	header http.Header
	body   []byte
}

// service is a receiver that takes one HTTP request an event: all that a kind
// adds is what it asks, and how it reads the answer.
type service struct {
	sender *sender
	target *target
	print  [32]byte
	rate   pace
	// ask renders a delivery; the same delivery gives the same bytes, but for
	// what tells the time of the attempt.
	ask func(d veille.Delivery) (request, error)
	// read judges an answer; nil error means that the receiver has the event.
	read func(a answer) (veille.Receipt, error)
}

func (s *service) options() [32]byte { return s.print }
func (s *service) pace() pace        { return s.rate }

// Notify implements Notifier.
func (s *service) Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error) {
	r, err := s.ask(d)
	if err != nil {
		return nil, s.target.refuse(veille.VerdictPoison, 0, 0, "the message cannot be written: "+err.Error())
	}
	a, err := s.sender.send(ctx, s.target, r)
	if err != nil {
		return nil, err
	}
	return s.read(a)
}

// preview implements previewer.
func (s *service) preview(d veille.Delivery) ([]byte, error) {
	r, err := s.ask(d)
	if err != nil {
		return nil, err
	}
	return s.target.show(r), nil
}

// show writes a request as it would be sent, with what is secret covered.
func (t *target) show(r request) []byte {
	var b bytes.Buffer
	to := cmp.Or(r.url, t.url)
	where := to.Scheme + "://" + to.Host + "/"
	if len(to.RequestURI()) > 1 {
		where += covered
	}
	fmt.Fprintf(&b, "%s %s\n", cmp.Or(r.method, http.MethodPost), where)
	for _, name := range slices.Sorted(maps.Keys(r.header)) {
		fmt.Fprintf(&b, "%s: %s\n", name, t.cover(strings.Join(r.header[name], ", ")))
	}
	fmt.Fprintf(&b, "\n%s\n", bytes.TrimRight([]byte(t.cover(string(r.body))), "\n"))
	return b.Bytes()
}

const covered = "<secret>"

// cover hides the secrets that a request carries.
func (t *target) cover(text string) string {
	for _, secret := range t.secrets {
		text = strings.ReplaceAll(text, secret, covered)
	}
	return text
}

// jsonRequest is a request whose body is v as JSON.
func jsonRequest(v any) (request, error) {
	body, err := encodeJSON(v)
	r := request{header: http.Header{}, body: body}
	r.header.Set("Content-Type", "application/json; charset=utf-8")
	return r, err
}

func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// bearer adds a token to the header of a request. A function shows nothing of
// it, however it is printed.
func bearer(token veille.Secret) func(http.Header) {
	return func(h http.Header) { h.Set("Authorization", "Bearer "+strings.TrimSpace(token.Reveal())) }
}
