package health

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"veille"
)

var monday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// life polls a source every ten minutes for some weeks, and returns its rhythm.
// rate says how many new items an hour brings.
func life(weeks int, seed uint64, rate func(t time.Time) float64, each func(t time.Time, r veille.Rhythm)) veille.Rhythm {
	return polled(10*time.Minute, weeks, seed, rate, each)
}

func polled(every time.Duration, weeks int, seed uint64, rate func(t time.Time) float64, each func(t time.Time, r veille.Rhythm)) veille.Rhythm {
	chance := rand.New(rand.NewPCG(seed, 7))
	var r veille.Rhythm
	for t := monday; t.Before(monday.AddDate(0, 0, 7*weeks)); t = t.Add(every) {
		fresh := chance.Float64() < 1-math.Exp(-rate(t)*every.Hours())
		r = Polled(r, t, fresh, every)
		if each != nil {
			each(t, r)
		}
	}
	return r
}

func office(perHour float64) func(time.Time) float64 {
	return func(t time.Time) float64 {
		if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday || t.Hour() < 7 || t.Hour() > 18 {
			return 0
		}
		return perHour
	}
}

func TestQuiet_AHealthySourceIsNeverCalledSo(t *testing.T) {
	for name, rate := range map[string]func(time.Time) float64{
		"weekdays":             office(3),
		"weekdays, seldom":     office(0.2),
		"round the clock":      func(time.Time) float64 { return 5 },
		"once a day":           func(t time.Time) float64 { return map[bool]float64{true: 6}[t.Hour() == 6] },
		"twice a week":         func(t time.Time) float64 { return 2.0 / 168 },
		"less on weekends":     func(t time.Time) float64 { return 0.3 + office(4)(t) },
		"busy days by chance":  func(t time.Time) float64 { return 0.3 * float64(1+(t.YearDay()*7919)%11) },
		"half in the holidays": func(t time.Time) float64 { return office(3)(t) / float64(1+(t.YearDay()/60)%2) },
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(4) {
				life(26, seed, rate, func(at time.Time, r veille.Rhythm) {
					if Quiet(r) {
						t.Fatalf("quiet at %v: %.1f expected in vain, the limit is %.1f", at, r.Expected, Limit(r))
					}
				})
			}
		})
	}
}

// TestQuiet_FalseAlarmsAreRarerThanPromised counts the alarms of 400 source
// years of a Poisson process: at most falseAlarms a year were promised.
func TestQuiet_FalseAlarmsAreRarerThanPromised(t *testing.T) {
	alarms, years := 0, 0.0
	for seed := range uint64(400) {
		quiet := false
		polled(time.Hour, 52, seed+100, func(time.Time) float64 { return 0.15 }, func(_ time.Time, r veille.Rhythm) {
			now := Quiet(r)
			if now && !quiet {
				alarms++
			}
			quiet = now
		})
		years++
	}
	if promised := falseAlarms * years; float64(alarms) > promised {
		t.Errorf("%d false alarms in %.0f source years, promised are %.0f", alarms, years, promised)
	}
}

func TestQuiet_ASourceThatDiesIsTold(t *testing.T) {
	dies := monday.AddDate(0, 0, 8*7).Add(10 * time.Hour)
	for _, c := range []struct {
		name   string
		rate   func(time.Time) float64
		within time.Duration
	}{
		{"round the clock, 120 a day", func(time.Time) float64 { return 5 }, 8 * time.Hour},
		{"round the clock, 24 a day", func(time.Time) float64 { return 1 }, 24 * time.Hour},
		{"weekdays, 36 a day", office(3), 4 * 24 * time.Hour},
		{"weekdays, 12 a day", office(1), 5 * 24 * time.Hour},
		{"once a day", func(t time.Time) float64 { return map[bool]float64{true: 6}[t.Hour() == 6] }, 7 * 24 * time.Hour},
		{"once a week", func(t time.Time) float64 {
			return map[bool]float64{true: 6}[t.Weekday() == time.Wednesday && t.Hour() == 6]
		}, 6 * 7 * 24 * time.Hour},
		{"now and then, 3 a week", func(time.Time) float64 { return 3.0 / 168 }, 10 * 7 * 24 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			var told time.Time
			life(20, 3, func(at time.Time) float64 {
				if at.After(dies) {
					return 0
				}
				return c.rate(at)
			}, func(at time.Time, r veille.Rhythm) {
				if Quiet(r) && told.IsZero() {
					told = at
				}
			})
			if told.IsZero() || told.Before(dies) || told.Sub(dies) > c.within {
				t.Errorf("told at %v, it died at %v: %v", told, dies, told.Sub(dies))
			}
			t.Logf("told after %v", told.Sub(dies))
		})
	}
}

