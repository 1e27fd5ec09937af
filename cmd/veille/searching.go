package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"veille"
	"veille/monitor/query"
	"veille/store/bolt"
	"veille/store/search"
)

const (
	// searchTime bounds the work of one search, quickTime that of counting for a
	// page.
	searchTime = 2 * time.Second
	quickTime  = 100 * time.Millisecond
	// mostChanged is how many changed articles a search looks at one by one;
	// where more wait to be indexed it goes without the index.
	mostChanged = 2000
)

// setting is what a search must know of the configuration.
type setting struct {
	concepts map[string][]string
	sources  []veille.Source
	zone     *time.Location
}

// searcher looks for stored articles. The index only says where to look:
// whether an article matches is the rule language's to say.
type searcher struct {
	store *bolt.Store
	// index is nil where it cannot be used.
	index   *search.Index
	setting func() setting
	// turn lets one search work at a time: alerts come first.
	turn chan struct{}
	// time and quick bound the work of a search (see searchTime).
	time, quick time.Duration
}

func newSearcher(store *bolt.Store, index *search.Index, s func() setting) *searcher {
	return &searcher{store: store, index: index, setting: s, turn: make(chan struct{}, 1), time: searchTime, quick: quickTime}
}

// Search answers a query. One with mistakes is an error that joins each
// veille.Problem.
func (s *searcher) Search(ctx context.Context, f veille.SearchFilter) (veille.SearchResult, error) {
	now := s.setting()
	set, err := query.Compile([]veille.Watch{{Name: "search", Query: f.Query, Broad: true}}, now.concepts)
	if err != nil {
		return veille.SearchResult{}, err
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return veille.SearchResult{}, ctx.Err()
	}
	f.Language, _, _ = strings.Cut(strings.ToLower(f.Language), "-")
	began := time.Now()
	run := &searching{filter: f, setting: now, set: set, deadline: began.Add(s.time), quick: began.Add(s.quick)}
	err = run.through(ctx, s)
	return run.result, err
}

// searching is one search under way.
type searching struct {
	filter   veille.SearchFilter
	setting  setting
	set      *query.Set
	deadline time.Time
	quick    time.Time
	result   veille.SearchResult
	tally    tally
	last     string
}

// through looks at what the index names and at what it does not cover, newest
// first.
func (r *searching) through(ctx context.Context, s *searcher) error {
	r.result = veille.SearchResult{Hits: []veille.SearchHit{}, Stored: s.store.ArticleCount()}
	defer func() {
		if r.filter.Facets {
			r.result.Facets = r.tally.facets()
		}
		if r.result.Complete {
			r.result.Looked = r.result.Stored
		}
		r.result.Looked = min(r.result.Looked, r.result.Stored)
	}()
	var mark search.Mark
	var changed []search.Entry
	if s.index != nil {
		mark = s.index.Mark()
		changes, err := s.store.Changes(ctx, mark.Seq, mostChanged+1)
		if err != nil {
			return err
		}
		if len(changes) > mostChanged {
			mark = search.Mark{}
		} else {
			changed = r.entries(changes, mark)
		}
	}
	r.result.Indexing = !mark.Whole
	if mark.Whole || !mark.Floor.IsZero() {
		more, err := r.indexed(ctx, s, mark, changed)
		if errors.Is(err, search.ErrDamaged) {
			// The indexer begins anew; this search goes without it.
			*r = searching{filter: r.filter, setting: r.setting, set: r.set, deadline: r.deadline, quick: r.quick,
				result: veille.SearchResult{Hits: []veille.SearchHit{}, Stored: r.result.Stored, Indexing: true}}
			if err := s.index.Reset(); err != nil {
				return err
			}
			mark, more = search.Mark{}, true
		} else if err != nil {
			return err
		}
		if !more || mark.Whole {
			return nil
		}
	}
	return r.scanned(ctx, s, mark.Floor)
}

// entries are the changed articles in the order of a search. Those that the
// index is yet to go back to are met there.
func (r *searching) entries(changes []bolt.Change, mark search.Mark) []search.Entry {
	var out []search.Entry
	for _, c := range changes {
		e := search.Entry{First: stampOf(c.FirstSeen), ID: c.ArticleID}
		if (mark.Whole || !c.FirstSeen.Before(mark.Floor)) && (r.filter.Before.IsZero() || c.FirstSeen.Before(r.filter.Before)) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b search.Entry) int {
		return cmp.Or(cmp.Compare(b.First, a.First), cmp.Compare(b.ID, a.ID))
	})
	return slices.Compact(out)
}

