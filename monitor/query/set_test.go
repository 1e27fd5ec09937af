package query

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

const foundingTitle = "Washington s’inquiète d’une entente entre Moscou et Pyongyang"

const foundingBody = "SEOUL, 14 sept. -- Washington se dit préoccupé par une coopération de plus en plus étroite entre la Corée du Nord et la Russie. " +

	"Un porte-parole l’a déclaré mercredi.\n\nLe dirigeant nord-coréen Kim Jong-un a rencontré le président russe. " +
	"La Russie n’a rien confirmé, et la Corée du Nord non plus; la Russie se tait. Encore la Russie."

func mustCompile(t testing.TB, concepts map[string][]string, watches ...veille.Watch) *Set {
	t.Helper()
	set, err := Compile(watches, concepts)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestSet_FlagsTheFoundingStoryAndSaysWhy(t *testing.T) {
	set := mustCompile(t, nil,
		veille.Watch{Name: "rpdc", Query: `"Corée du Nord" AND Russie`},
		veille.Watch{Name: "iran", Query: `"Corée du Nord" AND Iran AND NOT Russie`},
		veille.Watch{Name: "sans", Query: `"Corée du Nord" AND NOT Russie`},
	)
	a := veille.Snapshot{Title: foundingTitle, Body: foundingBody}
	got := matchesOf(set, a)
	if len(got) != 1 {
		t.Fatalf("%d matches, want 1", len(got))
	}
	want := veille.Match{
		Watch: "rpdc",
		Terms: []veille.Term{
			{Term: "Corée du Nord", Field: "body", Text: "Corée du Nord", Start: 100, End: 113},
			{Term: "Russie", Field: "body", Text: "Russie", Start: 120, End: 126},
			{Term: "Russie", Field: "body", Text: "Russie", Start: 239, End: 245},
			{Term: "Corée du Nord", Field: "body", Text: "Corée du Nord", Start: 271, End: 284},
			{Term: "Russie", Field: "body", Text: "Russie", Start: 298, End: 304},
		},
		Excerpt: "SEOUL, 14 sept. -- Washington se dit préoccupé par une coopération de plus en plus étroite entre la «Corée du Nord» et la «Russie». " +
			"Un porte-parole l’a déclaré mercredi. Le dirigeant nord-coréen Kim Jong-un a rencontré le président russe. La…",
	}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
	misses := missesOf(set, a)
	wantMisses := []veille.Miss{
		{Watch: "iran", Failed: "Iran", Why: "not in title or body", Found: []string{"Corée du Nord"}},
		{Watch: "sans", Failed: "NOT Russie", Why: "excluded: Russie is in body", Found: []string{"Corée du Nord"}},
	}
	if diff := cmp.Diff(wantMisses, misses); diff != "" {
		t.Error(diff)
	}
}

func TestSet_ReportsOffsetsInCodePointsOfTheOriginal(t *testing.T) {
	texts := []struct{ query, body, text string }{
		{`Corée`, "😀 la Co\u00adre\u0301e.", "Co\u00adre\u0301e"},
		{`armement`, "l’armement", "armement"},
		{`북한`, "어제 북한은", "북한은"},
		{`金正恩`, "领导人金正恩访", "金正恩"},
		{`ガス`, "の ｶﾞｽ", "ｶﾞｽ"},
		{`"nord coréen"`, "le nord‑coréen\u200b Kim", "nord‑coréen"},
		{`missile*`, "des MISSILES\ufeff, ", "MISSILES"},
		{`office`, "\xff\xfeoﬃce", "oﬃce"},
		{`2`, "½", "½"},
	}
	for _, c := range texts {
		set := mustCompile(t, nil, veille.Watch{Name: "w", Query: c.query})
		m := matchesOf(set, veille.Snapshot{Body: c.body})
		if len(m) != 1 || len(m[0].Terms) != 1 {
			t.Errorf("%s in %q: %v", c.query, c.body, m)
			continue
		}
		term := m[0].Terms[0]
		if term.Text != c.text {
			t.Errorf("%s in %q: text is %q, want %q", c.query, c.body, term.Text, c.text)
		}
		runes := []rune(c.body)
		if got := string(runes[term.Start:term.End]); got != string([]rune(c.text)) {
			t.Errorf("%s in %q: offsets %d to %d hold %q", c.query, c.body, term.Start, term.End, got)
		}
	}
}

func TestSet_ReadsOnlyTitleAndBodyUnlessAFieldIsNamed(t *testing.T) {
	a := veille.Snapshot{
		URL: "https://www.example.org/?p=1", Canonical: "https://www.example.org/cor%C3%A9e-du-nord/sommet-1234",
		Title: "Un sommet à Moscou", Body: "Deux dirigeants se parlent.", Authors: []string{"Anne Petit", "Jean Paul"},
		Description: "description", Site: "site", Language: "fr",
	}
	cases := []struct {
		query string
		want  []veille.Term
	}{
		{`description OR site OR fr`, nil},
		{`Corée`, nil},
		{`Petit`, nil},
		{`body:sommet`, nil},
		{`url:p`, nil},
		{`author:"Petit Jean"`, nil},
		{`title:sommet`, []veille.Term{{Term: "sommet", Field: "title", Text: "sommet", Start: 3, End: 9}}},
		{`url:"Corée du Nord"`, []veille.Term{{Term: "Corée du Nord", Field: "url", Text: "cor%C3%A9e-du-nord", Start: 24, End: 42}}},
		{`author:"jean paul"`, []veille.Term{{Term: "jean paul", Field: "author", Text: "Jean Paul", Start: 12, End: 21}}},
		{`sommet AND (author:Petit OR url:sommet)`, []veille.Term{
			{Term: "sommet", Field: "title", Text: "sommet", Start: 3, End: 9},
			{Term: "sommet", Field: "url", Text: "sommet", Start: 43, End: 49},
			{Term: "Petit", Field: "author", Text: "Petit", Start: 5, End: 10}}},
	}
	for _, c := range cases {
		set := mustCompile(t, nil, veille.Watch{Name: "w", Query: c.query})
		var got []veille.Term
		if m := matchesOf(set, a); len(m) == 1 {
			got = m[0].Terms
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", c.query, diff)
		}
	}
}

func TestSet_CombinesTheListFormAndTheQuery(t *testing.T) {
	concepts := map[string][]string{
		"ru":   {"Russie", "russe*", "@more"},
		"more": {"Moscou", "Россия", "@ru2"},
		"ru2":  {`"Kremlin"`},
	}
	set := mustCompile(t, concepts,
		veille.Watch{Name: "Sommet", List: veille.Clause{All: items("Kim Jong-un", "Poutine"), Any: items("sommet", "rencontre", "visite*"), None: items("football", `"jeux vidéo"`)}},
		veille.Watch{Name: "both", Query: "Poutine", List: veille.Clause{All: items("@ru")}},
		veille.Watch{Name: "concept", Query: "title:@ru"},
	)
	names := func(a veille.Snapshot) (got []string) {
		for _, m := range matchesOf(set, a) {
			got = append(got, m.Watch)
		}
		return got
	}
	cases := []struct {
		a      veille.Snapshot
		want   []string
		misses []veille.Miss
	}{
		{veille.Snapshot{Body: "Kim Jong Un et Poutine, une rencontre"}, []string{"Sommet"}, []veille.Miss{
			{Watch: "both", Failed: "@ru", Why: "none of its words is in title or body", Found: []string{"Poutine"}},
			{Watch: "concept", Failed: "title:@ru", Why: "none of its words is in title"}}},
		{veille.Snapshot{Body: "Kim Jong Un et Poutine, football et visites au Kremlin"}, []string{"both"}, []veille.Miss{
			{Watch: "Sommet", Failed: "NOT football", Why: "excluded: football is in body", Found: []string{"Kim Jong-un", "Poutine", "visite*"}},
			{Watch: "concept", Failed: "title:@ru", Why: "none of its words is in title"}}},
		{veille.Snapshot{Title: "Le Kremlin", Body: "Kim Jong-un et Poutine"}, []string{"both", "concept"}, []veille.Miss{
			{Watch: "Sommet", Failed: "sommet OR rencontre OR visite*", Why: "none of them is in title or body", Found: []string{"Kim Jong-un", "Poutine"}}}},
		{veille.Snapshot{Title: "Les Russes", Body: "Kim Jong-un"}, []string{"concept"}, []veille.Miss{
			{Watch: "Sommet", Failed: "Poutine", Why: "not in title or body", Found: []string{"Kim Jong-un"}},
			{Watch: "both", Failed: "Poutine", Why: "not in title or body", Found: []string{"russe*"}}}},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, names(c.a)); diff != "" {
			t.Errorf("%q: %s", c.a.Body, diff)
		}
		if diff := cmp.Diff(c.misses, missesOf(set, c.a)); diff != "" {
			t.Errorf("%q: %s", c.a.Body, diff)
		}
	}
	m := matchesOf(set, veille.Snapshot{Title: "Les Russes"})
	if got := m[0].Terms[0].Term; got != "russe*" {
		t.Errorf("term is %q, want the concept's item russe*", got)
	}
}

