package monitor

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"veille"
	"veille/monitor/edit"
	"veille/monitor/health"
)

const (
	// conflictTries is how often a commit is decided anew before the visit
	// waits its turn again.
	conflictTries = 5
	// orphanWait is how long a visit without its source is kept at most, and
	// orphanStep how often the source is looked for.
	orphanWait = 72 * time.Hour
	orphanStep = time.Hour
	// orphaned is where an orphan's attempts count from, an hour each.
	orphaned = 1000
	// earlyTries is how often a new link that leads to no article is tried
	// again: over about an hour and a half.
	earlyTries = 4
	// cutTries is how often an article of which a page is missing is asked for
	// again before what there is of it is recorded.
	cutTries = 2
	// longestThrottle is how old a link may become while its host keeps asking
	// to wait.
	longestThrottle = 14 * 24 * time.Hour
	// mostBody is the longest body, in bytes, that is recorded: no article is
	// longer, and a book would stop a store.
	mostBody = 4 << 20
)

// retrySteps are the waits between the tries of one visit.
var retrySteps = [...]time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour,
	3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// visit fetches a page and records what it says. Every way out of it changes
// the stored visit, or pauses or ends the monitor: a visit left as it was
// would be loaded again at once.
func (m *Monitor) visit(ctx context.Context, v veille.Visit) {
	p := m.plan.Load()
	source := m.successor(p, v.Source)
	if source == nil {
		v, source = m.heir(ctx, p, v)
	}
	if source == nil {
		m.orphan(ctx, v)
		return
	}
	if v.Attempt >= orphaned {
		v.Attempt = 0
	}
	m.counts.visits.Add(1)
	if v.ArticleID != "" {
		m.recheck(ctx, p, source, v)
		return
	}
	snap, err := m.crawler.Visit(ctx, *source, v.URL, veille.Validators{})
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		m.counts.visitErrors.Add(1)
		v.Failure = failureOf(err)
		if v.Failure.Kind != veille.FetchThrottled {
			m.looked(source, v, health.Look{Why: cmp.Or(string(v.Failure.Kind), "error")})
		}
		m.visitFailed(ctx, v, err)
		return
	}
	if snap.Title == "" {
		snap.Title = v.Title
	}
	if !snap.Readable() {
		v.Failure = veille.Failure{At: time.Now().UTC(), Read: snap.Kind, Why: edit.Cut(snap.KindReason, 512)}
		m.looked(source, v, health.Look{Why: string(snap.Kind)})
	}
	if snap.Cut > 0 && v.Attempt < cutTries && !forbidden(snap.CutBy) {
		m.counts.visitErrors.Add(1)
		v.Failure = failureOf(snap.CutBy)
		m.retry(ctx, v, retryAfter(snap.CutBy), snap.CutBy.Error())
		return
	}
	switch {
	case len(snap.Body) > mostBody:
		v.Failure = veille.Failure{At: time.Now().UTC(), Kind: veille.FetchTooLarge, Why: "the text is longer than any article's"}
		m.drop(ctx, v, string(veille.FetchTooLarge))
	case snap.Readable():
		m.selected(source, snap)
		text, words := edit.TextHash("", snap.Body)
		m.looked(source, v, health.Look{Readable: true, Words: words, Text: text})
		m.record(ctx, p, source, v, snap)
	case snap.Kind == veille.KindChallenge, snap.Kind == veille.KindConsent:
		m.retry(ctx, v, time.Time{}, string(snap.Kind))
	default:
		m.retryEarly(ctx, v, snap.Learned, string(snap.Kind))
	}
}

// failureOf says why a page could not be had.
func failureOf(err error) veille.Failure {
	f := veille.Failure{At: time.Now().UTC(), Why: edit.Cut(err.Error(), 512)}
	if fe, ok := errors.AsType[*veille.FetchError](err); ok {
		f.Kind = fe.Kind
	}
	return f
}

