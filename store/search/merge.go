package search

import (
	"bytes"
	"context"
	"math"
	"slices"
)

// dropped stands for the ordinal of an article that is left out.
const dropped = math.MaxUint32

// keepBatch is how many articles are asked for at once whether they are still
// there.
const keepBatch = 1000

// Keep reports which articles, of those with an id and a revision, are in the
// store as they are.
type Keep func(ctx context.Context, entries []Entry) ([]bool, error)

// merge writes several segments as one, without the articles that keep does
// not want and without what a later revision replaces.
func merge(ctx context.Context, from []*segment, w *segmentWriter, keep Keep) error {
	ordinals, err := mergeArticles(ctx, from, w, keep)
	if err != nil {
		return err
	}
	return mergeWords(ctx, from, ordinals, w)
}

// mergeArticles returns the new ordinals of each segment's articles.
func mergeArticles(ctx context.Context, from []*segment, w *segmentWriter, keep Keep) ([][]uint32, error) {
	type place struct{ segment, ordinal uint32 }
	ordinals := make([][]uint32, len(from))
	heads := make([]Entry, len(from))
	next := make([]uint32, len(from))
	advance := func(i int) (err error) {
		if next[i] < from[i].articles {
			heads[i], err = from[i].entry(next[i])
		}
		return err
	}
	for i, s := range from {
		ordinals[i] = make([]uint32, s.articles)
		if err := advance(i); err != nil {
			return nil, err
		}
	}
	var batch []Entry
	var places []place
	written := uint32(0)
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		kept, err := keep(ctx, batch)
		if err != nil {
			return err
		}
		for i, e := range batch {
			at := &ordinals[places[i].segment][places[i].ordinal]
			if !kept[i] {
				*at = dropped
				continue
			}
			*at = written
			written++
			if err := w.article(e); err != nil {
				return err
			}
		}
		batch, places = batch[:0], places[:0]
		return nil
	}
	for {
		best := -1
		for i := range from {
			if next[i] < from[i].articles && (best < 0 || heads[best].after(heads[i])) {
				best = i
			}
		}
		if best < 0 {
			return ordinals, flush()
		}
		e, at := heads[best], place{uint32(best), next[best]}
		next[best]++
		if err := advance(best); err != nil {
			return nil, err
		}
		if n := len(batch); n > 0 && batch[n-1].ID == e.ID {
			older := at
			if batch[n-1].Revision < e.Revision {
				older, batch[n-1], places[n-1] = places[n-1], e, at
			}
			ordinals[older.segment][older.ordinal] = dropped
			continue
		}
		if len(batch) == keepBatch {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		batch, places = append(batch, e), append(places, at)
	}
}

// mergeWords writes the words of all segments in their order.
func mergeWords(ctx context.Context, from []*segment, ordinals [][]uint32, w *segmentWriter) error {
	words := make([]*dictionary, len(from))
	more := make([]bool, len(from))
	for i, s := range from {
		words[i] = s.dictionaryFrom("")
		more[i] = words[i].next()
	}
	var list []uint32
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var least []byte
		for i, d := range words {
			if d.r.err != nil {
				return d.r.err
			}
			if more[i] && (least == nil || bytes.Compare(d.word, least) < 0) {
				least = d.word
			}
		}
		if least == nil {
			return w.close()
		}
		word := bytes.Clone(least)
		list = list[:0]
		for i, d := range words {
			if !more[i] || !bytes.Equal(d.word, word) {
				continue
			}
			p := from[i].read(d.list)
			for o := p.seek(0); o != end; o = p.seek(o + 1) {
				if at := ordinals[i][o]; at != dropped {
					list = append(list, at)
				}
			}
			if p.err() != nil {
				return p.err()
			}
			more[i] = d.next()
		}
		if len(list) == 0 {
			continue
		}
		if !slices.IsSorted(list) {
			slices.Sort(list)
		}
		if err := w.word(word, list); err != nil {
			return err
		}
	}
}