func TestSet_MissesNameTheFirstClauseThatFailed(t *testing.T) {
	cases := []struct {
		query, failed, why string
		found              []string
	}{
		{`a1  AND  ( x1 OR  "y1 z1" )`, `x1 OR "y1 z1"`, "none of them is in title or body", []string{"a1"}},
		{`a1 AND (x1 OR (y1 AND z1))`, `x1 OR (y1 AND z1)`, "no alternative holds", []string{"a1"}},
		{`title:(a1 AND x1)`, "a1", "not in title, only in body", nil},
		{`title:x1`, "title:x1", "not in title", nil},
		{`title:a1`, "title:a1", "not in title, only in body", nil},
		{`body:(a1 OR b1) AND NOT (x1 OR b1)`, "NOT (x1 OR b1)", "excluded: b1 is in body", []string{"a1", "b1"}},
		{`a1 SAUF "a1 bc*"`, `NOT "a1 bc*"`, "excluded: a1 bc* is in title", []string{"a1"}},
	}
	for _, c := range cases {
		set := mustCompile(t, nil, veille.Watch{Name: "w", Query: c.query})
		title := ""
		if strings.Contains(c.query, "SAUF") {
			title = "a1 bcd"
		}
		want := []veille.Miss{{Watch: "w", Failed: c.failed, Why: c.why, Found: c.found}}
		if diff := cmp.Diff(want, missesOf(set, veille.Snapshot{Title: title, Body: "a1 b1"})); diff != "" {
			t.Errorf("%s:\n%s", c.query, diff)
		}
	}
}