// TestQuiet_JudgesAWaitByWhatWasBeforeIt: were the hours of a wait learned as
// they go by, a source that brings little would be forgotten before it is missed.
func TestQuiet_JudgesAWaitByWhatWasBeforeIt(t *testing.T) {
	r := life(12, 1, func(time.Time) float64 { return 4.0 / 168 }, nil)
	for r.Count != 1 { // news, so that all before it is learned
		r = Polled(r, r.At.Add(10*time.Minute), true, 10*time.Minute)
	}
	before := fmt.Sprint(r.Rates)
	for range 6 * 24 * 60 {
		r = Polled(r, r.At.Add(10*time.Minute), false, 10*time.Minute)
	}
	if fmt.Sprint(r.Rates) != before {
		t.Error("ten weeks of silence changed the rates before they were over")
	}
	if !Quiet(r) {
		t.Errorf("ten weeks of silence are not told: %.1f expected in vain, the limit is %.1f; %v of at most %.0f hours", r.Expected, Limit(r), r.At.Sub(r.News), gapLimit(r.Gaps))
	}
	r = Polled(r, r.At.Add(10*time.Minute), true, 10*time.Minute)
	if Quiet(r) || fmt.Sprint(r.Rates) == before {
		t.Error("the silence is over, and taught nothing")
	}
}

// TestQuiet_AHolidayIsAsASunday: a source that brings a little on Sundays does so
// on a holiday.
func TestQuiet_AHolidayIsAsASunday(t *testing.T) {
	rate := func(at time.Time) float64 {
		holiday := at.YearDay()%41 == 0
		if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday || holiday {
			return 0.15
		}
		return office(3)(at)
	}
	for seed := range uint64(6) {
		life(52, seed, rate, func(at time.Time, r veille.Rhythm) {
			if Quiet(r) {
				t.Fatalf("quiet at %v: %.1f expected in vain, the limit is %.1f", at, r.Expected, Limit(r))
			}
		})
	}
}

func TestQuiet_TwoHolidaysInARowAreNoAlarm(t *testing.T) {
	easter := monday.AddDate(0, 0, 9*7)
	rate := func(at time.Time) float64 {
		if at.After(easter.AddDate(0, 0, 4)) && at.Before(easter.AddDate(0, 0, 8)) { // Friday to Monday
			return 0
		}
		return office(4)(at)
	}
	life(12, 5, rate, func(at time.Time, r veille.Rhythm) {
		if Quiet(r) {
			t.Fatalf("quiet at %v", at)
		}
	})
}

func TestPolled_DowntimeTeachesNothing(t *testing.T) {
	r := life(6, 1, office(3), nil)
	r = Polled(r, r.At.Add(10*time.Minute), true, 10*time.Minute) // what was before it is learned
	before := fmt.Sprint(r.Rates, r.Longest)
	r = Polled(r, r.At.Add(20*24*time.Hour), true, 10*time.Minute)
	if after := fmt.Sprint(r.Rates, r.Longest); after != before {
		t.Errorf("three weeks of downtime changed the rhythm:\n%s\n%s", before, after)
	}
	if Quiet(r) {
		t.Error("quiet though something new came")
	}
	r = Polled(r, monday, false, 10*time.Minute)
	if r.Hours == 0 || r.Expected != 0 {
		t.Errorf("a clock that went back: %+v", r)
	}
}

func TestPolled_ChangesNoRatesThatOthersHold(t *testing.T) {
	a := life(3, 1, office(3), nil)
	held := fmt.Sprint(a.Rates)
	Polled(a, a.At.Add(time.Hour), true, time.Hour)
	if fmt.Sprint(a.Rates) != held {
		t.Error("the rates were changed in place")
	}
}
