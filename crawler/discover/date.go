package discover

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxDateLength bounds, in bytes, what is taken for a date.
const maxDateLength = 120

// parseDate reads the dates of feeds, sitemaps and section pages: RFC 822 and
// RFC 1123 with their usual mistakes (two-digit years, no seconds, no zone,
// named zones, full or foreign month names, a wrong weekday), W3CDTF and other
// ISO 8601 forms, C's ctime, Unix seconds, and East Asian dates. A date without
// a zone is taken for UTC, a day without a time for its first instant. It does
// not guess between day and month: 3/4/2026 is no date.
func parseDate(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) < 6 || len(s) > maxDateLength {
		return time.Time{}, false
	}
	if t, ok := unixDate(s); ok {
		return t, true
	}
	d := dateReader{s: strings.ReplaceAll(eastAsian(s), " h ", "h")}
	for d.i < len(d.s) {
		if !d.step() {
			return time.Time{}, false
		}
	}
	return d.time()
}

func unixDate(s string) (time.Time, bool) {
	n, ok := allDigits(s)
	switch {
	case ok && len(s) == 10:
		return time.Unix(int64(n), 0).UTC(), true
	case ok && len(s) == 13:
		return time.UnixMilli(int64(n)).UTC(), true
	}
	return time.Time{}, false
}

// eastAsian writes the units of Chinese, Japanese and Korean dates as the
// separators that other dates have.
func eastAsian(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.NewReplacer("年", "-", "년 ", "-", "년", "-", "月", "-", "월 ", "-", "월", "-", "日", " ", "일", " ",
		"時", ":", "时", ":", "시 ", ":", "시", ":", "分", " ", "분", " ", "오전", " am ", "오후", " pm ", "午前", " am ", "午後", " pm ",
		"\u00a0", " ", "\u202f", " ", "\u2212", "-", "：", ":").Replace(s)
}

// dateReader walks once over a date, token by token.
type dateReader struct {
	s string
	i int

	year, month, day     int
	hour, minute, second int
	nanosecond           int
	hasTime, pm, am      bool
	offset               int // seconds east of UTC
	words                int
}

func (d *dateReader) step() bool {
	c := d.s[d.i]
	switch {
	case '0' <= c && c <= '9':
		return d.number()
	case c == '(':
		// A comment, as in "+0900 (KST)".
		end := strings.IndexByte(d.s[d.i:], ')')
		if end < 0 {
			end = len(d.s) - d.i - 1
		}
		d.i += end + 1
	case (c == '+' || c == '-') && d.hasTime && d.digitsAt(d.i+1) > 0:
		return d.numericZone()
	case c < utf8.RuneSelf && !unicode.IsLetter(rune(c)):
		d.i++
	default:
		return d.word()
	}
	return true
}

func (d *dateReader) digitsAt(i int) int {
	n := 0
	for i+n < len(d.s) && '0' <= d.s[i+n] && d.s[i+n] <= '9' {
		n++
	}
	return n
}

// take reads n digits.
func (d *dateReader) take(n int) int {
	v := 0
	for range n {
		v = v*10 + int(d.s[d.i]-'0')
		d.i++
	}
	return v
}

func (d *dateReader) at(i int) byte {
	if i < len(d.s) {
		return d.s[i]
	}
	return 0
}

