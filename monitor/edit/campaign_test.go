package edit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"veille"
	"veille/crawler/extract"
	"veille/monitor/edit"
)

// read is what the crawler makes of one fetch of a made-up article.
func read(t testing.TB, a made, n int, r *rand.Rand) veille.Snapshot {
	t.Helper()
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	snap, err := extract.Read(extract.Page{
		Body: []byte(a.page(r)), URL: fmt.Sprintf("https://press.example/%s/2026/03/12/article-%d", a.tongue.code, n), ContentType: "text/html; charset=utf-8", Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	snap.FetchedAt = now
	return snap
}

// article is a made-up article with words that an edit can name.
func article(n int, r *rand.Rand) made {
	a := makeArticle(n, r)
	a.paragraphs[2] += " Müller 1234 Xylo."
	return a
}

// noisyFetches reads each of some pages many times, tells what goes wrong and
// returns how many fetches read as an edit.
func noisyFetches(t testing.TB, wrong func(string, ...any), pages, fetches int) (edits int) {
	for n := range pages {
		r := rand.New(rand.NewPCG(uint64(n), 1))
		a := article(n, r)
		first := read(t, a, n, r)
		for i := range fetches {
			next := read(t, a, n, r)
			if first.Kind != veille.KindArticle || next.Kind != veille.KindArticle {
				wrong("page %d (%s, template %d), fetch %d: kind %s, then %s", n, a.tongue.code, a.template, i, first.Kind, next.Kind)
			}
			if c := edit.Between(first, next); c != nil {
				edits++
				wrong("page %d (%s, template %d), fetch %d: %q: %s", n, a.tongue.code, a.template, i, c.Fields, c.Diff)
			}
		}
	}
	return edits
}

// findPlanted plants edits amid the noise and returns how many were found, and
// how many of these were classed right.
func findPlanted(t testing.TB, wrong func(string, ...any), edits int) (found, classed int) {
	kinds := plantedEdits()
	for n := range edits {
		k := kinds[n%len(kinds)]
		r := rand.New(rand.NewPCG(uint64(n), 2))
		a := article(n/len(kinds)*5+n, r)
		first := read(t, a, n, r)
		b := a
		b.paragraphs = slices.Clone(a.paragraphs)
		k.edit(&b, r)
		c := edit.Between(first, read(t, b, n, r))
		if c == nil {
			wrong("%s (%s, template %d): not found", k.name, a.tongue.code, a.template)
			continue
		}
		found++
		as := func(want, got int) bool { return want < 0 || want == got }
		if !slices.Equal(c.Fields, k.fields) || !as(k.added, c.Words.Added) || !as(k.removed, c.Words.Removed) || len(c.Moved) != k.moved {
			wrong("%s (%s, template %d): %q, %d added, %d removed, %d moved: %s", k.name, a.tongue.code, a.template, c.Fields, c.Words.Added, c.Words.Removed, len(c.Moved), c.Diff)
			continue
		}
		classed++
	}
	return found, classed
}

func TestNoise_OfManyFetchesOfAPageIsNoEdit(t *testing.T) { noisyFetches(t, t.Errorf, 56, 6) }

func TestPlanted_EditsAreFoundAmidTheNoiseAndClassedRight(t *testing.T) {
	findPlanted(t, t.Errorf, 192)
}

// BenchmarkCampaign is the whole of it: 50 fetches of each of 200 noisy pages,
// and 1,000 planted edits.
func BenchmarkCampaign(b *testing.B) {
	for b.Loop() {
		edits := noisyFetches(b, b.Logf, 200, 50)
		found, classed := findPlanted(b, b.Logf, 1000)
		b.ReportMetric(float64(edits), "false-edits")
		b.ReportMetric(float64(found), "found")
		b.ReportMetric(float64(classed), "classed")
	}
}
