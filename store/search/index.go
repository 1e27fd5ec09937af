package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Mark says how far the store was followed. The index covers what the store
// held at the change with the number Seq, committed at At; while Whole is
// false, only the articles that were first seen at Floor or later.
type Mark struct {
	Seq   uint64    `json:"seq"`
	At    time.Time `json:"at"`
	Floor time.Time `json:"floor"`
	Whole bool      `json:"whole"`
}

// Index is an open index. It is safe for concurrent use, by one process.
type Index struct {
	dir     string
	version string
	log     *slog.Logger
	cache   *pageCache

	// writing is held by what changes the segments.
	writing sync.Mutex

	mu       sync.Mutex
	segments []*segment
	mark     Mark
	next     uint64
}

// Open opens the index in a folder, or begins an empty one where there is
// none, where it is damaged and where another version of the readers of texts
// made it. The error says that the folder cannot be used.
func Open(dir, version string, log *slog.Logger) (*Index, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	x := &Index{dir: dir, version: version, log: log, cache: newPageCache(), next: 1}
	err := x.load()
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		log.Warn("search index is made anew", "reason", err)
		x.close()
		x.mark = Mark{}
	}
	return x, x.sweep()
}

func (x *Index) load() error {
	m, err := readManifest(x.dir)
	if err != nil {
		return err
	}
	// Names are not given twice: a page of another file must not be taken for
	// one that is kept.
	x.next = m.Next
	if m.Version != x.version {
		return fmt.Errorf("it was made by version %s of the reader, this is %s", m.Version, x.version)
	}
	for _, part := range m.Segments {
		id, err := strconv.ParseUint(strings.TrimSuffix(part.Name, segmentSuffix), 10, 64)
		if err != nil || id >= m.Next {
			return damaged("a segment with the name %q", part.Name)
		}
		s, err := openSegment(filepath.Join(x.dir, part.Name), part.Name, id, part.Size, x.cache)
		if err != nil {
			return err
		}
		x.segments = append(x.segments, s)
	}
	x.mark = m.Mark
	return nil
}

// sweep removes the segments that the index does not name.
func (x *Index) sweep() error {
	files, err := os.ReadDir(x.dir)
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	known := map[string]bool{}
	for _, s := range x.segments {
		known[s.name] = true
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), segmentSuffix) && !known[f.Name()] {
			if err := os.Remove(filepath.Join(x.dir, f.Name())); err != nil {
				return fmt.Errorf("search index: %w", err)
			}
		}
	}
	return nil
}

// Close frees the files once the searches under way have ended.
func (x *Index) Close() {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.close()
}

func (x *Index) close() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, s := range x.segments {
		s.release()
	}
	x.segments = nil
}

// use returns the segments, which the caller must release.
func (x *Index) use() []*segment {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, s := range x.segments {
		s.uses.Add(1)
	}
	return append([]*segment(nil), x.segments...)
}

// Mark says how far the store was followed.
func (x *Index) Mark() Mark {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.mark
}

// Size is how many entries there are, in how many bytes.
func (x *Index) Size() (articles int, bytes int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, s := range x.segments {
		articles += int(s.articles)
		bytes += s.pages.size
	}
	return articles, bytes
}

// Reset forgets everything.
func (x *Index) Reset() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	return x.replace(nil, Mark{})
}

// Add stores what was gathered, and how far the store was followed with it.
// Both are on the disk when it returns, or neither.
func (x *Index) Add(b *Builder, mark Mark) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	segments := x.use()
	defer releaseAll(segments)
	if b.Len() > 0 {
		s, err := x.create(b.idLen, b.write)
		if err != nil {
			return err
		}
		defer s.release()
		return x.replaceBy(append(segments, s), s, mark)
	}
	return x.replace(segments, mark)
}

// replaceBy is replace with a new segment among the others, whose file goes if
// it fails.
func (x *Index) replaceBy(segments []*segment, created *segment, mark Mark) error {
	err := x.replace(segments, mark)
	if err != nil {
		err = errors.Join(err, os.Remove(filepath.Join(x.dir, created.name)))
	}
	return err
}

func releaseAll(segments []*segment) {
	for _, s := range segments {
		s.release()
	}
}

