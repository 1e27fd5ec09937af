package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"veille"
)

const (
	// defaultMax is how many alerts a digest shows in full, most the largest
	// number that may be asked for.
	defaultMax, mostMax = 20, 100
	// leastDigest is the shortest time over which alerts are gathered.
	leastDigest = time.Minute
	// mostRate and longestRate bound a rate.
	mostRate, longestRate = 10_000, 24 * time.Hour
)

// manners gives a receiver what its file says beside its kind: when it is told
// and what watches may name it by.
func (l *loader) manners(out *veille.Receiver, kind veille.ReceiverKind, at place, raw receiver) {
	out.Severities, out.Labels = raw.Severity, raw.Labels
	l.checkLabels(at.key("labels"), raw.Labels)
	out.Digest = veille.DigestRule{Max: defaultMax, Above: kind.Flood, TimeZone: l.config.TimeZone}
	if raw.Digest != nil {
		l.digest(&out.Digest, at.key("digest"), *raw.Digest)
	}
	if rate := at.key("rate"); !rate.missing && !rate.failed() {
		out.Rate = l.rate(rate, raw.Rate)
	}
	if raw.Quiet != nil {
		out.Quiet = l.quiet(at.key("quiet"), *raw.Quiet)
	}
}

func (l *loader) digest(out *veille.DigestRule, at place, raw digest) {
	every, cron, most, above := at.key("every"), at.key("at"), at.key("max"), at.key("above")
	switch {
	case !every.missing && !cron.missing:
		cron.wrong("a digest has one rhythm", "keep every or at")
	case !every.missing && !every.failed() && raw.Every < leastDigest:
		every.wrong("too short to gather anything", "write at least "+formatDuration(leastDigest))
	case !cron.missing && !cron.failed():
		l.schedule(cron, l.zoneAt, schedule{raw.At, zoneOrUTC(l.config.TimeZone), false})
	}
	out.Every, out.At = raw.Every, raw.At
	if !most.missing && !most.failed() {
		if raw.Max < 1 || raw.Max > mostMax {
			most.wrong("out of range", fmt.Sprintf("write 1 to %d", mostMax))
		}
		out.Max = raw.Max
	}
	if !above.missing && !above.failed() {
		if raw.Above < 0 {
			above.wrong("out of range", "write 0 for never, or a count")
		}
		out.Above = raw.Above
	}
}

func (l *loader) rate(at place, text string) veille.Rate {
	count, per, ok := strings.Cut(text, "/")
	n, err := strconv.Atoi(count)
	d, durationErr := ParseDuration(per)
	switch {
	case !ok || err != nil || durationErr != nil:
		at.wrong(at.quoted()+" is not a rate", "write a count and a time, such as 20/1m")
	case n < 1 || n > mostRate || d < time.Second || d > longestRate:
		at.wrong("out of range", fmt.Sprintf("write 1 to %d messages in 1s to %s", mostRate, formatDuration(longestRate)))
	default:
		return veille.Rate{Count: n, Per: d}
	}
	return veille.Rate{}
}

var timeOfDay = regexp.MustCompile(`^(\d{1,2}):(\d\d)$`)

func (l *loader) quiet(at place, raw quiet) veille.Quiet {
	from, to, zone := at.key("from"), at.key("to"), at.key("timezone")
	begin, beginOK := clock(from, raw.From)
	end, endOK := clock(to, raw.To)
	out := veille.Quiet{From: begin, To: end}
	if beginOK && endOK && begin == end {
		to.wrong("quiet all day: nothing would ever be told at once", "write another time, or use digest")
	}
	name := l.config.TimeZone
	if !zone.missing && !zone.failed() {
		l.zone(zone, raw.Timezone)
		name = raw.Timezone
	}
	out.Zone, _ = time.LoadLocation(zoneOrUTC(name))
	return out
}

// clock reads a time of day; what is missing was said.
func clock(at place, text string) (time.Duration, bool) {
	if at.missing || at.failed() {
		return 0, false
	}
	m := timeOfDay.FindStringSubmatch(text)
	if m != nil {
		hour, _ := strconv.Atoi(m[1])
		minute, _ := strconv.Atoi(m[2])
		if hour < 24 && minute < 60 {
			return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute, true
		}
	}
	at.wrong(at.quoted()+" is not a time of day", "write it as 22:00")
	return 0, false
}

var labelName = regexp.MustCompile(`^[\p{L}\p{N}_.-]+$`)

func (l *loader) checkLabels(at place, labels map[string]string) {
	for name, value := range labels {
		switch {
		case !labelName.MatchString(name):
			at.key(name).wrong("the name of a label holds letters, digits, -, _ and . only", "notify writes it as label:NAME=VALUE")
		case strings.TrimSpace(value) == "":
			at.key(name).wrong("a label without a value", "write one, or remove the key")
		}
	}
}
