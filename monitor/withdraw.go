package monitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"veille"
)

const (
	// A withdrawal is certain after goneChecks checks, or goneExplicit where
	// the server says 410.
	goneChecks, goneExplicit = 3, 2
	// undecided is how long an article may be neither here nor gone.
	undecided = 14 * 24 * time.Hour
	// neighbours is how many other articles of a site are looked at before one
	// is said to be withdrawn.
	neighbours = 2
	// longestDoubt is the longest wait between two checks of a site that fails.
	longestDoubt = 24 * time.Hour
)

func needed(c veille.Condition) int {
	if c == veille.ConditionGone {
		return goneExplicit
	}
	return goneChecks
}

// towards reports whether a check at now is one more towards a withdrawal.
func (m *Monitor) towards(a veille.Article, now time.Time) bool {
	return a.GoneChecks == 0 || now.Sub(a.GoneAt) >= m.spacing
}

// decides reports whether a look that finds an article gone makes it a
// withdrawal.
func (m *Monitor) decides(a veille.Article, c veille.Condition, now time.Time) bool {
	return !a.Withdrawn && m.towards(a, now) && a.GoneChecks+1 >= needed(c)
}

// goneCommit counts a check that found the article gone.
func (m *Monitor) goneCommit(ctx context.Context, p *plan, source *veille.Source, a veille.Article, v veille.Visit, c veille.Condition, now time.Time) (veille.ArticleCommit, error) {
	commit := veille.ArticleCommit{Expect: a.Revision, Done: v}
	withdrawn := m.decides(a, c, now)
	a.CheckedAt, a.Condition = now.UTC(), c
	if a.GoneChecks == 0 {
		a.GoneSince = now.UTC()
	}
	if m.towards(a, now) {
		a.GoneChecks++
		a.GoneAt = now.UTC()
	}
	if !withdrawn {
		commit.Article, commit.Next = a, m.goOn(source, a, v, now)
		return commit, nil
	}
	a.Withdrawn = true
	others, err := m.others(ctx, a)
	if err != nil {
		return commit, err
	}
	carried(&a, others)
	matches := p.matches(a.Snapshot, m.shownBy(p, a)...)
	out := outbox{plan: p, now: now}
	out.tell(happening{
		kind: veille.ArticleWithdrawn, watches: p.followers(veille.ArticleWithdrawn, a, matches), matches: matches,
		message: fmt.Sprintf("%s, at %d checks since %s.", sentence(string(c)), a.GoneChecks, a.GoneSince.Format("2 Jan 2006 15:04 UTC")),
	}, a)
	if err := m.attest(ctx, a, &out); err != nil {
		return commit, err
	}
	m.log.Info("article withdrawn", "url", a.URL, "how", string(c), "checks", a.GoneChecks)
	commit.Article, commit.Events, commit.Deliveries = a, out.events, out.deliveries
	// It is looked for again in case it comes back.
	commit.Next = nextStep(source, a, now, 1, now)
	return commit, nil
}

// sentence begins a text with a capital.
func sentence(text string) string {
	if text != "" && text[0] >= 'a' && text[0] <= 'z' {
		return string(text[0]-'a'+'A') + text[1:]
	}
	return text
}

// here notes that an article was seen. Of one that was withdrawn it returns how
// it had gone.
func (m *Monitor) here(a *veille.Article, c veille.Condition, now time.Time) (back veille.Condition) {
	if a.Withdrawn {
		if back = a.Condition; back == "" {
			back = veille.ConditionNotFound
		}
		m.log.Info("article is back", "url", a.URL)
	}
	a.CheckedAt, a.Condition, a.GoneChecks, a.Withdrawn = now.UTC(), c, 0, false
	a.GoneSince, a.GoneAt = time.Time{}, time.Time{}
	return back
}

