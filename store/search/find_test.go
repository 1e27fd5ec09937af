package search

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestFind_GoesOnWhileSegmentsAreMerged(t *testing.T) {
	w := world{rand.New(rand.NewPCG(8, 9))}
	x := openIndex(t, t.TempDir())
	for i := range tierGrowth {
		var batch []record
		for n := range 10 {
			batch = append(batch, w.record(i*10+n, 1))
		}
		if err := x.Add(build(batch), Mark{}); err != nil {
			t.Fatal(err)
		}
	}
	f := x.Find(t.Context(), Want{}, Entry{})
	if _, ok, err := f.Next(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if did, err := x.Tidy(t.Context(), 1<<30, keepAll); !did || err != nil {
		t.Fatal(did, err)
	}
	if rest := collect(t, f); len(rest) != 10*tierGrowth-1 {
		t.Errorf("%d articles more, want all but the first", len(rest))
	}
}

// Each word that is read holds a page in memory: a concept of thousands of them
// is read word by word.
func TestFind_OfThousandsOfWordsFindsWhatHasThem(t *testing.T) {
	w := world{rand.New(rand.NewPCG(11, 12))}
	x := openIndex(t, t.TempDir())
	var all []record
	for n := range 400 {
		r := w.record(n, 1)
		r.words = append(r.words, fmt.Sprintf("k%d", w.IntN(4000)))
		all = append(all, r)
	}
	if err := x.Add(build(all), Mark{Seq: 1}); err != nil {
		t.Fatal(err)
	}
	var many, pairs, anywhere []Want
	for n := range 2000 {
		many = append(many, Want{Word: fmt.Sprintf("k%d", 2*n)})
		pairs = append(pairs, Want{All: []Want{{Word: fmt.Sprintf("k%d", n)}, {Word: w.word()}}})
		anywhere = append(anywhere, Want{Any: []Want{{Word: w.word()}, {Word: fmt.Sprintf("k%d", n)}, {}}})
	}
	for name, c := range map[string]struct {
		want  Want
		exact bool
	}{
		"one of many": {Want{Any: many}, true}, "one of many pairs": {Want{Any: pairs}, true},
		"two of many": {Want{Any: many, N: 2}, false}, "all of many": {Want{All: anywhere}, false},
		"one of many, and a word": {Want{All: []Want{{Any: many}, {Word: w.word()}}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			got := collect(t, x.Find(t.Context(), c.want, Entry{}))
			found := 0
			for _, r := range all {
				has := r.has(c.want)
				at := slices.Index(got, r.entry)
				if at >= 0 {
					found++
				}
				if has && at < 0 || c.exact && at >= 0 && !has {
					t.Errorf("%s: has it %v, found %v", r.entry.ID, has, at >= 0)
				}
			}
			if found != len(got) {
				t.Errorf("%d found, of which %d are articles", len(got), found)
			}
		})
	}
}

func TestFind_EndsWithItsContext(t *testing.T) {
	w := world{rand.New(rand.NewPCG(13, 14))}
	x := openIndex(t, t.TempDir())
	if err := x.Add(build([]record{w.record(0, 1), w.record(1, 1)}), Mark{Seq: 1}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	f := x.Find(ctx, Want{}, Entry{})
	defer f.Close()
	if _, ok, err := f.Next(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	cancel()
	if _, _, err := f.Next(); !errors.Is(err, context.Canceled) {
		t.Errorf("goes on: %v", err)
	}
	late := x.Find(ctx, Want{Any: []Want{{Word: "a"}, {Begin: "b"}}}, Entry{})
	defer late.Close()
	if _, _, err := late.Next(); !errors.Is(err, context.Canceled) {
		t.Errorf("begins: %v", err)
	}
}
