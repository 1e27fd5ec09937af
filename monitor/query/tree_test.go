package query

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"veille"
)

func item(s string) veille.Clause { return veille.Clause{Item: s} }

func TestTreeOf_JoinsQueryAndLists(t *testing.T) {
	words := items
	cases := []struct {
		w    veille.Watch
		want string
	}{
		{veille.Watch{Query: "a1 AND b1", List: veille.Clause{All: words("c d"), Any: words("e1", "fg*"), None: words("g1")}}, `a1 AND b1 AND "c d" AND (e1 OR fg*) AND NOT g1`},
		{veille.Watch{Query: "a1 OR b1"}, `a1 OR b1`},
		{veille.Watch{List: veille.Clause{Any: words("a1", "@b", "~mot", `="C++"`, "=U.S.", "« d e »")}}, `a1 OR @b OR ~mot OR ="C++" OR ="U.S." OR "d e"`},
		{veille.Watch{List: veille.Clause{Any: words("a1")}}, `a1`},
		{veille.Watch{List: veille.Clause{All: []veille.Clause{{Any: words("a1", "b1")}, {Any: words("c1", "d1")}}, Near: 40}}, `(a1 OR b1) NEAR/40 (c1 OR d1)`},
		{veille.Watch{List: veille.Clause{All: []veille.Clause{{All: words("a1", "b1"), Near: 2}, item("c1")}, None: []veille.Clause{{All: words("d1", "e1")}}}}, `(a1 NEAR/2 b1) AND c1 AND NOT (d1 AND e1)`},
		{veille.Watch{List: veille.Clause{All: []veille.Clause{item("a1"), {None: words("b1", "c1")}}}}, `a1 AND NOT b1 AND NOT c1`},
		{veille.Watch{List: veille.Clause{Any: []veille.Clause{{All: words("a1"), None: words("b1")}, item("c1")}}}, `(a1 AND NOT b1) OR c1`},
		{veille.Watch{List: veille.Clause{AtLeast: &veille.AtLeast{N: 2, Of: words("a1", "b1", "c1")}}}, `2 of (a1, b1, c1)`},
		{veille.Watch{List: veille.Clause{AtLeast: &veille.AtLeast{N: 1, Of: words("a1", "b1")}}}, `a1 OR b1`},
		{veille.Watch{List: veille.Clause{AtLeast: &veille.AtLeast{N: 2, Of: words("a1", "b1")}, All: words("c1")}}, `c1 AND a1 AND b1`},
		{veille.Watch{List: veille.Clause{All: words("a1", "b1"), In: []string{"title"}}}, `title:a1 AND title:b1`},
		{veille.Watch{List: veille.Clause{Any: words("a1", "b1"), None: words("c1"), In: []string{"title", "lead"}}}, `(title:(a1 OR b1) OR lead:(a1 OR b1)) AND NOT (title:c1 OR lead:c1)`},
		{veille.Watch{List: veille.Clause{All: words("a1", "b1"), Near: 3, In: []string{"title", "lead"}}}, `title:(a1 NEAR/3 b1) OR lead:(a1 NEAR/3 b1)`},
		{veille.Watch{List: veille.Clause{All: []veille.Clause{item("a1"), {Any: words("b1"), In: []string{"body"}}}, In: []string{"url"}}}, `url:a1 AND body:b1`},
		{veille.Watch{List: veille.Clause{All: []veille.Clause{{Any: words("b1"), In: []string{"body", "title"}}}, In: []string{"url"}}}, `text:b1`},
		{veille.Watch{List: veille.Clause{AtLeast: &veille.AtLeast{N: 2, Of: words("a1", "b1", "c1")}, In: []string{"title"}}}, `2 of (title:a1, title:b1, title:c1)`},
		{veille.Watch{List: veille.Clause{Any: []veille.Clause{{Any: words("a1"), Languages: []string{"fr", "ko"}}, item("b1")}}}, `(a1 AND lang:(fr OR ko)) OR b1`},
	}
	for _, c := range cases {
		e, err := treeOf(c.w)
		if err != nil {
			t.Errorf("%+v: %v", c.w, err)
			continue
		}
		if got := e.String(); got != c.want {
			t.Errorf("%+v:\n reads %s\nwanted %s", c.w, got, c.want)
		}
		again, err := Parse(e.String())
		if err != nil {
			t.Errorf("%s: %v", e, err)
		} else if diff := cmp.Diff(e, again, ignorePlaces); diff != "" {
			t.Errorf("%s is no expression that Parse makes:\n%s", e, diff)
		}
	}
}

