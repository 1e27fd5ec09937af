package discover

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"veille/crawler/calendar"
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
	if m := calendar.Month(w); m != 0 {
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

// zoneNamed knows, beside the zones that mean one place only, those of RFC 822 and
// those that feeds write, in seconds east of UTC. Where a name means several, the
// news means this one. The word stands behind a time: it can be no other.
func zoneNamed(w string) (int, bool) {
	if offset, ok := calendar.Zone(w); ok {
		return offset, true
	}
	var quarters int
	switch w {
	case "ut":
		return 0, true
	case "met":
		quarters = 4
	case "mest":
		quarters = 8
	case "trt":
		quarters = 12
	case "gst":
		quarters = 16
	case "pkt", "uzt":
		quarters = 20
	case "ist":
		quarters = 22
	case "ict", "wib":
		quarters = 28
	case "pht", "awst", "myt":
		quarters = 32
	case "wit":
		quarters = 36
	case "acst":
		quarters = 38
	case "nzst":
		quarters = 48
	case "nzdt":
		quarters = 52
	case "adt", "brt", "art":
		quarters = -12
	case "nst":
		quarters = -14
	case "ast", "clt":
		quarters = -16
	case "cot", "pet":
		quarters = -20
	case "cst":
		quarters = -24
	case "akdt":
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
