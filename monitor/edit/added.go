package edit

import (
	"strings"
	"unicode/utf8"

	"veille"
)

// aroundAdded is how many kept words stand around the added ones in
// Added.Around: enough for a phrase.
const aroundAdded = 8

// Additions are the words that an edit added.
type Additions struct {
	// Words is the later reading with nothing but them in its title and body.
	Words veille.Snapshot
	// Around is the same with a few kept words around each run of them, so that
	// a phrase that an edit completed is whole.
	Around veille.Snapshot

	// title and body are the ranges of the added words in Around, in characters.
	title, body [][2]int
}

// Touch reports whether a range of a field of Around, in characters, holds an
// added word.
func (a Additions) Touch(field string, start, end int) bool {
	ranges := a.body
	if field == "title" {
		ranges = a.title
	}
	for _, r := range ranges {
		if start < r[1] && end > r[0] {
			return true
		}
	}
	return false
}

// Added returns what an edit added; nil for an edit that added no word.
func Added(was, is veille.Snapshot) *Additions {
	out := &Additions{Words: is, Around: is}
	for _, s := range []*veille.Snapshot{&out.Words, &out.Around} {
		s.Title, s.Body, s.Description = "", "", ""
	}
	in := make(interner, wordsAtFirst)
	lines := func(title string) []string {
		if line := Form(title); line != "" {
			return []string{line}
		}
		return nil
	}
	var words, around string
	words, around, out.title = additions(in.paragraphs(lines(was.Title)), in.paragraphs(lines(is.Title)))
	out.Words.Title, out.Around.Title = words, around
	words, around, out.body = additions(in.paragraphs(Steady(was.Body)), in.paragraphs(Steady(is.Body)))
	out.Words.Body, out.Around.Body = words, around
	if len(out.title)+len(out.body) == 0 {
		return nil
	}
	return out
}

func additions(was, is []paragraph) (words, around string, ranges [][2]int) {
	var w, ctx strings.Builder
	size := 0
	write := func(text string, t token) {
		if size > 0 && (t.spaced || t.breaks) {
			ctx.WriteByte(' ')
			size++
		}
		ctx.WriteString(text)
		size += utf8.RuneCountInString(text)
	}
	var before []token
	after := 0
	diffParagraphs(was, is, func(o op, tokens []token) {
		switch o {
		case added:
			if w.Len() > 0 {
				w.WriteString("\n\n")
			}
			w.WriteString(textOf(tokens))
			if after == 0 && size > 0 {
				ctx.WriteString("\n\n")
				size += 2
			}
			for _, t := range before {
				write(t.text, t)
			}
			before = before[:0]
			first := len(ranges)
			for _, t := range tokens {
				write(t.text, t)
				n := utf8.RuneCountInString(t.text)
				if len(ranges) > first {
					ranges[first][1] = size
				} else {
					ranges = append(ranges, [2]int{size - n, size})
				}
			}
			after = aroundAdded
		case same, moved:
			for _, t := range tokens {
				switch {
				case after > 0:
					write(t.text, t)
					after--
				case len(before) == aroundAdded:
					copy(before, before[1:])
					before[aroundAdded-1] = t
				default:
					before = append(before, t)
				}
			}
		}
	})
	return w.String(), ctx.String(), ranges
}
