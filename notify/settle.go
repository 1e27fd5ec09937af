package notify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
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
		r.DisabledAt = now
	case veille.VerdictPoison:
		// The receiver looked at it, so the receiver is well.
		r = veille.ReceiverState{Name: r.Name, DisabledAt: r.DisabledAt}
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
		if d.Attempts >= digestAttempts && d.Type == veille.Digest {
			d.State = veille.DeliverySplit
		}
	}
	if d.State == veille.DeliveryDead && d.Type == veille.Digest {
		// One alert in it may be what the receiver does not take.
		d.State = veille.DeliverySplit
	}
	return veille.Settlement{Delivery: d, Receiver: r}
}

// logged is an attempt as the delivery log keeps it.
func logged(s veille.Settlement, v *veille.DeliveryError, start, end time.Time) *veille.Attempt {
	a := &veille.Attempt{At: start.UTC(), Took: end.Sub(start), Result: veille.AttemptSent}
	if v == nil {
		for _, key := range slices.Sorted(maps.Keys(s.Delivery.Receipt)) {
			a.Answer += key + "=" + s.Delivery.Receipt[key] + " "
		}
		a.Answer = cutBytes(clean(clip(strings.TrimSpace(a.Answer), 4096)), 512)
		return a
	}
	a.Result, a.Status = string(v.Verdict), v.Status
	if v.Err != nil {
		a.Answer = cutBytes(clean(clip(v.Err.Error(), 4096)), 512)
	}
	switch {
	case s.Delivery.State != veille.DeliveryPending || s.Receiver.Disabled:
	case s.Receiver.PausedUntil.After(s.Delivery.Due):
		a.Next = s.Receiver.PausedUntil.UTC()
	default:
		a.Next = s.Delivery.Due.UTC()
	}
	return a
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
		ID:       veille.SystemEventID(veille.ReceiverDisabled, w.name, since.UTC().Format(time.RFC3339Nano)),
		Type:     veille.ReceiverDisabled,
		Time:     since,
		Receiver: w.name,
		Message: fmt.Sprintf("The receiver %q refuses alerts for good (%s). Its alerts are kept until it is corrected and resumed.",
			w.name, w.state.LastError),
		Trouble: &veille.EventTrouble{Since: since.UTC(), Detail: w.state.LastError},
	})
}

func (w *worker) tellRecovered(ctx context.Context) {
	w.tell(ctx, w.name, veille.Event{
		ID:       veille.SystemEventID(veille.ReceiverRecovered, w.name, w.state.DisabledAt.UTC().Format(time.RFC3339Nano)),
		Type:     veille.ReceiverRecovered,
		Time:     w.last,
		Receiver: w.name,
		Message:  fmt.Sprintf("The receiver %q accepts alerts again; those that were kept are on their way.", w.name),
		Trouble:  &veille.EventTrouble{Since: w.state.DisabledAt.UTC()},
	})
}
