package notify

import (
	"context"
	"time"

	"veille"
)

// Notifier makes one attempt to hand one event to one receiver. It does not
// sleep and does not retry. A nil error means that the receiver accepted the
// event; any other error is a *veille.DeliveryError holding the verdict. A
// receipt beside an error says what is done already: the next attempt finds it
// in its delivery. The key "refused" of a receipt names, one a line, recipients
// behind the receiver that do not get what the others did.
type Notifier interface {
	Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error)
}

// Outbox is the durable queue of deliveries, one per receiver. Each method is
// atomic and durable when it returns nil.
type Outbox interface {
	// NextDelivery returns the receiver's pending delivery that is due first,
	// with its event already narrowed to the delivery's watches (see
	// veille.Event.ForWatches). A delivery waits for the earlier ones of its
	// story, and everything for a digest. If none is due at now, it returns
	// veille.ErrNotFound and the time when the next one will be, zero if none
	// waits.
	NextDelivery(ctx context.Context, receiver string, now time.Time) (veille.Delivery, time.Time, error)
	// Settle records what became of a try, with the receiver's state. A
	// delivery that was settled before is veille.ErrConflict. What a digest
	// tells is sent with it, or waits again, alone, when it is split.
	Settle(ctx context.Context, s veille.Settlement) error
	// Receiver returns what is remembered of a receiver; a new one is its name
	// and zeros.
	Receiver(ctx context.Context, name string) (veille.ReceiverState, error)
	SaveReceiver(ctx context.Context, state veille.ReceiverState) error

	// Delivery returns a delivery in any state, filled in as NextDelivery does.
	Delivery(ctx context.Context, seq uint64) (veille.Delivery, error)
	// Pending returns how many deliveries wait for a receiver.
	Pending(receiver string) int
	// Waiting returns at most limit deliveries that wait for a receiver, due or
	// not, with a sequence number beyond after, in order and without events.
	Waiting(ctx context.Context, receiver string, after uint64, limit int) ([]veille.Delivery, error)
	// Gather makes one digest of deliveries that wait; veille.ErrConflict where
	// one of them does not any more.
	Gather(ctx context.Context, g veille.Gathering) error
}
