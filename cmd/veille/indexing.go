package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"veille"
	"veille/monitor/query"
	"veille/store/bolt"
	"veille/store/search"
)

const (
	// indexAt is how many changed articles are worth a segment of the index;
	// fewer are when the first of them is older than indexAfter. Until then a
	// search looks at each of them.
	indexAt    = 256
	indexAfter = time.Minute
	// indexBatch is how many articles one segment takes in when the index is
	// made; indexRead how many of them are read at once.
	indexBatch = 4096
	indexRead  = 200
	// indexLook is how often the store is asked what has changed, indexRewrite
	// how often the index is freed of what was pruned.
	indexLook    = 5 * time.Second
	indexRewrite = 24 * time.Hour
	// indexRoom is how many bytes of the disk a segment needs, at most, that
	// takes in a batch.
	indexRoom = 64 << 20
)

// sourceMark stands before the name of an article's source in the index. No
// word that query makes begins with it.
const sourceMark = "\x03"

func searchPath(dir string) string { return filepath.Join(dir, "search") }

func openIndex(dir string, log *slog.Logger) (*search.Index, error) {
	return search.Open(searchPath(dir), query.IndexVersion(), log)
}

// indexer keeps the index up with what is committed. It only reads the store:
// nothing waits for it.
type indexer struct {
	store *bolt.Store
	index *search.Index
	words *query.Indexer
	log   *slog.Logger
	// known says that the index was found to be of this store.
	known bool
}

func newIndexer(store *bolt.Store, index *search.Index, log *slog.Logger) *indexer {
	return &indexer{store: store, index: index, words: query.NewIndexer(), log: log}
}

// Run follows the store until ctx ends. It never fails: without an index a
// search reads the articles. It rests as long as it worked, so that crawling
// and alerts come first.
func (x *indexer) Run(ctx context.Context) error {
	rewrite := time.Now().Add(indexRewrite)
	told := false
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		began := time.Now()
		more, err := x.step(ctx, indexAt, 1)
		if err == nil && began.After(rewrite) {
			rewrite = began.Add(indexRewrite)
			err = x.rewrite(ctx)
		}
		rest := indexLook
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			if !told {
				x.log.Warn("search index falls behind", "error", err)
			}
			told = true
			rest = time.Minute
		default:
			if told {
				x.log.Info("search index goes on")
			}
			told = false
			if more {
				rest = time.Since(began)
			}
		}
		timer.Reset(rest)
	}
}

// CatchUp indexes all there is, on all cores: somebody waits for it.
func (x *indexer) CatchUp(ctx context.Context) error {
	for {
		more, err := x.step(ctx, 1, runtime.GOMAXPROCS(0))
		if err != nil || !more {
			return err
		}
	}
}

// step does a part of what there is to do, and reports whether there is more.
// Fewer than least changes may wait. What is old is read by so many workers.
func (x *indexer) step(ctx context.Context, least, workers int) (more bool, err error) {
	defer func() {
		if errors.Is(err, search.ErrDamaged) {
			x.log.Warn("search index is made anew", "reason", err)
			more, err = true, x.index.Reset()
		}
	}()
	if err := x.recognise(ctx); err != nil {
		return false, err
	}
	room, err := x.store.Spare()
	if err == nil && room < indexRoom {
		err = fmt.Errorf("%d bytes of the disk are free for it", max(room, 0))
	}
	if err != nil {
		return false, err
	}
	did, err := x.follow(ctx, least)
	if err != nil {
		return false, err
	}
	back, err := x.goBack(ctx, workers)
	if err != nil {
		return false, err
	}
	tidied, err := x.index.Tidy(ctx, room-indexRoom, x.stored)
	return did || back || tidied, err
}

// recognise begins anew where the store is not the one that was followed: a
// backup that was put back, or another one.
func (x *indexer) recognise(ctx context.Context) error {
	if x.known {
		return nil
	}
	x.known = true
	mark := x.index.Mark()
	if mark == (search.Mark{}) {
		return nil
	}
	at, err := x.store.ChangeAt(ctx, mark.Seq)
	switch {
	case err != nil && !errors.Is(err, veille.ErrNotFound):
		return err
	case err == nil && at.At.Equal(mark.At):
		return nil
	case mark.Seq == 0 && (!mark.Whole || x.covers() > 0):
		return nil // a store of an earlier release, which knew no changes
	default:
		x.log.Info("search index is made anew", "reason", "the store is not the one it was made of")
		return x.index.Reset()
	}
}

