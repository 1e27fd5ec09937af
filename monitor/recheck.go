package monitor

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"veille"
)

const (
	// recheckTries is how often one step of the ladder is tried.
	recheckTries = 5
	// A withdrawal is certain after goneChecks checks, or goneExplicit where
	// the server says 410.
	goneChecks, goneExplicit = 3, 2
	// undecided is how long an article may be neither here nor gone.
	undecided = 14 * 24 * time.Hour
	// mostFollowed is the age at which a change no longer restarts the ladder:
	// a page that changes on every look would be looked at for ever.
	mostFollowed = 14 * 24 * time.Hour
	// mostRestarts is the last revision that restarts the ladder, for the same
	// reason.
	mostRestarts = 12
)

// nextStep is the visit for the first step of the recheck ladder after step
// whose time has not passed; nil at the end. The ages count from base, which
// travels in the visit's Seen.
func nextStep(source *veille.Source, a veille.Article, base time.Time, step int, now time.Time) *veille.Visit {
	for s := step + 1; s <= len(source.Recheck); s++ {
		if due := base.Add(source.Recheck[s-1]); due.After(now) {
			return &veille.Visit{URL: a.URL, Source: source.Name, ArticleID: a.ID, Step: s, Due: due, Seen: base}
		}
	}
	return nil
}

// sight is what one look at a known article found.
type sight int

const (
	sightSame sight = iota
	sightChanged
	// sightGone is a page not found, or a redirect to a home page or section;
	// sightRemoved the server's word that it is gone for good (RFC 9110, 410).
	sightGone
	sightRemoved
	// sightNothing is a wall, an empty or another page: no news of the article.
	sightNothing
)

// recheck looks again at a known article.
func (m *Monitor) recheck(ctx context.Context, p *plan, source *veille.Source, v veille.Visit) {
	a, err := m.store.Article(ctx, v.ArticleID)
	if errors.Is(err, veille.ErrNotFound) {
		_ = m.reschedule(ctx, v, nil)
		return
	}
	if err != nil {
		m.unread(ctx, v, err)
		return
	}
	at := v.URL
	if a.Snapshot.URL != "" {
		at = a.Snapshot.URL
	}
	snap, err := m.crawler.Visit(ctx, *source, at, a.Snapshot.Validators)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		m.counts.visitErrors.Add(1)
		fe, ok := errors.AsType[*veille.FetchError](err)
		if !ok || fe.Kind != veille.FetchNotFound && fe.Kind != veille.FetchGone {
			m.recheckFailed(ctx, source, a, v, err, !ok || fe.Temporary())
			return
		}
		snap = veille.Snapshot{URL: at, Kind: veille.KindNotFound}
		if fe.Kind == veille.FetchGone {
			m.conclude(ctx, p, source, v, snap, at, true)
			return
		}
	}
	if snap.Kind == veille.KindArticle {
		m.selected(source, snap)
	}
	m.conclude(ctx, p, source, v, snap, at, false)
}

// recheckFailed tries again, or goes on to the next step when the tries are
// spent or another try is of no use. The article is left as it was.
func (m *Monitor) recheckFailed(ctx context.Context, source *veille.Source, a veille.Article, v veille.Visit, err error, temporary bool) {
	if fe, ok := errors.AsType[*veille.FetchError](err); ok && fe.Kind == veille.FetchThrottled {
		m.postpone(ctx, v, fe.RetryAfter)
		return
	}
	if temporary && v.Attempt < recheckTries {
		m.retry(ctx, v, retryAfter(err), err.Error())
		return
	}
	_ = m.reschedule(ctx, v, m.goOn(source, a, v, time.Now()))
}

