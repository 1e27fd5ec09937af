package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// editor turns blocks into paragraphs: it leaves out what is not the article's
// text though it stands within it. Its rules are conservative: a paragraph
// goes only where its form says what it is.
type editor struct {
	title, description string
	region             *region
	facts              *facts

	byline, email string
	// signedBy is a name that stands alone and in bold at an end of the text.
	signedBy string
	walled   bool
	// teasers counts the other articles' teasers where they are all there is.
	teasers int
	// searches counts the costly ones.
	searches int
}

var (
	relatedHeading = newLineRule(`related(?: (?:articles?|stories|news|content|posts?|topics|coverage|links|reading))?|(?:you (?:may|might) (?:also )?(?:like|be interested in).*)|more (?:from|on|stories|news|in)\b.{0,40}|read (?:more|next|also)|see also|further reading|most (?:read|popular|viewed)|popular|trending(?: now)?|latest (?:news|stories)|recommended(?: for you| stories| articles)?|don't miss|up next|what to read next|top stories|newsletters?|comments?(?: \(\d+\))?|share (?:this|article).{0,30}|`+
		`[àa] lire (?:aussi|également|ensuite).{0,20}|lire (?:aussi|également).{0,10}|sur le même (?:sujet|thème)|articles? (?:liés?|similaires|associés|connexes|recommandés?)|à ne pas (?:manquer|rater)|les (?:plus|\+) (?:lus|populaires|consultés).{0,20}|plus d['’]articles.{0,20}|(?:vous aimerez|à découvrir|voir|lisez) aussi|dans la même (?:rubrique|catégorie)|nos derniers articles|commentaires?(?: \(\d+\))?|autres articles.{0,20}|`+
		`(?:mehr zum thema|mehr dazu|lesen sie auch|das könnte (?:sie|dich) (?:auch )?interessieren|weitere (?:artikel|themen|meldungen|nachrichten)|verwandte (?:artikel|themen)|meistgelesen.{0,20}|auch interessant|zum thema|kommentare?)|`+
		`(?:noticias? relacionad[ao]s?|art[ií]culos? relacionados?|te puede interesar|lee también|le puede interesar|m[aá]s (?:noticias|leídas|leído)|leia (?:também|mais)|veja também|notícias relacionadas|potrebbe interessarti.{0,20}|leggi anche|articoli correlati)|`+
		`(?:관련\s?(?:기사|뉴스|글)|많이\s?본\s?(?:뉴스|기사)|인기\s?(?:뉴스|기사)|추천\s?(?:뉴스|기사)|이\s?시각\s?.{0,10}뉴스|주요\s?뉴스|댓글)|`+
		`(?:関連(?:記事|ニュース|リンク|キーワード).{0,6}|おすすめ(?:記事)?|人気(?:記事|ランキング)|アクセスランキング|あわせて読みたい|こちらもおすすめ|最新(?:記事|ニュース)|相关(?:新闻|阅读|文章)|推荐阅读|相關新聞)|`+
		`(?:читайте также|похожие (?:новости|материалы|статьи)|по теме|материалы по теме|самые популярные .{0,20}|другие новости|новости по теме|самое читаемое|популярное|ещё по теме|комментарии)`, `[^\pL\pN]*$`)
	relatedLead   = newLineRule(`related|read (?:more|also|next)|see also|also read|more on this|watch|don't miss|recommended|lire aussi|lire également|à lire(?: aussi| également)?|voir aussi|lesen sie auch|lesen sie (?:mehr|hier)|mehr zum thema|siehe auch|lee también|lea también|leia também|leia mais|leggi anche|читайте также|관련기사|관련\s?뉴스|関連記事|延伸阅读|相关阅读`, `\s*[:：»→▶|-]`)
	wallLine      = regexp.MustCompile(`(?i)(?:subscribe (?:now |today )?to (?:continue|read|keep reading|unlock)|to (?:continue|keep) reading,? (?:please )?(?:subscribe|log in|sign in|register)|this (?:article|content|story) is (?:for|reserved for|only available to|available to|exclusive to) (?:our )?(?:paid )?(?:subscribers|members)|already a subscriber\?|subscriber[- ]only|(?:article|contenu) réservé (?:aux|à nos) abonnés|réservé aux abonnés|pour lire la suite|il vous reste .{1,20} de cet article à lire|la suite est réservée|déjà abonné|abonnez-vous pour (?:lire|continuer|accéder)|weiterlesen mit|jetzt weiterlesen|nur für abonnenten|dieser (?:artikel|inhalt) ist (?:nur )?(?:für|exklusiv)|suscríbete para (?:seguir|continuar)|(?:riservat[oi]|esclusiv[oi]) (?:agli|per gli) abbonati|abbonati per (?:continuare|leggere)|per continuare a leggere|exclusiv[oa] para assinantes|assine para (?:continuar|ler)|(?:alleen|enkel|exclusief) voor abonnees|(?:tylko|wyłącznie) dla (?:subskrybentów|prenumeratorów|abonentów)|contenido exclusivo para suscriptores|유료\s?회원\s?전용|구독(?:자)?\s?전용|로그인 후 이용|この記事は(?:有料|会員)|続きを読むには|会員限定|有料会員|материал доступен (?:только )?подписчикам|оформите подписку)`)
	furnitureLine = newLineRule(``+
		`advertisement|advertising|publicité|anzeige|werbung|publicidad|pubblicità|реклама|광고|広告|스폰서|`+
		`(?:\(?\s*(?:fin|end|끝|ende|fine|fim|конец)\s*\)?)|`+
		`share(?: (?:this|on|via|article|story).{0,40})?|partager(?: (?:sur|l['’]article|cet article).{0,30})?|teilen|compartir|condividi|поделиться|공유(?:하기)?|シェア(?:する)?|tweet(?:er)?|facebook|twitter|whatsapp|linkedin|e-?mail|print|imprimer|copy link|copier le lien|`+
		`(?:(?:accueil|home|haut de page|back to top|top|retour en haut|nach oben|go to (?:contents?|navigation)|skip to (?:main )?(?:content|navigation)|aller au (?:contenu|menu)|zum inhalt(?: springen)?|본문 바로가기|메뉴 바로가기)[\s|·>»-]*)+|`+
		`follow us.{0,60}|suivez-nous.{0,60}|folgen sie uns.{0,60}|síguenos.{0,60}|`+
		`sign up (?:for|to) .{0,80}newsletter.{0,60}|inscrivez-vous à .{0,40}newsletter.{0,60}|get the latest .{0,60}(?:inbox|newsletter).{0,30}|newsletter|`+
		`\d+ (?:comments?|commentaires?|kommentare?|comentarios?|shares?|partages?)|leave a (?:comment|reply)|laisser un commentaire|`+
		`(?:loading|chargement|please wait|читать далее|read more|lire la suite|weiterlesen|mehr lesen|続きを読む|더보기)(?:\.{3}|…)?|`+
		`(?:image|photo|picture|foto|bild|video|vidéo|사진)\s?(?:caption|credit|source|légende)?|image (?:source|caption),?.{0,60}|getty images|reuters|afp|ap photo|`+
		`\d+ min(?:ute)?s? (?:read|de lecture|lesezeit)|(?:temps de )?lecture\s?:? ?\d+ ?min.{0,10}|lesezeit:? ?\d+ ?min.{0,10}`, `[^\pL\pN]*$`)
	copyrightLine = newLineRule(`©|\(c\)|copyright\b|all rights reserved|tous droits réservés|alle rechte vorbehalten|todos los derechos reservados|저작권자|무단\s?전재|<저작권자|ⓒ|無断転載|copyrights?\s?ⓒ|все права защищены`, ``)
	// cookieLine is a site that speaks of its own cookies; an article about
	// cookies speaks of others.
	cookieLine   = regexp.MustCompile(`(?i)\b(?:(?:notre|ce) site (?:web )?utilise (?:des|les) cookies|nous utilisons (?:des|les) cookies|en (?:continuant|poursuivant) (?:à visiter|votre (?:visite|navigation))|(?:we|this (?:web)?site|our (?:web)?site)(?: and our partners)? uses? cookies|by continuing to (?:use|browse|visit) (?:this|our|the) (?:web)?site|(?:wir|diese (?:web)?s(?:ei|i)te) verwende[nt] cookies|(?:utilizamos|este sitio (?:web )?utiliza|usamos) cookies|utilizziamo i cookie)|쿠키를 사용(?:합니다|하고 있습니다)|(?:クッキー|cookie)を使用して(?:い|お)|(?:мы используем|сайт использует)(?: файлы)? cookie`)
	creditEnd    = regexp.MustCompile(`[(（\[][^()（）\[\]]{2,60}[)）\]]\s*\.?$`)
	emailOnly    = regexp.MustCompile(`^[(<\[]?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)[)>\]]?$`)
	koreanByline = regexp.MustCompile(`^\S{2,5}\s?(?:특파원|선임기자|기자)(?:\s*[\w.+-]+@[\w.-]+)?$`)
	latinByline  = regexp.MustCompile(`^(?:By|Par|Von|BY|Por|De)\s+\p{Lu}[\pL.'’-]+(?:\s+(?:\p{Lu}[\pL.'’-]+|de|van|von|der|and|et|und|y|&)){1,6}(?:\s*[,|–-]\s*.{0,60})?$`)
)

