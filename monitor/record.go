package monitor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"veille"
	"veille/monitor/edit"
	"veille/monitor/story"
)

// record stores an article that a first visit found.
func (m *Monitor) record(ctx context.Context, p *plan, source *veille.Source, v veille.Visit, snap veille.Snapshot) {
	if snap.Canonical == "" {
		snap.Canonical = v.URL
	}
	for _, l := range v.Listings() {
		if snap.Published.IsZero() {
			snap.Published = l.Published
		}
	}
	hash, words := edit.TextHash(snap.Title, snap.Body)
	text := story.Read(snap.Body)
	// Two copies read at the same moment must not both be the first.
	defer m.holdCopies(text, hash)()
	for range conflictTries {
		commit, unread, err := m.recordOnce(ctx, p, source, v, snap, hash, words, text)
		if unread != nil {
			m.unread(ctx, v, unread)
			return
		}
		if errors.Is(err, veille.ErrConflict) {
			m.catchUp(ctx, &v, commit)
			continue
		}
		if !m.storeFailed(ctx, "commit article", err) {
			if commit.Expect == 0 {
				m.counts.articles.Add(1)
				m.once.note(func(r *Report) { r.Articles++ })
			}
			m.committed(commit)
		}
		return
	}
	m.retry(ctx, v, time.Time{}, "revision conflict")
}

// recordOnce decides what a page is and commits that: an article known by
// another link, a known text that moved, or a new article. What the store cannot
// read is told apart from what it does not take.
func (m *Monitor) recordOnce(ctx context.Context, p *plan, source *veille.Source, v veille.Visit, snap veille.Snapshot, hash string, words int, text *story.Text) (c veille.ArticleCommit, unread, err error) {
	now := time.Now()
	seen, err := m.recognise(ctx, source, snap, hash, words)
	if err != nil {
		return c, err, nil
	}
	snap.Canonical = seen.canonical
	if seen.article == "" {
		c, err = m.newArticle(ctx, p, source, v, snap, hash, text, seen.copies, now)
		if err != nil {
			return c, err, nil
		}
		return c, nil, m.store.CommitArticle(ctx, c)
	}
	defer m.hold(seen.article)()
	a, err := m.store.Article(ctx, seen.article)
	if err != nil {
		return c, err, nil
	}
	if seen.moved {
		m.log.Info("same text under a new link", "url", snap.Canonical, "known", a.URL)
		a.Snapshot.URL, a.Snapshot.Validators = snap.URL, snap.Validators
		a.CheckedAt = now.UTC()
	}
	c = aliasCommit(source, a, v, snap, now)
	if err := m.join(ctx, p, a, &c, v.Listings(), now); err != nil {
		return c, err, nil
	}
	return c, nil, m.store.CommitArticle(ctx, c)
}

// catchUp takes the sources that joined a visit into it, and those of a first
// visit that the article's recheck would take the place of.
func (m *Monitor) catchUp(ctx context.Context, v *veille.Visit, c veille.ArticleCommit) {
	urls := []string{v.URL}
	if c.Next != nil {
		urls = append(urls, c.Next.URL)
	}
	for _, url := range urls {
		if first, err := m.store.Visit(ctx, url); err == nil && first.ArticleID == "" {
			v.Join(first.Listings()...)
		}
	}
}

// unread handles a value of the store that cannot be read: it costs the visit
// a try, and the operator is told.
func (m *Monitor) unread(ctx context.Context, v veille.Visit, err error) {
	if ctx.Err() != nil {
		return
	}
	m.log.Error("stored article not readable", "url", v.URL, "error", err)
	m.retry(ctx, v, time.Time{}, err.Error())
}

// committed tells the outside of what a commit stored.
func (m *Monitor) committed(c veille.ArticleCommit) {
	m.expect(c.Next)
	m.latency.note(c)
	for _, e := range c.Events {
		switch e.Type {
		case veille.ArticlePublished:
			m.counts.published.Add(1)
		case veille.ArticleEdited:
			m.counts.edit.Add(1)
		case veille.ArticleWithdrawn:
			m.counts.withdrawn.Add(1)
		}
		m.counts.matches.Add(int64(len(e.Matches)))
		m.log.Info("event", "type", string(e.Type), "url", c.Article.URL, "watches", strings.Join(e.Watches, ", "))
	}
	m.once.note(func(r *Report) { r.Events += len(c.Events) })
	m.wakeFor(c.Deliveries)
}

