package main

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"veille"
	"veille/config"
	"veille/monitor"
)

// lintPolls names the hosts whose polls alone take more than half of the
// requests that their spacing allows in an hour: articles would come late.
func lintPolls(conf *config.Config) []string {
	polls, sources := map[string]int{}, map[string]int{}
	for _, s := range conf.Sources {
		u, err := url.Parse(s.URL)
		if err != nil {
			continue
		}
		host := strings.ToLower(u.Host)
		sources[host]++
		polls[host] += pollsAnHour(s)
	}
	var out []string
	for _, host := range slices.Sorted(maps.Keys(polls)) {
		room := int(time.Hour / max(conf.Crawl.Spacing, time.Millisecond))
		if polls[host]*2 > room {
			out = append(out, fmt.Sprintf("host %s: the polls of %s are %d requests an hour; at one every %s there is room for %d, articles and their checks included: poll it more seldom",
				host, counted(sources[host], "source"), polls[host], conf.Crawl.Spacing, room))
		}
	}
	return out
}

// pollsAnHour counts the polls of a source's busiest of the coming 24 hours.
func pollsAnHour(s veille.Source) int {
	next, err := monitor.Ticks(s.Schedule, s.TimeZone)
	if err != nil {
		return 0
	}
	const most = 4000 // more than an hour of the shortest schedule
	hours := map[int64]int{}
	now := time.Now()
	for at, n := next(now), 0; !at.IsZero() && at.Sub(now) < 24*time.Hour && n < most; at, n = next(at), n+1 {
		hours[at.Unix()/3600]++
	}
	busiest := 0
	for _, n := range hours {
		busiest = max(busiest, n)
	}
	return busiest
}
