// Package calendar knows what the newsrooms of many languages call the months
// and the time zones. It is pure, and shared by those who read dates.
package calendar

import "strings"

// Month returns 1 to 12 for the name of a month, 0 for any other word. It knows
// the names as dates write them, whole, declined and shortened, whatever their
// case: English, French, German, Spanish, Portuguese, Italian, Dutch, Polish,
// Russian, Ukrainian, Turkish, the Nordic languages, Czech, Slovak, Indonesian,
// Greek, Romanian and Arabic.
func Month(word string) int {
	switch strings.ToLower(word) {
	case "january", "jan", "janvier", "janv", "januar", "jänner", "jän", "enero", "ene", "janeiro", "gennaio", "gen", "januari", "stycznia", "sty", "января",
		"янв", "січня", "ocak", "oca", "tammikuuta", "ledna", "leden", "januára", "ianuarie", "ιανουαρίου", "يناير", "styczeń", "январь", "січень", "січ":
		return 1
	case "february", "feb", "février", "fevrier", "févr", "fevr", "fév", "febr", "februar", "febrero", "fevereiro", "fev", "febbraio", "februari", "lutego",
		"lut", "февраля", "фев", "лютого", "şubat", "şub", "helmikuuta", "února", "únor", "februára", "februarie", "φεβρουαρίου", "فبراير", "luty",
		"февраль", "февр", "лютий", "лют":
		return 2
	case "march", "mar", "mars", "märz", "maerz", "mär", "mrz", "marzo", "março", "marco", "marzec", "marca", "maart", "mrt", "марта", "мар", "березня",
		"mart", "maaliskuuta", "března", "březen", "maret", "martie", "μαρτίου", "مارس", "март", "березень", "бер":
		return 3
	case "april", "apr", "avril", "avr", "abril", "abr", "aprile", "kwietnia", "kwi", "апреля", "апр", "квітня", "nisan", "nis", "huhtikuuta", "dubna",
		"duben", "apríla", "aprilie", "απριλίου", "أبريل", "kwiecień", "апрель", "квітень", "кві":
		return 4
	case "may", "mai", "mayo", "maio", "maggio", "mag", "mei", "maja", "мая", "травня", "mayıs", "toukokuuta", "května", "květen", "mája", "μαΐου", "مايو",
		"maj", "май", "травень", "тра":
		return 5
	case "june", "jun", "juin", "juni", "junio", "junho", "giugno", "giu", "czerwca", "cze", "июня", "июн", "червня", "haziran", "haz", "kesäkuuta", "června",
		"červen", "júna", "iunie", "ιουνίου", "يونيو", "czerwiec", "июнь", "червень", "чер":
		return 6
	case "july", "jul", "juillet", "juil", "juli", "julio", "julho", "luglio", "lug", "lipca", "lip", "июля", "июл", "липня", "temmuz", "tem", "heinäkuuta",
		"července", "červenec", "júla", "iulie", "ιουλίου", "يوليو", "lipiec", "июль", "липень", "лип":
		return 7
	case "august", "aug", "août", "aout", "agosto", "ago", "augustus", "sierpnia", "sie", "августа", "авг", "серпня", "ağustos", "ağu", "elokuuta", "srpna",
		"srpen", "augusta", "agustus", "αυγούστου", "أغسطس", "sierpień", "август", "серпень", "сер":
		return 8
	case "september", "sep", "sept", "septembre", "septiembre", "setiembre", "setembro", "set", "settembre", "września", "wrz", "сентября", "сен", "сент",
		"вересня", "eylül", "eyl", "syyskuuta", "září", "septembra", "septembrie", "σεπτεμβρίου", "سبتمبر", "wrzesień", "сентябрь", "вересень", "вер":
		return 9
	case "october", "oct", "octobre", "oktober", "okt", "octubre", "outubro", "out", "ottobre", "ott", "października", "paź", "октября", "окт", "жовтня",
		"ekim", "eki", "lokakuuta", "října", "říjen", "októbra", "octombrie", "οκτωβρίου", "أكتوبر", "październik", "октябрь", "жовтень", "жов":
		return 10
	case "november", "nov", "novembre", "noviembre", "novembro", "listopada", "lis", "ноября", "ноя", "нояб", "листопада", "kasım", "kas", "marraskuuta",
		"listopadu", "listopad", "novembra", "noiembrie", "νοεμβρίου", "نوفمبر", "ноябрь", "листопад", "лис":
		return 11
	case "december", "dec", "décembre", "decembre", "déc", "dezember", "dez", "diciembre", "dic", "dezembro", "dicembre", "grudnia", "gru", "декабря", "дек",
		"грудня", "aralık", "ara", "joulukuuta", "prosince", "prosinec", "decembra", "desember", "des", "decembrie", "δεκεμβρίου", "ديسمبر", "grudzień",
		"декабрь", "грудень", "гру":
		return 12
	}
	return 0
}
