package monitor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"veille"
	"veille/monitor/edit"
	"veille/monitor/story"
)

// liveQuiet is the least time between two alerts of a live blog. What changes
// meanwhile is told together.
const liveQuiet = 30 * time.Minute

// changedCommit makes a revision of an edit and tells the watches.
func (m *Monitor) changedCommit(ctx context.Context, p *plan, source *veille.Source, a veille.Article, v veille.Visit, snap veille.Snapshot, c veille.Condition, now time.Time) (veille.ArticleCommit, error) {
	revisions, err := m.revisions(ctx, a.ID)
	if err != nil {
		return veille.ArticleCommit{}, err
	}
	carryOver(&snap, a.Snapshot)
	e := editing{plan: p, out: &outbox{plan: p, now: now}, sources: m.shownBy(p, a), old: a.Snapshot, snap: snap}
	e.change = edit.Between(a.Snapshot, snap)
	e.change.Reverts = reverts(revisions, snap)
	e.change.Reread = a.Snapshot.Reading != snap.Reading
	switch {
	case a.Snapshot.Kind == veille.KindPaywall && snap.Kind == veille.KindArticle:
		e.unlocked = "a paywall hid it"
	case a.Snapshot.Cut > 0 && snap.Pages() > a.Snapshot.Pages():
		e.unlocked = "a further page could not be had"
	}
	live := snap.Live || a.Snapshot.Live

	back := m.here(&a, c, now)
	a.Revision++
	a.Snapshot = snap
	a.TextHash, _ = edit.TextHash(snap.Title, snap.Body)
	if e.others, err = m.others(ctx, a); err != nil {
		return veille.ArticleCommit{}, err
	}
	carried(&a, e.others)
	revision := *e.change
	revision.Returned = back != ""
	if live && !e.silent() && a.Untold == 0 {
		a.Untold = a.Revision - 1
	}
	switch {
	case back != "":
		e.change = &revision
		m.tellReturn(p, a, back, e)
		a.Untold = 0
	case live && now.Sub(a.ToldAt) < liveQuiet:
		// It is told with what comes until then.
	case a.Untold > 0:
		e.since(revisions, a.Untold)
		fallthrough
	default:
		if err := m.tellEdited(ctx, &e, &a); err != nil {
			return veille.ArticleCommit{}, err
		}
		a.Untold = 0
	}
	if err := m.tellAdded(ctx, &e, &a); err != nil {
		return veille.ArticleCommit{}, err
	}
	if len(e.out.events) > 0 {
		a.ToldAt = now.UTC()
	}
	return veille.ArticleCommit{
		Article: a, Expect: a.Revision - 1, Done: v, Next: m.afterChange(source, a, v, now),
		Revision: &veille.Revision{ArticleID: a.ID, Number: a.Revision, At: now.UTC(), Snapshot: snap, Change: &revision, Joins: e.joins},
		Events:   e.out.events, Deliveries: e.out.deliveries,
	}, nil
}

func (m *Monitor) revisions(ctx context.Context, id string) ([]veille.Revision, error) {
	revisions, err := m.store.Revisions(ctx, id)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		return nil, fmt.Errorf("read revisions: %w", err)
	}
	return revisions, nil
}

// reverts returns the latest revision that reads as a snapshot does: a text
// that was there before is a flip, told when it first changed.
func reverts(revisions []veille.Revision, snap veille.Snapshot) int {
	for i, r := range slices.Backward(revisions) {
		// The newest revision is what was just left.
		if i < len(revisions)-1 && edit.Between(r.Snapshot, snap) == nil {
			return r.Number
		}
	}
	return 0
}

// editing is one edit while it is decided who is told.
type editing struct {
	plan    *plan
	out     *outbox
	sources []*veille.Source
	// old and snap are the texts compared, change what changed between them.
	old, snap veille.Snapshot
	change    *veille.Change
	// unlocked says what kept the text from being read before; empty if nothing
	// did.
	unlocked string
	// others are the other articles of the story; joins is the URL of one whose
	// edit told what this one would have.
	others []veille.Member
	joins  string
}

// silent reports whether the edit is none to those who were told already: the
// text was there before, was only hidden, or was only read otherwise.
func (e *editing) silent() bool {
	return e.change == nil || e.change.Reverts > 0 || e.change.Reread || e.unlocked != ""
}

// since makes an editing of all that happened after a revision.
func (e *editing) since(revisions []veille.Revision, number int) {
	for _, r := range revisions {
		if r.Number == number {
			e.old = r.Snapshot
			e.change = edit.Between(r.Snapshot, e.snap)
			if e.change != nil {
				e.change.Since = number
			}
			return
		}
	}
}

// tellEdited tells the watches that follow the article. One whose words the
// edit took away is told so, once; one that was told of the same edit of another
// copy is not told again.
func (m *Monitor) tellEdited(ctx context.Context, e *editing, a *veille.Article) error {
	p := e.plan
	before, after := p.matches(e.old, e.sources...), p.matches(e.snap, e.sources...)
	for name, match := range p.addedMatches(e.old, e.snap, e.sources...) {
		after[name] = match
	}
	var watches, unmatched []string
	for _, name := range p.followers(veille.ArticleEdited, *a, before, after) {
		w := p.watches[name]
		_, matches := after[name]
		switch {
		case !matches && (w.Added || e.change != nil && e.change.Reread):
		case !matches && slices.Contains(a.Unmatched, name):
		case !matches:
			unmatched = append(unmatched, name)
		case e.silent(), w.OnlyTitle && e.change.Title == nil, e.change.Size() < w.MinChange:
		default:
			watches = append(watches, name)
		}
	}
	gone := slices.Clone(unmatched)
	watches, unmatched, err := m.withoutJoined(ctx, e, watches, unmatched)
	if err != nil {
		return err
	}
	if !e.silent() {
		a.Unmatched = slices.DeleteFunc(slices.Clone(a.Unmatched), func(name string) bool { return slices.Contains(watches, name) })
	}
	for _, name := range gone {
		if slices.Contains(a.Alerted, name) {
			a.Unmatched = append(slices.Clip(a.Unmatched), name)
		}
	}
	e.out.tell(happening{
		kind: veille.ArticleEdited, change: e.change, watches: append(watches, unmatched...), unmatched: unmatched, matches: after,
	}, *a)
	return nil
}

