package monitor

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"veille"
)

// memory is a Store that keeps the contract of ports.go in maps. It outlives a
// Monitor, as a file outlives a process.
type memory struct {
	mu         sync.Mutex
	states     map[string]veille.SourceState
	validators map[string]veille.Validators
	known      map[string]string       // canonical URL → article id, or ""
	visits     map[string]veille.Visit // by URL: each waits for one visit
	articles   map[string]veille.Article
	revisions  map[string][]veille.Revision
	signatures map[string][]uint32
	paragraphs map[string]int // by site, how many articles have taught
	events     []veille.Event
	deliveries []veille.Delivery
	mutes      []veille.Mute
	pruned     time.Time

	// fail answers for a write instead of doing it.
	fail func(act string) error
	// linger is called after a read, which then answers with what was.
	linger func(act string)
	// commits counts writes by name; lookups, reads by URL.
	commits map[string]int
	lookups int
}

func newMemory() *memory {
	return &memory{
		states: map[string]veille.SourceState{}, validators: map[string]veille.Validators{}, known: map[string]string{},
		visits: map[string]veille.Visit{}, articles: map[string]veille.Article{}, revisions: map[string][]veille.Revision{}, signatures: map[string][]uint32{}, paragraphs: map[string]int{},
		commits: map[string]int{},
	}
}

// failing has each act fail as fail says, from now on; nil: none does.
func (s *memory) failing(fail func(act string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = fail
}

func (s *memory) write(ctx context.Context, act string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.fail != nil {
		if err := s.fail(act); err != nil {
			return err
		}
	}
	s.commits[act]++
	return nil
}

func (s *memory) Sources(context.Context) ([]veille.SourceState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []veille.SourceState
	for _, st := range s.states {
		out = append(out, st)
	}
	return out, nil
}

func (s *memory) SaveSources(ctx context.Context, states []veille.SourceState) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.write(ctx, "SaveSources"); err != nil {
		return err
	}
	for _, st := range states {
		s.states[st.Name] = st
	}
	return nil
}

func (s *memory) Known(_ context.Context, urls []string) ([]bool, error) {
	defer s.lingering("Known")
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]bool, len(urls))
	for i, u := range urls {
		_, out[i] = s.known[u]
	}
	return out, nil
}

func (s *memory) CommitPoll(ctx context.Context, p veille.PollCommit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.write(ctx, "CommitPoll"); err != nil {
		return err
	}
	for _, v := range slices.Concat(p.Visits, p.Joins) {
		if s.known[v.URL] != "" {
			return veille.ErrConflict
		}
	}
	for _, v := range slices.Concat(p.Visits, p.Joins) {
		if first, waits := s.visits[v.URL]; waits && first.ArticleID == "" && first.Join(v.Listings()...) {
			s.visits[v.URL] = first
		}
	}
	s.states[p.State.Name] = p.State
	for u, v := range p.Validators {
		s.validators[u] = v
	}
	for _, v := range p.Visits {
		if _, ok := s.known[v.URL]; !ok {
			s.known[v.URL] = ""
			s.visits[v.URL] = v
		}
	}
	for _, u := range p.Seen {
		if _, ok := s.known[u]; !ok {
			s.known[u] = ""
		}
	}
	s.fill(p.Events, p.Deliveries)
	return nil
}

func (s *memory) Visits(_ context.Context, before time.Time, limit int) ([]veille.Visit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []veille.Visit
	for _, v := range s.visits {
		if v.Due.Before(before) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b veille.Visit) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.URL, b.URL))
	})
	return out[:min(len(out), limit)], nil
}

func (s *memory) Visit(_ context.Context, url string) (veille.Visit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.visits[url]
	if !ok {
		return v, veille.ErrNotFound
	}
	return v, nil
}

// forgets reports whether the visit of a URL is a first one that led there
// from a source which done does not have.
func (s *memory) forgets(done veille.Visit, url string) bool {
	first, ok := s.visits[url]
	return ok && first.ArticleID == "" && slices.ContainsFunc(first.Listings(), func(l veille.Listed) bool { return !done.ListedBy(l.Source) })
}

