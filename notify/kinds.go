package notify

import (
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"veille"
)

// Kind is one way to reach people: what the configuration needs to know of it,
// and how a Notifier is made of its decoded options.
type Kind struct {
	veille.ReceiverKind
	// Build fails where the options hold a problem, so that what cannot work
	// does not start. It sends nothing.
	Build func(name string, o veille.ReceiverOptions, env Env) (Notifier, error)
}

// Env is what notifiers share with the process around them.
type Env struct {
	// Stdout takes one Write an event.
	Stdout io.Writer
	// UserAgent is sent with every request; empty means "Veille".
	UserAgent string
	Log       *slog.Logger
	// Transport carries requests; nil means a new NewTransport for each
	// receiver.
	Transport http.RoundTripper
	// Roots are the certificate authorities that a mail server is trusted by; nil
	// means those of the system.
	Roots *x509.CertPool
	// Language and Zone are those of receivers that name none; empty and nil
	// mean English and UTC.
	Language string
	Zone     *time.Location
	// Color says that Stdout is a terminal, where matched words may be
	// highlighted with ANSI sequences.
	Color bool
}

// Kinds is the table of receiver kinds, in alphabetical order. Writes of the
// stdout notifiers built from one table never interleave.
func Kinds() []Kind {
	console := newTurnstile()
	return []Kind{
		discordKind(),
		emailKind(),
		fileKind(),
		googleChatKind(),
		gotifyKind(),
		matrixKind(),
		mattermostKind(),
		ntfyKind(),
		pagerDutyKind(),
		slackKind(),
		stdoutKind(console),
		teamsKind(),
		telegramKind(),
		webhookKind(),
	}
}

// TestEventFor is the event that tries out one receiver. Its id differs from
// one try to the next, so that no try is taken for a repetition.
func TestEventFor(name string, now time.Time) veille.Event {
	return veille.Event{
		ID:      veille.SystemEventID(veille.TestEvent, name, now.UTC().Format(time.RFC3339Nano)),
		Type:    veille.TestEvent,
		Time:    now,
		Message: fmt.Sprintf("This is a test alert for the receiver %q. Alerts will reach you here.", name),
	}
}

// built makes the Build of a kind out of what it does with usable options.
func built[T veille.ReceiverOptions](build func(name string, options T, env Env) Notifier) func(string, veille.ReceiverOptions, Env) (Notifier, error) {
	return func(name string, o veille.ReceiverOptions, env Env) (Notifier, error) {
		options, err := usable[T](name, o)
		if err != nil {
			return nil, err
		}
		return build(name, options, env), nil
	}
}

// usable checks that options are of the type that a kind decodes into, and
// hold no problem.
func usable[T veille.ReceiverOptions](name string, o veille.ReceiverOptions) (T, error) {
	options, ok := o.(T)
	if !ok {
		return options, fmt.Errorf("receiver %s: options are %T, not %T", name, o, options)
	}
	if problems := options.Problems(); len(problems) > 0 {
		return options, fmt.Errorf("receiver %s: %w", name, problems[0])
	}
	return options, nil
}
