package query

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"golang.org/x/text/unicode/norm"

	"veille"
)

// The oracle reads the same language another way: it normalises whole strings,
// cuts them afterwards, and compares every term with every place.

type oracleWord struct {
	text  string
	kind  string // "word", "solo" or "kata"
	glued bool
}

// oracleSpelling are the letters that readers take for others.
var oracleSpelling = strings.NewReplacer("Œ", "OE", "Æ", "AE", "ß", "SS", "Ø", "O", "Ł", "L", "Đ", "D", "ı", "I",
	"ٱ", "ا", "ة", "ه", "ى", "ي", "ی", "ي", "ک", "ك")

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
	return oracleSpelling.Replace(b.String())
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

// oracle evaluates one query over one article at a time, by trying everything.
type oracle struct {
	language string
	items    []oracleItem
	terms    map[*Expr][]oracleWord
	stems    map[string]string // remembered
}

// oracleItem is a text of a field.
type oracleItem struct {
	field, text string
	words       []oracleWord
	lead        int
}

// oraclePlace is where an expression is: some words of an item.
type oraclePlace struct{ item, from, to int }

func (o *oracle) read(a veille.Snapshot, tags []string, language string) {
	o.items, o.language = nil, language
	add := func(field string, texts ...string) {
		for _, t := range texts {
			o.items = append(o.items, oracleItem{field: field, text: t, words: oracleWords(t)})
		}
	}
	add("title", a.Title)
	add("body", a.Body)
	body := &o.items[1]
	read := ""
	for _, paragraph := range strings.SplitAfter(a.Body, "\n\n") {
		read += paragraph
		if body.lead = len(oracleWords(read)); body.lead >= leadWords {
			break
		}
	}
	add("url", a.URL)
	add("author", a.Authors...)
	add("tag", tags...)
	if _, rest, ok := strings.Cut(a.URL, "://"); ok {
		host, _, _ := strings.Cut(rest, "/")
		add("site", host)
	}
	add("lang", language)
}

func (o *oracle) holds(e *Expr, in []string, positive bool) bool {
	kid := func(k *Expr) bool { return o.holds(k, in, positive) }
	switch e.Op {
	case OpNot:
		return !o.holds(e.Kids[0], in, !positive)
	case OpField:
		return e.Text == "lang" && o.language == "" && positive || o.holds(e.Kids[0], oracleFields(e.Text), positive)
	case OpAnd:
		return !slices.ContainsFunc(e.Kids, func(k *Expr) bool { return !kid(k) })
	case OpOr:
		return slices.ContainsFunc(e.Kids, kid)
	case OpAtLeast:
		n := 0
		for _, k := range e.Kids {
			if kid(k) {
				n++
			}
		}
		return n >= e.N
	}
	return len(o.places(e, in)) > 0
}

func oracleFields(name string) []string {
	if name == "text" {
		return []string{"title", "body"}
	}
	return []string{name}
}

// places returns where an expression that stands in a NEAR is, in any order and
// perhaps several times.
func (o *oracle) places(e *Expr, in []string) []oraclePlace {
	var out []oraclePlace
	switch e.Op {
	case OpField:
		return o.places(e.Kids[0], oracleFields(e.Text))
	case OpOr:
		for _, k := range e.Kids {
			out = append(out, o.places(k, in)...)
		}
		return out
	case OpNear, OpAtLeast:
		var choices [][]oraclePlace
		for _, k := range e.Kids {
			choices = append(choices, o.places(k, in))
		}
		var choose func(at int, chosen []oraclePlace)
		choose = func(at int, chosen []oraclePlace) {
			if at == len(choices) {
				if p, ok := oracleJoin(e, chosen); ok {
					out = append(out, p)
				}
				return
			}
			if e.Op == OpAtLeast {
				choose(at+1, chosen)
			}
			for _, p := range choices[at] {
				choose(at+1, append(chosen[:len(chosen):len(chosen)], p))
			}
		}
		choose(0, nil)
		return out
	}
	if e.Form == Exact {
		return o.exactPlaces(e, in)
	}
	term, ok := o.terms[e]
	if !ok {
		term = oracleWords(e.Text)
		o.terms[e] = term
	}
	for n, item := range o.items {
		lead := slices.Contains(in, "lead") && item.field == "body"
		if !lead && !slices.Contains(in, item.field) {
			continue
		}
		for at := 0; at+len(term) <= len(item.words); at++ {
			end := at + len(term)
			var here bool
			if e.Form == Inflected {
				here = len(term) == 1 && (oracleAt(term, item.words, at, false) || o.isForm(e, item, at))
			} else {
				here = oracleAt(term, item.words, at, e.Prefix)
			}
			if !here || lead && end > item.lead {
				continue
			}
			open := e.Prefix && term[len(term)-1].kind != "solo"
			switch item.field {
			case "tag":
				here = at == 0 && (open || end == len(item.words))
			case "lang":
				here = at == 0
			case "site":
				places := wordsOf(item.text)
				here = (at == 0 || item.text[places[at].start-1] == '.') && (open || end == len(item.words))
			}
			if here {
				out = append(out, oraclePlace{n, at, end})
			}
		}
	}
	return out
}

