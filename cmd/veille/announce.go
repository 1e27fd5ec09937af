package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"veille"
	"veille/config"
	"veille/notify"
	"veille/store/bolt"
)

const (
	// retellEvery is how often an event that the store did not take is tried
	// again, mostUntold how many of them wait.
	retellEvery = 10 * time.Second
	mostUntold  = 100
)

// announcer tells the health receivers of events about Veille itself, through
// the same outbox as alerts.
type announcer struct {
	store *bolt.Store
	wake  func(receivers []string)
	log   *slog.Logger

	mu sync.Mutex
	// receivers are those of the configuration in force, health those that
	// hear of Veille itself.
	receivers, health []string
	untold            []untold
}

// untold is an event that the store did not take yet.
type untold struct {
	except string
	event  veille.Event
}

// newAnnouncer returns an announcer and the dispatcher that it wakes.
func newAnnouncer(store *bolt.Store, conf *config.Config, log *slog.Logger) (*announcer, *notify.Dispatcher) {
	a := &announcer{store: store, log: log}
	a.apply(conf)
	dispatcher := notify.NewDispatcher(notify.DispatcherOptions{Outbox: store, Log: log, Tell: a.tell})
	a.wake = dispatcher.Wake
	return a, dispatcher
}

// apply takes the receivers of the configuration in force.
func (a *announcer) apply(conf *config.Config) {
	names := make([]string, len(conf.Receivers))
	for i, r := range conf.Receivers {
		names[i] = r.Name
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.receivers, a.health = names, conf.Health
}

// Run tells what the store did not take, until ctx ends.
func (a *announcer) Run(ctx context.Context) error {
	ticker := time.NewTicker(retellEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			a.retell(ctx)
		}
	}
}

func (a *announcer) retell(ctx context.Context) {
	a.mu.Lock()
	waiting := a.untold
	a.untold = nil
	a.mu.Unlock()
	for _, u := range waiting {
		if a.commit(ctx, u) != nil {
			a.later(u)
		}
	}
}

// tell commits an event for the health receivers but one: a receiver cannot be
// told of its own trouble. An event told before is not told again; one that the
// store does not take is told when it does.
func (a *announcer) tell(ctx context.Context, except string, event veille.Event) {
	u := untold{except, event}
	if err := a.commit(ctx, u); err != nil {
		a.log.Warn("event not told yet", "type", string(event.Type), "error", err)
		a.later(u)
	}
}

func (a *announcer) commit(ctx context.Context, u untold) error {
	now := time.Now().UTC()
	names := a.listeners(u.except)
	var rows []veille.Delivery
	for _, name := range names {
		rows = append(rows, veille.Delivery{Receiver: name, EventID: u.event.ID, State: veille.DeliveryPending, Created: now, Due: now})
	}
	if err := a.store.CommitEvents(ctx, []veille.Event{u.event}, rows); err != nil {
		return fmt.Errorf("tell the receivers of %s: %w", u.event.Type, err)
	}
	a.wake(names)
	return nil
}

// later keeps an event for Run; the oldest give way.
func (a *announcer) later(u untold) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if slices.ContainsFunc(a.untold, func(o untold) bool { return o.event.ID == u.event.ID && o.except == u.except }) {
		return
	}
	if len(a.untold) == mostUntold {
		a.untold = a.untold[1:]
	}
	a.untold = append(a.untold, u)
}

// listeners are the receivers that hear of an event about one of them.
func (a *announcer) listeners(except string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	others := func(names []string) []string {
		return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == except })
	}
	if names := others(a.health); len(names) > 0 {
		return names
	}
	return others(a.receivers)
}

// names returns the receivers of the configuration in force.
func (a *announcer) names() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.receivers
}
