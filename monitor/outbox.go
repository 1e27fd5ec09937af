package monitor

import (
	"context"
	"slices"
	"strings"
	"time"

	"veille"
	"veille/monitor/edit"
)

// matches runs the watch-list over a snapshot, and keeps the watches that look
// at one of its sources and at the language it has there. Those that look only
// at what an edit adds are not among them (see addedMatches).
func (p *plan) matches(snap veille.Snapshot, sources ...*veille.Source) map[string]veille.Match {
	if p.Matcher == nil || len(sources) == 0 {
		return nil
	}
	out := map[string]veille.Match{}
	matches, language := p.match(snap, sources)
	for _, match := range matches {
		w := p.watches[match.Watch]
		if w != nil && !w.Added && slices.ContainsFunc(sources, func(s *veille.Source) bool { return looksAt(w, s, language) }) {
			out[match.Watch] = match
		}
	}
	return out
}

// match runs every watch over a snapshot as its sources show it: with their
// tags, and in the language that one of them says its pages are in.
func (p *plan) match(snap veille.Snapshot, sources []*veille.Source) ([]veille.Match, string) {
	var tags []string
	declared := false
	for _, s := range sources {
		tags = append(tags, s.Tags...)
		if s.Language != "" && !declared {
			snap.Language, declared = s.Language, true
		}
	}
	return p.Matcher.Match(snap, tags)
}

// looksAt reports whether a watch reads the pages of a source that declare a
// language.
func looksAt(w *veille.Watch, s *veille.Source, language string) bool {
	if s.Language != "" {
		language = s.Language
	}
	return w.Covers(*s) && w.Reads(language)
}

// followers are the watches to tell of a later event of an article, sorted:
// those that it alerted, and those that never asked for new articles but match
// its text so far.
func (p *plan) followers(t veille.EventType, a veille.Article, matched ...map[string]veille.Match) []string {
	var out []string
	for i := range p.Watches {
		w := &p.Watches[i]
		if !w.Wants(t) {
			continue
		}
		matches := slices.ContainsFunc(matched, func(m map[string]veille.Match) bool { _, ok := m[w.Name]; return ok })
		if slices.Contains(a.Alerted, w.Name) || matches && a.Silent == "" && !w.Wants(veille.ArticlePublished) {
			out = append(out, w.Name)
		}
	}
	slices.Sort(out)
	return out
}

// outbox collects the events of one commit and their deliveries.
type outbox struct {
	plan       *plan
	now        time.Time
	events     []veille.Event
	deliveries []veille.Delivery
}

// happening is what an event tells of an article.
type happening struct {
	kind   veille.EventType
	change *veille.Change
	// watches are told; unmatched, among them, that their words are gone.
	watches, unmatched []string
	matches            map[string]veille.Match
	message            string
}

// add tells watches of an event; without any there is none.
func (o *outbox) add(t veille.EventType, a veille.Article, c *veille.Change, watches []string, matches map[string]veille.Match) {
	o.tell(happening{kind: t, change: c, watches: watches, matches: matches}, a)
}

// tell adds the event of a happening, unless it concerns no watch.
func (o *outbox) tell(h happening, a veille.Article) {
	if len(h.watches) == 0 {
		return
	}
	watches := slices.Sorted(slices.Values(h.watches))
	e := veille.Event{
		ID: veille.EventID(a.ID, h.kind, a.Revision), Type: h.kind, Time: o.now.UTC().Truncate(time.Millisecond),
		Watches: watches, Article: eventArticle(a, o.now),
		Revision: &veille.EventRevision{Number: a.Revision, Change: h.change}, Story: &a.Story,
		Unmatched: h.unmatched, Message: strings.TrimSpace(h.message + " " + veille.UnmatchedMessage(h.unmatched)),
	}
	for _, name := range watches {
		if match, ok := h.matches[name]; ok {
			e.Matches = append(e.Matches, match)
		}
	}
	o.events = append(o.events, e)
	receivers, by := o.plan.receivers(watches)
	for _, r := range receivers {
		o.deliveries = append(o.deliveries, veille.Delivery{
			Receiver: r, EventID: e.ID, Watches: by[r], State: veille.DeliveryPending, Created: e.Time, Due: e.Time,
		})
	}
}

// attest gives the events of a commit that makes no revision the evidence of the
// article's newest one.
func (m *Monitor) attest(ctx context.Context, a veille.Article, o *outbox) error {
	if len(o.events) == 0 {
		return nil
	}
	revisions, err := m.revisions(ctx, a.ID)
	if err != nil || len(revisions) == 0 {
		return err
	}
	for _, e := range o.events {
		e.Revision.Evidence = revisions[len(revisions)-1].Evidence
	}
	return nil
}

// eventArticle shows an article as events do: what is not known is null.
func eventArticle(a veille.Article, now time.Time) *veille.EventArticle {
	s := a.Snapshot
	out := &veille.EventArticle{
		ID: a.ID, URL: a.URL, Title: s.Title, Source: a.Source, Authors: s.Authors,
		FirstSeen: a.FirstSeen.UTC().Truncate(time.Millisecond),
		Language:  known(s.Language), Summary: known(edit.Summary(s.Description, s.Body)), Image: known(s.Image),
	}
	if out.Authors == nil {
		out.Authors = []string{}
	}
	if plausible(s.Published, now) {
		// The page's own zone tells the reader its hour there.
		published := s.Published
		out.Published = &published
	}
	return out
}

func known(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