// edit returns the paragraphs of blocks[first:last].
func (e *editor) edit(blocks []block, first, last int, lead []block) []string {
	drop := e.relatedBlocks(blocks, first, last)
	e.cards(blocks, first, last, drop)
	sameLead(blocks, first, last, drop)
	e.restore(blocks, drop)
	kept := lead
	first = e.afterHeadline(blocks, first, last)
	for i := first; i < last; i++ {
		b := blocks[i]
		if drop[i] || e.leaves(b, len(kept)) {
			continue
		}
		kept = append(kept, b)
	}
	kept = e.trim(kept)
	kept = withoutCaptions(kept)
	kept = e.trim(withoutClosing(kept))
	e.signedBy = boldName(kept)
	out := make([]string, 0, len(kept))
	for _, b := range kept {
		out = append(out, b.text)
	}
	return out
}

// restore takes back what was marked for where it stands, if the page's linked
// data has it in the article's text.
func (e *editor) restore(blocks []block, drop map[int]bool) {
	if len(drop) == 0 || e.facts == nil || textWeight(e.facts.ld.body) < shortBody {
		return
	}
	r := newReading(strings.Join(plainParagraphs(e.facts.ld.body), " "))
	for i := range drop {
		if b := blocks[i]; b.weight >= 80 && !b.linked() && r.share(b.text) >= 0.9 {
			delete(drop, i)
		}
	}
}

