package extract

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// textWeight counts the runes of s that are not space; a rune of a script
// written without spaces says about twice as much, and counts double.
func textWeight(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r <= ' ' || r == '\u00a0':
		case r >= 0x2E80:
			n += 2
		default:
			n++
		}
	}
	return n
}

// plain resolves the HTML entities that generators leave in JSON, twice for
// those that escape twice, and makes one line of it.
func plain(s string) string {
	for range 2 {
		if strings.Contains(s, "&") {
			s = html.UnescapeString(s)
		}
	}
	return strings.Join(strings.Fields(s), " ")
}

// clean makes one valid line of at most limit runes, without control and
// bidirectional override characters.
func clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200B, r == 0xFEFF, r == 0xAD:
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if n := 0; len(s) > limit {
		for i := range s {
			if n == limit {
				return strings.TrimSpace(s[:i])
			}
			n++
		}
	}
	return s
}

func weightOf(paragraphs []string) int {
	n := 0
	for _, p := range paragraphs {
		n += textWeight(p)
	}
	return n
}

// plainParagraphs splits the text of a JSON-LD articleBody, which some pages
// fill with HTML.
func plainParagraphs(body string) []string {
	if strings.Contains(body, "</p>") || strings.Contains(body, "<br") {
		if n, err := html.Parse(strings.NewReader(body)); err == nil {
			blocks, _ := segment(n)
			var out []string
			for _, b := range blocks {
				out = append(out, b.text)
			}
			return out
		}
	}
	var out []string
	for line := range strings.Lines(body) {
		if line = plain(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func endsSentence(s string) bool {
	s = strings.TrimRight(s, " \"'”’»)]」』")
	for _, end := range []string{".", "!", "?", "…", "。", "！", "？", "।", "؟"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}
