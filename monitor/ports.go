package monitor

import (
	"context"
	"time"

	"veille"
)

// Crawler is the web, as the monitor needs it. Calls are synchronous, keep the
// politeness of every host they touch, end with ctx, and never panic. Failures
// are *veille.FetchError.
type Crawler interface {
	// Discover fetches what a source lists now, conditionally where the
	// validators of an earlier listing are stored.
	Discover(ctx context.Context, source veille.Source) (veille.Listing, error)
	// Visit fetches and reads one page, and those that continue it; where one of
	// these could not be had, Snapshot.Cut says so. known makes the request
	// conditional; its zero value asks for the page whatever it says.
	Visit(ctx context.Context, source veille.Source, url string, known veille.Validators) (veille.Snapshot, error)
	// Recheck is Visit for a page that was read before. It waits behind every
	// Discover and Visit of its host, and takes no more than every second of a
	// host's requests.
	Recheck(ctx context.Context, source veille.Source, url string, known veille.Validators) (veille.Snapshot, error)
}

// Matcher is a compiled watch-list. It is safe for concurrent use.
type Matcher interface {
	// Match returns a match for every watch whose words the snapshot satisfies,
	// in the order of the watch-list, and the language of its text: the one it
	// declares, else the one its words speak, "" where they do not tell. Tags are
	// those of the article's sources. Sources and languages of the watches are
	// not its business.
	Match(snapshot veille.Snapshot, tags []string) (matches []veille.Match, language string)
}

// Store remembers. Each method is atomic and durable when it returns nil; a
// failed one changed nothing. Unknown things are veille.ErrNotFound; a full
// disk is veille.ErrStoreFull; any other failure of a commit is final, and the
// process must restart to know what is on disk.
type Store interface {
	// Sources returns the state of every source ever polled.
	Sources(ctx context.Context) ([]veille.SourceState, error)
	// SaveSources records states that carry no new outlinks.
	SaveSources(ctx context.Context, states []veille.SourceState) error
	// Known tells which canonical URLs lead to an article, wait for a visit,
	// or were recorded as seen.
	Known(ctx context.Context, urls []string) ([]bool, error)
	// CommitPoll is veille.ErrConflict where one of the outlinks has become an
	// article since it was looked up.
	CommitPoll(ctx context.Context, poll veille.PollCommit) error

	// Visits returns every stored visit due before a time, earliest first, at
	// most limit of them.
	Visits(ctx context.Context, before time.Time, limit int) ([]veille.Visit, error)
	// Visit returns the visit that a URL waits for.
	Visit(ctx context.Context, url string) (veille.Visit, error)
	// Reschedule replaces a stored visit by next, which keeps the sources that
	// joined the stored one; nil drops it and leaves its URL known, but is
	// veille.ErrConflict where a source joined that done does not have.
	Reschedule(ctx context.Context, done veille.Visit, next *veille.Visit) error

	Article(ctx context.Context, id string) (veille.Article, error)
	// Articles lists articles by when they were first seen, newest first.
	Articles(ctx context.Context, filter veille.ArticleFilter) ([]veille.Article, error)
	// ArticleByURL follows aliases.
	ArticleByURL(ctx context.Context, canonicalURL string) (veille.Article, error)
	// ArticlesByText returns the articles whose newest revision has a text
	// hash, earliest first. Where there are many it may leave out some between
	// the earliest and the latest thirty-two.
	ArticlesByText(ctx context.Context, textHash string) ([]veille.Article, error)
	// ArticlesLike returns articles first seen since a time whose signatures hold
	// some of the shingles, those with most of them first, at most limit. It may
	// leave out some; whether they are near copies is the caller's to judge.
	ArticlesLike(ctx context.Context, shingles []uint32, since time.Time, limit int) ([]veille.Article, error)
	// SignPast gives the articles first seen since a time their signatures and
	// lists them in their stories, where the store holds no signature at all: an
	// earlier release made none. It returns how many articles these are.
	SignPast(ctx context.Context, since time.Time, sign func(veille.Article) []uint32) (int, error)
	// Story returns the members of a story, earliest first. Where there are many
	// it may leave out some in the middle.
	Story(ctx context.Context, id string) ([]veille.Member, error)
	// Mutes returns every mute that was not lifted.
	Mutes(ctx context.Context) ([]veille.Mute, error)
	// Revisions returns an article's revisions, the first one first.
	Revisions(ctx context.Context, articleID string) ([]veille.Revision, error)
	// Event returns a stored event.
	Event(ctx context.Context, id string) (veille.Event, error)
	CommitArticle(ctx context.Context, commit veille.ArticleCommit) error
	// CommitEvents fills the outbox with events that no article caused.
	CommitEvents(ctx context.Context, events []veille.Event, deliveries []veille.Delivery) error
	// ToldFull returns since when receivers know, by a committed event, that the
	// store is full; zero where they do not, or know that it is not any more.
	ToldFull(ctx context.Context) (time.Time, error)

	// Prune forgets articles last seen, and deliveries settled, before a time.
	// What still waits (pending deliveries, dead letters) stays. It returns
	// how many of each were removed.
	Prune(ctx context.Context, articles, deliveries time.Time) (int, int, error)
	// Pruned returns when Prune last came to its end; zero for never.
	Pruned(ctx context.Context) (time.Time, error)
}