func (d *dateReader) number() bool {
	n := d.digitsAt(d.i)
	next := d.at(d.i + n)
	switch {
	case d.hasDate() && !d.hasTime && n == 6 && d.i > 0 && isTimeMark(d.s[d.i-1]):
		d.hour, d.minute, d.second, d.hasTime = d.take(2), d.take(2), d.take(2), true
	case d.hasDate() && !d.hasTime && n == 4 && d.year != 0 && d.i > 0 && isTimeMark(d.s[d.i-1]):
		d.hour, d.minute, d.hasTime = d.take(2), d.take(2), true
	case n <= 2 && !d.hasTime && (next == ':' || (next == 'h' || next == 'H') && !isLetterAt(d.s, d.i+n+1)):
		return d.clock(n)
	case n <= 2 && !d.hasTime && d.meridiemAt(d.i+n):
		d.hour, d.hasTime = d.take(n), true
	case n == 14 && d.year == 0:
		d.year, d.month, d.day = d.take(4), d.take(2), d.take(2)
		d.hour, d.minute, d.second, d.hasTime = d.take(2), d.take(2), d.take(2), true
	case n == 8 && d.year == 0:
		d.year, d.month, d.day = d.take(4), d.take(2), d.take(2)
	case n == 4 && d.year == 0:
		return d.yearFirst()
	case n <= 2 && d.day == 0 && d.month == 0 && d.numericTriple(n):
		return d.dayFirst(n)
	case n <= 2 && d.day == 0:
		d.day = d.take(n)
		return d.day > 0
	case n == 2 && d.year == 0:
		// RFC 822 years; news before 1990 is not on the web.
		if d.year = 2000 + d.take(2); d.year >= 2090 {
			d.year -= 100
		}
	default:
		return false
	}
	return true
}

func (d *dateReader) hasDate() bool { return d.month != 0 && d.day != 0 }

func isTimeMark(c byte) bool { return c == 'T' || c == 't' || c == ' ' || c == '_' }

func isLetterAt(s string, i int) bool {
	return i < len(s) && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z')
}

// yearFirst reads a year and what is joined to it: "2026-11-23", "2026.11.23".
func (d *dateReader) yearFirst() bool {
	d.year = d.take(4)
	if d.month != 0 || !d.joined() {
		return true
	}
	d.skipJoint()
	if d.month = d.take(min(d.digitsAt(d.i), 2)); !d.joined() {
		return true
	}
	d.skipJoint()
	d.day = d.take(min(d.digitsAt(d.i), 2))
	return d.day > 0
}

// joined reports whether a separator and a digit follow; Korean sites put a
// space behind their full stops.
func (d *dateReader) joined() bool {
	c := d.at(d.i)
	return (c == '-' || c == '/' || c == '.') && (d.digitsAt(d.i+1) > 0 || d.at(d.i+1) == ' ' && d.digitsAt(d.i+2) > 0)
}

func (d *dateReader) skipJoint() {
	d.i++
	if d.at(d.i) == ' ' {
		d.i++
	}
}

func (d *dateReader) numericTriple(n int) bool {
	i := d.i + n
	sep := d.at(i)
	if sep != '/' && sep != '.' && sep != '-' {
		return false
	}
	m := d.digitsAt(i + 1)
	return (m == 1 || m == 2) && d.at(i+1+m) == sep && d.digitsAt(i+2+m) >= 2
}

// dayFirst reads "23/11/2026", and "11/23/2026" where only that can be meant.
func (d *dateReader) dayFirst(n int) bool {
	sep := d.s[d.i+n]
	a := d.take(n)
	d.i++
	b := d.take(d.digitsAt(d.i))
	d.i++
	switch n = d.digitsAt(d.i); n {
	case 4:
		d.year = d.take(4)
	case 2:
		d.year = 2000 + d.take(2)
	default:
		return false
	}
	switch {
	case a > 12 || a == b || sep == '.':
		d.day, d.month = a, b
	case b > 12:
		d.day, d.month = b, a
	default:
		return false
	}
	return true
}

// time puts the parts together and refuses what no calendar holds.
func (d *dateReader) time() (time.Time, bool) {
	if d.day == 0 && !d.hasTime {
		d.day = 1
	}
	if d.pm && d.hour < 12 {
		d.hour += 12
	} else if d.am && d.hour == 12 {
		d.hour = 0
	}
	if d.year == 0 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 ||
		d.hour > 24 || d.minute > 59 || d.second > 60 || d.hour == 24 && d.minute+d.second > 0 {
		return time.Time{}, false
	}
	if day := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC); day.Day() != d.day {
		return time.Time{}, false
	}
	zone := time.UTC
	if d.offset != 0 {
		zone = time.FixedZone("", d.offset)
	}
	return time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.second, d.nanosecond, zone), true
}

func allDigits(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || n > 1<<52 {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, s != ""
}
