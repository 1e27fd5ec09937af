package health

import (
	"math"
	"slices"
	"time"

	"veille"
)

const (
	// learnedWeeks is how long a rhythm is learned before it judges, in weeks,
	// and learnedNew how many polls with something new that takes.
	learnedWeeks, learnedNew = 4, 12
	// memory is how many weeks a rhythm remembers.
	memory = 6
	// falseAlarms is how many times a year a healthy source may be called quiet.
	falseAlarms = 0.01
	// longestMargin is how much longer than any wait before a wait must be.
	longestMargin = 1.5
	// longestFade is what is left of the longest wait after another one.
	longestFade = 0.995
	// burstDays is how many days are remembered for how far days are off, and
	// mostBursts the most that is made of it.
	burstDays, mostBursts = 30, 5
	// holidays is how many busy days a source may rest beyond the days of the week
	// on which it does: two holidays in a row, and a morning. yearsHolidays is how
	// many there are in a year.
	holidays      = 2.25
	yearsHolidays = 12
	// leastBlind is how long the time between two polls may at least be, for the
	// hours between to count as looked at.
	leastBlind = 3 * time.Hour
	// mostJudged bounds the time over which an expectation is added up.
	mostJudged = 8 * 7 * 24 * time.Hour
)

// Polled takes a successful poll into a rhythm. fresh says that it listed
// something new, period is the time between two polls.
func Polled(r veille.Rhythm, now time.Time, fresh bool, period time.Duration) veille.Rhythm {
	if r.At.IsZero() || now.Before(r.At) {
		// A first poll lists what is old, and a clock that went back what was seen.
		return veille.Rhythm{Rates: r.Rates, Hours: r.Hours, Longest: r.Longest, Bursts: r.Bursts,
			Gaps: r.Gaps, At: now.UTC(), From: now.UTC()}
	}
	if r.From.IsZero() {
		r.From = r.At
	}
	blind := now.Sub(r.At) > max(leastBlind, period*5/2)
	due := expected(r.Rates, r.At, now)
	r.Expected += due
	if hourOf(r.At)/24 != hourOf(now)/24 {
		r = day(r)
		if blind {
			due = 0
		}
	}
	r.Due += due
	if blind {
		// The hours between teach nothing, nor does the one that the last poll was in.
		r = learn(r, hourOf(r.At))
		r.From, r.Count = now.UTC(), 0
	}
	if fresh {
		r = learn(r, hourOf(now))
		r.Count++
		r.Found++
		if r.Hours >= veille.HoursOfWeek && !blind {
			r.Longest = max(r.Longest*longestFade, r.Expected)
		}
		if !blind && !r.News.IsZero() {
			r.Gaps = waited(r.Gaps, now.Sub(r.News).Hours())
		}
		r.News, r.Expected = now.UTC(), 0
	}
	r.At = now.UTC()
	return r
}

// day ends a day.
func day(r veille.Rhythm) veille.Rhythm {
	if off := float64(r.Found) - r.Due; r.Due > 0 && r.Hours >= veille.HoursOfWeek {
		r.Bursts = max(r.Bursts, 1)
		r.Bursts += (off*off/max(r.Due, 1) - r.Bursts) / burstDays
	}
	r.Found, r.Due = 0, 0
	return r
}

// learn takes the hours from From up to another into the rates: the first brought
// what was counted, the others nothing.
func learn(r veille.Rhythm, to int64) veille.Rhythm {
	from := hourOf(r.From)
	if to <= from {
		return r
	}
	rates := slices.Clone(r.Rates)
	if rates == nil {
		rates = make([]uint16, veille.HoursOfWeek)
	}
	// More weeks than are remembered leave nothing of what was before.
	for hour := from; hour < min(to, from+(memory+1)*veille.HoursOfWeek); hour++ {
		found := 0.0
		if hour == from {
			found = float64(min(r.Count, 600)) * 100
		}
		slot := slotOf(hour)
		weeks := float64(min(r.Hours/veille.HoursOfWeek+1, memory))
		// Rounded down: what is rare must be forgotten in the end.
		rates[slot] = uint16(math.Floor(float64(rates[slot]) + (found-float64(rates[slot]))/weeks))
		r.Hours++
	}
	r.Rates, r.From, r.Count = rates, time.Unix(to*3600, 0).UTC(), 0
	return r
}

