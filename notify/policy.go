package notify

import (
	"time"

	"veille"
)

// Policy says when a receiver is told, beside what its service allows. The zero
// value tells it of everything at once.
type Policy struct {
	// Rate bounds the attempts; the pace of the kind holds as well.
	Rate veille.Rate
	// Digest is when the digest goes that tells of an alert committed at a
	// time; nil: alerts go one by one.
	Digest func(committed time.Time) time.Time
	// Max is how many events a digest shows in full.
	Max int
	// Flood gathers also what would go one by one, when more alerts of one
	// watch than this wait; 0 never.
	Flood int
	// Quiet are hours in which only what needs a person is told. What was
	// committed in them goes as a digest when they end.
	Quiet veille.Quiet
}

// Under returns a notifier that a Dispatcher addresses by a policy.
func Under(p Policy, n Notifier) Notifier { return managed{n, p} }

type managed struct {
	Notifier
	policy Policy
}

// Through returns inner as it is reached through outer, which wraps it and sees
// its attempts; its pace and its options are its own.
func Through(outer, inner Notifier) Notifier { return through{outer, inner} }

type through struct {
	Notifier
	inner Notifier
}

// innermost is what others were wrapped around.
func innermost(n Notifier) Notifier {
	if t, ok := n.(through); ok {
		return innermost(t.inner)
	}
	return n
}

// split tells a notifier from its policy.
func split(n Notifier) (Notifier, Policy) {
	if m, ok := n.(managed); ok {
		return m.Notifier, m.policy
	}
	return n, Policy{}
}

// ready is when an alert committed at a time may go.
func (p Policy) ready(committed time.Time) time.Time {
	if p.Digest != nil {
		committed = p.Digest(committed)
	}
	if end, quiet := p.Quiet.At(committed); quiet {
		return end
	}
	return committed
}

// urgent events need a person: neither a digest nor the night holds them back.
func urgent(t veille.EventType) bool {
	switch t {
	case veille.SourceFailing, veille.SourceQuiet, veille.ConfigRejected, veille.ReceiverDisabled, veille.TestEvent:
		return true
	}
	return false
}

// groupable reports whether a delivery may go into a digest. One that was tried
// goes by itself: its receiver may have it under its own id. So does the end of
// what went by itself, for a receiver may end an incident with it.
func groupable(d veille.Delivery) bool {
	return !d.Alone && d.LastTry.IsZero() && d.Type != veille.Digest && !urgent(d.Type) && !ending(d.Type)
}

// ending events say that what an urgent one told is over.
func ending(t veille.EventType) bool {
	return t == veille.SourceRecovered || t == veille.ReceiverRecovered
}

// meter remembers the latest attempts of a receiver.
type meter struct{ ends []time.Time }

// peopleFlood is the Flood of the kinds that people read.
const peopleFlood = 20

// longestRate is how many attempts a rate can count.
const longestRate = 10_000

// open is when the next attempt may begin. Times of this process are never in
// the future, whatever becomes of the clock: they tick by themselves.
func (m *meter) open(p pace, r veille.Rate) time.Time {
	var at time.Time
	if n := len(m.ends); n > 0 && p.spacing > 0 {
		at = m.ends[n-1].Add(p.spacing)
	}
	if n := len(m.ends); r.Count > 0 && n >= r.Count {
		if end := m.ends[n-r.Count].Add(r.Per); end.After(at) {
			at = end
		}
	}
	return at
}

// note records the end of an attempt.
func (m *meter) note(at time.Time, r veille.Rate) {
	m.ends = append(m.ends, at)
	if keep := min(max(r.Count, 1), longestRate); len(m.ends) >= 2*keep {
		m.ends = append(m.ends[:0], m.ends[len(m.ends)-keep:]...)
	}
}
