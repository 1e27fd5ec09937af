package notify

import (
	"context"
	"time"

	"veille"
)

// Notifier makes one attempt to hand one event to one receiver. It does not
// sleep and does not retry. A nil error means that the receiver accepted the
// event; any other error is a *veille.DeliveryError holding the verdict.
type Notifier interface {
	Notify(ctx context.Context, d veille.Delivery) (veille.Receipt, error)
}

// Outbox is the durable queue of deliveries, one per receiver. Each method is
// atomic and durable when it returns nil.
type Outbox interface {
	// NextDelivery returns the receiver's pending delivery that is due first,
	// with its event already narrowed to the delivery's watches (see
	// veille.Event.ForWatches). If none is due at now, it returns
	// veille.ErrNotFound and the time when the next one will be, zero if none
	// waits.
	NextDelivery(ctx context.Context, receiver string, now time.Time) (veille.Delivery, time.Time, error)
	// Settle records what became of a try, with the receiver's state. A
	// delivery that was settled before as sent or dead is veille.ErrConflict.
	Settle(ctx context.Context, s veille.Settlement) error
	// Receiver returns what is remembered of a receiver; a new one is its name
	// and zeros.
	Receiver(ctx context.Context, name string) (veille.ReceiverState, error)
	SaveReceiver(ctx context.Context, state veille.ReceiverState) error
}
