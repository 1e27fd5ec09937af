package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"veille"
)

// packed is a value that was encoded before its turn came, so that the
// goroutine that writes only writes.
type packed[T any] struct {
	value   T
	payload []byte
}

func pack[T any](c *codec, v T) (packed[T], error) {
	payload, err := c.encode(v)
	return packed[T]{v, payload}, err
}

// CommitArticle stores all that a visit changes. Where the index of an article
// is damaged, any revision is accepted and the index is made anew: the next
// visit heals it.
func (s *Store) CommitArticle(ctx context.Context, commit veille.ArticleCommit) error {
	if err := checkArticle(commit); err != nil {
		return err
	}
	article, err := pack(&s.codec, commit.Article)
	if err != nil {
		return err
	}
	var revision packed[*veille.Revision]
	if commit.Revision != nil {
		if revision, err = s.packRevision(ctx, commit.Revision); err != nil {
			return err
		}
	}
	box, err := s.packOutbox(commit.Events, commit.Deliveries)
	if err != nil {
		return err
	}
	id := commit.Article.ID
	return s.submit(&call{
		ctx: ctx, grows: true, cost: 13 + len(commit.Aliases) + box.cost(),
		check: func(tx *txn) error {
			e, _, err := tx.entry(id)
			if err == nil && int(e.revision) != commit.Expect {
				return fmt.Errorf("commit article %s: revision is %d, not %d: %w", id, e.revision, commit.Expect, veille.ErrConflict)
			}
			if err := tx.forgets(commit.Done, commit.Done.URL); err != nil {
				return err
			}
			if commit.Next != nil {
				return tx.forgets(commit.Done, commit.Next.URL)
			}
			return nil
		},
		write: func(tx *txn) error {
			e, err := tx.putArticle(article)
			if err != nil {
				return err
			}
			if commit.Expect == 0 {
				if err := tx.sign(commit.Article, commit.Signature); err != nil {
					return err
				}
			}
			if r := revision.value; r != nil {
				key := binary.BigEndian.AppendUint32(e.key(id), uint32(r.Number))
				if err := tx.put(bRevisions, key, revision.payload); err != nil {
					return err
				}
				if err := tx.noteChange(e.key(id)); err != nil {
					return err
				}
			}
			if commit.Done.URL != "" {
				if err := tx.dropVisit(commit.Done.URL); err != nil {
					return err
				}
				if err := tx.mark(commit.Done.URL, id); err != nil {
					return err
				}
			}
			if err := tx.mark(commit.Article.URL, id); err != nil {
				return err
			}
			for _, url := range commit.Aliases {
				if err := tx.mark(url, id); err != nil {
					return err
				}
			}
			if commit.Next != nil {
				if err := tx.putVisit(*commit.Next); err != nil {
					return err
				}
			}
			if err := tx.learn(commit.Learned); err != nil {
				return err
			}
			return tx.putOutbox(box)
		},
	})
}

func checkArticle(c veille.ArticleCommit) error {
	switch {
	case c.Article.ID == "" || c.Article.URL == "":
		return errors.New("commit article: no id or URL")
	case c.Article.Revision < 0:
		return errors.New("commit article: negative revision")
	case c.Revision != nil && (c.Revision.ArticleID != c.Article.ID || c.Revision.Number != c.Article.Revision):
		return fmt.Errorf("commit article %s: the revision is another article's, or not number %d", c.Article.ID, c.Article.Revision)
	case c.Next != nil && c.Next.URL == "":
		return fmt.Errorf("commit article %s: a visit without a URL", c.Article.ID)
	}
	return nil
}

// putArticle writes an article and its indexes. The time at which it was first
// seen is its place for ever.
func (tx *txn) putArticle(a packed[veille.Article]) (entry, error) {
	id := a.value.ID
	old, found, err := tx.entry(id)
	if err != nil {
		tx.store.tell(err)
		if err := tx.putAside(bArticleIDs, []byte(id)); err != nil {
			return entry{}, err
		}
		found, old = false, entry{}
		tx.counts["articles"]--
	}
	next := entry{
		first: stamp(a.value.FirstSeen), checked: stamp(a.value.CheckedAt),
		revision: uint32(a.value.Revision), url: hashOf(a.value.URL), text: hashOf(a.value.TextHash),
	}
	if found {
		next.first = old.first
	} else {
		tx.counts["articles"]++
	}
	if found && old.text != next.text {
		if err := tx.drop(bTexts, old.textKey(id)); err != nil {
			return entry{}, err
		}
	}
	if a.value.TextHash != "" && (!found || old.text != next.text) {
		if err := tx.bucket(bTexts).Put(next.textKey(id), present()); err != nil {
			return entry{}, err
		}
	}
	if err := tx.put(bArticleIDs, []byte(id), next.bytes()); err != nil {
		return entry{}, err
	}
	if err := tx.putMember(next, a.value); err != nil {
		return entry{}, err
	}
	return next, tx.put(bArticles, next.key(id), a.payload)
}

// CommitEvents fills the outbox with events that no article caused. It goes on
// when the store is nearly full: such an event may be about just that.
func (s *Store) CommitEvents(ctx context.Context, events []veille.Event, deliveries []veille.Delivery) error {
	box, err := s.packOutbox(events, deliveries)
	if err != nil {
		return err
	}
	return s.submit(&call{
		ctx: ctx, cost: box.cost(),
		check: func(*txn) error { return nil },
		write: func(tx *txn) error {
			for _, e := range events {
				if err := tx.noteFull(e); err != nil {
					return err
				}
			}
			return tx.putOutbox(box)
		},
	})
}