// goOn is the visit after one that brought no news: the next step, or while a
// withdrawal is neither certain nor refuted another check.
func (m *Monitor) goOn(source *veille.Source, a veille.Article, v veille.Visit, now time.Time) *veille.Visit {
	next := nextStep(source, a, v.Seen, v.Step, now)
	if a.GoneChecks == 0 || a.Withdrawn || now.Sub(a.GoneSince) > undecided {
		return next
	}
	check := v
	check.Attempt, check.Due = 0, later(a.GoneAt.Add(m.spacing), now.Add(time.Minute))
	if next != nil && next.Due.Before(check.Due) {
		return next
	}
	return &check
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// conclude commits what a recheck found, deciding anew when another commit
// came between.
func (m *Monitor) conclude(ctx context.Context, p *plan, source *veille.Source, v veille.Visit, snap veille.Snapshot, at string, removed bool) {
	before, err := m.store.Article(ctx, v.ArticleID)
	if err != nil {
		m.unread(ctx, v, err)
		return
	}
	// Two copies edited at the same moment must not both be the first.
	lock := &m.copies[nameHash(before.Story.ID)%uint64(len(m.copies))]
	lock.Lock()
	defer lock.Unlock()
	defer m.hold(v.ArticleID)()
	for range conflictTries {
		a, err := m.store.Article(ctx, v.ArticleID)
		if err != nil {
			m.unread(ctx, v, err)
			return
		}
		var c veille.ArticleCommit
		switch s := see(a, snap, at, removed); s {
		case sightNothing:
			_ = m.reschedule(ctx, v, m.goOn(source, a, v, time.Now()))
			return
		case sightGone, sightRemoved:
			c = m.goneCommit(p, source, a, v, s == sightRemoved, time.Now())
		case sightSame:
			c = m.sameCommit(source, a, v, snap, time.Now())
		case sightChanged:
			if c, err = m.changedCommit(ctx, p, source, a, v, snap, time.Now()); err != nil {
				m.unread(ctx, v, err)
				return
			}
		}
		err = m.store.CommitArticle(ctx, c)
		if errors.Is(err, veille.ErrConflict) {
			continue
		}
		if !m.storeFailed(ctx, "commit article", err) {
			if c.Revision != nil {
				m.counts.revisions.Add(1)
			}
			m.committed(c)
		}
		return
	}
	m.retry(ctx, v, time.Time{}, "revision conflict")
}

// see judges what a look at a known article found; pure.
func see(a veille.Article, snap veille.Snapshot, at string, removed bool) sight {
	switch {
	case removed:
		return sightRemoved
	case snap.NotModified:
		return sightSame
	case snap.Kind == veille.KindNotFound:
		return sightGone
	case redirected(at, snap.URL) && (snap.Kind == veille.KindSection || isHome(snap.URL)):
		return sightGone
	case snap.Kind == veille.KindPaywall && a.Snapshot.Kind != veille.KindPaywall:
		return sightNothing
	case snap.Kind != veille.KindArticle && snap.Kind != veille.KindPaywall:
		return sightNothing
	case len(steady(snap.Body)) == 0 && len(steady(a.Snapshot.Body)) > 0:
		return sightNothing
	case !slices.Equal(snap.SelectMissed, a.Snapshot.SelectMissed):
		// Read in another way, the same page would look edited.
		return sightNothing
	case snap.Title != "" && edited(a.Snapshot.Title, a.Snapshot.Body, snap.Title, snap.Body),
		snap.Title == "" && edited("", a.Snapshot.Body, "", snap.Body):
		return sightChanged
	}
	return sightSame
}

func redirected(from, to string) bool {
	if to == "" || from == to {
		return false
	}
	f, errF := url.Parse(from)
	t, errT := url.Parse(to)
	return errF == nil && errT == nil && (f.Path != t.Path || f.RawQuery != t.RawQuery)
}

func isHome(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Path == "" || u.Path == "/") && u.RawQuery == ""
}

// here notes that an article was seen; one that was gone is back.
func (m *Monitor) here(a *veille.Article, now time.Time) {
	if a.GoneChecks > 0 || a.Withdrawn {
		m.log.Info("article is back", "url", a.URL, "was_withdrawn", a.Withdrawn)
	}
	a.CheckedAt, a.GoneChecks, a.Withdrawn = now.UTC(), 0, false
	a.GoneSince, a.GoneAt = time.Time{}, time.Time{}
}

func (m *Monitor) sameCommit(source *veille.Source, a veille.Article, v veille.Visit, snap veille.Snapshot, now time.Time) veille.ArticleCommit {
	m.here(&a, now)
	if snap.Validators != (veille.Validators{}) {
		a.Snapshot.Validators = snap.Validators
	}
	a.Snapshot.FetchedAt = snap.FetchedAt
	return veille.ArticleCommit{Article: a, Expect: a.Revision, Done: v, Next: nextStep(source, a, v.Seen, v.Step, now)}
}

// goneCommit counts a check that found the article gone.
func (m *Monitor) goneCommit(p *plan, source *veille.Source, a veille.Article, v veille.Visit, removed bool, now time.Time) veille.ArticleCommit {
	c := veille.ArticleCommit{Expect: a.Revision, Done: v}
	a.CheckedAt = now.UTC()
	if a.GoneChecks == 0 {
		a.GoneSince = now.UTC()
	}
	if a.GoneChecks == 0 || now.Sub(a.GoneAt) >= m.spacing {
		a.GoneChecks++
		a.GoneAt = now.UTC()
	}
	need := goneChecks
	if removed {
		need = goneExplicit
	}
	if a.GoneChecks >= need && !a.Withdrawn {
		a.Withdrawn = true
		matches := p.matches(a.Snapshot, m.shownBy(p, a)...)
		out := outbox{plan: p, now: now}
		out.add(veille.ArticleWithdrawn, a, nil, p.followers(veille.ArticleWithdrawn, a, matches), matches)
		c.Events, c.Deliveries = out.events, out.deliveries
		m.log.Info("article withdrawn", "url", a.URL, "checks", a.GoneChecks)
	}
	c.Article, c.Next = a, m.goOn(source, a, v, now)
	return c
}

