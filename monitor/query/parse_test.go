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
		{`^http://x.org`, "unknown field http:", `put an address between quotes, as in url:"http://…"; a site is written as in site:yna.co.kr`},
		{`^a1 NEAR/5 b1 NEAR/5 c1 NEAR/5 d1 NEAR/5 e1 NEAR/5 f1 NEAR/5 g1 NEAR/5 h1 NEAR/5 i1`, "9 operands in one chain", "at most 8 are measured together: join some with AND"},
		{`^sport:x`, "unknown field sport:", `the fields are title, lead, body, text, url, author, site, tag and lang; quote it if the colon belongs to the words: "sport:…"`},
		{`site:^https://x.org`, "unknown field https:", `put an address between quotes, as in url:"https://…"; a site is written as in site:yna.co.kr`},
		{`site:^x.org/nk`, "site: takes a host", "write it as in site:yna.co.kr; for a part of the address, url:word"},
		{`a1 AND ^title:`, "nothing is after title:", "write a word after it, as in title:sommet"},
		{`title:(a1 OR ^body:b1)`, "body: inside title:", "a word is looked for in one field: close the group of the first field before"},
		{`title:^NOT a1`, "NOT after title:", "write NOT title:word"},
		{`é1 AND ^*coréen`, "* cannot begin a word", "only the end of a word may be left open, as in missile*"},
		{`co^*rée`, "* can only end a term", "only the end of the last word may be left open, as in missile*"},
		{`^*`, "* needs a word before it", "write the beginning of a word, as in missile*"},
		{`^m*`, "the beginning m* is too short", "write at least two letters before the *"},
		{`^l'a*`, "the beginning a* is too short", "write at least two letters before the *"},
		{`^北*`, "the beginning 北* is too short", "write at least two letters before the *"},
		{`Corée ^NEAR Russie`, "NEAR needs a distance in words", "write NEAR/10, without blanks; quote it if you mean the word"},
		{`Corée ^NEAR/ Russie`, "NEAR needs a distance in words", "write NEAR/10, without blanks; quote it if you mean the word"},
		{`Corée ^NEAR/x Russie`, `"x" is no distance in words`, "write NEAR/10; quote it if you mean the words"},
		{`Corée ^NEAR/5f Russie`, "NEAR/5f is no operator", "did you mean BEFORE/5?"},
		{`Corée ^ONEAR/5 Russie`, "ONEAR is no operator", "did you mean BEFORE/5?"},
		{`Corée ^NEAR/5000 Russie`, "NEAR/5000 is too far", "at most 1000 words; for the whole text, write AND"},
		{`Corée ^near/5 Russie`, "operators are written in upper case: near/5", `did you mean NEAR/5? or, as a phrase, "Corée near/5 Russie"`},
		{`^NEAR/5 Russie`, "nothing is before NEAR/5", "write a word before it, or take it out"},
		{`Corée ^NEAR/5`, "nothing is after NEAR/5", "write a word after it, or take it out"},
		{`a1 NEAR/40 b1 ^NEAR/10 c1`, "NEAR/40 and NEAR/10 in one chain", "put parentheses around what is near first, as in (a NEAR/40 b) NEAR/10 c"},
		{`a1 NEAR/4 b1 ^BEFORE/4 c1`, "NEAR/4 and BEFORE/4 in one chain", "put parentheses around what is near first, as in (a NEAR/4 b) BEFORE/4 c"},
		{`a1 NEAR/4 ^NOT b1`, "NOT behind NEAR/4", "write a1 AND NOT (a1 NEAR/4 b1)"},
		{`a1 NEAR/4 ^(b1 AND c1)`, "AND inside NEAR/4", "write (a1 NEAR/4 b1) AND (a1 NEAR/4 c1)"},
		{`^(a1 NOT b1) BEFORE/4 c1`, "AND inside BEFORE/4", "write (a1 BEFORE/4 c1) AND NOT b1"},
		{`a1 NEAR/4 (b1 OR ^(c1 AND d1))`, "AND inside NEAR/4", "a distance is measured between words: write (a NEAR/4 c) AND (b NEAR/4 c)"},
		{`^title:a1 NEAR/4 b1`, "title: inside NEAR/4", "name the field of all: title:(a1 NEAR/4 b1)"},
		{`a1 OR b1 NEAR/4 ^c1`, "OR and NEAR/4 are mixed without parentheses", "write a1 OR (b1 NEAR/4 c1) — or — (a1 OR b1) NEAR/4 c1"},
		{`a1 NEAR/4 ^b1 OR c1`, "OR and NEAR/4 are mixed without parentheses", "write (a1 NEAR/4 b1) OR c1 — or — a1 NEAR/4 (b1 OR c1)"},
		{`^=`, "nothing is behind =", "write the word right behind it, as in =missile"},
		{`a1 AND ^~ b1`, "nothing is behind ~", "write the word right behind it, as in ~missile"},
		{`=US^*`, "an exact term has no open end", "write US* for every ending, or take the * out"},
		{`^="US*"`, "an exact term has no open end", "write US* for every ending, or take the * out"},
		{`~missile^*`, "~ and * together", "~missile accepts the inflections, missile* any ending: keep one"},
		{`~nord-^coréen`, "~ takes one word", "write nord-coréen* for any ending of a phrase"},
		{`~^北朝鮮`, "words of this script have no inflections", "take the ~ out"},
		{`missile^~`, "~ stands before a word", "write ~missile for its inflections"},
		{`"a1 b1"^~5`, `no operator between "a1 b1" and ~5`, `write "a1 b1" AND ~5 — or — "a1 b1" OR ~5`},
		{`^0 of (a1, b1)`, "0 of them always holds", "write 1 of (…), or take it out"},
		{`^3 of (a1, b1)`, "more members are asked for than the 2 that are listed", "lower the number, or list more, with commas between them"},
		{`^2 of (a1 OR b1)`, "more members are asked for than the 1 that are listed", "lower the number, or list more, with commas between them"},
		{`2 of (a1, ^a1, b1)`, "a1 is here twice, and would count twice", "take it out"},
		{`2 of (a1, ^NOT b1, c1)`, "NOT inside of (…) matches almost everything", "exclude beside the group: … AND NOT b1"},
		{`2 of ^()`, "nothing is between the parentheses", "write the members between them, as in 2 of (a, b, c)"},
		{`2 of ^(a1, b1`, "the parenthesis is not closed", "put ) after the last member"},
		{`2 of (a1, b1^,)`, "nothing is after ,", "write a word after it, or take it out"},
		{`2 of (a1,^, b1)`, "nothing is before ,", "write a word before it, or take it out"},
		{`2 of (2023^,2024, b1)`, "a comma between digits", "put a blank behind it if it separates two members, and quotes around a number with a comma"},
		{`2 of ((a1^, b1), c1)`, "a comma separates only the members of n of (…)", "did you mean OR?"},
		{`^any of (a1, b1)`, "no number before of", "write how many, as in 2 of (a, b, c)"},
		{`^#Corée`, "#Corée could be a hashtag or a comment", `write "#Corée" for the hashtag; a comment has a blank after the #`},
		{"a1 AND\n^#Corée", "#Corée could be a hashtag or a comment", `write "#Corée" for the hashtag; a comment has a blank after the #`},
		{`a1 ^# note`, "a # begins a comment, and a query of one line has none", "take it out; in YAML, a query of several lines begins with query: |"},
		{"a1 ^# note AND b1\n", "a # begins a comment, and a query of one line has none", "take it out; in YAML, a query of several lines begins with query: |"},
		{`title ^: "a1 b1"`, `":" holds no letter or digit to look for`, "no blank stands before the colon of a field: write title:word"},
		{`lang:^jp`, `"jp" is no language that pages declare`, "did you mean ja?"},
		{`lang:^xx`, `"xx" is no language code`, "write the ISO 639 code of two or three letters, as in lang:fr"},
		{`^'Corée du Nord' AND Russie`, "single quotes make no phrase", `write "Corée du Nord"`},
		{`Russie AND ^'Corée du Nord'`, "single quotes make no phrase", `write "Corée du Nord"`},
		{`^any OF (a1, b1)`, "no number before of", "write how many, as in 2 of (a, b, c)"},
		{`lang:^french`, `"french" is no language code`, "write the ISO 639 code of two or three letters, as in lang:fr"},
		{`lang:^pt-BR`, "lang: takes no region", "write lang:pt"},
		{`site:^.kr`, "a host does not begin or end in a dot", "write site:kr; the hosts below it are meant too"},
		{`tag:^kor*`, "tag: takes plain words, or some with OR", "write it as in tag:korea"},
		{`tag:^(a1 AND b1)`, "tag: takes plain words, or some with OR", "write it as in tag:korea"},
		{`a1 AND ^-football`, "- is no operator", "did you mean NOT football?"},
		{`a1 AND ^+football`, "+ is no operator", "did you mean AND football?"},
		{`a1 AND ^!football`, "! is no operator", "did you mean NOT football?"},
		{`a1^|b1`, `"|" has no meaning in a query`, `did you mean OR? write "a1|b1" if it belongs to the words`},
		{`Cor^?e`, `"?" has no meaning in a query`, `only * at the end of a word is a wildcard; write "Cor?e" if it belongs to the words`},
		{`C^++`, `"+" is not compared: C++ would match C too`, `write ="C++" to compare the signs too, or take the sign out`},
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
		got, ok := errors.AsType[Errors](err)
		if !ok {
			t.Errorf("%.80s: error is %v", query, err)
			continue
		}
		want := Errors{{offset, c.what, c.help}}
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
		{`@dprk NEAR/60 @russia AND (arme* OR munition* OR missile*)`, `(@dprk NEAR/60 @russia) AND (arme* OR munition* OR missile*)`},
		{`a1 NEAR/5 (b1 BEFORE/2 c1)`, `a1 NEAR/5 (b1 BEFORE/2 c1)`},
		{`((a1)NEAR/5(b1 OR c1)) NEAR/5 d1`, `(a1 NEAR/5 (b1 OR c1)) NEAR/5 d1`},
		{`(a1 NEAR/5 b1)`, `a1 NEAR/5 b1`},
		{`(a1 NEAR/5 b1) OR c1`, `(a1 NEAR/5 b1) OR c1`},
		{`NOT a1 NEAR/5 b1 AND c1`, `NOT (a1 NEAR/5 b1) AND c1`},
		{`title:(a1 NEAR/0 b1)`, `title:(a1 NEAR/0 b1)`},
		{`2 of (a1,b1 AND c1,"d, e")`, `2 of (a1, b1 AND c1, "d, e")`},
		{`2 of (a1、b1，c1) NEAR/3 d1`, `2 of (a1, b1, c1) NEAR/3 d1`},
		{`1 of (a1, b1 OR c1)`, `a1 OR b1 OR c1`},
		{`title:2 of (a1, b1 )`, `title:(a1 AND b1)`},
		{`2 AND of`, `2 AND of`},
		{`="C++" OR =US OR ="U.S." OR =«a "b"»`, `="C++" OR =US OR ="U.S." OR =«a "b"»`},
		{`=C++ OR =U.S. OR =AT&T OR =C#`, `="C++" OR ="U.S." OR ="AT&T" OR ="C#"`},
		{`~missile OR ~"tir" OR ~AND`, `~missile OR ~tir OR ~"AND"`},
		{"a1 # note\nAND\n# another\n  b1", `a1 AND b1`},
		{`site:YNA.co.kr AND lang:(FR OR ko) AND tag:"Asie de l'Est"`, `site:yna.co.kr AND lang:(fr OR ko) AND tag:"Asie de l'Est"`},
		{"\"Corée\n   du  Nord\"", `"Corée du Nord"`},
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

