package notify

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"veille"
)

// longPause is how long a receiver may accept nothing before it is a reason
// for concern.
const longPause = 5 * time.Minute

// result is the label of a counted attempt.
type result string

const (
	resultSent     result = "sent"
	resultRetry    result = "retry"
	resultPaused   result = "paused"
	resultRefused  result = "refused"
	resultDead     result = "dead"
	resultDisabled result = "disabled"
)

func resultOf(s veille.Settlement, v *veille.DeliveryError) result {
	switch {
	case v == nil:
		return resultSent
	case s.Delivery.State == veille.DeliveryDead:
		return resultDead
	case v.Verdict == veille.VerdictPause:
		return resultPaused
	case v.Verdict == veille.VerdictDisable:
		return resultDisabled
	case v.Verdict == veille.VerdictPoison:
		return resultRefused
	}
	return resultRetry
}

// shown is what others may see of a worker.
type shown struct {
	state    veille.ReceiverState
	results  map[result]uint64
	attempts uint64
	took     time.Duration
	// refused are the recipients behind the receiver that did not get what the
	// others got last.
	refused string
}

func (w *worker) publish() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shown.state = w.state
}

func (w *worker) measure(took time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shown.attempts++
	w.shown.took += took
}

func (w *worker) count(r result) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shown.results[r]++
}

func (w *worker) show() shown {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.shown
	s.results = maps.Clone(s.results)
	return s
}

// views returns what is shown of every receiver, by name.
func (d *Dispatcher) views() ([]string, map[string]shown) {
	d.mu.Lock()
	workers := maps.Clone(d.workers)
	d.mu.Unlock()
	views := make(map[string]shown, len(workers))
	for name, w := range workers {
		views[name] = w.show()
	}
	return slices.Sorted(maps.Keys(views)), views
}

// Samples are the dispatcher's numbers since the process started.
func (d *Dispatcher) Samples() []veille.Sample {
	names, views := d.views()
	now := time.Now()
	var out []veille.Sample
	each := func(name, help string, t veille.SampleType, value func(shown) float64) {
		for _, n := range names {
			out = append(out, veille.Sample{Name: name, Help: help, Type: t, Labels: [][2]string{{"receiver", n}}, Value: value(views[n])})
		}
	}
	for _, n := range names {
		for _, r := range []result{resultSent, resultRetry, resultPaused, resultRefused, resultDead, resultDisabled} {
			out = append(out, veille.Sample{
				Name: "veille_deliveries_total", Help: "Attempts to deliver, by what came of them.", Type: veille.Counter,
				Labels: [][2]string{{"receiver", n}, {"result", string(r)}}, Value: float64(views[n].results[r]),
			})
		}
	}
	each("veille_delivery_attempts_total", "Attempts to deliver.", veille.Counter,
		func(s shown) float64 { return float64(s.attempts) })
	each("veille_delivery_attempt_seconds_total", "Time spent in attempts to deliver.", veille.Counter,
		func(s shown) float64 { return s.took.Seconds() })
	each("veille_receiver_up", "1 if the receiver accepted the last attempt or none was made.", veille.Gauge,
		func(s shown) float64 { return number(s.state.Since.IsZero() && !s.state.Disabled) })
	each("veille_receiver_paused", "1 while deliveries wait for the receiver to be well.", veille.Gauge,
		func(s shown) float64 { return number(s.state.PausedUntil.After(now)) })
	each("veille_receiver_disabled", "1 while deliveries wait for an operator.", veille.Gauge,
		func(s shown) float64 { return number(s.state.Disabled) })
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range names {
		if w := d.workers[n]; w != nil {
			out = append(out, w.delay.Sample("veille_delivered_after_seconds", "From the commit of an event to its delivery, digests and quiet hours included.", [2]string{"receiver", n}))
		}
	}
	return out
}

// newDelay returns the buckets of a receiver: seconds when all is well, days
// after an outage.
func newDelay() *veille.Latencies {
	return veille.NewLatencies(500*time.Millisecond, time.Second, 2*time.Second, 5*time.Second, 10*time.Second, 30*time.Second,
		time.Minute, 5*time.Minute, 15*time.Minute, time.Hour, 6*time.Hour, 24*time.Hour)
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Reasons says in words which receivers are disabled, have accepted nothing for
// more than five minutes, or reach only some of their recipients. It holds no
// secrets.
func (d *Dispatcher) Reasons() []string {
	names, views := d.views()
	now := time.Now()
	var out []string
	for _, n := range names {
		s := views[n].state
		switch {
		case s.Disabled:
			out = append(out, fmt.Sprintf("receiver %s is disabled since %s: %s", n, moment(s.Since.UTC()), s.LastError))
		case !s.Since.IsZero() && now.Sub(s.Since) >= longPause:
			out = append(out, fmt.Sprintf("receiver %s has accepted nothing since %s: %s", n, moment(s.Since.UTC()), s.LastError))
		case views[n].refused != "":
			out = append(out, fmt.Sprintf("receiver %s does not reach everybody: %s", n, views[n].refused))
		}
	}
	return out
}

// quiet keeps a failure that repeats from being logged each time.
type quiet struct{ told map[string]string }

// once logs what was not the last thing said under a key.
func (q *quiet) once(key, text string, log func()) {
	if last, ok := q.told[key]; ok && last == text {
		return
	}
	if q.told == nil {
		q.told = map[string]string{}
	}
	q.told[key] = text
	log()
}

// forget reports whether anything was said under the keys.
func (q *quiet) forget(keys ...string) bool {
	said := false
	for _, k := range keys {
		_, ok := q.told[k]
		said = said || ok
		delete(q.told, k)
	}
	return said
}

// reach tells which recipients did not get a delivery that was accepted.
func (w *worker) reach(d veille.Delivery) {
	refused := cutBytes(clean(d.Receipt[receiptRefused]), 512)
	w.mu.Lock()
	w.shown.refused = refused
	w.mu.Unlock()
	if refused == "" {
		w.quiet.forget("reach")
		return
	}
	w.quiet.once("reach", refused, func() {
		w.log.Warn("receiver does not reach everybody", "event", d.EventID, "refused", refused)
	})
}

// report logs the outcome of an attempt, a failure that repeats once.
func (w *worker) report(s veille.Settlement, v *veille.DeliveryError) {
	if v == nil {
		if w.quiet.forget("pause", "retry") {
			w.log.Info("receiver recovered")
		}
		w.reach(s.Delivery)
		return
	}
	text := s.Delivery.LastError
	switch {
	case s.Delivery.State == veille.DeliveryDead:
		w.log.Error("delivery became a dead letter", "event", s.Delivery.EventID, "error", text)
	case s.Receiver.Disabled:
		w.log.Error("receiver disabled", "error", text)
	case v.Verdict == veille.VerdictPause:
		w.quiet.once("pause", "", func() { w.log.Warn("receiver paused", "until", s.Receiver.PausedUntil, "error", text) })
	case v.Verdict == veille.VerdictPoison:
		w.log.Warn("delivery refused; a plain rendering follows", "event", s.Delivery.EventID, "error", text)
	default:
		w.quiet.once("retry", text, func() { w.log.Warn("delivery will be tried again", "event", s.Delivery.EventID, "error", text) })
	}
}
