package notify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"veille"
)

// attemptLimit ends an attempt whose notifier sets itself no limit.
const attemptLimit = time.Minute

// try makes one attempt and settles what became of it.
func (w *worker) try(c contexts, p pace, policy Policy, d veille.Delivery) (step, error) {
	start := time.Now()
	w.fresh = false
	receipt, verdict := w.attempt(c.hard, d)
	w.last = time.Now()
	w.meter.note(w.last, policy.Rate)
	w.measure(w.last.Sub(start))
	if verdict != nil && receipt == nil && c.hard.Err() != nil {
		// Cut short by the end of the process: nobody knows whether the
		// receiver has it, so the row stays as it was.
		return step{did: didDefer, seq: d.Seq}, nil
	}
	verdict = w.amend(d, verdict)
	s := judge(p, d, w.state, verdict, w.last)
	if receipt != nil || verdict == nil {
		s.Delivery.Receipt = receipt
	}
	s.Attempt = logged(s, verdict, start, w.last)
	w.count(resultOf(s, verdict))
	w.report(s, verdict)

	ctx := context.WithoutCancel(c.hard)
	if verdict == nil && !w.state.DisabledAt.IsZero() {
		// Before it is settled, which ends that it is remembered; twice told, it
		// is the same event.
		w.tellRecovered(ctx)
	}
	out := step{did: didDefer, seq: d.Seq}
	switch s.Delivery.State {
	case veille.DeliverySent:
		out.did = didSend
	case veille.DeliveryDead:
		out.did = didBury
	case veille.DeliverySplit:
		out.did = didSplit
	}
	if stored, err := w.settle(ctx, s); err != nil || !stored {
		return out, err
	}
	if out.did == didSend {
		w.delay.Observe(w.last.Sub(d.Created))
	}
	if verdict != nil {
		return out, w.stepAside(ctx, d, s.Delivery, verdict)
	}
	return out, w.putBack(ctx, d.Seq)
}

// attempt calls the notifier. A panic is its own fault, and costs the process
// nothing.
func (w *worker) attempt(ctx context.Context, d veille.Delivery) (receipt veille.Receipt, verdict *veille.DeliveryError) {
	ctx, cancel := context.WithTimeout(ctx, attemptLimit)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			receipt, verdict = nil, &veille.DeliveryError{Verdict: veille.VerdictRetry, Err: fmt.Errorf("the notifier panicked (%T)", p)}
		}
	}()
	n, _ := w.current()
	receipt, err := n.Notify(ctx, d)
	if err != nil {
		return receipt, asVerdict(err)
	}
	return receipt, nil
}

// asVerdict finds the verdict in an error that is not nil, and makes one for an
// error that holds none.
func asVerdict(err error) *veille.DeliveryError {
	if verdict, ok := errors.AsType[*veille.DeliveryError](err); ok {
		return verdict
	}
	return &veille.DeliveryError{Verdict: veille.VerdictRetry, Err: err}
}

// amend applies what depends on the attempts before: refusals of access that
// repeat are for good, and a failure of the receiver's that only one delivery
// meets is that delivery's own.
func (w *worker) amend(d veille.Delivery, v *veille.DeliveryError) *veille.DeliveryError {
	if v == nil {
		w.refusals = 0
		return nil
	}
	out := *v
	if v.Status == http.StatusUnauthorized || v.Status == http.StatusForbidden {
		if w.refusals++; w.refusals >= maxRefusals && v.Verdict == veille.VerdictPause {
			out.Verdict = veille.VerdictDisable
		}
		out.After = max(out.After, refusalPause)
		return &out
	}
	w.refusals = 0
	if v.Verdict == veille.VerdictPause && w.aside.guilty[d.Seq] {
		out.Verdict = veille.VerdictRetry
	}
	return &out
}
