package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"veille/crawler/calendar"
)

// stamp is a date as written, before its missing parts are filled in.
type stamp struct {
	year, month, day     int
	hour, minute, second int
	nanos                int
	hasTime, hasZone     bool
	// offset is east of UTC, in seconds.
	offset int
}

// valid reports whether the calendar and the clock have such a moment.
func (s stamp) valid() bool {
	if s.year < 1990 || s.year > 2200 || s.month < 1 || s.month > 12 || s.day < 1 || s.hour > 24 || s.minute > 59 || s.second > 60 {
		return false
	}
	return s.day <= time.Date(s.year, time.Month(s.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func (s stamp) in(zone *time.Location) time.Time {
	if s.hasZone {
		if s.offset == 0 {
			zone = time.UTC
		} else {
			zone = time.FixedZone("", s.offset)
		}
	}
	return time.Date(s.year, time.Month(s.month), s.day, s.hour, s.minute, s.second, s.nanos, zone)
}

// Forms of dates. Each is tried at any place of a short text.
var (
	isoDate = regexp.MustCompile(`(?:^|\D)(\d{4})-(\d{1,2})-(\d{1,2})(?:\D|$)`)
	// numeric is 14.09.2023, 9/14/2023, 14-09-2023 or with two digits' year.
	numericDate = regexp.MustCompile(`(?:^|[^\d.:/])(\d{1,2})\s?[./|-]\s?(\d{1,2})\s?[./|-]\s?(\d{4}|\d{2})(?:[^\d/-]|$)`)
	yearFirst   = regexp.MustCompile(`(?:^|\D)(\d{4})\s?[./]\s?(\d{1,2})\s?[./]\s?(\d{1,2})(?:\D|$)`)
	cjkDate     = regexp.MustCompile(`(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?`)
	dayMonth    = regexp.MustCompile(`(?:^|[^\d\pL])(\d{1,2})(?:er|re|st|nd|rd|th|º|ª|°|\.)?[\s\x{00a0}./-]+(?:de\s+|d[e']\s*|of\s+)?(\pL{3,14})\.?,?[\s\x{00a0}./-]+(?:de\s+|del\s+|of\s+)?(\d{4})(?:\D|$)`)
	monthDay    = regexp.MustCompile(`(?:^|\PL)(\pL{3,14})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(?:de\s+)?(\d{4})(?:\D|$)`)
	compactDate = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}:?\d{2})?$`)
	unixTime    = regexp.MustCompile(`^1\d{9}(?:\d{3})?$`)

	// rubyDate is what date(1), C and Java print: Tue Jan 28 15:28:56 CET 2020.
	rubyDate = regexp.MustCompile(`^(?:\pL{2,4}\.?,?\s+)?(\pL{3,9})\s+(\d{1,2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s+(?:(?:GMT|UTC)?([+-]\d{2}:?\d{2})|([A-Z]{3,4}))?\s*(\d{4})$`)
)

// parseDate reads the first date in a short text. dayFirst settles 04/05/2023.
// A relative date ("yesterday") is none.
func parseDate(s string, dayFirst bool) (stamp, bool) {
	s = strings.TrimSpace(asciiDigits(s))
	if len(s) < 6 || len(s) > 300 || !strings.ContainsAny(s, "0123456789") {
		return stamp{}, false
	}
	if unixTime.MatchString(s) {
		n, _ := strconv.ParseInt(s[:10], 10, 64)
		t := time.Unix(n, 0).UTC()
		return stamp{year: t.Year(), month: int(t.Month()), day: t.Day(), hour: t.Hour(), minute: t.Minute(), second: t.Second(), hasTime: true, hasZone: true}, true
	}
	if m := compactDate.FindStringSubmatch(s); m != nil {
		st := stamp{year: atoi(m[1]), month: atoi(m[2]), day: atoi(m[3])}
		if m[4] != "" {
			st.hasTime, st.hour, st.minute, st.second = true, atoi(m[4]), atoi(m[5]), atoi(m[6])
		}
		if m[7] != "" && st.hasTime {
			st.offset, st.hasZone = zoneOffset(m[7])
		}
		return st, st.valid()
	}
	if m := rubyDate.FindStringSubmatch(s); m != nil && calendar.Month(m[1]) > 0 {
		st := stamp{year: atoi(m[8]), month: calendar.Month(m[1]), day: atoi(m[2]), hour: atoi(m[3]), minute: atoi(m[4]), second: atoi(m[5]), hasTime: true}
		if st.offset, st.hasZone = zoneOffset(m[6]); !st.hasZone {
			st.offset, st.hasZone = zoneOffset(m[7])
		}
		return st, st.valid()
	}
	st, from, to, ok := findDate(s, dayFirst)
	if !ok {
		return stamp{}, false
	}
	if !findClock(&st, s[to:]) {
		leadingClock(&st, s[:from])
	}
	return st, st.valid()
}

// findDate returns the earliest date and where it stands.
func findDate(s string, dayFirst bool) (st stamp, from, to int, ok bool) {
	if !holdsYear(s) {
		return stamp{}, 0, 0, false
	}
	best := len(s) + 1
	const groups = 3
	try := func(re *regexp.Regexp, build func(g []string) (stamp, bool)) {
		m := re.FindStringSubmatchIndex(s)
		if m == nil || m[2] >= best {
			return
		}
		g := make([]string, groups)
		for i := range g {
			g[i] = s[m[2+2*i]:m[3+2*i]]
		}
		if found, good := build(g); good && found.valid() {
			st, from, to, ok = found, m[2], m[2*groups+1], true
			best = m[2]
			if re == cjkDate {
				to = m[1]
			}
		}
	}
	ymd := func(g []string) (stamp, bool) {
		return stamp{year: atoi(g[0]), month: atoi(g[1]), day: atoi(g[2])}, true
	}
	try(isoDate, ymd)
	try(yearFirst, ymd)
	try(cjkDate, ymd)
	try(dayMonth, func(g []string) (stamp, bool) {
		month := calendar.Month(g[1])
		return stamp{year: atoi(g[2]), month: month, day: atoi(g[0])}, month > 0
	})
	try(monthDay, func(g []string) (stamp, bool) {
		month := calendar.Month(g[0])
		return stamp{year: atoi(g[2]), month: month, day: atoi(g[1])}, month > 0
	})
	try(numericDate, func(g []string) (stamp, bool) {
		a, b, year := atoi(g[0]), atoi(g[1]), atoi(g[2])
		if len(g[2]) == 2 {
			year += 2000
		}
		switch {
		case a > 12 || dayFirst && b <= 12:
			return stamp{year: year, month: b, day: a}, true
		default:
			return stamp{year: year, month: a, day: b}, true
		}
	})
	return st, from, to, ok
}

// holdsYear is a quick test for what every form of date has: a year of four
// digits, or three numbers with signs between them.
func holdsYear(s string) bool {
	run, numbers, gap := 0, 0, 0
	for i := 0; i <= len(s); i++ {
		c := byte(0)
		if i < len(s) {
			c = s[i]
		}
		if '0' <= c && c <= '9' {
			if run++; run > 1 {
				continue
			}
			if gap > 3 {
				numbers = 0
			}
			if numbers++; numbers == 3 {
				return true
			}
			gap = 0
			continue
		}
		if run == 4 && (s[i-4] == '1' && s[i-3] == '9' || s[i-4] == '2' && s[i-3] <= '2') {
			return true
		}
		run = 0
		switch c {
		case ' ', '.', '/', '-', '|', '\t', '\n':
			gap++
		default:
			gap = 4
		}
	}
	return false
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// asciiDigits turns full-width, Arabic and Persian digits into ASCII.
func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '\u00a0' || r == '\u202f' || r == '\u2009':
			return ' '
		}
		return r
	}, s)
}
