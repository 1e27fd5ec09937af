package web

import (
	"cmp"
	"slices"
	"strings"

	"veille"
)

// segment is a run of text that is shown in one way: Kind is "" for plain,
// "hit" for a matched word, "ins", "del" and "moved" for what an edit did.
type segment struct{ Text, Kind string }

// marked turns the «» of a match's excerpt into hits. Quotation marks that the
// article brought along stay: only what a term found is a hit.
func marked(m veille.Match) []segment {
	found := map[string]bool{}
	for _, t := range m.Terms {
		found[t.Text] = true
	}
	var out []segment
	rest := m.Excerpt
	plain := 0
	for at := 0; ; {
		i := strings.Index(rest[at:], "«")
		if i < 0 {
			break
		}
		i += at
		from := i + len("«")
		j := strings.Index(rest[from:], "»")
		if j < 0 {
			break
		}
		if inner := rest[from : from+j]; found[inner] {
			out = append(out, segment{rest[plain:i], ""}, segment{inner, "hit"})
			at = from + j + len("»")
			plain = at
			continue
		}
		at = from
	}
	return compact(append(out, segment{rest[plain:], ""}))
}

func compact(s []segment) []segment {
	return slices.DeleteFunc(s, func(s segment) bool { return s.Text == "" })
}

// highlighted cuts a field of an article at the terms that were found in it.
func highlighted(text, field string, matches []veille.Match) []segment {
	type span struct{ from, to int }
	var spans []span
	for _, m := range matches {
		for _, t := range m.Terms {
			if t.Field == field && t.Start >= 0 && t.End > t.Start {
				spans = append(spans, span{t.Start, t.End})
			}
		}
	}
	if len(spans) == 0 {
		return compact([]segment{{text, ""}})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	runes := []rune(text)
	var out []segment
	at := 0
	for _, s := range spans {
		if s.from < at || s.to > len(runes) {
			continue
		}
		out = append(out, segment{string(runes[at:s.from]), ""}, segment{string(runes[s.from:s.to]), "hit"})
		at = s.to
	}
	return compact(append(out, segment{string(runes[at:]), ""}))
}

// paragraphs cuts segments at blank lines.
func paragraphs(s []segment) [][]segment {
	var out [][]segment
	var now []segment
	for _, x := range s {
		parts := strings.Split(x.Text, "\n\n")
		for i, p := range parts {
			if i > 0 && len(now) > 0 {
				out, now = append(out, now), nil
			}
			if p != "" {
				now = append(now, segment{p, x.Kind})
			}
		}
	}
	if len(now) > 0 {
		out = append(out, now)
	}
	return out
}

// diffed is what an edit changed, with the places around it.
func diffed(c veille.Change) []segment {
	kinds := map[veille.SegmentOp]string{veille.SegmentAdded: "ins", veille.SegmentRemoved: "del", veille.SegmentMoved: "moved"}
	var out []segment
	for _, s := range c.Segments() {
		out = append(out, segment{s.Text, kinds[s.Op]})
	}
	return out
}

// bodyRuns leaves out the runs of words that lead a change and stand in the
// title: a change tells of the title first, then of the body.
func bodyRuns(runs []string, title string) []string {
	at := 0
	for i, run := range runs {
		_, to, ok := findWords(title, at, run)
		if !ok {
			return runs[i:]
		}
		at = to
	}
	return nil
}

// runsMarked marks runs of words in a text, in their order; one that is not
// there is passed over. Runs and text may differ in their white space.
func runsMarked(text string, runs []string, kind string) []segment {
	var out []segment
	at := 0
	for _, run := range runs {
		from, to, ok := findWords(text, at, run)
		if !ok {
			continue
		}
		out = append(out, segment{text[at:from], ""}, segment{text[from:to], kind})
		at = to
	}
	return compact(append(out, segment{text[at:], ""}))
}

// findWords finds the words of a run one after the other in text[at:], whatever
// white space separates them.
func findWords(text string, at int, run string) (from, to int, ok bool) {
	words := strings.Fields(run)
	if len(words) == 0 {
		return 0, 0, false
	}
	for start := at; ; {
		i := strings.Index(text[start:], words[0])
		if i < 0 {
			return 0, 0, false
		}
		from, to = start+i, start+i+len(words[0])
		ok = true
		for _, w := range words[1:] {
			rest := strings.TrimLeft(text[to:], " \n\t\u00a0\u202f")
			if !strings.HasPrefix(rest, w) {
				ok = false
				break
			}
			to = len(text) - len(rest) + len(w)
		}
		if ok {
			return from, to, true
		}
		start = from + len(words[0])
	}
}
