package search

import (
	"context"
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
)

func keepAll(_ context.Context, entries []Entry) ([]bool, error) {
	kept := make([]bool, len(entries))
	for i := range kept {
		kept[i] = true
	}
	return kept, nil
}

func openIndex(t *testing.T, dir string) *Index {
	t.Helper()
	x, err := Open(dir, "v1", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	return x
}

// record is what a test knows of an article.
type record struct {
	entry Entry
	words []string
}

func (r record) has(w Want) bool {
	switch {
	case w.Word != "":
		return slices.Contains(r.words, w.Word)
	case w.Begin != "":
		return slices.ContainsFunc(r.words, func(s string) bool { return strings.HasPrefix(s, w.Begin) })
	case len(w.Any) > 0:
		n := 0
		for _, k := range w.Any {
			if r.has(k) {
				n++
			}
		}
		return n >= max(w.N, 1)
	}
	return !slices.ContainsFunc(w.All, func(k Want) bool { return !r.has(k) })
}

// world draws articles whose words are rare and common ones.
type world struct{ *rand.Rand }

func (w world) word() string {
	n := int(w.ExpFloat64() * 20)
	return strings.Repeat(string(rune('a'+n%7)), 1+n%3) + fmt.Sprint(n)
}

func (w world) record(n, revision int) record {
	r := record{entry: Entry{First: uint64(1000 + n/3), ID: fmt.Sprintf("art_%05d", n), Revision: uint32(revision)}}
	for range 1 + w.IntN(30) {
		r.words = append(r.words, w.word())
	}
	return r
}

func (w world) want(depth int) Want {
	switch n := w.IntN(8); {
	case depth == 0 || n < 3:
		return Want{Word: w.word()}
	case n == 3:
		return Want{Begin: w.word()[:1+w.IntN(2)]}
	case n == 4:
		return Want{}
	case n == 5:
		return Want{Any: []Want{w.want(depth - 1), w.want(depth - 1), w.want(depth - 1)}, N: 1 + w.IntN(2)}
	}
	return Want{All: []Want{w.want(depth - 1), w.want(depth - 1)}}
}

func build(records []record) *Builder {
	b := NewBuilder()
	for _, r := range records {
		b.Article(r.entry)
		for _, word := range r.words {
			b.Word([]byte(word))
		}
	}
	return b
}

func collect(t *testing.T, f *Found) []Entry {
	t.Helper()
	defer f.Close()
	var out []Entry
	for {
		e, ok, err := f.Next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return out
		}
		out = append(out, e)
	}
}

