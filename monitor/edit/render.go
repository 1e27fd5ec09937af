package edit

import "veille"

const (
	// diffLimit bounds Change.Diff, in bytes; runLimit one run of words in
	// Added and Removed, and runsLimit how many of them there are.
	diffLimit = 2000
	runLimit  = 600
	runsLimit = 20
	// movedLimit bounds the beginning of a moved paragraph, in bytes.
	movedLimit = 120
	// diffContext is how many unchanged words stand around a change.
	diffContext = 5
)

// rendering collects the pieces of a diff into a Change.
type rendering struct {
	change *veille.Change
	out    []veille.Segment
	size   int
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
				r.write(same, t.text, t)
				r.after--
				continue
			}
			if len(r.before) == diffContext {
				copy(r.before, r.before[1:])
				r.before = r.before[:diffContext-1]
				r.shown = false // words were left out
			}
			r.before = append(r.before, t)
		}
		return
	}
	// Two paragraphs that moved are two moves.
	if o != r.runOp || o == moved {
		r.flush()
	}
	r.runOp = o
	r.run = append(r.run, tokens...)
}

func (r *rendering) flush() {
	if len(r.run) == 0 {
		return
	}
	text := Cut(textOf(r.run), runLimit)
	switch r.runOp {
	case added:
		r.change.Words.Added += countWords(r.run)
		if len(r.change.Added) < runsLimit {
			r.change.Added = append(r.change.Added, text)
		}
	case moved:
		text = Cut(text, movedLimit)
		if len(r.change.Moved) < runsLimit {
			r.change.Moved = append(r.change.Moved, text)
		}
	default:
		r.change.Words.Removed += countWords(r.run)
		if len(r.change.Removed) < runsLimit {
			r.change.Removed = append(r.change.Removed, text)
		}
	}
	if !r.shown {
		if len(r.out) > 0 {
			r.kept(" ")
		}
		r.kept("…")
	}
	for _, t := range r.before {
		r.write(same, t.text, t)
	}
	r.before = r.before[:0]
	r.write(r.runOp, text, r.run[0])
	r.after, r.shown = diffContext, true
	r.run = r.run[:0]
}

// write appends to the diff while there is room; the rest is marked as cut.
func (r *rendering) write(o op, text string, t token) {
	if r.full {
		return
	}
	if r.size+len(text)+8 > diffLimit {
		r.full = true
		r.kept(" …")
		return
	}
	if len(r.out) > 0 && (t.spaced || t.breaks) {
		r.kept(" ")
	}
	if o == same {
		r.kept(text)
		return
	}
	r.out = append(r.out, veille.Segment{Op: segmentOf(o), Text: text})
	r.size += len(text) + 4
}

func (r *rendering) kept(text string) {
	r.size += len(text)
	if n := len(r.out); n > 0 && r.out[n-1].Op == veille.SegmentKept {
		r.out[n-1].Text += text
		return
	}
	r.out = append(r.out, veille.Segment{Op: veille.SegmentKept, Text: text})
}

func (r *rendering) finish() {
	r.flush()
	if !r.full && len(r.out) > 0 && (len(r.before) > 0 || !r.shown) {
		r.kept(" …")
	}
	r.change.Diff = veille.Marked(r.out)
}

// Cut cuts a text to at most limit bytes at a rune, and marks the cut.
func Cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	cut := limit - len("…")
	for cut > 0 && text[cut]&0xc0 == 0x80 {
		cut--
	}
	return text[:cut] + "…"
}
