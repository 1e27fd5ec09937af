package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"veille"
)

// StdoutOptions are the options of a receiver on the standard output.
type StdoutOptions struct {
	Format string `yaml:"format" default:"text" enum:"text,json" doc:"text for people, or json for one event a line."`
	Voice
}

// Problems implements veille.ReceiverOptions.
func (o *StdoutOptions) Problems() []veille.Problem {
	out := o.problems(consoleDialect(false), nil)
	switch o.Format {
	case "", "text":
	case "json":
		if o.Template != "" {
			out = append(out, veille.Problem{Path: "template", What: "is given beside the format json", Help: "keep one of them"})
		}
	default:
		out = append(out, veille.Problem{Path: "format", What: "is neither text nor json", Help: "write text or json"})
	}
	return out
}

func stdoutKind(console turnstile) Kind {
	return Kind{
		ReceiverKind: veille.ReceiverKind{
			Name:    "stdout",
			Summary: "Writes each alert to the standard output.",
			Options: func() veille.ReceiverOptions { return &StdoutOptions{Format: "text"} },
		},
		Build: func(name string, o veille.ReceiverOptions, env Env) (Notifier, error) {
			options, err := usable[*StdoutOptions](name, o)
			if err != nil {
				return nil, err
			}
			if env.Stdout == nil {
				return nil, fmt.Errorf("receiver %s: there is no standard output to write to", name)
			}
			return &stdout{
				out: env.Stdout, turn: console, json: options.Format == "json", color: env.Color,
				voice: options.in(consoleDialect(env.Color), env), print: fingerprint(options),
			}, nil
		},
	}
}

// turnstile lets one write at a time onto the console.
type turnstile chan struct{}

func newTurnstile() turnstile { return make(turnstile, 1) }

// stdout writes events for people, or for a program that reads lines.
type stdout struct {
	turn  turnstile
	out   io.Writer
	json  bool
	color bool
	voice voice
	print [32]byte
}

func (s *stdout) options() [32]byte { return s.print }
func (s *stdout) pace() pace        { return pace{steps: chatSteps} }

// Notify implements Notifier. An event is one Write.
func (s *stdout) Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error) {
	text, err := s.line(d)
	if err != nil {
		return nil, &veille.DeliveryError{Verdict: veille.VerdictPoison, Err: errors.New("the event cannot be written as JSON")}
	}
	if err := s.write(ctx, text); err != nil {
		return nil, &veille.DeliveryError{Verdict: veille.VerdictPause, Err: fmt.Errorf("write to the standard output: %w", err)}
	}
	return nil, nil
}

// line is what is written of a delivery.
func (s *stdout) line(d veille.Delivery) (string, error) {
	if !s.json {
		return s.consoleText(d), nil
	}
	raw, err := marshal(d.Event)
	return inertJSON(string(raw)) + "\n", err
}

// preview implements previewer.
func (s *stdout) preview(d veille.Delivery) ([]byte, error) {
	text, err := s.line(d)
	return []byte(text), err
}

// write gives up with ctx. A write to a pipe that nobody reads cannot be
// called off: its goroutine keeps its turn until the reader moves or the
// process ends, so that at most one hangs.
func (s *stdout) write(ctx context.Context, text string) error {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	done := make(chan error, 1)
	go func() {
		_, err := io.WriteString(s.out, text)
		<-s.turn
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// inertJSON escapes the characters that JSON lets through and a terminal acts
// on, or that change the reading order. In JSON they occur in strings only.
func inertJSON(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case invisible(r) && r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		case invisible(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

const (
	ansiBold   = "\x1b[1m"
	ansiHit    = "\x1b[1;33m"
	ansiFaint  = "\x1b[2m"
	ansiStruck = "\x1b[9m"
	ansiReset  = "\x1b[0m"
)

var ansiSequence = regexp.MustCompile("\x1b\\[[0-9;]*m")

// consoleDialect is text on a console; its colours stand for the marks around
// words.
func consoleDialect(color bool) dialect {
	d := plainDialect(units)
	d.inert = func(s string, _ rune) string { return s }
	d.newline, d.gap, d.label = "\n  ", "\n  ", ": "
	if color {
		d.marks = map[style][2]string{
			strong: {ansiBold, ansiReset}, hit: {ansiHit, ansiReset}, come: {ansiBold, ansiReset}, gone: {ansiStruck, ansiReset},
		}
		// What does not show takes no room.
		d.measure = func(s string) int { return units(ansiSequence.ReplaceAllString(s, "")) }
	}
	return d
}

const consoleRoom = 8000

// consoleText renders a delivery for a person: what happened, where and when,
// why, and the address.
func (s *stdout) consoleText(d veille.Delivery) string {
	dialect := consoleDialect(s.color)
	if s.voice.template != nil {
		return strings.TrimRight(s.voice.text(dialect, d, consoleRoom), "\n") + "\n\n"
	}
	page := s.voice.page(d.Event)
	if s.color {
		for _, p := range page {
			if p.role == facts {
				for i := range p.runs {
					p.runs[i].style = faint
				}
			}
		}
		dialect.marks[faint] = [2]string{ansiFaint, ansiReset}
	}
	return s.voice.compose(dialect, page, consoleRoom) + "\n\n"
}
