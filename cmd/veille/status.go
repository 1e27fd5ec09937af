package main

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"

	"veille"
	"veille/crawler"
	"veille/monitor"
	"veille/notify"
	"veille/store/bolt"
)

// status joins what each part says of its condition, for /readyz and /metrics.
type status struct {
	store      *bolt.Store
	crawler    *crawler.Crawler
	monitor    *monitor.Monitor
	dispatcher *notify.Dispatcher
	announcer  *announcer
	keeper     *keeper

	mu       sync.Mutex
	rejected string
}

// setRejected remembers why the newest configuration was refused, "" when it
// was accepted, and reports whether that is news.
func (s *status) setRejected(why string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	news := s.rejected != why
	s.rejected = why
	return news
}

// Reasons say why the daemon is not doing its work.
func (s *status) Reasons() []string {
	var reasons []string
	if err := s.store.Healthy(); err != nil {
		reasons = append(reasons, "store: "+err.Error())
	}
	return withReasons(reasons, s.monitor.Reasons())
}

// withReasons adds what the monitor says, but for the full store that is named
// already.
func withReasons(store, monitor []string) []string {
	for _, reason := range monitor {
		full := strings.HasPrefix(reason, "store full") && slices.ContainsFunc(store, func(s string) bool { return strings.HasPrefix(s, "store: store full") })
		switch {
		case full:
			store[0] += "; crawling stopped"
		case !slices.Contains(store, reason):
			store = append(store, reason)
		}
	}
	return store
}

// Warnings say what a person should look at. A rejected configuration is one,
// not a reason: the last good one is doing its work, and a supervisor that
// restarted the daemon now would stop it.
func (s *status) Warnings() []string {
	warnings := append(s.dispatcher.Reasons(), s.monitor.Warnings()...)
	for _, name := range s.parked() {
		warnings = append(warnings, "deliveries wait for receiver "+name+", which left the configuration: put it back, or veille deliveries drop --receiver "+name)
	}
	if w := s.keeper.Warning(); w != "" {
		warnings = append(warnings, w)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rejected != "" {
		warnings = append(warnings, "configuration rejected, the last good one is in force: "+s.rejected)
	}
	return warnings
}

// parked names the receivers that left the configuration while deliveries
// wait for them.
func (s *status) parked() []string {
	outbox, err := s.store.Outbox(context.Background())
	if err != nil {
		return nil // Reasons tells of a store that cannot be read
	}
	var names []string
	configured := s.announcer.names()
	for _, o := range outbox {
		if o.Pending > 0 && !slices.Contains(configured, o.Receiver) {
			names = append(names, o.Receiver)
		}
	}
	return names
}

// Samples gathers every number.
func (s *status) Samples() []veille.Sample {
	s.mu.Lock()
	rejected := 0.0
	if s.rejected != "" {
		rejected = 1
	}
	s.mu.Unlock()
	samples := []veille.Sample{
		{Name: "veille_build_info", Help: "What runs; always 1.", Labels: [][2]string{{"version", version()}, {"go", runtime.Version()}}, Value: 1},
		{Name: "veille_config_rejected", Help: "1 while the newest configuration is refused and the last good one is in force.", Value: rejected},
	}
	samples = append(samples, s.monitor.Samples()...)
	samples = append(samples, s.crawler.Samples()...)
	samples = append(samples, s.store.Samples()...)
	samples = append(samples, s.keeper.Samples()...)
	return append(samples, s.dispatcher.Samples()...)
}