// changedCommit makes a revision of an edit and tells the watches.
func (m *Monitor) changedCommit(ctx context.Context, p *plan, source *veille.Source, a veille.Article, v veille.Visit, snap veille.Snapshot, now time.Time) (veille.ArticleCommit, error) {
	revisions, err := m.store.Revisions(ctx, a.ID)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		return veille.ArticleCommit{}, fmt.Errorf("read revisions: %w", err)
	}
	old := a.Snapshot
	carryOver(&snap, old)
	// A text that was there before is a flip, told when it first changed.
	flip := slices.ContainsFunc(revisions, func(r veille.Revision) bool {
		return !edited(r.Snapshot.Title, r.Snapshot.Body, snap.Title, snap.Body)
	})
	unlocked := old.Kind == veille.KindPaywall && snap.Kind == veille.KindArticle

	c := veille.ArticleCommit{Expect: a.Revision, Done: v}
	m.here(&a, now)
	a.Revision++
	a.Snapshot = snap
	oldHash := a.TextHash
	a.TextHash, _ = textHash(snap.Title, snap.Body)
	told, err := m.toldByCopies(ctx, a, oldHash)
	if err != nil {
		return veille.ArticleCommit{}, err
	}
	diff := change(old.Title, old.Body, snap.Title, snap.Body)
	sources := m.shownBy(p, a)
	before, after := p.matches(old, sources...), p.matches(snap, sources...)

	out := outbox{plan: p, now: now}
	if !flip && !unlocked {
		out.add(veille.ArticleEdited, a, diff, p.followers(veille.ArticleEdited, a, before), after)
	}
	var newly []string
	for name := range after {
		// A watch added since the article was read looks only forward: what
		// matched before the edit is not news.
		_, had := before[name]
		if !had && p.watches[name].Wants(veille.ArticlePublished) && !slices.Contains(a.Alerted, name) && !told[name] {
			newly = append(newly, name)
		}
	}
	slices.Sort(newly)
	if len(newly) > 0 {
		a.Alerted = append(slices.Clone(a.Alerted), newly...)
		slices.Sort(a.Alerted)
		out.add(veille.ArticlePublished, a, diff, newly, after)
	}
	c.Article, c.Events, c.Deliveries = a, out.events, out.deliveries
	c.Revision = &veille.Revision{ArticleID: a.ID, Number: a.Revision, At: now.UTC(), Snapshot: snap, Change: diff}
	if now.Sub(a.FirstSeen) <= mostFollowed && a.Revision <= mostRestarts {
		c.Next = nextStep(source, a, now, 1, now)
	}
	if c.Next == nil {
		c.Next = nextStep(source, a, v.Seen, v.Step, now)
	}
	return c, nil
}

// toldByCopies names the watches that were told of an article's story by
// another copy: one that still has the text from before the edit, or one that
// was edited alike.
func (m *Monitor) toldByCopies(ctx context.Context, a veille.Article, oldHash string) (map[string]bool, error) {
	told := map[string]bool{}
	for _, hash := range [2]string{oldHash, a.TextHash} {
		copies, err := m.store.ArticlesByText(ctx, hash)
		if err != nil && !errors.Is(err, veille.ErrNotFound) {
			return nil, fmt.Errorf("read copies: %w", err)
		}
		for _, other := range copies {
			if other.ID == a.ID || other.Story.ID != a.Story.ID {
				continue
			}
			for _, name := range other.Alerted {
				told[name] = true
			}
		}
	}
	return told, nil
}

// carryOver keeps what a later look no longer says.
func carryOver(snap *veille.Snapshot, old veille.Snapshot) {
	if snap.Title == "" {
		snap.Title = old.Title
	}
	if snap.Published.IsZero() {
		snap.Published = old.Published
	}
	if len(snap.Authors) == 0 {
		snap.Authors = old.Authors
	}
	if snap.Language == "" {
		snap.Language = old.Language
	}
	if snap.Canonical == "" {
		snap.Canonical = old.Canonical
	}
}
