package monitor

import (
	"context"
	"slices"
	"time"

	"veille"
)

func (s *memory) Article(_ context.Context, id string) (veille.Article, error) {
	defer s.lingering("Article")
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.articles[id]
	if !ok {
		return a, veille.ErrNotFound
	}
	return a, nil
}

func (s *memory) Articles(_ context.Context, f veille.ArticleFilter) ([]veille.Article, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []veille.Article
	for _, a := range s.articles {
		if (f.Source == "" || a.Source == f.Source) && (f.Before.IsZero() || a.FirstSeen.Before(f.Before)) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b veille.Article) int { return b.FirstSeen.Compare(a.FirstSeen) })
	if f.Limit > 0 {
		out = out[:min(len(out), f.Limit)]
	}
	return out, nil
}

func (s *memory) ArticleByURL(ctx context.Context, u string) (veille.Article, error) {
	s.mu.Lock()
	s.lookups++
	id := s.known[u]
	s.mu.Unlock()
	return s.Article(ctx, id)
}

func (s *memory) ArticlesByText(_ context.Context, hash string) ([]veille.Article, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []veille.Article
	for _, a := range s.articles {
		if a.TextHash == hash {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b veille.Article) int { return a.FirstSeen.Compare(b.FirstSeen) })
	return out, nil
}

func (s *memory) ArticlesLike(_ context.Context, shingles []uint32, since time.Time, limit int) ([]veille.Article, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []veille.Article
	for id, signature := range s.signatures {
		if a := s.articles[id]; !a.FirstSeen.Before(since) && slices.ContainsFunc(signature, func(tag uint32) bool { return slices.Contains(shingles, tag) }) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b veille.Article) int { return a.FirstSeen.Compare(b.FirstSeen) })
	return out[:min(limit, len(out))], nil
}

func (s *memory) SignPast(_ context.Context, since time.Time, sign func(veille.Article) []uint32) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.signatures) > 0 {
		return 0, nil
	}
	for id, a := range s.articles {
		if signature := sign(a); len(signature) > 0 && !a.FirstSeen.Before(since) {
			s.signatures[id] = signature
		}
	}
	return len(s.signatures), nil
}

func (s *memory) Story(_ context.Context, id string) ([]veille.Member, error) {
	defer s.lingering("Story")
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []veille.Member
	for _, a := range s.articles {
		if a.Story.ID == id {
			out = append(out, veille.Member{
				Article: a.ID, URL: a.URL, Source: a.Source, FirstSeen: a.FirstSeen, Kind: a.Story.Kind, Of: a.Story.Of, Alerted: a.Heard(), Revision: a.Revision,
			})
		}
	}
	return out, nil
}

func (s *memory) Mutes(context.Context) ([]veille.Mute, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mutes), nil
}

func (s *memory) Revisions(_ context.Context, id string) ([]veille.Revision, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.revisions[id]), nil
}

func (s *memory) Event(_ context.Context, id string) (veille.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.events, func(e veille.Event) bool { return e.ID == id }); i >= 0 {
		return s.events[i], nil
	}
	return veille.Event{}, veille.ErrNotFound
}
