package discover

import "strings"

// meridiemAt reports whether "am" or "pm" stands at i, behind blanks.
func (d *dateReader) meridiemAt(i int) bool {
	rest := strings.ToLower(strings.TrimLeft(d.s[min(i, len(d.s)):], " "))
	for _, m := range [...]string{"am", "pm", "a.m", "p.m"} {
		if strings.HasPrefix(rest, m) && !isLetterAt(rest, len(m)) {
			return true
		}
	}
	return false
}

// clock reads "10:24", "10:24:05.123", "10h24" and "10h".
func (d *dateReader) clock(n int) bool {
	d.hour, d.hasTime = d.take(n), true
	d.i++
	n = d.digitsAt(d.i)
	if n == 0 {
		return true
	}
	if n > 2 {
		return false
	}
	d.minute = d.take(n)
	if c := d.at(d.i); (c == ':' || c == 'm' && d.digitsAt(d.i+1) > 0) && d.digitsAt(d.i+1) > 0 {
		d.i++
		if n = d.digitsAt(d.i); n > 2 {
			return false
		}
		d.second = d.take(n)
	}
	if c := d.at(d.i); (c == '.' || c == ',') && d.digitsAt(d.i+1) > 0 {
		d.i++
		scale := 100_000_000
		for '0' <= d.at(d.i) && d.at(d.i) <= '9' {
			d.nanosecond += int(d.s[d.i]-'0') * scale
			scale /= 10
			d.i++
		}
	}
	return true
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
