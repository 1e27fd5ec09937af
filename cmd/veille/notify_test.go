package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"veille"
)

type answering struct {
	receipt veille.Receipt
	err     error
}

func (a answering) Notify(context.Context, veille.Delivery) (veille.Receipt, error) {
	return a.receipt, a.err
}

// TestNotify_ReportsTheRealResult also where a receiver tells only some.
func TestNotify_ReportsTheRealResult(t *testing.T) {
	d := veille.Delivery{Receiver: "mail", Event: veille.Event{Type: veille.TestEvent}}
	for _, tc := range []struct {
		answer      answering
		said, fails string
	}{
		{answering{receipt: veille.Receipt{"message_id": "1"}}, "mail accepted the test alert in ", ""},
		{answering{receipt: veille.Receipt{"refused": "<b@x.test> 550 no\n<c@x.test> 550 \x1b[2Jno"}}, "mail accepted the test alert in ", "it did not reach everybody: <b@x.test> 550 no"},
		{
			answering{veille.Receipt{"told": "<a@x.test>"}, &veille.DeliveryError{Verdict: veille.VerdictRetry, Err: errors.New("asks to wait for <b@x.test>")}},
			"", "mail did not accept the test alert: asks to wait for <b@x.test>",
		},
		{answering{err: &veille.DeliveryError{Verdict: veille.VerdictDisable, Status: 410, Err: errors.New("gone")}}, "", "mail did not accept the test alert (HTTP 410): gone"},
	} {
		var out bytes.Buffer
		err := (&app{stdout: &out}).sendNow(t.Context(), tc.answer, d)
		if !strings.HasPrefix(out.String(), tc.said) || tc.said == "" && out.Len() > 0 {
			t.Errorf("it says %q, want %q", out.String(), tc.said)
		}
		if tc.fails == "" && err != nil || tc.fails != "" && (err == nil || !strings.HasPrefix(err.Error(), tc.fails) || strings.ContainsAny(err.Error(), "\x1b")) {
			t.Errorf("error %q, want %q", err, tc.fails)
		}
	}
}
