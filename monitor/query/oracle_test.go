package query

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"testing"

	"veille"
)

// The oracle reads the same language another way: it normalises whole strings,
// cuts them afterwards, and compares every term with every place.

type oracleWord struct {
	text  string
	kind  string // "word", "solo" or "kata"
	glued bool
}

// oracleFold returns text with one space for every run of separators.
func oracleFold(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == 'ـ' || r == 'ᅟ' || r == 'ᅠ' || r == 'ㅤ' || r == 'ﾠ' || r == '\u034f' ||
			unicode.In(r, unicode.Cf, unicode.Variation_Selector):
		case strings.ContainsRune("⁰¹²³⁴⁵⁶⁷⁸⁹", r):
			b.WriteString(" " + norm.NFKC.String(string(r)))
		case strings.ContainsRune("ʹʺʻʼʽʾʿˮ", r), !unicode.In(r, unicode.L, unicode.M, unicode.N):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	text = norm.NFKC.String(b.String())
	b.Reset()
	for _, r := range text {
		if r == 'й' || r == 'Й' {
			b.WriteRune('й')
			continue
		}
		if unicode.In(r, unicode.Hangul, unicode.Katakana, unicode.Hiragana) {
			b.WriteRune(r)
			continue
		}
		for _, d := range norm.NFD.String(string(r)) {
			if unicode.In(d, unicode.M) && unicode.In(d, unicode.Inherited, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew) {
				continue
			}
			if !unicode.In(d, unicode.L, unicode.M, unicode.N) {
				d = ' '
			}
			least := d
			for o := unicode.SimpleFold(d); o != d; o = unicode.SimpleFold(o) {
				least = min(least, o)
			}
			b.WriteRune(least)
		}
	}
	return strings.NewReplacer("Œ", "OE", "Æ", "AE", "ß", "SS", "Ø", "O", "Ł", "L", "Đ", "D", "ı", "I",
		"ٱ", "ا", "ة", "ه", "ى", "ي", "ی", "ي", "ک", "ك").Replace(b.String())
}

func oracleWords(text string) []oracleWord {
	var words []oracleWord
	before := "break"
	for _, r := range oracleFold(text) {
		kind := "word"
		switch {
		case r == ' ':
			before = "break"
			continue
		case unicode.In(r, unicode.Katakana) || r == 'ー':
			kind = "kata"
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Thai):
			kind = "solo"
		}
		if kind == "word" && before == "word" {
			words[len(words)-1].text += string(r)
			continue
		}
		words = append(words, oracleWord{string(r), kind, before != "break"})
		before = kind
	}
	return words
}

// oracle remembers the words of the terms it has seen.
type oracle map[*Expr][]oracleWord

func (o oracle) holds(e *Expr, fields map[string][][]oracleWord, in []string) bool {
	switch e.Op {
	case OpNot:
		return !o.holds(e.Kids[0], fields, in)
	case OpField:
		return o.holds(e.Kids[0], fields, []string{e.Text})
	case OpAnd:
		return !slices.ContainsFunc(e.Kids, func(k *Expr) bool { return !o.holds(k, fields, in) })
	case OpOr:
		return slices.ContainsFunc(e.Kids, func(k *Expr) bool { return o.holds(k, fields, in) })
	}
	term, ok := o[e]
	if !ok {
		term = oracleWords(e.Text)
		o[e] = term
	}
	for _, f := range in {
		for _, words := range fields[f] {
			for at := 0; at+len(term) <= len(words); at++ {
				if oracleAt(term, words, at, e.Prefix) {
					return true
				}
			}
		}
	}
	return false
}

// oracleReadings are a word and what is left of it without the particles that
// Korean and Arabic write together with it.
func oracleReadings(word string) []string {
	out := []string{word}
	letters := []rune(word)
	for n := len(letters) - 1; n >= 2; n-- {
		if isParticle([]byte(string(letters[n:]))) {
			out = append(out, string(letters[:n]))
		}
	}
	if !unicode.Is(unicode.Arabic, letters[0]) {
		return out
	}
	for _, prefix := range strings.Fields("و ف ب ك ل ال وال فال بال كال وبال وب ول وك لل ولل") {
		if rest, ok := strings.CutPrefix(word, prefix); ok && utf8.RuneCountInString(rest) >= 3 {
			out = append(out, rest)
			if strings.HasSuffix(prefix, "لل") {
				out = append(out, "ال"+rest)
			}
		}
	}
	return out
}

func oracleAt(term, words []oracleWord, at int, prefix bool) bool {
	for i, t := range term {
		w := words[at+i]
		if i > 0 && t.glued && !w.glued {
			return false
		}
		if w.kind != t.kind {
			return false
		}
		if t.kind != "word" {
			if w.text != t.text {
				return false
			}
			continue
		}
		open := i == len(term)-1 && prefix
		if !slices.ContainsFunc(oracleReadings(w.text), func(r string) bool { return r == t.text || open && strings.HasPrefix(r, t.text) }) {
			return false
		}
	}
	if term[0].kind == "kata" && at > 0 && words[at].glued && words[at-1].kind == "kata" {
		return false
	}
	end := at + len(term)
	return prefix || term[len(term)-1].kind != "kata" || end == len(words) || !words[end].glued || words[end].kind != "kata"
}

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

