package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"veille"
)

// StdoutOptions are the options of a receiver on the standard output.
type StdoutOptions struct {
	Format string `yaml:"format" default:"text" enum:"text,json" doc:"text for people, or json for one event a line."`
}

// Problems implements veille.ReceiverOptions.
func (o *StdoutOptions) Problems() []veille.Problem {
	switch o.Format {
	case "", "text", "json":
		return nil
	}
	return []veille.Problem{{Path: "format", What: "is neither text nor json", Help: "write text or json"}}
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
			return &stdout{out: env.Stdout, turn: console, json: options.Format == "json", color: env.Color}, nil
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
}

func (s *stdout) options() [32]byte {
	if s.json {
		return [32]byte{1}
	}
	return [32]byte{}
}

func (s *stdout) pace() pace { return pace{steps: chatSteps} }

// Notify implements Notifier. An event is one Write.
func (s *stdout) Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error) {
	text := consoleText(d.Event, s.color)
	if s.json {
		raw, err := marshal(d.Event)
		if err != nil {
			return nil, &veille.DeliveryError{Verdict: veille.VerdictPoison, Err: errors.New("the event cannot be written as JSON")}
		}
		text = inertJSON(string(raw)) + "\n"
	}
	if err := s.write(ctx, text); err != nil {
		return nil, &veille.DeliveryError{Verdict: veille.VerdictPause, Err: fmt.Errorf("write to the standard output: %w", err)}
	}
	return nil, nil
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
	ansiBold  = "\x1b[1m"
	ansiHit   = "\x1b[1;33m"
	ansiFaint = "\x1b[2m"
	ansiReset = "\x1b[0m"
)

// consoleText renders an event for a person: what happened, where and when,
// why, and the address.
func consoleText(e veille.Event, color bool) string {
	style := func(code, s string) string {
		if !color || s == "" {
			return s
		}
		return code + s + ansiReset
	}
	var b strings.Builder
	row := func(indent, s string) {
		if s != "" {
			b.WriteString(indent + s + "\n")
		}
	}
	h := heading(e.Type)
	if e.Article == nil {
		row("", style(ansiBold, h+": ")+messageOf(e, 4000))
		row("  ", style(ansiFaint, moment(e.Time)))
		return b.String() + "\n"
	}
	if h != "" {
		h += ": "
	}
	row("", style(ansiBold, h+titleOf(e.Article, 400)))
	parts := facts(e.Article)
	if s := outlets(e.Story); s != "" {
		parts = append(parts, s)
	}
	row("  ", style(ansiFaint, strings.Join(parts, " · ")))
	row("  ", line(e.Message, 1000))
	switch {
	case e.Type == veille.ArticleWithdrawn:
		row("  ", withdrawal(e))
	case e.Revision != nil && e.Revision.Change != nil:
		for _, s := range edit(e.Revision.Change, 300) {
			row("  ", s)
		}
	}
	const most = 50
	for i, m := range e.Matches {
		if i == most {
			row("  ", fmt.Sprintf("… and %d more watches", len(e.Matches)-most))
			break
		}
		row("  ", line(m.Watch, 120)+": "+consoleSpans(spans(m), 800, func(s string) string { return style(ansiHit, s) }, color))
	}
	if len(e.Matches) == 0 && len(e.Watches) > 0 {
		row("  ", watchNames(e.Watches, 600))
	}
	row("  ", link(e.Article.URL))
	return b.String() + "\n"
}

// consoleSpans writes an excerpt; matched words are highlighted on a terminal
// and keep their marks elsewhere.
func consoleSpans(pieces []span, limit int, hit func(string) string, color bool) string {
	var b strings.Builder
	for _, p := range pieces {
		if limit <= 0 {
			break
		}
		text := cutText(p.text, limit)
		limit -= units(text)
		switch {
		case p.hit && color:
			text = hit(text)
		case p.hit:
			text = openMark + text + closeMark
		}
		b.WriteString(text)
	}
	return b.String()
}