// wakeFor wakes the receivers of new deliveries.
func (m *Monitor) wakeFor(deliveries []veille.Delivery) {
	if len(deliveries) == 0 {
		return
	}
	var receivers []string
	for _, d := range deliveries {
		if !slices.Contains(receivers, d.Receiver) {
			receivers = append(receivers, d.Receiver)
		}
	}
	m.wake(receivers)
}

// recognition is what a first visit's page turned out to be.
type recognition struct {
	// canonical is the page's identity.
	canonical string
	// article is the known article that it is; empty for a new one.
	article string
	// moved says that it is known by its text alone.
	moved bool
	// copies are the articles that carry a new one's text.
	copies []veille.Article
}

func (m *Monitor) recognise(ctx context.Context, source *veille.Source, snap veille.Snapshot, hash string, words int) (recognition, error) {
	r := recognition{canonical: snap.Canonical}
	known, err := m.articleAt(ctx, r.canonical)
	if err == nil && otherArticle(known, snap) {
		// A template's mistake must not swallow every article of the site.
		if own, ownErr := veille.CanonicalURL(snap.URL); ownErr == nil && own != snap.Canonical {
			m.log.Info("rel=canonical leads to another article", "url", own, "canonical", snap.Canonical)
			r.canonical = own
			known, err = m.articleAt(ctx, own)
		}
	}
	if err == nil {
		r.article = known.ID
		return r, nil
	}
	if !errors.Is(err, veille.ErrNotFound) {
		return r, err
	}
	r.copies, err = m.store.ArticlesByText(ctx, hash)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		return r, fmt.Errorf("read copies: %w", err)
	}
	for _, old := range r.copies {
		if moved(old, source.Name, snap, words) {
			r.article, r.moved = old.ID, true
			return r, nil
		}
	}
	return r, nil
}

// otherArticle reports whether a page that claims the identity of a known
// article has nothing of it: another title, and hardly a paragraph in common.
func otherArticle(known veille.Article, snap veille.Snapshot) bool {
	if edit.Same(known.Snapshot.Title, "", snap.Title, "") {
		return false
	}
	old := make(map[string]bool)
	for _, paragraph := range edit.Steady(known.Snapshot.Body) {
		old[paragraph] = true
	}
	paragraphs, shared := edit.Steady(snap.Body), 0
	for _, paragraph := range paragraphs {
		if old[paragraph] {
			shared++
		}
	}
	return len(paragraphs) > 0 && shared*4 < len(paragraphs)
}

// articleAt finds an article by its identity, or by another link to it.
func (m *Monitor) articleAt(ctx context.Context, canonical string) (veille.Article, error) {
	a, err := m.store.Article(ctx, veille.ArticleID(canonical))
	if errors.Is(err, veille.ErrNotFound) {
		a, err = m.store.ArticleByURL(ctx, canonical)
	}
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		err = fmt.Errorf("read article %s: %w", canonical, err)
	}
	return a, err
}

// moved reports whether a page of a source is an older article of that source
// under a new link. Short texts are alike by chance, unless their dates are
// the same too.
func moved(old veille.Article, source string, snap veille.Snapshot, words int) bool {
	if old.Source != source {
		return false
	}
	return words >= story.LeastWords || !snap.Published.IsZero() && snap.Published.Equal(old.Snapshot.Published)
}

// aliasCommit records further links to a known article.
func aliasCommit(source *veille.Source, a veille.Article, v veille.Visit, snap veille.Snapshot, now time.Time) veille.ArticleCommit {
	c := veille.ArticleCommit{Article: a, Expect: a.Revision, Aliases: aliases(a.URL, v.URL, snap), Done: v}
	if v.URL == a.URL {
		// Another link was read first, and put the article's recheck in the
		// place of this visit: what ends with this visit must go on.
		c.Next = nextStep(source, a, a.FirstSeen, 0, now)
	}
	return c
}

