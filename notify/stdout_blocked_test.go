package notify

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"veille"
)

// A console can stall: a pager, a stuck log driver, Ctrl-S.
func TestStdout_GivesUpOnAConsoleThatNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		out := &stdout{turn: newTurnstile(), out: w, voice: testVoice()}
		other := &stdout{turn: out.turn, out: io.Discard, voice: testVoice()}
		for _, s := range []*stdout{out, other} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			_, err := s.Notify(ctx, veille.Delivery{Event: TestEventFor("console", time.Now())})
			cancel()
			if de, ok := errors.AsType[*veille.DeliveryError](err); !ok || de.Verdict != veille.VerdictPause {
				t.Errorf("Notify on a blocked console: %v, want a pause", err)
			}
		}
		// Once somebody reads, the console works again.
		go func() { _, _ = io.Copy(io.Discard, r) }()
		synctest.Wait()
		if _, err := other.Notify(t.Context(), veille.Delivery{Event: TestEventFor("console", time.Now())}); err != nil {
			t.Errorf("Notify after the console moved: %v", err)
		}
		_ = w.Close()
	})
}
