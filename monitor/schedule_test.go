package monitor

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
)

func TestCheckSchedule_AcceptsWhatPeopleWrite(t *testing.T) {
	for _, expr := range []string{
		"*/10 * * * *", "0 6-20/2 * * mon-fri", "@hourly", "@daily", "@weekly", "@every 30s", "@every 1h30m",
		"CRON_TZ=Asia/Seoul 0 7 * * *", "TZ=Europe/Paris @daily", " 5 4 1,15 * * ", "0 0 1 1 *",
	} {
		if err := CheckSchedule(expr, "Europe/Paris", false); err != nil {
			t.Errorf("%q: %v", expr, err)
		}
	}
	if err := CheckSchedule("@every 1s", "", true); err != nil {
		t.Errorf("a private source: %v", err)
	}
}

func TestCheckSchedule_RefusesWhatIsReadOtherwise(t *testing.T) {
	for expr, want := range map[string]string{
		"":                            "5 fields",
		"TZ=UTC":                      "without a schedule",
		"CRON_TZ=Europe/Paris":        "without a schedule",
		"CRON_TZ=Mars/Base * * * * *": "unknown time zone",
		"* * * * * *":                 "5 fields",
		"@every -5m":                  "whole seconds",
		"@every 0s":                   "whole seconds",
		"@every 100ms":                "whole seconds",
		"@every 1.5s":                 "whole seconds",
		"@every soon":                 "not a duration",
		"@every 10s":                  "too often",
		", * * * *":                   "item is missing",
		"1,,2 * * * *":                "item is missing",
		"0 0 30 2 *":                  "never fires",
		"0 0 31 2 *":                  "never fires",
		"5/100 * * * *":               "step",
		"*/0 * * * *":                 "step",
		"0 0 */2 * 1":                 "either",
		"0 */5 * * * *":               "there are no seconds: */5 * * * *",
		"every 5 minutes":             "found 3; write */10 * * * *, or @every 10m",
		"@every5m":                    "write @every 5m",
		"@every 1d":                   "write @every 24h",
		"@dayly":                      "@dayly is not known",
		"0 25 * * *":                  "hour: 25 is not from 0 to 23",
		"0 0 0 * *":                   "day of month: 0 is not from 1 to 31",
		"0 0 * * lundi":               `day of week: "lundi" is not understood; write a number, or one of sun mon`,
		"0 8h * * *":                  `hour: "8h" is not understood; write a number, or *`,
		"0 8-18:30 * * *":             `hour: "18:30" is not understood`,
		"0 0 * * 7":                   "day of week: 7 is not from 0 to 6",
		"@Daily":                      "",
		"@reboot":                     "",
		"0 0 L * *":                   "",
		"H * * * *":                   "",
		"99 * * * *":                  "",
	} {
		err := CheckSchedule(expr, "", false)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", expr, err, want)
		}
	}
}

func ticks(t *testing.T, expr, zone, from string, n int) []string {
	t.Helper()
	s, err := parseSchedule(expr, zone)
	if err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", from, loc)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for range n {
		at = s.Next(at)
		out = append(out, at.In(loc).Format("01-02 15:04 -0700"))
	}
	return out
}

func TestSchedule_LosesAndRepeatsNoDayWhenTheClockChanges(t *testing.T) {
	for _, c := range []struct {
		expr, zone, from string
		want             []string
	}{
		{"30 2 * * *", "Europe/Paris", "2027-03-27 00:00", []string{"03-27 02:30 +0100", "03-28 03:00 +0200", "03-29 02:30 +0200"}},
		{"30 2 * * *", "Europe/Paris", "2027-10-30 12:00", []string{"10-31 02:30 +0200", "11-01 02:30 +0100"}},
		{"*/30 * * * *", "Europe/Paris", "2027-03-28 01:00", []string{"03-28 01:30 +0100", "03-28 03:00 +0200", "03-28 03:30 +0200"}},
		{"0 * * * *", "Europe/Paris", "2027-10-31 01:30", []string{"10-31 02:00 +0200", "10-31 02:00 +0100", "10-31 03:00 +0100"}},
		{"@daily", "Africa/Cairo", "2027-04-29 12:00", []string{"04-30 01:00 +0300", "05-01 00:00 +0300"}},
		{"0 0 * * *", "America/Santiago", "2027-09-04 12:00", []string{"09-05 01:00 -0300", "09-06 00:00 -0300"}},
		{"0,30 2,3 * * *", "Europe/Paris", "2027-03-28 01:00", []string{"03-28 03:00 +0200", "03-28 03:30 +0200", "03-29 02:00 +0200"}},
		{"0 0 * * *", "Australia/Lord_Howe", "2027-10-02 12:00", []string{"10-03 00:00 +1030", "10-04 00:00 +1100"}},
		{"45 1 * * *", "Australia/Lord_Howe", "2027-04-03 12:00", []string{"04-04 01:45 +1100", "04-05 01:45 +1030"}},
	} {
		if diff := cmp.Diff(c.want, ticks(t, c.expr, c.zone, c.from, len(c.want))); diff != "" {
			t.Errorf("%s in %s (-want +got):\n%s", c.expr, c.zone, diff)
		}
	}
}

