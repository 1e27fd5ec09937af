package health

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"veille"
)

// A pattern is how a healthy source brings news: it says whether something new
// came between two times, which follow one another from call to call.
type pattern func(from, to time.Time) bool

// kinds are the ways in which the sources of the campaign bring news. Each draws
// its own figures: how much, at which hours, on which days.
var kinds = []struct {
	name string
	draw func(*rand.Rand) pattern
}{
	{"Poisson, hours of the week", func(c *rand.Rand) pattern { return drawHours(c).news(c) }},
	{"with public holidays", func(c *rand.Rand) pattern { return drawHours(c).holidays(c).news(c) }},
	{"with a quiet summer and year's end", func(c *rand.Rand) pattern { return drawHours(c).holidays(c).seasons().news(c) }},
	{"days off by chance", func(c *rand.Rand) pattern { return drawHours(c).bursts(c).news(c) }},
	{"clusters", func(c *rand.Rand) pattern { return clusters(c) }},
	{"once a week", func(c *rand.Rand) pattern { return weeklies(c) }},
	{"a magazine, irregular", func(c *rand.Rand) pattern { return magazine(c) }},
	{"once a day", func(c *rand.Rand) pattern { return dailies(c) }},
}

// hours is a Poisson process with a rate for each hour of the week, a factor for
// some days of the year, and days that are as Sundays.
type hours struct {
	rates [veille.HoursOfWeek]float64
	days  map[int]float64
	off   map[int]bool
}

// drawHours draws from three news a week to two thousand: one to three times of
// the day, from none to all of it on weekends and at night.
func drawHours(c *rand.Rand) hours {
	h := hours{days: map[int]float64{}, off: map[int]bool{}}
	weekly := 3 * math.Pow(2000.0/3, c.Float64())
	weekend := []float64{0, 0.05, 0.3, 0.7, 1}[c.IntN(5)]
	night := []float64{0, 0.02, 0.2, 1}[c.IntN(4)]
	peaks := make([]float64, 1+c.IntN(3))
	for i := range peaks {
		peaks[i] = 5 + 16*c.Float64()
	}
	wide := 1 + 4*c.Float64()
	sum := 0.0
	for i := range h.rates {
		hour, v := float64(i%24), night
		for _, p := range peaks {
			v += math.Exp(-(hour - p) * (hour - p) / (2 * wide * wide))
		}
		if i >= 5*24 {
			v *= weekend
		}
		h.rates[i] = v
		sum += v
	}
	for i := range h.rates {
		h.rates[i] *= weekly / sum
	}
	return h
}

// holidays makes Sundays of eight days by chance, of Easter's Friday and Monday
// and of two days at Christmas.
func (h hours) holidays(c *rand.Rand) hours {
	for range 8 {
		h.off[1+c.IntN(365)] = true
	}
	for _, day := range []int{93, 96, 359, 360} {
		h.off[day] = true
	}
	return h
}

// seasons halves August and closes from Christmas to New Year.
func (h hours) seasons() hours {
	for day := 213; day < 244; day++ {
		h.days[day] = 0.5
	}
	for day := 358; day <= 366; day++ {
		h.off[day] = true
	}
	return h
}

// bursts gives each day a factor of its own, of mean 1: from steady to days that
// bring three times the usual or a fifth of it.
func (h hours) bursts(c *rand.Rand) hours {
	spread := 0.3 + 0.6*c.Float64()
	for day := range 367 {
		h.days[day] = math.Exp(spread*c.NormFloat64() - spread*spread/2)
	}
	return h
}

func (h hours) news(c *rand.Rand) pattern {
	return func(from, to time.Time) bool {
		slot := slotOf(hourOf(from))
		if h.off[from.YearDay()] {
			slot = 6*24 + slot%24
		}
		rate := h.rates[slot]
		if factor, ok := h.days[from.YearDay()]; ok {
			rate *= factor
		}
		return c.Float64() < 1-math.Exp(-rate*to.Sub(from).Hours())
	}
}

// clusters are events that each bring some news within hours: a Neyman-Scott
// process of one to thirty events a week, three to fifteen news each.
func clusters(c *rand.Rand) pattern {
	parents, each, lasts := 1+29*c.Float64(), 3+c.IntN(13), 1+5*c.Float64()
	var due []time.Time
	return func(from, to time.Time) bool {
		if c.Float64() < parents/veille.HoursOfWeek*to.Sub(from).Hours() {
			for range 1 + c.IntN(2*each) {
				due = append(due, from.Add(time.Duration(c.ExpFloat64()*lasts*float64(time.Hour))))
			}
		}
		before := len(due)
		due = slices.DeleteFunc(due, func(t time.Time) bool { return t.Before(to) })
		return len(due) < before
	}
}

