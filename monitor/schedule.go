package monitor

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

const (
	// maxJitter and half a period bound how far a source's ticks move.
	maxJitter = 5 * time.Minute
	// leastEvery is the shortest @every of a source on the public web,
	// leastPrivate of one on a private address (a demo, a test, an intranet).
	leastEvery   = 30 * time.Second
	leastPrivate = time.Second
	// rarest is the longest time that a schedule may wait for its next tick.
	rarest = 366 * 24 * time.Hour
)

// CheckSchedule says what is wrong with a schedule: a cron expression of five
// fields, a descriptor (@every 5m, @hourly, @daily …), either behind an
// optional CRON_TZ=ZONE, read in zone where it names none ("" is UTC). It
// refuses what the cron library accepts and reads otherwise than its author
// meant. allowPrivate lowers the shortest @every from 30 s to 1 s.
func CheckSchedule(expr, zone string, allowPrivate bool) error {
	s, err := parseSchedule(expr, zone)
	if err != nil {
		return err
	}
	least := leastEvery
	if allowPrivate {
		least = leastPrivate
	}
	if e, ok := s.(every); ok && e.period < least {
		return fmt.Errorf("@every %s is too often; at least %s", e.period, least)
	}
	now := time.Now()
	if next := s.Next(now); next.IsZero() || next.Sub(now) > rarest {
		return errors.New("never fires within a year")
	}
	return nil
}

// Ticks returns the function that tells when a schedule that CheckSchedule found
// nothing wrong with fires next after a time.
func Ticks(expr, zone string) (func(after time.Time) time.Time, error) {
	s, err := parseSchedule(expr, zone)
	if err != nil {
		return nil, err
	}
	return s.Next, nil
}

// parseSchedule reads an expression. The library's parser panics on a zone
// without fields, so it runs behind a recover.
func parseSchedule(expr, zone string) (s cron.Schedule, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("not a schedule: %q", expr)
		}
	}()
	expr = strings.TrimSpace(expr)
	fields := expr
	if strings.HasPrefix(expr, "TZ=") || strings.HasPrefix(expr, "CRON_TZ=") {
		prefix, rest, _ := strings.Cut(expr, " ")
		if fields = strings.TrimSpace(rest); fields == "" {
			return nil, fmt.Errorf("%s: a time zone without a schedule", prefix)
		}
		_, zone, _ = strings.Cut(prefix, "=")
	}
	if zone == "" {
		zone = "UTC"
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("unknown time zone %q", zone)
	}
	if d, ok := strings.CutPrefix(fields, "@every "); ok {
		return parseEvery(strings.TrimSpace(d))
	}
	if !strings.HasPrefix(fields, "@") {
		if err := checkFields(fields); err != nil {
			return nil, err
		}
	} else if !slices.Contains(descriptors, strings.ToLower(fields)) {
		if d, ok := strings.CutPrefix(fields, "@every"); ok && d != "" {
			return nil, fmt.Errorf("a space is missing; write @every %s", strings.TrimSpace(d))
		}
		return nil, fmt.Errorf("%s is not known; write @every 10m, or one of %s", fields, strings.Join(descriptors[1:], ", "))
	}
	parsed, err := cron.ParseStandard(fields)
	if err != nil {
		return nil, err
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, fmt.Errorf("not a schedule: %q", expr)
	}
	spec.Location = loc
	wall := *spec
	wall.Location = time.UTC
	return clock{real: spec, wall: &wall, loc: loc, hourly: spec.Hour&starBit != 0}, nil
}

// descriptors are the names that stand for five fields.
var descriptors = []string{"@annually", "@yearly", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}

// starBit is how the library marks a field that was written as "*".
const starBit = 1 << 63

func parseEvery(text string) (cron.Schedule, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		if n, ok := strings.CutSuffix(text, "d"); ok {
			if days, err := strconv.Atoi(n); err == nil && days > 0 && days < 1000 {
				return nil, fmt.Errorf("@every %s: days are not counted here; write @every %dh", text, 24*days)
			}
		}
		return nil, fmt.Errorf("@every %s: not a duration such as 5m or 1h30m", text)
	}
	if d < time.Second || d%time.Second != 0 {
		return nil, fmt.Errorf("@every %s: must be whole seconds, at least one", text)
	}
	return every{d}, nil
}

// checkFields refuses expressions that the library accepts in a sense nobody
// means: an empty item never fires, a step beyond its field is dropped, and a
// stepped day of month together with a day of week is read as "or".
func checkFields(text string) error {
	fields := strings.Fields(text)
	switch {
	case len(fields) == 6:
		return fmt.Errorf("want 5 fields (minute hour day month weekday), found 6; there are no seconds: %s", strings.Join(fields[1:], " "))
	case len(fields) != 5:
		return fmt.Errorf("want 5 fields (minute hour day month weekday), found %d; write */10 * * * *, or @every 10m", len(fields))
	}
	for i, field := range fields {
		for item := range strings.SplitSeq(field, ",") {
			if item == "" {
				return fmt.Errorf("%s: an item is missing in %q", cronFields[i].name, field)
			}
			base, step, stepped := strings.Cut(item, "/")
			for end := range strings.SplitSeq(base, "-") {
				if err := cronFields[i].check(end); err != nil {
					return err
				}
			}
			if !stepped {
				continue
			}
			if n, err := strconv.Atoi(step); err != nil || n < 1 || n > cronFields[i].step {
				return fmt.Errorf("%s: the step of %q must be from 1 to %d", cronFields[i].name, item, cronFields[i].step)
			}
			if i == 2 && (base == "*" || base == "?") && fields[4] != "*" && fields[4] != "?" {
				return fmt.Errorf("%q with the weekday %q would fire on either; write the days as a list", item, fields[4])
			}
		}
	}
	return nil
}

