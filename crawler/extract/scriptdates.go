package extract

import (
	"regexp"
	"strings"
)

// Bounds on what is searched for a date, of one script and of all.
const (
	maxScriptScan  = 256 << 10
	maxScriptsScan = 1 << 20
)

var scriptDate = regexp.MustCompile(`(?i)(?:["']?(?:date_?published|published_?(?:at|date|time|on|first)?|publish_?(?:ed_?)?(?:date|time|at)|publication_?(?:date|time)|first-?publication|pub_?date|broadcasted_?on|upload_?date|created_?at)|["'\s,{](?:deploy|reg|pub|publish|dist|service|issue|article)_?(?:dt|dttm|date|datetime|time))\\?["']?\s*[:=]\s*\\?["']([^"'\\]{8,40})\\?["']`)

// endDate is what stands in brackets at the end of a description, if that is a
// date: "… (News of 14 January 2020)".
func endDate(description string) string {
	s := strings.TrimSpace(description)
	at := strings.LastIndexByte(s, '(')
	if !strings.HasSuffix(s, ")") || at < 0 || len(s)-at > 60 || !hasDigits(s[at:], 5) {
		return ""
	}
	return s[at+1 : len(s)-1]
}

// scriptDates returns the date of publication that the scripts of a page give
// most often. Data of other articles may be among it, so that this comes last.
func scriptDates(scripts []string) []string {
	count, best := map[string]int{}, ""
	seen, left := 0, maxScriptsScan
	for _, s := range scripts {
		if len(s) < 20 || !strings.ContainsAny(s[:min(len(s), maxScriptScan)], "2") {
			continue
		}
		low := s[:min(len(s), maxScriptScan, left)]
		if !strings.Contains(low, "ubli") && !strings.Contains(low, "ated") && !strings.Contains(low, "pload") && !strings.Contains(low, "Dt") && !strings.Contains(low, "_dt") && !strings.Contains(low, "Date") {
			continue
		}
		left -= len(low)
		for _, m := range scriptDate.FindAllStringSubmatch(low, 40) {
			if seen++; seen > 100 {
				break
			}
			v := strings.ReplaceAll(m[1], `\/`, "/")
			if _, ok := parseDate(v, true); !ok {
				continue
			}
			count[v]++
			if best == "" || count[v] > count[best] {
				best = v
			}
		}
	}
	if best == "" || len(count) > 6 {
		return nil
	}
	return []string{best}
}