func hourOf(t time.Time) int64 { return t.Unix() / 3600 }

// slotOf is the hour of the week of an hour since 1970, which began on a
// Thursday.
func slotOf(hour int64) int64 { return (hour + 3*24) % veille.HoursOfWeek }

// rate is how many polls with something new an hour brings. The hours beside it
// count too, as they must where the clocks change.
func rate(rates []uint16, hour int64) float64 {
	const n = veille.HoursOfWeek
	slot := slotOf(hour)
	return float64(int(rates[(slot+n-1)%n])+2*int(rates[slot])+int(rates[(slot+1)%n])) / 400
}

// expected adds up the rates between two times.
func expected(rates []uint16, from, to time.Time) float64 {
	if len(rates) != veille.HoursOfWeek {
		return 0
	}
	if earliest := to.Add(-mostJudged); from.Before(earliest) {
		from = earliest
	}
	sum := 0.0
	for from.Before(to) {
		next := from.Truncate(time.Hour).Add(time.Hour)
		if next.After(to) {
			next = to
		}
		sum += rate(rates, hourOf(from)) * next.Sub(from).Hours()
		from = next
	}
	return sum
}

// weekly is how many polls with something new a week brings.
func weekly(rates []uint16) float64 {
	sum := 0
	for _, r := range rates {
		sum += int(r)
	}
	return float64(sum) / 100
}

// seen is how many polls with something new the rates were made from.
func seen(r veille.Rhythm) float64 {
	return weekly(r.Rates) * min(float64(r.Hours)/veille.HoursOfWeek, memory)
}

func ripe(r veille.Rhythm) bool {
	return len(r.Rates) == veille.HoursOfWeek && r.Hours >= learnedWeeks*veille.HoursOfWeek && seen(r) >= learnedNew
}

// Quiet reports whether a source has listed nothing new for too long, given the
// hours that went by.
//
// Were polls with something new a Poisson process of the learned rate, a wait in
// which x of them were to be expected would have the chance e^-x. The limit is
// where that leaves falseAlarms a year; the expectation is taken two standard
// errors low, and what the source did before is never called too long. News comes
// in bursts, and there are slow days: the limit is stretched by how much more
// days vary than those of a Poisson process, whose variance is its mean.
func Quiet(r veille.Rhythm) bool {
	if overdue(r) {
		return true
	}
	if r.Expected <= longestMargin*r.Longest || !ripe(r) {
		return false
	}
	low := r.Expected * (1 - 2/math.Sqrt(seen(r)))
	return low > Limit(r)
}

// Limit is how many polls with something new must have been expected in vain
// before a source is called quiet.
func Limit(r veille.Rhythm) float64 {
	bursts := min(max(r.Bursts, 1), mostBursts)
	return max(bursts*math.Log(weekly(r.Rates)*52/falseAlarms), longestMargin*r.Longest, holiday(r.Rates))
}

// holiday is how many polls with something new a holiday may take away. It is as
// the day of the week that brings least: while a wait of what that day brings is
// no surprise on any of the year's holidays, as many were to be expected as the
// busiest day brings in the same time; at most those of holidays whole days.
func holiday(rates []uint16) float64 {
	busiest, least := 0.0, math.Inf(1)
	for day := range 7 {
		sum := weekly(rates[day*24 : day*24+24])
		busiest, least = max(busiest, sum), min(least, sum)
	}
	wait := max(math.Log(yearsHolidays*least/falseAlarms), 1)
	return busiest * min(holidays, wait/max(least, 1e-9))
}