func TestSet_ExcerptShowsTheDensestGroup(t *testing.T) {
	filler := strings.Repeat("mot banal du texte ", 30)
	cases := []struct{ query, title, body, want string }{
		{`alpha AND beta`, "", "alpha " + filler + "alpha beta " + filler,
			"…mot banal du texte mot banal du texte mot banal du texte mot banal du texte mot banal du texte mot banal du texte «alpha» «beta» mot banal du texte mot banal du texte mot banal du texte mot banal du texte mot banal du texte mot banal du texte…"},
		{`alpha`, "Titre alpha", filler, "Titre «alpha»"},
		{`url:alpha`, "Titre", filler, "Titre"},
		{`"alpha beta" AND "beta gamma"`, "", "l’«alpha»\n\nbeta \t gamma!", "l’««alpha» beta gamma»!"},
		{`北朝鮮`, "", strings.Repeat("漢", 300) + "北朝鮮" + strings.Repeat("字", 300),
			"…" + strings.Repeat("漢", 118) + "«北朝鮮»" + strings.Repeat("字", 119) + "…"},
	}
	for _, c := range cases {
		set := mustCompile(t, nil, veille.Watch{Name: "w", Query: c.query})
		m := matchesOf(set, veille.Snapshot{Title: c.title, Body: c.body, URL: "https://alpha.example"})
		if len(m) != 1 {
			t.Errorf("%s: %d matches", c.query, len(m))
			continue
		}
		if diff := cmp.Diff(c.want, m[0].Excerpt); diff != "" {
			t.Errorf("%s:\n%s", c.query, diff)
		}
	}
}

