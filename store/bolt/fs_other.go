//go:build !linux

package bolt

import "math"

// networkFS cannot tell here.
func networkFS(string) (string, error) { return "", nil }

// diskRoom cannot tell here: only a failed write shows a full disk.
func diskRoom(string) (free, total int64, err error) { return math.MaxInt64, math.MaxInt64, nil }
