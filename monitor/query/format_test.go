package query

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFormat_LaysOutLongQueriesAndKeepsComments(t *testing.T) {
	cases := []struct{ query, want string }{
		{"  a1   ET b1\n", "a1 AND b1"},
		{"2 OF (a1, b1, c1)", "2 of (a1, b1, c1)"},
		{`@dprk NEAR/60 @russia AND (arme* OR munition* OR missile*)`, `(@dprk NEAR/60 @russia) AND (arme* OR munition* OR missile*)`},
		{
			`(@dprk NEAR/60 @russia) AND (arme* OR munition* OR missile* OR "tir balistique") NOT (football OR "jeux vidéo" OR title:exercice)`,
			`(@dprk NEAR/60 @russia)
AND (arme* OR munition* OR missile* OR "tir balistique")
AND NOT (football OR "jeux vidéo" OR title:exercice)
`,
		},
		{
			`Pyongyang AND ("essai nucléaire" OR "tir balistique" OR "missile intercontinental" OR 핵실험 OR 미사일 OR 大陸間弾道ミサイル)`,
			`Pyongyang
AND (
  "essai nucléaire" OR "tir balistique" OR "missile intercontinental" OR 핵실험
  OR 미사일 OR 大陸間弾道ミサイル
)
`,
		},
		{
			"# who\n@dprk # the North\nAND\n# what\n(missile* # any\nOR # not yet\n\"tir balistique\"\n# end\n) # last\n# after",
			`# who
@dprk # the North
# what
AND (
  missile* # any
  # not yet
  OR "tir balistique"
  # end
) # last
# after
`,
		},
		{
			"2 of (\n a1, # one\n b1 AND c1,\n # three\n d1\n)",
			`2 of (
  a1, # one
  b1 AND c1,
  # three
  d1
)
`,
		},
		{"(\na1 # one\n)", "# one\na1\n"},
		{"a1 AND NOT # why\n title:( # what\n b1)", "a1 # why\n# what\nAND NOT title:b1\n"},
		{
			`title:(aaaaaaaaaaaaaaaaaaaaaaaaaaaa NEAR/5 (bbbbbbbbbbbbbbbbbbbbbbbbbb OR ccccccccccccccccccccccccc OR ddddddddd))`,
			`title:(
  aaaaaaaaaaaaaaaaaaaaaaaaaaaa
  NEAR/5 (bbbbbbbbbbbbbbbbbbbbbbbbbb OR ccccccccccccccccccccccccc OR ddddddddd)
)
`,
		},
	}
	for _, c := range cases {
		got, err := Format(c.query)
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", c.query, diff)
		}
		checkFormat(t, c.query, got)
	}
}

// checkFormat holds that a formatted query says the same, with the same
// comments, and is formatted as itself.
func checkFormat(t *testing.T, query, formatted string) {
	t.Helper()
	before, commentsBefore, _ := parse(query)
	after, commentsAfter, errs := parse(formatted)
	if errs != nil {
		if len(formatted) > MaxBytes {
			return
		}
		t.Fatalf("%q is formatted as %q, which is an error: %v", query, formatted, errs)
	}
	if diff := cmp.Diff(before, after, ignorePlaces); diff != "" {
		t.Fatalf("%q is formatted as %q, which reads differently:\n%s", query, formatted, diff)
	}
	said := func(query string, comments []comment) string {
		var b strings.Builder
		for _, c := range comments {
			b.WriteString(query[c.start:c.end] + "\n")
		}
		return b.String()
	}
	if diff := cmp.Diff(said(query, commentsBefore), said(formatted, commentsAfter)); diff != "" {
		t.Fatalf("%q is formatted as %q, with other comments:\n%s", query, formatted, diff)
	}
	again, err := Format(formatted)
	if err != nil {
		t.Fatalf("%q: %v", formatted, err)
	}
	if again != formatted {
		t.Fatalf("%q is formatted as\n%s, and that as\n%s", query, formatted, again)
	}
}

func FuzzFormat(f *testing.F) {
	for _, q := range []string{
		"# who\n@dprk # the North\nAND\n# what\n(missile* # any\nOR # not yet\n\"tir balistique\"\n# end\n) # last\n# after",
		"2 of (\n ab, # one\n bc AND cd,\n # three\n de\n)", "ab AND NOT # why\n title:( # what\n bc)",
		"ab NEAR/3 # x\n (cd OR # y\n ef) # z\nAND 1 of (gh, # g\n ij)", `"Corée du Nord" AND Russie`,
		strings.Repeat("(abcdefgh OR ", 12) + "ij" + strings.Repeat(" AND kl)", 12),
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		formatted, err := Format(q)
		if err == nil {
			checkFormat(t, q, formatted)
		}
	})
}
