package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"veille"
)

// Waiting returns a receiver's pending deliveries, due or not, with a greater
// sequence number than after, in order, at most limit of them. They come
// without their events.
func (s *Store) Waiting(ctx context.Context, receiver string, after uint64, limit int) ([]veille.Delivery, error) {
	r := hashOf(receiver)
	var waiting []veille.Delivery
	err := s.view(ctx, func(tx *txn) error {
		waiting = nil
		c := tx.bucket(bPending).Cursor()
		for k, _ := c.Seek(join(r[:], be64(after+1))); bytes.HasPrefix(k, r[:]) && len(waiting) < limit; k, _ = c.Next() {
			d, err := tx.delivery(fromBE64(k[hashLen:]))
			if err != nil {
				s.tell(err) // its turn will put it aside
				continue
			}
			waiting = append(waiting, d)
		}
		return nil
	})
	return waiting, err
}

// Pending returns how many deliveries wait for a receiver.
func (s *Store) Pending(receiver string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.counts["pending\x00"+receiver])
}

// Gather makes one digest of deliveries that wait. Where one of them does not
// any more it is veille.ErrConflict, and nothing is stored.
func (s *Store) Gather(ctx context.Context, g veille.Gathering) error {
	d := g.Delivery
	if g.Event.ID == "" || g.Event.Type != veille.Digest || d.EventID != g.Event.ID || d.Receiver == "" || len(g.Members) == 0 {
		return errors.New("gather deliveries: not a digest, its delivery and members")
	}
	event, err := pack(&s.codec, g.Event)
	if err != nil {
		return err
	}
	d.State, d.Type, d.Story = veille.DeliveryPending, veille.Digest, ""
	var members []veille.Delivery
	return s.submit(&call{
		ctx: ctx, cost: 6 + 5*len(g.Members),
		check: func(tx *txn) error {
			if tx.bucket(bTracks).Get(trackKey(d.EventID, d.Receiver)) != nil {
				return fmt.Errorf("gather deliveries: digest %s exists: %w", d.EventID, veille.ErrConflict)
			}
			members = members[:0]
			for _, seq := range g.Members {
				m, err := tx.delivery(seq)
				if err != nil || m.State != veille.DeliveryPending || m.Receiver != d.Receiver || m.Type == veille.Digest {
					return fmt.Errorf("gather deliveries: %d does not wait for %s: %w", seq, d.Receiver, veille.ErrConflict)
				}
				members = append(members, m)
			}
			return nil
		},
		write: func(tx *txn) error {
			seq, err := tx.bucket(bDeliveries).NextSequence()
			if err != nil {
				return err
			}
			d.Seq = seq
			if err := tx.putEvent(event); err != nil {
				return err
			}
			if err := tx.bucket(bTracks).Put(trackKey(d.EventID, d.Receiver), be64(seq)); err != nil {
				return err
			}
			for _, m := range members {
				m.State, m.Batch = veille.DeliveryGrouped, d.EventID
				if err := tx.move(m); err != nil {
					return err
				}
				if err := tx.bucket(bMembers).Put(join(be64(seq), be64(m.Seq)), present()); err != nil {
					return err
				}
			}
			return tx.move(d)
		},
	})
}

// membersOf returns the numbers of the deliveries that a digest tells.
func (tx *txn) membersOf(digest uint64) []uint64 {
	var members []uint64
	prefix := be64(digest)
	c := tx.bucket(bMembers).Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		members = append(members, fromBE64(k[8:]))
	}
	return members
}

// settleMembers lets the members share what became of their digest: sent with
// it, or one by one after it was split.
func (tx *txn) settleMembers(digest veille.Delivery) error {
	if digest.Type != veille.Digest || digest.State != veille.DeliverySent && digest.State != veille.DeliverySplit {
		return nil
	}
	for _, seq := range tx.membersOf(digest.Seq) {
		m, err := tx.delivery(seq)
		if err != nil {
			tx.store.tell(err)
			continue
		}
		if m.State != veille.DeliveryGrouped {
			continue
		}
		m.State, m.LastTry, m.LastStatus = veille.DeliverySent, digest.LastTry, digest.LastStatus
		if digest.State == veille.DeliverySplit {
			m.State, m.Alone, m.Batch, m.LastTry = veille.DeliveryPending, true, "", time.Time{}
			if err := tx.drop(bMembers, join(be64(digest.Seq), be64(seq))); err != nil {
				return err
			}
		}
		if err := tx.move(m); err != nil {
			return err
		}
	}
	return nil
}

// forgetMembership removes a delivery from its digest, and a digest with what
// it did not tell yet.
func (tx *txn) forgetMembership(d veille.Delivery) error {
	if d.Batch != "" {
		if digest := tx.bucket(bTracks).Get(trackKey(d.Batch, d.Receiver)); digest != nil {
			return tx.drop(bMembers, join(digest, be64(d.Seq)))
		}
		return nil
	}
	if d.Type != veille.Digest {
		return nil
	}
	for _, seq := range tx.membersOf(d.Seq) {
		if err := tx.drop(bMembers, join(be64(d.Seq), be64(seq))); err != nil {
			return err
		}
		m, err := tx.delivery(seq)
		if err != nil || m.State != veille.DeliveryGrouped {
			continue
		}
		m.Batch = ""
		if err := tx.forget(m); err != nil {
			return err
		}
	}
	return nil
}
