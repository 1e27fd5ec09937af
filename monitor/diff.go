package monitor

import (
	"strings"

	"veille"
)

const (
	// diffLimit bounds Change.Diff, in bytes; runLimit one run of words in
	// Added and Removed, and runsLimit how many of them there are.
	diffLimit = 2000
	runLimit  = 600
	runsLimit = 20
	// diffContext is how many unchanged words stand around a change.
	diffContext = 5
)

// change describes an edit from one title and body to another, word by word.
// The title counts as the first paragraph. What two texts differ in only to
// the eye (see steady) is no difference.
func change(oldTitle, oldBody, title, body string) *veille.Change {
	c := &veille.Change{Added: []string{}, Removed: []string{}}
	if steadyText(oldTitle) != steadyText(title) {
		c.Title = &veille.FieldChange{From: oldTitle, To: title}
	}
	in := interner{}
	was := in.paragraphs(oldTitle, oldBody)
	is := in.paragraphs(title, body)
	r := rendering{change: c}
	diffParagraphs(was, is, r.add)
	r.finish()
	return c
}

// token is a word, or one ideograph. Equal ids compare equal.
type token struct {
	id   int32
	text string
	// spaced says that a space stands before it, breaks that a paragraph does.
	spaced, breaks bool
}

type paragraph struct {
	id     int32
	tokens []token
}

// interner gives equal texts equal numbers.
type interner map[string]int32

func (in interner) id(text string) int32 {
	id, ok := in[text]
	if !ok {
		id = int32(len(in))
		in[text] = id
	}
	return id
}

func (in interner) paragraphs(title, body string) []paragraph {
	var out []paragraph
	for _, text := range [2]string{title, body} {
		for _, line := range steady(text) {
			out = append(out, paragraph{in.id("\n" + line), in.tokens(line)})
		}
	}
	return out
}

func (in interner) tokens(line string) []token {
	tokens := make([]token, 0, len(line)/6+1)
	for word := range strings.SplitSeq(line, " ") {
		spaced := true
		start := 0
		for i, r := range word {
			if !ideographic(r) {
				continue
			}
			if i > start {
				tokens = append(tokens, token{id: in.id(word[start:i]), text: word[start:i], spaced: spaced})
				spaced = false
			}
			end := i + len(string(r))
			tokens = append(tokens, token{id: in.id(word[i:end]), text: word[i:end], spaced: spaced})
			spaced, start = false, end
		}
		if start < len(word) {
			tokens = append(tokens, token{id: in.id(word[start:]), text: word[start:], spaced: spaced})
		}
	}
	if len(tokens) > 0 {
		tokens[0].breaks = true
	}
	return tokens
}

// diffParagraphs aligns whole paragraphs first, and compares words only within
// the paragraphs that found no equal.
func diffParagraphs(was, is []paragraph, emit func(op, []token)) {
	a, b := make([]int32, len(was)), make([]int32, len(is))
	for i, p := range was {
		a[i] = p.id
	}
	for i, p := range is {
		b[i] = p.id
	}
	i, j := 0, 0
	gap := func(toI, toJ int) {
		diffTokens(join(was[i:toI]), join(is[j:toJ]), emit)
	}
	align(a, b, func(x, y int) {
		gap(x, y)
		emit(same, is[y].tokens)
		i, j = x+1, y+1
	})
	gap(len(was), len(is))
}

func join(ps []paragraph) []token {
	var out []token
	for _, p := range ps {
		out = append(out, p.tokens...)
	}
	return out
}

func diffTokens(was, is []token, emit func(op, []token)) {
	a, b := make([]int32, len(was)), make([]int32, len(is))
	for i, t := range was {
		a[i] = t.id
	}
	for i, t := range is {
		b[i] = t.id
	}
	i, j := 0, 0
	gap := func(toI, toJ int) {
		if toI > i {
			emit(removed, was[i:toI])
		}
		if toJ > j {
			emit(added, is[j:toJ])
		}
	}
	align(a, b, func(x, y int) {
		gap(x, y)
		emit(same, is[y:y+1])
		i, j = x+1, y+1
	})
	gap(len(was), len(is))
}

type op int

const (
	same op = iota
	removed
	added
)

// rendering collects the pieces of a diff into a Change.
type rendering struct {
	change *veille.Change
	out    strings.Builder
	// before holds the last unchanged words, after counts those still to show
	// behind a change.
	before []token
	after  int
	run    []token
	runOp  op
	shown  bool
	full   bool
}

func (r *rendering) add(o op, tokens []token) {
	if o == same {
		r.flush()
		for _, t := range tokens {
			if r.after > 0 {
				r.write(t.text, t)
				r.after--
				continue
			}
			if len(r.before) == diffContext {
				copy(r.before, r.before[1:])
				r.before = r.before[:diffContext-1]
				r.skip()
			}
			r.before = append(r.before, t)
		}
		return
	}
	if o != r.runOp {
		r.flush()
	}
	r.runOp = o
	r.run = append(r.run, tokens...)
}

// skip marks that words were left out.
func (r *rendering) skip() { r.shown = false }

func (r *rendering) flush() {
	if len(r.run) == 0 {
		return
	}
	text := cutText(textOf(r.run), runLimit)
	if r.runOp == added {
		r.change.Words.Added += countWords(r.run)
		if len(r.change.Added) < runsLimit {
			r.change.Added = append(r.change.Added, text)
		}
	} else {
		r.change.Words.Removed += countWords(r.run)
		if len(r.change.Removed) < runsLimit {
			r.change.Removed = append(r.change.Removed, text)
		}
	}
	if !r.shown {
		if r.out.Len() > 0 {
			r.out.WriteByte(' ')
		}
		r.out.WriteString("…")
	}
	for _, t := range r.before {
		r.write(t.text, t)
	}
	r.before = r.before[:0]
	mark := "{+" + text + "+}"
	if r.runOp == removed {
		mark = "[-" + text + "-]"
	}
	r.write(mark, r.run[0])
	r.after, r.shown = diffContext, true
	r.run = r.run[:0]
}

// write appends to the diff while there is room; the rest is marked as cut.
func (r *rendering) write(text string, t token) {
	if r.full {
		return
	}
	if r.out.Len()+len(text)+8 > diffLimit {
		r.full = true
		r.out.WriteString(" …")
		return
	}
	if r.out.Len() > 0 && (t.spaced || t.breaks) {
		r.out.WriteByte(' ')
	}
	r.out.WriteString(text)
}

func (r *rendering) finish() {
	r.flush()
	if !r.full && r.out.Len() > 0 && (len(r.before) > 0 || !r.shown) {
		r.out.WriteString(" …")
	}
	r.change.Diff = strings.TrimSpace(r.out.String())
}

// countWords counts tokens that hold a letter or a digit.
func countWords(tokens []token) int {
	n := 0
	for _, t := range tokens {
		if strings.ContainsFunc(t.text, isWordRune) {
			n++
		}
	}
	return n
}

func textOf(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && (t.spaced || t.breaks) {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// cutText cuts a text to at most limit bytes at a rune, and marks the cut.
func cutText(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	cut := limit - len("…")
	for cut > 0 && text[cut]&0xc0 == 0x80 {
		cut--
	}
	return text[:cut] + "…"
}
