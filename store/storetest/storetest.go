// Package storetest says what every store must do, in tests that none can
// skip. An engine's own test file only hands its Open to Run.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
)

// Store is all that the monitor, notify, web, crawler and cmd packages ask of
// a store; each promise stands beside the interface of its caller.
type Store interface {
	// For the monitor.
	Sources(ctx context.Context) ([]veille.SourceState, error)
	SaveSources(ctx context.Context, states []veille.SourceState) error
	Known(ctx context.Context, urls []string) ([]bool, error)
	CommitPoll(ctx context.Context, poll veille.PollCommit) error
	Visits(ctx context.Context, before time.Time, limit int) ([]veille.Visit, error)
	Visit(ctx context.Context, url string) (veille.Visit, error)
	Reschedule(ctx context.Context, done veille.Visit, next *veille.Visit) error
	Trace(ctx context.Context, url string) (veille.Trace, error)
	Article(ctx context.Context, id string) (veille.Article, error)
	ArticleByURL(ctx context.Context, canonicalURL string) (veille.Article, error)
	ArticlesByText(ctx context.Context, textHash string) ([]veille.Article, error)
	SignPast(ctx context.Context, since time.Time, sign func(veille.Article) []uint32) (int, error)
	ArticlesLike(ctx context.Context, shingles []uint32, since time.Time, limit int) ([]veille.Article, error)
	Story(ctx context.Context, id string) ([]veille.Member, error)
	Stories(ctx context.Context, f veille.StoryFilter) ([]veille.StorySummary, error)
	Revisions(ctx context.Context, articleID string) ([]veille.Revision, error)
	CommitArticle(ctx context.Context, commit veille.ArticleCommit) error
	CommitEvents(ctx context.Context, events []veille.Event, deliveries []veille.Delivery) error
	ToldFull(ctx context.Context) (time.Time, error)
	Prune(ctx context.Context, articles, deliveries time.Time) (int, int, error)
	Pruned(ctx context.Context) (time.Time, error)

	// For the outbox.
	NextDelivery(ctx context.Context, receiver string, now time.Time) (veille.Delivery, time.Time, error)
	Settle(ctx context.Context, s veille.Settlement) error
	Receiver(ctx context.Context, name string) (veille.ReceiverState, error)
	SaveReceiver(ctx context.Context, state veille.ReceiverState) error
	Waiting(ctx context.Context, receiver string, after uint64, limit int) ([]veille.Delivery, error)
	Pending(receiver string) int
	Gather(ctx context.Context, g veille.Gathering) error

	// For readers and the crawler.
	Events(ctx context.Context, f veille.EventFilter) ([]veille.Event, error)
	Articles(ctx context.Context, f veille.ArticleFilter) ([]veille.Article, error)
	Deliveries(ctx context.Context, f veille.DeliveryFilter) ([]veille.Delivery, error)
	Validators(ctx context.Context, url string) (veille.Validators, error)
	Site(ctx context.Context, name string) (veille.Site, error)

	// For the operator.
	Event(ctx context.Context, id string) (veille.Event, error)
	Delivery(ctx context.Context, seq uint64) (veille.Delivery, error)
	Attempts(ctx context.Context, seq uint64) ([]veille.Attempt, error)
	Mute(ctx context.Context, m veille.Mute) error
	Lift(ctx context.Context, m veille.Mute) error
	Mutes(ctx context.Context) ([]veille.Mute, error)
	Receivers(ctx context.Context) ([]veille.ReceiverState, error)
	Retry(ctx context.Context, f veille.DeliveryFilter, now time.Time) (int, error)
	Drop(ctx context.Context, f veille.DeliveryFilter) (int, error)
	Close() error
}

// Run holds a store to its promises. open opens the store kept in a folder, an
// empty one at first; opening the folder again after Close finds all that was
// stored.
func Run(t *testing.T, open func(t *testing.T, dir string) Store) {
	s := suite{open}
	for _, group := range [][]promise{polls(), visits(), joining(), articles(), stories(), outbox(), settling(), logging(), ordering(), threads(), gathering(), muting(), operating(), listings(), pruning(), sharing(), revisions()} {
		for _, p := range group {
			t.Run(p.name, func(t *testing.T) {
				dir := t.TempDir()
				b := &box{T: t, dir: dir, suite: s, Store: open(t, dir)}
				t.Cleanup(func() { b.ok(b.Close()) })
				p.hold(b)
			})
		}
	}
}

// promise is one thing that a store must do.
type promise struct {
	name string
	hold func(*box)
}

type suite struct {
	open func(t *testing.T, dir string) Store
}

// box is a store under test.
type box struct {
	*testing.T
	Store
	suite suite
	dir   string
}

// reopen closes the store and opens it again: what follows is on disk.
func (b *box) reopen() {
	b.Helper()
	b.ok(b.Close())
	b.Store = b.suite.open(b.T, b.dir)
}

func (b *box) ctx() context.Context { return b.T.Context() }

func (b *box) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatalf("unexpected error: %v", err)
	}
}

func (b *box) is(err, want error) {
	b.Helper()
	if !errors.Is(err, want) {
		b.Fatalf("error is %v, want %v", err, want)
	}
}

func (b *box) refused(err error, what string) {
	b.Helper()
	if err == nil {
		b.Fatalf("%s was accepted", what)
	}
}

// got returns a value that came without an error.
func got[T any](b *box) func(v T, err error) T {
	return func(v T, err error) T {
		b.Helper()
		b.ok(err)
		return v
	}
}

