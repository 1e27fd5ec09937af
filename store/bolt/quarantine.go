package bolt

import (
	"bytes"
	"context"
	"time"

	"veille"
)

// aside is a damaged record, kept for whoever can repair it.
type aside struct {
	At     time.Time `json:"at"`
	Bucket string    `json:"bucket"`
	Key    []byte    `json:"key"`
	Value  []byte    `json:"value"`
}

// putAside moves a record into quarantine.
func (tx *txn) putAside(bucket string, key []byte) error {
	b := tx.bucket(bQuarantine)
	seq, err := b.NextSequence()
	if err != nil {
		return err
	}
	value := bytes.Clone(tx.bucket(bucket).Get(key))
	if err := tx.save(bQuarantine, be64(seq), aside{tx.now, bucket, key, value}); err != nil {
		return err
	}
	tx.counts["quarantine"]++
	return tx.drop(bucket, key)
}

// quarantineVisit puts a damaged visit aside and forgets its URL, unless that
// leads to an article.
func (s *Store) quarantineVisit(ctx context.Context, key []byte) error {
	err := s.submit(&call{
		ctx: ctx, cost: 5,
		check: func(*txn) error { return nil },
		write: func(tx *txn) error {
			if tx.bucket(bVisits).Get(key) == nil {
				return nil
			}
			h := hash(key[8:])
			if l, ok := tx.link(h); ok && l.article == "" {
				if err := tx.drop(bLinks, h[:]); err != nil {
					return err
				}
			}
			if bytes.Equal(tx.bucket(bWaiting).Get(h[:]), key[:8]) {
				tx.counts["visits"]--
				if err := tx.drop(bWaiting, h[:]); err != nil {
					return err
				}
			}
			return tx.putAside(bVisits, key)
		},
	})
	if err == nil {
		s.tell(corrupt(bVisits, key))
	}
	return err
}

// quarantineDelivery takes a delivery that cannot be read, or whose event
// cannot, out of a receiver's queue, so that it blocks none of the others.
func (s *Store) quarantineDelivery(ctx context.Context, receiver string, due, seq uint64, cause error) error {
	r := hashOf(receiver)
	err := s.submit(&call{
		ctx: ctx, cost: 5,
		check: func(*txn) error { return nil },
		write: func(tx *txn) error {
			if err := tx.unqueue(receiver, seq); err != nil {
				return err
			}
			if err := tx.drop(bDue, join(r[:], be64(due), be64(seq))); err != nil {
				return err
			}
			if err := tx.drop(bBatches, join(r[:], be64(seq))); err != nil {
				return err
			}
			if tx.bucket(bDeliveries).Get(be64(seq)) == nil {
				return nil
			}
			if err := tx.settleMembers(veille.Delivery{Seq: seq, Type: veille.Digest, State: veille.DeliverySplit, LastTry: tx.now}); err != nil {
				return err
			}
			return tx.putAside(bDeliveries, be64(seq))
		},
	})
	if err == nil {
		s.tell(cause)
	}
	return err
}
