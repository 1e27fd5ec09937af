package bolt

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"veille"
)

// OutboxStats says how the outbox of one receiver stands.
type OutboxStats struct {
	Receiver string
	Pending  int
	Dead     int
	// Suppressed counts what was muted and can be replayed.
	Suppressed int
	// Oldest is when the oldest pending delivery was created; zero if none
	// waits.
	Oldest time.Time
}

// Outbox returns how the outbox of every receiver stands that ever had a
// delivery, by name. It counts nothing, and reads one record a receiver.
func (s *Store) Outbox(ctx context.Context) ([]OutboxStats, error) {
	counts := s.countsNow()
	byName := map[string]*OutboxStats{}
	of := func(name string) *OutboxStats {
		if byName[name] == nil {
			byName[name] = &OutboxStats{Receiver: name}
		}
		return byName[name]
	}
	for key, n := range counts {
		if name, ok := strings.CutPrefix(key, "pending\x00"); ok {
			of(name).Pending = int(n)
		} else if name, ok := strings.CutPrefix(key, "dead\x00"); ok {
			of(name).Dead = int(n)
		} else if name, ok := strings.CutPrefix(key, "suppressed\x00"); ok {
			of(name).Suppressed = int(n)
		}
	}
	stats := make([]OutboxStats, 0, len(byName))
	err := s.view(ctx, func(tx *txn) error {
		for _, name := range slices.Sorted(maps.Keys(byName)) {
			o := byName[name]
			r := hashOf(name)
			if k, _ := tx.bucket(bPending).Cursor().Seek(r[:]); bytes.HasPrefix(k, r[:]) {
				// A damaged one has no age until it is put aside.
				if d, err := tx.delivery(fromBE64(k[hashLen:])); err == nil {
					o.Oldest = d.Created
				}
			}
			stats = append(stats, *o)
		}
		return nil
	})
	return stats, err
}

func (s *Store) countsNow() map[string]int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.counts)
}

// Samples returns the store's numbers. It counts nothing, and reads one record
// a receiver.
func (s *Store) Samples() []veille.Sample {
	counts := s.countsNow()
	s.mu.Lock()
	commits, damaged, used := s.commits, s.damaged, s.used
	s.mu.Unlock()
	gauge := func(name, help string, v float64, labels ...[2]string) veille.Sample {
		return veille.Sample{Name: name, Help: help, Type: veille.Gauge, Labels: labels, Value: v}
	}
	var size int64
	if stat, err := s.size(); err == nil {
		size = stat
	}
	samples := []veille.Sample{
		gauge("veille_store_bytes", "Size of the store's file.", float64(size)),
		gauge("veille_store_free_bytes", "Part of the store's file that holds no data.", float64(max(size-used, 0))),
		gauge("veille_store_articles", "Articles in the store.", float64(counts["articles"])),
		gauge("veille_store_visits", "Visits that wait in the store.", float64(counts["visits"])),
		gauge("veille_store_quarantined", "Damaged records put aside.", float64(counts["quarantine"])),
		{Name: "veille_store_commits_total", Help: "Transactions committed since the start.", Type: veille.Counter, Value: float64(commits)},
		{Name: "veille_store_damaged_total", Help: "Damaged records met since the start.", Type: veille.Counter, Value: float64(damaged)},
	}
	stats, err := s.Outbox(context.Background())
	if err != nil {
		return samples
	}
	for _, o := range stats {
		age := 0.0
		if !o.Oldest.IsZero() {
			age = max(time.Since(o.Oldest).Seconds(), 0)
		}
		label := [2]string{"receiver", o.Receiver}
		samples = append(samples,
			gauge("veille_outbox_pending", "Deliveries that wait.", float64(o.Pending), label),
			gauge("veille_outbox_suppressed", "Deliveries that a mute holds back.", float64(o.Suppressed), label),
			gauge("veille_outbox_dead", "Dead letters.", float64(o.Dead), label),
			gauge("veille_outbox_oldest_seconds", "Age of the oldest delivery that waits.", age, label))
	}
	return samples
}
