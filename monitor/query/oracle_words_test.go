package query

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

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
