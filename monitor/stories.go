package monitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"veille"
	"veille/monitor/story"
)

// mostAlike bounds the articles that a new one is compared with.
const mostAlike = 8

// holdCopies locks whatever another page that says the same would lock, by the
// hash of its text and its signature, or by any of some names, and returns what
// unlocks it. Locks are taken in their order, so that no two pages wait for one
// another.
func (m *Monitor) holdCopies(text *story.Text, names ...string) (release func()) {
	var stripes []uint64
	for _, name := range names {
		stripes = append(stripes, nameHash(name)%uint64(len(m.copies)))
	}
	for _, tag := range text.Signature() {
		stripes = append(stripes, uint64(tag)%uint64(len(m.copies)))
	}
	slices.Sort(stripes)
	stripes = slices.Compact(stripes)
	for _, i := range stripes {
		m.copies[i].Lock()
	}
	return func() {
		for _, i := range stripes {
			m.copies[i].Unlock()
		}
	}
}

// signPast makes the articles findable that an earlier release stored: their
// copies must not alert because of an upgrade.
func (m *Monitor) signPast(ctx context.Context) error {
	n, err := m.store.SignPast(ctx, time.Now().Add(-story.Window), signature)
	if n > 0 {
		m.log.Info("articles of an earlier release signed", "articles", n)
	}
	return err
}

// signature is what an article is found by when a near copy of it comes; nil for
// one that none is looked for.
func signature(a veille.Article) []uint32 {
	text := story.Read(a.Snapshot.Body)
	if text.Words < story.LeastWords {
		return nil
	}
	return text.Signature()
}

// place finds the story of a new article, among those with the same text and
// those that are like it, and how many outlets carry it now; more says that the
// article's is one more.
func (m *Monitor) place(ctx context.Context, a veille.Article, text *story.Text, same []veille.Article) (g story.Grouping, more bool, err error) {
	candidates := slices.Clone(same)
	if text.Words >= story.LeastWords {
		like, err := m.store.ArticlesLike(ctx, text.Shingles(), a.FirstSeen.Add(-story.Window), mostAlike)
		if err != nil {
			return g, false, fmt.Errorf("read near copies: %w", err)
		}
		for _, l := range like {
			if !slices.ContainsFunc(candidates, func(c veille.Article) bool { return c.ID == l.ID }) {
				candidates = append(candidates, l)
			}
		}
	}
	slices.SortStableFunc(candidates, func(a, b veille.Article) int { return a.FirstSeen.Compare(b.FirstSeen) })
	g = story.Place(a, text, candidates)
	if g.Story.Kind == "" {
		return g, false, nil
	}
	members, err := m.store.Story(ctx, g.Story.ID)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		return g, false, fmt.Errorf("read story: %w", err)
	}
	before := veille.Outlets(members)
	g.Story.Outlets = veille.Outlets(append(members, veille.Member{URL: a.URL}))
	return g, g.Story.Outlets > before, nil
}

// toldOf names the watches that the near copies of an article have told of what
// it says: the one that it is most like, and those that are copies of it.
func (m *Monitor) toldOf(ctx context.Context, a veille.Article) (map[string]bool, error) {
	told := map[string]bool{}
	members, err := m.store.Story(ctx, a.Story.ID)
	if err != nil && !errors.Is(err, veille.ErrNotFound) {
		return nil, fmt.Errorf("read story: %w", err)
	}
	for _, member := range members {
		like := member.Article == a.Story.Of && a.Story.Kind != veille.StoryUpdate || member.Of == a.ID && member.Kind == veille.StoryCopy
		if !like || member.Article == a.ID {
			continue
		}
		for _, name := range member.Alerted {
			told[name] = true
		}
	}
	return told, nil
}

// firstOf names who carried a story first.
func firstOf(s veille.Story) string { return cmp.Or(s.FirstSource, veille.Outlet(s.First)) }

// grownAt are the numbers of outlets at which a story is said to have grown: a
// wire that everybody carries tells of it a few times, not each time.
var grownAt = [...]int{2, 3, 5, 10, 20, 50, 100, 200, 500}

// grown tells the watches that asked for it that one more outlet carries their
// story.
func (o *outbox) grown(a veille.Article, watches []string, matches map[string]veille.Match) {
	if !slices.Contains(grownAt[:], a.Story.Outlets) {
		return
	}
	var asked []string
	for _, name := range watches {
		if o.plan.watches[name].Wants(veille.StoryGrown) {
			asked = append(asked, name)
		}
	}
	o.add(veille.StoryGrown, a, nil, asked, matches)
	if len(asked) > 0 {
		e := &o.events[len(o.events)-1]
		e.Message = fmt.Sprintf("Also in %d outlets, first: %s %s.", a.Story.Outlets, firstOf(a.Story), a.Story.FirstSeen.UTC().Format("2 Jan 15:04 UTC"))
	}
}