// cronField is what one of the five fields may hold: numbers from least to most,
// steps up to step, and for some names of three letters.
type cronField struct {
	name              string
	least, most, step int
	names             string
}

var cronFields = [5]cronField{
	{"minute", 0, 59, 59, ""}, {"hour", 0, 23, 23, ""}, {"day of month", 1, 31, 31, ""},
	{"month", 1, 12, 12, "jan feb mar apr may jun jul aug sep oct nov dec"},
	{"day of week", 0, 6, 7, "sun mon tue wed thu fri sat"},
}

// check judges one number, name or star.
func (f cronField) check(s string) error {
	if s == "*" || s == "?" || slices.Contains(strings.Fields(f.names), strings.ToLower(s)) {
		return nil
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil && f.names != "":
		return fmt.Errorf("%s: %q is not understood; write a number, or one of %s", f.name, s, f.names)
	case err != nil:
		return fmt.Errorf("%s: %q is not understood; write a number, or *", f.name, s)
	case n < f.least || n > f.most:
		return fmt.Errorf("%s: %d is not from %d to %d", f.name, n, f.least, f.most)
	}
	return nil
}

// every fires at whole multiples of its period since the Unix epoch. Counting
// from the epoch and not from the start, a restart changes no tick.
type every struct{ period time.Duration }

func (e every) Next(t time.Time) time.Time {
	since := time.Duration(t.UnixNano())
	return t.Add(e.period - (since%e.period+e.period)%e.period).Round(0)
}

// clock reads a five-field expression across changes of the clock. One whose
// hour is "*" follows real time: every matching minute that exists. Any other
// follows the wall: a time that spring leaves out fires at the end of the gap,
// and one that autumn repeats fires the first time only.
type clock struct {
	real, wall *cron.SpecSchedule
	loc        *time.Location
	hourly     bool
}

func (c clock) Next(t time.Time) time.Time {
	if c.hourly {
		return c.real.Next(t)
	}
	w := asWall(t.In(c.loc))
	// A repeated hour holds at most 60 ticks, some zones repeat two.
	for range 256 {
		if w = c.wall.Next(w); w.IsZero() {
			return w
		}
		if at := c.instant(w); at.After(t) {
			return at
		}
	}
	return c.real.Next(t)
}

// asWall carries the reading of the wall clock over to UTC, where no hour is
// missing and none is repeated.
func asWall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// instant returns when the wall clock shows w: the end of the gap if it never
// does, the first time if it does twice.
func (c clock) instant(w time.Time) time.Time {
	at := time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, c.loc)
	start, end := at.ZoneBounds()
	if got := asWall(at); !got.Equal(w) {
		// Date chose one of the two zones around the gap.
		if got.After(w) {
			return start
		}
		return end
	}
	if !start.IsZero() {
		_, before := start.Add(-time.Second).Zone()
		_, after := at.Zone()
		if repeated := time.Duration(before-after) * time.Second; repeated > 0 && at.Sub(start) < repeated {
			return at.Add(-repeated)
		}
	}
	return at
}

// jittered moves all ticks by the same offset, so that sources with one
// expression do not all ask at the same second.
type jittered struct {
	inner  cron.Schedule
	offset time.Duration
}

func (j jittered) Next(t time.Time) time.Time {
	next := j.inner.Next(t.Add(-j.offset))
	if next.IsZero() {
		return next
	}
	return next.Add(j.offset)
}

// schedules interns parsed expressions: ten thousand sources share a few.
type schedules map[[2]string]parsedSchedule

type parsedSchedule struct {
	schedule cron.Schedule
	period   time.Duration
}

// of returns the jittered schedule of a source and the shortest time between
// its ticks.
func (s schedules) of(name, expr, zone string) (cron.Schedule, time.Duration, error) {
	key := [2]string{expr, zone}
	p, ok := s[key]
	if !ok {
		parsed, err := parseSchedule(expr, zone)
		if err != nil {
			return nil, 0, err
		}
		p = parsedSchedule{parsed, shortestPeriod(parsed)}
		s[key] = p
	}
	window := min(p.period/2, maxJitter)
	if window <= 0 {
		return p.schedule, p.period, nil
	}
	return jittered{p.schedule, time.Duration(nameHash(name) % uint64(window))}, p.period, nil
}

// shortestPeriod looks at a few ticks from a fixed date, so that it is the
// same on every start.
func shortestPeriod(s cron.Schedule) time.Duration {
	if e, ok := s.(every); ok {
		return e.period
	}
	t := s.Next(time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC))
	shortest := 24 * time.Hour
	for range 16 {
		next := s.Next(t)
		if next.IsZero() {
			break
		}
		shortest = min(shortest, next.Sub(t))
		t = next
	}
	return shortest
}

func nameHash(name string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	// The low bits of FNV are poor on short names that differ in one digit.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	return x ^ x>>33
}
