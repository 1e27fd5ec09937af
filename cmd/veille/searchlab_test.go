package main

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"veille"
	"veille/monitor/query"
	"veille/store/bolt"
	"veille/store/search"
)

type lab struct {
	*rand.Rand
	t       *testing.T
	store   *bolt.Store
	dir     string
	index   *search.Index
	indexer *indexer
	seen    int
	at      time.Time
}

func newLab(t *testing.T, seed uint64) *lab {
	dir := t.TempDir()
	store, err := bolt.Open(storePath(dir), bolt.Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{Rand: rand.New(rand.NewPCG(seed, 1)), t: t, store: store, dir: dir, at: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	l.open()
	t.Cleanup(func() { l.index.Close(); _ = store.Close() })
	return l
}

// open opens the index as a start of the daemon does.
func (l *lab) open() {
	l.t.Helper()
	var err error
	if l.index, err = openIndex(l.dir, slog.New(slog.DiscardHandler)); err != nil {
		l.t.Fatal(err)
	}
	l.indexer = newIndexer(l.store, l.index, slog.New(slog.DiscardHandler))
}

func (l *lab) text(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = searchWords[l.IntN(len(searchWords))]
	}
	return strings.Join(words, []string{" ", ", ", " — "}[l.IntN(3)])
}

func (l *lab) snapshot(url string) veille.Snapshot {
	return veille.Snapshot{
		URL: url, Canonical: url, Title: l.text(2), Body: l.text(4) + "\n\n" + l.text(4), Authors: []string{l.text(1)},
		Language: []string{"", "fr", "ru", "ko-KR", "en"}[l.IntN(5)], Kind: veille.KindArticle,
	}
}

// publish commits new articles, some of them seen at one instant.
func (l *lab) publish(n int) {
	l.t.Helper()
	for range n {
		if l.IntN(4) > 0 {
			l.at = l.at.Add(time.Hour)
		}
		url := fmt.Sprintf("https://news%d.example/%d", l.seen%3, l.seen)
		l.seen++
		a := veille.Article{ID: veille.ArticleID(url), URL: url, Source: fmt.Sprintf("s%d", l.IntN(3)), FirstSeen: l.at, CheckedAt: l.at,
			Revision: 1, TextHash: url, Snapshot: l.snapshot(url)}
		if l.IntN(3) == 0 {
			a.Alerted = []string{"w"}
		}
		l.commit(a, 0)
	}
}

func (l *lab) commit(a veille.Article, expect int) {
	l.t.Helper()
	if err := l.store.CommitArticle(l.t.Context(), veille.ArticleCommit{
		Article: a, Expect: expect, Revision: &veille.Revision{ArticleID: a.ID, Number: a.Revision, At: l.at, Snapshot: a.Snapshot},
	}); err != nil {
		l.t.Fatal(err)
	}
}

// edit gives some articles other texts.
func (l *lab) edit(n int) {
	l.t.Helper()
	all := l.all()
	for range n {
		a := all[l.IntN(len(all))]
		a, err := l.store.Article(l.t.Context(), a.ID)
		if err != nil {
			l.t.Fatal(err)
		}
		a.Revision++
		a.Snapshot = l.snapshot(a.URL)
		a.TextHash += "+"
		l.commit(a, a.Revision-1)
	}
}

func (l *lab) all() []veille.Article {
	l.t.Helper()
	all, err := l.store.Articles(l.t.Context(), veille.ArticleFilter{})
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

// query draws one that Compile takes.
func (l *lab) query() string {
	word := func() string {
		w := strings.TrimSuffix(strings.ReplaceAll(searchWords[l.IntN(len(searchWords))], "'", " "), "*")
		switch l.IntN(6) {
		case 0:
			if r := []rune(w); len(r) > 3 && !strings.Contains(w, " ") {
				return string(r[:3]) + "*"
			}
		case 1:
			if !strings.ContainsAny(w, " -") {
				return "~" + w
			}
		case 2:
			return `="` + w + `"`
		}
		return `"` + w + `"`
	}
	forms := []string{"%s", "%s AND %s", "%s OR %s", "%s AND NOT %s", "%s NEAR/3 %s", "title:%s", "lang:fr AND %s", "2 of (%s, %s, %s)", "site:news1.example AND %s", "tag:t AND %s", "author:%s OR %s", "url:1 AND %s"}
	form := forms[l.IntN(len(forms))]
	args := make([]any, strings.Count(form, "%s"))
	for i := range args {
		args[i] = word()
	}
	return fmt.Sprintf(form, args...)
}

// check compares searches with looking at every article.
func (l *lab) check(when string, rounds int) {
	l.t.Helper()
	sources := []veille.Source{{Name: "s1", Tags: []string{"t"}}}
	s := newSearcher(l.store, l.index, func() setting { return setting{nil, sources, time.UTC} })
	all := l.all()
	found := 0
	for range rounds {
		f := veille.SearchFilter{Query: l.query(), Facets: true}
		set, err := query.Compile([]veille.Watch{{Name: "w", Query: f.Query, Broad: true}}, nil)
		if err != nil {
			continue
		}
		switch l.IntN(6) {
		case 0:
			f.Source = "s1"
		case 1:
			f.Language = []string{"ko", "KO-kr"}[l.IntN(2)]
		case 2:
			f.Watch = "w"
		case 3:
			f.Since = all[l.IntN(len(all))].FirstSeen
		case 4:
			f.Before = all[l.IntN(len(all))].FirstSeen
		}
		f.Limit = 1 + l.IntN(40)
		var want []string
		for _, a := range all {
			_, tags := a.Snapshot.ShownBy(a.ShownBy(sources))
			matches, language := set.Match(a.Snapshot, tags)
			if len(matches) == 0 || f.Source != "" && a.Source != f.Source || f.Watch != "" && !slices.Contains(a.Alerted, f.Watch) ||
				f.Language != "" && !strings.HasPrefix(language, "ko") || a.FirstSeen.Before(f.Since) ||
				!f.Before.IsZero() && !a.FirstSeen.Before(f.Before) {
				continue
			}
			want = append(want, a.ID)
		}
		result, err := s.Search(l.t.Context(), f)
		if err != nil {
			l.t.Fatalf("%s: %+v: %v", when, f, err)
		}
		got := []string{}
		for _, h := range result.Hits {
			got = append(got, h.Article.ID)
		}
		found += len(got)
		if !slices.Equal(got, want[:min(len(want), f.Limit)]) || result.Facets.Matches != len(want) || !result.Complete || result.Looked != len(all) {
			l.t.Fatalf("%s: %+v: found %d %v of %d, want %d %v; complete %v, looked at %d of %d", when, f, len(got), got, result.Facets.Matches, len(want), want, result.Complete, result.Looked, len(all))
		}
	}
	if found < rounds {
		l.t.Errorf("%s: %d hits in %d searches show little", when, found, rounds)
	}
}