func randomExpr(rng dice, depth int, inField bool) *Expr {
	switch n := rng.IntN(10); {
	case depth > 0 && n < 3, depth > 0 && n < 6:
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
		return &Expr{Op: OpField, Text: []string{"title", "body", "url", "author"}[rng.IntN(4)], Kids: []*Expr{randomExpr(rng, depth-1, true)}}
	}
	for {
		text := strings.TrimSpace(randomText(rng, 1+rng.IntN(2)*rng.IntN(2)))
		e := &Expr{Op: OpTerm, Text: strings.TrimSpace(text), Prefix: rng.IntN(4) == 0}
		if !strings.ContainsAny(text, "«»") && checkTerm(e.Text, e.Prefix, Folded) == nil {
			return e
		}
	}
}

func TestSet_AgreesWithTheOracle(t *testing.T) {
	rng := dice{Rand: rand.New(rand.NewPCG(4, 2))}
	truth := oracle{}
	pairs, hits := 0, 0
	for range 100 {
		rng.pieces = nil
		for range 15 {
			// Neighbours in the list are easily confused, so they come together.
			at := rng.IntN(len(pieces) - 3)
			rng.pieces = append(rng.pieces, pieces[at:at+3]...)
		}
		var watches []veille.Watch
		var exprs []*Expr
		for i := range 50 {
			e, err := Parse(randomExpr(rng, rng.IntN(3), false).String())
			if err != nil {
				t.Fatal(err)
			}
			exprs = append(exprs, e)
			watches = append(watches, veille.Watch{Name: fmt.Sprint(i), Query: e.String()})
		}
		set, err := Compile(watches, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 22 {
			a := veille.Snapshot{Title: randomText(rng, rng.IntN(4)), Body: randomText(rng, rng.IntN(14)),
				URL: randomText(rng, 2), Authors: []string{randomText(rng, 2), randomText(rng, 1)}}
			fields := map[string][][]oracleWord{"title": {oracleWords(a.Title)}, "body": {oracleWords(a.Body)},
				"url": {oracleWords(a.URL)}, "author": {oracleWords(a.Authors[0]), oracleWords(a.Authors[1])}}
			found := map[string]veille.Match{}
			for _, m := range matchesOf(set, a) {
				found[m.Watch] = m
			}
			missed := map[string]bool{}
			for _, m := range missesOf(set, a) {
				missed[m.Watch] = true
			}
			for i, e := range exprs {
				pairs++
				name := watches[i].Name
				m, got := found[name]
				want := truth.holds(e, fields, []string{"title", "body"})
				if got != want || missed[name] == want {
					t.Fatalf("%s\nover %s\nmatch %t, miss %t, the oracle says %t", e, showText(a), got, missed[name], want)
				}
				if got {
					hits++
					checkMatch(t, a, m)
				}
			}
		}
	}
	if pairs < 100_000 || hits < pairs/50 {
		t.Errorf("%d pairs, %d matches: too few to prove anything", pairs, hits)
	}
	t.Logf("%d pairs, %d matches", pairs, hits)
}

// checkMatch holds a match to its promises: places lie in their field, in
// order, and hold the term.
func checkMatch(t *testing.T, a veille.Snapshot, m veille.Match) {
	t.Helper()
	if len(m.Terms) == 0 {
		t.Fatalf("%s: a match without a term", showText(a))
	}
	fieldAt, start := 0, 0
	for _, term := range m.Terms {
		at := int(bitOf(fieldMask(term.Field)))
		if at < fieldAt || at == fieldAt && term.Start < start {
			t.Fatalf("%s: terms out of order: %+v", showText(a), m.Terms)
		}
		fieldAt, start = at, term.Start
		// Converting to runes and back replaces invalid bytes, on both sides.
		runes := []rune(fieldText(&a, nil, at))
		if term.Start < 0 || term.End > len(runes) || string(runes[term.Start:term.End]) != string([]rune(term.Text)) {
			t.Fatalf("%s: %+v is not at its place", showText(a), term)
		}
		text, prefix := strings.CutSuffix(term.Term, "*")
		if !(oracle{}).holds(&Expr{Text: text, Prefix: prefix}, map[string][][]oracleWord{"body": {oracleWords(term.Text)}}, []string{"body"}) {
			t.Fatalf("%s: %+v does not hold its term", showText(a), term)
		}
	}
}

func showText(a veille.Snapshot) string {
	return fmt.Sprintf("title %+q, body %+q, url %+q, authors %+q", a.Title, a.Body, a.URL, a.Authors)
}
