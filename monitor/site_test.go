package monitor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"veille"
)

// site is a web held in memory: the only way to script months of it. It
// answers conditionally, by the validators that the store keeps, as the
// crawler does.
type site struct {
	// validators reads what the store keeps of a URL.
	validators func(url string) veille.Validators

	mu       sync.Mutex
	listings map[string]*veille.Listing
	pages    map[string]*page
	// down maps a host to the error of everything on it, or a listing to its own;
	// slow a host to its delay.
	down map[string]error
	slow map[string]time.Duration
	// turn is how long a recheck waits for its turn.
	turn time.Duration
	// polls and visits are when each URL was asked for.
	polls, visits map[string][]time.Time
	inFlight      map[string]int
	overlaps      int
}

type page struct {
	snap veille.Snapshot
	err  error
}

func newSite(validators func(url string) veille.Validators) *site {
	return &site{
		validators: validators, listings: map[string]*veille.Listing{}, pages: map[string]*page{},
		down: map[string]error{}, slow: map[string]time.Duration{},
		polls: map[string][]time.Time{}, visits: map[string][]time.Time{}, inFlight: map[string]int{},
	}
}

// publish puts an article online and at the top of a section.
func (w *site) publish(section, url, title, body string, published time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pages[url] = &page{snap: veille.Snapshot{
		URL: url, Canonical: url, Title: title, Body: body, Published: published, Kind: veille.KindArticle, Language: "fr",
	}}
	if section != "" {
		w.link(section, veille.Outlink{URL: url, Title: title})
	}
}

func (w *site) link(section string, l veille.Outlink) {
	list := w.listings[section]
	if list == nil {
		list = &veille.Listing{Kind: veille.KindSection}
		w.listings[section] = list
	}
	list.Outlinks = slices.Insert(list.Outlinks, 0, l)
}

func (w *site) edit(url string, f func(*page)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w.pages[url])
}