// create writes a segment and opens it.
func (x *Index) create(idLen int, write func(*segmentWriter) error) (*segment, error) {
	if idLen > longestID {
		return nil, fmt.Errorf("search index: an id of %d bytes", idLen)
	}
	id := x.next
	x.next++
	name := fmt.Sprintf("%08d%s", id, segmentSuffix)
	path := filepath.Join(x.dir, name)
	size, err := writeFile(path, func(f *os.File) error { return write(newSegmentWriter(f, idLen)) })
	if err != nil {
		return nil, err
	}
	return openSegment(path, name, id, size, x.cache)
}

// replace puts other segments in the place of those that are, and removes the
// files of those that are left out.
func (x *Index) replace(segments []*segment, mark Mark) error {
	m := manifest{Version: x.version, Mark: mark, Next: x.next}
	kept := map[string]bool{}
	for _, s := range segments {
		m.Segments = append(m.Segments, part{s.name, s.pages.size})
		kept[s.name] = true
	}
	if err := writeManifest(x.dir, m); err != nil {
		return err
	}
	x.mu.Lock()
	old := x.segments
	for _, s := range segments {
		s.uses.Add(1)
	}
	x.segments, x.mark = append([]*segment(nil), segments...), mark
	x.mu.Unlock()
	var errs []error
	for _, s := range old {
		if !kept[s.name] {
			// Searches that still read it keep its file until they end.
			errs = append(errs, os.Remove(filepath.Join(x.dir, s.name)))
		}
		s.release()
	}
	if err := errors.Join(errs...); err != nil {
		x.log.Warn("search index: an old segment stays", "error", err)
	}
	return nil
}

const (
	// tierBase is how many articles a small segment has, at most; each tier has
	// tierGrowth times as many.
	tierBase   = 512
	tierGrowth = 8
)

func tier(articles uint32) int {
	t := 0
	for most := uint32(tierBase); articles > most && most < 1<<30; most *= tierGrowth {
		t++
	}
	return t
}

// Tidy merges segments where there are many of one size, and reports whether it
// did. room is how many bytes may be used for a time.
func (x *Index) Tidy(ctx context.Context, room int64, keep Keep) (bool, error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	segments := x.use()
	defer releaseAll(segments)
	byTier := map[int][]*segment{}
	for _, s := range segments {
		t := tier(s.articles)
		if byTier[t] = append(byTier[t], s); len(byTier[t]) == tierGrowth {
			return x.mergeInto(ctx, segments, byTier[t], room, keep)
		}
	}
	return false, nil
}

// Rewrite writes every segment anew of which keep wants less than three
// quarters.
func (x *Index) Rewrite(ctx context.Context, room int64, keep Keep) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	segments := x.use()
	defer releaseAll(segments)
	for _, s := range segments {
		kept, err := s.count(ctx, keep)
		if err != nil {
			return err
		}
		if kept*4 >= int(s.articles)*3 {
			continue
		}
		now := x.use()
		_, err = x.mergeInto(ctx, now, []*segment{s}, room, keep)
		releaseAll(now)
		if err != nil {
			return err
		}
	}
	return nil
}

// count returns how many articles of a segment are wanted.
func (s *segment) count(ctx context.Context, keep Keep) (int, error) {
	n := 0
	for at := uint32(0); at < s.articles; {
		var batch []Entry
		for ; at < s.articles && len(batch) < keepBatch; at++ {
			e, err := s.entry(at)
			if err != nil {
				return 0, err
			}
			batch = append(batch, e)
		}
		kept, err := keep(ctx, batch)
		if err != nil {
			return 0, err
		}
		for _, k := range kept {
			if k {
				n++
			}
		}
	}
	return n, nil
}

func (x *Index) mergeInto(ctx context.Context, all, from []*segment, room int64, keep Keep) (bool, error) {
	idLen, size := 0, int64(0)
	merged := map[*segment]bool{}
	for _, s := range from {
		idLen, size = max(idLen, s.idLen), size+s.pages.size
		merged[s] = true
	}
	if size > room {
		return false, nil
	}
	s, err := x.create(idLen, func(w *segmentWriter) error { return merge(ctx, from, w, keep) })
	if err != nil {
		return false, err
	}
	defer s.release()
	var rest []*segment
	for _, o := range all {
		if !merged[o] {
			rest = append(rest, o)
		}
	}
	return true, x.replaceBy(append(rest, s), s, x.Mark())
}
