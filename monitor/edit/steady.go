package edit

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostLooked is how many short lines of one body are looked at for noise. No
// article has more; what has is not worth the time.
const mostLooked = 5000

// longestSearched is how long a paragraph is, in bytes, in which clocks are
// looked for.
const longestSearched = 16 << 10

// Steady returns the paragraphs of a body without what is no edit: what is only
// form (see Form), and what varies by itself (see noise.go).
func Steady(body string) []string {
	var paragraphs []string
	related, looks := false, 0
	for line := range strings.SplitSeq(compose(html.UnescapeString(body)), "\n") {
		line = form(line)
		if line == "" {
			continue
		}
		short := len(line) <= longestNoise && looks < mostLooked
		if short {
			looks++
		}
		if short && relatedHeading(line) {
			related = true
			continue
		}
		// What stands below such a heading are headlines, which end like none.
		related = related && short && !Sentence(line)
		if related || short && noisy(line) {
			continue
		}
		if len(line) <= longestSearched && hasClock(line) {
			line = withoutClocks(line)
		}
		if line != "" {
			paragraphs = append(paragraphs, line)
		}
	}
	return paragraphs
}

// SteadyText joins the paragraphs: where a paragraph ends is layout, no edit.
func SteadyText(body string) string { return strings.Join(Steady(body), " ") }

// Form returns a line, such as a title, without what only the form of a page
// makes of it: entities left over, kinds of space, quotes, dash and ellipsis,
// invisible characters, decomposed letters.
func Form(line string) string { return form(compose(html.UnescapeString(line))) }

func form(line string) string {
	var b strings.Builder
	b.Grow(len(line))
	// Quotes come in pairs: the space before the first and behind the second
	// one is the text's, that within them is French typography.
	space, inside, opened := false, false, false
	for _, r := range line {
		switch r {
		case '’', '‘', 'ʼ', '‛', '´', '`', '′':
			r = '\''
		case '“', '”', '„', '‟', '″', '«', '»':
			r = '"'
		case '‐', '‑', '‒', '–', '—', '−':
			r = '-'
		case '\u00ad', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff':
			continue
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			space = b.Len() > 0
			continue
		}
		closes := r == '"' && inside
		// So is the space before high punctuation. Pages waver between the two.
		if space && !closes && !opened && !strings.ContainsRune(";:!?%", r) {
			b.WriteByte(' ')
		}
		space, opened = false, r == '"' && !inside
		if r == '"' {
			inside = !inside
		}
		if r == '…' {
			b.WriteString("...")
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Sentence reports whether a line ends as a sentence does: a headline, a
// caption or a button does not.
func Sentence(line string) bool {
	line = strings.TrimRight(line, "\"')]」』”’» ")
	r, _ := utf8.DecodeLastRuneInString(line)
	return strings.ContainsRune(".!?:;。！？：；؟۔।…", r)
}

// sameText reports whether a reader would see no difference.
func sameText(was, is string) bool { return was == is || SteadyText(was) == SteadyText(is) }

// sameForm is sameText for a line, whose words are all meant.
func sameForm(was, is string) bool { return was == is || Form(was) == Form(is) }

// Same reports whether a reader would see the same title and body.
func Same(oldTitle, oldBody, title, body string) bool {
	return sameForm(oldTitle, title) && sameText(oldBody, body)
}
