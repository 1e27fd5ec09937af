package notify

import (
	"fmt"
	"slices"
	"testing"

	"veille"
)

// forPrograms are the kinds that programs read, or that are no bother however
// much they write: they get each event by itself, unless their receiver says
// otherwise.
func forPrograms() []string { return []string{"file", "stdout", "webhook"} }

// TestKinds_GatherAFloodForPeople lets 25 alerts of one watch wait for every
// kind, before its service.
func TestKinds_GatherAFloodForPeople(t *testing.T) {
	const waiting = 25
	for _, s := range samples() {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			n, sent := s.receiver(t, Env{})
			outbox := newOutbox()
			for i := range waiting {
				e := alert(fmt.Sprintf("evt_%02d", i), "Corée")
				e.Revision = &veille.EventRevision{Number: 1}
				outbox.put("sample", e)
			}
			d := NewDispatcher(DispatcherOptions{Outbox: outbox})
			d.Apply(map[string]Notifier{"sample": Under(Policy{Flood: kindOf(t, s).Flood}, unpaced{n})})
			report, err := d.Drain(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			// The first goes by itself: it may have been under way before.
			want, digests := 2, 1
			if slices.Contains(forPrograms(), s.kind) {
				want, digests = waiting, 0
			}
			got := 0
			for seq := range uint64(len(outbox.rows)) {
				if outbox.row(seq+1).Type == veille.Digest {
					got++
				}
			}
			if report.Sent != want || report.Waiting != 0 || got != digests {
				t.Errorf("%d messages and %d digests, want %d and %d; %+v", report.Sent, got, want, digests, report)
			}
			if outbox.count("sample", veille.DeliverySent) != waiting+digests || len(sent()) == 0 {
				t.Errorf("%d of %d deliveries are sent", outbox.count("sample", veille.DeliverySent), waiting)
			}
		})
	}
}
