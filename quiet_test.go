package veille_test

import (
	"testing"
	"time"

	"veille"
)

func TestQuiet_FollowsTheClocksOfItsPlace(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	night := veille.Quiet{From: 22 * time.Hour, To: 7 * time.Hour, Zone: paris}
	small := veille.Quiet{From: 23*time.Hour + 30*time.Minute, To: 2*time.Hour + 30*time.Minute, Zone: paris}
	lunch := veille.Quiet{From: 12 * time.Hour, To: 13*time.Hour + 15*time.Minute, Zone: paris}
	whole := veille.Quiet{From: 9 * time.Hour, To: 9 * time.Hour, Zone: paris}
	for _, c := range []struct {
		name  string
		hours veille.Quiet
		at    string
		// end is empty where it is not quiet.
		end string
	}{
		{"before", night, "2026-01-10T21:59:59+01:00", ""},
		{"the first moment", night, "2026-01-10T22:00:00+01:00", "2026-01-11T07:00:00+01:00"},
		{"after midnight", night, "2026-01-11T03:00:00+01:00", "2026-01-11T07:00:00+01:00"},
		{"the first moment after", night, "2026-01-11T07:00:00+01:00", ""},
		{"the last of December", night, "2026-12-31T23:00:00+01:00", "2027-01-01T07:00:00+01:00"},
		{"within a day", lunch, "2026-01-11T12:30:00+01:00", "2026-01-11T13:15:00+01:00"},
		{"within a day, outside", lunch, "2026-01-11T01:30:00+01:00", ""},
		{"asked in another zone", night, "2026-01-11T02:00:00Z", "2026-01-11T07:00:00+01:00"},
		// The clocks go forward on 29 March 2026 at 02:00, back on 25 October at 03:00.
		{"the short night", night, "2026-03-28T22:30:00+01:00", "2026-03-29T07:00:00+02:00"},
		{"the short night, after the change", night, "2026-03-29T06:59:00+02:00", "2026-03-29T07:00:00+02:00"},
		{"the long night", night, "2026-10-24T22:30:00+02:00", "2026-10-25T07:00:00+01:00"},
		{"the long night, after the change", night, "2026-10-25T02:45:00+01:00", "2026-10-25T07:00:00+01:00"},
		{"an end that comes twice, the first time", small, "2026-10-25T02:45:00+02:00", "2026-10-25T02:30:00+01:00"},
		{"an end that comes twice, the hour again", small, "2026-10-25T02:15:00+01:00", "2026-10-25T02:30:00+01:00"},
		{"an end that never comes", small, "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"},
		{"all day", whole, "2026-01-11T09:00:00+01:00", "2026-01-12T09:00:00+01:00"},
		{"none", veille.Quiet{}, "2026-01-11T03:00:00+01:00", ""},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		end, quiet := c.hours.At(at)
		got := ""
		if quiet {
			got = end.Format(time.RFC3339)
		}
		if got != c.end {
			t.Errorf("%s: quiet until %q, want %q", c.name, got, c.end)
		}
	}
}
