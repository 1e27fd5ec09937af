package monitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"veille"
	"veille/monitor/story"
)

// TellPast tells a watch of articles of the past, in the order given, as if it
// had been there when they were read, and returns how many alerts that made. An
// article, or a story, of which the watch was told before is not told again.
func (m *Monitor) TellPast(ctx context.Context, watch string, ids []string) (told int, err error) {
	p := m.plan.Load()
	w := p.watches[watch]
	switch {
	case w == nil:
		return 0, fmt.Errorf("watch %q is not in force: reload the configuration: %w", watch, veille.ErrNotFound)
	case !w.Wants(veille.ArticlePublished):
		return 0, fmt.Errorf("watch %q does not ask for new articles", watch)
	}
	for _, id := range ids {
		err := veille.ErrConflict
		made := false
		for range conflictTries {
			if made, err = m.tellPastOne(ctx, p, w, id); !errors.Is(err, veille.ErrConflict) {
				break
			}
		}
		if err != nil {
			return told, fmt.Errorf("tell of %s: %w", id, err)
		}
		if made {
			told++
		}
	}
	return told, nil
}

func (m *Monitor) tellPastOne(ctx context.Context, p *plan, w *veille.Watch, id string) (bool, error) {
	before, err := m.store.Article(ctx, id)
	if errors.Is(err, veille.ErrNotFound) {
		return false, nil // pruned meanwhile
	}
	if err != nil {
		return false, err
	}
	// Of a story that is read, listed, edited or told of at this moment, there is
	// one alert.
	defer m.holdCopies(story.Read(before.Snapshot.Body), before.TextHash, before.Story.ID)()
	defer m.hold(id)()
	a, err := m.store.Article(ctx, id)
	if errors.Is(err, veille.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if a.Withdrawn || slices.Contains(a.Alerted, w.Name) || slices.Contains(a.ToldByCopy, w.Name) {
		return false, nil
	}
	members, err := m.store.Story(ctx, a.Story.ID)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		return false, err
	}
	copied := slices.ContainsFunc(members, func(o veille.Member) bool { return o.Article != id && slices.Contains(o.Alerted, w.Name) })
	if copied && !w.EachCopy && a.Story.Kind != veille.StoryUpdate {
		return false, nil
	}
	matches := p.matches(a.Snapshot, m.shownBy(p, a)...)
	if _, ok := matches[w.Name]; !ok {
		return false, nil
	}
	now := time.Now()
	a.Alerted = append(slices.Clone(a.Alerted), w.Name)
	slices.Sort(a.Alerted)
	a.ToldAt = now.UTC()
	out := outbox{plan: p, now: now}
	out.tell(happening{kind: veille.ArticlePublished, watches: []string{w.Name}, matches: matches, message: "Found by a back-test, first seen " + a.FirstSeen.UTC().Format("2 Jan 2006 15:04 UTC") + "."}, a)
	if err := m.attest(ctx, a, &out); err != nil {
		return false, err
	}
	c := veille.ArticleCommit{Article: a, Expect: a.Revision, Events: out.events, Deliveries: out.deliveries}
	if err := m.store.CommitArticle(ctx, c); err != nil {
		return false, err
	}
	m.committed(c)
	return true, nil
}
