package calendar

import "strings"

// Zone returns the offset east of UTC, in seconds, of an abbreviation that means
// one place only, whatever its case; false for any other word. Those that mean
// several (IST, CST), and those that are words of a language too (MET), are left
// to the caller.
func Zone(name string) (seconds int, ok bool) {
	hours := 0
	switch strings.ToUpper(name) {
	case "Z", "UTC", "GMT", "WET":
	case "BST", "WEST", "CET", "MEZ":
		hours = 1
	case "CEST", "MESZ", "EET", "SAST":
		hours = 2
	case "EEST", "MSK", "МСК":
		hours = 3
	case "HKT", "SGT":
		hours = 8
	case "KST", "JST":
		hours = 9
	case "AEST":
		hours = 10
	case "AEDT":
		hours = 11
	case "EDT":
		hours = -4
	case "EST", "CDT":
		hours = -5
	case "MDT":
		hours = -6
	case "MST", "PDT":
		hours = -7
	case "PST":
		hours = -8
	default:
		return 0, false
	}
	return hours * 3600, true
}
