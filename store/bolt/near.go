package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"veille"
)

// nearWindow is how long a signature is kept: longer than a story takes new
// members.
const nearWindow = 96 * time.Hour

// The record of a signature: when the article was first seen, in seconds, the
// first characters of its id, and its tags.
const (
	idPrefix   = "art_"
	idKept     = 12 // characters of five bits: two of 10 million collide in one store of 20,000
	nearHeader = 4 + idKept
)

// near finds articles by their signatures. It is the bucket signatures in
// memory, made anew at every start: 12 places of 8 bytes an article.
type near struct {
	// loaded is closed once what was on disk at the start is here: the records up to
	// the number last. Those behind it come with their commits.
	loaded chan struct{}
	last   uint64
	mu     sync.RWMutex
	shards [nearShards]shard
	seen   []uint32 // seconds, by number
	ids    [][idKept]byte
	// live begins the numbers that the window still holds.
	live uint32
}

const (
	nearShards = 64
	// mostNear bounds the articles that one tag leads to. What more of them share
	// is a site's furniture, or a wire that everybody carries.
	mostNear = 50
	// mostCommon bounds the tags of very many articles that one look-up asks, and
	// leastCommon is how many of them an article must have to be of interest.
	mostCommon, leastCommon = 64, 3
	// nearTags is how many tags a signature has as a rule.
	nearTags = 12
)

// shard is a hash table of tags, with open addressing. An article's number is
// kept plus one, so that 0 is an empty place.
type shard struct {
	tags, numbers []uint32
	used          int
}

func (s *shard) insert(tag, number uint32) {
	if s.used*4 >= len(s.tags)*3 {
		s.grow(0)
	}
	mask := uint32(len(s.tags) - 1)
	same := 0
	for i := slot(tag) & mask; ; i = (i + 1) & mask {
		if s.numbers[i] == 0 {
			s.tags[i], s.numbers[i] = tag, number+1
			s.used++
			return
		}
		if s.tags[i] == tag {
			if same++; same >= mostNear {
				return
			}
		}
	}
}

// grow makes room for one more, and leaves out the numbers below live.
func (s *shard) grow(live uint32) {
	kept := 0
	for _, n := range s.numbers {
		if n > live {
			kept++
		}
	}
	s.resize(kept+kept/4, live)
}

// resize makes room for so many entries, and leaves out the numbers below live.
func (s *shard) resize(entries int, live uint32) {
	tags, numbers := s.tags, s.numbers
	size := 64
	for size*3 <= entries*4 {
		size *= 2
	}
	*s = shard{tags: make([]uint32, size), numbers: make([]uint32, size)}
	for i, n := range numbers {
		if n > live {
			s.insert(tags[i], n-1)
		}
	}
}

// reserve makes room for so many more articles at once.
func (n *near) reserve(articles int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range n.shards {
		n.shards[i].resize(n.shards[i].used+articles*nearTags/nearShards, 0)
	}
}

func slot(tag uint32) uint32 { return tag * 0x9e3779b1 }