func TestSet_IsSafeForConcurrentUse(t *testing.T) {
	set := mustCompile(t, nil, veille.Watch{Name: "a", Query: `"Corée du Nord"`}, veille.Watch{Name: "b", Query: "russe* AND Kim"})
	a := veille.Snapshot{Title: foundingTitle, Body: foundingBody}
	want := matchesOf(set, a)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if diff := cmp.Diff(want, matchesOf(set, a)); diff != "" {
					t.Error(diff)
				}
				if len(matchesOf(set, veille.Snapshot{Title: "rien"})) != 0 {
					t.Error("an empty article matches")
				}
			}
		})
	}
	wg.Wait()
}

func TestSet_KeepsTheOrderOfTheWatchList(t *testing.T) {
	var watches []veille.Watch
	var want []string
	for i := range 300 {
		name := strings.Repeat("w", i+1)
		query := "mot" + string(rune('a'+i%26))
		if i%7 == 0 {
			query = "absent"
		} else {
			want = append(want, name)
		}
		watches = append(watches, veille.Watch{Name: name, Query: query})
	}
	set := mustCompile(t, nil, watches...)
	var got []string
	for _, m := range matchesOf(set, veille.Snapshot{Body: "motz moty motx motw motv motu mott mots motr motq motp moto motn motm motl motk motj moti moth motg motf mote motd motc motb mota"}) {
		got = append(got, m.Watch)
	}
	if !slices.Equal(want, got) {
		t.Errorf("%d matches, want %d in order", len(got), len(want))
	}
}

func TestSet_FindsEveryBeginningOfAWord(t *testing.T) {
	prefixes := []string{"mi", "mis", "miss", "missi", "missile", "misso", "mist", "mj", "mh", "missiles", "missilesx", "ми", "миссия"}
	var watches []veille.Watch
	for _, p := range prefixes {
		watches = append(watches, veille.Watch{Name: p, Query: p + "*"})
	}
	set := mustCompile(t, nil, watches...)
	for _, text := range []string{"missiles", "missile", "mis", "misty", "MI", "m", "missm", "миссию", "мир", "zz", "missilesx"} {
		var want, got []string
		for _, p := range prefixes {
			if strings.HasPrefix(strings.ToLower(text), p) {
				want = append(want, p)
			}
		}
		for _, m := range matchesOf(set, veille.Snapshot{Title: text}) {
			got = append(got, m.Watch)
		}
		if !slices.Equal(want, got) {
			t.Errorf("%s begins with %v, want %v", text, got, want)
		}
	}
}

func TestSet_WithoutWatchesMatchesNothing(t *testing.T) {
	set := mustCompile(t, nil)
	if m := matchesOf(set, veille.Snapshot{Title: "Corée"}); m != nil {
		t.Errorf("matches are %v", m)
	}
	if m := missesOf(set, veille.Snapshot{Title: "Corée"}); m != nil {
		t.Errorf("misses are %v", m)
	}
}

func matchesOf(set *Set, a veille.Snapshot) []veille.Match {
	m, _ := set.Match(a, nil)
	return m
}

func missesOf(set *Set, a veille.Snapshot) []veille.Miss { return set.Misses(a, nil) }

// items makes the members of a list from words and phrases.
func items(words ...string) []veille.Clause {
	out := make([]veille.Clause, len(words))
	for i, w := range words {
		out[i].Item = w
	}
	return out
}