// afterHeadline returns the first block after the headline, where one stands
// among the blocks and nearly all the prose follows it; else first.
func (e *editor) afterHeadline(blocks []block, first, last int) int {
	for i := first; i < last; i++ {
		if blocks[i].node.DataAtom != atom.H1 || foldTitle(blocks[i].text) != e.title {
			continue
		}
		before, after := 0, 0
		for k := first; k < last; k++ {
			if k < i {
				before += proseWeight(blocks[k])
			} else {
				after += proseWeight(blocks[k])
			}
		}
		if after >= 4*before {
			return i + 1
		}
	}
	return first
}

// leaves reports whether a block is furniture by its own form. kept is how
// many paragraphs were kept before it.
func (e *editor) leaves(b block, kept int) bool {
	opening := kept == 0
	if b.linked() {
		return true
	}
	if b.heading() || b.weight < len(e.title)+40 {
		if k := foldTitle(b.text); k == "" || k == e.title || opening && len(e.title) > 20 && strings.HasPrefix(k, e.title) {
			return true
		}
	}
	if b.weight < 400 && mayBeWall(b.text) && e.affords() && wallLine.MatchString(b.text) && !quoted(b) {
		e.walled = true
		return true
	}
	if b.weight < 600 && mayBeCookies(b.text) && e.affords() && cookieLine.MatchString(b.text) && !quoted(b) {
		return true
	}
	if b.weight < 400 && (e.appeals(b) || endsInCredit(b.text)) {
		return true
	}
	if b.weight > 150 {
		return false
	}
	if strings.Contains(b.text, "@") {
		if m := emailOnly.FindStringSubmatch(b.text); m != nil {
			e.email = m[1]
			return true
		}
	}
	if b.weight > 120 {
		return copyrightLine.MatchString(b.text) || b.links*10 >= b.weight*3 && relatedLead.MatchString(b.text)
	}
	if (strings.Contains(b.text, "기자") || strings.Contains(b.text, "특파원")) && koreanByline.MatchString(b.text) || strings.IndexByte("BPVD", b.text[0]) >= 0 && latinByline.MatchString(b.text) && !endsSentence(b.text) {
		if e.byline == "" {
			e.byline = b.text
		}
		return true
	}
	if furnitureLine.MatchString(b.text) || copyrightLine.MatchString(b.text) || creditLine.MatchString(b.text) {
		return true
	}
	if b.links*10 >= b.weight*3 && relatedLead.MatchString(b.text) {
		return true
	}
	if kept < 3 && !b.heading() {
		d := dater{lang: "fr"}
		if d.isDateline(b.text) {
			return true
		}
	}
	switch b.node.DataAtom {
	case atom.P, atom.Li, atom.Blockquote, atom.Pre, atom.Dd, atom.Dt, atom.Td, atom.Th, atom.Tr,
		atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return false
	}
	return b.weight < 30 && !endsSentence(b.text)
}