func (n *near) add(id string, seen uint32, tags []byte) {
	if len(id) < idKept {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	number := uint32(len(n.ids))
	n.ids, n.seen = append(n.ids, [idKept]byte([]byte(id)[:idKept])), append(n.seen, seen)
	for ; len(tags) >= 4; tags = tags[4:] {
		tag := binary.BigEndian.Uint32(tags)
		n.shards[tag%nearShards].insert(tag, number)
	}
}

// find returns the articles that share most tags, those with most first. Tags of
// very many articles are asked only where the others lead to too few, and count
// less than any other: they may be nobody's text in particular.
func (n *near) find(tags []uint32, since uint32, limit int) []string {
	hits := map[uint32]int{}
	n.mu.RLock()
	defer n.mu.RUnlock()
	var some [mostNear]uint32
	ask := func(tag uint32) []uint32 {
		s := &n.shards[tag%nearShards]
		if len(s.tags) == 0 {
			return nil
		}
		mask, found := uint32(len(s.tags)-1), 0
		for i := slot(tag) & mask; s.numbers[i] != 0 && found < mostNear; i = (i + 1) & mask {
			if s.tags[i] == tag {
				some[found] = s.numbers[i] - 1
				found++
			}
		}
		return some[:found]
	}
	count := func(numbers []uint32, weight int) {
		for _, number := range numbers {
			if number >= n.live && n.seen[number] >= since {
				hits[number] += weight
			}
		}
	}
	var common []uint32
	for _, tag := range tags {
		if numbers := ask(tag); len(numbers) < mostNear {
			count(numbers, mostCommon+1)
		} else if len(common) < mostCommon {
			common = append(common, tag)
		}
	}
	if len(hits) < limit && len(common) >= leastCommon {
		for _, tag := range common {
			count(ask(tag), 1)
		}
		maps.DeleteFunc(hits, func(_ uint32, weight int) bool { return weight < leastCommon })
	}
	numbers := make([]uint32, 0, len(hits))
	for number := range hits {
		numbers = append(numbers, number)
	}
	slices.SortFunc(numbers, func(a, b uint32) int {
		if hits[a] != hits[b] {
			return hits[b] - hits[a]
		}
		return int(a) - int(b)
	})
	ids := make([]string, 0, min(limit, len(numbers)))
	for _, number := range numbers[:min(limit, len(numbers))] {
		ids = append(ids, string(n.ids[number][:]))
	}
	return ids
}

// forget drops the articles first seen before a time. Their places in the
// tables go when half of all are such.
func (n *near) forget(before uint32) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for int(n.live) < len(n.seen) && n.seen[n.live] < before {
		n.live++
	}
	if int(n.live)*2 < len(n.seen) || n.live == 0 {
		return
	}
	live := n.live
	for i := range n.shards {
		s := &n.shards[i]
		s.grow(live)
		for j, number := range s.numbers {
			if number != 0 {
				s.numbers[j] = number - live
			}
		}
	}
	n.seen, n.ids, n.live = slices.Clone(n.seen[live:]), slices.Clone(n.ids[live:]), 0
}

// signed is a signature that a transaction stores.
type signed struct {
	id   string
	seen uint32
	tags []byte
}

func seconds(t time.Time) uint32 { return uint32(stamp(t) / uint64(time.Second)) }

// sign stores an article's signature behind all others, so that pages fill up.
func (tx *txn) sign(a veille.Article, signature []uint32) error {
	id, ok := strings.CutPrefix(a.ID, idPrefix)
	if !ok || len(id) < idKept || len(signature) == 0 {
		return nil
	}
	b := tx.bucket(bSignatures)
	b.FillPercent = 1
	number, err := b.NextSequence()
	if err != nil {
		return err
	}
	s := signed{id: id, seen: seconds(a.FirstSeen)}
	for _, tag := range signature {
		s.tags = binary.BigEndian.AppendUint32(s.tags, tag)
	}
	value := binary.BigEndian.AppendUint32(nil, s.seen)
	value = append(append(value, id[:idKept]...), s.tags...)
	tx.signed = append(tx.signed, s)
	return tx.put(bSignatures, be64(number), value)
}

