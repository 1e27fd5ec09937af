package monitor

import (
	"context"
	"errors"
	"time"

	"veille"
)

const (
	// recheckTries is how often one step of the ladder is tried.
	recheckTries = 5
	// mostFollowed is the age at which a change no longer restarts the ladder:
	// a page that changes on every look would be looked at for ever.
	mostFollowed = 14 * 24 * time.Hour
	// mostRestarts is the last revision that restarts the ladder, for the same
	// reason; liveRestarts that of a live blog, which is there to change.
	mostRestarts, liveRestarts = 12, 96
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

// afterChange is the visit after a change: the ladder begins again at its
// second step.
func (m *Monitor) afterChange(source *veille.Source, a veille.Article, v veille.Visit, now time.Time) *veille.Visit {
	most := mostRestarts
	if a.Snapshot.Live {
		most = liveRestarts
	}
	if now.Sub(a.FirstSeen) <= mostFollowed && a.Revision <= most {
		if next := nextStep(source, a, now, 1, now); next != nil {
			return m.inTime(a, *next, next, now)
		}
	}
	return m.goOn(source, a, v, now)
}

// goOn is the visit after one that brought no change: the next step, or another
// check while a withdrawal is neither certain nor refuted.
func (m *Monitor) goOn(source *veille.Source, a veille.Article, v veille.Visit, now time.Time) *veille.Visit {
	next := nextStep(source, a, v.Seen, v.Step, now)
	check := v
	check.Attempt, check.Failure = 0, veille.Failure{}
	if a.GoneChecks > 0 && !a.Withdrawn && now.Sub(a.GoneSince) <= undecided {
		wait := m.spacing
		if a.Condition == veille.ConditionSiteFails {
			// A site that fails is asked ever more seldom.
			wait = min(max(wait, now.Sub(a.GoneSince)/2), longestDoubt)
		}
		check.Due = a.GoneAt.Add(wait)
		if !check.Due.After(now) {
			check.Due = now.Add(wait) // no look since then has found it gone
		}
		if next == nil || check.Due.Before(next.Due) {
			next = &check
		}
	}
	return m.inTime(a, check, next, now)
}

// inTime has an article looked at when its untold edits may be told.
func (m *Monitor) inTime(a veille.Article, check veille.Visit, next *veille.Visit, now time.Time) *veille.Visit {
	if a.Untold == 0 {
		return next
	}
	check.Due = later(a.ToldAt.Add(liveQuiet), now)
	if next != nil && !check.Due.Before(next.Due) {
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
	defer m.tellOverdue(ctx, p, v.ArticleID)
	look := look{plan: p, source: source, visit: v, at: v.URL}
	if a.Snapshot.URL != "" {
		look.at = a.Snapshot.URL
	}
	known := a.Snapshot.Validators
	if a.Snapshot.Reading != veille.Reading(source.Select) {
		// What is stored must be read anew before an edit can be told from it.
		known = veille.Validators{}
	}
	look.snap, err = m.crawler.Recheck(ctx, *source, look.at, known)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		m.counts.visitErrors.Add(1)
		fe, ok := errors.AsType[*veille.FetchError](err)
		switch {
		case ok && fe.Kind == veille.FetchNotFound:
			look.missing = veille.ConditionNotFound
		case ok && fe.Kind == veille.FetchGone:
			look.missing = veille.ConditionGone
		default:
			v.Failure = failureOf(err)
			m.recheckFailed(ctx, source, a, v, err, !ok || fe.Temporary())
			return
		}
	}
	if look.snap.Cut > 0 && v.Attempt >= cutTries && !passes(look.snap.CutBy) {
		look.snap.Cut = 0 // the article has become shorter
	}
	look.snap = look.snap.ReadLike(a.Snapshot)
	if look.missing == "" && look.snap.Kind == veille.KindArticle {
		m.selected(source, look.snap)
	}
	if s, c := look.see(a); s == sightGone && m.decides(a, c, time.Now()) {
		look.siteFails = m.siteFails(ctx, p, source, a)
		if ctx.Err() != nil {
			return
		}
	}
	m.conclude(ctx, look)
}

// look is one look at a known article.
type look struct {
	plan   *plan
	source *veille.Source
	visit  veille.Visit
	// at is the address that was asked for, snap what it answered; missing says
	// that it answered that there is nothing.
	at      string
	snap    veille.Snapshot
	missing veille.Condition
	// siteFails says that other pages of the site are gone too.
	siteFails bool
}

func (l look) see(a veille.Article) (sight, veille.Condition) {
	s, c := sightGone, l.missing
	if c == "" {
		s, c = see(a, l.snap, l.at, l.plan.lists)
	}
	if s == sightGone && l.siteFails {
		return sightNothing, veille.ConditionSiteFails
	}
	return s, c
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

// conclude commits what a recheck found, deciding anew when another commit
// came between.
func (m *Monitor) conclude(ctx context.Context, l look) {
	before, err := m.store.Article(ctx, l.visit.ArticleID)
	if err != nil {
		m.unread(ctx, l.visit, err)
		return
	}
	defer m.holdStory(before)()
	defer m.hold(l.visit.ArticleID)()
	for range conflictTries {
		a, err := m.store.Article(ctx, l.visit.ArticleID)
		if err != nil {
			m.unread(ctx, l.visit, err)
			return
		}
		c, err := m.concludeOnce(ctx, l, a, time.Now())
		if err != nil {
			m.unread(ctx, l.visit, err)
			return
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
	m.retry(ctx, l.visit, time.Time{}, "revision conflict")
}

func (m *Monitor) concludeOnce(ctx context.Context, l look, a veille.Article, now time.Time) (veille.ArticleCommit, error) {
	s, condition := l.see(a)
	switch s {
	case sightGone:
		return m.goneCommit(ctx, l.plan, l.source, a, l.visit, condition, now)
	case sightChanged:
		return m.changedCommit(ctx, l.plan, l.source, a, l.visit, l.snap, condition, now)
	case sightNothing:
		a.CheckedAt, a.Condition = now.UTC(), condition
		return veille.ArticleCommit{Article: a, Expect: a.Revision, Done: l.visit, Next: m.goOn(l.source, a, l.visit, now)}, nil
	}
	back := m.here(&a, condition, now)
	if s == sightSame {
		if l.snap.Validators != (veille.Validators{}) {
			a.Snapshot.Validators = l.snap.Validators
		}
		a.Snapshot.FetchedAt = l.snap.FetchedAt
		if !l.snap.NotModified {
			a.Snapshot.NoIndex, a.Snapshot.Exchanges = l.snap.NoIndex, l.snap.Exchanges
			a.Snapshot.Reading, a.Snapshot.SelectMissed = l.snap.Reading, l.snap.SelectMissed
			carryOver(&a.Snapshot, l.snap)
		}
	}
	if back != "" {
		return m.returnedCommit(ctx, l.plan, l.source, a, l.visit, back, now)
	}
	next := m.goOn(l.source, a, l.visit, now)
	if s == sightWalled && l.snap.Cut > 0 && l.visit.Attempt < recheckTries {
		again := l.visit
		again.Due, again.Attempt = later(now.Add(retrySteps[again.Attempt]), retryAfter(l.snap.CutBy)), again.Attempt+1
		next = m.inTime(a, again, &again, now)
	}
	return veille.ArticleCommit{Article: a, Expect: a.Revision, Done: l.visit, Next: next}, nil
}

// passes reports whether what could not be had may be had later.
func passes(err error) bool {
	fe, ok := errors.AsType[*veille.FetchError](err)
	return ok && fe.Temporary()
}

// forbidden reports whether robots.txt keeps a page from us: it will in a minute.
func forbidden(err error) bool {
	fe, ok := errors.AsType[*veille.FetchError](err)
	return ok && fe.Kind == veille.FetchRobots
}
