package bolt

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"veille"
)

const (
	// maxPuts ends the collecting of calls for one transaction: memory grows
	// with the pages that a transaction touches.
	maxPuts = 1000
	// maxTouches is how many links one transaction marks as still listed.
	maxTouches = 200
)

// call is one atomic write that waits for its turn. Its functions may run
// more than once, because a transaction may be tried again.
type call struct {
	ctx context.Context
	// grows marks what must stop when the store is nearly full.
	grows bool
	// cost estimates the puts.
	cost int
	// check reads and refuses; write cannot refuse any more.
	check, write func(*txn) error
	done         chan error
}

// submit waits for the call's turn and for the commit.
func (s *Store) submit(c *call) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	c.done = make(chan error, 1)
	select {
	case <-s.closing:
		return ErrClosed
	default:
	}
	// A call that was taken is always answered, and soon.
	select {
	case s.calls <- c:
		return <-c.done
	case <-c.ctx.Done():
		return c.ctx.Err()
	case <-s.closing:
		return ErrClosed
	}
}

// write commits the calls that wait together in one transaction, without
// waiting for more of them: while one commits, the next ones gather.
func (s *Store) write() {
	defer close(s.written)
	for {
		select {
		case <-s.closing:
			return
		case c := <-s.calls:
			s.commit(s.gather(c))
		}
	}
}

func (s *Store) gather(first *call) []*call {
	group, cost := []*call{first}, first.cost
	for cost < maxPuts {
		select {
		case c := <-s.calls:
			group, cost = append(group, c), cost+c.cost
		default:
			return group
		}
	}
	return group
}

// commit answers every call of the group.
func (s *Store) commit(group []*call) {
	answer := func(err error, which func(*call) bool) {
		group = slices.DeleteFunc(group, func(c *call) bool {
			if which(c) {
				c.done <- err
				return true
			}
			return false
		})
	}
	all := func(*call) bool { return true }
	grows := func(c *call) bool { return c.grows }
	if err := s.room(); err != nil {
		answer(err, grows)
	}
	for len(group) > 0 {
		if err := s.failed(); err != nil {
			answer(err, all)
			return
		}
		refused, culprit, err := s.try(group)
		switch {
		case err == nil:
			if slices.ContainsFunc(group, grows) {
				s.full(time.Time{})
			}
			for i, c := range group {
				c.done <- refused[i]
			}
			return
		case isFull(err):
			// What settles deliveries may still fit.
			err = fmt.Errorf("%w: %w", veille.ErrStoreFull, err)
			if slices.ContainsFunc(group, grows) {
				s.full(time.Now())
				answer(err, grows)
			} else {
				answer(err, all)
			}
		case culprit != nil:
			answer(err, func(c *call) bool { return c == culprit })
		default:
			s.fail(err)
		}
	}
}

// try runs the group in one transaction. On success it returns what each call
// was refused with. Otherwise nothing was stored, and culprit is the call that
// failed while writing, nil if the transaction itself did.
func (s *Store) try(group []*call) (refused []error, culprit *call, err error) {
	var btx *bbolt.Tx
	if err := guard(func() (err error) { btx, err = s.db.Begin(true); return }); err != nil {
		return nil, nil, fmt.Errorf("begin: %w", err)
	}
	tx := &txn{Tx: btx, store: s, counts: map[string]int64{}, now: time.Now().UTC()}
	committed := false
	defer func() {
		if committed {
			return
		}
		if rerr := guard(btx.Rollback); rerr != nil && err == nil {
			culprit, err = nil, fmt.Errorf("roll back: %w", rerr)
		}
	}()
	refused = make([]error, len(group))
	wrote, grew := false, false
	for i, c := range group {
		if err := guard(func() error { return c.check(tx) }); err != nil {
			refused[i] = err
			continue
		}
		wrote, grew = true, grew || c.grows
		if err := guard(func() error { return c.write(tx) }); err != nil {
			return nil, c, err
		}
	}
	if !wrote {
		return refused, nil, nil
	}
	err = guard(func() error {
		if grew {
			if err := s.touch(tx); err != nil {
				return err
			}
		}
		if err := tx.saveCounts(); err != nil {
			return err
		}
		return btx.Commit()
	})
	if err != nil {
		return nil, nil, fmt.Errorf("commit: %w", err)
	}
	committed = true
	s.committed(tx)
	return refused, nil, nil
}

// saveCounts writes the counts that the transaction changed.
func (tx *txn) saveCounts() error {
	for name, n := range tx.counts {
		key := []byte(name)
		sum := int64(fromBE64(tx.bucket(bCounts).Get(key))) + n
		tx.counts[name] = sum
		if err := tx.bucket(bCounts).Put(key, be64(uint64(sum))); err != nil {
			return err
		}
	}
	return nil
}

// committed takes over what a transaction changed in memory.
func (s *Store) committed(tx *txn) {
	used := s.measure()
	for _, v := range tx.signed {
		s.near.add(v.id, v.seen, v.tags)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commits++
	s.used = used
	for name, n := range tx.counts {
		s.counts[name] = n
	}
}

// measure returns how many bytes of the file hold data; 0 if it cannot tell.
func (s *Store) measure() int64 {
	var size int64
	_ = guard(func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			size = tx.Size()
			return nil
		})
	})
	return max(size-int64(s.db.Stats().FreePageN)*int64(s.db.Info().PageSize), 0)
}

// fail marks the store as not to be written any more.
func (s *Store) fail(err error) {
	s.mu.Lock()
	s.failure = fmt.Errorf("%w: %w", ErrFailed, err)
	s.mu.Unlock()
	s.log.Error("store failed", "err", err)
}

func (s *Store) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failure
}
