package veille

import "time"

// Delivery is one event on its way to one receiver: a row of the outbox.
type Delivery struct {
	// Seq orders the outbox; the store gives it.
	Seq      uint64 `json:"seq"`
	Receiver string `json:"receiver"`
	EventID  string `json:"event_id"`
	// Type is that of the event. Story is what the delivery is ordered by: of two
	// deliveries to one receiver about one story, the later one waits for the
	// earlier one; that a source or a receiver recovered waits for what was wrong
	// with it. Empty orders nothing. The store fills both in from the event.
	Type  EventType `json:"type,omitempty"`
	Story string    `json:"story,omitempty"`
	// Watches are those of the event that notify this receiver.
	Watches []string      `json:"watches,omitempty"`
	State   DeliveryState `json:"state"`
	// Created is when the event was committed.
	Created time.Time `json:"created"`
	// Due is when to try next.
	Due time.Time `json:"due"`
	// Attempts counts the tries that were this delivery's own fault or nobody's;
	// a receiver that asks to wait costs none.
	Attempts  int       `json:"attempts"`
	LastTry   time.Time `json:"last_try,omitzero"`
	LastError string    `json:"last_error,omitempty"`
	// LastStatus is the HTTP status of the last answer, 0 without one.
	LastStatus int `json:"last_status,omitempty"`
	// Degraded says that the receiver refused the full rendering, and the plain
	// one is tried next.
	Degraded bool `json:"degraded,omitempty"`
	// Receipt is what the receiver answered on success.
	Receipt Receipt `json:"receipt,omitempty"`
	// Reason says why a delivery is suppressed.
	Reason string `json:"reason,omitempty"`
	// Batch is the id of the digest that tells this delivery's event; empty if
	// it goes by itself.
	Batch string `json:"batch,omitempty"`
	// Alone says that it goes by itself and into no digest: it was tried so
	// before, or a digest with it was refused.
	Alone bool `json:"alone,omitempty"`
	// Event is filled in when the delivery is claimed.
	Event Event `json:"-"`
	// Thread is filled in when the delivery is claimed: the receipt of the
	// earliest delivery that this receiver accepted about the same article, else
	// about the same story. A digest has one only where everything in it has the
	// same. It is nil where there is none: the delivery begins a thread.
	Thread Receipt `json:"-"`
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryPending DeliveryState = "pending"
	DeliverySent    DeliveryState = "sent"
	DeliveryDead    DeliveryState = "dead"
	// DeliverySuppressed deliveries were muted when their event was committed;
	// they are listed and can be replayed.
	DeliverySuppressed DeliveryState = "suppressed"
	// DeliveryGrouped deliveries wait for the digest that tells them, and become
	// sent with it.
	DeliveryGrouped DeliveryState = "grouped"
	// DeliverySplit is a digest that the receiver did not take: its deliveries
	// go one by one instead.
	DeliverySplit DeliveryState = "split"
)

// Attempt is one try of a delivery, as the delivery log keeps it.
type Attempt struct {
	At time.Time `json:"at"`
	// Result is "sent", or the verdict on what was not accepted.
	Result string `json:"result"`
	// Status is the HTTP status of the answer, 0 without one.
	Status int `json:"status,omitempty"`
	// Took is how long the try lasted.
	Took time.Duration `json:"took_ns"`
	// Next is when the delivery is tried again; zero: never, or when an operator
	// asks for it.
	Next time.Time `json:"next,omitzero"`
	// Answer is what the receiver said, redacted and at most 512 bytes long.
	Answer string `json:"answer,omitempty"`
}

// AttemptSent is the result of the try that was accepted.
const AttemptSent = "sent"

// AttemptsKept is how many tries of a delivery are kept: the first one and the
// latest.
const AttemptsKept = 20

// Receipt is what a receiver told about an accepted delivery, such as the
// identifier of the message it made.
type Receipt map[string]string

// ReceiverState is what is remembered of a receiver between restarts.
type ReceiverState struct {
	Name string `json:"name"`
	// PausedUntil holds every delivery back: the receiver asked to wait, or
	// its service is down.
	PausedUntil time.Time `json:"paused_until,omitzero"`
	// Fails counts failures in a row that were the receiver's own.
	Fails int `json:"fails,omitempty"`
	// Disabled says that the receiver refused for good; rows are kept until an
	// operator asks to try again.
	Disabled bool `json:"disabled,omitempty"`
	// DisabledAt is when it was last disabled; zero again once it took an alert.
	DisabledAt time.Time `json:"disabled_at,omitzero"`
	// Since is when it first failed of late; zero while it is well.
	Since     time.Time `json:"since,omitzero"`
	LastError string    `json:"last_error,omitempty"`
}

// Receiver is a named way to reach people, of a kind, with that kind's own
// decoded options.
type Receiver struct {
	Name    string
	Kind    string
	Options ReceiverOptions
	// Digest, Rate and Quiet say when it is told; zero values leave that to the
	// kind.
	Digest DigestRule
	Rate   Rate
	Quiet  Quiet
	// Severities and Labels are what a watch may name it by.
	Severities []string
	Labels     map[string]string
}

// DigestRule says when a receiver's alerts are gathered into one message. Without
// Every and At each goes at once.
type DigestRule struct {
	// Every sends a digest so long after the oldest alert in it; At is a cron
	// expression instead, read in TimeZone.
	Every    time.Duration
	At       string
	TimeZone string
	// Max is how many alerts a digest shows in full; the others are links.
	Max int
	// Above gathers also what should go at once, when more alerts of one watch
	// than this wait; 0 never.
	Above int
}

// Rate bounds how often a receiver is addressed: Count times in any span of
// Per. The zero value is no bound.
type Rate struct {
	Count int
	Per   time.Duration
}

// ReceiverOptions are the options of one receiver kind. The kind owns the type:
// a pointer to a struct whose fields carry yaml and doc tags.
type ReceiverOptions interface {
	// Problems lists every mistake in the decoded options.
	Problems() []Problem
}

// ReceiverKind tells the configuration about a receiver kind.
type ReceiverKind struct {
	Name string
	// Summary is one sentence for the documentation and the schema.
	Summary string
	// Options returns a pointer to new options holding the defaults.
	Options func() ReceiverOptions
	// Flood is how many alerts of one watch may wait before they go as one
	// digest, where a receiver does not say; 0 never, as for what programs read.
	Flood int
}