// ignorePlaces compares what expressions say.
var ignorePlaces = cmpopts.IgnoreFields(Expr{}, "Start", "End")

func FuzzParse(f *testing.F) {
	for _, q := range []string{
		`"Corée du Nord" AND Russie`, `a1 AND (b1 OR title:(c1 NOT @d)) SAUF «e f*»`, `북한* OU "金正恩"`,
		`NOT NOT a`, `((((`, `"`, `a*b`, `title:title:x`, "\xff\x00", `“a "b" » c”`, `2 of (ab, cd, ef)`, `ab NEAR/3 cd AND (ef BEFORE/0 gh)`, `"a" *`,
		`="C++" OR ~mot`, "ab # c\nAND cd", `lang:fr AND site:a.b`, `2 of (1,5, ab)`,
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		e, err := Parse(q)
		if err != nil {
			bad, ok := errors.AsType[Errors](err)
			if !ok || len(bad) == 0 {
				t.Fatalf("%q: error %#v", q, err)
			}
			for _, b := range bad {
				if b.Offset < 0 || b.Offset > len(q) || b.What == "" {
					t.Fatalf("%q: error %#v", q, b)
				}
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
		if diff := cmp.Diff(e, again, ignorePlaces); diff != "" {
			t.Fatalf("%q prints as %q, which reads differently:\n%s", q, printed, diff)
		}
	})
}
