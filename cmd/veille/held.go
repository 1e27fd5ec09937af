package main

import (
	"slices"
	"time"

	"veille"
)

// heldBy says why a delivery that nothing went wrong with waits: its receiver left
// the configuration, is told in digests, or sleeps. It is empty where the
// configuration does not tell.
func heldBy(receivers []veille.Receiver, d veille.Delivery, now time.Time) string {
	if d.State != veille.DeliveryPending || d.LastError+d.Reason != "" || len(receivers) == 0 {
		return ""
	}
	i := slices.IndexFunc(receivers, func(r veille.Receiver) bool { return r.Name == d.Receiver })
	if i < 0 {
		return "the configuration has no such receiver"
	}
	r := receivers[i]
	if end, quiet := r.Quiet.At(now); quiet {
		return "quiet hours, until " + when(end)
	}
	switch {
	case r.Digest.Every > 0:
		return "gathered for a digest every " + r.Digest.Every.String()
	case r.Digest.At != "":
		return "gathered for the digest at " + r.Digest.At
	}
	return ""
}
