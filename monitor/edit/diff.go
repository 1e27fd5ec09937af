package edit

import (
	"strings"

	"veille"
)

// leastMoved is how many words a paragraph has at least that is told to have
// moved.
const leastMoved = 3

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
	moved  bool
}

// wordsAtFirst is how many different words an article seldom has more of.
const wordsAtFirst = 2048

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

func (in interner) paragraphs(lines []string) []paragraph {
	out := make([]paragraph, 0, len(lines))
	for _, line := range lines {
		out = append(out, paragraph{id: in.id("\n" + line), tokens: in.tokens(line)})
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

type op int

const (
	same op = iota
	removed
	added
	moved
)

func segmentOf(o op) veille.SegmentOp {
	switch o {
	case removed:
		return veille.SegmentRemoved
	case added:
		return veille.SegmentAdded
	case moved:
		return veille.SegmentMoved
	}
	return veille.SegmentKept
}

// compare walks through the titles and the steady bodies of two readings, in
// the order of the later one.
func compare(titles [2]string, bodies [2][]string, emit func(op, []token)) {
	in := make(interner, wordsAtFirst)
	var heads [2][]paragraph
	for i, title := range titles {
		if line := Form(title); line != "" {
			heads[i] = in.paragraphs([]string{line})
		}
	}
	diffParagraphs(heads[0], heads[1], emit)
	diffParagraphs(in.paragraphs(bodies[0]), in.paragraphs(bodies[1]), emit)
}

// diffParagraphs aligns whole paragraphs first, finds those of the rest that
// only moved, and compares words only within what is left.
func diffParagraphs(was, is []paragraph, emit func(op, []token)) {
	a, b := make([]int32, len(was)), make([]int32, len(is))
	for i, p := range was {
		a[i] = p.id
	}
	for i, p := range is {
		b[i] = p.id
	}
	var pairs [][2]int
	align(a, b, func(x, y int) { pairs = append(pairs, [2]int{x, y}) })
	markMoved(was, is, pairs)
	i, j := 0, 0
	for _, p := range append(pairs, [2]int{len(was), len(is)}) {
		diffGap(was[i:p[0]], is[j:p[1]], emit)
		if p[1] < len(is) {
			emit(same, is[p[1]].tokens)
		}
		i, j = p[0]+1, p[1]+1
	}
}

// markMoved pairs the equal paragraphs that the alignment left, in order.
func markMoved(was, is []paragraph, pairs [][2]int) {
	left := map[int32][]int{}
	each := func(n int, which int, visit func(int)) {
		k := 0
		for _, p := range append(pairs, [2]int{n, n}) {
			for ; k < p[which] && k < n; k++ {
				visit(k)
			}
			k = p[which] + 1
		}
	}
	each(len(was), 0, func(i int) { left[was[i].id] = append(left[was[i].id], i) })
	each(len(is), 1, func(j int) {
		from := left[is[j].id]
		if len(from) == 0 || countWords(is[j].tokens) < leastMoved {
			return
		}
		was[from[0]].moved, is[j].moved = true, true
		left[is[j].id] = from[1:]
	})
}

// piece is a run of tokens with one fate.
type piece struct {
	op     op
	tokens []token
}

// diffGap compares what lies between equal paragraphs. Moved paragraphs are
// emitted where they are now.
func diffGap(was, is []paragraph, emit func(op, []token)) {
	type arrival struct {
		at     int
		tokens []token
	}
	var a, b []token
	var arrivals []arrival
	for _, p := range was {
		if !p.moved {
			a = append(a, p.tokens...)
		}
	}
	for _, p := range is {
		if p.moved {
			arrivals = append(arrivals, arrival{len(b), p.tokens})
			continue
		}
		b = append(b, p.tokens...)
	}
	n := 0
	for _, p := range diffTokens(a, b) {
		if p.op == removed {
			emit(removed, p.tokens)
			continue
		}
		for len(arrivals) > 0 && arrivals[0].at < n+len(p.tokens) {
			if k := arrivals[0].at - n; k > 0 {
				emit(p.op, p.tokens[:k])
				p.tokens, n = p.tokens[k:], n+k
			}
			emit(moved, arrivals[0].tokens)
			arrivals = arrivals[1:]
		}
		emit(p.op, p.tokens)
		n += len(p.tokens)
	}
	for _, r := range arrivals {
		emit(moved, r.tokens)
	}
}

const (
	// A gap of leastRewritten words of which fewer than two in five were kept
	// has been rewritten: the words that both have by chance are shown as new.
	leastRewritten = 12
)

func diffTokens(was, is []token) []piece {
	a, b := make([]int32, len(was)), make([]int32, len(is))
	for i, t := range was {
		a[i] = t.id
	}
	for i, t := range is {
		b[i] = t.id
	}
	var out []piece
	i, j, kept := 0, 0, 0
	gap := func(toI, toJ int) {
		if toI > i {
			out = append(out, piece{removed, was[i:toI]})
		}
		if toJ > j {
			out = append(out, piece{added, is[j:toJ]})
		}
	}
	align(a, b, func(x, y int) {
		gap(x, y)
		if n := len(out); n > 0 && out[n-1].op == same && x == i && y == j {
			out[n-1].tokens = is[y-len(out[n-1].tokens) : y+1]
		} else {
			out = append(out, piece{same, is[y : y+1]})
		}
		i, j = x+1, y+1
		kept++
	})
	gap(len(was), len(is))
	if least := min(len(was), len(is)); least >= leastRewritten && kept*5 < least*2 {
		return []piece{{removed, was}, {added, is}}
	}
	return out
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
