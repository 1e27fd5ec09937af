package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"veille"
)

// articlesView lists what was read, told or not.
type articlesView struct {
	*frame
	Rows    []veille.Article
	Next    string
	Source  string
	Sources []string
}

func (s *Server) articles(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	from, err := parseCursor(q.Get("from"))
	if err != nil {
		s.refusePerson(w, r, http.StatusBadRequest, err.Error())
		return
	}
	view := articlesView{frame: s.frame(r, "articles", "articles.title"), Source: q.Get("source")}
	view.Rows, view.Next, err = paged(r.Context(), from, 50, func(ctx context.Context, p veille.Page) ([]veille.Article, error) {
		return s.Reader.Articles(ctx, veille.ArticleFilter{Page: p, Source: view.Source})
	}, func(a veille.Article) time.Time { return a.FirstSeen })
	if err != nil {
		s.broken(w, r, err)
		return
	}
	for _, x := range s.Desk.Setup().Sources {
		view.Sources = append(view.Sources, x.Name)
	}
	s.render(w, http.StatusOK, "articles", view)
}

// articleView is one article: why it was told or not, and what changed in it.
type articleView struct {
	*frame
	Article    veille.Article
	Head       []segment
	Body       [][]segment
	Life       lifeView
	Revisions  []revisionView
	Shown      *revisionView
	Before     *veille.Revision
	SideBySide bool
	Old, New   [][]segment
	Story      int
}

type revisionView struct {
	veille.Revision
	Diff []segment
	// Latest says that it is what the article says now.
	Latest bool
}

func (s *Server) article(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	a, err := s.Reader.Article(ctx, r.PathValue("id"))
	if errors.Is(err, veille.ErrNotFound) {
		s.refusePerson(w, r, http.StatusNotFound, "")
		return
	}
	if err != nil {
		s.broken(w, r, err)
		return
	}
	revisions, err := s.Reader.Revisions(ctx, a.ID)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	view := articleView{frame: s.frame(r, "articles", "articles.title"), Article: a, SideBySide: r.URL.Query().Get("view") == "side"}
	view.Title = a.Snapshot.Title
	members, err := s.members(ctx, a.Story.ID)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	view.Story = len(members)
	life, err := s.Chronicle.Life(ctx, a.ID, "", view.Lang)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	view.Life = lifeView{frame: view.frame, Life: life}
	view.Head = highlighted(a.Snapshot.Title, "title", life.matches())
	view.Body = paragraphs(highlighted(a.Snapshot.Body, "body", life.matches()))
	for i, rev := range revisions {
		x := revisionView{Revision: rev, Latest: i == len(revisions)-1}
		if rev.Change != nil {
			x.Diff = diffed(*rev.Change)
		}
		view.Revisions = append(view.Revisions, x)
	}
	view.show(revisions, r.URL.Query().Get("revision"))
	s.render(w, http.StatusOK, "article", view)
}

// show picks the revision whose change is shown: the one asked for, else the
// newest that has one.
func (v *articleView) show(revisions []veille.Revision, asked string) {
	number, err := strconv.Atoi(asked)
	for i := len(revisions) - 1; i > 0; i-- {
		if rev := revisions[i]; rev.Change != nil && (err != nil || rev.Number == number) {
			v.Shown, v.Before = &v.Revisions[i], &revisions[i-1]
			for j := range i {
				if revisions[j].Number == rev.Change.Since {
					v.Before = &revisions[j]
				}
			}
			removed, added := rev.Change.Removed, rev.Change.Added
			if t := rev.Change.Title; t != nil {
				removed, added = bodyRuns(removed, t.From), bodyRuns(added, t.To)
			}
			v.Old = paragraphs(runsMarked(v.Before.Snapshot.Body, removed, "del"))
			v.New = paragraphs(runsMarked(rev.Snapshot.Body, added, "ins"))
			return
		}
	}
}