func TestTreeOf_PlacesEveryMistake(t *testing.T) {
	words := items
	p := func(path, what, help string) veille.Problem {
		return veille.Problem{Path: path, What: what, Help: help}
	}
	only := "only exclusions: this would match almost everything"
	cases := []struct {
		list veille.Clause
		want veille.Problem
	}{
		{veille.Clause{None: words("a1")}, p("none", only, "say what to look for too, under query:, all: or any:")},
		{veille.Clause{All: []veille.Clause{{None: words("a1")}}}, p("", only, "say what to look for too, under query:, all: or any:")},
		{veille.Clause{Any: []veille.Clause{item("b1"), {None: words("a1")}}}, p("any[1]", only, "write none: beside the list rather than inside it")},
		{veille.Clause{All: words("a1"), None: []veille.Clause{{None: words("b1")}}}, p("none[0]", only, "write none: beside the list rather than inside it")},
		{veille.Clause{All: []veille.Clause{}}, p("all", "an empty list", "write words in it, or remove the key")},
		{veille.Clause{All: words("a1", "a b AND c")}, veille.Problem{Path: "all[1]", Offset: 4, What: "AND is an operator only under query:", Help: `an item is one phrase: make it several items, or quote it: '"a b AND c"'`}},
		{veille.Clause{All: words("a1"), Near: 4}, p("near", "near: measures between the members of all:, and there is only one", "write at least two")},
		{veille.Clause{Any: words("a1"), Near: 4}, p("near", "near: measures between the members of all:, and there is none", "write the groups under all:, each as a word or as any: […]")},
		{veille.Clause{All: words("a1", "b1"), Near: -1}, p("near", "a distance is 1 to 1000 words", "for words side by side write one phrase; for the whole text remove the key")},
		{veille.Clause{All: []veille.Clause{item("a1"), {All: words("b1", "c1")}}, Near: 4}, p("all[1]", "near: measures between words, and this member asks for several", "write it as a list of its own with its own near:")},
		{veille.Clause{All: []veille.Clause{item("a1"), {Any: words("b1"), In: []string{"title"}}}, Near: 4}, p("all[1]", "near: measures within one field", "write in: beside near: rather than inside the item")},
		{veille.Clause{AtLeast: &veille.AtLeast{N: 0, Of: words("a1", "b1")}}, p("at_least.n", "0 of them always holds", "write at least 1")},
		{veille.Clause{AtLeast: &veille.AtLeast{N: 3, Of: words("a1", "b1")}}, p("at_least.n", "more members are asked for than the 2 that are listed", "lower the number, or list more")},
		{veille.Clause{AtLeast: &veille.AtLeast{N: 2, Of: words("a1", "b1", "a1")}}, p("at_least.of[2]", "a1 is here twice, and would count twice", "take it out")},
		{veille.Clause{AtLeast: &veille.AtLeast{N: 2}}, p("at_least.of", "an empty list", "write the members")},
		{veille.Clause{All: words("a1"), In: []string{"site"}}, p("in[0]", `"site" is no field of text`, "the fields are title, lead, body, text, url and author")},
		{veille.Clause{All: []veille.Clause{item("a1"), {Near: 3}}}, p("all[1]", "nothing to look for", "write words under all, any or at_least")},
		{veille.Clause{All: []veille.Clause{{Any: words("a1"), Languages: []string{"french"}}}}, p("all[0].languages[0]", `"french" is no language code`, "write the ISO 639 code of two or three letters, such as fr")},
	}
	for _, c := range cases {
		var r treeReader
		r.watch(veille.Watch{List: c.list})
		if diff := cmp.Diff([]veille.Problem{c.want}, r.problems); diff != "" {
			t.Errorf("%+v:\n%s", c.list, diff)
		}
	}
}
