package config

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

var durationParts = regexp.MustCompile(`^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w))+$`)

// durationPattern is what ParseDuration takes, for the schema.
const durationPattern = `^(0|([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h|d|w))+)$`

// ParseDuration reads a length of time: what time.ParseDuration reads, and d
// for 24 hours, w for 7 days. It refuses signs.
func ParseDuration(s string) (time.Duration, error) {
	wrong := errors.New("write a duration such as 30s, 15m, 1h30m or 90d")
	if s == "0" {
		return 0, nil
	}
	if !durationParts.MatchString(s) {
		if meant := durationMeant(s); meant != "" {
			return 0, errors.New("write " + meant)
		}
		return 0, wrong
	}
	var total time.Duration
	for s != "" {
		n := strings.IndexFunc(s, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
		m := n + strings.IndexFunc(s[n:]+"0", func(r rune) bool { return r >= '0' && r <= '9' })
		number, unit := s[:n], s[n:m]
		s = s[m:]
		var part time.Duration
		var err error
		if size := map[string]time.Duration{"d": day, "w": 7 * day}[unit]; size == 0 {
			part, err = time.ParseDuration(number + unit)
		} else {
			var f float64
			f, err = strconv.ParseFloat(number, 64)
			if f *= float64(size); f >= math.MaxInt64 {
				return 0, errors.New("this is too long; at most 292 years")
			}
			part = time.Duration(math.Round(f))
		}
		if total += part; err != nil || total < 0 {
			return 0, errors.New("this is too long; at most 292 years")
		}
	}
	return total, nil
}

var countAndWord = regexp.MustCompile(`^(\d{1,9}) ?(\pL*)$`)

// durationMeant is what somebody who wrote a number alone, or with a word for its
// unit, meant; empty where that is not clear.
func durationMeant(s string) string {
	m := countAndWord.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	if m[2] == "" {
		return "its unit too: " + m[1] + "s, " + m[1] + "m, " + m[1] + "h or " + m[1] + "d"
	}
	for unit, words := range map[string]string{
		"s": "s sec secs second seconds seconde secondes", "m": "m min mn mins minute minutes", "h": "h hr hrs hour hours heure heures",
		"d": "d day days j jour jours", "w": "w week weeks semaine semaines",
	} {
		if slices.Contains(strings.Fields(words), strings.ToLower(m[2])) {
			return m[1] + unit
		}
	}
	return ""
}

// formatDuration writes a duration as ParseDuration reads it, without the zero
// parts of time.Duration.String.
func formatDuration(d time.Duration) string {
	if d > day && d%day == 0 {
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// sizePattern is what parseSize takes, for the schema.
const sizePattern = `^[0-9]+ ?([KMGT]i?B|B)?$`

var sizeParts = regexp.MustCompile(`^(\d+) ?(?:([KMGT])(i?)B|B)?$`)

// parseSize reads a number of bytes: 512, 8MiB (1024²), 8MB (1000²).
func parseSize(s string) (int64, error) {
	m := sizeParts.FindStringSubmatch(s)
	if m == nil {
		return 0, errors.New("write a size such as 512KiB, 8MiB or 2GiB")
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	base := int64(1000)
	if m[3] != "" {
		base = 1024
	}
	for range strings.Index("KMGT", m[2]) + 1 {
		if m[2] == "" {
			break
		}
		if n > math.MaxInt64/base {
			err = strconv.ErrRange
			break
		}
		n *= base
	}
	if err != nil {
		return 0, errors.New("this is too large")
	}
	return n, nil
}

// formatSize writes a number of bytes as parseSize reads it.
func formatSize(n int64) string {
	units := []string{"", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for n > 0 && n%1024 == 0 && i < len(units)-1 {
		n, i = n/1024, i+1
	}
	return strconv.FormatInt(n, 10) + units[i]
}