// aliases lists the links that led to an article, other than its own.
func aliases(own, visited string, snap veille.Snapshot) []string {
	var out []string
	add := func(u string) {
		if u != "" && u != own && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	add(visited)
	add(snap.Canonical)
	if u, err := veille.CanonicalURL(snap.URL); err == nil {
		add(u)
	}
	return out
}

// newArticle builds the commit of an article met for the first time. It is told
// to the watches over any source whose listing shows it as news.
func (m *Monitor) newArticle(ctx context.Context, p *plan, source *veille.Source, v veille.Visit, snap veille.Snapshot, hash string, text *story.Text, same []veille.Article, now time.Time) (veille.ArticleCommit, error) {
	firstSeen := v.Seen
	if firstSeen.IsZero() || firstSeen.After(now) {
		firstSeen = now
	}
	a := veille.Article{
		ID: veille.ArticleID(snap.Canonical), URL: snap.Canonical, Source: source.Name,
		FirstSeen: firstSeen.UTC(), CheckedAt: now.UTC(), Revision: 1, Snapshot: snap, TextHash: hash,
	}
	grouping, more, err := m.place(ctx, a, text, same)
	if err != nil {
		return veille.ArticleCommit{}, err
	}
	a.Story = grouping.Story
	published := publishedOf(snap, v.Published, now)
	listings := v.Listings()
	listings[0].Source = source.Name
	var news []*veille.Source
	for i, l := range listings {
		reason := silence(l, publishedOf(snap, l.Published, now))
		if reason == "" {
			news = append(news, m.named(p, l.Source))
		}
		if i == 0 {
			a.Silent = reason
		} else if !m.shows(p, a, l.Source) {
			a.Sources = append(a.Sources, l.Source)
		}
	}
	out := outbox{plan: p, now: now}
	if len(news) > 0 {
		a.Silent = ""
		var watches []string
		matches := p.matches(snap, news...)
		if len(matches) > 0 && a.Story.Kind != "" {
			members, err := m.others(ctx, a)
			if err != nil {
				return veille.ArticleCommit{}, err
			}
			tellers, err := m.tellers(ctx, members)
			if err != nil {
				return veille.ArticleCommit{}, err
			}
			maps.Copy(grouping.Alerted, toldBy(a, tellers))
		}
		for name := range matches {
			w := p.watches[name]
			switch {
			case grouping.Alerted[name] && !w.EachCopy:
				a.ToldByCopy = append(a.ToldByCopy, name)
			case w.Wants(veille.ArticlePublished):
				watches = append(watches, name)
			}
		}
		slices.Sort(watches)
		slices.Sort(a.ToldByCopy)
		a.Alerted = watches
		if len(watches) > 0 {
			a.ToldAt = now.UTC()
		}
		if err := m.hush(ctx, &a, watches, now); err != nil {
			return veille.ArticleCommit{}, err
		}
		if more {
			out.grown(a, a.ToldByCopy, matches)
		}
		out.add(veille.ArticlePublished, a, nil, watches, matches)
	}
	c := veille.ArticleCommit{
		Article: a, Revision: &veille.Revision{ArticleID: a.ID, Number: 1, At: now.UTC(), Snapshot: snap},
		Aliases: aliases(a.URL, v.URL, snap), Done: v,
		Events: out.events, Deliveries: out.deliveries, Learned: taught(snap, len(same) > 0 || a.Story.Kind != ""),
	}
	if text.Words >= story.LeastWords {
		c.Signature = text.Signature()
	}
	// An article older than the whole ladder when it was met is not followed.
	if n := len(source.Recheck); n > 0 && (published.IsZero() || now.Sub(published) <= max(source.Recheck[n-1], 24*time.Hour)) {
		c.Next = nextStep(source, a, a.FirstSeen, 0, now)
	}
	return c, nil
}
