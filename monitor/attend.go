package monitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"veille"
)

// A URL that two sources list is one article, and is read once. What its first
// source and the watches over that make of it says nothing of the second: a
// watch that names sources may look only at the second one. So a changed
// listing of a source that such a watch names is looked through for articles
// that other sources showed first; each is told to the watches that look at it
// for the first time. What the listing shows but still waits to be read is
// joined to the visit, and decided with it.

// attends reports whether the articles of other sources are news on a source:
// whether a watch that names its sources covers it.
func (p *plan) attends(source *veille.Source) bool {
	return slices.ContainsFunc(p.Watches, func(w veille.Watch) bool { return len(w.Sources) > 0 && w.Covers(*source) })
}

// meetings are what a look through a listing found.
type meetings struct {
	// asked says that there was a look: the source attends.
	asked bool
	// articles are those that only other sources have shown; waiting are known
	// outlinks that lead to no article, because they wait for a first visit,
	// were only seen, or led nowhere.
	articles []meeting
	waiting  []veille.Outlink
	// marks are the sorted hashes of all outlinks.
	marks []uint64
}

type meeting struct {
	article   string
	firstSeen time.Time
	listed    veille.Listed
}

// meet looks through a listing. Outlinks that the last listing showed too cost
// nothing; the others are read once for as long as the process lives.
func (m *Monitor) meet(ctx context.Context, p *plan, run *sourceRun, source *veille.Source, links []veille.Outlink, known []bool) (meetings, error) {
	if !p.attends(source) {
		return meetings{}, nil
	}
	m.mu.Lock()
	attended := run.attended
	m.mu.Unlock()
	out := meetings{asked: true, marks: make([]uint64, 0, len(links))}
	for i, l := range links {
		mark := nameHash(l.URL)
		out.marks = append(out.marks, mark)
		if _, before := slices.BinarySearch(attended, mark); before || !known[i] {
			continue
		}
		a, err := m.store.ArticleByURL(ctx, l.URL)
		switch {
		case errors.Is(err, veille.ErrNotFound):
			out.waiting = append(out.waiting, l)
		case ctx.Err() != nil:
			return meetings{}, ctx.Err()
		case err != nil:
			m.log.Error("stored article not readable", "url", l.URL, "error", err)
		case !m.shows(p, a, source.Name):
			out.articles = append(out.articles, meeting{a.ID, a.FirstSeen, veille.Listed{Source: source.Name, Published: l.Published}})
		}
	}
	slices.Sort(out.marks)
	return out, nil
}

// attend records the articles that a listing met as the source's too, and tells
// the watches. It goes before the commit of the poll: were the validators
// stored first, a 304 after a restart would hide what was not attended.
//
// An article is judged as an outlink that the source shows for the first time
// (see planPoll). Only when a source begins to attend, some time after its
// first poll, it cannot be told which articles it has shown before: those met
// since its last poll are news, the others are recorded without an alert, so
// that a new watch fires no backlog.
func (m *Monitor) attend(ctx context.Context, p *plan, in pollInput) bool {
	silent, since := in.backlog(len(in.fresh()))
	for _, met := range in.met.articles {
		l := met.listed
		l.Silent, l.Since = silent, since
		if in.state.Baseline && !in.state.Attends && !met.firstSeen.After(in.since) {
			l.Silent, l.Since = true, time.Time{}
		}
		err := veille.ErrConflict
		for range conflictTries {
			if err = m.attendOne(ctx, p, met.article, l); !errors.Is(err, veille.ErrConflict) {
				break
			}
		}
		if m.storeFailed(ctx, "commit article", err) {
			return false
		}
	}
	return true
}

// attendOne commits one article; what cannot be read is left alone.
func (m *Monitor) attendOne(ctx context.Context, p *plan, id string, l veille.Listed) error {
	before, err := m.store.Article(ctx, id)
	if err != nil {
		return ctx.Err()
	}
	// A copy read at this moment must not alert the same story.
	lock := &m.copies[nameHash(before.TextHash)%uint64(len(m.copies))]
	lock.Lock()
	defer lock.Unlock()
	defer m.hold(id)()
	a, err := m.store.Article(ctx, id)
	if err != nil {
		return ctx.Err()
	}
	c := veille.ArticleCommit{Expect: a.Revision}
	if err := m.join(ctx, p, a, &c, []veille.Listed{l}, time.Now()); err != nil {
		return err
	}
	if err := m.store.CommitArticle(ctx, c); err != nil {
		return err
	}
	m.committed(c)
	return nil
}

