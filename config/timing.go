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

// inherited judges what the file says for the sources that do not say it
// themselves: the schedule narrowly if one of them is public.
func (l *loader) inherited(root place) {
	if at := root.key("schedule"); !at.failed() {
		l.schedule(at, root.key("timezone"), schedule{l.config.Schedule, zoneOrUTC(l.config.TimeZone), !l.publicDefault})
	}
	ladder := defaultRecheck()
	if at := root.key("retain").key("articles"); l.ladderDefault && l.config.Retain.Articles >= day && l.config.Retain.Articles < ladder[len(ladder)-1] && !at.failed() {
		at.wrong("shorter than articles are looked at again for edits", "write at least "+formatDuration(ladder[len(ladder)-1])+", or give each source its recheck")
	}
}

// zone says so if a time zone is none.
func (l *loader) zone(at place, name string) {
	if name != "" && name != "Local" {
		if _, err := time.LoadLocation(name); err == nil {
			return
		}
	}
	help := "write an IANA name such as Europe/Paris or UTC"
	if did := didYouMean(name, commonZones[:]); did != "" && len(at.filled().values) == 0 {
		help = did
	}
	at.wrong(at.quoted()+" is not a time zone", help)
}

// commonZones are names to suggest, of the zones where news agencies are.
var commonZones = [...]string{
	"Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi",
	"America/Chicago", "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Sao_Paulo", "America/Toronto",
	"Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Asia/Vladivostok",
	"Australia/Sydney", "Europe/Berlin", "Europe/Brussels", "Europe/Istanbul", "Europe/Kyiv", "Europe/London", "Europe/Madrid",
	"Europe/Moscow", "Europe/Paris", "Europe/Rome", "Europe/Stockholm", "Europe/Warsaw", "Europe/Zurich", "UTC",
}

// schedule is an expression as it is judged.
type schedule struct {
	expr, zone string
	private    bool
}

// schedule judges an expression, each different one once.
func (l *loader) schedule(at, zone place, s schedule) {
	if s.expr == "" {
		at.wrong("an empty schedule", `write a cron expression such as "*/10 * * * *", or @every 10m`)
		return
	}
	if l.checks.Schedule == nil {
		return
	}
	err, known := l.schedules[s]
	if !known {
		err = l.checks.Schedule(s.expr, s.zone, s.private)
		l.schedules[s] = err
	}
	if err == nil {
		return
	}
	// The zone is not at the place of the expression, but the message may name it.
	if e := zone.filled(); e.shownIn(err.Error()) {
		at.wrong("this schedule is refused", "values of the environment are not shown")
		return
	}
	at.wrong(err.Error(), "")
}

// growing reports whether the ages grow strictly, from the least one on.
func growing(ages []time.Duration, least time.Duration) bool {
	for i, d := range ages {
		if d < least || i > 0 && d <= ages[i-1] {
			return false
		}
	}
	return true
}

// leastRecheck is the youngest age at which an article may be looked at again:
// a site of one's own bears more than a guest may ask of others.
func leastRecheck(allowPrivate bool) time.Duration {
	if allowPrivate {
		return time.Second
	}
	return time.Minute
}
