package main

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"veille"
	"veille/monitor/query"
	"veille/store/bolt"
	"veille/store/search"
)

// Words of several scripts, so few that queries find them.
var searchWords = strings.Fields(`Corée du Nord nord-coréen Russie russes l'armement armes missile missiles tir tirs œuvre
	Россия российский Київ كوريا وكوريا أوكرانيا 북한 북한은 북한의 러시아 김정은이 金正恩 京都 東京都 北朝鮮 ロシア ガス NATO US 2023`)

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

func TestSearch_FindsWhatLookingAtEveryArticleFinds(t *testing.T) {
	l := newLab(t, 5)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	l.publish(150)
	l.check("before there is an index", 60)
	must(l.indexer.CatchUp(t.Context()))
	l.check("indexed", 150)
	l.publish(40)
	l.edit(30)
	l.check("while changes wait to be indexed", 150)
	must(l.indexer.CatchUp(t.Context()))
	l.check("changes indexed", 150)
	for range 12 {
		l.publish(10)
		l.edit(3)
		must(l.indexer.CatchUp(t.Context()))
	}
	l.check("after merges", 150)
	l.index.Close()
	l.open()
	must(l.indexer.CatchUp(t.Context()))
	l.check("after a restart", 60)
	if _, _, err := l.store.Prune(t.Context(), l.at.Add(-100*time.Hour), time.Time{}); err != nil {
		t.Fatal(err)
	}
	l.check("after the oldest were pruned", 60)
	must(l.indexer.rewrite(t.Context()))
	l.check("after the index let go of them", 60)
}

