package discover

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word reads a run of letters: a month, a zone, am or pm, or nothing of use.
func (d *dateReader) word() bool {
	start := d.i
	for d.i < len(d.s) {
		r, n := utf8.DecodeRuneInString(d.s[d.i:])
		if !unicode.IsLetter(r) {
			if d.i == start {
				d.i += n
				return true
			}
			break
		}
		d.i += n
	}
	w := strings.ToLower(d.s[start:d.i])
	if m := monthNamed(w); m != 0 {
		// The last one counts: "mar. 24 nov." begins with a Tuesday.
		if d.month == 0 || d.year == 0 {
			d.month = m
		}
		return true
	}
	if d.hasTime {
		if strings.HasPrefix(d.s[d.i:], ".m") && (w == "a" || w == "p") {
			w += "m"
			d.i += 2
		}
		switch w {
		case "pm":
			d.pm = true
			return true
		case "am":
			d.am = true
			return true
		}
		if offset, ok := zoneNamed(w); ok {
			d.offset = offset
			return true
		}
	} else if w == "am" || w == "pm" {
		d.am, d.pm = w == "am", w == "pm"
		return true
	}
	// Prose with a date in it is not a date.
	d.words++
	return d.words <= 6
}

// numericZone reads "+09:00", "+0900", "+9" behind a time; "GMT+2" too.
func (d *dateReader) numericZone() bool {
	sign := 1
	if d.s[d.i] == '-' {
		sign = -1
	}
	d.i++
	var hours, minutes int
	switch n := d.digitsAt(d.i); n {
	case 4:
		if d.year == 0 && d.month != 0 && d.day != 0 {
			// "10:24 - 2026" has no zone.
			d.year = d.take(4)
			return true
		}
		hours, minutes = d.take(2), d.take(2)
	case 1, 2, 3:
		hours = d.take(min(n, 2))
		if n == 3 {
			minutes = d.take(1) * 10
		} else if d.at(d.i) == ':' && d.digitsAt(d.i+1) == 2 {
			d.i++
			minutes = d.take(2)
		}
	default:
		return false
	}
	if hours > 14 || minutes > 59 {
		return false
	}
	d.offset = sign * (hours*3600 + minutes*60)
	return true
}

// monthNamed knows the months of English, French, German, Spanish, Italian,
// Portuguese, Dutch, Polish, Russian, Ukrainian and Turkish, whole, declined
// and shortened; 0 for any other word.
func monthNamed(w string) int {
	switch w {
	case "jan", "january", "janvier", "janv", "januar", "jänner", "enero", "ene", "gennaio", "gen", "janeiro", "januari", "styczeń", "stycznia", "sty", "январь", "января", "янв", "січень", "січня", "січ", "ocak":
		return 1
	case "feb", "february", "février", "fevrier", "févr", "fevr", "fév", "februar", "febrero", "febbraio", "fevereiro", "fev", "februari", "luty", "lutego", "lut", "февраль", "февраля", "фев", "февр", "лютий", "лютого", "лют", "şubat":
		return 2
	case "mar", "march", "mars", "märz", "mär", "mrz", "marzo", "março", "marco", "maart", "mrt", "marzec", "marca", "март", "марта", "мар", "березень", "березня", "бер", "mart":
		return 3
	case "apr", "april", "avril", "avr", "abril", "abr", "aprile", "kwiecień", "kwietnia", "kwi", "апрель", "апреля", "апр", "квітень", "квітня", "кві", "nisan":
		return 4
	case "may", "mai", "mayo", "maggio", "mag", "maio", "mei", "maj", "maja", "май", "мая", "травень", "травня", "тра", "mayıs":
		return 5
	case "jun", "june", "juin", "juni", "junio", "giugno", "giu", "junho", "czerwiec", "czerwca", "cze", "июнь", "июня", "июн", "червень", "червня", "чер", "haziran":
		return 6
	case "jul", "july", "juillet", "juil", "juli", "julio", "luglio", "lug", "julho", "lipiec", "lipca", "lip", "июль", "июля", "июл", "липень", "липня", "лип", "temmuz":
		return 7
	case "aug", "august", "août", "aout", "agosto", "ago", "augustus", "sierpień", "sierpnia", "sie", "август", "августа", "авг", "серпень", "серпня", "сер", "ağustos":
		return 8
	case "sep", "sept", "september", "septembre", "septiembre", "set", "settembre", "setembro", "wrzesień", "września", "wrz", "сентябрь", "сентября", "сен", "сент", "вересень", "вересня", "вер", "eylül":
		return 9
	case "oct", "october", "octobre", "okt", "oktober", "octubre", "ottobre", "ott", "outubro", "out", "październik", "października", "paź", "октябрь", "октября", "окт", "жовтень", "жовтня", "жов", "ekim":
		return 10
	case "nov", "november", "novembre", "noviembre", "novembro", "listopad", "listopada", "lis", "ноябрь", "ноября", "ноя", "нояб", "листопад", "листопада", "лис", "kasım":
		return 11
	case "dec", "december", "décembre", "decembre", "déc", "dez", "dezember", "diciembre", "dic", "dicembre", "dezembro", "grudzień", "grudnia", "gru", "декабрь", "декабря", "дек", "грудень", "грудня", "гру", "aralık":
		return 12
	}
	return 0
}

// zoneNamed knows the zones of RFC 822 and those that newsrooms write, in
// seconds east of UTC. Where a name means several, the news means this one.
func zoneNamed(w string) (int, bool) {
	var quarters int
	switch w {
	case "z", "ut", "utc", "gmt", "wet":
		return 0, true
	case "bst", "cet", "met", "mez", "west":
		quarters = 4
	case "cest", "mest", "mesz", "eet", "sast":
		quarters = 8
	case "eest", "msk", "trt":
		quarters = 12
	case "gst":
		quarters = 16
	case "pkt", "uzt":
		quarters = 20
	case "ist":
		quarters = 22
	case "ict", "wib":
		quarters = 28
	case "sgt", "hkt", "pht", "awst", "myt":
		quarters = 32
	case "kst", "jst", "wit":
		quarters = 36
	case "acst":
		quarters = 38
	case "aest":
		quarters = 40
	case "aedt":
		quarters = 44
	case "nzst":
		quarters = 48
	case "nzdt":
		quarters = 52
	case "adt", "brt", "art":
		quarters = -12
	case "nst":
		quarters = -14
	case "ast", "edt", "clt":
		quarters = -16
	case "est", "cdt", "cot", "pet":
		quarters = -20
	case "cst", "mdt":
		quarters = -24
	case "mst", "pdt":
		quarters = -28
	case "pst", "akdt":
		quarters = -32
	case "akst":
		quarters = -36
	case "hst":
		quarters = -40
	default:
		return 0, false
	}
	return quarters * 900, true
}
