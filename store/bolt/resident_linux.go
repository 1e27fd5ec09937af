package bolt

import (
	"bytes"
	"cmp"
	"os"
	"strconv"
	"sync/atomic"

	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// resident keeps the part of the mapped file small that counts as memory of
// this process. What was read stays in the kernel's cache, where it is the first
// to go; but who looks at the process, or limits it, sees a store of gigabytes
// grow into it.
type resident struct {
	views atomic.Int64
	// most is how many bytes may stay; 0 means mostResident.
	most int64
}

const (
	mostResident = 128 << 20
	// residentEvery is how many short reads go by until it is measured.
	residentEvery = 64
)

// read counts a short read, and bounds what many of them bring in.
func (r *resident) read(tx *txn) {
	if r.views.Add(1)%residentEvery == 0 {
		r.bound(tx)
	}
}

func (r *resident) bound(tx *txn) { bound(tx.Tx, cmp.Or(r.most, mostResident)) }

// bound lets go of the mapped file where much of it has come in. Readers that
// are under way fetch their pages again.
func bound(tx *bbolt.Tx, most int64) {
	if fileResident() > most {
		// The file is mapped for reading only, so that nothing is lost, and stays
		// where it is as long as the transaction lasts.
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, tx.DB().Info().Data, uintptr(tx.Size()), unix.MADV_DONTNEED)
	}
}

// fileResident is how many bytes of files are mapped and in memory; 0 if it
// cannot be told.
func fileResident() int64 {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(statm)
	if len(fields) < 3 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[2]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