// maxSearches bounds the searches for words that a text may hold anywhere; pages
// ask for some tens.
const maxSearches = 1000

// affords reports whether one more costly search is within bounds.
func (e *editor) affords() bool {
	e.searches++
	return e.searches <= maxSearches
}

// mayBeWall is a quick test for the words that wallLine turns on.
func mayBeWall(s string) bool {
	for _, stem := range []string{"ubscri", "bonn", "bonné", "log in", "sign in", "register", "eserve", "éserv", "lire la suite", "à lire", "eiterlesen", "nur für", "exklusiv", "nhalt ist",
		"uscri", "유료", "구독", "로그인", "会員", "続きを読む", "подпис", "members", "uscrí", "bbonat", "ssinante", "ssine para", "ontinuare a leggere", "ubskryb", "renumerator", "bonent"} {
		if strings.Contains(s, stem) {
			return true
		}
	}
	return false
}

// mayBeCookies is a quick test for the words that cookieLine turns on.
func mayBeCookies(s string) bool {
	for _, stem := range []string{"ookie", "OOKIE", "쿠키", "クッキー", "ontinu", "oursuiv"} {
		if strings.Contains(s, stem) {
			return true
		}
	}
	return false
}

// quoted reports whether a block's sentence is somebody's words, who may well
// speak of subscribers.
func quoted(b block) bool { return strings.ContainsAny(b.text, "«“\"") }

// relatedBlocks marks the blocks that stand under a heading such as "Related
// articles": all of the small element that holds the heading, or else what
// follows it up to the next heading.
func (e *editor) relatedBlocks(blocks []block, first, last int) map[int]bool {
	drop := map[int]bool{}
	total, before := 0, 0
	for i := first; i < last; i++ {
		total += proseWeight(blocks[i])
	}
	for i := first; i < last; i++ {
		b := blocks[i]
		before += proseWeight(b)
		if drop[i] || b.weight > 120 || !b.heading() && b.node.DataAtom != atom.P && b.node.DataAtom != atom.Div && b.node.DataAtom != atom.Li && b.node.DataAtom != atom.Section && b.node.DataAtom != atom.Summary || !relatedHeading.MatchString(b.text) {
			continue
		}
		to := i + 1
		own := false
		if r := e.smallest(i); r != e.region && r.first == i {
			to, own = r.last, true
		} else {
			for to < last && !blocks[to].heading() {
				to++
			}
			if !b.heading() {
				// A line of text announces only the links behind it.
				to = i + 1
				for to < last && (blocks[to].linked() || blocks[to].node.DataAtom == atom.Li) {
					to++
				}
			}
		}
		weight := 0
		for k := i; k < to; k++ {
			weight += proseWeight(blocks[k])
		}
		// What looks like most of the article is not dropped for one line; on a
		// small page a box of its own may outweigh the text before it.
		if weight*2 > total && (!own || total > smallPage || before <= proseWeight(b)) {
			to = i + 1
		}
		for k := i; k < to; k++ {
			drop[k] = true
		}
	}
	return drop
}

