package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"veille"
)

// judge turns the outcome of an attempt, nil for success, into what is stored.
func judge(p pace, d veille.Delivery, r veille.ReceiverState, v *veille.DeliveryError, now time.Time) veille.Settlement {
	d.LastTry = now
	if d.Due.After(now) {
		d.Due = now // it was written under a clock that has been set back
	}
	if v == nil {
		d.State, d.LastError, d.LastStatus = veille.DeliverySent, "", 0
		d.Attempts++
		return veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: r.Name}}
	}
	d.LastError, d.LastStatus = wording(v), v.Status
	switch v.Verdict {
	case veille.VerdictPause:
		r.Fails++
		r.PausedUntil = now.Add(pauseDelay(r.Fails, v.After))
		r.LastError = d.LastError
		if r.Since.IsZero() {
			r.Since = now
		}
	case veille.VerdictDisable:
		r.Disabled, r.PausedUntil, r.Since, r.LastError = true, time.Time{}, now, d.LastError
	case veille.VerdictPoison:
		// The receiver looked at it, so the receiver is well.
		r = veille.ReceiverState{Name: r.Name}
		d.Attempts++
		if d.Degraded {
			d.State = veille.DeliveryDead
		}
		d.Degraded = true
	default:
		d.Attempts++
		d.Due = now.Add(p.retryDelay(d.Attempts, v.After))
		r.PausedUntil, r.LastError = time.Time{}, d.LastError
		if r.Since.IsZero() {
			r.Since = now
		}
		if now.Sub(d.Created) > budget && d.Attempts >= leastAttempts {
			d.State = veille.DeliveryDead
		}
	}
	return veille.Settlement{Delivery: d, Receiver: r}
}

// wording is the text of a verdict as it is stored and logged.
func wording(v *veille.DeliveryError) string {
	if v.Err == nil {
		return string(v.Verdict)
	}
	text := v.Err.Error()
	if v.Status != 0 {
		text = fmt.Sprintf("HTTP %d: %s", v.Status, text)
	}
	return cutBytes(clean(clip(text, 4096)), 512)
}

// settle records an outcome. It reports false where the disk is full: the
// outcome is then kept, and the receiver gets nothing more until it is
// recorded, for what was sent would be sent again.
func (w *worker) settle(ctx context.Context, s veille.Settlement) (bool, error) {
	err := w.outbox.Settle(ctx, s)
	if errors.Is(err, veille.ErrConflict) || errors.Is(err, veille.ErrNotFound) {
		// Somebody dropped or replayed the row meanwhile; what was learned of
		// the receiver still holds.
		err = w.outbox.SaveReceiver(ctx, s.Receiver)
	}
	if errors.Is(err, veille.ErrStoreFull) {
		w.unsettled = &s
		w.quiet.once("full", "", func() { w.log.Error("outbox is full; receiver waits until its last delivery can be recorded") })
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("settle a delivery to receiver %s: %w", w.name, err)
	}
	was := w.state
	w.unsettled, w.state = nil, s.Receiver
	w.quiet.forget("full")
	w.publish()
	if s.Receiver.Disabled && !was.Disabled {
		w.tellDisabled(ctx)
	}
	return true, nil
}

func (w *worker) tellDisabled(ctx context.Context) {
	since := w.state.Since
	w.tell(ctx, w.name, veille.Event{
		ID:   veille.SystemEventID(veille.ReceiverDisabled, w.name, since.UTC().Format(time.RFC3339Nano)),
		Type: veille.ReceiverDisabled,
		Time: since,
		Message: fmt.Sprintf("The receiver %q refuses alerts for good (%s). Its alerts are kept until it is corrected and resumed.",
			w.name, w.state.LastError),
	})
}

func (w *worker) tellRecovered(ctx context.Context, was veille.ReceiverState) {
	now := w.last
	w.tell(ctx, w.name, veille.Event{
		ID:      veille.SystemEventID(veille.ReceiverRecovered, w.name, was.Since.UTC().Format(time.RFC3339Nano)),
		Type:    veille.ReceiverRecovered,
		Time:    now,
		Message: fmt.Sprintf("The receiver %q accepts alerts again; those that were kept are on their way.", w.name),
	})
}
