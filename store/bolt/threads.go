package bolt

import (
	"bytes"

	"veille"
)

// subjects are what an event is about, the narrower first: an article, then the
// story it belongs to.
func subjects(e veille.Event) []string {
	var out []string
	if e.Article != nil && e.Article.ID != "" {
		out = append(out, e.Article.ID)
	}
	if e.Story != nil && e.Story.ID != "" {
		out = append(out, e.Story.ID)
	}
	return out
}

func threadKey(receiver, subject string) []byte {
	r, s := hashOf(receiver), hashOf(subject)
	return join(r[:], s[:])
}

// thread finds the receipt that a delivery answers to (see
// veille.Delivery.Thread). What is damaged is as good as gone: the delivery
// then begins a thread of its own.
func (tx *txn) thread(d veille.Delivery) veille.Receipt {
	if d.Event.Type != veille.Digest {
		_, receipt := tx.firstSent(d, d.Event)
		return receipt
	}
	var common uint64
	var receipt veille.Receipt
	for i, e := range d.Event.Events {
		seq, r := tx.firstSent(d, e)
		if r == nil || i > 0 && seq != common {
			return nil
		}
		common, receipt = seq, r
	}
	return receipt
}

func (tx *txn) firstSent(d veille.Delivery, e veille.Event) (uint64, veille.Receipt) {
	for _, subject := range subjects(e) {
		v := tx.bucket(bThreads).Get(threadKey(d.Receiver, subject))
		if v == nil {
			continue
		}
		seq := fromBE64(v)
		if first, err := tx.delivery(seq); err == nil && seq != d.Seq && first.Receiver == d.Receiver && len(first.Receipt) > 0 {
			return seq, first.Receipt
		}
	}
	return 0, nil
}

// beginThread remembers the first delivery that was sent about each subject,
// if the receiver said something to answer to.
func (tx *txn) beginThread(d veille.Delivery) error {
	if d.State != veille.DeliverySent || len(d.Receipt) == 0 {
		return nil
	}
	return tx.eachSubject(d, func(key []byte) error {
		if tx.bucket(bThreads).Get(key) != nil {
			return nil
		}
		return tx.bucket(bThreads).Put(key, be64(d.Seq))
	})
}

// endThread forgets what a delivery that goes began.
func (tx *txn) endThread(d veille.Delivery) error {
	if d.State != veille.DeliverySent || len(d.Receipt) == 0 {
		return nil
	}
	return tx.eachSubject(d, func(key []byte) error {
		if !bytes.Equal(tx.bucket(bThreads).Get(key), be64(d.Seq)) {
			return nil
		}
		return tx.drop(bThreads, key)
	})
}

func (tx *txn) eachSubject(d veille.Delivery, f func(key []byte) error) error {
	e, err := tx.event(d.EventID)
	if err != nil {
		return nil //nolint:nilerr // a damaged or dropped event costs the thread, not the delivery
	}
	for _, about := range append([]veille.Event{e}, e.Events...) {
		for _, subject := range subjects(about) {
			if err := f(threadKey(d.Receiver, subject)); err != nil {
				return err
			}
		}
	}
	return nil
}
