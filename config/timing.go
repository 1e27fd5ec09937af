package config

import (
	"time"

	"veille"
)

// maxRecheck bounds how often an article is read again.
const maxRecheck = 20

// sourceTiming gives a source its schedule, zone and recheck ladder.
func (l *loader) sourceTiming(raw source, out *veille.Source) {
	scheduleAt, zoneAt := raw.At.key("schedule"), raw.At.key("timezone")
	own := !scheduleAt.missing || !zoneAt.missing
	if scheduleAt.missing {
		out.Schedule = l.config.Schedule
	}
	zone := raw.Timezone
	if zoneAt.missing {
		zone = l.config.TimeZone
		out.TimeZone = zone
	} else if !zoneAt.failed() {
		l.zone(zoneAt, zone)
	}
	if own && !scheduleAt.failed() {
		l.schedule(scheduleAt, zoneAt, schedule{out.Schedule, zoneOrUTC(zone), raw.AllowPrivate})
	}
	if scheduleAt.missing && !raw.AllowPrivate {
		l.publicDefault = true
	}
	at := raw.At.key("recheck")
	if at.missing {
		out.Recheck = defaultRecheck()
		l.ladderDefault = true
		return
	}
	switch {
	case at.failed():
	case len(raw.Recheck) > maxRecheck:
		at.wrong("too many ages", "write at most 20")
	case !growing(raw.Recheck, leastRecheck(raw.AllowPrivate)):
		at.wrong("the ages must grow, from at least "+formatDuration(leastRecheck(raw.AllowPrivate)), "write [15m, 1h, 6h, 24h, 72h]")
	case len(raw.Recheck) > 0 && raw.Recheck[len(raw.Recheck)-1] > l.config.Retain.Articles:
		at.wrong("the last age is longer than articles are remembered", "write a longer retain.articles, or a shorter age")
	}
}

// zoneOrUTC lets a schedule be judged although its zone is a mistake.
func zoneOrUTC(zone string) string {
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		return "UTC"
	}
	return zone
}
