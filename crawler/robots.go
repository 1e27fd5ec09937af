package crawler

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

const (
	// maxRobots is how much of a robots.txt is read (RFC 9309, section 2.5 asks
	// for 500 KiB at least).
	maxRobots = 512 << 10
	// maxCrawlDelay caps what a Crawl-delay line can ask for.
	maxCrawlDelay = time.Minute
	// maxSitemapLines bounds the Sitemap lines that are remembered.
	maxSitemapLines = 20
)

// rules is what one robots.txt says to one product token.
type rules struct {
	// list is ordered so that the first match decides: the longest pattern
	// first, allow before disallow (RFC 9309, section 2.2.2).
	list  []rule
	delay time.Duration
	// sitemaps are the absolute addresses of the Sitemap lines, which belong to
	// no group (sitemaps.org).
	sitemaps []string
}

// rule is one allow or disallow line. The pattern is kept in pieces between
// its wildcards.
type rule struct {
	pattern  string
	pieces   []string
	anchored bool
	allow    bool
}

// parseRobots reads the groups of a robots.txt that name a product token, or
// those for * where none does. Lines that it cannot read are skipped; a page
// in HTML has no rules.
func parseRobots(text []byte, token string) rules {
	text = bytes.TrimPrefix(fromUTF16(text), []byte("\xef\xbb\xbf"))
	if t := bytes.TrimLeft(text, " \t\r\n\v\f\x00"); len(t) > 0 && t[0] == '<' {
		return rules{}
	}
	var ours, others rules
	var named bool            // some group names the token
	var inOurs, inOthers bool // the current group does, is for *
	var agents bool           // the last line that counts was a user-agent
	var sitemaps []string
	for line := range lines(text) {
		key, value, ok := robotsLine(line)
		if !ok {
			continue
		}
		switch key {
		case "user-agent", "useragent", "user agent":
			if !agents {
				inOurs, inOthers = false, false
			}
			agents = true
			if value == "*" || strings.HasPrefix(value, "* ") {
				inOthers = true
			} else if t := productToken(value); t != "" && strings.EqualFold(t, token) {
				inOurs, named = true, true
			}
		case "allow", "disallow":
			agents = false
			r, ok := parseRule(value, key == "allow")
			if !ok {
				continue
			}
			if inOurs {
				ours.list = append(ours.list, r)
			}
			if inOthers {
				others.list = append(others.list, r)
			}
		case "sitemap", "site-map":
			if len(sitemaps) < maxSitemapLines && fetchable(value) && !slices.Contains(sitemaps, value) {
				sitemaps = append(sitemaps, value)
			}
		case "crawl-delay":
			d := parseDelay(value)
			if inOurs {
				ours.delay = max(ours.delay, d)
			}
			if inOthers {
				others.delay = max(others.delay, d)
			}
		}
	}
	if !named {
		ours = others
	}
	ours.sitemaps = sitemaps
	slices.SortStableFunc(ours.list, func(a, b rule) int {
		if c := cmp.Compare(len(b.pattern), len(a.pattern)); c != 0 {
			return c
		}
		if a.allow != b.allow {
			if a.allow {
				return -1
			}
			return 1
		}
		return 0
	})
	return ours
}

// fromUTF16 decodes a text that begins with UTF-16's byte order mark, as some
// editors save it; any other is returned as it is.
func fromUTF16(text []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(text, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(text, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return text
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 2; i+1 < len(text); i += 2 {
		units = append(units, order.Uint16(text[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}

// lines yields lines that end in LF, CR or both.
func lines(text []byte) func(func(string) bool) {
	return func(yield func(string) bool) {
		for len(text) > 0 {
			i := bytes.IndexAny(text, "\r\n")
			if i < 0 {
				yield(string(text))
				return
			}
			if !yield(string(text[:i])) {
				return
			}
			text = text[i+1:]
		}
	}
}

func robotsLine(line string) (key, value string, ok bool) {
	line, _, _ = strings.Cut(line, "#")
	key, value, ok = strings.Cut(line, ":")
	return strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value), ok
}

// productToken returns the letters, hyphens and underscores in front of a
// User-Agent (RFC 9309, section 2.2.1).
func productToken(userAgent string) string {
	end := strings.IndexFunc(userAgent, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_'
	})
	if end < 0 {
		return userAgent
	}
	return userAgent[:end]
}

func parseRule(value string, allow bool) (rule, bool) {
	if value == "" {
		return rule{}, false
	}
	if value[0] != '/' && value[0] != '*' {
		value = "/" + value
	}
	r := rule{allow: allow}
	if v, ok := strings.CutSuffix(value, "$"); ok {
		r.anchored, value = true, v
	}
	r.pattern = strings.Clone(normalOctets(value, true))
	r.pieces = strings.Split(r.pattern, "*")
	if r.anchored {
		r.pattern += "$"
	}
	return r, true
}

// parseDelay reads seconds, such as "10" or "0.5"; what follows the number is
// ignored.
func parseDelay(value string) time.Duration {
	end := strings.IndexFunc(value, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end >= 0 {
		value = value[:end]
	}
	s, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(s) || s < 0 {
		return 0
	}
	if s >= maxCrawlDelay.Seconds() {
		return maxCrawlDelay
	}
	return time.Duration(s * float64(time.Second))
}

// allows reports whether a path with its query may be fetched, and the pattern
// that decided.
func (rs rules) allows(request string) (bool, string) {
	if request == "/robots.txt" {
		return true, ""
	}
	octets := normalOctets(request, false)
	for _, r := range rs.list {
		if r.matches(octets) {
			return r.allow, r.pattern
		}
	}
	return true, ""
}

// matches looks for the pieces of the pattern one after the other, the first
// at the start: taking each as early as possible never loses a match, so the
// time is linear in the path.
func (r rule) matches(path string) bool {
	rest, ok := strings.CutPrefix(path, r.pieces[0])
	if !ok {
		return false
	}
	last := len(r.pieces) - 1
	if last == 0 {
		return !r.anchored || rest == ""
	}
	for _, piece := range r.pieces[1:last] {
		i := strings.Index(rest, piece)
		if i < 0 {
			return false
		}
		rest = rest[i+len(piece):]
	}
	if r.anchored {
		return strings.HasSuffix(rest, r.pieces[last])
	}
	return strings.Contains(rest, r.pieces[last])
}
