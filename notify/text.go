package notify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"veille"
)

// maxMarks is how many combining marks in a row are kept. No writing system
// stacks more; what does is made to cover the lines around it.
const maxMarks = 8

// clean makes foreign text fit for one line of output: valid UTF-8, runs of
// white space as one space, and no control, bidirectional or invisible
// characters. The joiners of Persian, Indic scripts and emoji stay, and so do
// the no-break spaces of French.
func clean(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space, marks := false, 0
	for _, r := range s {
		switch {
		case r == '\u00a0' || r == '\u202f':
		case unicode.IsSpace(r) || r == '\u2028' || r == '\u2029':
			space = b.Len() > 0
			continue
		case invisible(r):
			continue
		}
		if unicode.In(r, unicode.Mn, unicode.Me) {
			if marks++; marks > maxMarks {
				continue
			}
		} else {
			marks = 0
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r) // an invalid byte arrives as U+FFFD
	}
	return b.String()
}

// invisible reports whether a character draws nothing and can change how what
// is around it is read.
func invisible(r rune) bool {
	switch {
	case unicode.IsControl(r):
		return true
	case r == '\u200c' || r == '\u200d': // joiners
		return false
	case r >= 0x0600 && r <= 0x0605, r == 0x06dd, r == 0x070f, r == 0x08e2: // Arabic and Syriac signs that are drawn
		return false
	case r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe0fff, r == 0x3164, r == 0x115f, r == 0x1160, r == 0xffa0:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// units counts a text as Slack does in the worst case, in UTF-16 code units;
// it is never less than the number of characters.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

const ellipsis = "…"

// fit encodes s character by character and cuts it between two graphemes, so
// that the result with its ellipsis measures at most limit.
func fit(s string, limit int, encode func(string) string, measure func(string) int) string {
	out, _ := fitted(s, limit, encode, measure)
	return out
}

// fitted is fit, and reports whether all of s is there.
func fitted(s string, limit int, encode func(string) string, measure func(string) int) (string, bool) {
	var b strings.Builder
	room, state := limit, -1
	reserve := measure(ellipsis)
	// end is where to cut if the rest turns out not to fit.
	end, endRoom := 0, room
	for s != "" {
		var g string
		g, s, _, state = uniseg.FirstGraphemeClusterInString(s, state)
		e := encode(g)
		n := measure(e)
		if n > room {
			if endRoom < reserve {
				return "", false
			}
			return strings.TrimRight(b.String()[:end], " ") + ellipsis, false
		}
		b.WriteString(e)
		room -= n
		if room >= reserve {
			end, endRoom = b.Len(), room
		}
	}
	return b.String(), true
}

// cutText cuts cleaned text to at most limit UTF-16 units.
func cutText(s string, limit int) string { return fit(s, limit, asIs, units) }

// cutBytes cuts text to at most limit bytes.
func cutBytes(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return fit(clip(s, limit+64), limit, asIs, func(s string) int { return len(s) })
}

func asIs(s string) string { return s }

// clip returns at most n bytes of s without splitting a character. It bounds
// the work on a text before graphemes are looked for.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// line cleans a text that may be of any length for a place of limit units.
func line(s string, limit int) string { return cutText(clean(clip(s, 16*limit+256)), limit) }

// span is a piece of an excerpt; hit says that it is a matched word.
type span struct {
	text string
	hit  bool
}

const (
	openMark, closeMark = "«", "»"
	// lead and tail bound how much of an excerpt is looked at, in bytes: before
	// its first matched word, and in all.
	lead, tail = 600, 12000
)

// spans splits the excerpt of a match at the marks around its matched words.
// Articles use the same marks as quotes, so a pair counts as marks only where
// it holds a term that was found.
func spans(m veille.Match) []span {
	found := make(map[string]bool, len(m.Terms))
	for _, t := range m.Terms[:min(len(m.Terms), 100)] {
		if text := clean(clip(t.Text, 400)); text != "" {
			found[text] = true
		}
	}
	rest := clean(around(m.Excerpt))
	var out []span
	plain := func(s string) {
		if s == "" {
			return
		}
		if n := len(out); n > 0 && !out[n-1].hit {
			out[n-1].text += s
			return
		}
		out = append(out, span{text: s})
	}
	for {
		i := strings.Index(rest, openMark)
		if i < 0 {
			break
		}
		inner := rest[i+len(openMark):]
		j := strings.Index(inner, closeMark)
		if j < 0 {
			break
		}
		if k := strings.Index(inner[:j], openMark); k >= 0 {
			plain(rest[:i+len(openMark)+k])
			rest = inner[k:]
			continue
		}
		if isHit(inner[:j], found) {
			plain(rest[:i])
			out = append(out, span{text: inner[:j], hit: true})
		} else {
			plain(rest[:i+len(openMark)+j+len(closeMark)])
		}
		rest = inner[j+len(closeMark):]
	}
	plain(rest)
	return out
}

func isHit(s string, found map[string]bool) bool {
	if found[s] {
		return true
	}
	// « words » between spaces are a quotation; «words» that only hold a term
	// are neighbouring hits under one pair of marks.
	if s == "" || strings.TrimFunc(s, unicode.IsSpace) != s {
		return false
	}
	for text := range found {
		if strings.Contains(s, text) {
			return true
		}
	}
	return len(found) == 0
}

// around bounds an excerpt that is longer than any receiver takes.
func around(excerpt string) string { return window(excerpt, tail) }

// window returns at most limit bytes of an excerpt, and ellipses where it was
// cut, keeping its first marked word in sight.
func window(excerpt string, limit int) string {
	if len(excerpt) <= limit {
		return excerpt
	}
	before := min(lead, limit/3)
	start := 0
	if i := strings.Index(excerpt, openMark); i > before {
		start = i - before
		for !utf8.RuneStart(excerpt[start]) && start < i {
			start++
		}
	}
	s := clip(excerpt[start:], limit)
	cut := start+len(s) < len(excerpt)
	if start > 0 {
		s = ellipsis + s
	}
	if cut {
		s += ellipsis
	}
	return s
}

// closeMarks takes away an opening mark that lost its closing one to a cut.
func closeMarks(s string) string {
	i := strings.LastIndex(s, openMark)
	if i < 0 || strings.Contains(s[i:], closeMark) {
		return s
	}
	return s[:i] + s[i+len(openMark):]
}
