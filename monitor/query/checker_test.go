package query

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func TestCompile_NamesTheWatchInEveryProblem(t *testing.T) {
	_, err := Compile([]veille.Watch{
		{Name: "good", Query: "a1"},
		{Name: "bad", Query: "Corée du Nord"},
		{Name: "worse", List: veille.Clause{All: items("ok", "")}},
	}, map[string][]string{"c": {"@d"}})
	want := `concepts: c[0]: unknown concept @d; define it under concepts:
watch "bad": query: words side by side need quotes or an operator; write "Corée du Nord"
watch "worse": all[1]: nothing to look for; write words under all, any or at_least`
	if err == nil || err.Error() != want {
		t.Errorf("error is\n%v\nwant\n%s", err, want)
	}
}

func TestChecker_PlacesEveryMistake(t *testing.T) {
	concepts := map[string][]string{"dprk": {"RPDC"}}
	cases := []struct {
		w    veille.Watch
		want []veille.Problem
	}{
		{veille.Watch{Query: "é AND @dprc"}, []veille.Problem{{Path: "query", Offset: 7, What: "unknown concept @dprc", Help: "did you mean @dprk?"}}},
		{veille.Watch{Query: "@dprk", List: veille.Clause{All: items("ab", "@nothing", "x*y"), Any: items("…"), None: items(" *b")}}, []veille.Problem{
			{Path: "all[1]", What: "unknown concept @nothing", Help: "define it under concepts:"},
			{Path: "all[2]", Offset: 1, What: "* can only end a term", Help: "only the end of the last word may be left open, as in missile*"},
			{Path: "any[0]", What: `"…" holds no letter or digit to look for`, Help: "only words are compared: spaces, signs and punctuation are not"},
			{Path: "none[0]", Offset: 1, What: "* cannot begin a word", Help: "only the end of a word may be left open, as in missile*"}}},
		{veille.Watch{List: veille.Clause{All: items("Corée AND Russie", "title:Corée", `"Corée AND Russie"`, "de Corée NEAR/4 x", "C#")}}, []veille.Problem{
			{Path: "all[0]", Offset: 7, What: "AND is an operator only under query:", Help: `an item is one phrase: make it several items, or quote it: '"Corée AND Russie"'`},
			{Path: "all[1]", What: "title: is a field only under query:", Help: `an item is one phrase: write it as {all: […], in: [title]}, or quote it: '"title:Corée"'`},
			{Path: "all[3]", Offset: 10, What: "NEAR/4 is an operator only under query:", Help: `an item is one phrase: write both as {all: […], near: n}, or quote it: '"de Corée NEAR/4 x"'`},
			{Path: "all[4]", Offset: 1, What: `"#" is not compared: C# would match C too`, Help: `write ="C#" to compare the signs too, or take the sign out`}}},
		{veille.Watch{List: veille.Clause{All: items(`"Corée`)}}, []veille.Problem{{Path: "all[0]", What: `the quote " is not closed`, Help: "an item needs no quotes: take it out"}}},
		{veille.Watch{List: veille.Clause{None: items("a")}}, []veille.Problem{{Path: "none", What: "only exclusions: this would match almost everything", Help: "say what to look for too, under query:, all: or any:"}}},
		{veille.Watch{}, []veille.Problem{{What: "the watch looks for nothing", Help: "write a query, or words under all: or any:"}}},
		{veille.Watch{Query: "@dprk AND NOT titre", List: veille.Clause{All: items("Kim Jong-un", `«Corée "du" Nord»`, "russe*", `"russe*"`, "12,5 %", "L'Oréal")}}, nil},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, NewChecker(concepts, nil).Watch(c.w)); diff != "" {
			t.Errorf("%+v:\n%s", c.w, diff)
		}
	}
}

func TestChecker_RefusesLoopsAndUnknownNames(t *testing.T) {
	got := NewChecker(map[string][]string{
		"a": {"x", "@b"}, "b": {"@c"}, "c": {"y", "@a"}, "d": {"@a"}, "empty": {}, "bad name": {"x"}, "self": {"@self"}, "typo": {"@slef"},
	}, nil).Concepts()
	want := []veille.Problem{
		{Path: "a", What: "the concept stands for itself: @a → @b → @c → @a", Help: "take one of them out"},
		{Path: "b", What: "the concept stands for itself: @b → @c → @a → @b", Help: "take one of them out"},
		{Path: "bad name", What: "the name of a concept is letters, digits, - and _"},
		{Path: "c", What: "the concept stands for itself: @c → @a → @b → @c", Help: "take one of them out"},
		{Path: "empty", What: "the concept is empty", Help: "write the words it stands for"},
		{Path: "self", What: "the concept stands for itself: @self → @self", Help: "take one of them out"},
		{Path: "typo[0]", What: "unknown concept @slef", Help: "did you mean @self?"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCompile_ConceptsThatDoubleAtEveryStepStaySmall(t *testing.T) {
	concepts := map[string][]string{"c0": {"mot"}}
	last := "c0"
	for i := range 60 {
		name := "c" + strings.Repeat("x", i+1)
		concepts[name] = []string{"@" + last, "@" + last}
		last = name
	}
	set := mustCompile(t, concepts, veille.Watch{Name: "w", Query: "@" + last})
	if m := matchesOf(set, veille.Snapshot{Body: "un mot"}); len(m) != 1 || len(m[0].Terms) != 1 {
		t.Errorf("matches are %v", m)
	}
}

func TestChecker_KeepsMessagesShort(t *testing.T) {
	long := strings.Repeat("mot", 5000)
	for _, q := range []string{
		long + " AND " + long + " OR " + long, strings.Repeat("a1 AND b1 OR ", 2000) + "c1", long + " " + long, "-" + long, `"` + strings.Repeat("…", 9000) + `"`,
		long + "?", long + ":x", "@" + long, "NOT " + long, long + "*x", long + "+",
	} {
		for _, p := range append(NewChecker(nil, nil).Watch(veille.Watch{Query: q}), NewChecker(nil, nil).Watch(veille.Watch{List: veille.Clause{All: items(q)}})...) {
			if len(p.What)+len(p.Help) > 1300 {
				t.Errorf("%.20s…: %d bytes of %.60s… %.60s…", q, len(p.What)+len(p.Help), p.What, p.Help)
			}
		}
	}
}
