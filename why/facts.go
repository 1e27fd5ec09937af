package why

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"veille"
)

// Store is what is asked for the facts. What is not there is veille.ErrNotFound.
type Store interface {
	// Trace returns what is remembered of a canonical URL.
	Trace(ctx context.Context, url string) (veille.Trace, error)
	Article(ctx context.Context, id string) (veille.Article, error)
	// ArticleByURL follows aliases.
	ArticleByURL(ctx context.Context, canonicalURL string) (veille.Article, error)
	Revisions(ctx context.Context, articleID string) ([]veille.Revision, error)
	Event(ctx context.Context, id string) (veille.Event, error)
	Deliveries(ctx context.Context, f veille.DeliveryFilter) ([]veille.Delivery, error)
	Attempts(ctx context.Context, seq uint64) ([]veille.Attempt, error)
	Sources(ctx context.Context) ([]veille.SourceState, error)
}

// Facts are what is stored of one address.
type Facts struct {
	URL string `json:"url"`
	// Trace and Article are nil where there is none.
	Trace     *veille.Trace     `json:"trace"`
	Article   *veille.Article   `json:"article"`
	Revisions []veille.Revision `json:"revisions,omitempty"`
	// Events are those about the article, the first one first.
	Events     []veille.Event `json:"events,omitempty"`
	Deliveries []Delivery     `json:"deliveries,omitempty"`
	// Sources are the states of those that showed the article, or are of its
	// host.
	Sources []veille.SourceState `json:"sources,omitempty"`
}

// Unseen reports whether nothing at all is remembered of the address.
func (f Facts) Unseen() bool { return f.Trace == nil && f.Article == nil }

// Delivery is a delivery with its log.
type Delivery struct {
	veille.Delivery
	Tries []veille.Attempt `json:"tries,omitempty"`
}

// ErrNoAddress says that what was asked about is neither an article's id nor a
// URL.
var ErrNoAddress = errors.New("neither an article's id nor a URL")

// Gather collects what is stored of an article, by its id or a link that leads
// to it. An address that was never met has no facts, and is no error; an unknown
// id is veille.ErrNotFound.
func Gather(ctx context.Context, store Store, of string) (Facts, error) {
	var f Facts
	if strings.HasPrefix(of, "art_") {
		a, err := store.Article(ctx, of)
		if err != nil {
			return f, fmt.Errorf("no article %s: %w", of, err)
		}
		f.URL, f.Article = a.URL, &a
	} else {
		canonical, err := veille.CanonicalURL(of)
		if err != nil {
			return f, fmt.Errorf("%q is %w", of, ErrNoAddress)
		}
		f.URL = canonical
		a, err := store.ArticleByURL(ctx, canonical)
		if err == nil {
			f.Article = &a
		} else if !errors.Is(err, veille.ErrNotFound) {
			return f, err
		}
	}
	return f, f.gather(ctx, store)
}

func (f *Facts) gather(ctx context.Context, store Store) error {
	at := f.URL
	if f.Article != nil {
		at = f.Article.URL // where its next check waits
	}
	switch t, err := store.Trace(ctx, at); {
	case err == nil:
		f.Trace = &t
	case !errors.Is(err, veille.ErrNotFound):
		return err
	}
	states, err := store.Sources(ctx)
	if err != nil {
		return err
	}
	for _, s := range states {
		shown := f.Article != nil && (s.Name == f.Article.Source || slices.Contains(f.Article.Sources, s.Name))
		if shown || veille.Outlet(s.URL) == veille.Outlet(f.URL) {
			f.Sources = append(f.Sources, s)
		}
	}
	if f.Article == nil {
		return nil
	}
	if f.Revisions, err = store.Revisions(ctx, f.Article.ID); err != nil && !errors.Is(err, veille.ErrNotFound) {
		return err
	}
	return f.told(ctx, store)
}

// told collects the events, which are found by their ids, and their deliveries.
func (f *Facts) told(ctx context.Context, store Store) error {
	for number := 1; number <= f.Article.Revision; number++ {
		for _, t := range []veille.EventType{veille.ArticlePublished, veille.StoryGrown, veille.ArticleEdited, veille.ArticleWithdrawn} {
			e, err := store.Event(ctx, veille.EventID(f.Article.ID, t, number))
			if errors.Is(err, veille.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			f.Events = append(f.Events, e)
			rows, err := store.Deliveries(ctx, veille.DeliveryFilter{EventID: e.ID})
			if err != nil {
				return err
			}
			slices.Reverse(rows)
			for _, d := range rows {
				tries, err := store.Attempts(ctx, d.Seq)
				if err != nil && !errors.Is(err, veille.ErrNotFound) {
					return err
				}
				f.Deliveries = append(f.Deliveries, Delivery{d, tries})
			}
		}
	}
	slices.SortStableFunc(f.Events, func(a, b veille.Event) int { return a.Time.Compare(b.Time) })
	return nil
}
