package monitor

import (
	"errors"
	"testing"
	"time"

	"veille"
)

func TestMonitor_AnOutageOfOurOwnIsOverSoonAfterItEnds(t *testing.T) {
	for kind, most := range map[veille.FetchErrorKind]time.Duration{
		veille.FetchDNS: 5 * time.Minute, veille.FetchConnect: 5 * time.Minute, veille.FetchTimeout: 5 * time.Minute,
		veille.FetchTruncated: 5 * time.Minute, veille.FetchServer: time.Hour, veille.FetchForbidden: time.Hour, "": time.Hour,
	} {
		for _, period := range []time.Duration{30 * time.Second, 10 * time.Minute, 20 * time.Minute, 24 * time.Hour} {
			most := min(max(most, period), time.Hour)
			var longest time.Duration
			for fails := 1; fails < 100; fails++ {
				wait := backoff(fails, period, kind)
				longest = max(longest, wait)
				if wait > most || wait <= 0 {
					t.Fatalf("%q every %v, failure %d: waits %v, more than %v", kind, period, fails, wait, most)
				}
			}
			if kind == veille.FetchServer && longest < 45*time.Minute {
				t.Errorf("a failing server is asked every %v", longest)
			}
		}
	}
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "avant", body("a"), time.Time{})
		n.start()
		n.after(10 * time.Minute)
		n.web.with(func() {
			n.web.down["news.example"] = &veille.FetchError{Kind: veille.FetchConnect, URL: section, Err: errors.New("network is unreachable")}
		})
		n.after(9 * time.Hour)
		n.web.publish(section, view(2), "pendant", body("b"), time.Time{})
		n.web.with(func() { n.web.down = map[string]error{} })
		n.after(5*time.Minute + time.Second)
		expectTold(t, n, "published pendant [dprk] r1")
		n.halt()
	})
}