func (s *memory) Reschedule(ctx context.Context, done veille.Visit, next *veille.Visit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.write(ctx, "Reschedule"); err != nil {
		return err
	}
	first, ok := s.visits[done.URL]
	switch {
	case !ok:
		return veille.ErrNotFound
	case next == nil && s.forgets(done, done.URL):
		return veille.ErrConflict
	}
	delete(s.visits, done.URL)
	if next != nil {
		kept := *next
		if first.ArticleID == "" && kept.ArticleID == "" {
			kept.Join(first.Listings()...)
		}
		s.visits[next.URL] = kept
	}
	return nil
}

func (s *memory) validatorsOf(url string) veille.Validators {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.validators[url]
}

func (s *memory) lingering(act string) {
	if s.linger != nil {
		s.linger(act)
	}
}

func (s *memory) CommitArticle(ctx context.Context, c veille.ArticleCommit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.write(ctx, "CommitArticle"); err != nil {
		return err
	}
	if s.articles[c.Article.ID].Revision != c.Expect {
		return veille.ErrConflict
	}
	if s.forgets(c.Done, c.Done.URL) || c.Next != nil && s.forgets(c.Done, c.Next.URL) {
		return veille.ErrConflict
	}
	s.articles[c.Article.ID] = c.Article
	if len(c.Signature) > 0 {
		s.signatures[c.Article.ID] = c.Signature
	}
	for _, o := range c.Learned {
		s.paragraphs[o.Site] += len(o.Paragraphs)
	}
	s.known[c.Article.URL] = c.Article.ID
	for _, u := range c.Aliases {
		if s.known[u] == "" {
			s.known[u] = c.Article.ID
		}
	}
	if c.Revision != nil {
		s.revisions[c.Article.ID] = append(s.revisions[c.Article.ID], *c.Revision)
	}
	delete(s.visits, c.Done.URL)
	if c.Next != nil {
		s.visits[c.Next.URL] = *c.Next
	}
	s.fill(c.Events, c.Deliveries)
	return nil
}

func (s *memory) fill(events []veille.Event, deliveries []veille.Delivery) {
	for _, e := range events {
		told := []string{}
		i := slices.IndexFunc(s.events, func(old veille.Event) bool { return old.ID == e.ID })
		if i < 0 {
			s.events = append(s.events, e)
		} else {
			told = s.events[i].Watches
			s.events[i], _ = s.events[i].Join(e)
		}
		for _, d := range deliveries {
			news := i < 0 || slices.ContainsFunc(d.Watches, func(w string) bool { return !slices.Contains(told, w) })
			has := slices.ContainsFunc(s.deliveries, func(old veille.Delivery) bool { return old.EventID == d.EventID && old.Receiver == d.Receiver })
			if d.EventID == e.ID && news && !has {
				d.Seq = uint64(len(s.deliveries) + 1)
				s.deliveries = append(s.deliveries, d)
			}
		}
	}
}

func (s *memory) CommitEvents(ctx context.Context, events []veille.Event, deliveries []veille.Delivery) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.write(ctx, "CommitEvents"); err != nil {
		return err
	}
	s.fill(events, deliveries)
	return nil
}

func (s *memory) ToldFull(context.Context) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range slices.Backward(s.events) {
		if e.Source == "" && e.Trouble != nil && e.Trouble.Cause == "store" {
			if e.Type == veille.SourceFailing {
				return e.Trouble.Since, nil
			}
			break
		}
	}
	return time.Time{}, nil
}

func (s *memory) Prune(ctx context.Context, articles, _ time.Time) (int, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.write(ctx, "Prune"); err != nil {
		return 0, 0, err
	}
	n := 0
	for id, a := range s.articles {
		if a.CheckedAt.Before(articles) {
			delete(s.articles, id)
			n++
		}
	}
	s.pruned = time.Now()
	return n, 0, nil
}

func (s *memory) Pruned(context.Context) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pruned, nil
}
