package query

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// pieces are words, parts of words and traps in many scripts.
var pieces = strings.Fields(`Corée coree CORÉE Core\u0301e du Nord nord-coréen nord‑coréenne Russie russe Russes Biélorussie l’armement
	l'armement armes d'armes US usa U.S. œuvre Oeuvre Œuvres Straße STRASSE Łódź lodz đà ø Søren İstanbul istanbul ISTANBUL ısı
	ﬁn fin Ｒｕｓｓｉｅ ２０２３ 2023 12 1,5 ½ km² m2 CO₂ Ⅷ viii São Sa\u0303o Việt viet Σίσυφος ΣΙΣΥΦΟΣ Αθήνα αθηνα Россия РОССИЯ россии
	российский й Й и\u0306 и май маи мои\u0306 Пётр петр Петр Київ киів обʼєкт об'єкт كوريا كُوريا كوريـا أوكرانيا اوكرانيا ة ه الجزيرة ى ي ایران
	إيران שָׁלוֹם שלום 북한 북한은 북한의 북한산 남북한 러시아 러시아와의 핵 핵을 김정은 김정은이 NATO NATO는 은 의 金正恩 金 正恩 京都 東京都
	北朝鮮 中国 日本 中国日報 ロシア ﾛｼｱ アロシア ロシアン ガス ｶﾞｽ カ\u3099ス カス が か\u3099 か ー キム・ジョンウン 々 ประเทศไทย ไทย ที่ रूस रास क़ क\u093c`)

var glue = strings.Split(`| |-|’|'| , |. |`+"\u00a0|\u202f|\u00ad|\u200b|\ufeff|\u0301|\u3099|\u0640|\n\n|、|。|・|«|» |/|_|\u2011|ー|²", "|")

// dice draws texts and expressions from some of the pieces, few enough that
// terms are often found.
type dice struct {
	*rand.Rand
	pieces []string
}

func randomText(rng dice, n int) string {
	var b strings.Builder
	for range n {
		p := strings.NewReplacer(`\u0301`, "\u0301", `\u0303`, "\u0303", `\u0306`, "\u0306", `\u3099`, "\u3099", `\u093c`, "\u093c").Replace(rng.pieces[rng.IntN(len(rng.pieces))])
		switch rng.IntN(8) {
		case 0:
			p = strings.ToUpper(p)
		case 1:
			p = norm.NFD.String(p)
		case 2:
			_, size := utf8.DecodeRuneInString(p)
			p = p[size:]
		}
		b.WriteString(p)
		if rng.IntN(3) == 0 {
			b.WriteString(glue[rng.IntN(len(glue))])
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func randomTerm(rng dice) *Expr {
	for {
		text := strings.TrimSpace(randomText(rng, 1+rng.IntN(2)*rng.IntN(2)))
		e := &Expr{Op: OpTerm, Text: strings.TrimSpace(text), Prefix: rng.IntN(4) == 0}
		switch rng.IntN(8) {
		case 0:
			e.Form, e.Prefix = Exact, false
		case 1:
			e.Form, e.Prefix = Inflected, false
		}
		if !strings.ContainsAny(text, "«»") && checkTerm(e.Text, e.Prefix, e.Form) == nil {
			return e
		}
	}
}

// randomNear draws what may stand in a NEAR.
func randomNear(rng dice, depth int) *Expr {
	n := rng.IntN(8)
	switch {
	case depth == 0 || n > 3:
		return randomTerm(rng)
	case n == 0:
		return &Expr{Op: OpNear, N: 1 + rng.IntN(4), Ordered: rng.IntN(2) == 0, Kids: randomNears(rng, 2+rng.IntN(2), depth-1)}
	case n == 1:
		return &Expr{Op: OpAtLeast, N: 2, Kids: randomNears(rng, 3, depth-1)}
	}
	e := &Expr{Op: OpOr}
	for _, k := range randomNears(rng, 2+rng.IntN(2), depth-1) {
		if k.Op != OpOr {
			e.Kids = append(e.Kids, k)
		}
	}
	if len(e.Kids) < 2 {
		return randomTerm(rng)
	}
	return e
}

func randomNears(rng dice, n, depth int) []*Expr {
	var out []*Expr
	for range n {
		out = append(out, randomNear(rng, depth))
	}
	return out
}

func randomExpr(rng dice, depth int, inField bool) *Expr {
	n := rng.IntN(14)
	switch {
	case depth > 0 && n < 6:
		e := &Expr{Op: OpAnd}
		if n < 3 {
			e.Op = OpOr
		}
		for i := range 2 + rng.IntN(2) {
			k := randomExpr(rng, depth-1, inField)
			for k.Op == e.Op {
				k = randomExpr(rng, 0, inField)
			}
			if e.Op == OpAnd && i > 0 && rng.IntN(3) == 0 {
				k = &Expr{Op: OpNot, Kids: []*Expr{k}}
			}
			e.Kids = append(e.Kids, k)
		}
		return e
	case depth > 0 && n == 6 && !inField:
		name := fieldNames()[rng.IntN(len(fieldNames()))]
		switch name {
		case "site":
			return &Expr{Op: OpField, Text: name, Kids: []*Expr{{Op: OpTerm, Text: []string{"example.org", "org", "news.example.org", "x-example.org"}[rng.IntN(4)]}}}
		case "tag":
			return &Expr{Op: OpField, Text: name, Kids: []*Expr{{Op: OpTerm, Text: []string{"korea", "north", "north-korea"}[rng.IntN(3)]}}}
		case "lang":
			return &Expr{Op: OpField, Text: name, Kids: []*Expr{{Op: OpTerm, Text: []string{"fr", "en", "ru"}[rng.IntN(3)]}}}
		}
		return &Expr{Op: OpField, Text: name, Kids: []*Expr{randomExpr(rng, depth-1, true)}}
	case depth > 0 && n < 10:
		return &Expr{Op: OpNear, N: 1 + rng.IntN(5), Ordered: rng.IntN(3) == 0, Kids: randomNears(rng, 2+rng.IntN(2)*rng.IntN(2), depth-1)}
	case depth > 0 && n == 10:
		e := &Expr{Op: OpAtLeast, N: 2}
		for range 3 {
			e.Kids = append(e.Kids, randomExpr(rng, depth-1, inField))
		}
		return e
	}
	return randomTerm(rng)
}
