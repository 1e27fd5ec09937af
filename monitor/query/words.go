package query

import "unicode/utf8"

// scanner cuts a text into folded words in one pass. Fields describe the word
// that next found; word is overwritten by the following call.
type scanner struct {
	text string
	pos  int

	// rest holds atoms of the character ending at pos that are still to be
	// read; they all stem from text[from:pos].
	rest []atom
	from int
	one  [1]atom
	// joined says that nothing separates what comes next from the last word.
	joined bool

	word []byte
	// start and end are byte offsets in text.
	start, end int
	kind       class
	// glued says that nothing separates the word from the one before it.
	glued bool
}

func (s *scanner) reset(text string) {
	s.text, s.pos, s.rest, s.joined = text, 0, nil, false
}

// next finds the next word and reports whether there is one.
func (s *scanner) next() bool {
	s.word = s.word[:0]
	for {
		var a atom
		if len(s.rest) > 0 {
			a = s.rest[0]
		} else {
			if s.pos >= len(s.text) {
				return len(s.word) > 0
			}
			s.from = s.pos
			r, size := utf8.DecodeRuneInString(s.text[s.pos:])
			s.pos += size
			if a = folding.atom(r); a.class() == classMany {
				s.rest = folding.many[a.rune()]
				a = s.rest[0]
			}
		}
		if !s.take(a) {
			return true
		}
		if len(s.rest) > 0 {
			s.rest = s.rest[1:]
		}
	}
}

// take adds an atom to the word. It returns false when the word ended before
// the atom, which is then read again.
func (s *scanner) take(a atom) bool {
	switch c := a.class(); c {
	case classBreak:
		s.joined = false
		if len(s.word) > 0 {
			if len(s.rest) > 0 {
				s.rest = s.rest[1:]
			}
			return false
		}
	case classMark:
		if len(s.word) > 0 {
			s.merge(a.rune())
			s.end = s.pos
		}
	case classJamo, classLetter:
		if len(s.word) > 0 && s.kind != classLetter {
			s.unread(a)
			return false
		}
		if c == classJamo && len(s.word) > 0 && s.merge(a.rune()) {
			s.end = s.pos
			break
		}
		s.add(a.rune(), classLetter)
	case classSolo, classKata:
		if len(s.word) > 0 {
			s.unread(a)
			return false
		}
		s.add(a.rune(), c)
	}
	return true
}

func (s *scanner) add(r rune, kind class) {
	if len(s.word) == 0 {
		s.start, s.kind, s.glued = s.from, kind, s.joined
		s.joined = true
	}
	s.word = utf8.AppendRune(s.word, r)
	s.end = s.pos
}

// unread makes next see the atom again.
func (s *scanner) unread(a atom) {
	if len(s.rest) == 0 {
		s.one[0] = a
		s.rest = s.one[:]
	}
}

// merge composes r with the last character of the word where they compose.
func (s *scanner) merge(r rune) bool {
	last, size := utf8.DecodeLastRune(s.word)
	joined := compose(last, r)
	if joined == 0 {
		return false
	}
	s.word = utf8.AppendRune(s.word[:len(s.word)-size], joined)
	return true
}
