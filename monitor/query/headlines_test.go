package query

import (
	"testing"

	"veille"
)

// headline is a query with a headline or lead that it matches, and one that it
// does not match though it comes near.
type headline struct{ language, query, hit, miss string }

var headlines = []headline{
	// French: elision, inflection, hyphens, quotes, names inside words.
	{"fr", `armement`, "La Russie veut relancer l’armement de ses frégates", "Berlin accélère son réarmement face à Moscou"},
	{"fr", `Russie`, "Gaz : la Russie coupe une vanne", "La Biélorussie ferme un poste-frontière"},
	{"fr", `Iran`, "L'Iran menace de quitter le traité", "Le président iranien reçu à Bagdad"},
	{"fr", `Niger`, "Putsch au Niger : les frontières rouvrent", "Le Nigeria vote dans le calme"},
	{"fr", `Chine`, "La Chine répond aux droits de douane", "Une machine à voter tombe en panne en Indochine"},
	{"fr", `Mali`, "Mali : une base attaquée à l’aube", "En Somalie, la sécheresse s’aggrave"},
	{"fr", `Oman`, "Un pétrolier arraisonné au large d’Oman", "Les Ottomans au musée, un roman d’exposition"},
	{"fr", `nord-coréen*`, "Des ouvriers nord-coréens repérés en Sibérie", "Des ouvriers sud-coréens en grève"},
	{"fr", `"Corée du Nord"`, "Tir de la\u00a0Corée du\u202fNord", "La Corée, du Sud au Nord"},
	{"fr", `"Corée du Nord" AND Russie`, "Corée du Nord–Russie : un sommet se prépare", "Corée du Nord : un sommet se prépare avec Pékin"},
	{"fr", `~élection`, "Les élections européennes fixées en juin", "L’électorat se démobilise"},
	{"fr", `~missile`, "Trois missiles tirés dans la nuit", "Une mission de reconnaissance dans la nuit"},
	{"fr", `~déclarer`, "Le ministre a déclaré l’état d’urgence", "Le ministre face au déclassement"},
	{"fr", `~nucléaire`, "Des essais nucléaires redoutés", "Le noyau dur du parti se réunit"},
	{"fr", `"essai nucléaire" OR "essais nucléaires"`, "Pyongyang prépare des essais nucléaires", "L’essai d’un avion à propulsion nucléaire"},
	{"fr", `ONU`, "L’ONU réclame une enquête", "Les ONG réclament une enquête"},
	{"fr", `="US"`, "Le US Open commence lundi", "Les us et coutumes du village"},
	{"fr", `=Orange`, "Orange augmente ses tarifs", "Alerte orange aux orages"},
	{"fr", `coeur`, "Greffe du cœur : une première à Lille", "Les cœurs brisés de la finale"},
	{"fr", `Élysée`, "L’Elysée dément toute négociation", "Les Champs-Elysees2024 en fête"},
	{"fr", `aujourd'hui`, "Grève aujourd’hui dans les gares", "Au jour d’hui près du but"},
	{"fr", `"Jeux olympiques"`, "Les Jeux\nolympiques à l’heure du bilan", "Les jeux para-olympiques"},
	{"fr", `grève* NEAR/5 SNCF`, "Grève massive à la SNCF jeudi", "Grève dans les écoles, les hôpitaux et les crèches, mais pas de mouvement à la SNCF"},
	{"fr", `Macron BEFORE/3 Poutine`, "Macron appelle Poutine à la retenue", "Poutine répond à Macron"},
	{"fr", `2 of (Moscou, Pékin, Téhéran)`, "Entre Moscou et Téhéran, un nouveau pacte", "Pékin temporise"},
	{"fr", `incendie* NOT (boîte OR usine)`, "Incendies en Corse : 200 hectares détruits", "Incendie dans une usine de Rouen"},
	{"fr", `"Saint-Étienne"`, "Saint Etienne s’incline à domicile", "La Saint-Sylvestre d’Étienne"},
	{"fr", `Lula*`, "Lula reçu à Lisbonne", "La pilule du lendemain"},

	// English: acronyms, possessives, plurals, compounds.
	{"en", `=US`, "US imposes new sanctions on shipping firms", "Tell us what you think of the new sanctions"},
	{"en", `=WHO`, "WHO declares end of outbreak", "Who will lead the party now?"},
	{"en", `=IT`, "Hospital IT systems down after attack", "It is back: the summer heat"},
	{"en", `="C++"`, "Rust edges out C++ in the survey", "Vitamin C recalled over labelling"},
	{"en", `="AT&T"`, "AT&T cuts dividend", "At a T-junction near Leeds"},
	{"en", `="Yahoo!"`, "Yahoo! Japan merges with Line", "Yahoo Japan merges with Line"},
	{"en", `Ford`, "Ford’s Ohio plant to close", "Bradford’s mills reopen as flats"},
	{"en", `Iran`, "Iran's parliament backs the bill", "Iranian lawmakers back the bill"},
	{"en", `Mali`, "Mali junta suspends parties", "Malian parties suspended; Somalia next"},
	{"en", `~strike`, "Nurses striking across the north", "Striker transfers to Milan for record fee"},
	{"en", `~sanction`, "Brussels sanctioned two more banks", "Brussels’s sanctuary law upheld"},
	{"en", `~company`, "Shipping companies reroute vessels", "A companion of the king dies"},
	{"en", `North-Korea* OR "North Korea"`, "North Korea fires missile", "South Korea, north of the river"},
	{"en", `"climate change"`, "Climate-change talks open in Baku", "A change of climate in talks"},
	{"en", `covid*`, "COVID-19 cases rise again", "An ovoid crater on Mars"},
	{"en", `"New York"`, "New\u00a0York schools reopen", "York gets a new bridge"},
	{"en", `fed`, "The Fed holds rates", "Federal judge blocks the order"},
	{"en", `earthquake* NEAR/4 (Turkey OR Syria)`, "Earthquakes hit southern Turkey", "Earthquake drills in schools as ministers fly to Turkey"},
	{"en", `fire BEFORE/2 minister`, "Fire minister resigns", "Minister under fire resigns"},
	{"en", `layoff* AND (Google OR Meta) AND NOT rumour`, "Google confirms layoffs in cloud unit", "Meta layoffs: what the rumour says"},
	{"en", `café`, "Cafe owners fear new tax", "Cafeteria workers walk out"},
	{"en", `naïve`, "‘Naive’ policy criticised", "Natives criticise policy"},
	{"en", `"well-being"`, "Well being index falls", "Wellbeing index falls"},
	{"en", `O'Neill`, "O’Neill becomes first minister", "Neill becomes first minister"},
	{"en", `3 of (trade, tariff*, China, steel)`, "China hit by steel tariffs", "China trade talks resume"},

	// Spanish.
	{"es", `~elección`, "Las elecciones generales serán en julio", "El electo gobernador jura el cargo"},
	{"es", `~huelga`, "Huelgas en el metro de Madrid", "Huelva recibe a miles de peregrinos"},
	{"es", `Irán`, "Iran responde a las sanciones", "Los iraníes votan hoy"},
	{"es", `España`, "Espana gana la final", "Los españoles celebran la final"},
	{"es", `año*`, "Diez años sin luz en el barrio", "La mañana de la cosecha"},
	{"es", `"Corea del Norte"`, "COREA DEL NORTE lanza un misil", "Corea, en el norte y en el sur"},
	{"es", `misil*`, "Interceptados tres misiles", "Una misión imposible"},
	{"es", `sequía*`, "Sequia histórica en Cataluña", "El séquito del rey llega a Doha"},
	{"es", `México NEAR/6 migrante*`, "México detiene a 200 migrantes en Chiapas", "México celebra; lejos de allí, en la frontera sur, cientos de familias de migrantes"},
	{"es", `gobierno SAUF "gobierno vasco"`, "El Gobierno sube el salario mínimo", "El Gobierno vasco presenta su plan"},
	{"es", `="PP"`, "El PP pide explicaciones", "Un actor de pp hace historia"},
	{"es", `"¿Qué pasó?"`, "¿Que paso en la planta química?", "¿Quién pasó por la planta?"},

	// German.
	{"de", `Straße`, "STRASSE nach Unwetter gesperrt", "Strassburg empfängt Delegation"},
	{"de", `Straße*`, "Straßen nach Unwetter gesperrt", "Der Strand ist gesperrt"},
	{"de", `~Rakete`, "Nordkorea testet drei Raketen", "Racketeering-Prozess beginnt"},
	{"de", `~Regierung`, "Die Regierungen beraten über Gas", "Der Regisseur Regier ist tot"},
	{"de", `Rhein`, "Hochwasser am Rhein steigt", "Rheinland-Pfalz warnt vor Hochwasser"},
	{"de", `München`, "Munchen feiert den Titel", "Mönchengladbach feiert"},
	{"de", `="SPD"`, "SPD verliert drei Punkte", "spd.de nicht erreichbar"},
	{"de", `Bahn NEAR/3 Streik`, "Bahn: Streik ab Mittwoch", "Bahn fährt trotz angekündigtem zweitem Streik"},
	{"de", `Bundestag AND (Haushalt OR Etat)`, "Bundestag beschließt Etat", "Bundestagswahl: Haushalt ist Thema"},
	{"de", `"Olaf Scholz"`, "Kanzler Olaf\u00a0Scholz reist ab", "Scholz: Olaf war gestern"},
	{"de", `Öl*`, "Ölpreis fällt", "Holzpreis fällt deutlich"},
	{"de", `EU-Kommission`, "EU-Kommission rügt Ungarn", "EU rügt; Kommission schweigt"},

	// Italian.
	{"it", `governo`, "L’Italia senza governo", "Il governatore dell’Emilia"},
	{"it", `aula`, "Bagarre nell’aula del Senato", "Applausi per Paula"},
	{"it", `~elezione`, "Elezioni anticipate a marzo", "Una lezione per tutti"},
	{"it", `~sbarco`, "Nuovi sbarchi a Lampedusa", "La barca affonda"},
	{"it", `Cina`, "La Cina frena", "Vicina la riapertura della piscina"},
	{"it", `perché`, "Perche il gas costa di più", "Il perito spiega il gas"},
	{"it", `"Corea del Nord" AND missil*`, "Corea del Nord, nuovo missile", "Corea del Nord, nuova missione"},
	{"it", `Roma`, "A Roma piove", "Romano Prodi in Romania"},
	{"it", `terremot* NOT film`, "Terremoto in Irpinia", "Terremotati: il film sul sisma"},
	{"it", `Meloni BEFORE/4 Bruxelles`, "Meloni domani a Bruxelles", "Bruxelles attende Meloni"},

	// Portuguese.
	{"pt", `~eleição`, "Eleições municipais terão segundo turno", "A eleita toma posse"},
	{"pt", `são`, "Sao Paulo tem recorde de calor", "A sanção foi publicada"},
	{"pt", `Coreia`, "A Coreia do Norte lança míssil", "Os coreanos protestam"},
	{"pt", `~jornal`, "Jornais suspendem edição impressa", "A jornada de trabalho muda"},
	{"pt", `greve*`, "Greves param o metrô", "Agreste sofre com a seca"},
	{"pt", `"Rio de Janeiro"`, "Chuva no Rio de  Janeiro", "Rio, janeiro de calor"},
	{"pt", `Irã`, "Irã anuncia acordo", "Iraque anuncia acordo"},
	{"pt", `ação NEAR/3 polícia`, "Ação da polícia deixa feridos", "Polícia investiga desvio de verba em uma ação social"},
	{"pt", `Lula AND NOT futebol`, "Lula viaja à China", "Lula do futebol assina contrato"},
	{"pt", `2 of (Brasília, Pequim, Moscou)`, "De Brasília a Pequim", "Moscou responde"},

	// Russian and Ukrainian.
	{"ru", `Россия`, "РОССИЯ и Китай подписали договор", "Российский посол вызван в МИД"},
	{"ru", `~Россия`, "Посол России вызван в МИД", "Рос Сити открывает магазин"},
	{"ru", `~ракета`, "Запуск ракеты перенесен", "Ракитин назначен министром"},
	{"ru", `~выборы`, "На выборах победил действующий мэр", "Выборг готовится к зиме"},
	{"ru", `КНДР`, "КНДР запустила спутник", "ФКНДРП сообщила о запуске"},
	{"ru", `ещё`, "Еще один мэр арестован", "Ещёра нет"},
	{"ru", `Горбачёв*`, "Архив Горбачева рассекретят", "Горбатый мост закрыт"},
	{"ru", `май`, "Парад 9 мая: май начнется с репетиций", "Маи и другие народы"},
	{"ru", `"Северная Корея" OR "Северной Кореи"`, "Лидер Северной Кореи прибыл", "Северная часть Кореи затоплена"},
	{"ru", `Путин NEAR/3 Ким*`, "Путин встретил Кима", "Путин прибыл; позже в порту встретят делегацию Кима"},
	{"ru", `санкци* AND NOT снят*`, "Новые санкции против банков", "Санкции сняты"},
	{"ru", `=СМИ`, "СМИ: министр уйдет", "Сми и его брат"},
	{"uk", `Київ`, "Київ готує відповідь", "Києва не чути"},
	{"uk", `ракет*`, "Ракети збито над Одесою", "Рак етапу ремонту"},
	{"uk", `об'єкт*`, "Удар по об’єктах енергетики", "Обєднання громад"},
	{"uk", `~Україна`, "Україна чекає на зброю", "Українець здобув золото"},
	{"uk", `війна OR війни`, "Тисяча днів війни", "Воїни повернулися додому"},
	{"uk", `її`, "Її забрали до лікарні", "Він і вона"},
	{"uk", `Росія NEAR/2 Китай`, "Росія та Китай домовились", "Росія чекає, поки відповість Китай"},

	// Arabic: vowels, alef forms, clitics.
	{"ar", `كوريا`, "كُوريا الشمالية تطلق صاروخا", "سوريا الشمالية تشهد هدوءا"},
	{"ar", `كوريا`, "اجتماع بكوريا الجنوبية", "اجتماع بالكويت"},
	{"ar", `إيران`, "ايران ترد على العقوبات", "العراق يرد على العقوبات"},
	{"ar", `أوكرانيا`, "وأوكرانيا تطلب السلاح", "بريطانيا تطلب السلاح"},
	{"ar", `انتخابات`, "نتائج الانتخابات الرئاسية", "نتائج الناخبين"},
	{"ar", `حكومة`, "الحكومه تقر الموازنة", "حكم المحكمة في الموازنة"},
	{"ar", `"كوريا الشمالية"`, "زعيم كوريـا الشماليّة", "كوريا الجنوبية الشمالية"},
	{"ar", `صاروخ*`, "إطلاق صاروخين", "صار وخرج"},
	{"ar", `روسيا AND الصين`, "روسيا والصين توقعان", "روسيا والهند توقعان"},
	{"ar", `القاهرة`, "للقاهرة موقف واضح", "قهرت الظروف"},
	{"ar", `مستشفى`, "قصف المستشفى", "شفاء المصابين"},

	// Korean: particles and compounds.
	{"ko", `북한`, "북한이 미사일을 발사했다", "북한산 국립공원 통제"},
	{"ko", `러시아`, "러시아와의 협력 강화", "벨라루시아 대표단"},
	{"ko", `대통령`, "대통령은 내일 출국한다", "대통령실 개편"},
	{"ko", `대통령*`, "대통령실 개편", "부통령 방한"},
	{"ko", `핵`, "핵 실험 임박", "핵심 인물 구속"},
	{"ko", `"북한 미사일"`, "북한의 미사일 발사", "북한산 미사일"},
	{"ko", `김정은`, "김정은이 방러", "김정은행 개점"},
	{"ko", `서울`, "서울에서 열린 회의", "서울대 입시"},
	{"ko", `미국 AND 중국`, "미국과 중국의 협상", "미국산 쇠고기, 중국산 김치"},
	{"ko", `NATO`, "NATO는 확장한다", "NATO군 훈련"},
	{"ko", `북한 NEAR/2 러시아`, "북한과 러시아 밀착", "북한은 오늘 새벽 다시 러시아에"},
	{"ko", `삼성전자`, "삼성전자가 실적 발표", "삼성 전기"},

	// Japanese: no spaces, katakana runs.
	{"ja", `ロシア`, "ロシア軍が攻勢", "ベロシア語"},
	{"ja", `京都`, "京都で地震", "京の都で祭り"},
	{"ja", `北朝鮮`, "北朝鮮がミサイル発射", "北の朝鮮半島"},
	{"ja", `ミサイル`, "北朝鮮ﾐｻｲﾙ発射", "ミサイルマンの正体"},
	{"ja", `ガス`, "ガス料金値上げ", "ガスト全店で値上げ"},
	{"ja", `首相`, "首相が辞任", "首都の相場"},
	{"ja", `"岸田首相"`, "岸田首相、訪米へ", "岸田氏、首相に"},
	{"ja", `北朝鮮 NEAR/8 ミサイル`, "北朝鮮、またミサイルか", "北朝鮮の代表団が空港に到着、会談へ。ミサイルも議題"},
	{"ja", `選挙 AND NOT 野球`, "参院選挙が公示", "野球の殿堂選挙"},
	{"ja", `NATO`, "NATO加盟を申請", "NATOX社が上場"},
	{"ja", `２０２４年`, "2024年の予算案", "2024円の値引き"},
	{"ja", `ヴァイオリン`, "ヴァイオリン盗難", "バイオリン盗難"},

	// Chinese: per character, simplified and traditional as written.
	{"zh", `朝鲜`, "朝鲜发射导弹", "朝阳鲜花市场"},
	{"zh", `金正恩`, "金正恩抵达海参崴", "金正日旧居开放"},
	{"zh", `俄罗斯`, "俄罗斯外长访华", "俄国旧约罗斯托夫"},
	{"zh", `美国`, "美国国会通过法案", "美丽国度"},
	{"zh", `台灣`, "台灣海峽局勢", "台湾海峡局势"},
	{"zh", `台湾 OR 台灣`, "台灣地震", "台州湾地震"},
	{"zh", `导弹 NEAR/6 日本`, "日本称朝鲜发射导弹", "日本政府周二在东京的记者会上谈到导弹"},
	{"zh", `中国 AND 欧盟`, "中国与欧盟会谈", "中欧盟约的历史"},
	{"zh", `北京`, "北京：会谈顺利", "北上京城"},
	{"zh", `"WTO"`, "WTO裁定关税违规", "WTOS系统升级"},
	{"zh", `2 of (北京, 莫斯科, 平壤)`, "从北京到平壤", "莫斯科降雪"},
}

func TestSet_MatchesHeadlinesAndNotTheirNeighbours(t *testing.T) {
	languages := map[string]int{}
	for _, h := range headlines {
		languages[h.language]++
		set, err := Compile([]veille.Watch{{Name: "w", Query: h.query}}, nil)
		if err != nil {
			t.Errorf("%s: %v", h.query, err)
			continue
		}
		// As a title, inside a body, and where the page does not say its language.
		for _, a := range []veille.Snapshot{
			{Title: h.hit, Language: h.language},
			{Title: "—", Body: "«\u00a0" + h.hit + "\u00a0»\n\n(…)", Language: h.language},
			{Body: h.hit},
		} {
			if m, _ := set.Match(a, nil); len(m) != 1 {
				t.Errorf("%s does not match %+v", h.query, a)
			}
		}
		if m, _ := set.Match(veille.Snapshot{Title: h.miss, Language: h.language}, nil); len(m) != 0 {
			t.Errorf("%s matches %q: %+v", h.query, h.miss, m[0].Terms)
		}
	}
	if len(headlines) < 150 || len(languages) < 12 {
		t.Errorf("%d headlines in %d languages", len(headlines), len(languages))
	}
}
