package monitor

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"veille"
)

// healthEvents lists the events about sources as "type source: message".
func healthEvents(s *memory) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, e := range s.events {
		if e.Article == nil {
			out = append(out, strings.TrimPrefix(string(e.Type), "source.")+" "+e.Source+": "+e.Message)
		}
	}
	return out
}

// expectHealth compares the beginnings of the events.
func expectHealth(t *testing.T, s *memory, want ...string) {
	t.Helper()
	got := healthEvents(s)
	if len(got) != len(want) {
		t.Errorf("%d events, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
		return
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("event %d: %q, want %q", i, got[i], want[i])
		}
	}
}

// TestMonitor_AWeekdaySourceIsQuietOnlyWhenItDies lives through eight weeks of a
// source that publishes on weekdays, then through its silence and its return.
func TestMonitor_AWeekdaySourceIsQuietOnlyWhenItDies(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Sources[0].Schedule, n.plan.Sources[0].Recheck = "@every 30m", nil
		n.plan.Health = []string{"ops"}
		count := 0
		publish := func() {
			count++
			n.web.publish(section, view(count), fmt.Sprint("titre ", count), body(fmt.Sprint(count)), time.Now())
			n.web.with(func() {
				l := n.web.listings[section]
				l.Outlinks = l.Outlinks[:min(len(l.Outlinks), 20)]
			})
		}
		publish()
		n.start()
		live := func(weeks int, publishes bool) {
			for range weeks * 7 * 24 {
				now := time.Now().UTC()
				if day := now.Weekday(); publishes && day != time.Saturday && day != time.Sunday && now.Hour() >= 8 && now.Hour() < 18 {
					publish()
				}
				n.after(time.Hour)
			}
		}
		live(4, true)
		expectHealth(t, n.store)
		n.halt()
		n.start()
		live(4, true)
		expectHealth(t, n.store)
		if w := n.m.Warnings(); len(w) > 0 {
			t.Errorf("warnings of a healthy source: %q", w)
		}
		live(1, false)
		expectHealth(t, n.store, "quiet nk: Source nk is quiet: nothing new since")
		if w := n.m.Warnings(); len(w) != 1 || !strings.Contains(w[0], "source nk is quiet") || n.state("nk").Word() != "quiet" {
			t.Errorf("warnings %q, word %q", w, n.state("nk").Word())
		}
		n.halt()
		n.start()
		live(1, false)
		expectHealth(t, n.store, "quiet nk: ")
		live(1, true)
		expectHealth(t, n.store, "quiet nk: ", "recovered nk: Source nk is well again, after ")
		told := 0
		for _, d := range n.store.deliveries {
			if d.Receiver == "ops" && len(d.Watches) == 0 {
				told++
			}
		}
		if told != 2 {
			t.Errorf("ops has %d deliveries, want 2", told)
		}
		n.halt()
	})
}

// TestMonitor_AnOutageOfOurOwnIsOneEvent takes the network away from fifty
// sources, restarts in the middle of it, and gives it back to all but one.
func TestMonitor_AnOutageOfOurOwnIsOneEvent(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Sources, n.plan.Health = nil, []string{"ops"}
		var log bytes.Buffer
		n.log = slog.New(slog.NewTextHandler(&log, nil))
		host := func(i int) string { return fmt.Sprintf("h%d.example", i) }
		for i := range 50 {
			u := "https://" + host(i) + "/"
			n.plan.Sources = append(n.plan.Sources, veille.Source{Name: fmt.Sprint("s", i), URL: u, Schedule: []string{"*/10 * * * *", "@every 5m"}[i%2]})
			n.web.publish(u, u+"a", "x", body(u), time.Time{})
		}
		n.start()
		n.after(time.Hour)
		expectHealth(t, n.store)
		n.web.with(func() {
			for i := range 50 {
				n.web.down[host(i)] = &veille.FetchError{Kind: veille.FetchDNS, Err: errors.New("no such host")}
			}
		})
		n.after(2 * time.Hour)
		expectHealth(t, n.store, "failing : No source can be reached since")
		n.halt()
		n.start()
		n.after(2 * time.Hour)
		expectHealth(t, n.store, "failing : ")
		if w := n.m.Warnings(); len(w) != shownSources+1 || n.state("s3").Word() != "failing: network" {
			t.Errorf("warnings %q, word %q", w, n.state("s3").Word())
		}
		n.web.with(func() {
			for i := 1; i < 50; i++ {
				delete(n.web.down, host(i))
			}
		})
		n.after(4 * time.Minute)
		if got := healthEvents(n.store); len(got) != 2 || !strings.HasPrefix(got[1], "recovered : Sources can be reached again, after ") {
			t.Errorf("events: %q", got)
		}
		n.after(2 * time.Hour)
		expectHealth(t, n.store, "failing : ", "recovered : ", "failing s0: Source s0 is failing: ")
		n.web.with(func() { n.web.down = map[string]error{} })
		n.after(time.Hour)
		expectHealth(t, n.store, "failing : ", "recovered : ", "failing s0: ", "recovered s0: ")
		if w := n.m.Warnings(); len(w) != 0 {
			t.Errorf("warnings: %q", w)
		}
		n.halt()
		if got := strings.Count(log.String(), "No source can be reached"); got != 1 {
			t.Errorf("the outage of all sources was logged %d times", got)
		}
	})
}

func TestMonitor_AnEpisodeThatAFullStoreRefusedIsToldLater(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Health = []string{"ops"}
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		full := true
		n.store.failing(func(act string) error {
			if full && act == "CommitPoll" {
				return veille.ErrStoreFull
			}
			return nil
		})
		n.web.with(func() { n.web.down[section] = &veille.FetchError{Kind: veille.FetchForbidden, Status: 403} })
		n.after(30 * time.Minute)
		expectHealth(t, n.store, "failing : No source is read any more")
		n.store.mu.Lock()
		full = false
		n.store.mu.Unlock()
		n.after(90 * time.Minute)
		expectHealth(t, n.store, "failing : ", "recovered : ", "failing nk: ")
		n.halt()
	})
}

func TestMonitor_ASourceThatComesAndGoesDoesNotFlood(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.plan.Health = []string{"ops"}
		n.web.publish(section, view(1), "x", body("a"), time.Time{})
		n.start()
		for i := range 24 {
			n.web.with(func() {
				if i%2 == 0 {
					n.web.down[section] = &veille.FetchError{Kind: veille.FetchServer, Status: 503}
				} else {
					delete(n.web.down, section)
				}
			})
			n.after(25 * time.Minute)
		}
		if got := healthEvents(n.store); len(got) > 2 || !slices.ContainsFunc(got, func(e string) bool { return strings.HasPrefix(e, "failing nk") }) {
			t.Errorf("events: %q", got)
		}
		n.halt()
	})
}
