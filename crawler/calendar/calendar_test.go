package calendar_test

import (
	"testing"

	"veille/crawler/calendar"
)

func TestMonth_KnowsTheNamesOfManyLanguages(t *testing.T) {
	for word, want := range map[string]int{
		"January": 1, "janv": 1, "Jänner": 1, "stycznia": 1, "января": 1, "styczeń": 1,
		"MARS": 3, "березня": 3, "maio": 5, "μαΐου": 5, "août": 8, "Ağustos": 8, "settembre": 9,
		"listopadu": 11, "listopada": 11, "ديسمبر": 12, "грудень": 12,
		"": 0, "Monday": 0, "ma": 0, "bananas": 0, "may ": 0,
	} {
		if got := calendar.Month(word); got != want {
			t.Errorf("Month(%q) = %d, want %d", word, got, want)
		}
	}
}

func TestZone_NamesOnePlaceOrNone(t *testing.T) {
	for name, want := range map[string]int{"Z": 0, "gmt": 0, "CET": 3600, "kst": 9 * 3600, "мск": 3 * 3600, "EDT": -4 * 3600, "PST": -8 * 3600} {
		if got, ok := calendar.Zone(name); !ok || got != want {
			t.Errorf("Zone(%q) = %d, %v; want %d", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "IST", "CST", "met", "Uhr", "+0900"} {
		if got, ok := calendar.Zone(name); ok {
			t.Errorf("Zone(%q) = %d, want none", name, got)
		}
	}
}
