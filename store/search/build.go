package search

import (
	"cmp"
	"maps"
	"slices"
)

// Builder gathers articles for one call of Index.Add.
type Builder struct {
	entries []Entry
	words   map[string]*gathered
	idLen   int
}

// gathered are the articles that hold a word, in the order they came.
type gathered struct{ articles []uint32 }

// NewBuilder makes an empty one.
func NewBuilder() *Builder { return &Builder{words: map[string]*gathered{}} }

// Len is how many articles were gathered.
func (b *Builder) Len() int { return len(b.entries) }

// Article begins an article; the words that follow are its.
func (b *Builder) Article(e Entry) {
	b.entries = append(b.entries, e)
	b.idLen = max(b.idLen, len(e.ID))
}

// Word adds a word to the article. It may come twice, and is not kept.
func (b *Builder) Word(word []byte) {
	word = word[:min(len(word), longestWord)]
	g := b.words[string(word)]
	if g == nil {
		if len(word) == 0 {
			return
		}
		g = &gathered{}
		b.words[string(word)] = g
	}
	at := uint32(len(b.entries) - 1)
	if n := len(g.articles); n == 0 || g.articles[n-1] != at {
		g.articles = append(g.articles, at)
	}
}

// write writes what was gathered. Of an article that came twice the later
// revision stays.
func (b *Builder) write(w *segmentWriter) error {
	order := make([]uint32, len(b.entries))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int {
		return cmp.Or(compareEntries(b.entries[x], b.entries[y]), cmp.Compare(b.entries[y].Revision, b.entries[x].Revision))
	})
	order = slices.CompactFunc(order, func(x, y uint32) bool { return b.entries[x].ID == b.entries[y].ID })
	ordinals := make([]uint32, len(b.entries))
	for i := range ordinals {
		ordinals[i] = dropped
	}
	for ordinal, i := range order {
		ordinals[i] = uint32(ordinal)
		if err := w.article(b.entries[i]); err != nil {
			return err
		}
	}
	var list []uint32
	for _, word := range slices.Sorted(maps.Keys(b.words)) {
		list = list[:0]
		for _, i := range b.words[word].articles {
			if o := ordinals[i]; o != dropped {
				list = append(list, o)
			}
		}
		if len(list) == 0 {
			continue
		}
		slices.Sort(list)
		if err := w.word([]byte(word), list); err != nil {
			return err
		}
	}
	return w.close()
}
