package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veille"
	"veille/store/bolt"
	"veille/store/search"
)

// Words of several scripts, so few that queries find them.
var searchWords = strings.Fields(`Corée du Nord nord-coréen Russie russes l'armement armes missile missiles tir tirs œuvre

	Россия российский Київ كوريا وكوريا أوكرانيا 북한 북한은 북한의 러시아 김정은이 金正恩 京都 東京都 北朝鮮 ロシア ガス NATO US 2023`)

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
