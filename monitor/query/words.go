package query

import "unicode/utf8"

// scanner cuts a text into folded words in one pass. Fields describe the word
// that next found; word is overwritten by the following call.
type scanner struct {
	fold *folder
	text string
	pos  int

	// rest holds atoms of the character ending at pos that are still to be
	// read; they all stem from text[from:pos].
	rest []atom
	from int
	slow []atom
	// joined says that nothing separates what comes next from the last word.
	joined bool

	word []byte
	// start and end are byte offsets in text.
	start, end int
	kind       class
	// glued says that nothing separates the word from the one before it.
	glued bool
}

func (s *scanner) reset(fold *folder, text string) {
	s.fold, s.text, s.pos, s.rest, s.joined = fold, text, 0, nil, false
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
			if c := s.text[s.pos]; c < utf8.RuneSelf && s.fold.bmp != nil {
				s.pos++
				a = s.fold.bmp[c]
				if a.class() == classLetter && len(s.word) > 0 && s.kind == classLetter {
					s.word = append(s.word, byte(a))
					s.end = s.pos
					continue
				}
			} else {
				r, size := utf8.DecodeRuneInString(s.text[s.pos:])
				s.pos += size
				a = s.look(r)
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

// look returns the atom of r; further ones wait in rest, with it.
func (s *scanner) look(r rune) atom {
	if r < 0x10000 && s.fold.bmp != nil {
		a := s.fold.bmp[r]
		if a.class() == classMany {
			s.rest = s.fold.many[a.rune()]
			return s.rest[0]
		}
		return a
	}
	s.slow = appendFold(s.slow[:0], r)
	switch len(s.slow) {
	case 0:
		return newAtom(classDrop, r)
	case 1:
		return s.slow[0]
	}
	s.rest = s.slow
	return s.rest[0]
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
		s.slow = append(s.slow[:0], a)
		s.rest = s.slow
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
