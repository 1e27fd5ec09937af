package backtest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"veille"
	"veille/monitor/query"
)

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func rules(t *testing.T, sources []veille.Source, watches ...veille.Watch) Rules {
	t.Helper()
	set, err := query.Compile(watches, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Rules{Sources: sources, Watches: watches, Matcher: set}
}

func watch(name, query string) veille.Watch { return veille.Watch{Name: name, Query: query} }

// seen is an article that was first seen so long after noon of 10 March.
func seen(id string, after time.Duration, body string) veille.Article {
	return veille.Article{ID: "art_" + id, URL: "https://news.example/" + id, Source: "wire", FirstSeen: noon.Add(after), Revision: 1,
		Snapshot: veille.Snapshot{URL: "https://news.example/" + id, Title: "Titre " + id, Body: body, Language: "fr", Kind: veille.KindArticle}}
}

const day = 24 * time.Hour

func hits(r Report) string {
	var out []string
	for _, w := range r.Watches {
		out = append(out, fmt.Sprint(w.Watch, " ", w.Hits))
	}
	return strings.Join(out, ", ")
}

func shown(samples []Sample) string {
	var out []string
	for _, s := range samples {
		out = append(out, strings.TrimPrefix(s.Article, "art_"))
	}
	return strings.Join(out, " ")
}

func TestReport_CountsTheHitsOfEachDay(t *testing.T) {
	r := New(rules(t, nil, watch("Russie", "Russie"), watch("Japon", "Japon")), nil, noon, noon.Add(3*day))
	for _, a := range []veille.Article{
		seen("a", time.Hour, "La Russie."), seen("b", 2*time.Hour, "La Russie."), seen("c", 11*time.Hour, "Rien."),
		seen("d", 12*time.Hour, "La Russie."), seen("e", 3*day, "Russie"),
		// A page that was no article is none now.
		{ID: "art_f", FirstSeen: noon, Snapshot: veille.Snapshot{Body: "La Russie.", Kind: veille.KindConsent}},
	} {
		r.Add(a)
	}
	got := r.Report()
	if got.Articles != 5 || hits(got) != "Russie 4, Japon 0" || !got.Oldest.Equal(noon.Add(time.Hour)) {
		t.Errorf("%d articles from %v on, hits %s", got.Articles, got.Oldest, hits(got))
	}
	want := []Day{{"2026-03-10", 2}, {"2026-03-11", 1}, {"2026-03-12", 0}, {"2026-03-13", 1}}
	if diff := cmp.Diff(want, got.Watches[0].Days); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
	none := got.Watches[1]
	if none.Hits != 0 || len(none.Days) != 4 || none.Samples == nil || len(none.Samples) > 0 || none.Change != nil {
		t.Errorf("a watch that catches nothing: %+v", none)
	}
}

// The store may be younger than what is asked for; days without a store are no
// days without a hit.
func TestReport_BeginsWithTheOldestArticle(t *testing.T) {
	r := New(rules(t, nil, watch("Russie", "Russie")), nil, noon.AddDate(-300, 0, 0), noon.Add(day))
	r.Add(seen("b", 0, "Russie"))
	r.Add(seen("a", -day, "Russie"))
	if days := r.Report().Watches[0].Days; len(days) != 3 || days[0] != (Day{"2026-03-09", 1}) {
		t.Errorf("days %v", days)
	}
	empty := New(rules(t, nil, watch("Russie", "Russie")), nil, time.Time{}, noon).Report()
	if len(empty.Watches[0].Days) > 0 || empty.Articles != 0 {
		t.Errorf("of an empty store: %+v", empty)
	}
}

func TestReport_ShowsTheNewestWithTheReason(t *testing.T) {
	r := New(rules(t, nil, watch("Russie", "Russie AND NOT Japon")), nil, noon, noon.Add(day))
	order := []int{4, 0, 7, 2, 6, 1, 5, 3}
	for _, n := range order {
		r.Add(seen(fmt.Sprint(n), time.Duration(n)*time.Hour, fmt.Sprintf("Le numéro %d parle de la Russie.", n)))
	}
	r.Add(seen("8", 8*time.Hour, "La Russie et le Japon."))
	w := r.Report().Watches[0]
	if w.Hits != 8 || shown(w.Samples) != "7 6 5 4 3" {
		t.Errorf("%d hits, shown %s", w.Hits, shown(w.Samples))
	}
	first := w.Samples[0]
	if first.URL != "https://news.example/7" || first.Title != "Titre 7" || first.Match == nil || !strings.Contains(first.Match.Excerpt, "numéro 7 parle de la «Russie»") {
		t.Errorf("the newest is shown as %+v, %+v", first, first.Match)
	}
}

func TestReport_NamesWatchesThatCatchTheSame(t *testing.T) {
	r := New(rules(t, nil, watch("Russie", "Russie"), watch("Japon", "Japon"), watch("Corée", "Corée")), nil, noon, noon.Add(day))
	r.Add(seen("a", 0, "Russie, Japon"))
	r.Add(seen("b", 0, "Russie, Japon, Corée"))
	r.Add(seen("c", 0, "Russie, Corée"))
	r.Add(seen("d", 0, "Russie, Japon"))
	want := []Overlap{{[2]string{"Japon", "Russie"}, 3}, {[2]string{"Corée", "Russie"}, 2}, {[2]string{"Corée", "Japon"}, 1}}
	if diff := cmp.Diff(want, r.Report().Overlaps); diff != "" {
		t.Errorf("overlaps (-want +got):\n%s", diff)
	}
}

func TestReport_SaysWhatAnEditedWatchListGainsAndLoses(t *testing.T) {
	before := rules(t, nil, watch("Gone", "Japon"), watch("Edited", "Russie"), watch("Same", "Corée"))
	after := rules(t, nil, watch("Same", "Corée"), watch("Edited", "(Russie AND Corée) OR Chine"), watch("New", "Chine"))
	r := New(after, &before, noon, noon.Add(day))
	for id, body := range map[string]string{"a": "Russie", "b": "Russie et Corée", "c": "Chine", "d": "Japon et Russie", "e": "Chine et Russie"} {
		r.Add(seen(id, time.Duration(id[0])*time.Minute, body))
	}
	type change struct {
		Watch                      string
		Hits, Before, Gained, Lost int
		New, Gone                  string
	}
	var got []change
	for _, w := range r.Report().Watches {
		c := w.Change
		got = append(got, change{w.Watch, w.Hits, c.Before, c.Gained, c.Lost, shown(c.New), shown(c.Gone)})
		for _, s := range slices.Concat(c.New, c.Gone) {
			if s.Match == nil || !strings.Contains(s.Match.Excerpt, "«") {
				t.Errorf("%s: %s without the reason", w.Watch, s.Article)
			}
		}
	}
	want := []change{
		{"Same", 1, 1, 0, 0, "", ""},
		{"Edited", 3, 4, 1, 2, "c", "d a"},
		{"New", 2, 0, 2, 0, "e c", ""},
		{"Gone", 0, 1, 0, 1, "", "d"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

// An article counts as it reads now: under the text of its newest revision.
func TestAdd_JudgesTheNewestRevision(t *testing.T) {
	r := New(rules(t, nil, watch("Russie", "Russie")), nil, noon, noon.Add(day))
	edited := seen("a", 0, "La Russie, ajoutée depuis.")
	edited.Revision = 2
	r.Add(edited)
	if got := r.Report(); got.Watches[0].Hits != 1 || shown(got.Watches[0].Samples) != "a" {
		t.Errorf("hits %s", hits(got))
	}
}

// What a watch looks at is what the monitor would let it look at.
func TestAdd_HeedsSourcesLanguagesAndTags(t *testing.T) {
	sources := []veille.Source{{Name: "wire"}, {Name: "tass", Language: "ru", Tags: []string{"state"}}, {Name: "kyodo", Tags: []string{"asia"}}}
	of := func(w veille.Watch, change func(w *veille.Watch)) veille.Watch { change(&w); return w }
	watches := []veille.Watch{
		watch("all", "Corée"),
		of(watch("one source", "Corée"), func(w *veille.Watch) { w.Sources = []string{"kyodo"} }),
		of(watch("by tag", "Corée"), func(w *veille.Watch) { w.Sources = []string{"tag:state"} }),
		of(watch("French", "Corée"), func(w *veille.Watch) { w.Languages = []string{"fr"} }),
		of(watch("Russian", "Corée"), func(w *veille.Watch) { w.Languages = []string{"ru"} }),
		of(watch("only added", "Corée"), func(w *veille.Watch) { w.Added = true }),
		watch("tag in the query", "Corée AND tag:asia"),
		watch("language in the query", "Corée AND lang:ru"),
	}
	for name, c := range map[string]struct {
		change func(a *veille.Article)
		want   []string
	}{
		"of the wire, in French":             {func(*veille.Article) {}, []string{"all", "French"}},
		"of a source that is no more":        {func(a *veille.Article) { a.Source = "closed" }, []string{"all", "French"}},
		"in an unknown language":             {func(a *veille.Article) { a.Snapshot.Language, a.Snapshot.Body = "", "Corée" }, []string{"Russian", "all", "French", "language in the query"}},
		"of a source that says its language": {func(a *veille.Article) { a.Source = "tass" }, []string{"Russian", "all", "by tag", "language in the query"}},
		"shown by a second source too":       {func(a *veille.Article) { a.Sources = []string{"kyodo"} }, []string{"French", "all", "one source", "tag in the query"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := New(rules(t, sources, watches...), nil, noon, noon.Add(day))
			a := seen("a", 0, "La Corée du Nord a tiré un missile au-dessus de la mer, selon des sources.")
			c.change(&a)
			r.Add(a)
			got := []string{}
			for _, w := range r.Report().Watches {
				if w.Hits > 0 {
					got = append(got, w.Watch)
				}
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("caught by (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHits_AreAllOfTheCollectedWatchOldestFirst(t *testing.T) {
	r := New(rules(t, nil, watch("Russie", "Russie"), watch("Japon", "Japon")), nil, noon, noon.Add(day))
	r.Collect("Russie")
	for _, n := range []int{3, 9, 0, 7, 5, 1, 8, 2, 6, 4} {
		r.Add(seen(fmt.Sprint(n), time.Duration(n)*time.Hour, "Russie et Japon"))
	}
	r.Add(seen("x", 0, "Japon"))
	if got := shown(r.Hits()); got != "0 1 2 3 4 5 6 7 8 9" {
		t.Errorf("hits %s", got)
	}
}

func TestAdd_MayBeCalledFromManyGoroutines(t *testing.T) {
	watches := []veille.Watch{watch("Russie", "Russie"), watch("Pair", "Russie AND pair"), watch("Zone", "Russie NEAR/3 zone")}
	before := rules(t, nil, watch("Russie", "Russie AND impair"))
	one, many := New(rules(t, nil, watches...), &before, noon, noon.Add(10*day)), New(rules(t, nil, watches...), &before, noon, noon.Add(10*day))
	var articles []veille.Article
	for n := range 400 {
		articles = append(articles, seen(fmt.Sprintf("%03d", n), time.Duration(n*7%400)*15*time.Minute, []string{"La Russie, pair.", "La Russie, impair.", "Une zone de Russie, pair."}[n%3]))
	}
	var group sync.WaitGroup
	for part := range 4 {
		group.Go(func() {
			for i := part; i < len(articles); i += 4 {
				many.Add(articles[i])
			}
		})
	}
	for _, a := range articles {
		one.Add(a)
	}
	group.Wait()
	if diff := cmp.Diff(one.Report(), many.Report()); diff != "" {
		t.Errorf("one by one and at once (-one +many):\n%s", diff)
	}
}
