package monitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"veille"
)

const (
	// mostLessons bounds what waits to be learned; the oldest give way.
	mostLessons = 256
	// lessonsAPoll is how many of them one poll takes along.
	lessonsAPoll = 64
	// furtherPages is how many pages behind the first a poll reads at most.
	furtherPages = 3
	// furtherTries is how often a poll is made again because a further page
	// could not be had.
	furtherTries = 3
)

// lessons are observations of pages that no commit is about: links that led to
// no article. The next poll stores them. A restart forgets them, which costs
// nothing but the lesson.
type lessons struct {
	mu   sync.Mutex
	wait []veille.Observation
}

func (l *lessons) add(o veille.Observation) {
	if o.Site == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.wait) == mostLessons {
		l.wait = slices.Delete(l.wait, 0, mostLessons/4)
	}
	l.wait = append(l.wait, o)
}

func (l *lessons) take() []veille.Observation {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.wait), lessonsAPoll)
	taken := slices.Clone(l.wait[:n])
	l.wait = slices.Delete(l.wait, 0, n)
	return taken
}

// taught is what a new article teaches its site. The paragraphs of a copy, or of
// an update of a story, do not count: they are in two articles because the
// articles are one.
func taught(snap veille.Snapshot, copied bool) []veille.Observation {
	o := snap.Learned
	if o.Site == "" {
		return nil
	}
	if copied {
		o.Paragraphs = nil
	}
	return []veille.Observation{o}
}

// further reads on behind a listing of which nothing is known: more was
// published since the last poll than one page shows. It stops at the first page
// that shows anything known. It reports whether it read on; the error is that of
// a page that another try may have, after those that could be read.
func (m *Monitor) further(ctx context.Context, source veille.Source, state veille.SourceState, listing *veille.Listing) (read bool, err error) {
	if !state.Baseline || listing.Next == "" || listing.Kind != veille.KindSection || !m.allFresh(ctx, listing.Outlinks) {
		return false, nil
	}
	seen := make(map[string]bool, 2*len(listing.Outlinks))
	for _, l := range listing.Outlinks {
		seen[l.URL] = true
	}
	asked := map[string]bool{source.URL: true}
	for next := listing.Next; next != "" && !asked[next] && len(asked) <= furtherPages; {
		asked[next] = true
		source.URL = next
		page, err := m.crawler.Discover(ctx, source)
		if fe, ok := errors.AsType[*veille.FetchError](err); ok && !outage(fe.Kind) {
			m.log.Info("further page not read", "source", source.Name, "error", err)
			break
		}
		if err != nil {
			return read, fmt.Errorf("further page: %w", err)
		}
		if page.NotModified || page.Kind != veille.KindSection {
			break
		}
		read = true
		next = page.Next
		if !m.allFresh(ctx, page.Outlinks) {
			next = ""
		}
		for _, l := range page.Outlinks {
			if !seen[l.URL] {
				seen[l.URL] = true
				listing.Outlinks = append(listing.Outlinks, l)
			}
		}
	}
	return read, nil
}

// outage reports whether a page that could not be had may be had in a minute. A
// robots.txt that forbids pagers, as many do, forbids them then too.
func outage(kind veille.FetchErrorKind) bool {
	switch kind {
	case veille.FetchTimeout, veille.FetchDNS, veille.FetchConnect, veille.FetchTLS, veille.FetchTruncated, veille.FetchThrottled, veille.FetchServer:
		return true
	}
	return false
}

func (m *Monitor) allFresh(ctx context.Context, links []veille.Outlink) bool {
	known, err := m.known(ctx, links)
	return err == nil && len(links) > 0 && !slices.Contains(known, true)
}
