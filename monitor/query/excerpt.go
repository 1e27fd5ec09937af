package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// excerptLength is how many code points of the text an excerpt shows, about.
const excerptLength = 240

// excerpt shows the densest group of different terms, marked with «», in the
// body if it has any, else in the title; and the title as it is where only
// other fields were hit. hits are sorted by field and place.
func excerpt(r *reading, hits []hit, terms int) string {
	const title, body = 0, 1
	field, inside := uint8(body), of(hits, body)
	if len(inside) == 0 {
		field, inside = title, of(hits, title)
	}
	text := r.text[field]
	first, last := 0, 0
	if len(inside) > 0 {
		first, last = r.densest(field, inside, terms)
	}
	from, to := around(text, first, last)
	var b strings.Builder
	b.Grow(to - from + 8 + 4*len(inside))
	if strings.TrimSpace(text[:from]) != "" {
		b.WriteString("…")
	}
	at := from
	for _, m := range merged(inside, from, to) {
		writeCollapsed(&b, text[at:m[0]])
		b.WriteString("«")
		writeCollapsed(&b, text[m[0]:m[1]])
		b.WriteString("»")
		at = m[1]
	}
	writeCollapsed(&b, text[at:to])
	out := strings.TrimSpace(b.String())
	if strings.TrimSpace(text[to:]) != "" {
		out += "…"
	}
	return out
}

// of returns the hits in a field; hits are sorted by field.
func of(hits []hit, field uint8) []hit {
	from := slices.IndexFunc(hits, func(h hit) bool { return h.field == field })
	if from < 0 {
		return nil
	}
	to := from
	for to < len(hits) && hits[to].field == field {
		to++
	}
	return hits[from:to]
}

// densest returns the byte range from the first to the last hit of the group
// that shows most different terms in the length of an excerpt; of equal groups
// the tightest, then the first.
func (r *reading) densest(field uint8, hits []hit, terms int) (int, int) {
	points := r.points[:0]
	for _, h := range hits {
		points = append(points, [2]int{r.point(field, h.start), r.point(field, h.end)})
	}
	r.points = points
	// counted holds, by term, the last i for which the term was counted, plus 1.
	r.counted = append(r.counted[:0], make([]int, terms)...)
	counted := r.counted
	from, to := int(hits[0].start), int(hits[0].end)
	best, tightest := 0, 0
	for i := range hits {
		terms, end, endByte := 0, 0, 0
		for j := i; j < len(hits) && (j == i || points[j][1]-points[i][0] <= excerptLength); j++ {
			if counted[hits[j].term] == i+1 {
				continue
			}
			counted[hits[j].term] = i + 1
			terms++
			end, endByte = max(end, points[j][1]), max(endByte, int(hits[j].end))
		}
		if length := end - points[i][0]; terms > best || terms == best && length < tightest {
			best, tightest = terms, length
			from, to = int(hits[i].start), endByte
		}
	}
	return from, to
}

// around widens a byte range to the length of an excerpt, and to whole words.
func around(text string, first, last int) (int, int) {
	spare := max(excerptLength-utf8.RuneCountInString(text[first:last]), 0)
	from, left := back(text, first, spare/2)
	to, left := forth(text, last, spare-spare/2+left)
	if left > 0 {
		from, _ = back(text, first, spare/2+left)
	}
	if from > 0 {
		from = wordStart(text, from, first)
	}
	if to < len(text) {
		to = wordEnd(text, last, to)
	}
	return from, to
}

// back moves n code points back, and returns how many it could not.
func back(text string, at, n int) (int, int) {
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at, n
}

// forth moves n code points on, and returns how many it could not.
func forth(text string, at, n int) (int, int) {
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at, n
}

// wordStart returns the first place from at on, up to limit, where a word
// begins. Scripts without spaces may be cut between any two letters.
func wordStart(text string, at, limit int) int {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	for i, r := range text[at:limit] {
		if !unicode.IsSpace(r) && unicode.IsSpace(before) || cuttable(r) && cuttable(before) {
			return at + i
		}
		before = r
	}
	return limit
}

// wordEnd returns the last place up to at, not before limit, where a word ends.
func wordEnd(text string, limit, at int) int {
	after, _ := utf8.DecodeRuneInString(text[at:])
	for at > limit {
		r, size := utf8.DecodeLastRuneInString(text[:at])
		if unicode.IsSpace(after) && !unicode.IsSpace(r) || cuttable(r) && cuttable(after) {
			return at
		}
		at -= size
		after = r
	}
	return limit
}

func cuttable(r rune) bool {
	return isHan(r) || r >= 0x3001 && r <= 0x30ff && !unicode.Is(unicode.M, r) || r >= 0xff00 && r <= 0xff60
}

// merged returns the byte ranges of the hits inside a range, overlapping ones
// joined.
func merged(hits []hit, from, to int) [][2]int {
	var ranges [][2]int
	for _, h := range hits {
		start, end := int(h.start), int(h.end)
		if start < from || end > to {
			continue
		}
		if n := len(ranges); n > 0 && start < ranges[n-1][1] {
			ranges[n-1][1] = max(ranges[n-1][1], end)
			continue
		}
		ranges = append(ranges, [2]int{start, end})
	}
	return ranges
}

// writeCollapsed writes text with every run of white space as one space.
func writeCollapsed(b *strings.Builder, text string) {
	from := 0
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		if r > ' ' && r < utf8.RuneSelf || !unicode.IsSpace(r) {
			i += size
			continue
		}
		b.WriteString(text[from:i])
		b.WriteByte(' ')
		for unicode.IsSpace(r) {
			i += size
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		from = i
	}
	b.WriteString(text[from:])
}
