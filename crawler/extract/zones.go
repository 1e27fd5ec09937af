package extract

import (
	"strings"
	"time"
)

// countryZone returns the zone of a country's top-level domain at a time of
// its calendar, for countries of one zone whose domain is not sold worldwide. The European rule (directive
// 2000/84/EC) changes the clocks at 01:00 UTC of the last Sundays of March and
// October. Rules and not the zone database: reading a page opens no file.
func countryZone(host string, s stamp) (*time.Location, bool) {
	tld := host[strings.LastIndexByte(host, '.')+1:]
	fixed := func(minutes int) (*time.Location, bool) { return time.FixedZone("", minutes*60), true }
	switch tld {
	case "kr", "jp":
		return fixed(9 * 60)
	case "cn", "tw", "hk", "sg", "my", "ph":
		return fixed(8 * 60)
	case "th", "vn", "kh", "la":
		return fixed(7 * 60)
	case "bd":
		return fixed(6 * 60)
	case "in", "lk":
		return fixed(5*60 + 30)
	case "np":
		return fixed(5*60 + 45)
	case "pk", "uz":
		return fixed(5 * 60)
	case "ae", "ge", "am", "az":
		return fixed(4 * 60)
	case "ir":
		return fixed(3*60 + 30)
	case "tr", "by", "sa", "ke", "iq", "qa", "kw":
		return fixed(3 * 60)
	case "za":
		return fixed(2 * 60)
	case "ng", "dz", "tn":
		return fixed(60)
	case "ar", "uy":
		return fixed(-3 * 60)
	case "pe":
		return fixed(-5 * 60)
	case "uk", "ie":
		return european(0, s), true
	case "fr", "de", "it", "nl", "be", "at", "ch", "lu", "pl", "cz", "sk", "hu", "si", "hr", "rs", "dk", "se", "no", "mc", "mt":
		return european(1, s), true
	case "fi", "ee", "lv", "lt", "gr", "ro", "bg", "ua", "cy":
		return european(2, s), true
	}
	return nil, false
}

// european returns the zone at winter hours east of UTC.
func european(hours int, s stamp) *time.Location {
	lastSunday := func(month time.Month) time.Time {
		t := time.Date(s.year, month+1, 0, 1, 0, 0, 0, time.UTC)
		return t.AddDate(0, 0, -int(t.Weekday()))
	}
	t := time.Date(s.year, time.Month(s.month), s.day, s.hour-hours, s.minute, 0, 0, time.UTC)
	if !t.Before(lastSunday(time.March)) && t.Before(lastSunday(time.October)) {
		hours++
	}
	if hours == 0 {
		return time.UTC
	}
	return time.FixedZone("", hours*3600)
}

// languageZone returns the zone of the countries that write a language, where
// they have but one, and region, if given, is one of them.
func languageZone(lang, region string, s stamp) (*time.Location, bool) {
	countries := ""
	switch lang {
	case "ko":
		countries = "kr"
	case "ja":
		countries = "jp"
	case "vi":
		countries = "vn"
	case "th":
		countries = "th"
	case "tr":
		countries = "tr"
	case "de":
		countries = "de at ch lu li"
	case "it":
		countries = "it ch"
	case "pl":
		countries = "pl"
	case "cs":
		countries = "cz"
	case "sk":
		countries = "sk"
	case "hu":
		countries = "hu"
	case "sl":
		countries = "si"
	case "hr":
		countries = "hr"
	case "nl":
		countries = "nl be"
	case "sv":
		countries = "se"
	case "da":
		countries = "dk"
	case "no", "nb", "nn":
		countries = "no"
	case "fi":
		countries = "fi"
	case "el":
		countries = "gr"
	case "ro":
		countries = "ro"
	case "bg":
		countries = "bg"
	case "uk":
		countries = "ua"
	}
	if countries == "" || region != "" && !strings.Contains(" "+countries+" ", " "+region+" ") {
		return nil, false
	}
	return countryZone(countries[:2], s)
}

// american returns the zone at winter hours from UTC, by the rule of the Energy
// Policy Act of 2005: from 02:00 of the second Sunday of March to 02:00 of the
// first of November.
func american(hours int, s stamp) *time.Location {
	sunday := func(month time.Month, nth int) time.Time {
		t := time.Date(s.year, month, 1, 2-hours, 0, 0, 0, time.UTC)
		return t.AddDate(0, 0, (7-int(t.Weekday()))%7+7*(nth-1))
	}
	t := time.Date(s.year, time.Month(s.month), s.day, s.hour, s.minute, 0, 0, time.UTC)
	if !t.Before(sunday(time.March, 2)) && t.Before(sunday(time.November, 1)) {
		hours++
	}
	return time.FixedZone("", hours*3600)
}

// local moves a moment given in UTC to the page's own zone, so that its day is
// the one that readers there saw. Midnight in UTC is a day without a time.
func (d *dater) local(t time.Time, s stamp) time.Time {
	if !s.hasZone || s.offset != 0 || !s.hasTime || s.hour == 0 && s.minute == 0 && s.second == 0 {
		return t
	}
	if d.pageZone != nil {
		return t.In(d.pageZone)
	}
	wall := stamp{year: s.year, month: s.month, day: s.day, hour: s.hour, minute: s.minute, second: s.second}
	if z, ok := countryZone(d.host, wall); ok {
		return t.In(z)
	}
	if z, ok := languageZone(d.lang, d.region, wall); ok {
		return t.In(z)
	}
	// America's zones differ; the day in the URL tells that it is one of them.
	if d.region == "us" || d.region == "" && d.lang == "en" {
		eastern := t.In(american(-5, wall))
		for _, u := range d.urlDays {
			if u.day == eastern.Day() && u.month == int(eastern.Month()) && u.day != t.Day() {
				return eastern
			}
		}
	}
	return t
}

func (d *dater) zone(s stamp) *time.Location {
	if d.pageZone != nil {
		return d.pageZone
	}
	if z, ok := countryZone(d.host, s); ok {
		return z
	}
	if z, ok := languageZone(d.lang, d.region, s); ok {
		return z
	}
	return time.UTC
}
