package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"time"
)

// A link is what is known of a canonical URL: that it was seen, when a listing
// last showed it, and to which article it leads. It outlives the article, for
// a page may list it long after: see Prune.
type link struct {
	// listed is a day since 1970.
	listed uint32
	// article is empty for a URL that was only seen.
	article string
}

// touchAfter is how many days go by before a listed link is noted again. A
// write for each link of each poll would cost more than all articles.
const touchAfter = 30

// link reads what is known of a URL. A damaged link is unknown: the next
// listing finds it again, and events have ids that do not repeat.
func (tx *txn) link(h hash) (link, bool) {
	payload, ok := tx.linkPayload(h, tx.bucket(bLinks).Get(h[:]))
	if !ok {
		return link{}, false
	}
	return link{binary.BigEndian.Uint32(payload), string(payload[4:])}, true
}

// leads reports whether a link leads to an article that is stored.
func (tx *txn) leads(l link) bool {
	return l.article != "" && tx.bucket(bArticleIDs).Get([]byte(l.article)) != nil
}

func (tx *txn) linkPayload(h hash, value []byte) ([]byte, bool) {
	if value == nil {
		return nil, false
	}
	payload, ok := unseal(h[:], value)
	if !ok || len(payload) < 4 {
		tx.store.tell(corrupt(bLinks, bytes.Clone(h[:])))
		return nil, false
	}
	return payload, true
}

// mark records a URL as listed, and as leading to an article unless that is
// empty. A URL that is an article's own is never led to another one.
func (tx *txn) mark(url, article string) error {
	h := hashOf(url)
	old, known := tx.link(h)
	next := link{max(old.listed, day(tx.now)), article}
	if article == "" {
		next.article = old.article
	} else if known && old.article != "" && old.article != article {
		if e, ok, err := tx.entry(old.article); err == nil && ok && e.url == h {
			next.article = old.article
		}
	}
	if known && next == old {
		return nil
	}
	return tx.putLink(h, next)
}

func (tx *txn) putLink(h hash, l link) error {
	return tx.put(bLinks, h[:], append(binary.BigEndian.AppendUint32(nil, l.listed), l.article...))
}

// Known tells which canonical URLs lead to an article, wait for a visit or
// were seen. It also notes that they are still listed: not at once, but with
// the next poll or article that is committed.
func (s *Store) Known(ctx context.Context, urls []string) ([]bool, error) {
	known := make([]bool, len(urls))
	var stale []hash
	today := day(time.Now())
	err := s.view(ctx, func(tx *txn) error {
		// One cursor for all: a Get each would allocate one each.
		c := tx.bucket(bLinks).Cursor()
		for i, url := range urls {
			h := hashOf(url)
			k, value := c.Seek(h[:])
			if !bytes.Equal(k, h[:]) {
				continue
			}
			payload, ok := tx.linkPayload(h, value)
			known[i] = ok
			if ok && binary.BigEndian.Uint32(payload)+touchAfter <= today {
				stale = append(stale, h)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(stale) > 0 {
		s.mu.Lock()
		for _, h := range stale {
			// What does not fit here is noted by a later poll.
			if len(s.touched) < 20*maxTouches {
				s.touched[h] = struct{}{}
			}
		}
		s.mu.Unlock()
	}
	return known, nil
}

// touch notes links that are still listed, along with a transaction that
// happens anyway.
func (s *Store) touch(tx *txn) error {
	hashes := make([]hash, 0, maxTouches)
	s.mu.Lock()
	for h := range s.touched {
		if len(hashes) == maxTouches {
			break
		}
		hashes = append(hashes, h)
		delete(s.touched, h)
	}
	s.mu.Unlock()
	slices.SortFunc(hashes, func(a, b hash) int { return slices.Compare(a[:], b[:]) })
	for _, h := range hashes {
		if l, ok := tx.link(h); ok && l.listed < day(tx.now) {
			l.listed = day(tx.now)
			if err := tx.putLink(h, l); err != nil {
				return err
			}
		}
	}
	return nil
}
