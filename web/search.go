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
	if a.most > 0 {
		p.Limit = min(p.Limit, mostRows)
	}
	if from.at.IsZero() && !p.Before.IsZero() {
		from.at = p.Before.Add(-1)
	}
	return searchFrom(ctx, a.searcher, f, from, p.Limit)
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

const (
	// searchHits is how many hits a page holds, mostFacets how many of a kind
	// are links beside them.
	searchHits = 20
	mostFacets = 12
)

// searchView is the page of a search.
type searchView struct {
	*frame
	Query, Source, Watch, Language, Day string
	Asked                               bool
	Problems                            []problemView
	Result                              veille.SearchResult
	Rows                                []searchRow
	Groups                              []facetGroup
	// Narrowed are the facets in force, each with a link that takes it off.
	Narrowed []facetLink
	Next     string
}

type searchRow struct {
	veille.SearchHit
	Title   string
	Marked  []segment
	Excerpt []segment
}

// facetGroup is a kind of facet with its links.
type facetGroup struct {
	Label string
	Links []facetLink
}

type facetLink struct {
	Name, Label, Href string
	Count             int
}

func (s *Server) searchPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	view := searchView{frame: s.frame(r, "search", "search.title"), Query: strings.TrimSpace(strings.ReplaceAll(q.Get("q"), "\r\n", "\n")),
		Source: q.Get("source"), Watch: q.Get("watch"), Language: q.Get("language"), Day: q.Get("day")}
	if view.Asked = view.Query != ""; !view.Asked {
		s.render(w, http.StatusOK, "search", view)
		return
	}
	from, err := parseCursor(q.Get("from"))
	f := veille.SearchFilter{Query: view.Query, Source: view.Source, Watch: view.Watch, Language: view.Language, Facets: from.at.IsZero(), Quick: true}
	if err == nil && view.Day != "" {
		f.Since, err = time.ParseInLocation(time.DateOnly, view.Day, view.zone)
		if next := f.Since.AddDate(0, 0, 1); err == nil && from.at.IsZero() {
			from.at = next.Add(-1)
		}
	}
	if err != nil {
		s.refusePerson(w, r, http.StatusBadRequest, err.Error())
		return
	}
	_, problems := s.Desk.Draft(veille.Watch{Name: view.T("search.title"), Query: view.Query, Broad: true})
	for _, p := range problems {
		view.Problems = append(view.Problems, pointed(view.Query, p))
	}
	if len(problems) == 0 {
		view.Result, view.Next, err = searchFrom(r.Context(), s.Searcher, f, from, searchHits)
		if err != nil {
			s.broken(w, r, err)
			return
		}
		view.take()
	}
	s.render(w, http.StatusOK, "search", view)
}

// take makes rows and links of the result.
func (v *searchView) take() {
	for _, h := range v.Result.Hits {
		match := veille.Match{Terms: h.Terms, Excerpt: h.Excerpt}
		row := searchRow{SearchHit: h, Title: h.Article.Title, Excerpt: marked(match)}
		if row.Title == "" {
			row.Title = h.Article.URL
		} else {
			row.Marked = highlighted(h.Article.Title, "title", []veille.Match{match})
			if plainText(row.Excerpt) == row.Title {
				row.Excerpt = nil // the title alone matched: once is enough
			}
		}
		v.Rows = append(v.Rows, row)
	}
	for _, x := range []struct{ key, value string }{{"source", v.Source}, {"watch", v.Watch}, {"language", v.Language}, {"day", v.Day}} {
		if x.value != "" {
			v.Narrowed = append(v.Narrowed, facetLink{Name: x.value, Label: v.T("search." + x.key), Href: v.with(x.key, "")})
		}
	}
	if v.Result.Facets == nil {
		return
	}
	for _, x := range []struct {
		key, value string
		facets     []veille.Facet
	}{{"source", v.Source, v.Result.Facets.Sources}, {"watch", v.Watch, v.Result.Facets.Watches}, {"language", v.Language, v.Result.Facets.Languages}, {"day", v.Day, v.Result.Facets.Days}} {
		if x.value != "" || len(x.facets) == 0 {
			continue
		}
		group := facetGroup{Label: v.T("search." + x.key)}
		for _, f := range x.facets[:min(len(x.facets), mostFacets)] {
			group.Links = append(group.Links, facetLink{Name: f.Name, Href: v.with(x.key, f.Name), Count: f.Count})
		}
		v.Groups = append(v.Groups, group)
	}
}

// plainText is what segments say.
func plainText(segments []segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteString(s.Text)
	}
	return b.String()
}

// with is the address of the search with one facet set otherwise.
func (v searchView) with(key, value string) string {
	q := url.Values{"q": {v.Query}}
	for k, now := range map[string]string{"source": v.Source, "watch": v.Watch, "language": v.Language, "day": v.Day} {
		if k == key {
			now = value
		}
		if now != "" {
			q.Set(k, now)
		}
	}
	return "/search?" + q.Encode()
}

// More is the address of the next page.
func (v searchView) More() string {
	return v.with("", "") + "&from=" + url.QueryEscape(v.Next)
}