func same[T any](b *box, what string, got, want T) {
	b.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// epoch is when the suite's world begins; at returns later times.
func at(minutes int) time.Time {
	return time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

func url(n int) string { return fmt.Sprintf("https://news.example/a/%d", n) }

// visit is the first visit of the nth URL, due at a minute.
func visit(n, due int) veille.Visit {
	return veille.Visit{
		URL: url(n), Source: "wire", Due: at(due), Silent: n%2 == 0, Since: at(-60), Published: at(-5),
		Title: fmt.Sprintf("Titre %d", n), Seen: at(0), Attempt: 1, Step: 2, ArticleID: "",
	}
}

func poll(visits ...veille.Visit) veille.PollCommit {
	return veille.PollCommit{State: source("wire"), Visits: visits}
}

func source(name string) veille.SourceState {
	return veille.SourceState{
		Name: name, URL: "https://news.example/" + name, Baseline: true, Attends: true, LastScheduled: at(1), LastStart: at(2), LastSuccess: at(3),
		LastNew: at(1), Outlinks: 31, Fails: 2, NotBefore: at(9), ErrorKind: veille.FetchTimeout, Error: "slow",
	}
}

// article is the nth article at a revision, with a body long enough to be
// worth packing.
func article(n, revision int) veille.Article {
	u := url(n)
	body := ""
	for i := range 40 {
		body += fmt.Sprintf("Paragraphe %d de l'article %d, révision %d, 북한과 러시아.\n\n", i, n, revision)
	}
	return veille.Article{
		ID: veille.ArticleID(u), URL: u, Source: "wire", FirstSeen: at(n), CheckedAt: at(n + revision), Revision: revision,
		Snapshot: veille.Snapshot{
			URL: u + "?ref=1", Canonical: u, Title: fmt.Sprintf("Titre %d", n), Authors: []string{"A. Nom"},
			Published: time.Date(2026, 3, 1, 17, 0, n, 0, time.FixedZone("", 9*3600)), Language: "fr", Body: body, Kind: veille.KindArticle,
			Charset: "utf-8", FetchedAt: at(n), Validators: veille.Validators{ETag: `"x"`, BodyHash: "ab"},
		},
		TextHash: fmt.Sprintf("text-%d-%d", n, revision), Story: veille.Story{ID: veille.StoryID(veille.ArticleID(u)), Outlets: 1, First: u},
		Alerted: []string{"Corée"},
	}
}

// commit brings the nth article to a revision.
func commit(n, revision int) veille.ArticleCommit {
	a := article(n, revision)
	return veille.ArticleCommit{
		Article: a, Expect: revision - 1,
		Revision: &veille.Revision{ArticleID: a.ID, Number: revision, At: at(n + revision), Snapshot: a.Snapshot},
	}
}

// event is an event about the nth article for two watches.
func event(n int) veille.Event {
	id := veille.ArticleID(url(n))
	lang := "fr"
	return veille.Event{
		ID: veille.EventID(id, veille.ArticlePublished, 1), Type: veille.ArticlePublished, Time: at(n), Watches: []string{"Corée", "Russie"},
		Article: &veille.EventArticle{ID: id, URL: url(n), Title: "Titre", Source: "wire", Authors: []string{"A. Nom"}, FirstSeen: at(n), Language: &lang},
		Matches: []veille.Match{
			{Watch: "Corée", Terms: []veille.Term{{Term: "Corée", Field: "body", Text: "Corée", Start: 3, End: 8}}, Excerpt: "la «Corée»"},
			{Watch: "Russie", Terms: []veille.Term{{Term: "Russie", Field: "title", Text: "Russie", End: 6}}, Excerpt: "«Russie»"},
		},
		Revision: &veille.EventRevision{Number: 1},
	}
}

// delivery brings the nth event to a receiver, due at a minute.
func delivery(n int, receiver string, due int, watches ...string) veille.Delivery {
	return veille.Delivery{
		Receiver: receiver, EventID: event(n).ID, Watches: watches, State: veille.DeliveryPending, Created: at(n), Due: at(due),
	}
}

// fill puts the nth event into the outbox of the receivers, due at a minute.
func (b *box) fill(n, due int, receivers ...string) {
	b.Helper()
	var deliveries []veille.Delivery
	for _, r := range receivers {
		deliveries = append(deliveries, delivery(n, r, due, "Corée"))
	}
	b.ok(b.CommitEvents(b.ctx(), []veille.Event{event(n)}, deliveries))
}

// claim takes the delivery that is due at a minute.
func (b *box) claim(receiver string, minute int) veille.Delivery {
	b.Helper()
	d, _, err := b.NextDelivery(b.ctx(), receiver, at(minute))
	b.ok(err)
	return d
}

// settle ends a try in a state.
func (b *box) settle(d veille.Delivery, state veille.DeliveryState) veille.Settlement {
	b.Helper()
	d.State, d.Attempts, d.LastTry = state, d.Attempts+1, at(30)
	s := veille.Settlement{Delivery: d, Receiver: veille.ReceiverState{Name: d.Receiver}}
	b.ok(b.Settle(b.ctx(), s))
	return s
}

// silent fails unless a receiver has nothing that will ever be due.
func (b *box) silent(receiver string) {
	b.Helper()
	_, next, err := b.NextDelivery(b.ctx(), receiver, at(1<<20))
	b.is(err, veille.ErrNotFound)
	if !next.IsZero() {
		b.Errorf("%s waits for %v, want nothing", receiver, next)
	}
}