func TestSchedule_FiresOnceADayInEveryZoneForTwoYears(t *testing.T) {
	for _, zone := range []string{"Europe/Paris", "Africa/Cairo", "America/Santiago", "America/New_York", "Australia/Lord_Howe", "Asia/Seoul", "Asia/Tehran", "America/Havana", "Africa/Casablanca"} {
		for _, expr := range []string{"0 0 * * *", "30 2 * * *", "15 1 * * *", "45 23 * * *"} {
			s, err := parseSchedule(expr, zone)
			if err != nil {
				t.Fatal(err)
			}
			loc, _ := time.LoadLocation(zone)
			at := s.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, loc)).In(loc)
			for range 730 {
				next := s.Next(at).In(loc)
				if want := at.YearDay() + 1; next.YearDay() != want && next.YearDay() != 1 {
					t.Fatalf("%s in %s: %s is followed by %s", expr, zone, at, next)
				}
				at = next
			}
		}
	}
}

func TestSchedules_JitterIsSteadyAndBounded(t *testing.T) {
	base := time.Date(2026, 11, 23, 7, 59, 59, 0, time.UTC)
	for expr, window := range map[string]time.Duration{"0 8 * * *": maxJitter, "*/4 * * * *": 2 * time.Minute, "@every 1m": 30 * time.Second} {
		buckets := map[int]int{}
		for i := range 2000 {
			name := fmt.Sprint("source-", i)
			a, period, err := schedules{}.of(name, expr, "")
			if err != nil {
				t.Fatal(err)
			}
			b, _, _ := schedules{}.of(name, expr, "")
			next := a.Next(base)
			if !next.Equal(b.Next(base)) {
				t.Fatalf("%s: a restart moves the tick", expr)
			}
			if gap := a.Next(next).Sub(next); gap != period {
				t.Fatalf("%s: period %s became %s", expr, period, gap)
			}
			late := next.Sub(base) - time.Second
			if expr == "0 8 * * *" && (late < 0 || late >= window) {
				t.Fatalf("%s: off by %s", expr, late)
			}
			buckets[int(late*10/window)]++
		}
		for b, n := range buckets {
			if n > 400 {
				t.Errorf("%s: %d of 2000 sources in slot %d", expr, n, b)
			}
		}
	}
}

func FuzzCheckSchedule(f *testing.F) {
	for _, s := range []string{"*/10 * * * *", "@every 5m", "CRON_TZ=UTC", "TZ= ", ", * * * *", "0 0 29 2 *", "@daily x"} {
		f.Add(s, "Europe/Paris")
	}
	f.Fuzz(func(t *testing.T, expr, zone string) {
		if CheckSchedule(expr, zone, false) != nil {
			return
		}
		s, _, err := schedules{}.of("x", expr, zone)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC)
		for range 50 {
			next := s.Next(now)
			if !next.After(now) {
				t.Fatalf("%q: %s is not after %s", expr, next, now)
			}
			now = next
		}
	})
}

// TestMonitor_PrunesWithoutARetention: what a store keeps for some days only
// would grow for ever.
func TestMonitor_PrunesWithoutARetention(t *testing.T) {
	bubble(t, func(t *testing.T, n *newsroom) {
		n.web.publish(section, view(1), "first", body("a"), time.Now())
		n.start()
		n.after(2 * time.Minute)
		n.store.mu.Lock()
		defer n.store.mu.Unlock()
		if got := n.store.commits["Prune"]; got != 1 || len(n.store.articles) != 1 {
			t.Errorf("pruned %d times, %d articles left", got, len(n.store.articles))
		}
		n.stop()
	})
}
