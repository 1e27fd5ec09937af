package extract

import (
	"regexp"
	"strings"

	"veille/crawler/calendar"
)

var (
	// clock follows or precedes a date. Its groups: half day before, hour,
	// minute, second, half day after, zone.
	clock     = regexp.MustCompile(`(?i)^[\s\x{00a0},;|•·\-–—()T.:@]*(?:(?:\pL{1,4}\.?\s*,?\s+)?(?:à|a las|às|at|um|alle|ore|kl\.?|klo|om|o|в|про|te|uur|ve|saat|h\s)\s*)?\s*(오전|오후|午前|午後|上午|下午)?\s*(\d{1,2})\s*(?:[:hH.：]|時|시|点|點|\s?Uhr\s?)\s*(\d{1,2})?(?:\s*(?:[:.]|分|분)\s*(\d{2}))?(?:[.,](\d{1,9}))?(?:分|분)?\s*([ap]\.?m\.?)?\s*(?:Uhr\s*)?\(?(Z|UTC|GMT|МСК|[A-Z]{3,4})?\)?\s*([+-]\d{1,2}:?\d{2})?`)
	hourOnly  = regexp.MustCompile(`(?i)^[\s,|·\-–—]*(?:at\s+)?(\d{1,2})\s*([ap]\.?m\.?)`)
	clockLead = regexp.MustCompile(`(?i)(\d{1,2})[:h.](\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?\s*(?:Uhr)?\s*(Z|UTC|GMT|МСК|[A-Z]{3,4})?[\s,|·\-–—]*(?:on\s+|le\s+|\pL{2,10}\.?,?\s+)?$`)
)

// findClock reads the time of day that follows a date.
func findClock(st *stamp, rest string) bool {
	rest = strings.TrimLeft(rest, ".")
	if m := hourOnly.FindStringSubmatch(rest); m != nil {
		st.hasTime, st.hour = true, halfDay(atoi(m[1]), m[2])
		return true
	}
	m := clock.FindStringSubmatch(rest)
	if m == nil || atoi(m[2]) > 24 || atoi(m[3]) > 59 {
		return false
	}
	if m[3] == "" && !strings.ContainsAny(m[0], "hH時시点點U") {
		return false
	}
	st.hasTime = true
	half := m[6]
	if half == "" {
		half = m[1]
	}
	st.hour, st.minute, st.second = halfDay(atoi(m[2]), half), atoi(m[3]), atoi(m[4])
	if m[5] != "" {
		st.nanos = atoi((m[5] + "000000000")[:9])
	}
	if m[8] != "" {
		st.offset, st.hasZone = zoneOffset(m[8])
	} else if m[7] != "" {
		st.offset, st.hasZone = zoneOffset(m[7])
	}
	return true
}

// leadingClock reads the time of day that stands before a date: "10:24, 14 …".
func leadingClock(st *stamp, lead string) {
	if len(lead) > 60 {
		lead = strings.ToValidUTF8(lead[len(lead)-60:], "")
	}
	m := clockLead.FindStringSubmatch(lead)
	if m == nil || atoi(m[1]) > 24 || atoi(m[2]) > 59 {
		return
	}
	st.hasTime = true
	st.hour, st.minute, st.second = halfDay(atoi(m[1]), m[4]), atoi(m[2]), atoi(m[3])
	if m[5] != "" {
		st.offset, st.hasZone = zoneOffset(m[5])
	}
}

func halfDay(hour int, half string) int {
	switch strings.ToLower(strings.ReplaceAll(half, ".", "")) {
	case "pm", "오후", "午後", "下午":
		if hour < 12 {
			return hour + 12
		}
	case "am", "오전", "午前", "上午":
		if hour == 12 {
			return 0
		}
	}
	return hour
}

// zoneOffset reads an offset, or an abbreviation that means one place only.
func zoneOffset(z string) (int, bool) {
	if z == "" {
		return 0, false
	}
	if z[0] == '+' || z[0] == '-' {
		digits := strings.ReplaceAll(z[1:], ":", "")
		if len(digits) == 3 {
			digits = "0" + digits
		}
		if len(digits) != 4 {
			return 0, false
		}
		hours, minutes := atoi(digits[:2]), atoi(digits[2:])
		if hours > 14 || minutes > 59 {
			return 0, false
		}
		seconds := hours*3600 + minutes*60
		if z[0] == '-' {
			seconds = -seconds
		}
		return seconds, true
	}
	return calendar.Zone(z)
}