// returnedCommit makes a revision of the return of an article whose text is
// what it was.
func (m *Monitor) returnedCommit(ctx context.Context, p *plan, source *veille.Source, a veille.Article, v veille.Visit, how veille.Condition, now time.Time) (veille.ArticleCommit, error) {
	a.Revision++
	e := editing{
		plan: p, out: &outbox{plan: p, now: now}, sources: m.shownBy(p, a), old: a.Snapshot, snap: a.Snapshot,
		change: &veille.Change{Added: []string{}, Removed: []string{}, Returned: true},
	}
	m.tellReturn(p, a, how, e)
	// What the server says is unchanged was archived before.
	if err := m.attest(ctx, a, e.out); err != nil {
		return veille.ArticleCommit{}, err
	}
	return veille.ArticleCommit{
		Article: a, Expect: a.Revision - 1, Done: v, Next: m.afterChange(source, a, v, now),
		Revision: &veille.Revision{ArticleID: a.ID, Number: a.Revision, At: now.UTC(), Snapshot: a.Snapshot, Change: e.change},
		Events:   e.out.events, Deliveries: e.out.deliveries,
	}, nil
}

// tellReturn tells those who were told that the article is gone, and those who
// follow its edits where it came back with another text.
func (m *Monitor) tellReturn(p *plan, a veille.Article, how veille.Condition, e editing) {
	before, after := p.matches(e.old, e.sources...), p.matches(e.snap, e.sources...)
	watches := p.followers(veille.ArticleWithdrawn, a, before)
	if len(e.change.Fields) > 0 && e.change.Reverts == 0 && !e.change.Reread {
		for _, name := range p.followers(veille.ArticleEdited, a, before) {
			if !slices.Contains(watches, name) {
				watches = append(watches, name)
			}
		}
	}
	e.out.tell(happening{
		kind: veille.ArticleEdited, change: e.change, watches: watches, matches: after,
		message: fmt.Sprintf("Back after it was withdrawn (%s).", how),
	}, a)
}

// siteFails reports whether an article that is gone is only one of many: the
// site itself is what fails then. Its listing is asked about, and the articles
// that it published just before.
func (m *Monitor) siteFails(ctx context.Context, p *plan, source *veille.Source, a veille.Article) bool {
	m.mu.Lock()
	run := m.sources[source.Name]
	broken := run != nil && run.state.Fails > 0
	listed := run != nil && !broken && run.state.ErrorKind == "" && run.state.LastSuccess.After(a.GoneSince)
	m.mu.Unlock()
	others, err := m.neighboursOf(ctx, a)
	if err != nil {
		m.log.Error("stored articles not readable", "source", a.Source, "error", err)
		return true
	}
	alive := listed && len(others) == 0 ||
		!broken && slices.ContainsFunc(others, func(o veille.Article) bool { return m.alive(ctx, p, source, o, a.GoneAt) })
	if !alive && ctx.Err() == nil {
		m.log.Info("gone like other pages of its site, not said to be withdrawn", "url", a.URL)
	}
	return !alive
}

// neighboursOf are articles of the same source and host that were first seen
// just before an article, and where there are none just after it.
func (m *Monitor) neighboursOf(ctx context.Context, a veille.Article) ([]veille.Article, error) {
	var out []veille.Article
	for _, before := range []time.Time{a.FirstSeen, {}} {
		found, err := m.store.Articles(ctx, veille.ArticleFilter{Source: a.Source, Page: veille.Page{Limit: 8 * neighbours, Before: before}})
		if err != nil && !errors.Is(err, veille.ErrNotFound) {
			return nil, err
		}
		for _, other := range found {
			known := slices.ContainsFunc(out, func(o veille.Article) bool { return o.ID == other.ID })
			if len(out) < neighbours && !known && other.ID != a.ID && !other.Withdrawn && hostOf(other.URL) == hostOf(a.URL) {
				out = append(out, other)
			}
		}
	}
	return out, nil
}

// alive reports whether a neighbour is in plain sight, as a look after a time
// found or as one finds now.
func (m *Monitor) alive(ctx context.Context, p *plan, source *veille.Source, a veille.Article, after time.Time) bool {
	switch lately := time.Since(a.CheckedAt) < m.spacing; {
	case lately && a.GoneChecks == 0 && a.Condition == "" && a.CheckedAt.After(after):
		return true
	case lately && a.GoneChecks > 0:
		return false // a whole site must not be asked about once an article
	}
	at := a.URL
	if a.Snapshot.URL != "" {
		at = a.Snapshot.URL
	}
	snap, err := m.crawler.Recheck(ctx, *source, at, a.Snapshot.Validators)
	if err != nil {
		return false
	}
	s, _ := see(a, snap, at, p.lists)
	return s == sightSame || s == sightChanged || s == sightWalled
}
