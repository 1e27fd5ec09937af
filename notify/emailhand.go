package notify

import (
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"veille"
)

// What the receipt of a mail says of its recipients, one a line: who has it
// while others still wait, and who is refused, with the answer.
const (
	receiptTold    = "told"
	receiptRefused = "refused"
)

// rollCall is how far a mail has come with its recipients.
type rollCall struct {
	told    []string
	refused []string
	// delayed may take it later.
	delayed []string
}

// resume is the roll call that an earlier attempt of a delivery left. Where an
// operator has it tried anew, those who were refused are asked again.
func resume(d veille.Delivery) rollCall {
	lines := func(key string) []string {
		return strings.FieldsFunc(d.Receipt[key], func(r rune) bool { return r == '\n' })
	}
	r := rollCall{told: lines(receiptTold)}
	if d.Attempts > 0 && len(r.told) > 0 {
		r.refused = lines(receiptRefused)
	}
	return r
}

// settled reports whether a recipient has the mail, or is not asked again.
func (r rollCall) settled(to string) bool {
	return slices.Contains(r.told, to) || slices.ContainsFunc(r.refused, func(line string) bool { return strings.HasPrefix(line, to+" ") })
}

// receipt is what is kept of a roll call.
func (r rollCall) receipt() veille.Receipt {
	out := veille.Receipt{}
	if len(r.told) > 0 {
		out[receiptTold] = strings.Join(r.told, "\n")
	}
	if len(r.refused) > 0 {
		out[receiptRefused] = strings.Join(r.refused, "\n")
	}
	return out
}

// hand gives the mail of a delivery to everybody who does not have it yet. One
// whom the server refuses for good is named in the receipt and keeps it from
// nobody; for one whom it does not take yet the delivery is tried again, for
// that one alone. Only where nobody is taken, it is the receiver that is unwell.
func (m *email) hand(session *smtp.Client, msg *mail.Msg, d veille.Delivery) (veille.Receipt, error) {
	from, err := msg.GetSender(false)
	if err != nil {
		return nil, m.target.refuse(veille.VerdictPoison, 0, 0, err.Error())
	}
	to, err := msg.GetRecipients()
	if err != nil {
		return nil, m.target.refuse(veille.VerdictPoison, 0, 0, err.Error())
	}
	if err := session.Mail(from); err != nil {
		return nil, m.answered(err, askFrom)
	}
	roll := resume(d)
	var taken []string
	var refusal *veille.DeliveryError
	for _, one := range to {
		if roll.settled(one) {
			continue
		}
		err := session.Rcpt(one)
		if err == nil {
			taken = append(taken, one)
			continue
		}
		v := m.answered(err, askTo)
		switch {
		case hungUp(err):
			return nil, v
		case v.Verdict == veille.VerdictDisable:
			roll.refused = append(roll.refused, m.said(one, err))
		default:
			roll.delayed = append(roll.delayed, m.said(one, err))
		}
		if refusal == nil || refusal.Verdict == veille.VerdictDisable {
			refusal = v
		}
	}
	if len(taken) > 0 {
		v := m.submit(session, msg)
		switch {
		case v == nil:
			roll.told = append(roll.told, taken...)
		case v.Verdict == veille.VerdictPoison && d.Degraded && len(roll.told) > 0:
			// Others have it: it must not become a dead letter, or a digest be split.
			for _, one := range taken {
				roll.refused = append(roll.refused, one+" "+m.target.scrub(v.Err.Error(), 100))
			}
		default:
			return nil, v
		}
	}
	var wait time.Duration
	if d.Attempts+2 == mostRounds(d.Type) {
		wait = greylisted
	}
	switch {
	case len(roll.told) == 0:
		return nil, refusal
	case len(roll.delayed) > 0 && d.Attempts+1 < mostRounds(d.Type):
		return roll.receipt(), m.target.refuse(veille.VerdictRetry, 0, wait,
			fmt.Sprintf("has it for %d of %d recipients, and asks to wait for %s", len(roll.told), len(to), strings.Join(roll.delayed, "; ")))
	}
	// Later mails of the story wait for this one: whoever is still not taken now
	// must not keep them from the others.
	roll.refused = append(roll.refused, roll.delayed...)
	roll.told = nil
	receipt := roll.receipt()
	receipt["message_id"] = m.messageID(d.Event.ID)
	return receipt, nil
}

// greylisted is the least wait before the last round: a server that does not
// know a sender yet mostly asks it to wait for five minutes.
const greylisted = 6 * time.Minute

// mostRounds is how often a mail that some recipients have is tried for the
// others; a digest that is tried more often is split, and told to all again.
func mostRounds(t veille.EventType) int {
	if t == veille.Digest {
		return digestAttempts
	}
	return leastAttempts
}

// submit sends the mail itself, once sender and recipients are taken.
func (m *email) submit(session *smtp.Client, msg *mail.Msg) *veille.DeliveryError {
	w, err := session.Data()
	if err != nil {
		return m.answered(err, askData)
	}
	if _, err := msg.WriteTo(w); err != nil {
		return m.answered(err, askData)
	}
	if err := w.Close(); err != nil {
		return m.answered(err, askData)
	}
	return nil
}

// What a server is asked when it refuses.
const (
	askFrom = "MAIL FROM"
	askTo   = "RCPT TO"
	askData = "DATA"
)

// hungUp reports whether the connection is over, or about to be: then no answer
// is about a recipient.
func hungUp(err error) bool {
	said, ok := errors.AsType[*textproto.Error](err)
	return !ok || said.Code == 421
}

// said names a recipient and what the server answered.
func (m *email) said(to string, err error) string {
	said, _ := errors.AsType[*textproto.Error](err)
	return to + " " + m.target.scrub(fmt.Sprintf("%d %s", said.Code, said.Msg), 100)
}

// answered is the verdict on a question that a server did not say yes to (RFC
// 5321, section 4.2.1: 4yz may pass later, 5yz will not). A refused sender or
// recipient is not the alert's fault; a full mailbox may be emptied.
func (m *email) answered(err error, asked string) *veille.DeliveryError {
	said, ok := errors.AsType[*textproto.Error](err)
	if !ok {
		return m.target.unreachable(err)
	}
	what := fmt.Sprintf("%s: %d %s", asked, said.Code, said.Msg)
	switch {
	case said.Code >= 400 && said.Code < 500:
		return m.target.refuse(veille.VerdictPause, 0, 0, "asks to wait; "+what)
	case said.Code < 500 || said.Code >= 600:
		return m.target.refuse(veille.VerdictPause, 0, 0, "gave an answer that is not understood; "+what)
	case asked == askData:
		return m.target.refuse(veille.VerdictPoison, 0, 0, "does not take this mail; "+what)
	case said.Code == 552:
		return m.target.refuse(veille.VerdictPause, 0, 0, "has a full mailbox; "+what)
	}
	return m.target.refuse(veille.VerdictDisable, 0, 0, "refuses an address; "+what)
}
