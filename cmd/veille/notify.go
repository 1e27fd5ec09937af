package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"veille"
	"veille/config"
	"veille/notify"
)

// maxEventFile is how much of an event's file is read, in bytes.
const maxEventFile = 16 << 20

func (a *app) notifyCommand() *cobra.Command {
	var from string
	var preview bool
	cmd := &cobra.Command{
		Use:   "notify RECEIVER",
		Short: "Send a test alert to a receiver and report what it answered",
		Long: `Sends an alert through the real path and reports the real result. --event takes
another event than the test alert: a file with one as JSON (such as a line of
veille alerts --json, or a webhook's body), - for the standard input, or the name
of a type for an example of it. --preview prints exactly what would be sent, with
secrets covered, and sends nothing.`,
		Example: "  veille notify desk\n  veille notify desk --event article.edited --preview\n  veille alerts --json | head -1 | veille notify desk --event -",
		Args:    arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			conf, _, err := a.load()
			if err != nil {
				return err
			}
			notifiers, err := buildNotifiers(conf, a.notifyEnv(a.log()))
			if err != nil {
				return err
			}
			name := args[0]
			n, ok := notifiers[name]
			if !ok {
				return noReceiver(name, slices.Sorted(maps.Keys(notifiers)))
			}
			event, err := a.eventFrom(from, name)
			if err != nil {
				return err
			}
			now := time.Now()
			d := veille.Delivery{Receiver: name, EventID: event.ID, Watches: event.Watches, Type: event.Type, Event: event, Created: now, Due: now}
			if preview {
				shown, err := notify.Preview(n, d)
				if err != nil {
					return fmt.Errorf("preview for %s: %w", name, err)
				}
				_, err = a.stdout.Write(shown)
				return err
			}
			return a.sendNow(cmd.Context(), n, d)
		},
	}
	cmd.Flags().StringVar(&from, "event", "", "send the event in `FILE` (JSON), - for the standard input, or an example of a type such as article.edited")
	cmd.Flags().BoolVar(&preview, "preview", false, "print what would be sent, with secrets covered, and send nothing")
	return cmd
}

// eventFrom reads the event that a person asked for; the test alert without.
// noReceiver says that no receiver has a name, and what may be meant.
func noReceiver(name string, names []string) error {
	switch near := config.Nearest(name, names); {
	case near != "":
		return fmt.Errorf("no receiver %q; did you mean %q?: %w", name, near, errUsage)
	case len(names) == 0:
		return fmt.Errorf("no receiver %q: the configuration has none: %w", name, errUsage)
	}
	return fmt.Errorf("no receiver %q; there are: %s: %w", name, strings.Join(names, ", "), errUsage)
}

func (a *app) eventFrom(from, receiver string) (veille.Event, error) {
	if from == "" {
		return notify.TestEventFor(receiver, time.Now().UTC()), nil
	}
	if t := veille.EventType(from); slices.Contains(veille.EventTypes(), t) {
		return notify.Example(t), nil
	}
	in := a.stdin
	if from != "-" {
		f, err := os.Open(from)
		if err != nil {
			return veille.Event{}, fmt.Errorf("%w; give a file, -, or one of %s: %w", err, typeNames(), errUsage)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxEventFile+1))
	if err != nil {
		return veille.Event{}, fmt.Errorf("read the event: %w", err)
	}
	if len(raw) > maxEventFile {
		return veille.Event{}, fmt.Errorf("the event is larger than %d MiB: %w", maxEventFile>>20, errUsage)
	}
	var e veille.Event
	if err := json.Unmarshal(raw, &e); err != nil {
		return e, fmt.Errorf("%s is not one event as JSON (%w): %w", from, err, errUsage)
	}
	if e.ID == "" || e.Type == "" {
		return e, fmt.Errorf("%s is not an event: id and type are missing; docs/receivers.md shows one: %w", from, errUsage)
	}
	return e, nil
}

func typeNames() string {
	names := make([]string, 0, len(veille.EventTypes()))
	for _, t := range veille.EventTypes() {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}

func (a *app) sendNow(ctx context.Context, n notify.Notifier, d veille.Delivery) error {
	start, what := time.Now(), "alert"
	if d.Event.Type == veille.TestEvent {
		what = "test alert"
	}
	receipt, err := n.Notify(ctx, d)
	if refusal, ok := errors.AsType[*veille.DeliveryError](err); ok {
		if refusal.Status != 0 {
			return fmt.Errorf("%s did not accept the %s (HTTP %d): %w", d.Receiver, what, refusal.Status, refusal.Err)
		}
		return fmt.Errorf("%s did not accept the %s: %w", d.Receiver, what, refusal.Err)
	}
	if err != nil {
		return fmt.Errorf("%s did not accept the %s: %w", d.Receiver, what, err)
	}
	if _, err := fmt.Fprintf(a.stdout, "%s accepted the %s in %d ms\n", d.Receiver, what, time.Since(start).Milliseconds()); err != nil {
		return err
	}
	if refused := receipt["refused"]; refused != "" {
		return fmt.Errorf("it did not reach everybody: %s", plain(refused))
	}
	return nil
}