func (w *site) with(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

func (w *site) ask(ctx context.Context, url string, alone bool) error {
	host := hostOf(url)
	w.mu.Lock()
	if alone {
		w.inFlight[host]++
	}
	if alone && w.inFlight[host] > 1 {
		w.overlaps++
	}
	delay, err := w.slow[host], w.down[host]
	w.mu.Unlock()
	if delay == 0 {
		delay = 20 * time.Millisecond
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		err = &veille.FetchError{Kind: veille.FetchTimeout, URL: url, Err: ctx.Err()}
	case <-timer.C:
	}
	w.mu.Lock()
	if alone {
		w.inFlight[host]--
	}
	w.mu.Unlock()
	return err
}

func etag(v any) veille.Validators {
	sum := sha256.Sum256(fmt.Append(nil, v))
	return veille.Validators{ETag: hex.EncodeToString(sum[:8])}
}

func (w *site) Discover(ctx context.Context, s veille.Source) (veille.Listing, error) {
	w.with(func() { w.polls[s.URL] = append(w.polls[s.URL], time.Now()) })
	if err := w.ask(ctx, s.URL, true); err != nil {
		return veille.Listing{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.down[s.URL]; err != nil {
		return veille.Listing{}, err
	}
	list := w.listings[s.URL]
	if list == nil {
		return veille.Listing{}, &veille.FetchError{Kind: veille.FetchNotFound, URL: s.URL, Status: 404}
	}
	v := etag(list.Outlinks)
	if w.validators(s.URL) == v {
		return veille.Listing{Kind: list.Kind, NotModified: true}, nil
	}
	return veille.Listing{Kind: list.Kind, Outlinks: slices.Clone(list.Outlinks), Next: list.Next, Learned: list.Learned, Validators: map[string]veille.Validators{s.URL: v}}, nil
}

func (w *site) Recheck(ctx context.Context, s veille.Source, url string, known veille.Validators) (veille.Snapshot, error) {
	// Whose turn it is on the host is the crawler's business.
	w.mu.Lock()
	turn := w.turn
	w.mu.Unlock()
	timer := time.NewTimer(turn)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
	return w.read(ctx, s, url, known, false)
}

func (w *site) Visit(ctx context.Context, s veille.Source, url string, known veille.Validators) (veille.Snapshot, error) {
	return w.read(ctx, s, url, known, true)
}

func (w *site) read(ctx context.Context, s veille.Source, url string, known veille.Validators, alone bool) (veille.Snapshot, error) {
	w.with(func() { w.visits[url] = append(w.visits[url], time.Now()) })
	if err := w.ask(ctx, url, alone); err != nil {
		return veille.Snapshot{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.pages[url]
	if p == nil {
		return veille.Snapshot{}, &veille.FetchError{Kind: veille.FetchNotFound, URL: url, Status: 404}
	}
	if p.err != nil {
		return veille.Snapshot{}, p.err
	}
	snap := p.snap
	v := etag(snap)
	v.Pages = snap.Validators.Pages
	if snap.Cut > 0 {
		v = veille.Validators{}
	}
	if v != (veille.Validators{}) && known == v {
		return veille.Snapshot{URL: snap.URL, FetchedAt: time.Now(), Validators: v, NotModified: true}, nil
	}
	snap.FetchedAt, snap.Validators = time.Now(), v
	if snap.Reading == "" {
		snap.Reading = veille.Reading(s.Select)
	}
	return snap, nil
}

// words is a Matcher: a watch matches where all its words are.
type words map[string][]string

func (ws words) Match(s veille.Snapshot, _ []string) ([]veille.Match, string) {
	var out []veille.Match
	text := strings.ToLower(s.Title + "\n" + s.Body)
	for name, need := range ws {
		all := true
		for _, w := range need {
			all = all && strings.Contains(text, strings.ToLower(w))
		}
		if all {
			out = append(out, veille.Match{Watch: name, Excerpt: s.Title})
		}
	}
	slices.SortFunc(out, func(a, b veille.Match) int { return strings.Compare(a.Watch, b.Watch) })
	return out, s.Language
}

// newsroom is a monitor over a site, with the store that survives it.
type newsroom struct {
	t     *testing.T
	store *memory
	web   *site
	plan  Plan
	m     *Monitor
	stop  context.CancelFunc
	ended chan error
	log   *slog.Logger
	// loadMost replaces the constant where it is not 0.
	loadMost int
}

const section = "https://news.example/nk"

var ladder = []time.Duration{15 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 72 * time.Hour}

func newNewsroom(t *testing.T) *newsroom {
	store := newMemory()
	matcher := words{"dprk": {"corée", "russie"}}
	return &newsroom{t: t, store: store, web: newSite(store.validatorsOf), plan: Plan{
		Sources:  []veille.Source{{Name: "nk", URL: section, Schedule: "@every 5m", Recheck: ladder}},
		Watches:  []veille.Watch{watchOf("dprk")},
		Matcher:  matcher,
		Lookback: 24 * time.Hour, Parallel: 8,
	}}
}

func watchOf(name string, sources ...string) veille.Watch {
	return veille.Watch{
		Name: name, Sources: sources, Notify: []string{"desk"},
		On: []veille.EventType{veille.ArticlePublished, veille.ArticleEdited, veille.ArticleWithdrawn},
	}
}

func (n *newsroom) start() {
	n.m = New(Options{Crawler: n.web, Store: n.store, Log: n.log})
	if n.loadMost > 0 {
		n.m.loadMost = n.loadMost
	}
	n.m.Apply(n.plan)
	ctx, stop := context.WithCancel(n.t.Context())
	n.stop, n.ended = stop, make(chan error, 1)
	go func() { n.ended <- n.m.Run(ctx) }()
}

func (n *newsroom) halt() {
	n.t.Helper()
	n.stop()
	if err := <-n.ended; err != nil {
		n.t.Errorf("Run = %v", err)
	}
}

// after lets time pass.
func (n *newsroom) after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// told lists the events about articles so far as "type title [watches] rN".
func (n *newsroom) told() []string {
	n.store.mu.Lock()
	defer n.store.mu.Unlock()
	out := []string{}
	for _, e := range n.store.events {
		if e.Article == nil {
			continue
		}
		kind := strings.TrimPrefix(string(e.Type), "article.")
		out = append(out, fmt.Sprintf("%s %s %v r%d", kind, e.Article.Title, e.Watches, e.Revision.Number))
	}
	return out
}

func (n *newsroom) state(name string) veille.SourceState {
	n.m.mu.Lock()
	defer n.m.mu.Unlock()
	return n.m.sources[name].state
}

// bubble runs a newsroom in a synctest bubble.
func bubble(t *testing.T, f func(t *testing.T, n *newsroom)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, newNewsroom(t)) })
}

// body is long enough to be told from another; with another seed it is no near
// copy.
func body(seed string) string {
	var b strings.Builder
	for i := range 12 {
		fmt.Fprintf(&b, "La Corée du Nord et la Russie, %s, phrase numéro %d, %[1]s.\n\n", seed, i)
	}
	return strings.TrimSpace(b.String())
}

// article, visits, polls and event read what the store and the site hold now.
func (n *newsroom) article(url string) veille.Article {
	n.store.mu.Lock()
	defer n.store.mu.Unlock()
	return n.store.articles[veille.ArticleID(url)]
}

func (n *newsroom) visits(url string) []time.Time {
	n.web.mu.Lock()
	defer n.web.mu.Unlock()
	return slices.Clone(n.web.visits[url])
}

func (n *newsroom) polls(url string) []time.Time {
	n.web.mu.Lock()
	defer n.web.mu.Unlock()
	return slices.Clone(n.web.polls[url])
}

// events are those about articles.
func (n *newsroom) events() []veille.Event {
	n.store.mu.Lock()
	defer n.store.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(n.store.events), func(e veille.Event) bool { return e.Article == nil })
}