// oracleJoin makes one place of those chosen for the kids of an OpNear or
// OpAtLeast.
func oracleJoin(e *Expr, chosen []oraclePlace) (oraclePlace, bool) {
	if e.Op == OpAtLeast && len(chosen) != e.N {
		return oraclePlace{}, false
	}
	if e.Op == OpNear && !e.Ordered {
		chosen = slices.Clone(chosen)
		slices.SortFunc(chosen, func(a, b oraclePlace) int { return a.from - b.from })
	}
	all := chosen[0]
	for i, p := range chosen[1:] {
		if p.item != all.item {
			return oraclePlace{}, false
		}
		if gap := p.from - chosen[i].to; e.Op == OpNear && (gap < 0 || gap > e.N) {
			return oraclePlace{}, false
		}
		all.from, all.to = min(all.from, p.from), max(all.to, p.to)
	}
	return all, true
}

// exactPlaces finds the bytes of a term where it can be cut out of the text
// without cutting a word.
func (o *oracle) exactPlaces(e *Expr, in []string) []oraclePlace {
	var out []oraclePlace
	words := oracleWords(e.Text)
	for n, item := range o.items {
		lead := slices.Contains(in, "lead") && item.field == "body"
		if !lead && !slices.Contains(in, item.field) || len(words) == 0 {
			continue
		}
		for i := 0; i+len(e.Text) <= len(item.text); i++ {
			if !strings.HasPrefix(item.text[i:], e.Text) {
				continue
			}
			before, after := oracleWords(item.text[:i]), oracleWords(item.text[i+len(e.Text):])
			at, end := len(before), len(before)+len(words)
			same := slices.EqualFunc(slices.Concat(before, words, after), item.words, func(a, b oracleWord) bool { return a.text == b.text && a.kind == b.kind })
			kata := func(i int) bool {
				return item.words[i].glued && item.words[i].kind == "kata" && item.words[i-1].kind == "kata"
			}
			// An accent belongs to the letter before it, as it is written.
			rest := strings.TrimLeftFunc(item.text[i+len(e.Text):], func(r rune) bool { return !unicode.Is(unicode.M, r) && oracleFold(string(r)) == "" })
			next, _ := utf8.DecodeRuneInString(rest)
			last, _ := utf8.DecodeLastRuneInString(e.Text)
			if unicode.Is(unicode.M, next) && oracleFold(string(next)) == "" && unicode.In(last, unicode.L, unicode.M, unicode.N) {
				continue
			}
			if same && !(at > 0 && kata(at)) && !(end < len(item.words) && kata(end)) && !(lead && end > item.lead) {
				out = append(out, oraclePlace{n, at, end})
			}
		}
	}
	return out
}

// isForm reports whether a word is an inflection of a term.
func (o *oracle) isForm(e *Expr, item oracleItem, at int) bool {
	if item.words[at].kind != "word" {
		return false
	}
	place, word := wordsOf(item.text)[at], wordsOf(e.Text)[0]
	for i, s := range stemmers {
		if o.language != "" && s.language != baseLanguage(o.language) {
			continue
		}
		if o.stem(i, e.Text[word.start:word.end]) == o.stem(i, item.text[place.start:place.end]) {
			return true
		}
	}
	return false
}

func (o *oracle) stem(language int, word string) string {
	key := stemmers[language].language + word
	stem, ok := o.stems[key]
	if !ok {
		stem = oracleStem(language, word)
		o.stems[key] = stem
	}
	return stem
}

