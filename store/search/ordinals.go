package search

import (
	"math"
	"math/bits"
	"strings"
)

// end is the ordinal behind all.
const end = math.MaxUint32

// ordinals finds the articles of a segment that hold what is wanted.
type ordinals interface {
	// seek returns the first ordinal from at on, end where there is none. at
	// never goes back.
	seek(at uint32) uint32
	err() error
}

// costliest is how many bytes of postings a beginning may have in a segment
// before it is taken for one that every article has: reading them takes longer
// than looking at the newest articles.
const costliest = 4 << 20

// every finds all articles.
type every struct{ articles uint32 }

func (e every) seek(at uint32) uint32 {
	if at >= e.articles {
		return end
	}
	return at
}

func (every) err() error { return nil }

// posted reads the postings of one word.
type posted struct {
	r    byteReader
	left uint32
	last int64
	most uint32
}

func (s *segment) read(l list) *posted {
	return &posted{r: s.pages.from(l.offset), left: l.count, last: -1, most: s.articles}
}

func (p *posted) seek(at uint32) uint32 {
	for p.last < int64(at) {
		if p.left == 0 {
			return end
		}
		p.left--
		p.last += int64(p.r.uvarint())
		if p.r.err == nil && p.last >= int64(p.most) {
			p.r.err = damaged("%s: an ordinal that is none", p.name())
		}
		if p.r.err != nil {
			p.left = 0
			return end
		}
	}
	return uint32(p.last)
}

func (p *posted) name() string { return p.r.f.file.Name() }
func (p *posted) err() error   { return p.r.err }

// allOf finds what all of its kids find.
type allOf struct{ kids []ordinals }

func (a *allOf) seek(at uint32) uint32 {
	for agreed := 0; agreed < len(a.kids); {
		for _, k := range a.kids {
			o := k.seek(at)
			if o == end {
				return end
			}
			if o > at {
				at, agreed = o, 1
				continue
			}
			if agreed++; agreed == len(a.kids) {
				break
			}
		}
	}
	return at
}

func (a *allOf) err() error { return firstError(a.kids) }

func firstError(kids []ordinals) error {
	for _, k := range kids {
		if err := k.err(); err != nil {
			return err
		}
	}
	return nil
}

// anyOf finds what n of its kids find.
type anyOf struct {
	kids []ordinals
	// at is where each kid was last found.
	at    []uint32
	begun bool
	n     int
}

func (a *anyOf) seek(at uint32) uint32 {
	for {
		least, n := uint32(end), 0
		for i, k := range a.kids {
			if !a.begun || a.at[i] < at {
				a.at[i] = k.seek(at)
			}
			switch {
			case a.at[i] < least:
				least, n = a.at[i], 1
			case a.at[i] == least:
				n++
			}
		}
		a.begun = true
		if least == end || n >= a.n {
			return least
		}
		at = least + 1
	}
}

func (a *anyOf) err() error { return firstError(a.kids) }

// bitmap finds the ordinals whose bits are set.
type bitmap struct{ words []uint64 }

func (b bitmap) seek(at uint32) uint32 {
	i := int(at / 64)
	if i >= len(b.words) {
		return end
	}
	word := b.words[i] >> (at % 64) << (at % 64)
	for word == 0 {
		if i++; i == len(b.words) {
			return end
		}
		word = b.words[i]
	}
	return uint32(i*64 + bits.TrailingZeros64(word))
}

func (bitmap) err() error { return nil }

// beginning finds the articles with a word that begins in some way. The
// postings of such words lie one after the other.
func (s *segment) beginning(prefix string) (ordinals, error) {
	d := s.dictionaryFrom(prefix)
	var lists []list
	length := int64(0)
	for d.next() {
		if !strings.HasPrefix(string(d.word), prefix) {
			if string(d.word) > prefix {
				break
			}
			continue
		}
		lists = append(lists, d.list)
		if length += d.list.length; length > costliest {
			return every{s.articles}, nil
		}
	}
	if d.r.err != nil {
		return nil, d.r.err
	}
	if len(lists) == 1 {
		return s.read(lists[0]), nil
	}
	found := bitmap{make([]uint64, (s.articles+63)/64)}
	if len(lists) == 0 {
		return found, nil
	}
	r := s.pages.from(lists[0].offset)
	for _, l := range lists {
		last := int64(-1)
		for range l.count {
			last += int64(r.uvarint())
			if r.err == nil && last >= int64(s.articles) {
				r.err = damaged("%s: an ordinal that is none", s.name)
			}
			if r.err != nil {
				return nil, r.err
			}
			found.words[last/64] |= 1 << (last % 64)
		}
	}
	return found, nil
}
