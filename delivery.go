package veille

import "time"

// Delivery is one event on its way to one receiver: a row of the outbox.
type Delivery struct {
	// Seq orders the outbox; the store gives it.
	Seq      uint64 `json:"seq"`
	Receiver string `json:"receiver"`
	EventID  string `json:"event_id"`
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
)

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
	Disabled  bool      `json:"disabled,omitempty"`
	Since     time.Time `json:"since,omitzero"`
	LastError string    `json:"last_error,omitempty"`
}

// Receiver is a named way to reach people, of a kind, with that kind's own
// decoded options.
type Receiver struct {
	Name    string
	Kind    string
	Options ReceiverOptions
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
}
