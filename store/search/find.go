package search

import "context"

// Found names the articles that hold what was asked for, newest first. It must
// be closed.
type Found struct {
	ctx     context.Context //nolint:containedctx // of the one search that this is
	cursors []cursor
	before  Entry
	bounded bool
	failure error
}

// cursor is where a segment is read.
type cursor struct {
	s    *segment
	find ordinals
	at   uint32
	head Entry
}

// Find looks for articles in front of an entry; the zero Entry is the end. When
// ctx ends, so does Next, with its error.
func (x *Index) Find(ctx context.Context, w Want, before Entry) *Found {
	f := &Found{ctx: ctx, before: before, bounded: before != Entry{}}
	for _, s := range x.use() {
		f.cursors = append(f.cursors, cursor{s: s})
	}
	for i := range f.cursors {
		c := &f.cursors[i]
		if c.find, f.failure = c.s.finder(ctx, w); f.failure != nil {
			break
		}
		from := uint32(0)
		if f.bounded {
			if from, f.failure = c.s.firstAfter(before); f.failure != nil {
				break
			}
		}
		if f.failure = c.seek(from); f.failure != nil {
			break
		}
	}
	return f
}

// firstAfter returns the ordinal of the first article that comes after one.
func (s *segment) firstAfter(e Entry) (uint32, error) {
	lo, hi := uint32(0), s.articles
	for lo < hi {
		mid := lo + (hi-lo)/2
		at, err := s.entry(mid)
		if err != nil {
			return 0, err
		}
		if at.after(e) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo, nil
}

func (c *cursor) seek(at uint32) (err error) {
	c.at = c.find.seek(at)
	if err := c.find.err(); err != nil {
		return err
	}
	if c.at != end {
		c.head, err = c.s.entry(c.at)
	}
	return err
}

// Next returns the next article, false at the end. An article may come once for
// each of its revisions that the index still knows.
func (f *Found) Next() (Entry, bool, error) {
	if f.failure == nil {
		f.failure = f.ctx.Err()
	}
	if f.failure != nil {
		return Entry{}, false, f.failure
	}
	var best *cursor
	for i := range f.cursors {
		if c := &f.cursors[i]; c.at != end && (best == nil || best.head.after(c.head)) {
			best = c
		}
	}
	if best == nil {
		return Entry{}, false, nil
	}
	e := best.head
	f.failure = best.seek(best.at + 1)
	return e, true, nil
}

// Passed is about how many articles of the index are newer than the last one
// that Next returned, itself included.
func (f *Found) Passed() int {
	n := 0
	for _, c := range f.cursors {
		n += int(min(c.at, c.s.articles))
	}
	return n
}

// Close lets go of the segments.
func (f *Found) Close() {
	for _, c := range f.cursors {
		c.s.release()
	}
	f.cursors = nil
}
