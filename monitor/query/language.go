package query

import (
	"math/bits"
	"strings"
)

// furtherLanguages are told from those of commonWords by a few of their words,
// so that a text in one of them is not taken for the next of kin.
var furtherLanguages = [...]struct{ code, words string }{
	{"nl", `de het een en van in is dat op te zijn met voor niet aan er om ook als bij maar door over wordt naar uit worden heeft werd nog hebben deze`},
	{"sv", `och att det som en på är av för med till den har de inte om ett men var jag från vi så kan han eller efter vid ska nu under mot`},
	{"da", `og at det er en til af på de med for ikke den har som et der var i jeg han fra vi kan om men efter ved skal nu blev også`},
	{"no", `og det er en til av på de med for ikke den har som et var i jeg han fra vi kan om men etter ved skal nå ble også seg`},
	{"pl", `i w na nie się z do to że jest o jak po za co od przez dla przy czy tak było są już tylko może jego być oraz który która które`},
	{"cs", `a v na se je to že s z do i o k ve jako pro za by ale při po od byl které který jeho jsou bude také podle ze není už jen`},
	{"ro", `și de în la a cu pe că nu o un din care pentru mai este au fost sau se după prin într dar către sunt fi al ale cel`},
	{"hu", `a az és hogy nem is egy van volt meg de csak ez már el mint még azt ha vagy után szerint lesz majd között pedig kell`},
	{"fi", `ja on ei että oli se hän mutta ovat myös kun joka mukaan tai ole kuin sekä jos niin vain nyt sen ollut olisi jo`},
	{"tr", `ve bir bu da de için ile çok olarak daha gibi var ne kadar sonra olan ama en mi her ki göre oldu tarafından dedi yeni`},
	{"ca", `el la els les de i a que en un una per amb no és es del al ha als com més aquest aquesta han ser dels seva però seu són hi`},
	{"id", `yang dan di ini itu dengan untuk dari pada tidak dalam akan ke juga oleh ada saya kami sudah bisa karena telah atau tersebut menjadi`},
	{"bg", `и на да се за от е с че в са по не до ще като при бе беше ли което които този след още има каза`},
	{"vi", `và của là có cho không các được trong một với người này đã những khi để đến về ở từ cũng tại nhiều như năm sẽ ra`},
}

// furtherWords are words of headlines that the lists of the commonest lack.
var furtherWords = map[string]string{
	"de": `gegen nach neue neuer neues mehr will soll warum wegen zwischen ohne jetzt jahre menschen deutschland`,
	"en": `says after over why how against amid police government people years first new than`,
	"es": `hacia tras contra según nueva nuevo gobierno años mientras será cómo obliga unos unas presidente`,
	"fr": `après selon contre chez depuis pourquoi gouvernement président ans vers lors face nouveau nouvelle mort`,
	"it": `perché è dopo contro nuovo nuova anni ecco sulla sulle nelle dai dallo dall governo gli dello presidente`,
	"pt": `após contra segundo diz deixa nova novo governo ano anos polícia homem país são será sobre mar`,
}

// onlyChinese are frequent characters that Japanese writes otherwise or not at
// all.
const onlyChinese = "们这为时说对发过还与开关长经问题实进动现车东见间门议战书记认让应该义业两总习达运则热飞马选导弹试领访谈协军队边请传华乌韩联报员统诉将赛亿乐电网银际险团兴标双权变级环资岁质费贸护" +
	"們這說會國來對發與還沒麼嗎總黨區經關戰彈學氣聯體報員將錢變權歲護齊灣個"

// isOnlyChinese is the bit of those characters in the table of voters.
const isOnlyChinese = 1 << 31

// languageCode names a language by its number in the vote.
func languageCode(i int) string {
	if i < len(commonWords) {
		return commonWords[i].code
	}
	return furtherLanguages[i-len(commonWords)].code
}

// numLanguages is how many languages have a say.
const numLanguages = len(commonWords) + len(furtherLanguages)

// votersOf makes the table of common words: a bit for each language.
func votersOf(seed uint64) *table {
	words := map[uint64]uint32{}
	add := func(i int, list string) {
		for _, w := range strings.Fields(list) {
			if parts := wordsOf(w); len(parts) == 1 {
				words[hashOf(seed, parts[0].text)] |= 1 << i
			}
		}
	}
	for i, l := range commonWords {
		add(i, l.words)
		add(i, furtherWords[l.code])
	}
	for _, r := range onlyChinese {
		words[hashOf(seed, string(r))] |= isOnlyChinese
	}
	for i, l := range furtherLanguages {
		add(len(commonWords)+i, l.words)
	}
	t := newTable(len(words) * 2)
	for key, voters := range words {
		t.add(key, voters)
	}
	return t
}

// electorate is how many words of an article vote, at most.
const electorate = 200

// ballot is what the words of a text say about its language.
type ballot struct {
	score [numLanguages]int
	// latin, cyrillic and so on count bytes by script.
	latin, cyrillic, arabic, hangul, han, kana, other int
	words, onlyChinese                                int
}

// full is the vote of a word that one language alone has among its commonest.
const full = 60

