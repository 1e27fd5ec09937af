package web

import (
	"context"
	"io"

	"veille"
)

// Reader is what the HTTP side may know of the store.
type Reader interface {
	Sources(ctx context.Context) ([]veille.SourceState, error)
	Events(ctx context.Context, f veille.EventFilter) ([]veille.Event, error)
	Articles(ctx context.Context, f veille.ArticleFilter) ([]veille.Article, error)
	Deliveries(ctx context.Context, f veille.DeliveryFilter) ([]veille.Delivery, error)
	// Site returns what the pages of a site have taught, or veille.ErrNotFound.
	Site(ctx context.Context, name string) (veille.Site, error)
}

// Operator is what an operator may ask of a running daemon.
type Operator interface {
	// Retry puts dead letters back in the queue and resumes their receivers;
	// Drop forgets deliveries. Both return how many rows they touched, and
	// refuse a filter that narrows nothing.
	Retry(ctx context.Context, f veille.DeliveryFilter) (int, error)
	Drop(ctx context.Context, f veille.DeliveryFilter) (int, error)
	// Backup writes a consistent copy of the store.
	Backup(ctx context.Context, w io.Writer) (int64, error)
}

// Status is the daemon's own judgement of its condition.
type Status interface {
	// Reasons say why the daemon is not doing its work; empty means ready.
	Reasons() []string
	// Warnings say what a person should look at while the work goes on.
	Warnings() []string
	Samples() []veille.Sample
}