func (x *indexer) covers() int {
	n, _ := x.index.Size()
	return n
}

// follow indexes what was committed since, once it is worth it.
func (x *indexer) follow(ctx context.Context, least int) (bool, error) {
	mark := x.index.Mark()
	if mark == (search.Mark{}) {
		last, err := x.store.LastChange(ctx)
		if err != nil {
			return false, err
		}
		mark.Seq, mark.At = last.Seq, last.At
		mark.Whole = x.store.ArticleCount() == 0
		return true, x.index.Add(search.NewBuilder(), mark)
	}
	changes, err := x.store.Changes(ctx, mark.Seq, indexBatch)
	if err != nil || len(changes) == 0 || len(changes) < least && time.Since(changes[0].At) < indexAfter {
		return false, err
	}
	b := search.NewBuilder()
	taken := map[string]bool{}
	for _, c := range changes {
		if taken[c.ArticleID] {
			continue
		}
		taken[c.ArticleID] = true
		a, err := x.store.Article(ctx, c.ArticleID)
		switch {
		case errors.Is(err, veille.ErrNotFound), errors.Is(err, bolt.ErrCorrupt):
			continue // pruned, or nothing that could be found
		case err != nil:
			return false, err
		}
		addTo(b, x.words, a)
	}
	last := changes[len(changes)-1]
	mark.Seq, mark.At = last.Seq, last.At
	return true, x.index.Add(b, mark)
}

// goBack indexes what was stored before the index was begun, newest first: a
// segment a worker.
func (x *indexer) goBack(ctx context.Context, workers int) (bool, error) {
	mark := x.index.Mark()
	if mark.Whole {
		return false, nil
	}
	builders := make([]*search.Builder, workers)
	rows := make([]chan []veille.Article, workers)
	var group sync.WaitGroup
	for i := range workers {
		builders[i], rows[i] = search.NewBuilder(), make(chan []veille.Article, 1)
		group.Go(func() {
			words := query.NewIndexer()
			for some := range rows[i] {
				for _, a := range some {
					addTo(builders[i], words, a)
				}
			}
		})
	}
	until := mark
	err := func() error {
		for n := 0; n < indexBatch*workers && !until.Whole; {
			some, whole, err := before(ctx, x.store, until.Floor, indexRead)
			if err != nil {
				return err
			}
			if len(some) > 0 {
				until.Floor = some[len(some)-1].FirstSeen
				rows[n/indexRead%workers] <- some
			}
			until.Whole = whole
			n += len(some)
		}
		return nil
	}()
	for _, c := range rows {
		close(c)
	}
	group.Wait()
	for i, b := range builders {
		if err == nil {
			// Until the last one is there nothing is said to be covered; what is
			// indexed twice is found once.
			if i == workers-1 {
				mark = until
			}
			err = x.index.Add(b, mark)
		}
	}
	return true, err
}

// before lists articles that were first seen before a time, newest first, about
// n, all or none of those of one time; and whether these are the last ones.
func before(ctx context.Context, store *bolt.Store, at time.Time, n int) ([]veille.Article, bool, error) {
	for ; ; n *= 2 {
		rows, err := store.Articles(ctx, veille.ArticleFilter{Page: veille.Page{Limit: n, Before: at}})
		if err != nil || len(rows) < n {
			return rows, err == nil, err
		}
		last := len(rows)
		for last > 0 && rows[last-1].FirstSeen.Equal(rows[n-1].FirstSeen) {
			last--
		}
		if last > 0 {
			return rows[:last], false, nil
		}
	}
}

func addTo(b *search.Builder, words *query.Indexer, a veille.Article) {
	b.Article(search.Entry{First: stampOf(a.FirstSeen), ID: a.ID, Revision: uint32(a.Revision)})
	b.Word([]byte(sourceMark + a.Source))
	words.Words(&a.Snapshot, b.Word)
}

func stampOf(t time.Time) uint64 { return uint64(max(t.UnixNano(), 0)) }

func (x *indexer) rewrite(ctx context.Context) error {
	room, err := x.store.Spare()
	if err != nil {
		return err
	}
	return x.index.Rewrite(ctx, room-indexRoom, x.stored)
}

// stored says which articles the store still has.
func (x *indexer) stored(ctx context.Context, entries []search.Entry) ([]bool, error) {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	revisions, err := x.store.Current(ctx, ids)
	kept := make([]bool, len(entries))
	for i := range revisions {
		kept[i] = revisions[i] > 0
	}
	return kept, err
}
