package query

import (
	"testing"

	"veille"
)

func matches(t *testing.T, query, text string) bool {
	t.Helper()
	set, err := Compile([]veille.Watch{{Name: "w", Query: query}}, nil)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return len(matchesOf(set, veille.Snapshot{Body: text})) == 1
}

// Each query matches one text and not the other, its near miss.
func TestSet_MatchesWhatPeopleWrite(t *testing.T) {
	cases := []struct{ query, hit, miss string }{
		// The founding watch.
		{`"Corée du Nord" AND Russie`, "Un accord entre la Corée du Nord et la Russie.", "La Corée du Nord annonce un tir."},
		{`"Corée du Nord" AND Russie`, "RUSSIE : LA COREE DU NORD RÉPOND", "La Corée du Sud et la Russie, au nord."},
		// Whole words.
		{`Russie`, "en Russie", "en Biélorussie"},
		{`Iran`, "l'Iran dément", "le président iranien"},
		{`Iran`, "IRAN", "Irani, Iranien, Tirana"},
		{`US`, "the US said", "the USA, Russia, bus"},
		{`ONU`, "à l’ONU.", "les ONUs"},
		{`Oman`, "à Oman", "les Romans, l'Ottoman"},
		{`Niger`, "au Niger,", "au Nigeria"},
		{`Mali`, "(Mali)", "Somalie"},
		{`Chine`, "la Chine", "la machine, l'Indochine"},
		// Elision, apostrophes, hyphens.
		{`armement`, "l’armement", "le réarmement"},
		{`armement`, "d'armement", "les armements"},
		{`aujourd'hui`, "aujourd’hui", "aujourd hiver"},
		{`O'Brien`, "Mme O’Brien", "M. Brien"},
		{`nord-coréen`, "le régime nord coréen", "le sud-coréen"},
		{`"nord coréen"`, "le dirigeant nord‑coréen", "au nord, le Coréen du sud... coréen nord"},
		{`nord-coréen*`, "les autorités nord-coréennes", "les autorités sud-coréennes"},
		{`"l'Élysée"`, "à l’Elysée", "à Élysée"},
		{`Saint-Pétersbourg`, "Saint–Petersbourg", "Saint-Denis"},
		{`c'est-à-dire`, "c’est‑à‑dire", "c'est dire"},
		// Accents, ligatures, case.
		{`Corée`, "coree", "coréen"},
		{`œuvre`, "OEUVRE", "œuvres"},
		{`coeur`, "au cœur", "les cœurs"},
		{`Straße`, "STRASSE", "Strasbourg"},
		{`Łódź`, "Lodz", "Lod"},
		{`Đà`, "da", "dam"},
		{`København`, "Kobenhavn", "Koben havn"},
		{`Ærø`, "AERO", "aéroport"},
		{`İstanbul`, "ISTANBUL", "Istanbullu"},
		{`istanbul`, "İSTANBUL", "İstanbullu"},
		{`Diyarbakır`, "DIYARBAKIR", "Diyarbakırlı"},
		{`español*`, "Españoles", "expansión"},
		{`São`, "Sa\u0303o Paulo", "Saoudite"},
		{`Việt`, "Viet Nam", "Vietnam"},
		{`Zürich`, "Zu\u0308rich", "Züricher"},
		// Spaces and invisible characters.
		{`"Corée du Nord"`, "Corée\u00a0du\u202fNord", "Corée dunord"},
		{`"Corée du Nord"`, "Corée\n  du\tNord", "Nord du Corée"},
		{`Corée`, "Co\u00adrée", "Co-rée"},
		{`Corée`, "Coré\u200de, \ufeffCorée", "Corées"},
		{`"du Nord"`, "«\u202fdu Nord\u202f»", "dû au Nord"},
		{`"Kim Jong-un"`, "Kim Jong Un", "Kim Jong-il"},
		{`km`, "40 km²", "40 kms"},
		// Width and compatibility.
		{`Russie`, "Ｒｕｓｓｉｅ", "Ｒｕｓｓｉｅｓ"},
		{`office`, "the oﬃce", "oﬃcer"},
		{`2023`, "２０２３年", "12023"},
		{`VIII`, "Henri Ⅷ", "Henri Ⅶ"},
		// Greek, Cyrillic.
		{`Σίσυφος`, "ΣΙΣΥΦΟΣ", "Σίσυφου"},
		{`Αθήνα`, "ΑΘΗΝΑ", "Αθηνά2"},
		{`Россия`, "РОССИЯ", "российский"},
		{`росси*`, "российский", "Русский"},
		{`КНДР`, "с кндр.", "КНДРом"},
		{`Пётр`, "Петр", "Петра"},
		{`Горбачев`, "Горбачёв", "Горбачёва"},
		{`война`, "вои\u0306на", "воина"},
		{`май`, "9 мая, май", "маи"},
		{`Київ`, "в Киів", "Києва"},
		{`об'єкт`, "обʼєкт", "обєкт"},
		// Arabic, Hebrew.
		{`كوريا`, "كُوريا", "كوري"},
		{`كوريا`, "كوريـا", "سوريا"},
		{`أوكرانيا`, "اوكرانيا", "اكرانيا"},
		{`الجزيرة`, "الجزيره", "جزيرة"},
		{`مستشفى`, "مستشفي", "مستشف"},
		{`كوريا`, "ﻛﻮﺭﻳﺎ", "ﻛﻮﺭﻱ"},
		{`ایران`, "إيران", "العراق"},
		{`שלום`, "שָׁלוֹם", "שלומי"},
		// Korean: an attached particle is not another word.
		{`북한`, "북한은 오늘", "북한산 등산"},
		{`북한`, "북한의 미사일", "북한강"},
		{`러시아`, "러시아와의 협력", "벨라루시아"},
		{`북한`, "북한에서는", "남북한"},
		{`북한*`, "북한산", "남북한"},
		{`"북한 러시아"`, "북한과 러시아가", "북한산 러시아"},
		{`NATO`, "NATO는", "NATO군"},
		{`김정은`, "김정은이 방문", "김정은행"},
		{`북한`, "\u1107\u116e\u11a8\u1112\u1161\u11ab은", "부한은"},
		{`핵`, "핵 실험", "핵무기"},
		// Chinese, Japanese: as written.
		{`京都`, "東京都", "京の都"},
		{`金正恩`, "朝鲜领导人金正恩访问", "金正日"},
		{`俄罗斯`, "与俄罗斯关系", "俄国"},
		{`国日`, "中国日報", "中国。日本"},
		{`北朝鮮`, "北朝鮮が発射", "朝鮮北部"},
		{`ロシア`, "ロシア軍", "ベロシアン"},
		{`ロシア`, "ﾛｼｱの", "アロシア"},
		{`ロシ*`, "ロシア", "アロシア"},
		{`ガス`, "ｶﾞｽ", "カス"},
		{`ガス`, "カ\u3099ス", "ガスト"},
		{`が`, "か\u3099", "か"},
		{`キム・ジョンウン`, "キム ジョンウン氏", "キムラ ジョンウン"},
		{`NATO加盟`, "はNATO加盟を", "NATO、加盟"},
		{`平壌*`, "平壌市", "壌平"},
		{`年`, "2023年", "月"},
		{`ประเทศไทย`, "ในประเทศไทยวันนี้", "ประเทศลาว"},
		// Devanagari vowels stay.
		{`रूस`, "रूस ने", "रास"},
		// Operators.
		{`a1 OR b1`, "b1", "c1"},
		{`a1 AND NOT b1`, "a1", "a1 b1"},
		{`a1 NOT b1`, "a1", "b1 a1"},
		{`a1 SAUF b1`, "a1", "b1 a1"},
		{`a1 ET (b1 OU c1)`, "a1 c1", "a1"},
		{`(a1 AND b1) OR c1`, "c1", "a1"},
		{`a1 AND NOT (b1 OR c1)`, "a1 d1", "a1 c1"},
		{`a1 AND NOT (b1 AND NOT c1)`, "a1 b1 c1", "a1 b1"},
		{`«Corée du Nord»`, "la Corée du Nord", "la Corée"},
		{`“Corée du Nord”`, "la Corée du Nord", "la Corée"},
		{`"missile*" OR "tir de miss*"`, "un tir de missiles", "un tir de mis"},
		{`title:Corée OR body:Russie`, "la Russie", "la Corée"},
		{`body:(a1 AND b1)`, "a1 b1", "a1"},
	}
	for _, c := range cases {
		if !matches(t, c.query, c.hit) {
			t.Errorf("%s does not match %q", c.query, c.hit)
		}
		if matches(t, c.query, c.miss) {
			t.Errorf("%s matches %q", c.query, c.miss)
		}
	}
}
