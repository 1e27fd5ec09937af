package web

import (
	"context"
	"io"
	"time"

	"veille"
)

// Lists are the stored rows, newest first, as the commands list them.
type Lists interface {
	Sources(ctx context.Context) ([]veille.SourceState, error)
	Events(ctx context.Context, f veille.EventFilter) ([]veille.Event, error)
	Articles(ctx context.Context, f veille.ArticleFilter) ([]veille.Article, error)
	Deliveries(ctx context.Context, f veille.DeliveryFilter) ([]veille.Delivery, error)
	// Delivery returns one delivery with its event, or veille.ErrNotFound.
	Delivery(ctx context.Context, seq uint64) (veille.Delivery, error)
	// Attempts returns the tries of a delivery that are kept, the first one first.
	Attempts(ctx context.Context, seq uint64) ([]veille.Attempt, error)
	// Mutes returns the mutes that were not lifted, by subject.
	Mutes(ctx context.Context) ([]veille.Mute, error)
	// Stories lists the stories of several articles, newest first; Story the
	// members of one, earliest first, or veille.ErrNotFound.
	Stories(ctx context.Context, f veille.StoryFilter) ([]veille.StorySummary, error)
	Story(ctx context.Context, id string) ([]veille.Member, error)
	// Site returns what the pages of a site have taught, or veille.ErrNotFound.
	Site(ctx context.Context, name string) (veille.Site, error)
}

// Reader is what the HTTP side may know of the store. What is not there is
// veille.ErrNotFound.
type Reader interface {
	Lists
	Event(ctx context.Context, id string) (veille.Event, error)
	Article(ctx context.Context, id string) (veille.Article, error)
	// Revisions returns an article's revisions, the first one first.
	Revisions(ctx context.Context, articleID string) ([]veille.Revision, error)
	// Receivers returns what is remembered of the receivers.
	Receivers(ctx context.Context) ([]veille.ReceiverState, error)
}

// Searcher looks for stored articles.
type Searcher interface {
	// Search answers a query; one with mistakes is an error that joins each
	// veille.Problem.
	Search(ctx context.Context, f veille.SearchFilter) (veille.SearchResult, error)
}

// Chronicle tells what became of an article, and why.
type Chronicle interface {
	// Life tells the life of an article or an address, by an id or a link that
	// leads to it, in a language ("fr", else English); where a watch is named, as
	// far as it concerns that one. An id or a watch that does not exist is
	// veille.ErrNotFound; an address that was never seen has a life all the same.
	Life(ctx context.Context, of, watch, language string) (Life, error)
	// Look is Life with a look at what the sources of the address's host list
	// now, where nothing is remembered of the address. It asks politely, and so may
	// take a minute.
	Look(ctx context.Context, of, watch, language string) (Life, error)
}

// Operator is what an operator may ask of a running daemon.
type Operator interface {
	// Retry puts dead letters back in the queue and resumes their receivers, or
	// suppressed deliveries where the filter's state says so;
	// Drop forgets deliveries. Both return how many rows they touched, and
	// refuse a filter that narrows nothing.
	Retry(ctx context.Context, f veille.DeliveryFilter) (int, error)
	Drop(ctx context.Context, f veille.DeliveryFilter) (int, error)
	// Mute silences a watch, a source or a story until a time, in the place of an
	// earlier mute of the same. Lift ends that; without one it is
	// veille.ErrNotFound.
	Mute(ctx context.Context, m veille.Mute) error
	Lift(ctx context.Context, m veille.Mute) error
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

// Desk is the configuration in force, and what can be asked of it.
type Desk interface {
	Setup() Setup
	// Draft compiles a watch that is not in force, with the concepts that are.
	// Without problems the matcher holds that watch alone.
	Draft(w veille.Watch) (Matcher, []veille.Problem)
	// PollNow polls a source as soon as its host is free.
	PollNow(source string)
}

// Matcher says what compiled watches make of a text, by their words alone.
type Matcher interface {
	// Match also returns the language that the text was read in. Tags are those
	// of the article's sources.
	Match(snapshot veille.Snapshot, tags []string) (matches []veille.Match, language string)
}

// Setup describes the configuration in force. It is shared: nobody writes.
type Setup struct {
	// Loaded is when it came into force. Files are what was read, the main one
	// first; none for the embedded example.
	Loaded time.Time
	Files  []string
	// Rejected says why the newest files are not in force, at RejectedAt; empty
	// when they are.
	Rejected   string
	RejectedAt time.Time
	// TimeZone is that of the file: pages show times in it.
	TimeZone  string
	Sources   []veille.Source
	Watches   []veille.Watch
	Receivers []veille.Receiver
	Concepts  map[string][]string
}
