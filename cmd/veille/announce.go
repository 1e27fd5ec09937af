package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"veille"
	"veille/notify"
	"veille/store/bolt"
)

// announcer tells the receivers of events about Veille itself, through the
// same outbox as alerts.
type announcer struct {
	store *bolt.Store
	wake  func(receivers []string)
	log   *slog.Logger

	mu        sync.Mutex
	receivers []string
}

// newAnnouncer returns an announcer and the dispatcher that it wakes.
func newAnnouncer(store *bolt.Store, receivers []veille.Receiver, log *slog.Logger) (*announcer, *notify.Dispatcher) {
	a := &announcer{store: store, log: log}
	a.setReceivers(receivers)
	dispatcher := notify.NewDispatcher(notify.DispatcherOptions{Outbox: store, Log: log, Tell: a.tellOthers})
	a.wake = dispatcher.Wake
	return a, dispatcher
}

// setReceivers names the receivers of the configuration in force.
func (a *announcer) setReceivers(receivers []veille.Receiver) {
	names := make([]string, len(receivers))
	for i, r := range receivers {
		names[i] = r.Name
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.receivers = names
}

// tell commits an event for every receiver but one: a receiver cannot be told
// of its own trouble. An event told before is not told again.
func (a *announcer) tell(ctx context.Context, except string, event veille.Event) error {
	now := time.Now().UTC()
	var rows []veille.Delivery
	var names []string
	for _, name := range a.names() {
		if name == except {
			continue
		}
		rows = append(rows, veille.Delivery{Receiver: name, EventID: event.ID, State: veille.DeliveryPending, Created: now, Due: now})
		names = append(names, name)
	}
	if err := a.store.CommitEvents(ctx, []veille.Event{event}, rows); err != nil {
		return fmt.Errorf("tell the receivers of %s: %w", event.Type, err)
	}
	a.wake(names)
	return nil
}

// tellOthers is tell for a dispatcher, which has nobody to hand an error to.
func (a *announcer) tellOthers(ctx context.Context, receiver string, event veille.Event) {
	if err := a.tell(ctx, receiver, event); err != nil {
		a.log.Error("event not told", "error", err)
	}
}

// names returns the receivers of the configuration in force.
func (a *announcer) names() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.receivers
}