// vote returns the language (ISO 639-1) that a text speaks, by its script and
// its commonest words; "" where they do not tell.
func (s *Set) vote(r *reading) string {
	var b ballot
	for i := range r.parts {
		p := &r.parts[i]
		for _, t := range r.tokens[p.lo:min(p.hi, p.lo+electorate)] {
			b.words++
			n := int(t.end - t.start)
			switch c := p.text[t.start]; {
			case c < 0xcd:
				if c < '0' || c > '9' {
					b.latin += n
				}
			case c >= 0xd0 && c <= 0xd3:
				b.cyrillic += n
			case c >= 0xd8 && c <= 0xdb:
				b.arabic += n
			case t.kind == classKata, c == 0xe3 && t.kind == classSolo && p.text[t.start+1] <= 0x83:
				b.kana += n
			case t.kind == classSolo && c >= 0xe3 && c <= 0xe9:
				b.han += n
			case c >= 0xea && c <= 0xed:
				b.hangul += n
			default:
				b.other += n
			}
			if !t.plain {
				b.letters(p.text[t.start:t.end])
			}
			voters := s.voters.find(t.hash)
			if voters&isOnlyChinese != 0 {
				b.onlyChinese++
			}
			if voters &^= isOnlyChinese; voters != 0 {
				share := full / bits.OnesCount32(voters)
				for ; voters != 0; voters &= voters - 1 {
					b.score[bits.TrailingZeros32(voters)] += share
				}
			}
		}
	}
	return b.count(r)
}

// letters counts the letters that give a language away.
func (b *ballot) letters(word string) {
	for i := 0; i+1 < len(word); i++ {
		switch uint16(word[i])<<8 | uint16(word[i+1]) {
		case 0xc3b1: // ñ
			b.score[placeES] += full
		case 0xc3a3, 0xc3b5: // ã õ
			b.score[placePT] += full
		case 0xc39f: // ß
			b.score[placeDE] += full
		}
	}
}

// The places of some languages in commonWords; a test holds them.
const (
	placeDE = 1
	placeES = 3
	placePT = 8
)

// count decides.
func (b *ballot) count(r *reading) string {
	half := (b.latin + b.cyrillic + b.arabic + b.hangul + b.han + b.kana + b.other) / 2
	switch {
	case b.hangul > half:
		return "ko"
	case b.han+b.kana > half:
		return b.chineseOrJapanese()
	case b.cyrillic > half:
		return b.slavic(r)
	case b.arabic > half:
		return b.arabicOrNot(r)
	case b.latin > half:
		return b.elected("ar", "bg", "ja", "ko", "ru", "uk", "zh")
	}
	return ""
}

// chineseOrJapanese goes by the kana, which no Japanese sentence lacks; a
// headline may.
func (b *ballot) chineseOrJapanese() string {
	const sentence = 25 * 3 // bytes
	switch {
	case b.kana*12 > b.han:
		return "ja"
	case b.han >= sentence, b.onlyChinese > 0:
		return "zh"
	}
	return ""
}

// slavic goes by letters that only one of the languages has, then by words.
func (b *ballot) slavic(r *reading) string {
	var ukrainian, russian, neither, hard int
	for i := range r.parts {
		text := r.parts[i].text
		text = text[:min(len(text), 4*electorate)]
		for i := 0; i+1 < len(text); i++ {
			switch uint16(text[i])<<8 | uint16(text[i+1]) {
			case 0xd196, 0xd197, 0xd194, 0xd291, 0xd086, 0xd087, 0xd084, 0xd290: // і ї є ґ
				ukrainian++
			case 0xd18b, 0xd18d, 0xd191, 0xd0ab, 0xd0ad, 0xd081: // ы э ё
				russian++
			case 0xd18a, 0xd0aa: // ъ
				hard++
			case 0xd19e, 0xd08e, 0xd198, 0xd088, 0xd19a, 0xd199, 0xd29b, 0xd399, 0xd2a3, 0xd3a9: // ў ј њ љ қ ә ң ө
				neither++
			}
		}
	}
	ru, uk, bg := b.score[numberOf("ru")], b.score[numberOf("uk")], b.score[numberOf("bg")]
	const sentence = 40 * 2 // bytes; so many letters of Ukrainian have one of its own
	switch {
	case neither > 0 || ukrainian > 0 && russian > 0 && ukrainian < 4*russian && russian < 4*ukrainian:
		return ""
	case ukrainian > russian:
		return "uk"
	case russian > 0:
		return "ru"
	case hard > 2, bg > ru:
		return ""
	case ru > uk && ru >= full, b.cyrillic >= sentence && hard == 0:
		return "ru"
	}
	return ""
}

// arabicOrNot tells Arabic from Persian and Urdu, which have letters of their
// own.
func (b *ballot) arabicOrNot(r *reading) string {
	own := 0
	for i := range r.parts {
		text := r.parts[i].text
		text = text[:min(len(text), 4*electorate)]
		own += strings.Count(text, "\xda") + strings.Count(text, "\xdb")
	}
	if own*25 > b.arabic {
		return ""
	}
	return "ar"
}

// elected returns the language with the most votes, if it has enough of them
// and clearly more than the next, but none of those excluded.
func (b *ballot) elected(excluded ...string) string {
	best, first, second := -1, 0, 0
	for i, score := range b.score {
		if i >= len(commonWords) {
			// A language of few readers must be clear.
			score = score * 2 / 3
		}
		switch {
		case score <= second:
		case isOneOf(languageCode(i), excluded):
		case score > first:
			best, first, second = i, score, first
		default:
			second = score
		}
	}
	// In running text every third word is among the commonest, in a headline
	// every fifth.
	if first < full*3/2 || first*12 < b.words*full || first*4 < second*5 {
		return ""
	}
	return languageCode(best)
}

func isOneOf(code string, codes []string) bool {
	for _, c := range codes {
		if c == code {
			return true
		}
	}
	return false
}

// numberOf returns the number of a language in the vote.
func numberOf(code string) int {
	for i := range numLanguages {
		if languageCode(i) == code {
			return i
		}
	}
	return 0
}
