package why

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"veille"
)

// said finds what the sources of other packages say in fixed words, by a
// pattern whose first group is the phrase.
func said(t *testing.T, files, pattern string) (phrases []string) {
	t.Helper()
	names, err := filepath.Glob(files)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %v, %d files", files, err, len(names))
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1) {
			phrases = append(phrases, m[1])
		}
	}
	if len(phrases) == 0 {
		t.Errorf("nothing found in %s", files)
	}
	return phrases
}

// TestFrench_KnowsWhatOtherPackagesSay reads the fixed phrases of the packages
// that why quotes.
func TestFrench_KnowsWhatOtherPackagesSay(t *testing.T) {
	for _, place := range []struct{ files, pattern string }{
		{"../monitor/pollplan.go", `return "([a-z][^"]+ [^"]+)"`},
		{"../monitor/visit.go", `Why: "([^"]+)"`},
		{"../monitor/edit/between.go", `field\("([a-z]+)"`},
		{"../crawler/extract/kind.go", `reason[A-Z]\w+ += "([^"]+)"`},
		{"../crawler/discover/*.go", `score\.(?:add|raise|sink)\([^"\n]+, "([^"]+)"\)`},
		{"../crawler/discover/urlscore.go", `s\.add\([^"\n]+, "([^"]+)"\)`},
		{"../crawler/discover/anchor.go", `return "(a [^"]+)"`},
		{"../crawler/discover/section.go", `Why: \[\]string{"([^"]+)"}`},
		{"../notify/answer.go", `return refuse\([^"\n]+, "([^"]+)"\)`},
		{"../article.go", `Condition\w+ +Condition += "([^"]+)"`},
		{"../article.go", `Kind\w+ +PageKind += "([^"]+)"`},
		{"../event.go", `(?:Article|Story)\w+ +EventType = "([^"]+)"`},
		{"../story.go", `Story\w+ +StoryKind += "([^"]+)"`},
	} {
		for _, phrase := range said(t, place.files, place.pattern) {
			if fr := french(phrase); fr == phrase && phrase != "article" {
				t.Errorf("%s says %q, which has no French", place.files, phrase)
			}
		}
	}
	for _, kind := range said(t, "../errors.go", `Fetch\w+ +FetchErrorKind = "([^"]+)"`) {
		if text := Language("fr").failed(veille.FetchErrorKind(kind), "503"); !strings.HasSuffix(text, " (503)") {
			t.Errorf("the failure %s has no French: %q", kind, text)
		}
	}
}

func TestFrench_FillsThePhrase(t *testing.T) {
	for en, want := range map[string]string{
		"not in title":                                                           "pas dans le titre",
		"not in title or body":                                                   "ni dans le titre ni dans le corps",
		"not in title, only in body or url":                                      "pas dans le titre, seulement dans le corps ou l'adresse",
		"none of them is in title or body":                                       "aucun n'est dans le titre ni dans le corps",
		"none of its words is in author":                                         "aucun de ses mots n'est dans les auteurs",
		"excluded: football is in body":                                          "exclu : football est dans le corps",
		`only written otherwise: "us"`:                                           `seulement écrit autrement : "us"`,
		"none of them is found, 2 are asked":                                     "aucun n'est trouvé, 2 sont demandés",
		"only 1 of them found (a), 2 asked":                                      "1 seulement trouvés (a), 2 demandés",
		"both found, 120 words apart, NEAR/60 asked":                             "les deux trouvés, à 120 mots l'un de l'autre, NEAR/60 demandé",
		"both found, in the other order: BEFORE/5 asked":                         "les deux trouvés, dans l'autre ordre : BEFORE/5 demandé",
		"Pyongyang: not in title or body":                                        "Pyongyang : ni dans le titre ni dans le corps",
		"paywall: about 20% visible":                                             "accès payant : environ 20 % visibles",
		"+2.5 ten words or more in the text":                                     "+2.5 dix mots ou plus dans le texte",
		"-1.5 one short word in the address":                                     "-1.5 un seul mot court dans l'adresse",
		"watch Corée du Nord is muted until 2026-12-01T08:00:00Z: trop de bruit": "la veille Corée du Nord est en sourdine jusqu'au 2026-12-01T08:00:00Z : trop de bruit",
		"a title that is only … an article's":                                    "a title that is only … an article's",
		"HTTP 400: hooks.example: does not take this alert: no_text":             "HTTP 400 : hooks.example : ne prend pas cette alerte : no_text",
		"":  "",
		"+": "+",
	} {
		if got := french(en); got != want {
			t.Errorf("%q: %q, want %q", en, got, want)
		}
	}
}