// cards marks teasers of other articles: small elements that open with a linked
// headline and a line or two of prose. One is a teaser where prose stands
// before it; several are wherever they stand, unless they are all there is.
func (e *editor) cards(blocks []block, first, last int, drop map[int]bool) {
	type card struct{ from, to, before int }
	var found []card
	total, before, inCards := 0, 0, 0
	for i := first; i < last; i++ {
		b := blocks[i]
		w := proseWeight(b)
		total += w
		if drop[i] {
			continue
		}
		before += w
		if !b.linked() || !b.heading() && b.weight < 25 || foldTitle(b.text) == e.title {
			continue
		}
		r := e.smallest(i)
		if r == e.region || r.first < i-1 || r.last-r.first > 5 || r.last > last {
			continue
		}
		if r.first < i && (len(found) > 0 && found[len(found)-1].to > r.first || blocks[r.first].weight > 40) {
			continue
		}
		weight := 0
		for k := r.first; k < r.last; k++ {
			weight += proseWeight(blocks[k])
		}
		if weight > 700 {
			continue
		}
		inCards += weight
		found = append(found, card{r.first, r.last, before})
	}
	if inCards >= total {
		e.teasers = len(found)
		return
	}
	for _, c := range found {
		if len(found) > 1 || c.before > 0 {
			for k := c.from; k < c.to; k++ {
				drop[k] = true
			}
		}
	}
}

// sameLead marks the lines that begin with the same words in capitals before a
// bar, which announce other articles in whatever language: "READ MORE | …".
func sameLead(blocks []block, first, last int, drop map[int]bool) {
	lines := map[string][]int{}
	for i := first; i < last; i++ {
		if lead, _, ok := strings.Cut(blocks[i].text, " | "); ok && len(lead) >= 8 && len(lead) <= 60 && blocks[i].weight < 200 && strings.ToUpper(lead) == lead && strings.ToLower(lead) != lead {
			lines[lead] = append(lines[lead], i)
		}
	}
	for _, found := range lines {
		if len(found) > 1 {
			for _, i := range found {
				drop[i] = true
			}
		}
	}
}

// smallest returns the smallest region with several blocks that holds block i.
func (e *editor) smallest(i int) *region {
	at := e.region
	for {
		// The children stand in order and do not overlap.
		k, found := slices.BinarySearchFunc(at.children, i, func(r *region, i int) int {
			switch {
			case r.last <= i:
				return -1
			case r.first > i:
				return 1
			}
			return 0
		})
		if !found || at.children[k].last-at.children[k].first < 2 {
			return at
		}
		at = at.children[k]
	}
}

// trim removes what surrounds the prose: headings at the end, and short lines
// without a sentence outside paragraphs at both ends.
func (e *editor) trim(blocks []block) []block {
	loose := func(b block) bool {
		switch b.node.DataAtom {
		case atom.P, atom.Li, atom.Blockquote, atom.Pre, atom.Td, atom.Tr, atom.Dd:
			return false
		}
		return b.weight < 60 && !endsSentence(b.text)
	}
	for len(blocks) > 0 && (blocks[len(blocks)-1].heading() || loose(blocks[len(blocks)-1])) {
		blocks = blocks[:len(blocks)-1]
	}
	for len(blocks) > 1 && !blocks[0].heading() && loose(blocks[0]) {
		blocks = blocks[1:]
	}
	return blocks
}

// withoutCaptions drops a paragraph that repeats the one before. Where it ends
// in a credit in brackets, both are a picture's caption, and go.
func withoutCaptions(blocks []block) []block {
	var out []block
	for i := 0; i < len(blocks); i++ {
		j := i + 1
		for j < len(blocks) && blocks[j].text == blocks[i].text {
			j++
		}
		if j == i+1 || !creditEnd.MatchString(blocks[i].text) {
			out = append(out, blocks[i])
		}
		i = j - 1
	}
	return out
}