func oracleStem(language int, word string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(word) {
		if oracleFold(string(r)) != "" {
			b.WriteRune(r)
		}
	}
	lower := strings.ReplaceAll(strings.ToLower(b.String()), "ё", "е")
	if stemmers[language].language == "pt" {
		lower = singularPT(lower)
	}
	env := snowballstem.NewEnv(lower)
	stemmers[language].stem(env)
	return oracleFold(env.Current())
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

// pairs is how many pairs of a query and a text are compared with the oracle:
// make oracle compares a million.
var pairs = flag.Int("pairs", 60_000, "pairs to compare with the oracle")

func TestSet_AgreesWithTheOracle(t *testing.T) {
	rng := dice{Rand: rand.New(rand.NewPCG(4, 2))}
	hits := map[Op]int{}
	done, matched := 0, 0
	stems := map[string]string{}
	for done < *pairs {
		rng.pieces = nil
		for range 15 {
			// Neighbours in the list are easily confused, so they come together.
			at := rng.IntN(len(pieces) - 3)
			rng.pieces = append(rng.pieces, pieces[at:at+3]...)
		}
		var watches []veille.Watch
		var exprs []*Expr
		for len(exprs) < 50 {
			e, err := Parse(randomExpr(rng, rng.IntN(4), false).String())
			if err != nil {
				continue // the language refuses it
			}
			watches = append(watches, veille.Watch{Name: fmt.Sprint(len(exprs)), Query: e.String()})
			exprs = append(exprs, e)
		}
		set, err := Compile(watches, nil)
		if err != nil {
			t.Fatal(err)
		}
		truth := oracle{terms: map[*Expr][]oracleWord{}, stems: stems}
		for range 22 {
			body := randomText(rng, rng.IntN(14))
			if rng.IntN(3) == 0 {
				body += "\n\n" + randomText(rng, 30) + "\n\n" + randomText(rng, 5)
			}
			a := veille.Snapshot{
				Title: randomText(rng, rng.IntN(4)), Body: body, Language: []string{"", "fr", "en", "ru", "ar", "ko", "fr-CA"}[rng.IntN(7)],
				URL:     []string{"https://news.example.org/", "https://x-example.org/", "http://example.org/", ""}[rng.IntN(4)] + randomText(rng, 2),
				Authors: []string{randomText(rng, 2), randomText(rng, 1)},
			}
			if strings.ContainsAny(a.URL, "%?#@") {
				continue
			}
			tags := [][]string{nil, {"korea"}, {"north-korea", "asia"}}[rng.IntN(3)]
			found := map[string]veille.Match{}
			matches, language := set.Match(a, tags)
			for _, m := range matches {
				found[m.Watch] = m
			}
			missed := map[string]bool{}
			for _, m := range set.Misses(a, tags) {
				missed[m.Watch] = true
			}
			truth.read(a, tags, language)
			for i, e := range exprs {
				done++
				name := watches[i].Name
				m, got := found[name]
				want := truth.holds(e, []string{"title", "body"}, true)
				if got != want || missed[name] == want {
					t.Fatalf("%s\nover %s, language %q, tags %q\nmatch %t, miss %t, the oracle says %t", e, showText(a), language, tags, got, missed[name], want)
				}
				if got {
					matched++
					hits[e.Op]++
					checkMatch(t, a, tags, language, e, m)
				}
			}
		}
	}
	for _, op := range []Op{OpTerm, OpAnd, OpOr, OpField, OpNear, OpAtLeast} {
		if hits[op] < done/2000 {
			t.Errorf("%d matches of kind %d in %d pairs: too few to prove anything", hits[op], op, done)
		}
	}
	t.Logf("%d pairs, %d matches: %v", done, matched, hits)
}

// checkMatch holds a match to its promises: places lie in their field, in
// order, and what is there satisfies the term.
func checkMatch(t *testing.T, a veille.Snapshot, tags []string, language string, e *Expr, m veille.Match) {
	t.Helper()
	byName := map[string]*Expr{}
	var name func(e *Expr)
	name = func(e *Expr) {
		if e.Op == OpTerm {
			byName[e.Written()] = e
		}
		for _, k := range e.Kids {
			name(k)
		}
	}
	name(e)
	at, start := uint8(0), 0
	for _, term := range m.Terms {
		field := bitOf(fieldMask(term.Field))
		if field < at || field == at && term.Start < start {
			t.Fatalf("%s: terms out of order: %+v", showText(a), m.Terms)
		}
		at, start = field, term.Start
		text := fieldText(&a, tags, int(field))
		if field == bitOf(inLang) {
			text = language
		}
		// Converting to runes and back replaces invalid bytes, on both sides.
		runes := []rune(text)
		if term.Start < 0 || term.End > len(runes) || string(runes[term.Start:term.End]) != string([]rune(term.Text)) {
			t.Fatalf("%s: %+v is not at its place", showText(a), term)
		}
		here := oracle{terms: map[*Expr][]oracleWord{}, stems: map[string]string{}}
		here.read(veille.Snapshot{Body: term.Text}, nil, language)
		if want := byName[term.Term]; want == nil || !here.holds(want, []string{"body"}, true) {
			t.Fatalf("%s: %+v does not hold its term", showText(a), term)
		}
	}
}

func showText(a veille.Snapshot) string {
	return fmt.Sprintf("title %+q, body %+q, url %+q, authors %+q", a.Title, a.Body, a.URL, a.Authors)
}
