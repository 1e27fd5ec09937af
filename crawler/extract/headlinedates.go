package extract

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// besideHeadline reads dates in the short texts around the headline.
func (d *dater) besideHeadline(f *facts) (pub, mod []stamp) {
	headline := f.headlineNode()
	if headline == nil {
		return nil, nil
	}
	for _, text := range around(headline) {
		if !d.isDateline(text) {
			continue
		}
		written, changed := text, ""
		if at := changeWords.FindStringIndex(text); at != nil {
			written, changed = text[:at[0]], text[at[0]:]
		}
		if st, ok := parseDate(written, d.dayFirst()); ok {
			pub = append(pub, st)
		}
		if st, ok := parseDate(changed, d.dayFirst()); ok {
			mod = append(mod, st)
		}
	}
	return pub, mod
}

// isDateline reports whether a text is little more than its date: "Corée du Nord
// 14.09.2023 à 10h24", and not a sentence that tells of a day.
func (d *dater) isDateline(text string) bool {
	text = strings.TrimSpace(asciiDigits(text))
	_, from, to, ok := findDate(text, d.dayFirst())
	if !ok {
		return false
	}
	rest := strings.TrimSpace(text[:from] + " " + text[to:])
	if _, again, end, ok := findDate(rest, d.dayFirst()); ok {
		rest = strings.TrimSpace(rest[:again] + " " + rest[end:])
	}
	words := len(strings.FieldsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }))
	if words > 10 || textWeight(rest) > 70 {
		return false
	}
	sentence := strings.HasSuffix(rest, ".") || strings.HasSuffix(rest, "!") || strings.HasSuffix(rest, "?") || strings.HasSuffix(rest, "。")
	return !sentence || words < 3 && !strings.HasSuffix(rest, "。")
}

// around returns the short texts after a headline, then the few before it: in
// its own container first, then in those around it.
func around(headline *html.Node) []string {
	const most, before = 14, 3
	var out []string
	for at, level := headline, 0; at.Parent != nil && level < 5 && len(out) < most; at, level = at.Parent, level+1 {
		if at.DataAtom == atom.Body || at.DataAtom == atom.Article {
			break
		}
		prose := false
		for n := at.NextSibling; n != nil && len(out) < most && !prose; n = n.NextSibling {
			prose = shortTexts(n, &out, most)
		}
		count := 0
		for n := at.PrevSibling; n != nil && count < before; n = n.PrevSibling {
			if text := textUpTo(n, 160); text != "" && len(text) <= 160 && grade(n) < strong {
				out = append(out, text)
				count++
			}
		}
	}
	return out
}

// shortTexts appends the short texts below n that are not furniture, until the
// article's prose begins.
func shortTexts(n *html.Node, out *[]string, most int) (prose bool) {
	if len(*out) >= most || n.Type == html.ElementNode && (isJunk(n.DataAtom) || grade(n) >= strong || n.DataAtom == atom.H1) {
		return len(*out) >= most
	}
	text := textUpTo(n, 200)
	if text == "" {
		return false
	}
	if len(text) <= 200 {
		*out = append(*out, text)
		return false
	}
	if n.Type == html.TextNode || n.DataAtom == atom.P {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if shortTexts(c, out, most) {
			return true
		}
	}
	return false
}
