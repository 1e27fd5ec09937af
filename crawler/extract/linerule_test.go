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

// TestRead_KeepsParagraphsThatHoldTheWordsOfFurniture: a word that ends an
// article, or asks to share it, is a word of the language too. RE2's \W takes
// every letter outside ASCII for none, which once dropped such paragraphs.
func TestRead_KeepsParagraphsThatHoldTheWordsOfFurniture(t *testing.T) {
	for _, c := range []struct{ lang, filler, paragraph string }{
		{"ko", "정부는 월요일에 새로운 계획을 발표했으며 의회는 다음 주에 이 계획을 심의할 예정이라고 대변인이 기자들에게 말했다. ", "기관 대변인은 긴 협의 끝에 새로운 제재를 거부했다."},
		{"ko", "정부는 월요일에 새로운 계획을 발표했으며 의회는 다음 주에 이 계획을 심의할 예정이라고 대변인이 기자들에게 말했다. ", "북한은 새 미사일의 사진 한 장을 공유하기 시작했다."},
		{"ru", "Правительство в понедельник представило новый план, а парламент рассмотрит его на следующей неделе, сообщил представитель ведомства. ", "Это ещё не конец войны."},
		{"ru", "Правительство в понедельник представило новый план, а парламент рассмотрит его на следующей неделе, сообщил представитель ведомства. ", "Россия решила поделиться данными."},
		{"ja", "政府は月曜日に新しい計画を発表し、国会は来週この計画を審議する予定だと報道官が記者団に述べた。また野党は反対している。", "北朝鮮は広告を全て禁止した。"},
		{"uk", "Уряд у понеділок представив новий план, а парламент розгляне його наступного тижня, повідомив представник відомства. ", "Він хоче конец."},
	} {
		page := `<html lang="` + c.lang + `"><head><meta property="og:type" content="article"><title>x</title></head><body><article><h1>제목 Заголовок 見出し</h1><p>` +
			strings.Repeat(c.filler, 3) + `</p><p>` + strings.Repeat(c.filler, 2) + `</p><p>` + c.paragraph + `</p><p>` + strings.Repeat(c.filler, 3) + `</p></article></body></html>`
		snap, err := Read(Page{Body: []byte(page), URL: "https://news.example/a"})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(snap.Body, c.paragraph) {
			t.Errorf("%s: %q is not in\n%s", c.lang, c.paragraph, snap.Body)
		}
	}
}
