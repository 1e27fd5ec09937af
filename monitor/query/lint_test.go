package query

import (
	"strings"
	"testing"

	"veille"
)

func TestLint_NamesWhatDoesNothing(t *testing.T) {
	for query, want := range map[string]string{
		"Russie AND Corée":                          "",
		`Russie AND NOT Corée`:                      "",
		`Russie AND NOT "Russie unie"`:              "",
		`Russie AND NOT russ*`:                      "Russie is asked for, and NOT russ* excludes it: this never matches",
		`(Russie OR Corée) AND NOT corée`:           "Corée never counts: NOT corée excludes it",
		`munition* OR munitions OR arme`:            "munitions adds nothing: munition* finds it already",
		`missile OR Missile`:                        "Missile adds nothing: missile finds it already",
		`ue AND Kremlin`:                            "ue is shorter than three letters",
		`="UE" AND Kremlin`:                         "",
		`북한 AND 러시아`:                                "",
		`title:Russie AND NOT Russie`:               "",
		`"Corée du Nord AND Russie"`:                `the phrase "Corée du Nord AND Russie" holds AND`,
		`“Corée ET Russie”`:                         `the phrase "Corée ET Russie" holds ET`,
		`"ROCK AND ROLL"`:                           "",
		`"rock and roll"`:                           "",
		`@dprk AND Russie AND NOT (foot OR Russie)`: "Russie is asked for",
	} {
		c := NewChecker(map[string][]string{"dprk": {"Pyongyang"}}, nil)
		problems := c.Lint(veille.Watch{Query: query})
		got := ""
		if len(problems) > 0 {
			got = problems[0].What
		}
		if len(problems) > 1 || !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: %+v, want %q", query, problems, want)
		}
	}
	c := NewChecker(nil, nil)
	listed := c.Lint(veille.Watch{List: veille.Clause{Any: items("munition*", "munitions"), None: items("arme")}})
	if len(listed) != 1 || !strings.Contains(listed[0].What, "adds nothing") {
		t.Errorf("list form: %+v", listed)
	}
}

func TestUses_FollowsConcepts(t *testing.T) {
	c := NewChecker(map[string][]string{"a": {"@b"}, "b": {"mot"}, "idle": {"rien"}}, nil)
	used := c.Uses([]veille.Watch{{Query: "@a AND Russie"}})
	if !used["a"] || !used["b"] || used["idle"] {
		t.Errorf("uses %v", used)
	}
}
