package query

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// at marks the guilty token with ^ in front of it.
func TestParse_ExplainsMistakes(t *testing.T) {
	deep := strings.Repeat("(", MaxDepth+1) + "a1" + strings.Repeat(")", MaxDepth+1)
	cases := []struct{ at, what, help string }{
		{`Pyongyang AND Moscou ^OR Russie`, "AND and OR are mixed without parentheses", "write (Pyongyang AND Moscou) OR Russie — or — Pyongyang AND (Moscou OR Russie)"},
		{`a1 OR b1 ^AND c1 OR "d e"`, "AND and OR are mixed without parentheses", `write a1 OR (b1 AND c1) OR "d e" — or — (a1 OR b1) AND (c1 OR "d e")`},
		{`a1 OR b1 ^NOT c1`, "AND and OR are mixed without parentheses", "write a1 OR (b1 AND NOT c1) — or — (a1 OR b1) AND NOT c1"},
		{`^Corée du Nord OR RPDC`, "words side by side need quotes or an operator", `write "Corée du Nord"`},
		{`Russie AND (^Corée du Nord)`, "words side by side need quotes or an operator", `write "Corée du Nord"`},
		{`"Corée du Nord" ^Russie`, `no operator between "Corée du Nord" and Russie`, `write "Corée du Nord" AND Russie — or — "Corée du Nord" OR Russie`},
		{`(a1 OR b1) ^(c1)`, "no operator between (a1 OR b1) and (…)", "write (a1 OR b1) AND (…) — or — (a1 OR b1) OR (…)"},
		{`Moscou ^and Pyongyang`, "operators are written in upper case: and", `did you mean AND? or, as a phrase, "Moscou and Pyongyang"`},
		{`"Corée du Nord" ^or Russie`, "operators are written in upper case: or", `did you mean OR?`},
		{`Moscou AND ^not Pyongyang`, "operators are written in upper case: not", `did you mean NOT?`},
		{`Moscou ^Ou Pyongyang`, "operators are written in upper case: Ou", `did you mean OU? or, as a phrase, "Moscou Ou Pyongyang"`},
		{`a1 OR ^NOT b1`, "NOT inside OR matches almost everything", "exclude beside the group: (… OR …) AND NOT b1"},
		{`a1 OR (^NOT b1)`, "NOT inside OR matches almost everything", "exclude beside the group: (… OR …) AND NOT b1"},
		{`^NOT Russie`, "only exclusions: this would match almost everything", "say what to look for too: … AND NOT Russie"},
		{`^NOT a1 AND NOT b1`, "only exclusions: this would match almost everything", "say what to look for too: … AND NOT a1"},
		{`a1 AND (^NOT b1 AND NOT c1)`, "only exclusions: this would match almost everything", "say what to look for too: … AND NOT b1"},
		{`a1 AND NOT ^NOT b1`, "NOT NOT says nothing", "take both out, or one"},
		{`^`, "the query is empty", "write a word, or take the query out"},
		{`^  `, "the query is empty", "write a word, or take the query out"},
		{`a1 AND ^""`, "the term is empty", "write a word between the quotes, or take it out"},
		{`a1 AND ^" "`, "the term is empty", "write a word between the quotes, or take it out"},
		{`a1 ^&& b1`, `"&&" holds no letter or digit to look for`, "did you mean AND?"},
		{`^"…"`, `"…" holds no letter or digit to look for`, "only words are compared: spaces, signs and punctuation are not"},
		{`a1 AND ^"Corée`, `the quote " is not closed`, `put " after the phrase`},
		{`^«Corée"`, `the quote « is not closed`, `put » after the phrase`},
		{`Corée^»`, `» closes nothing`, `put « before the phrase`},
		{`a1 AND ^(b1 OR c1`, "the parenthesis is not closed", "put ) where the group ends"},
		{`a1 AND b1^)`, ") closes nothing", "take it out, or put ( where the group begins"},
		{`a1 AND ^()`, "nothing is between the parentheses", "write a word between them, or take them out"},
		{`a1 ^AND`, "nothing is after AND", "write a word after it, or take it out"},
		{`(a1 ^OR) AND b1`, "nothing is after OR", "write a word after it, or take it out"},
		{`^OR a1`, "nothing is before OR", "write a word before it, or take it out"},
		{`a1 AND ^OR b1`, "OR follows AND", "keep one of them, or quote the one that is a word"},
		{`^titel:Corée`, "unknown field titel:", `did you mean title:? or quote it if the colon belongs to the words: "titel:…"`},
		{`^Body:Corée`, "unknown field Body:", `did you mean body:? or quote it if the colon belongs to the words: "Body:…"`},
		{`^http://x.org`, "unknown field http:", `the fields are title, body, url and author; quote it if the colon belongs to the words: "http:…"`},
		{`^lead:Corée`, "the field lead: is not in this version", "the fields are title, body, url and author"},
		{`a1 AND ^title:`, "nothing is after title:", "write a word after it, as in title:sommet"},
		{`title:(a1 OR ^body:b1)`, "body: inside title:", "a word is looked for in one field: close the group of the first field before"},
		{`title:^NOT a1`, "NOT after title:", "write NOT title:word"},
		{`é1 AND ^*coréen`, "* cannot begin a word", "only the end of a word may be left open, as in missile*"},
		{`co^*rée`, "* can only end a term", "only the end of the last word may be left open, as in missile*"},
		{`^*`, "* needs a word before it", "write the beginning of a word, as in missile*"},
		{`^m*`, "the beginning m* is too short", "write at least two letters before the *"},
		{`^l'a*`, "the beginning a* is too short", "write at least two letters before the *"},
		{`^北*`, "the beginning 北* is too short", "write at least two letters before the *"},
		{`Corée ^NEAR/40 Russie`, "NEAR/40 is not in this version", `join both sides with AND, or write a phrase; quote it if you mean the word: "NEAR/40"`},
		{`Corée ^BEFORE/3 Russie`, "BEFORE/3 is not in this version", `join both sides with AND, or write a phrase; quote it if you mean the word: "BEFORE/3"`},
		{`^~missile`, "~missile is not in this version", "write the word alone, with * after its stem for its endings: missile"},
		{`^=US`, "=US is not in this version", "write the word alone, with * after its stem for its endings: US"},
		{`^2 of (a1, b1)`, "2 of (…) is not in this version", "write the combinations with AND and OR"},
		{`a1 AND ^-football`, "- is no operator", "did you mean NOT football?"},
		{`a1 AND ^+football`, "+ is no operator", "did you mean AND football?"},
		{`a1 AND ^!football`, "! is no operator", "did you mean NOT football?"},
		{`a1^|b1`, `"|" has no meaning in a query`, `did you mean OR? write "a1|b1" if it belongs to the words`},
		{`Cor^?e`, `"?" has no meaning in a query`, `only * at the end of a word is a wildcard; write "Cor?e" if it belongs to the words`},
		{`C^++`, `"+" is not compared: C++ would match C too`, "take the sign out if that is meant"},
		{`^@`, "the name of a concept is letters, digits, - and _ after @", ""},
		{`a1 AND ^@dp*`, "the name of a concept is letters, digits, - and _ after @", ""},
		{"a1 AND ^\xff", "the text is not valid UTF-8", "save it as UTF-8"},
		{strings.Replace(deep, "(a1", "^(a1", 1), "parentheses nest deeper than 100", "move inner groups to concepts"},
		{strings.Repeat("a", MaxBytes) + "^a", "the query is 65537 bytes long, at most 65536 are allowed", "move its lists of words to concepts, and write @name"},
	}
	for _, c := range cases {
		offset := strings.IndexByte(c.at, '^')
		query := strings.Replace(c.at, "^", "", 1)
		_, err := Parse(query)
		got, ok := errors.AsType[*Error](err)
		if !ok {
			t.Errorf("%.80s: error is %v", query, err)
			continue
		}
		want := &Error{offset, c.what, c.help}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.80s:\n%s", query, diff)
		}
	}
}

