//go:build !linux

package bolt

import "go.etcd.io/bbolt"

const mostResident = 0

// resident does nothing where it cannot be told how much of a mapped file is in
// memory.
type resident struct{}

func (*resident) read(*txn)  {}
func (*resident) bound(*txn) {}

func bound(*bbolt.Tx, int64) {}
