package bolt

import "go.etcd.io/bbolt"

// lastBefore moves to the last key below from, or to the very last one where
// from is nil.
func lastBefore(c *bbolt.Cursor, from []byte) (k, v []byte) {
	if from == nil {
		return c.Last()
	}
	if k, _ := c.Seek(from); k == nil {
		return c.Last()
	}
	return c.Prev()
}
