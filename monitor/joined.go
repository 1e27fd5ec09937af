package monitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"veille"
	"veille/monitor/edit"
	"veille/monitor/story"
)

const (
	// enoughTellers is how many articles of a story that alerted a watch are read
	// at most, mostEdited how many of which the edits are compared.
	enoughTellers, mostEdited = 8, 64
)

// holdStory keeps the edits of a story's other articles away until the returned
// function is called: two copies edited at the same moment must not both be the
// first.
func (m *Monitor) holdStory(a veille.Article) (release func()) {
	lock := &m.copies[nameHash(a.Story.ID)%uint64(len(m.copies))]
	lock.Lock()
	return lock.Unlock
}

// others are the members of an article's story but itself.
func (m *Monitor) others(ctx context.Context, a veille.Article) ([]veille.Member, error) {
	members, err := m.store.Story(ctx, a.Story.ID)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		return nil, fmt.Errorf("read story: %w", err)
	}
	return slices.DeleteFunc(members, func(member veille.Member) bool { return member.Article == a.ID }), nil
}

// carried counts anew how many outlets carry an article's story.
func carried(a *veille.Article, others []veille.Member) {
	a.Story.Outlets = max(a.Story.Outlets, veille.Outlets(append(slices.Clip(others), veille.Member{URL: a.URL})))
}

// tellers are the other articles of a story that alerted; of those that alerted
// one watch, the first few.
func (m *Monitor) tellers(ctx context.Context, members []veille.Member) ([]veille.Article, error) {
	var out []veille.Article
	read := map[string]int{}
	for _, member := range members {
		if !slices.ContainsFunc(member.Alerted, func(name string) bool { return read[name] < enoughTellers }) {
			continue
		}
		other, err := m.store.Article(ctx, member.Article)
		if errors.Is(err, veille.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read copies: %w", err)
		}
		for _, name := range other.Heard() {
			read[name]++
		}
		out = append(out, other)
	}
	return out, nil
}

// toldBy names the watches that one of some articles has told of what another
// one says now: those that it alerted, where this one adds nothing to it.
func toldBy(a veille.Article, tellers []veille.Article) map[string]bool {
	told := map[string]bool{}
	text := story.Read(a.Snapshot.Body)
	for _, other := range tellers {
		fresh := slices.ContainsFunc(other.Heard(), func(name string) bool { return !told[name] })
		if !fresh || story.Adds(a, text, other) {
			continue
		}
		for _, name := range other.Heard() {
			told[name] = true
		}
	}
	return told
}

// hush notes which of the watches that an article alerts now will not hear of it.
// A copy of another source must tell them.
func (m *Monitor) hush(ctx context.Context, a *veille.Article, watches []string, now time.Time) error {
	if len(watches) == 0 {
		return nil
	}
	mutes, err := m.mutes(ctx)
	if err != nil {
		return err
	}
	if mutedAt(mutes, a.Source, now) {
		a.Hushed = append(slices.Clip(a.Hushed), watches...)
		slices.Sort(a.Hushed)
	}
	return nil
}

func (m *Monitor) mutes(ctx context.Context) ([]veille.Mute, error) {
	mutes, err := m.store.Mutes(ctx)
	if err != nil {
		return nil, fmt.Errorf("read mutes: %w", err)
	}
	return mutes, nil
}

// mutedAt reports whether a source was, or is, muted at a time.
func mutedAt(mutes []veille.Mute, source string, at time.Time) bool {
	return slices.ContainsFunc(mutes, func(mute veille.Mute) bool {
		return mute.Source == source && source != "" && !at.Before(mute.Since) && at.Before(mute.Until)
	})
}

// withoutJoined leaves out of the watches that an edit is told to those that were
// told of the same edit of another article of the story, and notes that article.
// What a mute kept back was told to nobody.
func (m *Monitor) withoutJoined(ctx context.Context, e *editing, watches, unmatched []string) (still, stillUnmatched []string, err error) {
	once := func(name string) bool { return !e.plan.watches[name].EachCopy }
	if e.change == nil || !slices.ContainsFunc(watches, once) && !slices.ContainsFunc(unmatched, once) {
		return watches, unmatched, nil
	}
	mutes, err := m.mutes(ctx)
	if err != nil {
		return nil, nil, err
	}
	var this *story.Edit
	compared := 0
	for _, member := range slices.Backward(e.others) {
		if member.Revision < 2 || compared == mostEdited {
			continue
		}
		compared++
		if this == nil {
			this = story.ReadEdit(version(e.old), version(e.snap))
		}
		told, err := m.toldAlike(ctx, member, this)
		if err != nil {
			return nil, nil, err
		}
		spare := func(names []string, of []string) []string {
			return slices.DeleteFunc(names, func(name string) bool {
				spared := once(name) && slices.Contains(of, name)
				if spared {
					e.joins = member.URL
				}
				return spared
			})
		}
		for _, event := range told {
			if mutedAt(mutes, member.Source, event.Time) {
				continue
			}
			watches, unmatched = spare(watches, event.Watches), spare(unmatched, event.Unmatched)
		}
	}
	return watches, unmatched, nil
}

// toldAlike are the events that told of an edit of a member which an edit
// repeats.
func (m *Monitor) toldAlike(ctx context.Context, member veille.Member, this *story.Edit) ([]veille.Event, error) {
	revisions, err := m.revisions(ctx, member.Article)
	if err != nil {
		return nil, err
	}
	var told []veille.Event
	for i, r := range revisions {
		if i == 0 || r.Change == nil {
			continue
		}
		var events []veille.Event
		for _, kind := range []veille.EventType{veille.ArticleEdited, veille.ArticlePublished} {
			event, err := m.store.Event(ctx, veille.EventID(member.Article, kind, r.Number))
			switch {
			case err == nil:
				events = append(events, event)
			case !errors.Is(err, veille.ErrNotFound):
				return nil, fmt.Errorf("read event: %w", err)
			}
		}
		if len(events) == 0 {
			continue
		}
		from := revisions[i-1]
		if c := events[0].Revision; c != nil && c.Change != nil && c.Change.Since > 0 {
			if j := slices.IndexFunc(revisions, func(r veille.Revision) bool { return r.Number == c.Change.Since }); j >= 0 {
				from = revisions[j]
			}
		}
		if this.Repeats(story.ReadEdit(version(from.Snapshot), version(r.Snapshot))) {
			told = append(told, events...)
		}
	}
	return told, nil
}

// version is what of a snapshot is compared with another copy's.
func version(s veille.Snapshot) story.Version {
	return story.Version{Title: edit.Form(s.Title), Lead: edit.SteadyText(s.Description), Body: edit.SteadyText(s.Body)}
}

// toldByCopies names the watches that were told of an article's story by another
// article with the same text.
func (m *Monitor) toldByCopies(ctx context.Context, a veille.Article) (map[string]bool, error) {
	told := map[string]bool{}
	copies, err := m.store.ArticlesByText(ctx, a.TextHash)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		return nil, fmt.Errorf("read copies: %w", err)
	}
	for _, other := range copies {
		if other.ID == a.ID || other.Story.ID != a.Story.ID {
			continue
		}
		for _, name := range other.Heard() {
			told[name] = true
		}
	}
	return told, nil
}
