package bolt

import (
	"bytes"

	"veille"
)

// storyOf is what orders the deliveries of an event: its story, else its
// article, else the source or receiver whose trouble begins or ends.
func storyOf(e veille.Event) string {
	if about := subjects(e); len(about) > 0 {
		return about[len(about)-1]
	}
	return e.Affected()
}

// queue lets a delivery wait until it is due. Of those that wait for one
// receiver about one story, only the earliest stands in the due index: no
// later one overtakes it, however long it is put off. A digest stands before
// everything (see first).
func (tx *txn) queue(d veille.Delivery) error {
	r, seq, due := hashOf(d.Receiver), be64(d.Seq), be64(stamp(d.Due))
	tx.counts["pending\x00"+d.Receiver]++
	if d.Type == veille.Digest {
		if err := tx.bucket(bBatches).Put(join(r[:], seq), present()); err != nil {
			return err
		}
	}
	if d.Story == "" {
		if err := tx.bucket(bPending).Put(join(r[:], seq), due); err != nil {
			return err
		}
		return tx.bucket(bDue).Put(join(r[:], due, seq), present())
	}
	story := hashOf(d.Story)
	lane := join(r[:], story[:])
	head := tx.head(lane)
	if err := tx.bucket(bPending).Put(join(r[:], seq), join(due, story[:])); err != nil {
		return err
	}
	if err := tx.bucket(bLanes).Put(join(lane, seq), present()); err != nil {
		return err
	}
	if head != nil {
		if bytes.Compare(head, seq) < 0 {
			return nil
		}
		// An operator's retry brought back an earlier one.
		if err := tx.drop(bDue, tx.dueKey(r, head)); err != nil {
			return err
		}
	}
	return tx.bucket(bDue).Put(join(r[:], due, seq), present())
}

// unqueue ends the waiting of a delivery, and lets the next one of its story
// take its turn.
func (tx *txn) unqueue(receiver string, number uint64) error {
	r, seq := hashOf(receiver), be64(number)
	key := join(r[:], seq)
	value := bytes.Clone(tx.bucket(bPending).Get(key))
	if value == nil {
		return nil
	}
	tx.counts["pending\x00"+receiver]--
	if err := tx.drop(bDue, tx.dueKey(r, seq)); err != nil {
		return err
	}
	if err := tx.drop(bPending, key); err != nil {
		return err
	}
	if err := tx.drop(bBatches, key); err != nil {
		return err
	}
	if len(value) <= 8 {
		return nil
	}
	lane := join(r[:], value[8:])
	if err := tx.drop(bLanes, join(lane, seq)); err != nil {
		return err
	}
	head := tx.head(lane)
	if head == nil || bytes.Compare(head, seq) < 0 {
		return nil
	}
	return tx.bucket(bDue).Put(tx.dueKey(r, head), present())
}

// head is the earliest delivery of a lane, nil where none waits.
func (tx *txn) head(lane []byte) []byte {
	k, _ := tx.bucket(bLanes).Cursor().Seek(lane)
	if !bytes.HasPrefix(k, lane) {
		return nil
	}
	return bytes.Clone(k[len(lane):])
}

// dueKey is the key that a waiting delivery has in the due index.
func (tx *txn) dueKey(r hash, seq []byte) []byte {
	value := tx.bucket(bPending).Get(join(r[:], seq))
	return join(r[:], value[:min(8, len(value))], seq)
}

// first is the delivery that a receiver gets next and when: a digest if one is
// pending, for what came after it may be about the same stories; else the one
// that is due first. ok is false where none waits.
func (tx *txn) first(receiver string) (due, seq uint64, ok bool) {
	r := hashOf(receiver)
	if k, _ := tx.bucket(bBatches).Cursor().Seek(r[:]); bytes.HasPrefix(k, r[:]) {
		key := tx.dueKey(r, k[hashLen:])
		return fromBE64(key[hashLen : len(key)-8]), fromBE64(k[hashLen:]), true
	}
	k, _ := tx.bucket(bDue).Cursor().Seek(r[:])
	if !bytes.HasPrefix(k, r[:]) {
		return 0, 0, false
	}
	return fromBE64(k[hashLen : hashLen+8]), fromBE64(k[hashLen+8:]), true
}