// hold keeps other commits of an article away until the returned function is
// called. What only its revision tells apart would be lost otherwise: a recheck
// that found nothing new, and a source that joins, leave it the same.
func (m *Monitor) hold(id string) (release func()) {
	lock := &m.held[nameHash(id)%uint64(len(m.held))]
	lock.Lock()
	return lock.Unlock
}

// join adds to a commit of an article the sources whose listings show it for
// the first time, and tells the watches that look at it for the first time
// through those that show it as news.
//
// A silent article was held back as some source's backlog. It stays silent
// until another source shows it as news; then it is news to every watch over
// that source.
func (m *Monitor) join(ctx context.Context, p *plan, a veille.Article, c *veille.ArticleCommit, listings []veille.Listed, now time.Time) error {
	earlier := m.shownBy(p, a)
	var news []*veille.Source
	for _, l := range listings {
		if m.shows(p, a, l.Source) {
			continue
		}
		a.Sources = append(slices.Clip(a.Sources), l.Source)
		if silence(l, publishedOf(a.Snapshot, l.Published, now)) == "" {
			news = append(news, m.named(p, l.Source))
		}
	}
	if len(news) == 0 {
		c.Article = a
		return nil
	}
	after := p.matches(a.Snapshot, news...)
	if a.Silent != "" {
		earlier, a.Silent = nil, ""
	}
	var newly []string
	if len(after) > 0 {
		before := p.matches(a.Snapshot, earlier...)
		for name := range after {
			if _, had := before[name]; !had && p.watches[name].Wants(veille.ArticlePublished) && !slices.Contains(a.Alerted, name) {
				newly = append(newly, name)
			}
		}
	}
	if len(newly) > 0 {
		told, err := m.toldByCopies(ctx, a)
		if err != nil {
			return fmt.Errorf("join article %s: %w", a.URL, err)
		}
		like, err := m.toldOf(ctx, a)
		if err != nil {
			return fmt.Errorf("join article %s: %w", a.URL, err)
		}
		newly = slices.DeleteFunc(newly, func(name string) bool { return (told[name] || like[name]) && !p.watches[name].EachCopy })
		slices.Sort(newly)
		a.Alerted = append(slices.Clone(a.Alerted), newly...)
		slices.Sort(a.Alerted)
		if err := m.hush(ctx, &a, newly, now); err != nil {
			return fmt.Errorf("join article %s: %w", a.URL, err)
		}
	}
	out := outbox{plan: p, now: now}
	out.add(veille.ArticlePublished, a, nil, newly, after)
	if err := m.attest(ctx, a, &out); err != nil {
		return fmt.Errorf("join article %s: %w", a.URL, err)
	}
	c.Article, c.Events, c.Deliveries = a, out.events, out.deliveries
	return nil
}

// named is a source by its name, or the one that has taken over the URL of a
// source that left under that name, or one of which only the name is left.
func (m *Monitor) named(p *plan, name string) *veille.Source {
	if source := m.successor(p, name); source != nil {
		return source
	}
	return &veille.Source{Name: name}
}

// successor is a source of the plan by its name, or the one that has taken over
// the URL of a source that left under that name; nil without one.
func (m *Monitor) successor(p *plan, name string) *veille.Source {
	if source := p.sources[name]; source != nil {
		return source
	}
	m.mu.Lock()
	url := m.states[name].URL
	m.mu.Unlock()
	if url == "" {
		return nil
	}
	return p.byURL[url]
}

// shownBy are the sources that have shown an article, the first one first.
func (m *Monitor) shownBy(p *plan, a veille.Article) []*veille.Source {
	out := []*veille.Source{m.named(p, a.Source)}
	for _, name := range a.Sources {
		out = append(out, m.named(p, name))
	}
	return out
}

// shows reports whether a source has shown an article.
func (m *Monitor) shows(p *plan, a veille.Article, source string) bool {
	source = m.named(p, source).Name
	return slices.ContainsFunc(m.shownBy(p, a), func(s *veille.Source) bool { return s.Name == source })
}

// heir is a visit whose source has left as another source that led to the same
// page makes it; nil without one.
func (m *Monitor) heir(ctx context.Context, p *plan, v veille.Visit) (veille.Visit, *veille.Source) {
	if v.ArticleID != "" {
		a, err := m.store.Article(ctx, v.ArticleID)
		if err != nil {
			return v, nil
		}
		for _, source := range m.shownBy(p, a) {
			if p.sources[source.Name] != nil {
				v.Source = source.Name
				return v, source
			}
		}
		return v, nil
	}
	for _, l := range v.Also {
		if source := m.successor(p, l.Source); source != nil {
			next := v
			next.Source, next.Silent, next.Since, next.Also = l.Source, l.Silent, l.Since, nil
			next.Join(v.Listings()...)
			return next, source
		}
	}
	return v, nil
}
