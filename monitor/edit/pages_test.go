package edit_test

import (
	"fmt"
	"html"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// tongue is what a made-up outlet of one language writes.
type tongue struct {
	code string
	// who, does, what and where make sentences; spaces and stop join them.
	who, does, what, where []string
	space, stop            string
	// noise of the language; %d is a number that changes.
	clock, counter, stamp, related, most, ad string
}

func tongues() []tongue {
	return []tongue{
		{"en", []string{"The minister", "A spokesman for the agency", "The harbour board", "Their lawyer", "The envoy from Seoul"}, []string{"rejected", "confirmed late on Monday", "has not seen", "will publish", "criticised"}, []string{"the draft agreement", "a report of forty pages", "the new sanctions", "plans for a second bridge", "the figures of the ministry"}, []string{"in the northern province", "after a night of talks", "before the parliament", "at the border crossing", "despite the warnings"}, " ", ".", "Updated %d minutes ago", "%d views", "Last updated: 12 March 2026 at 10:%02d", "Read also", "Most read", "Advertisement"},
		{"fr", []string{"Le ministre", "Un porte-parole de l'agence", "La chambre de commerce", "Leur avocat", "L'envoyé de Séoul"}, []string{"a rejeté", "a confirmé lundi soir", "n'a pas vu", "publiera", "a critiqué"}, []string{"le projet d'accord", "un rapport de quarante pages", "les nouvelles sanctions", "les plans d'un second pont", "les chiffres du ministère"}, []string{"dans la province du nord", "après une nuit de négociations", "devant le parlement", "au poste frontière", "malgré les mises en garde"}, " ", ".", "Publié il y a %d minutes", "%d vues", "Mis à jour le 12/03/2026 à 10h%02d", "Lire aussi", "Les plus lus", "Publicité"},
		{"de", []string{"Der Minister", "Eine Sprecherin der Behörde", "Die Handelskammer", "Ihr Anwalt", "Der Gesandte aus Seoul"}, []string{"verwarf", "bestätigte am Montagabend", "kennt bisher nicht", "veröffentlicht bald", "kritisierte"}, []string{"den Entwurf des Abkommens", "einen Bericht von vierzig Seiten", "die neuen Sanktionen", "Pläne für eine zweite Brücke", "die Zahlen des Ministeriums"}, []string{"in der nördlichen Provinz", "nach einer langen Nacht", "vor dem Parlament", "am Grenzübergang", "trotz aller Warnungen"}, " ", ".", "Vor %d Minuten", "%d Kommentare", "Aktualisiert am 12.03.2026 um 10:%02d Uhr", "Lesen Sie auch", "Meistgelesen", "Anzeige"},
		{"es", []string{"El ministro", "Una portavoz de la agencia", "La cámara de comercio", "Su abogado", "El enviado de Seúl"}, []string{"rechazó", "confirmó el lunes por la noche", "no ha visto", "publicará", "criticó"}, []string{"el borrador del acuerdo", "un informe de cuarenta páginas", "las nuevas sanciones", "los planes de un segundo puente", "las cifras del ministerio"}, []string{"en la provincia del norte", "tras una noche de negociaciones", "ante el parlamento", "en el paso fronterizo", "pese a las advertencias"}, " ", ".", "Hace %d minutos", "%d comentarios", "Actualizado: 12/03/2026 10:%02d", "Lee también", "Lo más leído", "Publicidad"},
		{"it", []string{"Il ministro", "Una portavoce dell'agenzia", "La camera di commercio", "Il loro avvocato", "L'inviato di Seul"}, []string{"ha respinto", "ha confermato lunedì sera", "non ha visto", "pubblicherà", "ha criticato"}, []string{"la bozza dell'accordo", "un rapporto di quaranta pagine", "le nuove sanzioni", "i piani per un secondo ponte", "le cifre del ministero"}, []string{"nella provincia del nord", "dopo una notte di colloqui", "davanti al parlamento", "al valico di frontiera", "nonostante gli avvertimenti"}, " ", ".", "%d minuti fa", "%d visualizzazioni", "Aggiornato il 12/03/2026 alle 10:%02d", "Leggi anche", "I più letti", "Pubblicità"},
		{"pt", []string{"O ministro", "Uma porta-voz da agência", "A câmara de comércio", "O seu advogado", "O enviado de Seul"}, []string{"rejeitou", "confirmou na segunda-feira", "ainda não viu", "publicará", "criticou"}, []string{"o rascunho do acordo", "um relatório de quarenta páginas", "as novas sanções", "os planos de uma segunda ponte", "os números do ministério"}, []string{"na província do norte", "depois de uma noite de conversas", "perante o parlamento", "no posto fronteiriço", "apesar dos avisos"}, " ", ".", "há %d minutos", "%d visualizações", "Atualizado em 12/03/2026 às 10:%02d", "Leia também", "Mais lidas", "Publicidade"},
		{"nl", []string{"De minister", "Een woordvoerster van het bureau", "De kamer van koophandel", "Hun advocaat", "De gezant uit Seoul"}, []string{"verwierp", "bevestigde maandagavond", "heeft nog niets gezien van", "publiceert binnenkort", "bekritiseerde"}, []string{"het ontwerp van het akkoord", "een rapport van veertig pagina's", "de nieuwe sancties", "plannen voor een tweede brug", "de cijfers van het ministerie"}, []string{"in de noordelijke provincie", "na een nacht van overleg", "voor het parlement", "bij de grensovergang", "ondanks de waarschuwingen"}, " ", ".", "%d minuten geleden", "%d reacties", "Bijgewerkt: 12-03-2026 10:%02d", "Lees ook", "Best gelezen", "Advertentie"},
		{"pl", []string{"Minister", "Rzeczniczka agencji", "Izba handlowa", "Ich adwokat", "Wysłannik z Seulu"}, []string{"odrzucił", "potwierdził w poniedziałek wieczorem", "nie widział", "opublikuje", "skrytykował"}, []string{"projekt umowy", "raport liczący czterdzieści stron", "nowe sankcje", "plany drugiego mostu", "dane ministerstwa"}, []string{"w północnej prowincji", "po nocnych rozmowach", "przed parlamentem", "na przejściu granicznym", "mimo ostrzeżeń"}, " ", ".", "%d minut temu", "%d komentarzy", "Aktualizacja: 12.03.2026 10:%02d", "Czytaj także", "Najczęściej czytane", "Reklama"},
		{"ru", []string{"Министр", "Представитель агентства", "Торговая палата", "Их адвокат", "Посланник из Сеула"}, []string{"отверг", "подтвердил в понедельник вечером", "пока не видел", "опубликует", "раскритиковал"}, []string{"проект соглашения", "доклад на сорока страницах", "новые санкции", "планы второго моста", "данные министерства"}, []string{"в северной провинции", "после ночных переговоров", "перед парламентом", "на пограничном переходе", "несмотря на предупреждения"}, " ", ".", "%d минут назад", "%d просмотров", "Обновлено: 12.03.2026 10:%02d", "Читайте также", "Самое читаемое", "Реклама"},
		{"tr", []string{"Bakan", "Ajansın sözcüsü", "Ticaret odası", "Avukatları", "Seul'den gelen elçi"}, []string{"dün akşam reddetti", "pazartesi gecesi doğruladı", "henüz görmedi", "yakında yayımlayacak", "eleştirdi"}, []string{"anlaşma taslağını", "kırk sayfalık raporu", "yeni yaptırımları", "ikinci köprü planlarını", "bakanlığın rakamlarını"}, []string{"kuzey eyaletinde", "gece boyu süren görüşmelerden sonra", "meclisin önünde", "sınır kapısında", "uyarılara rağmen"}, " ", ".", "%d dakika önce", "%d yorum", "Güncelleme: 12.03.2026 10:%02d", "Ayrıca okuyun", "Çok okunanlar", "Reklam"},
		{"ar", []string{"الوزير", "المتحدث باسم الوكالة", "غرفة التجارة", "محاميهم", "المبعوث من سيول"}, []string{"رفض", "أكد مساء الاثنين", "لم ير بعد", "سوف ينشر", "انتقد"}, []string{"مسودة الاتفاق", "تقريرا من أربعين صفحة", "العقوبات الجديدة", "خطط الجسر الثاني", "أرقام الوزارة"}, []string{"في المقاطعة الشمالية", "بعد ليلة من المحادثات", "أمام البرلمان", "عند المعبر الحدودي", "رغم التحذيرات"}, " ", ".", "منذ %d دقيقة", "%d مشاهدة", "آخر تحديث: 12/03/2026 10:%02d", "اقرأ أيضا", "الأكثر قراءة", "إعلان"},
		{"ja", []string{"大臣は", "同社の広報担当者は", "商工会議所は", "弁護士は", "ソウルからの特使は"}, []string{"月曜日の夜に", "記者団に対して", "長い協議の末に", "議会の前で", "国境の検問所で"}, []string{"合意の草案を", "四十ページの報告書を", "新しい制裁を", "二本目の橋の計画を", "省の統計を"}, []string{"退けた", "確認した", "まだ見ていないと述べた", "公表すると話した", "強く批判した"}, "", "。", "%d分前", "コメント%d件のコメント", "最終更新: 2026年3月12日 10:%02d", "関連記事", "ランキング", "広告"},
		{"ko", []string{"장관은", "기관 대변인은", "상공회의소는", "변호사는", "서울에서 온 특사는"}, []string{"월요일 저녁", "기자들에게", "긴 협의 끝에", "의회 앞에서", "국경 검문소에서"}, []string{"합의 초안을", "마흔 쪽짜리 보고서를", "새로운 제재를", "두 번째 다리 계획을", "부처의 통계를"}, []string{"거부했다", "확인했다", "아직 보지 못했다고 밝혔다", "공개하겠다고 말했다", "비판했다"}, " ", ".", "%d분 전", "조회수 %d", "입력 2026.03.12 10:%02d", "관련기사", "많이 본 뉴스", "광고"},
		{"zh", []string{"部长", "该机构发言人", "商会", "他们的律师", "来自首尔的特使"}, []string{"周一晚上", "向记者", "经过长时间磋商后", "在议会前", "在边境口岸"}, []string{"就协议草案", "就四十页的报告", "就新的制裁", "就第二座桥的计划", "就该部的数据"}, []string{"表示反对", "予以确认", "表示尚未看到", "表示将会公布", "提出批评"}, "", "。", "%d分钟前", "阅读 %d", "更新时间：2026-03-12 10:%02d", "相关阅读", "热门新闻", "广告"},
	}
}

// made is an article of a made-up outlet.
type made struct {
	tongue     tongue
	template   int
	title      string
	lead       string
	author     string
	image      string
	published  time.Time
	paragraphs []string
}

func (t tongue) sentence(r *rand.Rand) string {
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	return strings.Join([]string{pick(t.who), pick(t.does), pick(t.what), pick(t.where)}, t.space) + t.stop
}

func (t tongue) paragraph(r *rand.Rand) string {
	var sentences []string
	for range 2 + r.IntN(3) {
		sentences = append(sentences, t.sentence(r))
	}
	return strings.Join(sentences, t.space)
}

func makeArticle(n int, r *rand.Rand) made {
	all := tongues()
	t := all[n%len(all)]
	a := made{
		tongue: t, template: n / len(all) % len(templates()), author: []string{"Claire Aubert", "Jon Marsh", "Mina Hollis"}[n%3],
		title: strings.TrimSuffix(t.sentence(r), t.stop), lead: t.sentence(r) + t.space + t.sentence(r),
		image:     fmt.Sprintf("/photo/2026/03/%d/une-%d.jpg", n, n),
		published: time.Date(2026, 3, 12, 7, 30, 0, 0, time.FixedZone("", 3600)),
	}
	seen := map[string]bool{}
	for len(a.paragraphs) < 7 {
		if p := t.paragraph(r); !seen[p] {
			seen[p] = true
			a.paragraphs = append(a.paragraphs, p)
		}
	}
	return a
}

// templates are page layouts: {head} and {body} with the noise around and
// between the paragraphs.
func templates() []string {
	return []string{
		`<!doctype html><html lang="{lang}"><head>{head}</head><body>{nav}<main><article class="post-{token}"><h1>{title}</h1><p class="byline">{author}</p>{clock}{figure}<div class="body">{body}</div></article></main>{aside}{footer}</body></html>`,
		`<!DOCTYPE html><html lang="{lang}"><head>{head}</head><body data-session="{token}"><div id="top">{nav}</div><div class="container"><div class="story"><h1 class="hed">{title}</h1><div class="meta">{author} {clock}</div><div class="text">{body}</div>{module}</div><div class="sidebar">{aside}</div></div>{footer}</body></html>`,
		`<html lang="{lang}"><head>{head}</head><body>{nav}<div id="content"><h1>{title}</h1>{counter}<div itemprop="articleBody">{body}</div>{module}{comments}</div>{aside}{footer}</body></html>`,
		`<!doctype html><html lang="{lang}"><head>{head}</head><body>{nav}<section><article><header><h1>{title}</h1><span>{author}</span>{clock}{counter}</header><section>{body}</section>{module}</article></section>{comments}{aside}{footer}</body></html>`,
	}
}

// page is the article as one fetch finds it: everything around its text is
// drawn anew.
func (a made) page(r *rand.Rand) string {
	t := a.tongue
	text := func(s string) string { return dirty(s, r) }
	noun := func() string { return strings.TrimSuffix(t.sentence(r), t.stop) }
	links := func(class string, n int) string {
		var b strings.Builder
		fmt.Fprintf(&b, `<ul class="%s">`, class)
		for range n {
			fmt.Fprintf(&b, `<li><a href="/news/%d">%s</a></li>`, r.IntN(99999), noun())
		}
		return b.String() + "</ul>"
	}
	ad := func() string {
		return []string{
			fmt.Sprintf(`<div class="ad" id="ad-%d"><p>%s</p><a href="https://ads.example/%x"><img src="/a%d.gif"></a></div>`, r.IntN(1000), t.ad, r.Uint64(), r.IntN(99)),
			fmt.Sprintf(`<aside class="advert">%s %s</aside>`, t.ad, noun()),
			fmt.Sprintf(`<p>%s</p>`, t.ad),
			"",
		}[r.IntN(4)]
	}
	clock := fmt.Sprintf(t.clock, 1+r.IntN(59))
	counter := fmt.Sprintf(t.counter, r.IntN(90000))
	stamp := fmt.Sprintf(t.stamp, r.IntN(60))
	var body strings.Builder
	for i, p := range a.paragraphs {
		fmt.Fprintf(&body, "<p>%s</p>%s", text(p), strings.Repeat("\n", r.IntN(3)))
		switch i {
		case 0:
			body.WriteString([]string{"", "<p>" + clock + "</p>", "<p><small>" + stamp + "</small></p>"}[r.IntN(3)])
		case 1, 4:
			body.WriteString(ad())
		case 2:
			body.WriteString([]string{"", fmt.Sprintf(`<p>%s : <a href="/news/%d">%s</a></p>`, t.related, r.IntN(99999), noun())}[r.IntN(2)])
		case 3:
			body.WriteString([]string{"", "<p>" + counter + "</p>", fmt.Sprintf(`<div class="share"><span>%s</span></div>`, counter)}[r.IntN(3)])
		}
	}
	if r.IntN(2) == 0 {
		fmt.Fprintf(&body, "<h3>%s</h3>%s", t.most, links("popular", 4))
	}
	zone := a.published.In([]*time.Location{time.UTC, time.FixedZone("", 3600), time.FixedZone("", -18000)}[r.IntN(3)])
	head := []string{
		fmt.Sprintf(`<meta property="og:title" content="%s">`, html.EscapeString(a.title)),
		`<meta property="og:type" content="article">`,
		fmt.Sprintf(`<meta name="description" content="%s">`, text(a.lead)),
		fmt.Sprintf(`<meta name="author" content="%s">`, a.author),
		fmt.Sprintf(`<meta property="article:published_time" content="%s">`, zone.Format(time.RFC3339)),
		fmt.Sprintf(`<meta property="article:modified_time" content="2026-03-12T10:%02d:00Z">`, r.IntN(60)),
		fmt.Sprintf(`<meta property="og:image" content="https://img%d.example%s?w=%d&amp;sig=%x">`, r.IntN(4), a.image, 200*(1+r.IntN(6)), r.Uint32()),
		fmt.Sprintf(`<meta name="csrf-token" content="%x">`, r.Uint64()),
		fmt.Sprintf(`<script nonce="%x">window.t=%d</script>`, r.Uint64(), r.Uint64()),
	}
	r.Shuffle(len(head), func(i, j int) { head[i], head[j] = head[j], head[i] })
	comments := ""
	for range r.IntN(4) {
		comments += fmt.Sprintf(`<div class="comment"><b>user%d</b><p>%s</p></div>`, r.IntN(999), t.sentence(r))
	}
	return strings.NewReplacer(
		"{lang}", t.code, "{head}", `<meta charset="utf-8"><title>`+html.EscapeString(a.title)+` | Courrier</title>`+strings.Join(head, "\n"),
		"{nav}", `<nav>`+links("menu", 6)+`</nav><div class="ticker">KOSPI `+fmt.Sprint(2000+r.IntN(900))+`</div>`,
		"{title}", text(a.title), "{author}", a.author, "{clock}", `<span class="time">`+clock+`</span>`, "{counter}", `<div class="counts">`+counter+`</div>`,
		"{figure}", `<figure><img src="https://img.example`+a.image+`?w=800"></figure>`, "{body}", body.String(),
		"{module}", `<div class="related"><h4>`+t.related+`</h4>`+links("more", 3)+`</div>`,
		"{comments}", `<section class="comments" id="comments">`+comments+`</section>`,
		"{aside}", `<aside><h4>`+t.most+`</h4>`+links("top", 5)+`<p>`+noun()+`</p></aside>`,
		"{footer}", fmt.Sprintf(`<footer><p>© 2026 Courrier</p><form><input type="hidden" value="%x"></form></footer>`, r.Uint64()),
		"{token}", fmt.Sprintf("%x", r.Uint64()),
	).Replace(templates()[a.template])
}

// dirty writes a text as another rendering of the same page might.
func dirty(s string, r *rand.Rand) string {
	s = html.EscapeString(s)
	if r.IntN(2) == 0 {
		s = strings.NewReplacer("é", "&eacute;", "è", "&egrave;", "ü", "&uuml;", "ó", "o\u0301", "'", "’").Replace(s)
	}
	switch words := strings.Split(s, " "); r.IntN(4) {
	case 0:
		for range 3 {
			i := r.IntN(len(words))
			words[i] += []string{"\n", "  ", "&nbsp;", "\u200b", "\t"}[r.IntN(5)]
		}
		s = strings.Join(words, " ")
	case 1:
		s = strings.ReplaceAll(s, " ", "\u00a0")
	}
	return s
}

// planted is one kind of edit, and what must be found.
type planted struct {
	name   string
	fields []string
	edit   func(*made, *rand.Rand)
	// words are the words added and removed, -1 for any; moved the paragraphs
	// that moved. Languages without spaces count otherwise.
	added, removed, moved int
}

func plantedEdits() []planted {
	word := func(a *made, r *rand.Rand, change func(words []string, i int) []string) {
		p := r.IntN(len(a.paragraphs))
		words := strings.Split(a.paragraphs[p], " ")
		a.paragraphs[p] = strings.Join(change(words, r.IntN(len(words))), " ")
	}
	body, title := []string{"body"}, []string{"title"}
	return []planted{
		{"title: one character", title, func(a *made, r *rand.Rand) { a.title += "s" }, -1, -1, 0},
		{"title: one word more", title, func(a *made, r *rand.Rand) { a.title += " Xyloba" }, 1, 0, 0},
		{"title: rewritten", title, func(a *made, r *rand.Rand) { a.title = "Xyloba quatre-vingts morts" }, -1, -1, 0},
		{"body: one character", body, func(a *made, r *rand.Rand) {
			word(a, r, func(w []string, i int) []string { w[i] = "x" + w[i]; return w })
		}, -1, -1, 0},
		{"body: one digit", body, func(a *made, r *rand.Rand) { a.paragraphs[2] = strings.Replace(a.paragraphs[2], "1234", "1235", 1) }, 1, 1, 0},
		{"body: a word replaced", body, func(a *made, r *rand.Rand) {
			word(a, r, func(w []string, i int) []string { w[i] = "Xyloba"; return w })
		}, 1, -1, 0},
		{"body: a word inserted", body, func(a *made, r *rand.Rand) {
			word(a, r, func(w []string, i int) []string { return slices.Insert(w, i, "Xyloba") })
		}, 1, 0, 0},
		{"body: a word removed", body, func(a *made, r *rand.Rand) { a.paragraphs[2] = strings.Replace(a.paragraphs[2], " 1234", "", 1) }, 0, 1, 0},
		{"body: a name", body, func(a *made, r *rand.Rand) { a.paragraphs[2] = strings.Replace(a.paragraphs[2], "Müller", "Meier", 1) }, 1, 1, 0},
		{"body: a negation", body, func(a *made, r *rand.Rand) {
			a.paragraphs[2] = strings.Replace(a.paragraphs[2], "Müller", "not Müller", 1)
		}, 1, 0, 0},
		{"body: a quotation", body, func(a *made, r *rand.Rand) { a.paragraphs[5] += " « Xyloba hier, Xyloba demain. »" }, 4, 0, 0},
		{"body: punctuation", body, func(a *made, r *rand.Rand) { a.paragraphs[2] += " ?!" }, -1, -1, 0},
		{"body: a sentence more", body, func(a *made, r *rand.Rand) { a.paragraphs[3] += " Xyloba est arrivé hier soir." }, 5, 0, 0},
		{"body: a sentence less", body, func(a *made, r *rand.Rand) {
			a.paragraphs[2] = strings.Replace(a.paragraphs[2], " Müller 1234 Xylo.", "", 1)
		}, 0, 3, 0},
		{"body: a paragraph more", body, func(a *made, r *rand.Rand) {
			a.paragraphs = slices.Insert(a.paragraphs, 4, "Xyloba est arrivé hier soir, a dit la police de la ville.")
		}, 12, 0, 0},
		{"body: a last paragraph more", body, func(a *made, r *rand.Rand) {
			a.paragraphs = append(a.paragraphs, "Xyloba est arrivé hier soir, a dit la police de la ville.")
		}, 12, 0, 0},
		{"body: a paragraph less", body, func(a *made, r *rand.Rand) { a.paragraphs = slices.Delete(a.paragraphs, 3, 4) }, 0, -1, 0},
		{"body: a paragraph moved", body, func(a *made, r *rand.Rand) {
			p := a.paragraphs[1]
			a.paragraphs = append(slices.Delete(a.paragraphs, 1, 2), p)
		}, 0, 0, 1},
		{"body: a paragraph rewritten", body, func(a *made, r *rand.Rand) { a.paragraphs[3] = a.tongue.paragraph(r) + " Xyloba." }, -1, -1, 0},
		{"body: a correction at the end", body, func(a *made, r *rand.Rand) {
			a.paragraphs = append(a.paragraphs, "Correction: Xyloba had said forty, and not fourteen.")
		}, 8, 0, 0},
		{"lead", []string{"lead"}, func(a *made, r *rand.Rand) { a.lead = "Xyloba " + a.lead }, 0, 0, 0},
		{"authors", []string{"authors"}, func(a *made, r *rand.Rand) { a.author = "Paula Xyloba" }, 0, 0, 0},
		{"published", []string{"published"}, func(a *made, r *rand.Rand) { a.published = a.published.Add(-26*time.Hour - 10*time.Minute) }, 0, 0, 0},
		{"image", []string{"image"}, func(a *made, r *rand.Rand) { a.image = strings.Replace(a.image, "une-", "autre-", 1) }, 0, 0, 0},
	}
}