func TestIndex_FindsWhatAScanFinds(t *testing.T) {
	w := world{rand.New(rand.NewPCG(1, 2))}
	dir := t.TempDir()
	x := openIndex(t, dir)
	var all []record
	for seq := range 12 {
		var batch []record
		for range 40 {
			batch = append(batch, w.record(len(all)+len(batch), 1))
		}
		if seq > 0 { // an edit stands beside what it replaces, until a merge
			batch = append(batch, w.record(w.IntN(len(all)), seq+1))
		}
		if err := x.Add(build(batch), Mark{Seq: uint64(seq + 1)}); err != nil {
			t.Fatal(err)
		}
		all = append(all, batch...)
		if seq == 6 {
			x.Close()
			x = openIndex(t, dir)
		}
	}
	check := func(records []record) {
		t.Helper()
		for range 300 {
			want := w.want(2)
			before := Entry{}
			if w.IntN(2) == 0 {
				before = records[w.IntN(len(records))].entry
			}
			var expect []Entry
			for _, r := range records {
				if r.has(want) && (before == Entry{} || r.entry.after(before)) {
					expect = append(expect, r.entry)
				}
			}
			got := collect(t, x.Find(t.Context(), want, before))
			byPlace := func(a, b Entry) int { return compareEntries(a, b)*100 + int(a.Revision) - int(b.Revision) }
			slices.SortFunc(expect, compareEntries)
			if !slices.IsSortedFunc(got, compareEntries) {
				t.Fatalf("%+v: not newest first: %v", want, got)
			}
			slices.SortFunc(expect, byPlace)
			slices.SortFunc(got, byPlace)
			if !slices.Equal(got, expect) {
				t.Fatalf("%+v before %v: found %d, want %d: %.300v, %.300v", want, before, len(got), len(expect), fmt.Sprint(got), fmt.Sprint(expect))
			}
		}
	}
	check(all)
	gone := func(e Entry) bool { return e.First%5 == 0 }
	keep := func(_ context.Context, entries []Entry) ([]bool, error) {
		kept := make([]bool, len(entries))
		for i, e := range entries {
			kept[i] = !gone(e)
		}
		return kept, nil
	}
	files := func() int {
		found, err := filepath.Glob(filepath.Join(dir, "*"+segmentSuffix))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	before := files()
	if did, err := x.Tidy(t.Context(), 10, keep); err != nil || did {
		t.Fatalf("tidied without room for it: %v, %v", did, err)
	}
	if did, err := x.Tidy(t.Context(), 1<<30, keep); err != nil || !did {
		t.Fatalf("tidy: %v, %v", did, err)
	}
	if now := files(); now != before-tierGrowth+1 {
		t.Errorf("%d files, of %d before", now, before)
	}
	if x.Mark().Seq != 12 {
		t.Errorf("mark %+v, want that of the last Add", x.Mark())
	}
	// The first eight batches were merged: what is gone of theirs is left out,
	// and only the newest revision among them is there.
	newest := map[string]record{}
	inMerged := all[:8*40+7]
	for _, r := range inMerged {
		if !gone(r.entry) && newest[r.entry.ID].entry.Revision < r.entry.Revision {
			newest[r.entry.ID] = r
		}
	}
	left := slices.Clone(all[len(inMerged):])
	for _, r := range newest {
		left = append(left, r)
	}
	slices.SortFunc(left, func(a, b record) int { return compareEntries(a.entry, b.entry) })
	check(left)
}

func TestRewrite_DropsSegmentsWhoseArticlesAreGone(t *testing.T) {
	w := world{rand.New(rand.NewPCG(3, 4))}
	x := openIndex(t, t.TempDir())
	for i := range 2 {
		var batch []record
		for n := range 40 {
			batch = append(batch, w.record(i*40+n, 1))
		}
		if err := x.Add(build(batch), Mark{Seq: 1}); err != nil {
			t.Fatal(err)
		}
	}
	keep := func(_ context.Context, entries []Entry) ([]bool, error) {
		kept := make([]bool, len(entries))
		for i, e := range entries {
			kept[i] = e.ID >= "art_00030"
		}
		return kept, nil
	}
	if err := x.Rewrite(t.Context(), 1<<30, keep); err != nil {
		t.Fatal(err)
	}
	if n, _ := x.Size(); n != 50 {
		t.Errorf("%d articles, want the 10 and the 40 that are kept", n)
	}
}

// TestOpen_MakesADamagedIndexAnew cuts each file at every length, and flips a
// bit in each of its pages.
func TestOpen_MakesADamagedIndexAnew(t *testing.T) {
	w := world{rand.New(rand.NewPCG(5, 6))}
	dir := t.TempDir()
	x := openIndex(t, dir)
	var batch []record
	for n := range 60 {
		batch = append(batch, w.record(n, 1))
	}
	if err := x.Add(build(batch), Mark{Seq: 7, Whole: true}); err != nil {
		t.Fatal(err)
	}
	x.Close()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("files %v, %v; want the list and one segment", files, err)
	}
	for _, path := range files {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lose := func(what string, data []byte) {
			copied := t.TempDir()
			for _, f := range files {
				content, err := os.ReadFile(f)
				if f == path {
					content = data
				}
				if err := errors.Join(err, os.WriteFile(filepath.Join(copied, filepath.Base(f)), content, 0o600)); err != nil {
					t.Fatal(err)
				}
			}
			x, err := Open(copied, "v1", slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			defer x.Close()
			if x.Mark() == (Mark{}) {
				// Noticed at once: it works again from here.
				if err := x.Add(build(batch), Mark{Seq: 1}); err != nil {
					t.Fatal(err)
				}
				if found := collect(t, x.Find(t.Context(), Want{}, Entry{})); len(found) != len(batch) {
					t.Fatalf("%s: %d articles after it was made anew, want %d", what, len(found), len(batch))
				}
				return
			}
			if len(data) != len(whole) {
				t.Fatalf("%s: not noticed", what)
			}
			for _, r := range batch {
				for _, word := range r.words {
					f := x.Find(t.Context(), Want{Word: word}, Entry{})
					var err error
					for ok := true; ok && err == nil; {
						_, ok, err = f.Next()
					}
					f.Close()
					if errors.Is(err, ErrDamaged) {
						return
					}
				}
			}
			t.Fatalf("%s: not noticed", what)
		}
		for n := range whole {
			if n%17 == 0 || n > len(whole)-40 || len(whole) < 500 {
				lose(fmt.Sprintf("%s cut to %d bytes", filepath.Base(path), n), whole[:n])
			}
		}
		for at := 0; at < len(whole); at += 499 {
			spoiled := slices.Clone(whole)
			spoiled[at] ^= 4
			lose(fmt.Sprintf("%s with another byte %d", filepath.Base(path), at), spoiled)
		}
	}
}

func TestOpen_BeginsAnewForAnotherVersionAndSweepsLeftovers(t *testing.T) {
	dir := t.TempDir()
	x := openIndex(t, dir)
	b := build([]record{{Entry{First: 1, ID: "art_a", Revision: 1}, []string{"mot"}}})
	if err := x.Add(b, Mark{Seq: 1, At: time.Unix(1, 0).UTC(), Whole: true}); err != nil {
		t.Fatal(err)
	}
	x.Close()
	leftover := filepath.Join(dir, "00000099"+segmentSuffix)
	if err := os.WriteFile(leftover, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	x = openIndex(t, dir)
	if _, err := os.Stat(leftover); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the leftover is still there: %v", err)
	}
	if len(collect(t, x.Find(t.Context(), Want{Word: "mot"}, Entry{}))) != 1 {
		t.Error("the article is lost")
	}
	x.Close()
	y, err := Open(dir, "v2", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	if n, _ := y.Size(); n != 0 || y.Mark() != (Mark{}) {
		t.Errorf("another version keeps %d articles and %+v", n, y.Mark())
	}
}
