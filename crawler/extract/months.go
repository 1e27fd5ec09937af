package extract

import "strings"

// monthTable lists, a month a line, the names and short forms of the months in
// lower case: English, French, German, Spanish, Portuguese, Italian, Dutch,
// Polish, Russian and Ukrainian (genitive), Turkish, the Nordic languages,
// Czech, Indonesian, Greek (genitive), Romanian, Arabic.
const monthTable = `
january jan janvier janv januar jänner jän enero ene janeiro gennaio gen januari stycznia sty января янв січня ocak oca tammikuuta ledna leden januára ianuarie ιανουαρίου يناير
february feb février fevrier févr fevr fév febr februar febrero fevereiro fev febbraio februari lutego lut февраля фев лютого şubat şub helmikuuta února únor februára februarie φεβρουαρίου فبراير
march mar mars märz maerz mär mrz marzo março marco marzec marca maart mrt марта мар березня mart maaliskuuta března březen maret martie μαρτίου مارس
april apr avril avr abril abr aprile kwietnia kwi апреля апр квітня nisan nis huhtikuuta dubna duben apríla aprilie απριλίου أبريل
may mai mayo maio maggio mag mei maja мая травня mayıs may toukokuuta května květen mája μαΐου مايو
june jun juin juni junio junho giugno giu czerwca cze июня июн червня haziran haz kesäkuuta června červen júna iunie ιουνίου يونيو
july jul juillet juil juli julio julho luglio lug lipca lip июля июл липня temmuz tem heinäkuuta července červenec júla iulie ιουλίου يوليو
august aug août aout agosto ago augustus sierpnia sie августа авг серпня ağustos ağu elokuuta srpna srpen augusta agustus αυγούστου أغسطس
september sep sept septembre septiembre setiembre setembro set settembre września wrz сентября сен сент вересня eylül eyl syyskuuta září septembra septembrie σεπτεμβρίου سبتمبر
october oct octobre oktober okt octubre outubro out ottobre ott października paź октября окт жовтня ekim eki lokakuuta října říjen októbra octombrie οκτωβρίου أكتوبر
november nov novembre noviembre novembro listopada lis ноября ноя нояб листопада kasım kas marraskuuta listopadu listopad novembra noiembrie νοεμβρίου نوفمبر
december dec décembre decembre déc dezember dez diciembre dic dezembro dicembre grudnia gru декабря дек грудня aralık ara joulukuuta prosince prosinec decembra desember des decembrie δεκεμβρίου ديسمبر
`

// monthNumber returns 1 to 12 for a month's name, 0 for another word.
func monthNumber(word string) int {
	word = strings.ToLower(strings.TrimSuffix(word, "."))
	if len(word) < 3 || strings.ContainsAny(word, " \n") {
		return 0
	}
	for i, line := range strings.Split(strings.TrimSpace(monthTable), "\n") {
		for rest := line; rest != ""; {
			var name string
			name, rest, _ = strings.Cut(rest, " ")
			if name == word {
				return i + 1
			}
		}
	}
	return 0
}
