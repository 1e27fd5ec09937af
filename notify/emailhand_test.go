package notify

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// TestEmail_TellsWhoeverTheServerTakes gives a mail for three to a server that
// answers otherwise for some, attempt after attempt as an outbox does, until it
// is settled. Nobody may have it twice.
func TestEmail_TellsWhoeverTheServerTakes(t *testing.T) {
	const gone, full, slow = "550 5.1.1 no such user", "552 5.2.2 mailbox full", "450 4.2.0 greylisted"
	type says = map[string]string
	for _, tc := range []struct {
		name string
		kind veille.EventType
		// says is what the server answers in one attempt after the other; the
		// last repeats.
		says []says
		// envelopes are who each mail was for, verdicts what came of each attempt.
		envelopes []string
		verdicts  []veille.Verdict
		refused   string
	}{
		{name: "all", says: []says{{}}, envelopes: []string{"a@x.test b@x.test c@x.test"}, verdicts: []veille.Verdict{""}},
		{
			name: "one refused", says: []says{{"RCPT b@x.test": gone}},
			envelopes: []string{"a@x.test c@x.test"}, verdicts: []veille.Verdict{""}, refused: "<b@x.test> 550 5.1.1 no such user",
		},
		{name: "all refused", says: []says{{"RCPT": gone}}, verdicts: []veille.Verdict{veille.VerdictDisable}},
		{name: "all later", says: []says{{"RCPT": slow}}, verdicts: []veille.Verdict{veille.VerdictPause}},
		{
			name: "some later, the others refused", says: []says{{"RCPT": gone, "RCPT c@x.test": full}},
			verdicts: []veille.Verdict{veille.VerdictPause},
		},
		{
			name: "one later, and then", says: []says{{"RCPT b@x.test": slow, "RCPT c@x.test": gone}, {"RCPT b@x.test": slow}, {}},
			envelopes: []string{"a@x.test", "b@x.test"},
			verdicts:  []veille.Verdict{veille.VerdictRetry, veille.VerdictRetry, ""}, refused: "<c@x.test> 550 5.1.1 no such user",
		},
		{
			name: "one never", says: []says{{"RCPT b@x.test": full}},
			envelopes: []string{"a@x.test c@x.test"},
			verdicts:  []veille.Verdict{veille.VerdictRetry, veille.VerdictRetry, veille.VerdictRetry, veille.VerdictRetry, ""},
			refused:   "<b@x.test> 552 5.2.2 mailbox full",
		},
		{
			name: "one never, a digest that must not be split", kind: veille.Digest, says: []says{{"RCPT b@x.test": full}},
			envelopes: []string{"a@x.test c@x.test"},
			verdicts:  []veille.Verdict{veille.VerdictRetry, veille.VerdictRetry, ""}, refused: "<b@x.test> 552 5.2.2 mailbox full",
		},
		{
			name: "the last one does not take the mail itself", says: []says{{"RCPT b@x.test": slow}, {"DATA END": "554 5.7.1 no"}},
			envelopes: []string{"a@x.test c@x.test"},
			verdicts:  []veille.Verdict{veille.VerdictRetry, veille.VerdictPoison, ""}, refused: "<b@x.test> 127.0.0.1: does not take this mail; DATA: 554 5.7.1 no",
		},
		{
			name: "the server leaves among the recipients", says: []says{{"RCPT b@x.test": "421 4.3.2 bye"}, {"RCPT c@x.test": "close"}, {}},
			envelopes: []string{"a@x.test b@x.test c@x.test"}, verdicts: []veille.Verdict{veille.VerdictPause, veille.VerdictPause, ""},
		},
		{
			name: "the server leaves once some have it", says: []says{{"RCPT b@x.test": slow}, {"EHLO": "421 4.3.2 bye"}, {}},
			envelopes: []string{"a@x.test c@x.test", "b@x.test"}, verdicts: []veille.Verdict{veille.VerdictRetry, veille.VerdictPause, ""},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := &smtpServer{}
			n := mailer(t, s, Env{}, func(o *EmailOptions) { o.To = []string{"a@x.test", "Éditeur <b@x.test>", "c@x.test"} })
			kind := tc.kind
			if kind == "" {
				kind = veille.ArticlePublished
			}
			d := veille.Delivery{Receiver: "desk", Event: Example(kind), Type: kind, State: veille.DeliveryPending, Created: time.Now()}
			for i, want := range tc.verdicts {
				s.answer(tc.says[min(i, len(tc.says)-1)])
				receipt, err := n.Notify(t.Context(), d)
				var wait time.Duration
				if want == veille.VerdictRetry && i+2 == mostRounds(kind) {
					wait = greylisted // before the last round
				}
				checkVerdict(t, err, want, 0, wait)
				v, _ := errors.AsType[*veille.DeliveryError](err)
				d = judge(pace{steps: chatSteps}, d, veille.ReceiverState{}, v, time.Now()).Delivery
				if receipt != nil || v == nil {
					d.Receipt = receipt
				}
				if d.State == veille.DeliverySplit || d.State == veille.DeliveryDead {
					t.Fatalf("after attempt %d it is %s", i+1, d.State)
				}
			}
			if diff := cmp.Diff(tc.envelopes, s.envelopes); diff != "" {
				t.Errorf("envelopes (-want +got):\n%s", diff)
			}
			if d.State == veille.DeliverySent && (d.Receipt["refused"] != tc.refused || d.Receipt["told"] != "" || d.Receipt["message_id"] == "") {
				t.Errorf("receipt %q", d.Receipt)
			}
		})
	}
}