// weeklies appear on one day of the week, within some hours, and leave out an
// issue now and then.
func weeklies(c *rand.Rand) pattern {
	slot, spread, skips := c.IntN(veille.HoursOfWeek), 0.5+12*c.Float64(), 0.08*c.Float64()
	var next time.Time
	return func(from, to time.Time) bool {
		if next.IsZero() {
			next = monday.Add(time.Duration(slot) * time.Hour)
		}
		if to.Before(next) {
			return false
		}
		week := next.Truncate(time.Hour)
		for {
			week = week.AddDate(0, 0, 7)
			if c.Float64() >= skips {
				break
			}
		}
		base := monday.Add(week.Sub(monday).Round(veille.HoursOfWeek * time.Hour)).Add(time.Duration(slot) * time.Hour)
		next = base.Add(time.Duration(spread * (c.Float64() - 0.5) * float64(time.Hour)))
		return true
	}
}

// magazine waits from one to eight days between two pieces in the mean, and now
// and then far longer: lognormal.
func magazine(c *rand.Rand) pattern {
	mean, spread := 1+7*c.Float64(), 0.3+0.6*c.Float64()
	var next time.Time
	return func(from, to time.Time) bool {
		if !next.IsZero() && to.Before(next) {
			return false
		}
		days := mean * math.Exp(spread*c.NormFloat64()-spread*spread/2)
		first := next.IsZero()
		next = from.Add(time.Duration(days * 24 * float64(time.Hour)))
		return !first
	}
}

// dailies appear at one hour of each day, or of each weekday.
func dailies(c *rand.Rand) pattern {
	hour, spread, weekend := 4+c.IntN(16), 3*c.Float64(), c.IntN(2) == 0
	var next time.Time
	return func(_, to time.Time) bool {
		if next.IsZero() {
			next = monday.Add(time.Duration(hour) * time.Hour)
		}
		if to.Before(next) {
			return false
		}
		day := next.Truncate(24*time.Hour).AddDate(0, 0, 1)
		for !weekend && (day.Weekday() == time.Saturday || day.Weekday() == time.Sunday) {
			day = day.AddDate(0, 0, 1)
		}
		next = day.Add(time.Duration((float64(hour) + spread*c.Float64()) * float64(time.Hour)))
		return true
	}
}

// watched polls a source every half hour for some weeks, after which it brings
// nothing for others. It counts the alarms while the source was well, and says
// how long after its end it was told; false if never. deaf is how long, of the
// weeks, the rhythm was not ripe.
func watched(news pattern, alive, dead int) (alarms int, deaf float64, told time.Duration, ok bool) {
	const every = 30 * time.Minute
	end := monday.AddDate(0, 0, 7*alive)
	var r veille.Rhythm
	quiet, polls, unripe := false, 0, 0
	for at := monday; at.Before(end.AddDate(0, 0, 7*dead)); at = at.Add(every) {
		well := at.Before(end)
		r = Polled(r, at, well && news(at.Add(-every), at), every)
		now := Quiet(r)
		if well {
			polls++
			if !ripe(r) && !learnedGaps(r) {
				unripe++
			}
			if now && !quiet {
				alarms++
			}
		} else if now {
			return alarms, float64(unripe) / float64(polls), at.Sub(end), true
		}
		quiet = now
	}
	return alarms, float64(unripe) / float64(polls), 0, false
}

// TestQuiet_SourcesOfEveryKindAreSeldomCalledSo draws some source years of each
// kind; the benchmark below draws more, and says how soon a source is missed.
func TestQuiet_SourcesOfEveryKindAreSeldomCalledSo(t *testing.T) {
	alarms := 0
	for _, k := range kinds {
		for seed := range uint64(6) {
			found, _, told, ok := watched(k.draw(rand.New(rand.NewPCG(seed, 23))), 52, 26)
			if !ok {
				t.Logf("%s, source %d: not missed in half a year", k.name, seed)
			}
			if found > 0 {
				t.Logf("%s, source %d: %d false alarms; missed after %v", k.name, seed, found, told)
				alarms += found
			}
		}
	}
	if alarms > 1 {
		t.Errorf("%d false alarms in %d source years", alarms, 6*len(kinds))
	}
}

// BenchmarkQuiet_OverDrawnSources reports, for each kind of source, the false
// alarms a source year, how long after its end a source is told (the median and
// the slowest of twenty, in days), how many are not told within half a year, and
// for how much of a year a source is too new to be judged. Run it with -benchtime 1x.
func BenchmarkQuiet_OverDrawnSources(b *testing.B) {
	const sources, alive, dead = 300, 52, 26
	for _, k := range kinds {
		b.Run(k.name, func(b *testing.B) {
			for range b.N {
				alarms, deaf, never := 0, 0.0, 0
				var delays []time.Duration
				for seed := range uint64(sources) {
					c := rand.New(rand.NewPCG(seed, 11))
					found, unripe, told, ok := watched(k.draw(c), alive, dead)
					alarms, deaf = alarms+found, deaf+unripe
					if !ok {
						told, never = dead*7*24*time.Hour, never+1
					}
					delays = append(delays, told)
				}
				slices.Sort(delays)
				days := func(part float64) float64 {
					return delays[int(part*float64(sources-1))].Hours() / 24
				}
				b.ReportMetric(float64(alarms)/(sources*alive/52), "alarms/year")
				b.ReportMetric(days(0.5), "days-median")
				b.ReportMetric(days(0.95), "days-p95")
				b.ReportMetric(100*float64(never)/sources, "%never")
				b.ReportMetric(100*deaf/sources, "%deaf")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}
