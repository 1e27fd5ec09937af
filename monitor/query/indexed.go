package query

import (
	"bytes"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/snowballstem"

	"veille"
)

// What the words of an index begin with that are no words of a text. No folded
// word has such a byte.
const (
	markStem     = '\x01'
	markLanguage = '\x02'
)

// indexing changes when an Indexer finds other words than before.
const indexing = 1

// IndexVersion names how an Indexer reads texts: what was indexed under another
// name does not answer today's queries.
func IndexVersion() string {
	return strconv.Itoa(indexing) + "-" + strconv.FormatUint(uint64(crc32.ChecksumIEEE(foldData)), 16)
}

// Indexer finds what an index must know of an article, so that Wanted narrows
// a search without losing a match. It is not safe for concurrent use.
type Indexer struct {
	set  *Set
	env  *snowballstem.Env
	scan scanner
	seen map[uint64]struct{}
	// pair holds the character before, where the next one may be written
	// together with it; marked is for words that begin with a mark.
	pair, marked []byte
}

// NewIndexer makes an Indexer.
func NewIndexer() *Indexer {
	s := build(newSeed(), &checkedWatches{}, nil)
	s.reads |= inURL | inAuthor | inSite
	return &Indexer{set: s, env: snowballstem.NewEnv(""), seen: map[uint64]struct{}{}}
}

// Words calls yield with every word that a term may find in an article, in any
// field but its tags, and returns the language that it was read in, as Match
// does. Words may come twice, and are valid until yield returns.
func (x *Indexer) Words(a *veille.Snapshot, yield func(word []byte)) (language string) {
	r := x.set.read(a, nil)
	defer x.set.release(r)
	clear(x.seen)
	for i := range r.parts {
		p := &r.parts[i]
		x.pair = x.pair[:0]
		for n := p.lo; n < p.hi; n++ {
			if t := &r.tokens[n]; t.kind == classLetter {
				x.letters(r, p, t, yield)
			} else {
				x.character(r, p, t, yield)
			}
		}
	}
	x.mark(markLanguage, firstWord(r.language), yield)
	return r.language
}

func (x *Indexer) mark(mark byte, word []byte, yield func([]byte)) {
	x.marked = append(append(x.marked[:0], mark), word...)
	yield(x.marked)
}

// character yields a character of a script without spaces, and with the one
// before it what is written together: phrases of such a script are found by
// their pairs.
func (x *Indexer) character(r *reading, p *section, t *token, yield func([]byte)) {
	word := x.set.folded(r, t, p.text)
	if len(x.pair) > 0 && t.glued {
		n := len(x.pair)
		x.pair = append(x.pair, word...)
		yield(x.pair)
		yield(x.pair[n:])
	} else {
		yield(word)
	}
	x.pair = append(x.pair[:0], word...)
}

// letters yields a word, what it may be without its particles, and what it may
// be inflected from.
func (x *Indexer) letters(r *reading, p *section, t *token, yield func([]byte)) {
	x.pair = x.pair[:0]
	written := p.text[t.start:t.end]
	key := t.hash
	if !t.plain {
		// What a word is inflected from depends on its accents.
		key ^= hashOf(x.set.seed^saltStem, written)
	}
	if _, done := x.seen[key]; done {
		return
	}
	x.seen[key] = struct{}{}
	word := x.set.folded(r, t, p.text)
	wordReadings(word, t.kind, func(reading []byte, _ int) { yield(reading) })
	from := stemmerOf(r.language)
	if from < 0 {
		return
	}
	to := from + 1
	if from == len(stemmers) {
		from, to = 0, from
	}
	lower := lowered(written)
	for i := from; i < to; i++ {
		if stem := stemOf(&x.scan, x.env, lower, i); stem != nil && !bytes.Equal(stem, word) {
			x.mark(markStem, stem, yield)
		}
	}
}

// firstWord is what the first word of a text is compared as.
func firstWord(text string) []byte {
	var s scanner
	s.reset(text)
	s.next()
	return s.word
}

// Wanted is what an index must hold of an article for a query to match it: All
// of some, or N of Any, or a Word, or a word with the beginning Begin. The zero
// Wanted asks for nothing.
type Wanted struct {
	Word, Begin string
	All, Any    []Wanted
	N           int
}

// Nothing reports whether every article has what is wanted.
func (w *Wanted) Nothing() bool {
	return w.Word == "" && w.Begin == "" && len(w.All) == 0 && len(w.Any) == 0
}