// tellAdded tells the watches that the edit made match, and those to which it
// says something that the copies they were told of do not.
func (m *Monitor) tellAdded(ctx context.Context, e *editing, a *veille.Article) error {
	p := e.plan
	before, after := p.matches(e.old, e.sources...), p.matches(e.snap, e.sources...)
	for name, match := range p.addedMatches(e.old, e.snap, e.sources...) {
		after[name] = match
	}
	// joinable are told unless the same edit of another copy was.
	var newly, joinable []string
	var told map[string]bool
	figure := false
	for _, name := range slices.Sorted(maps.Keys(after)) {
		w := p.watches[name]
		// A watch added since the article was read looks only forward: what
		// matched before the edit is not news. To one that a copy had told of the
		// story, what the edit adds may be.
		_, had := before[name]
		byCopy := slices.Contains(a.ToldByCopy, name) && e.change != nil && e.change.Words.Added > 0 && e.change.Reverts == 0 && !e.change.Reread
		if !w.Wants(veille.ArticlePublished) || slices.Contains(a.Alerted, name) || had && !byCopy {
			continue
		}
		if told == nil {
			tellers, err := m.tellers(ctx, e.others)
			if err != nil {
				return err
			}
			told = toldBy(*a, tellers)
			figure = story.ReadEdit(version(e.old), version(e.snap)).NewFigure(tellers)
		}
		if w.Added || had && told[name] && figure {
			joinable = append(joinable, name)
			continue
		}
		if told[name] && !w.EachCopy {
			if !slices.Contains(a.ToldByCopy, name) {
				a.ToldByCopy = append(slices.Clip(a.ToldByCopy), name)
				slices.Sort(a.ToldByCopy)
			}
			continue
		}
		newly = append(newly, name)
	}
	joinable, _, err := m.withoutJoined(ctx, e, joinable, nil)
	if err != nil {
		return err
	}
	newly = append(newly, joinable...)
	if len(newly) == 0 {
		return nil
	}
	a.ToldByCopy = slices.DeleteFunc(slices.Clone(a.ToldByCopy), func(name string) bool { return slices.Contains(newly, name) })
	a.Alerted = append(slices.Clone(a.Alerted), newly...)
	slices.Sort(a.Alerted)
	if err := m.hush(ctx, a, newly, e.out.now); err != nil {
		return err
	}
	message := fmt.Sprintf("Added in revision %d.", a.Revision)
	switch {
	case e.change != nil && e.change.Reread:
		message = fmt.Sprintf("Read anew in revision %d.", a.Revision)
	case e.unlocked != "":
		message = fmt.Sprintf("Readable since revision %d; before, %s.", a.Revision, e.unlocked)
	}
	e.out.tell(happening{kind: veille.ArticlePublished, change: e.change, watches: newly, matches: after, message: message}, *a)
	return nil
}

// tellOverdue tells the edits of a live blog that waited long enough.
func (m *Monitor) tellOverdue(ctx context.Context, p *plan, id string) {
	a, err := m.store.Article(ctx, id)
	if err != nil || !overdue(a, time.Now()) {
		return
	}
	defer m.holdStory(a)()
	defer m.hold(id)()
	for range conflictTries {
		now := time.Now()
		a, err := m.store.Article(ctx, id)
		if err != nil || !overdue(a, now) {
			return
		}
		revisions, err := m.revisions(ctx, id)
		if err != nil {
			m.log.Error("stored article not readable", "url", a.URL, "error", err)
			return
		}
		e := editing{plan: p, out: &outbox{plan: p, now: now}, sources: m.shownBy(p, a), old: a.Snapshot, snap: a.Snapshot}
		if e.others, err = m.others(ctx, a); err != nil {
			m.log.Error("stored article not readable", "url", a.URL, "error", err)
			return
		}
		carried(&a, e.others)
		e.since(revisions, a.Untold)
		if err := m.tellEdited(ctx, &e, &a); err != nil {
			m.log.Error("stored article not readable", "url", a.URL, "error", err)
			return
		}
		a.Untold, a.ToldAt = 0, now.UTC()
		if err := m.attest(ctx, a, e.out); err != nil {
			m.log.Error("stored article not readable", "url", a.URL, "error", err)
			return
		}
		c := veille.ArticleCommit{Article: a, Expect: a.Revision, Events: e.out.events, Deliveries: e.out.deliveries}
		err = m.store.CommitArticle(ctx, c)
		if errors.Is(err, veille.ErrConflict) {
			continue
		}
		if !m.storeFailed(ctx, "commit article", err) {
			m.committed(c)
		}
		return
	}
}

func overdue(a veille.Article, now time.Time) bool {
	return a.Untold > 0 && now.Sub(a.ToldAt) >= liveQuiet
}

// carryOver keeps what a later look no longer says.
func carryOver(snap *veille.Snapshot, old veille.Snapshot) {
	if snap.Title == "" {
		snap.Title = old.Title
	}
	if snap.Description == "" {
		snap.Description = old.Description
	}
	if snap.Image == "" {
		snap.Image = old.Image
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
