package veille

import "time"

// Quiet are the hours of a day in which a receiver is left in peace, by the
// clocks of a place. The zero value is none.
type Quiet struct {
	// From and To are times of day since midnight; where To is not after From,
	// the hours end on the next day.
	From, To time.Duration
	// Zone is nil where there are no quiet hours.
	Zone *time.Location
}

// At reports whether it is quiet at t, and when that ends. A night in which the
// clocks change begins and ends by what they show.
func (q Quiet) At(t time.Time) (end time.Time, quiet bool) {
	if q.Zone == nil {
		return time.Time{}, false
	}
	local := t.In(q.Zone)
	for back := range 2 {
		from := q.clock(local, -back, q.From)
		days := -back
		if q.To <= q.From {
			days++
		}
		to := q.clock(local, days, q.To)
		if !t.Before(from) && t.Before(to) {
			return to, true
		}
	}
	return time.Time{}, false
}

// clock is the moment at which the clocks show a time of a day near t.
func (q Quiet) clock(t time.Time, days int, of time.Duration) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, int(of/time.Hour), int(of/time.Minute)%60, 0, 0, q.Zone)
}