// TestEmail_LeavesAGreylistTheTimeToOpen has one of three recipients behind a server
// that takes nothing from a stranger for five minutes.
func TestEmail_LeavesAGreylistTheTimeToOpen(t *testing.T) {
	for _, kind := range []veille.EventType{veille.ArticlePublished, veille.Digest} {
		s := &smtpServer{}
		n := mailer(t, s, Env{}, func(o *EmailOptions) { o.To = []string{"a@x.test", "b@x.test", "c@x.test"} })
		now := time.Now()
		d := veille.Delivery{Receiver: "desk", Event: Example(kind), Type: kind, State: veille.DeliveryPending, Created: now, Due: now}
		for d.State == veille.DeliveryPending {
			s.answer(map[string]string{})
			if d.Due.Sub(now) < 5*time.Minute {
				s.answer(map[string]string{"RCPT b@x.test": "450 4.2.0 greylisted"})
			}
			receipt, err := n.Notify(t.Context(), d)
			v, _ := errors.AsType[*veille.DeliveryError](err)
			d = judge(paceOf(n), d, veille.ReceiverState{}, v, d.Due).Delivery
			if receipt != nil {
				d.Receipt = receipt
			}
		}
		if want := []string{"a@x.test c@x.test", "b@x.test"}; !cmp.Equal(s.envelopes, want) {
			t.Errorf("%s: %q, %q; want %q", kind, s.envelopes, d.Receipt["refused"], want)
		}
	}
}

// TestDispatcher_SaysWhoIsNotReached also proves that what an attempt achieved
// is given to the next one.
func TestDispatcher_SaysWhoIsNotReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outbox := newOutbox()
		first, second := outbox.put("mail", Example(veille.ArticlePublished)), outbox.put("mail", Example(veille.ConfigRejected))
		n := &partial{}
		var logs syncBuffer
		d := NewDispatcher(DispatcherOptions{Outbox: outbox, Log: slog.New(slog.NewTextHandler(&logs, nil))})
		d.Apply(map[string]Notifier{"mail": n})
		for range 2 {
			if _, err := d.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
		}
		if row := outbox.row(first); row.State != veille.DeliverySent || row.Attempts != 2 || row.Receipt["refused"] != "b@x.test 550 no" {
			t.Errorf("%+v", row)
		}
		if got := outbox.attempts[first]; len(got) != 2 || !strings.Contains(got[1].Answer, "b@x.test 550 no") {
			t.Errorf("the log says %+v", got)
		}
		if row := outbox.row(second); row.State != veille.DeliverySent {
			t.Errorf("%+v", row)
		}
		if !strings.Contains(logs.String(), `level=WARN msg="receiver does not reach everybody"`) || !strings.Contains(logs.String(), "b@x.test 550 no") {
			t.Errorf("the log is silent:\n%s", logs.String())
		}
		if got := d.Reasons(); len(got) != 1 || !strings.Contains(got[0], "receiver mail does not reach everybody: b@x.test 550 no") {
			t.Errorf("reasons %q", got)
		}
		// Mended, the warning goes.
		outbox.put("mail", Example(veille.SourceQuiet))
		if _, err := d.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := d.Reasons(); len(got) != 0 {
			t.Errorf("reasons %q", got)
		}
	})
}

// partial takes an article in two attempts and never for everybody.
type partial struct{ told veille.Receipt }

func (p *partial) Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error) {
	switch {
	case d.Event.Article == nil:
		return veille.Receipt{"message_id": "1"}, nil
	case d.Receipt == nil:
		p.told = veille.Receipt{"told": "a@x.test"}
		return maps.Clone(p.told), &veille.DeliveryError{Verdict: veille.VerdictRetry, Err: errors.New("later")}
	case maps.Equal(d.Receipt, p.told):
		return veille.Receipt{"refused": "b@x.test 550 no"}, nil
	}
	return nil, errors.New("what was achieved is forgotten")
}