// Wanted returns what every article has that satisfies one of the Set's
// watches. It may ask for less than they do, never for more: what an index
// finds with it is still to be matched. The article must have been read by an
// Indexer of the same IndexVersion.
func (s *Set) Wanted() Wanted {
	x := wanting{concepts: s.concepts, left: mostWanted}
	var either []Wanted
	for _, ref := range s.refs {
		either = append(either, x.of(s.watches.tree(ref)))
	}
	return anyOf(either, 1)
}

// InLanguage wants an article that was read in a language, by its code.
func InLanguage(code string) Wanted {
	return Wanted{Word: string(markLanguage) + string(firstWord(code))}
}

// AllOf wants everything.
func AllOf(parts ...Wanted) Wanted {
	parts = slices.DeleteFunc(parts, func(w Wanted) bool { return w.Nothing() })
	if len(parts) == 1 {
		return parts[0]
	}
	return Wanted{All: parts}
}

func anyOf(parts []Wanted, n int) Wanted {
	for i := range parts {
		if parts[i].Nothing() {
			if n--; n == 0 {
				return Wanted{}
			}
		}
	}
	parts = slices.DeleteFunc(parts, func(w Wanted) bool { return w.Nothing() })
	switch {
	case len(parts) < n:
		return Wanted{} // a concept without a word: nothing is known of it
	case len(parts) == 1:
		return parts[0]
	}
	return Wanted{Any: parts, N: n}
}

// mostWanted bounds the words that are looked up for one query. Concepts that
// name concepts may stand for more than anybody wrote; what is beyond is not
// asked for.
const mostWanted = 20_000

// wanting walks the tree of a watch.
type wanting struct {
	concepts map[string][]string
	left     int
	// open are the concepts that are being walked.
	open []string
	scan scanner
}

func (x *wanting) of(e *Expr) Wanted {
	if x.left--; x.left < 0 {
		return Wanted{}
	}
	switch e.Op {
	case OpTerm:
		return x.term(e)
	case OpConcept:
		return x.concept(e.Text)
	case OpField:
		switch e.Text {
		case "tag":
			return Wanted{}
		case "lang":
			return x.languages(e.Kids[0])
		}
		return x.of(e.Kids[0])
	case OpAnd, OpNear:
		return AllOf(x.kids(e)...)
	case OpOr:
		return anyOf(x.kids(e), 1)
	case OpAtLeast:
		return anyOf(x.kids(e), e.N)
	}
	return Wanted{}
}

func (x *wanting) kids(e *Expr) []Wanted {
	out := make([]Wanted, len(e.Kids))
	for i, k := range e.Kids {
		out[i] = x.of(k)
	}
	return out
}

// languages wants one of some languages, or one that is not known.
func (x *wanting) languages(e *Expr) Wanted {
	terms := []*Expr{e}
	if e.Op == OpOr {
		terms = e.Kids
	}
	either := []Wanted{InLanguage("")}
	for _, t := range terms {
		either = append(either, InLanguage(t.Text))
	}
	return anyOf(either, 1)
}

func (x *wanting) concept(name string) Wanted {
	if slices.Contains(x.open, name) {
		return Wanted{}
	}
	x.open = append(x.open, name)
	defer func() { x.open = x.open[:len(x.open)-1] }()
	var either []Wanted
	for _, item := range x.concepts[name] {
		if e, err := treeOfItem(item); err == nil {
			either = append(either, x.of(e))
		}
	}
	return anyOf(either, 1)
}

func (x *wanting) term(e *Expr) Wanted {
	words := wordsOf(e.Text)
	var all []Wanted
	for i, w := range words {
		last := i == len(words)-1
		switch {
		case e.Form == Inflected && w.kind == classLetter:
			all = append(all, x.inflected(w, e.Text))
			continue
		case e.Prefix && last && w.kind != classSolo:
			all = append(all, Wanted{Begin: w.text})
			continue
		}
		all = append(all, Wanted{Word: w.text})
		if i > 0 && w.glued && w.kind != classLetter && words[i-1].kind != classLetter {
			all = append(all, Wanted{Word: words[i-1].text + w.text})
		}
	}
	return AllOf(all...)
}

// inflected wants the word, or what it is inflected from in any language.
func (x *wanting) inflected(w termWord, text string) Wanted {
	either := []Wanted{{Word: w.text}}
	env := snowballstem.NewEnv("")
	word := lowered(text[w.start:w.end])
	for i := range stemmers {
		if stem := stemOf(&x.scan, env, word, i); stem != nil {
			either = append(either, Wanted{Word: string(stem)}, Wanted{Word: string(markStem) + string(stem)})
		}
	}
	slices.SortFunc(either, func(a, b Wanted) int { return strings.Compare(a.Word, b.Word) })
	return anyOf(slices.CompactFunc(either, func(a, b Wanted) bool { return a.Word == b.Word }), 1)
}
