package search

import "context"

// Want is what an article must hold: All of some, or N of Any, or a Word, or a
// word with the beginning Begin. The zero Want asks for nothing.
type Want struct {
	Word, Begin string
	All, Any    []Want
	N           int
}

// mostOpen is how many words are read at once in a segment: each of them holds a
// page in memory.
const mostOpen = 512

// finder returns the articles of a segment that hold what is wanted.
func (s *segment) finder(ctx context.Context, w Want) (ordinals, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch {
	case w.Word != "":
		l, err := s.find(w.Word[:min(len(w.Word), longestWord)])
		return s.read(l), err
	case w.Begin != "":
		return s.beginning(w.Begin[:min(len(w.Begin), longestWord)])
	case len(w.All) > 0:
		kids, err := s.finders(ctx, few(w.All))
		return &allOf{kids: kids}, err
	case w.union():
		return s.union(ctx, w.Any)
	case len(w.Any) > 0:
		kids, err := s.finders(ctx, w.Any)
		return &anyOf{kids: kids, at: make([]uint32, len(kids)), n: max(w.N, 1)}, err
	}
	return every{s.articles}, nil
}

func (s *segment) finders(ctx context.Context, wants []Want) ([]ordinals, error) {
	kids := make([]ordinals, len(wants))
	var err error
	for i, w := range wants {
		if kids[i], err = s.finder(ctx, w); err != nil {
			return nil, err
		}
	}
	return kids, nil
}

// words counts the words that are read at once for what is wanted.
func (w *Want) words() int {
	either := wordsOf(w.Any)
	if either > mostOpen {
		return 1 // see union
	}
	return max(wordsOf(w.All)+either, 1)
}

func wordsOf(wants []Want) int {
	n := 0
	for i := range wants {
		n += wants[i].words()
	}
	return n
}

// union reports whether any of so many are wanted that they are read one after
// the other.
func (w *Want) union() bool { return wordsOf(w.Any) > mostOpen }

// few are the first of what must be there together, as many as may be read at
// once: articles without the others are found too.
func few(wants []Want) []Want {
	words := 0
	for i := range wants {
		if words += wants[i].words(); i > 0 && words > mostOpen {
			return wants[:i]
		}
	}
	return wants
}

// union finds the articles that hold one of many, by reading one after the
// other. Where several of them must be there, articles with one are found too.
func (s *segment) union(ctx context.Context, wants []Want) (ordinals, error) {
	found := bitmap{make([]uint64, (s.articles+63)/64)}
	for _, w := range wants {
		f, err := s.finder(ctx, w)
		if err != nil {
			return nil, err
		}
		for o := f.seek(0); o != end; o = f.seek(o + 1) {
			found.words[o/64] |= 1 << (o % 64)
		}
		if err := f.err(); err != nil {
			return nil, err
		}
	}
	return found, nil
}
