package extract

import (
	"strings"
	"testing"
)

// lineRules are all there are, by name.
func lineRules() map[string]*lineRule {
	return map[string]*lineRule{"related heading": relatedHeading, "related lead": relatedLead, "furniture": furnitureLine,
		"copyright": copyrightLine, "appeal": appealLine, "credit": creditLine}
}

func TestLineRule_MatchesWhatItsPatternMatches(t *testing.T) {
	lines := []string{"", " ", "Related", "» RELATED ARTICLES", "Read also: x", "  à lire aussi", "À LIRE AUSSI", "관련기사", "▶ 관련 기사", "最新 関連記事", "читайте также", "ЧИТАЙТЕ ТАКЖЕ",
		"12 comments", "3 min read", "© 2024", "ⓒ 보기일보", "Kelvin \u212aommentare", "\u212aommentare (3)", "Advertisement", "Werbung", "The dam burst.", "댐이 무너졌다.", "(fin)", "Image credit: AP", "Photo by Ada",
		"Follow us on Twitter", "[gallery x][/gallery]", "newsletter", "ſhare", "LEſEN SIE AUCH: x", "This article requires JavaScript", "\xff\xfe related", "\u00a0Related"}
	for name, rule := range lineRules() {
		if rule.open {
			t.Errorf("%s: any line may match, so that none is passed over", name)
		}
		for _, l := range lines {
			if got, want := rule.MatchString(l), rule.re.MatchString(l); got != want {
				t.Errorf("%s: %q = %v, its pattern says %v", name, l, got, want)
			}
		}
	}
}

func FuzzLineRule(f *testing.F) {
	for _, s := range []string{"Related articles", "관련기사", "À lire aussi", "12 comments", "© x", "Follow us on Twitter", "Bild: x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 300 || strings.ContainsRune(s, '\n') {
			return
		}
		for name, rule := range lineRules() {
			if got, want := rule.MatchString(s), rule.re.MatchString(s); got != want {
				t.Errorf("%s: %q = %v, its pattern says %v", name, s, got, want)
			}
		}
	})
}
