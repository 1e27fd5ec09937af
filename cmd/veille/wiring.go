package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"veille"
	"veille/config"
	"veille/crawler"
	"veille/crawler/extract"
	"veille/monitor"
	"veille/monitor/query"
	"veille/notify"
	"veille/trace"
)

// checks joins the judgements that each package makes of its own part of the
// configuration.
func checks() config.Checks {
	kinds := notify.Kinds()
	c := config.Checks{
		Kinds:    make([]veille.ReceiverKind, len(kinds)),
		Schedule: monitor.CheckSchedule,
		Port:     crawler.CheckPort,
		Selector: extract.CheckSelector,
		Rules: func(concepts map[string][]string, tags []string) config.Rules {
			return query.NewChecker(concepts, tags)
		},
	}
	for i, k := range kinds {
		c.Kinds[i] = k.ReceiverKind
	}
	return c
}

// wiring is what a configuration asks for, built completely before anything
// that runs is touched.
type wiring struct {
	plan      monitor.Plan
	matcher   *query.Set
	notifiers map[string]notify.Notifier
}

func build(c *config.Config, env notify.Env, compile compile, tracer *trace.Tracer) (wiring, error) {
	matcher, err := compile(c.Watches, c.Concepts)
	if err != nil {
		return wiring{}, fmt.Errorf("compile the watches: %w", err)
	}
	notifiers, err := buildNotifiers(c, env)
	if err != nil {
		return wiring{}, err
	}
	for _, r := range c.Receivers {
		policy, err := policyOf(r)
		if err != nil {
			return wiring{}, fmt.Errorf("receiver %s: %w", r.Name, err)
		}
		n := notifiers[r.Name]
		if tracer != nil {
			n = notify.Through(tracer.Notifier(n), n)
		}
		notifiers[r.Name] = notify.Under(policy, n)
	}
	return wiring{
		plan: monitor.Plan{
			Sources: c.Sources, Watches: c.Watches, Matcher: matcher, Health: c.Health,
			Lookback: c.Lookback, Parallel: c.Crawl.Parallel,
			KeepArticles: c.Retain.Articles, KeepDeliveries: c.Retain.Deliveries,
		},
		matcher:   matcher,
		notifiers: notifiers,
	}, nil
}

func buildNotifiers(c *config.Config, env notify.Env) (map[string]notify.Notifier, error) {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("time zone of the alerts: %w", err)
	}
	env.Language, env.Zone = c.Language, zone
	kinds := make(map[string]notify.Kind)
	for _, k := range notify.Kinds() {
		kinds[k.Name] = k
	}
	notifiers := make(map[string]notify.Notifier, len(c.Receivers))
	for _, r := range c.Receivers {
		n, err := kinds[r.Kind].Build(r.Name, r.Options, env)
		if err != nil {
			return nil, fmt.Errorf("receiver %s: %w", r.Name, err)
		}
		notifiers[r.Name] = n
	}
	return notifiers, nil
}

// policyOf is when a receiver is told, as the configuration says it.
func policyOf(r veille.Receiver) (notify.Policy, error) {
	p := notify.Policy{Rate: r.Rate, Max: r.Digest.Max, Flood: r.Digest.Above, Quiet: r.Quiet}
	switch {
	case r.Digest.Every > 0:
		p.Digest = func(committed time.Time) time.Time { return committed.Add(r.Digest.Every) }
	case r.Digest.At != "":
		next, err := monitor.Ticks(r.Digest.At, r.Digest.TimeZone)
		if err != nil {
			return p, fmt.Errorf("digest.at: %w", err)
		}
		p.Digest = next
	}
	return p, nil
}

// tracing starts traces where the environment names a collector; nil elsewhere.
func (a *app) tracing(ctx context.Context, log *slog.Logger) (*trace.Tracer, error) {
	if a.env("OTEL_EXPORTER_OTLP_ENDPOINT") == "" && a.env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" {
		return nil, nil
	}
	return trace.Start(ctx, version(), log)
}

func crawlerOptions(c *config.Config, memory crawler.Memory, log *slog.Logger) crawler.Options {
	return crawler.Options{
		UserAgent: userAgent(c.Contact),
		Spacing:   c.Crawl.Spacing, Timeout: c.Crawl.Timeout,
		Parallel: c.Crawl.Parallel, MaxBody: c.Crawl.MaxBody,
		Memory: memory, KeepExchanges: c.Archive, Log: log,
	}
}

// userAgent names the robot and how to reach its operator (RFC 9110, section
// 10.1.5).
func userAgent(contact string) string {
	if contact == "" {
		return "VeilleBot/" + release
	}
	return "VeilleBot/" + release + " (+" + contact + ")"
}

// notifyEnv is what receivers are built with. One environment serves every
// reload: its connections outlive a configuration.
func (a *app) notifyEnv(log *slog.Logger) notify.Env {
	return notify.Env{Stdout: a.stdout, UserAgent: "Veille/" + release, Log: log, Transport: notify.NewTransport(), Color: a.color}
}

// isTerminal reports whether a writer is a console that shows colours.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
