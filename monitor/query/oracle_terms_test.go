package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"golang.org/x/text/unicode/norm"
)

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