// An index that is half made covers the newest articles; a search reads the
// others, also those that were edited meanwhile.
func TestSearch_GoesOnBelowAHalfMadeIndex(t *testing.T) {
	l := newLab(t, 6)
	l.publish(120)
	rows, whole, err := before(t.Context(), l.store, time.Time{}, 40)
	if err != nil || whole {
		t.Fatal(err, whole)
	}
	last, err := l.store.LastChange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := search.NewBuilder()
	for _, a := range rows {
		addTo(b, l.indexer.words, a)
	}
	if err := l.index.Add(b, search.Mark{Seq: last.Seq, At: last.At, Floor: rows[len(rows)-1].FirstSeen}); err != nil {
		t.Fatal(err)
	}
	l.edit(30)
	l.check("half made", 100)
	if _, err := l.indexer.follow(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	l.check("half made, edits indexed", 100)
}

// A damaged index must neither hide articles nor stay.
func TestSearch_GoesWithoutADamagedIndexAndMakesItAnew(t *testing.T) {
	l := newLab(t, 7)
	l.publish(60)
	if err := l.indexer.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.index.Close()
	segments, err := filepath.Glob(filepath.Join(searchPath(l.dir), "*.segment"))
	if err != nil || len(segments) == 0 {
		t.Fatal(segments, err)
	}
	for _, path := range segments {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.WriteAt([]byte("veille"), 100)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	l.open()
	l.check("damaged", 40)
	if l.index.Mark() != (search.Mark{}) {
		t.Errorf("the damaged index stays at %+v", l.index.Mark())
	}
	if err := l.indexer.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.check("made anew", 40)
}

// A backup that is put back goes on with the numbers that the index has seen
// for other articles.
func TestIndexer_BeginsAnewWhereAnotherStoreIsPutBack(t *testing.T) {
	l := newLab(t, 8)
	l.publish(30)
	copied := filepath.Join(t.TempDir(), "veille.db")
	if err := l.store.BackupFile(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	l.publish(30)
	if err := l.indexer.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := l.store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(copied, storePath(l.dir)); err != nil {
		t.Fatal(err)
	}
	var err error
	if l.store, err = bolt.Open(storePath(l.dir), bolt.Options{MinFree: -1}); err != nil {
		t.Fatal(err)
	}
	l.seen += 1000
	l.publish(45)
	l.index.Close()
	l.open()
	if err := l.indexer.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.check("after a backup was put back", 80)
}

// A search that would look at nearly everything ends in time, and says how far
// it came: the newest articles are answered for, and nothing else is claimed.
func TestSearch_EndsInTimeAndSaysHowFarItCame(t *testing.T) {
	l := newLab(t, 13)
	l.publish(300)
	for _, state := range []string{"without an index", "indexed"} {
		if state == "indexed" {
			if err := l.indexer.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		s := newSearcher(l.store, l.index, func() setting { return setting{zone: time.UTC} })
		f := veille.SearchFilter{Query: "Russie AND NOT missile", Page: veille.Page{Limit: 1000}, Facets: true}
		whole, err := s.Search(t.Context(), f)
		if err != nil || !whole.Complete {
			t.Fatal(err, whole.Complete)
		}
		s.time = 0
		none, err := s.Search(t.Context(), f)
		if err != nil || none.Complete || len(none.Hits) > 0 || none.Looked > none.Stored/2 {
			t.Errorf("%s, no time: %v, complete %v, %d hits, looked at %d", state, err, none.Complete, len(none.Hits), none.Looked)
		}
		for s.time = time.Microsecond; ; s.time *= 2 {
			part, err := s.Search(t.Context(), f)
			if err != nil || len(part.Hits) > len(whole.Hits) || part.Facets.Matches != len(part.Hits) || part.Complete && len(part.Hits) < len(whole.Hits) {
				t.Fatalf("%s, %v: %v, complete %v, %d hits of %d, counted %d", state, s.time, err, part.Complete, len(part.Hits), len(whole.Hits), part.Facets.Matches)
			}
			for i, h := range part.Hits {
				if h.Article.ID != whole.Hits[i].Article.ID {
					t.Fatalf("%s, %v: hit %d is %s, want the newest first", state, s.time, i, h.Article.ID)
				}
			}
			if part.Complete {
				break
			}
		}
	}
}

// A page that is not full may be all there is, or all there was time for.
func TestSearch_ThatIsNotCompleteIsToldSo(t *testing.T) {
	var errs strings.Builder
	a := &app{stderr: &errs}
	hits := make([]veille.SearchHit, 3)
	for _, c := range []struct {
		what   string
		result veille.SearchResult
		told   bool
	}{
		{"all there is", veille.SearchResult{Hits: hits, Stored: 9, Looked: 9, Complete: true}, false},
		{"a page that the time did not fill", veille.SearchResult{Hits: hits[:2], Stored: 9, Looked: 5}, true},
		{"a full page", veille.SearchResult{Hits: hits, Stored: 9, Looked: 5}, false},
		{"a full page, not all counted", veille.SearchResult{Hits: hits, Stored: 9, Looked: 5, Facets: &veille.Facets{}}, true},
	} {
		errs.Reset()
		a.sayPartial(veille.SearchFilter{Page: veille.Page{Limit: 3}}, c.result)
		if told := strings.Contains(errs.String(), "the newest 5 of 9 stored articles were looked at"); told != c.told {
			t.Errorf("%s: told %q", c.what, errs.String())
		}
	}
}

// French quotes are no marks.
func TestSearch_HighlightsOnlyWhatWasFound(t *testing.T) {
	l := newLab(t, 14)
	snap := l.snapshot("https://news0.example/q")
	snap.Title, snap.Language = "Un titre", "fr"
	snap.Body = "Le ministre a dit : « La Corée du Nord menace », puis «la Russie » et « Séoul »."
	a := veille.Article{ID: veille.ArticleID(snap.URL), URL: snap.URL, Source: "s0", FirstSeen: l.at, CheckedAt: l.at, Revision: 1, Snapshot: snap}
	l.commit(a, 0)
	r, err := newSearcher(l.store, nil, func() setting { return setting{zone: time.UTC} }).Search(t.Context(),
		veille.SearchFilter{Query: `"Corée du Nord" AND Séoul`, Page: veille.Page{Limit: 1}})
	if err != nil || len(r.Hits) != 1 {
		t.Fatal(err, r.Hits)
	}
	want := "Le ministre a dit : « La " + boldOn + "Corée du Nord" + boldOff + " menace », puis «la Russie » et « " + boldOn + "Séoul" + boldOff + " »."
	if got := (&app{color: true}).highlight(r.Hits[0]); got != want {
		t.Errorf("highlighted %q\nwant        %q", got, want)
	}
	if got := (&app{}).highlight(r.Hits[0]); got != r.Hits[0].Excerpt {
		t.Errorf("without colours %q", got)
	}
}
