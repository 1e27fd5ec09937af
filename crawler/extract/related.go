package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

var (
	// relatedHeading is a heading under which other articles stand, relatedLead
	// what a line begins with that leads to one.
	relatedHeading = newLineRule(`related(?: (?:articles?|stories|news|content|posts?|topics|coverage|links|reading))?|(?:you (?:may|might) (?:also )?(?:like|be interested in).*)|more (?:from|on|stories|news|in)\b.{0,40}|read (?:more|next|also)|see also|further reading|most (?:read|popular|viewed)|popular|trending(?: now)?|latest (?:news|stories)|recommended(?: for you| stories| articles)?|don't miss|up next|what to read next|top stories|newsletters?|comments?(?: \(\d+\))?|share (?:this|article).{0,30}|`+
		`[àa] lire (?:aussi|également|ensuite).{0,20}|lire (?:aussi|également).{0,10}|sur le même (?:sujet|thème)|articles? (?:liés?|similaires|associés|connexes|recommandés?)|à ne pas (?:manquer|rater)|les (?:plus|\+) (?:lus|populaires|consultés).{0,20}|plus d['’]articles.{0,20}|(?:vous aimerez|à découvrir|voir|lisez) aussi|dans la même (?:rubrique|catégorie)|nos derniers articles|commentaires?(?: \(\d+\))?|autres articles.{0,20}|`+
		`(?:mehr zum thema|mehr dazu|lesen sie auch|das könnte (?:sie|dich) (?:auch )?interessieren|weitere (?:artikel|themen|meldungen|nachrichten)|verwandte (?:artikel|themen)|meistgelesen.{0,20}|auch interessant|zum thema|kommentare?)|`+
		`(?:noticias? relacionad[ao]s?|art[ií]culos? relacionados?|te puede interesar|lee también|le puede interesar|m[aá]s (?:noticias|leídas|leído)|leia (?:também|mais)|veja também|notícias relacionadas|potrebbe interessarti.{0,20}|leggi anche|articoli correlati)|`+
		`(?:관련\s?(?:기사|뉴스|글)|많이\s?본\s?(?:뉴스|기사)|인기\s?(?:뉴스|기사)|추천\s?(?:뉴스|기사)|이\s?시각\s?.{0,10}뉴스|주요\s?뉴스|댓글)|`+
		`(?:関連(?:記事|ニュース|リンク|キーワード).{0,6}|おすすめ(?:記事)?|人気(?:記事|ランキング)|アクセスランキング|あわせて読みたい|こちらもおすすめ|最新(?:記事|ニュース)|相关(?:新闻|阅读|文章)|推荐阅读|相關新聞)|`+
		`(?:читайте также|похожие (?:новости|материалы|статьи)|по теме|материалы по теме|самые популярные .{0,20}|другие новости|новости по теме|самое читаемое|популярное|ещё по теме|комментарии)`, `[^\pL\pN]*$`)
	relatedLead = newLineRule(`related|read (?:more|also|next)|see also|also read|more on this|watch|don't miss|recommended|lire aussi|lire également|à lire(?: aussi| également)?|voir aussi|lesen sie auch|lesen sie (?:mehr|hier)|mehr zum thema|siehe auch|lee también|lea también|leia também|leia mais|leggi anche|читайте также|관련기사|관련\s?뉴스|関連記事|延伸阅读|相关阅读`, `\s*[:：»→▶|-]`)
)

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