// toldFull is where the store keeps since when receivers know that it is full.
const toldFull = "full"

// noteFull remembers an event that says that the store is full, until one says
// that it has room.
func (tx *txn) noteFull(e veille.Event) error {
	switch {
	case e.Source != "" || e.Trouble == nil || e.Trouble.Cause != "store":
	case e.Type == veille.SourceFailing:
		return tx.bucket(bMeta).Put([]byte(toldFull), be64(stamp(e.Trouble.Since)))
	case e.Type == veille.SourceRecovered:
		return tx.bucket(bMeta).Delete([]byte(toldFull))
	}
	return nil
}

// ToldFull returns since when receivers know that the store is full; zero where
// they do not, or know that it is not any more.
func (s *Store) ToldFull(ctx context.Context) (time.Time, error) {
	var since time.Time
	err := s.view(ctx, func(tx *txn) error {
		if v := tx.bucket(bMeta).Get([]byte(toldFull)); v != nil {
			since = fromStamp(fromBE64(v))
		}
		return nil
	})
	return since, err
}

// outbox is what fills the outbox, encoded.
type outbox struct {
	events     []packed[veille.Event]
	deliveries map[string][]packed[veille.Delivery]
	rows       int
}

func (b outbox) cost() int { return 2*len(b.events) + 5*b.rows }

func (s *Store) packOutbox(events []veille.Event, deliveries []veille.Delivery) (outbox, error) {
	box := outbox{deliveries: map[string][]packed[veille.Delivery]{}}
	byID := map[string]veille.Event{}
	for _, e := range events {
		if e.ID == "" {
			return box, errors.New("fill outbox: an event without an id")
		}
		if _, twice := box.deliveries[e.ID]; twice {
			continue
		}
		p, err := pack(&s.codec, e)
		if err != nil {
			return box, err
		}
		box.events = append(box.events, p)
		box.deliveries[e.ID] = nil
		byID[e.ID] = e
	}
	for _, d := range deliveries {
		if d.Receiver == "" {
			return box, errors.New("fill outbox: a delivery without a receiver")
		}
		if _, ok := box.deliveries[d.EventID]; !ok {
			return box, fmt.Errorf("fill outbox: a delivery of %q, which is none of the events", d.EventID)
		}
		d.Seq, d.State = 0, veille.DeliveryPending
		d.Type, d.Story = byID[d.EventID].Type, storyOf(byID[d.EventID])
		p, err := pack(&s.codec, d)
		if err != nil {
			return box, err
		}
		box.deliveries[d.EventID] = append(box.deliveries[d.EventID], p)
		box.rows++
	}
	return box, nil
}

// putOutbox writes the events, and their deliveries: one a receiver.
func (tx *txn) putOutbox(box outbox) error {
	for _, e := range box.events {
		id := []byte(e.value.ID)
		if tx.bucket(bEvents).Get(id) != nil {
			told, err := tx.joinEvent(e.value, box.deliveries[e.value.ID])
			if err != nil {
				return err
			}
			if told {
				continue
			}
		}
		if err := tx.putEvent(e); err != nil {
			return err
		}
		for _, d := range box.deliveries[e.value.ID] {
			if err := tx.putDelivery(d, e.value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (tx *txn) putEvent(e packed[veille.Event]) error {
	id := []byte(e.value.ID)
	if err := tx.put(bEvents, id, e.payload); err != nil {
		return err
	}
	return tx.bucket(bEventsTime).Put(append(be64(stamp(e.value.Time)), id...), present())
}

// joinEvent adds the watches that an event lacks to it, and a delivery for each
// receiver that one of them notifies and that has none. It reports false for
// an event that cannot be read, which is put aside: it must be told anew.
func (tx *txn) joinEvent(later veille.Event, deliveries []packed[veille.Delivery]) (bool, error) {
	told, err := tx.event(later.ID)
	if err != nil {
		tx.store.tell(err)
		return false, tx.putAside(bEvents, []byte(later.ID))
	}
	joined, more := told.Join(later)
	if !more {
		return true, nil
	}
	for _, d := range deliveries {
		if !slices.ContainsFunc(d.value.Watches, func(w string) bool { return !slices.Contains(told.Watches, w) }) {
			continue
		}
		if err := tx.putDelivery(d, later); err != nil {
			return true, err
		}
	}
	return true, tx.save(bEvents, []byte(later.ID), joined)
}

// putDelivery queues a delivery unless its receiver has one of the event. A
// muted one is suppressed; a suppressed one waits again when a watch that is
// not muted asks for it.
func (tx *txn) putDelivery(d packed[veille.Delivery], e veille.Event) error {
	reason, muted := veille.Silences(tx.mutes(), e, d.value.Watches, tx.now)
	track := trackKey(d.value.EventID, d.value.Receiver)
	if old := tx.bucket(bTracks).Get(track); old != nil {
		if muted {
			return nil
		}
		return tx.unsuppress(fromBE64(old), d.value)
	}
	seq, err := tx.bucket(bDeliveries).NextSequence()
	if err != nil {
		return err
	}
	if err := tx.bucket(bTracks).Put(track, be64(seq)); err != nil {
		return err
	}
	if muted {
		d.value.Seq, d.value.State, d.value.Reason = seq, veille.DeliverySuppressed, reason
		return tx.move(d.value)
	}
	if err := tx.put(bDeliveries, be64(seq), d.payload); err != nil {
		return err
	}
	d.value.Seq = seq
	return tx.queue(d.value)
}
