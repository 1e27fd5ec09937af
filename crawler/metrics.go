package crawler

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"veille"
)

// stats counts what the crawler did since it started.
type stats struct {
	bytes       atomic.Int64
	inFlight    atomic.Int64
	unchanged   atomic.Int64
	same        atomic.Int64
	redirects   atomic.Int64
	denied      atomic.Int64
	skipped     atomic.Int64
	lostListing atomic.Int64

	mu       sync.Mutex
	answers  map[int]int64
	failures map[veille.FetchErrorKind]int64
}

func newStats() *stats {
	return &stats{answers: map[int]int64{}, failures: map[veille.FetchErrorKind]int64{}}
}

func (s *stats) received(n int64) { s.bytes.Add(n) }

// answered counts a request by its status, 0 if none came.
func (s *stats) answered(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[status]++
}

func (s *stats) failed(kind veille.FetchErrorKind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures[kind]++
}

// Samples returns the crawler's numbers, in an order that does not change.
func (c *Crawler) Samples() []veille.Sample {
	s := c.stats
	counter := func(name, help string, v float64, labels ...[2]string) veille.Sample {
		return veille.Sample{Name: name, Help: help, Type: veille.Counter, Labels: labels, Value: v}
	}
	gauge := func(name, help string, v float64) veille.Sample {
		return veille.Sample{Name: name, Help: help, Type: veille.Gauge, Value: v}
	}
	var out []veille.Sample
	s.mu.Lock()
	for _, status := range slices.Sorted(maps.Keys(s.answers)) {
		code := strconv.Itoa(status)
		if status == 0 {
			code = "none"
		}
		out = append(out, counter("veille_crawler_requests_total",
			"Requests by the status of the answer, robots.txt and redirect hops included; none without an answer.",
			float64(s.answers[status]), [2]string{"code", code}))
	}
	for _, kind := range slices.Sorted(maps.Keys(s.failures)) {
		out = append(out, counter("veille_crawler_errors_total",
			"Polls, visits and listings that failed, by kind.",
			float64(s.failures[kind]), [2]string{"kind", string(kind)}))
	}
	s.mu.Unlock()

	g := c.gate
	g.mu.Lock()
	hosts, waiting, waited, passed, pauses := len(g.hosts), g.waiting, g.waited, g.passed, g.pauses
	g.mu.Unlock()
	r := c.robots
	r.mu.Lock()
	robotsHosts, robotsFetches := len(r.entries), r.fetches
	r.mu.Unlock()

	return append(out,
		counter("veille_crawler_received_bytes_total", "Bytes of bodies as sent, before decompression.", float64(s.bytes.Load())),
		counter("veille_crawler_not_modified_total", "Pages that had not changed.", float64(s.unchanged.Load()), [2]string{"by", "status"}),
		counter("veille_crawler_not_modified_total", "Pages that had not changed.", float64(s.same.Load()), [2]string{"by", "hash"}),
		counter("veille_crawler_redirects_total", "Redirects followed.", float64(s.redirects.Load())),
		counter("veille_crawler_robots_denied_total", "Requests not made because robots.txt forbids them.", float64(s.denied.Load())),
		counter("veille_crawler_robots_fetches_total", "Times a robots.txt was asked for.", float64(robotsFetches)),
		counter("veille_crawler_outlinks_skipped_total", "Outlinks beyond the bounds of a listing.", float64(s.skipped.Load())),
		counter("veille_crawler_children_failed_total", "Sitemaps of an index that could not be read.", float64(s.lostListing.Load())),
		counter("veille_crawler_host_pauses_total", "Times a host asked to wait.", float64(pauses)),
		counter("veille_crawler_host_turns_total", "Turns given at the hosts.", float64(passed)),
		counter("veille_crawler_host_wait_seconds_total", "Time spent waiting for those turns.", waited.Seconds()),
		gauge("veille_crawler_host_waiting", "Requests waiting for their host's turn.", float64(waiting)),
		gauge("veille_crawler_hosts", "Hosts remembered for politeness.", float64(hosts)),
		gauge("veille_crawler_robots_hosts", "Origins whose robots.txt is remembered.", float64(robotsHosts)),
		gauge("veille_crawler_in_flight", "Requests under way.", float64(s.inFlight.Load())),
	)
}
