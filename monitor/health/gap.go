package health

import (
	"math"

	"veille"
)

const (
	// leastGaps is how many gaps are learned before a wait is judged by them, and
	// leastHours how long that takes at least.
	leastGaps  = 8
	leastHours = 3 * veille.HoursOfWeek
	// rare is how many polls with something new a week make a source one that is
	// judged by its gaps: with more, the hours of the week say more.
	rare = 10
	// gapMemory is about how many gaps are remembered.
	gapMemory = 30
	// gapMargin is how many standard deviations a wait must be longer than usual,
	// beatSpread the least standard deviation of its logarithm: even a beat pauses.
	gapMargin  = 4
	beatSpread = 0.35
)

// waited takes a wait for something new that is over into the gaps.
func waited(g veille.Gaps, hours float64) veille.Gaps {
	g.Longest = max(g.Longest*longestFade, hours)
	g.Count = min(g.Count+1, gapMemory)
	weight := 1 / float64(g.Count)
	take := func(mean, spread *float64, x float64) {
		off := x - *mean
		*mean += weight * off
		*spread += weight * (off*off*(1-weight) - *spread)
	}
	take(&g.Mean, &g.Spread, hours)
	take(&g.Log, &g.LogSpread, math.Log(max(hours, 1.0/60)))
	return g
}

// overdue reports whether the wait for something new is longer than any that is
// to be expected of a source that brings news seldom.
func overdue(r veille.Rhythm) bool {
	wait := r.At.Sub(r.News).Hours()
	// Most waits are short: that is seen first.
	return wait > longestMargin*r.Gaps.Longest && learnedGaps(r) && wait > gapLimit(r.Gaps)
}

// learnedGaps reports whether a source is judged by its gaps.
func learnedGaps(r veille.Rhythm) bool {
	return r.Gaps.Count >= leastGaps && r.Hours >= leastHours && weekly(r.Rates) <= rare
}

// gapLimit is how many hours a wait may last: 1.5 times the longest, and no less
// than what one of two models leaves to chance. Such a source often keeps a beat,
// once a week or once a day: then its gaps are lognormal with a small spread. One
// without a beat has exponential gaps, stretched by how much more they vary.
func gapLimit(g veille.Gaps) float64 {
	n := float64(g.Count)
	beat := math.Exp(g.Log + gapMargin*max(math.Sqrt(g.LogSpread), beatSpread)*math.Sqrt(1+1/n))
	year := 52 * veille.HoursOfWeek / g.Mean
	none := g.Mean * max(g.Spread/(g.Mean*g.Mean), 1) * math.Log(year/falseAlarms) * (1 + 2/math.Sqrt(n))
	return max(min(beat, none), longestMargin*g.Longest)
}