func TestExpr_StringIsCanonical(t *testing.T) {
	cases := []struct{ query, want string }{
		{`a1`, `a1`},
		{`((a1))`, `a1`},
		{`"a1"`, `a1`},
		{`(a1 AND b1) AND c1`, `a1 AND b1 AND c1`},
		{`a1 ET (b1 OU (c1 OU d1)) SAUF e1`, `a1 AND (b1 OR c1 OR d1) AND NOT e1`},
		{`a1 NOT (b1 OR c1)`, `a1 AND NOT (b1 OR c1)`},
		{`«Corée du Nord» AND “Kim *”`, ``},
		{`«Corée du Nord»`, `"Corée du Nord"`},
		{`«dit "non"»`, `«dit "non"»`},
		{`“a «b» "c"”`, `“a «b» "c"”`},
		{`nord-coréen*`, `nord-coréen*`},
		{`"nord coréen"*`, `"nord coréen*"`},
		{`"AND"`, `"AND"`},
		{`"near"`, `"near"`},
		{`title: ( a1   OR b1 )`, `title:(a1 OR b1)`},
		{`title:(a1) AND NOT url:@dprk`, `title:a1 AND NOT url:@dprk`},
		{`R&D`, `"R&D"`},
		{`1,5`, `"1,5"`},
		{`（北朝鮮　OR　朝鮮）AND ロシア`, `(北朝鮮 OR 朝鮮) AND ロシア`},
	}
	for _, c := range cases {
		e, err := Parse(c.query)
		if c.want == "" {
			if err == nil {
				t.Errorf("%s: no error", c.query)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		if got := e.String(); got != c.want {
			t.Errorf("%s prints as %s, want %s", c.query, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, q := range []string{
		`"Corée du Nord" AND Russie`, `a1 AND (b1 OR title:(c1 NOT @d)) SAUF «e f*»`, `북한* OU "金正恩"`,
		`NOT NOT a`, `((((`, `"`, `a*b`, `title:title:x`, "\xff\x00", `“a "b" » c”`, `2 of (a, b)`, `a NEAR/3 b`, `"a" *`,
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		e, err := Parse(q)
		if err != nil {
			bad, ok := errors.AsType[*Error](err)
			if !ok || bad.Offset < 0 || bad.Offset > len(q) || bad.What == "" {
				t.Fatalf("%q: error %#v", q, err)
			}
			return
		}
		printed := e.String()
		again, err := Parse(printed)
		if err != nil {
			if len(printed) > MaxBytes {
				return
			}
			t.Fatalf("%q prints as %q, which is an error: %v", q, printed, err)
		}
		if diff := cmp.Diff(e, again, cmpopts.IgnoreFields(Expr{}, "Start", "End")); diff != "" {
			t.Fatalf("%q prints as %q, which reads differently:\n%s", q, printed, diff)
		}
	})
}
