package crawler

import (
	"context"
	"slices"
	"sync"
	"time"

	"veille"
)

const (
	// maxIndexes bounds the sitemap indexes that are remembered.
	maxIndexes = 1024
	// longestTrust is how long a sitemap is not asked for, at most, because its
	// index says that it did not change.
	longestTrust = time.Hour
	// lastInstant is how long after midnight UTC a day may go on somewhere.
	lastInstant = 38 * time.Hour
)

// indexMemory remembers, while the process lives, what sitemap indexes said
// and when the sitemaps below them were read. Nothing is lost with it: what is
// not remembered is asked for.
type indexMemory struct {
	mu    sync.Mutex
	known map[string]indexState
}

type indexState struct {
	// validators are the index's own. They are not the Memory's: an unchanged
	// index may hide a changed sitemap.
	validators veille.Validators
	// children are the sitemaps that are read of it.
	children []veille.Outlink
	read     map[string]childState
}

// childState is how a sitemap of an index was last read.
type childState struct {
	// at is the address that answered, hash its body's.
	at, hash string
	// lastmod is what the index said then.
	lastmod, asked time.Time
	// lies says that it has changed without a word from the index.
	lies bool
}

func (m *indexMemory) of(url string) indexState {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.known[url]
}

// save notes what an index said; without sitemaps it is none, and is forgotten.
func (m *indexMemory) save(url string, v veille.Validators, children []veille.Outlink) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.known[url]
	delete(m.known, url)
	if len(children) == 0 {
		return
	}
	if len(m.known) >= maxIndexes {
		for other := range m.known {
			delete(m.known, other)
			break
		}
	}
	if m.known == nil {
		m.known = map[string]indexState{}
	}
	next := indexState{validators: v, children: slices.Clone(newest(children)[:min(len(children), maxChildren)]), read: map[string]childState{}}
	for _, child := range next.children {
		if s, ok := before.read[child.URL]; ok {
			next.read[child.URL] = s
		}
	}
	m.known[url] = next
}

// note remembers how a sitemap was read. One that has changed although its
// index says the contrary is not trusted again.
func (m *indexMemory) note(index, child string, s childState) (lied bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, ok := m.known[index]
	if !ok || !slices.ContainsFunc(at.children, func(o veille.Outlink) bool { return o.URL == child }) {
		return false
	}
	before := at.read[child]
	s.lies = before.lies || before.hash != "" && before.hash != s.hash && !s.lastmod.IsZero() && before.lastmod.Equal(s.lastmod) && before.covers(s.lastmod)
	at.read[child] = s
	return s.lies && !before.lies
}

// covers reports whether a sitemap was read after the change that its index
// dates. A date without a time is a day, wherever on earth.
func (s childState) covers(lastmod time.Time) bool {
	if lastmod.UTC().Truncate(24 * time.Hour).Equal(lastmod) {
		lastmod = lastmod.Add(lastInstant)
	}
	return s.asked.After(lastmod)
}

// fresh reports whether a sitemap need not be asked for: the index dates its
// last change before it was last read. How long that is believed grows with the
// age of the change (RFC 9111, 4.2.2), up to an hour: some indexes say the same
// for ever.
func (s childState) fresh(lastmod, now time.Time) bool {
	if s.hash == "" || s.lies || lastmod.IsZero() || !lastmod.Equal(s.lastmod) || !s.covers(lastmod) || now.Before(s.asked) {
		return false
	}
	return now.Sub(s.asked) < min(s.asked.Sub(lastmod)/10, longestTrust)
}

// unasked reports whether a sitemap of an index can be left alone: it is fresh,
// and what was read of it is stored. The newest ones never are.
func (w *walk) unasked(ctx context.Context, index string, child, first veille.Outlink) bool {
	if child.Published.Equal(first.Published) {
		return false
	}
	s, ok := w.c.indexes.of(index).read[child.URL]
	return ok && s.fresh(child.Published, time.Now()) && w.c.remembered(ctx, s.at).BodyHash == s.hash
}
