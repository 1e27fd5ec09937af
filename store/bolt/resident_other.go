//go:build !linux

package bolt

// resident does nothing where it cannot be told how much of a mapped file is in
// memory.
type resident struct{}

func (*resident) read(*txn)  {}
func (*resident) bound(*txn) {}