// loadNear reads the signatures that the window still holds, in short
// transactions, while the store is open already.
func (s *Store) loadNear() {
	defer close(s.near.loaded)
	since := seconds(time.Now().Add(-nearWindow))
	var from []byte
	for more, first := true, true; more; first = false {
		if err := s.view(context.Background(), func(tx *txn) error {
			more = false
			defer s.resident.bound(tx)
			c := tx.bucket(bSignatures).Cursor()
			n := 0
			k, v := c.Seek(from)
			if first {
				if k, v = c.First(); k != nil && fromBE64(k) <= s.near.last {
					s.near.reserve(int(s.near.last - fromBE64(k) + 1))
				}
			}
			for ; k != nil && fromBE64(k) <= s.near.last; k, v = c.Next() {
				if n++; n > scan {
					from, more = bytes.Clone(k), true
					return nil
				}
				payload, ok := unseal(k, v)
				if !ok || len(payload) < nearHeader {
					s.tell(corrupt(bSignatures, k))
					continue
				}
				if seen := binary.BigEndian.Uint32(payload); seen >= since {
					s.near.add(string(payload[4:nearHeader]), seen, payload[nearHeader:])
				}
			}
			return nil
		}); err != nil {
			if !errors.Is(err, ErrClosed) {
				s.log.Error("signatures not read: near copies of earlier articles are not found", "err", err)
			}
			return
		}
	}
}

// ArticlesLike returns the articles first seen since a time whose signatures
// hold some of the shingles, those that hold most of them first, at most limit.
// Whether they are near copies is the caller's to judge. Damaged articles are
// left out and logged.
func (s *Store) ArticlesLike(ctx context.Context, shingles []uint32, since time.Time, limit int) ([]veille.Article, error) {
	select {
	case <-s.near.loaded:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	var articles []veille.Article
	prefixes := s.near.find(shingles, seconds(since), limit)
	if len(prefixes) == 0 {
		return nil, ctx.Err()
	}
	err := s.view(ctx, func(tx *txn) error {
		articles = nil
		c := tx.bucket(bArticleIDs).Cursor()
		for _, p := range prefixes {
			k, _ := c.Seek([]byte(idPrefix + p))
			if !strings.HasPrefix(string(k), idPrefix+p) {
				continue // forgotten since
			}
			a, err := tx.article(string(k))
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

// SignPast signs the articles first seen since a time and lists them in their
// stories, where the store holds no signature at all: it was kept by a release
// that knew neither. It returns how many articles these are.
func (s *Store) SignPast(ctx context.Context, since time.Time, sign func(veille.Article) []uint32) (int, error) {
	type unsigned struct {
		article   veille.Article
		signature []uint32
	}
	var past []unsigned
	signed := false
	if err := s.view(ctx, func(tx *txn) error {
		signed = tx.bucket(bSignatures).Sequence() > 0
		return nil
	}); err != nil || signed {
		return 0, err
	}
	err := s.newest(ctx, bArticles, time.Time{}, since, func(tx *txn, k, v []byte) (bool, error) {
		var a veille.Article
		if err := tx.open(bArticles, k, v, &a); err != nil {
			s.tell(err)
			return true, nil
		}
		signature := sign(a)
		a.Snapshot = veille.Snapshot{Title: a.Snapshot.Title}
		past = append(past, unsigned{a, signature})
		return true, nil
	})
	if err != nil || len(past) == 0 {
		return 0, err
	}
	return len(past), s.submit(&call{
		ctx: ctx, grows: true, cost: len(past) / 10,
		check: func(*txn) error { return nil },
		write: func(tx *txn) error {
			for _, u := range slices.Backward(past) {
				e, found, err := tx.entry(u.article.ID)
				if err != nil || !found {
					continue // forgotten since
				}
				if err := tx.putMember(e, u.article); err != nil {
					return err
				}
				if err := tx.sign(u.article, u.signature); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

func (s *Store) pruneSignatures(ctx context.Context) error {
	before := seconds(time.Now().Add(-nearWindow))
	old := func(k, v []byte) bool {
		payload, ok := unseal(k, v)
		return !ok || len(payload) < nearHeader || binary.BigEndian.Uint32(payload) < before
	}
	_, err := s.sweep(ctx, bSignatures, func(_ *txn, k, v []byte) (bool, bool) {
		// They lie in the order they were stored in.
		pick := old(k, v)
		return pick, pick
	}, func(tx *txn, key []byte) (bool, error) {
		return true, tx.drop(bSignatures, key)
	})
	s.near.forget(before)
	return err
}