// indexed looks at the changed articles and those that the index names. It
// reports whether a search may go on below.
func (r *searching) indexed(ctx context.Context, s *searcher, mark search.Mark, changed []search.Entry) (bool, error) {
	wants := []query.Wanted{r.set.Wanted()}
	if r.filter.Language != "" {
		wants = append(wants, query.InLanguage(r.filter.Language))
	}
	if r.filter.Source != "" {
		wants = append(wants, query.Wanted{Word: sourceMark + r.filter.Source})
	}
	before := search.Entry{}
	if !r.filter.Before.IsZero() {
		before.First = stampOf(r.filter.Before)
	}
	bounded, cancel := context.WithDeadline(ctx, r.deadline)
	defer cancel()
	found := s.index.Find(bounded, wantOf(query.AllOf(wants...)), before)
	defer found.Close()
	looked := 0
	floor := uint64(0)
	if !mark.Whole {
		floor = stampOf(mark.Floor)
	}
	// What was edited below the floor is met again there.
	nextFound := func() (search.Entry, bool, error) {
		e, more, err := found.Next()
		return e, more && e.First >= floor, err
	}
	next, more, err := nextFound()
	for err == nil && (more || len(changed) > 0) {
		e, seen := next, false
		if seen = len(changed) > 0 && (!more || !older(changed[0], next)); seen {
			e, changed = changed[0], changed[1:]
			looked++
		}
		if e.ID != r.last {
			r.last = e.ID
			on, lerr := r.look(ctx, s, e)
			if lerr != nil || !on {
				r.result.Looked = found.Passed() + looked
				return false, lerr
			}
		}
		if !seen {
			next, more, err = nextFound()
		}
	}
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		r.result.Looked = found.Passed() + looked
		return false, nil
	}
	indexed, _ := s.index.Size()
	r.result.Looked, r.result.Complete = indexed+looked, err == nil && mark.Whole
	return true, err
}

// older reports whether a comes after b in a search.
func older(a, b search.Entry) bool {
	return a.First < b.First || a.First == b.First && a.ID < b.ID
}

func wantOf(w query.Wanted) search.Want {
	out := search.Want{Word: w.Word, Begin: w.Begin, N: w.N}
	for _, k := range w.All {
		out.All = append(out.All, wantOf(k))
	}
	for _, k := range w.Any {
		out.Any = append(out.Any, wantOf(k))
	}
	return out
}

// scanned looks at every article below a time.
func (r *searching) scanned(ctx context.Context, s *searcher, floor time.Time) error {
	if !r.filter.Before.IsZero() && (floor.IsZero() || r.filter.Before.Before(floor)) {
		floor = r.filter.Before
	}
	for {
		rows, whole, err := before(ctx, s.store, floor, 50)
		if err != nil {
			return err
		}
		for _, a := range rows {
			r.result.Looked++
			if !r.judge(a) {
				return nil
			}
			floor = a.FirstSeen
		}
		if whole {
			r.result.Complete = true
			return nil
		}
	}
}

// look reads an article and judges it. It reports whether to go on.
func (r *searching) look(ctx context.Context, s *searcher, e search.Entry) (bool, error) {
	a, err := s.store.Glance(ctx, e.ID)
	if errors.Is(err, veille.ErrNotFound) || errors.Is(err, bolt.ErrCorrupt) {
		return true, nil // pruned since, or told by the store
	}
	if err != nil {
		return false, err
	}
	return r.judge(a), nil
}

// judge takes an article up where it matches. It reports whether to go on.
func (r *searching) judge(a veille.Article) bool {
	f := r.filter
	if a.FirstSeen.Before(f.Since) {
		r.result.Complete = true
		return false
	}
	full := f.Limit > 0 && len(r.result.Hits) >= f.Limit
	now := time.Now()
	if full && (!f.Facets || f.Quick && now.After(r.quick)) || now.After(r.deadline) {
		return false
	}
	if f.Source != "" && a.Source != f.Source || f.Watch != "" && !slices.Contains(a.Alerted, f.Watch) {
		return true
	}
	// In the language of its page, as the index has it.
	_, tags := a.Snapshot.ShownBy(a.ShownBy(r.setting.sources))
	var matches []veille.Match
	var matching []int32
	var language string
	if full {
		matching, language = r.set.AppendMatching(nil, &a.Snapshot, tags) // only to be counted
	} else {
		matches, language = r.set.Match(a.Snapshot, tags)
	}
	language, _, _ = strings.Cut(strings.ToLower(language), "-")
	if len(matches)+len(matching) == 0 || f.Language != "" && language != f.Language {
		return true
	}
	if f.Facets {
		r.tally.count(a, language, r.setting.zone)
	}
	if !full {
		r.result.Hits = append(r.result.Hits, veille.SearchHit{
			Article: eventArticle(a), Watches: append([]string{}, a.Alerted...), Terms: matches[0].Terms, Excerpt: matches[0].Excerpt,
		})
	}
	return true
}

// eventArticle is an article as events show it.
func eventArticle(a veille.Article) veille.EventArticle {
	s := a.Snapshot
	return veille.EventArticle{
		ID: a.ID, URL: a.URL, Title: s.Title, Source: a.Source, Authors: append([]string{}, s.Authors...),
		Published: knownTime(s.Published), FirstSeen: a.FirstSeen, Language: known(s.Language),
		Summary: known(s.Description), Image: known(s.Image),
	}
}
