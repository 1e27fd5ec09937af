package query

import (
	"testing"

	"veille"
)

func languageOf(set *Set, title, body string) string {
	_, language := set.Match(veille.Snapshot{Title: title, Body: body}, nil)
	return language
}

func TestVote_ReadsHeadlinesAndLeads(t *testing.T) {
	cases := map[string][]string{
		"fr": {
			"Le gouvernement renonce à la réforme des retraites après deux mois de grève",
			"Une fusée nord-coréenne s’abîme en mer peu après son lancement",
			"Pourquoi les prix du blé s’envolent sur les marchés",
			"Incendies en Gironde : plus de mille hectares brûlés dans la nuit",
			"Le président s’est entretenu mardi avec son homologue. Les deux hommes ont évoqué la situation à la frontière.",
		},
		"en": {
			"North Korea fires two ballistic missiles into the sea, Seoul says",
			"What the new budget means for your taxes",
			"The minister who resigned over the leaked report is back in office",
			"Oil prices fall as traders weigh the risk of a recession",
			"The company said it would close three of its plants by the end of the year and cut hundreds of jobs.",
		},
		"es": {
			"El presidente anuncia un acuerdo con los sindicatos para subir el salario mínimo",
			"La sequía obliga a cortar el agua en una decena de municipios",
			"Detenido un hombre por el robo de un cuadro en el museo del Prado",
			"Corea del Norte lanza un misil hacia el mar de Japón",
			"Los vecinos han pedido al ayuntamiento que no cierre la biblioteca del barrio.",
		},
		"de": {
			"Die Bundesregierung einigt sich auf den Haushalt für das kommende Jahr",
			"Nordkorea testet nach eigenen Angaben eine neue Rakete",
			"Warum die Bahn auch im Winter unpünktlich ist",
			"Mann stirbt bei Brand in einem Hochhaus",
			"Der Kanzler hat die Vorwürfe zurückgewiesen und mit Neuwahlen gedroht.",
		},
		"it": {
			"Il governo approva la manovra, le opposizioni escono dall’aula",
			"La Corea del Nord lancia un missile nel mar del Giappone",
			"Trovato nel bosco il corpo della donna scomparsa da una settimana",
			"Perché il prezzo del gas è tornato a salire",
			"Il ministro ha detto che non si dimetterà e che le accuse sono prive di fondamento.",
		},
		"pt": {
			"O governo não vai aumentar os impostos, diz o ministro da Fazenda",
			"Coreia do Norte dispara míssil em direção ao mar do Japão",
			"Chuva deixa mais de cem desabrigados no sul do país",
			"A polícia prendeu um homem suspeito de ser o autor do ataque",
			"O presidente afirmou que não há dinheiro para as obras e que elas ficam para o ano que vem.",
		},
		"ru": {
			"В Москве прошли переговоры министров иностранных дел",
			"КНДР запустила баллистическую ракету в сторону Японского моря",
			"Почему дорожает хлеб и что будет дальше",
			"Суд арестовал бывшего мэра на два месяца",
			"По словам представителя ведомства, самолет совершил вынужденную посадку из-за отказа двигателя.",
		},
		"uk": {
			"У Києві відбулися переговори міністрів закордонних справ",
			"КНДР запустила ракету у бік Японського моря, заявили в Сеулі",
			"Чому зростають ціни на хліб і що буде далі",
			"Президент підписав закон про бюджет на наступний рік",
			"За словами речника, літак здійснив вимушену посадку через відмову двигуна.",
		},
		"ar": {
			"كوريا الشمالية تطلق صاروخا باليستيا باتجاه بحر اليابان",
			"رئيس الوزراء يعلن عن خطة جديدة لدعم الاقتصاد",
			"مقتل ثلاثة أشخاص في حادث سير على الطريق السريع",
			"لماذا ارتفعت أسعار القمح في الأسواق العالمية",
			"وقال المتحدث إن المحادثات التي جرت في القاهرة كانت بناءة وإن الطرفين اتفقا على مواصلتها.",
		},
		"ko": {
			"북한, 동해상으로 탄도미사일 두 발 발사",
			"대통령, 내일 국회서 시정연설",
			"NATO 사무총장 \"우크라이나 지원 계속할 것\"",
			"서울 아파트값 3주 연속 하락",
			"합동참모본부는 북한이 이날 오전 미확인 발사체를 발사했다고 밝혔다.",
		},
		"ja": {
			"北朝鮮が弾道ミサイルを発射、日本海に落下か",
			"首相、来週にも内閣改造の意向",
			"円安はどこまで進むのか",
			"ロシア軍、東部で攻勢を強める",
			"政府は29日の閣議で、来年度の予算案を決定した。一般会計の総額は過去最大となった。",
		},
		"zh": {
			"朝鲜向日本海发射两枚弹道导弹",
			"国务院总理在北京会见来访的外国代表团",
			"為什麼小麥的價格上漲了",
			"台風逼近，數萬人已經撤離沿海的地區",
			"发言人表示，双方就共同关心的问题交换了意见，并同意继续保持对话。",
		},
		// Told from their neighbours.
		"nl": {"De minister wil niet dat er een nieuw onderzoek naar de brand wordt gedaan"},
		"sv": {"Det är inte första gången som en minister tvingas att avgå"},
		"pl": {"Nie wiadomo jeszcze, czy rząd zgodzi się na to, że będzie trzeba za to zapłacić"},
		// What does not tell is not guessed.
		"": {
			"", "Pyongyang", "2023", "Vladimir Poutine", "Apple iPhone 15 Pro Max", "金正恩", "Кремль", "日朝首脳会談",
			"Премиерът каза, че въпросът ще бъде решен", "Прэзідэнт падпісаў указ пра новы парадак выбараў у Беларусі, які ўжо дзейнічае",
			"رئیس جمهور ایران گفت که این کشور به گفتگو ادامه می\u200cدهد", "Ο πρωθυπουργός ανακοίνωσε νέα μέτρα",
		},
	}
	if languageCode(placeDE) != "de" || languageCode(placeES) != "es" || languageCode(placePT) != "pt" {
		t.Fatal("the languages moved")
	}
	set := mustCompile(t, nil)
	for want, texts := range cases {
		for _, text := range texts {
			if got := languageOf(set, text, ""); got != want {
				t.Errorf("%q is taken for %q, want %q", text, got, want)
			}
		}
	}
}

func TestSet_ReadsTheLanguageThatThePageDoesNotSay(t *testing.T) {
	set := mustCompile(t, nil,
		veille.Watch{Name: "inflected", Query: "~élection"},
		veille.Watch{Name: "french", Query: "missile AND lang:fr"},
		veille.Watch{Name: "not french", Query: "missile AND NOT lang:fr"},
	)
	cases := []struct {
		a    veille.Snapshot
		want []string
	}{
		{veille.Snapshot{Title: "Des élections sont prévues dans le pays pour la fin de l’année"}, []string{"inflected"}},
		{veille.Snapshot{Title: "Un missile est tombé en mer, selon les autorités de la région"}, []string{"french"}},
		{veille.Snapshot{Title: "A missile fell into the sea, according to the authorities"}, []string{"not french"}},
		// What is not known is read by both.
		{veille.Snapshot{Title: "Missile"}, []string{"french", "not french"}},
		{veille.Snapshot{Title: "Missile", Language: "fr-CA"}, []string{"french"}},
	}
	for _, c := range cases {
		got := names(set, c.a)
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%q matches %v, want %v", c.a.Title, got, c.want)
		}
	}
}