// visitFailed puts off a first visit whose page could not be had.
func (m *Monitor) visitFailed(ctx context.Context, v veille.Visit, err error) {
	fe, ok := errors.AsType[*veille.FetchError](err)
	switch {
	case ok && fe.Kind == veille.FetchThrottled:
		m.postpone(ctx, v, fe.RetryAfter)
		return
	case !ok || fe.Temporary():
		m.retry(ctx, v, retryAfter(err), err.Error())
		return
	case fe.Kind == veille.FetchNotFound, fe.Kind == veille.FetchGone, fe.Kind == veille.FetchRedirect, fe.Kind == veille.FetchBroken:
		m.retryEarly(ctx, v, veille.Observation{}, string(fe.Kind))
		return
	}
	m.drop(ctx, v, string(fe.Kind))
}

// retryEarly gives a page that is not an article a few more tries: a listing
// often shows a link before every server of the site has the page. What was
// listed before the source was watched is no news, and is not asked for again.
func (m *Monitor) retryEarly(ctx context.Context, v veille.Visit, lesson veille.Observation, why string) {
	news := slices.ContainsFunc(v.Listings(), func(l veille.Listed) bool { return !l.Silent })
	if !news || v.Attempt >= earlyTries {
		m.lessons.add(lesson)
		m.drop(ctx, v, why)
		return
	}
	m.retry(ctx, v, time.Time{}, why)
}

func retryAfter(err error) time.Time {
	if fe, ok := errors.AsType[*veille.FetchError](err); ok {
		return fe.RetryAfter
	}
	return time.Time{}
}

// postpone puts off a visit that its host asked to make later. However often
// that happens, it does not use up the tries: no look was had.
func (m *Monitor) postpone(ctx context.Context, v veille.Visit, after time.Time) {
	now := time.Now()
	if now.Sub(v.Seen) > longestThrottle {
		m.giveUp(ctx, v, string(veille.FetchThrottled))
		return
	}
	next := v
	// Only a visit without an attempt may run before its time; this one must
	// not.
	next.Attempt = max(v.Attempt, 1)
	next.Due = later(after, now.Add(retrySteps[0]))
	if latest := now.Add(longestWait); next.Due.After(latest) {
		next.Due = latest
	}
	_ = m.reschedule(ctx, v, &next)
}

// retry puts a visit off, at least until after, and gives it up when its tries
// are spent.
func (m *Monitor) retry(ctx context.Context, v veille.Visit, after time.Time, why string) {
	if v.Attempt >= len(retrySteps) {
		m.giveUp(ctx, v, why)
		return
	}
	now := time.Now()
	next := v
	next.Due = now.Add(retrySteps[v.Attempt])
	next.Attempt++
	if after.After(next.Due) {
		next.Due = after
	}
	if latest := now.Add(longestWait); next.Due.After(latest) {
		next.Due = latest
	}
	_ = m.reschedule(ctx, v, &next)
}

// giveUp drops a visit whose tries are spent: nobody will read that page.
func (m *Monitor) giveUp(ctx context.Context, v veille.Visit, why string) {
	m.log.Warn("visit given up", "url", v.URL, "source", v.Source, "why", edit.Cut(why, 512), "attempts", v.Attempt)
	m.counts.givenUp.Add(1)
	m.end(ctx, v, why)
}

// drop ends a visit whose page is no article; its URL stays known.
func (m *Monitor) drop(ctx context.Context, v veille.Visit, why string) {
	m.counts.dropped.Add(1)
	m.log.Info("visit dropped", "url", v.URL, "source", v.Source, "why", edit.Cut(why, 512), "attempts", v.Attempt)
	m.end(ctx, v, why)
}

// end drops a visit; why it brought no article is remembered.
func (m *Monitor) end(ctx context.Context, v veille.Visit, why string) {
	if v.Failure == (veille.Failure{}) {
		v.Failure = veille.Failure{At: time.Now().UTC(), Why: edit.Cut(why, 512)}
	}
	_ = m.reschedule(ctx, v, nil)
}

// orphan keeps a visit of a source that left the plan, in case it comes back.
func (m *Monitor) orphan(ctx context.Context, v veille.Visit) {
	next := v
	next.Attempt = max(v.Attempt, orphaned) + 1
	if next.Attempt-orphaned > int(orphanWait/orphanStep) {
		m.drop(ctx, v, "source removed")
		return
	}
	next.Due = time.Now().Add(orphanStep)
	_ = m.reschedule(ctx, v, &next)
}
