package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"veille"
)

// searchOperation looks for stored articles.
func (a rows) searchOperation() operation {
	return operation{
		Route: "GET /api/v1/search", Summary: "The stored articles that a query matches, newest first. looked of stored articles were looked at: a search is bounded in time.",
		Query:  []string{"q", "limit", "cursor", "since", "before", "source", "watch", "language", "facets"},
		Answer: reflect.TypeFor[veille.SearchResult](),
		serve: func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			result, next, err := a.search(r.Context(), q)
			if next != "" {
				q.Set("cursor", next)
				w.Header().Set("Link", "<"+r.URL.Path+"?"+q.Encode()+`>; rel="next"`)
			}
			answer(w, result, err)
		},
	}
}

func (a rows) search(ctx context.Context, q url.Values) (veille.SearchResult, string, error) {
	var result veille.SearchResult
	p, since, err := page(q)
	if err != nil {
		return result, "", err
	}
	from, err := parseCursor(q.Get("cursor"))
	if err != nil {
		return result, "", err
	}
	f := veille.SearchFilter{Query: q.Get("q"), Since: since, Source: q.Get("source"), Watch: q.Get("watch"), Language: q.Get("language"), Facets: q.Get("facets") == "true"}
	if strings.TrimSpace(f.Query) == "" {
		return result, "", fmt.Errorf("say what to look for: q: %w", errBadRequest)
	}
	if p.Limit == 0 {
		p.Limit = defaultRows
	}
	if from.at.IsZero() && !p.Before.IsZero() {
		from.at = p.Before.Add(-1)
	}
	return searchFrom(ctx, a.searcher, f, from, min(p.Limit, mostRows))
}

// searchFrom returns a page of hits, and where the next one begins.
func searchFrom(ctx context.Context, searcher Searcher, f veille.SearchFilter, from cursor, limit int) (veille.SearchResult, string, error) {
	var result veille.SearchResult
	hits, next, err := paged(ctx, from, limit, func(ctx context.Context, p veille.Page) (_ []veille.SearchHit, err error) {
		f.Page = p
		result, err = searcher.Search(ctx, f)
		return result.Hits, err
	}, func(h veille.SearchHit) time.Time { return h.Article.FirstSeen })
	result.Hits = nonNil(hits)
	return result, next, err
}

func isProblem(err error) bool {
	_, is := errors.AsType[veille.Problem](err)
	return is
}
