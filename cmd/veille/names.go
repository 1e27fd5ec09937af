package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"veille"
	"veille/config"
)

// recent is how many stored rows are looked through for the names that they
// hold.
const recent = 1000

// recognised says that a name which found nothing is none, and what may be meant: an
// empty list must not look like "no news" where it is a slip of the hand.
func recognised(what, name string, names []string) error {
	if name == "" || slices.Contains(names, name) {
		return nil
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if near := config.Nearest(name, names); near != "" {
		return fmt.Errorf("no %s %q; did you mean %q?: %w", what, name, near, errUsage)
	}
	return fmt.Errorf("no %s %q is configured or stored: %w", what, name, errUsage)
}

// configured is the configuration where there is one that can be read; names
// that it holds are known before anything is stored about them.
func (a *app) configured() *config.Config {
	path, err := a.configFile()
	if err != nil || path == "" {
		return &config.Config{}
	}
	conf, err := config.Load(path, a.lookup, checks())
	if err != nil {
		return &config.Config{}
	}
	return conf
}

func (a *app) knownSource(ctx context.Context, from records, name string) error {
	var names []string
	for _, s := range a.configured().Sources {
		names = append(names, s.Name)
	}
	states, err := from.Sources(ctx)
	for _, s := range states {
		names = append(names, s.Name)
	}
	return errors.Join(err, recognised("source", name, names))
}

func (a *app) knownWatch(ctx context.Context, from records, name string) error {
	var names []string
	for _, w := range a.configured().Watches {
		names = append(names, w.Name)
	}
	events, err := from.Events(ctx, veille.EventFilter{Page: veille.Page{Limit: recent}})
	for _, e := range events {
		names = append(names, e.Watches...)
	}
	return errors.Join(err, recognised("watch", name, names))
}

// checkDeliveryFilter says what of a filter that found nothing is not known.
func (a *app) checkDeliveryFilter(ctx context.Context, from records, f veille.DeliveryFilter) error {
	if f.Watch != "" {
		if err := a.knownWatch(ctx, from, f.Watch); err != nil {
			return err
		}
	}
	if f.Receiver == "" && f.EventID == "" && f.Batch == "" {
		return nil
	}
	rows, err := from.Deliveries(ctx, veille.DeliveryFilter{Page: veille.Page{Limit: recent}, EventID: f.EventID})
	if err != nil {
		return err
	}
	var receivers, events, batches []string
	for _, r := range a.configured().Receivers {
		receivers = append(receivers, r.Name)
	}
	if len(rows) == 0 && f.EventID != "" {
		if rows, err = from.Deliveries(ctx, veille.DeliveryFilter{Page: veille.Page{Limit: recent}}); err != nil {
			return err
		}
	}
	for _, d := range rows {
		receivers, events, batches = append(receivers, d.Receiver), append(events, d.EventID), append(batches, d.Batch)
		if d.Type == veille.Digest {
			batches = append(batches, d.EventID)
		}
	}
	return errors.Join(recognised("receiver", f.Receiver, receivers), recognised("event", f.EventID, events), recognised("digest", f.Batch, batches))
}

func eventTypes() []string {
	var names []string
	for _, t := range veille.EventTypes() {
		names = append(names, string(t))
	}
	return names
}
