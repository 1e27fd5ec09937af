package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"veille"
)

// chunk is how many records one read transaction decodes before it makes way:
// pages freed meanwhile can only be used again when it ends.
const chunk = 200

// entry is the index record of an article: what a commit and Prune must know
// without unpacking the article.
type entry struct {
	first, checked uint64
	revision       uint32
	text, url      hash
}

const entryLen = 8 + 8 + 4 + hashLen + hashLen

func (e entry) bytes() []byte {
	b := make([]byte, 0, entryLen+crcLen)
	b = binary.BigEndian.AppendUint64(b, e.first)
	b = binary.BigEndian.AppendUint64(b, e.checked)
	b = binary.BigEndian.AppendUint32(b, e.revision)
	return append(append(b, e.text[:]...), e.url[:]...)
}

// key is where the article sits; its revisions begin with the same bytes.
func (e entry) key(id string) []byte { return append(be64(e.first), id...) }

func (e entry) textKey(id string) []byte { return join(e.text[:], be64(e.first), []byte(id)) }

func (tx *txn) entry(id string) (entry, bool, error) {
	value := tx.bucket(bArticleIDs).Get([]byte(id))
	if value == nil {
		return entry{}, false, nil
	}
	b, ok := unseal([]byte(id), value)
	if !ok || len(b) != entryLen {
		return entry{}, true, corrupt(bArticleIDs, []byte(id))
	}
	return entry{
		first: fromBE64(b[:8]), checked: fromBE64(b[8:16]), revision: binary.BigEndian.Uint32(b[16:]),
		text: hash(b[20 : 20+hashLen]), url: hash(b[20+hashLen:]),
	}, true, nil
}

func (tx *txn) article(id string) (veille.Article, error) {
	var a veille.Article
	e, found, err := tx.entry(id)
	if err == nil && found {
		found, err = tx.read(bArticles, e.key(id), &a)
	}
	if err == nil && !found {
		err = veille.ErrNotFound
	}
	if err != nil {
		return veille.Article{}, fmt.Errorf("article %s: %w", id, err)
	}
	return a, nil
}

// Article returns an article at its newest revision.
func (s *Store) Article(ctx context.Context, id string) (veille.Article, error) {
	var a veille.Article
	err := s.view(ctx, func(tx *txn) (err error) {
		a, err = tx.article(id)
		return err
	})
	return a, err
}

// Glance returns what an article says, where and when it was seen, and the
// watches that it alerted; the rest of it is left out. It takes a third of the time
// of Article.
func (s *Store) Glance(ctx context.Context, id string) (veille.Article, error) {
	var a veille.Article
	err := s.view(ctx, func(tx *txn) error {
		e, found, err := tx.entry(id)
		if err != nil {
			return err
		}
		key := e.key(id)
		value := tx.bucket(bArticles).Get(key)
		if !found || value == nil {
			return fmt.Errorf("article %s: %w", id, veille.ErrNotFound)
		}
		a, err = tx.skim(key, value)
		return err
	})
	return a, err
}

// ArticleByURL returns the article that a canonical URL leads to.
func (s *Store) ArticleByURL(ctx context.Context, canonicalURL string) (veille.Article, error) {
	var a veille.Article
	err := s.view(ctx, func(tx *txn) (err error) {
		l, _ := tx.link(hashOf(canonicalURL))
		if l.article == "" {
			l.article = veille.ArticleID(canonicalURL)
		}
		a, err = tx.article(l.article)
		return err
	})
	return a, err
}

// mostCopies bounds the articles of one text that are read at each end: a wall
// or a stub may stand under thousands of links.
const mostCopies = 32

// ArticlesByText returns the articles whose newest revision has a text hash,
// earliest first: all of them, or where there are more than 64 the 32 earliest
// and the 32 latest. Damaged ones are left out and logged.
func (s *Store) ArticlesByText(ctx context.Context, textHash string) ([]veille.Article, error) {
	if textHash == "" {
		return nil, ctx.Err()
	}
	prefix := hashOf(textHash)
	var articles []veille.Article
	err := s.view(ctx, func(tx *txn) error {
		articles = nil
		var ids []string
		c := tx.bucket(bTexts).Cursor()
		for k, _ := c.Seek(prefix[:]); bytes.HasPrefix(k, prefix[:]); k, _ = c.Next() {
			ids = append(ids, string(k[hashLen+8:]))
		}
		if middle := len(ids) - mostCopies; middle > mostCopies {
			ids = slices.Delete(ids, mostCopies, middle)
		}
		for _, id := range ids {
			a, err := tx.article(id)
			if err != nil {
				s.tell(err)
				continue
			}
			articles = append(articles, a)
		}
		return nil
	})
	return articles, err
}

// Articles lists articles by when they were first seen, newest first. A limit
// of 0 is none. Damaged ones are left out and logged.
func (s *Store) Articles(ctx context.Context, f veille.ArticleFilter) ([]veille.Article, error) {
	var articles []veille.Article
	err := s.newest(ctx, bArticles, f.Before, f.Since, func(tx *txn, k, v []byte) (bool, error) {
		var a veille.Article
		if err := tx.open(bArticles, k, v, &a); err != nil {
			s.tell(err)
			return true, nil
		}
		if f.Source == "" || a.Source == f.Source {
			articles = append(articles, a)
		}
		return f.Limit <= 0 || len(articles) < f.Limit, nil
	})
	return articles, err
}

// newest walks a bucket whose keys begin with a time backwards, in short
// transactions, from before a time (zero: the end) down to since, as long as
// each returns true.
func (s *Store) newest(ctx context.Context, bucket string, before, since time.Time, each func(tx *txn, k, v []byte) (bool, error)) error {
	var from []byte
	if !before.IsZero() {
		from = be64(stamp(before))
	}
	stop := be64(stamp(since))
	for more := true; more; {
		if err := s.view(ctx, func(tx *txn) error {
			more = false
			c := tx.bucket(bucket).Cursor()
			n := 0
			for k, v := lastBefore(c, from); k != nil && bytes.Compare(k[:8], stop) >= 0; k, v = c.Prev() {
				if n++; n > chunk {
					more = true
					return nil
				}
				if n == chunk/2 {
					s.resident.bound(tx)
				}
				from = bytes.Clone(k)
				if on, err := each(tx, k, v); err != nil || !on {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
