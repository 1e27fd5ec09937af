package notify

import (
	"context"
	"sync"
)

// Report is what a Drain did.
type Report struct {
	// Sent counts deliveries that were accepted, Failed those that became dead
	// letters.
	Sent, Failed int
	// Waiting counts the deliveries that were tried and must be tried again,
	// and one for each receiver that is paused or disabled while it holds
	// others: 0 means that everybody was told everything that was due.
	Waiting int
	// Held counts the deliveries that wait for a digest or the end of quiet hours.
	Held int
}

// Drain delivers until nothing is due for any receiver, or only what must be
// tried later is left. It does not wait for pauses or back-off to pass, only
// for the spacing between two messages.
func (d *Dispatcher) Drain(ctx context.Context) (Report, error) {
	d.turn.Lock()
	defer d.turn.Unlock()
	var (
		mu     sync.Mutex
		report Report
	)
	//nolint:contextcheck // an outcome is recorded even after the end has come
	err := d.supervise(ctx, true, func(c contexts, w *worker) error {
		r, err := w.drain(c)
		mu.Lock()
		defer mu.Unlock()
		report.Sent += r.Sent
		report.Failed += r.Failed
		report.Waiting += r.Waiting
		report.Held += r.Held
		return err
	})
	if err == nil {
		err = ctx.Err()
	}
	return report, err
}

func (w *worker) drain(c contexts) (Report, error) {
	var r Report
	waiting := map[uint64]bool{}
	for c.soft.Err() == nil && !w.stopped() {
		s, err := w.step(c)
		if err != nil {
			return r, err
		}
		switch s.did {
		case didSend:
			r.Sent++
			delete(waiting, s.seq)
		case didBury:
			r.Failed++
			delete(waiting, s.seq)
		case didSplit:
			delete(waiting, s.seq)
		case didDefer:
			waiting[s.seq] = true
		case didNothing:
			if s.spacing {
				w.wait(c.soft, s.until)
				continue
			}
			r.Waiting = len(waiting)
			if s.held && r.Waiting == 0 {
				r.Waiting = 1
			}
			if s.resting {
				r.Held = w.outbox.Pending(w.name) - r.Waiting
			}
			return r, nil
		}
	}
	r.Waiting = len(waiting)
	return r, nil
}
