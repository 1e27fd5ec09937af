package bolt

import (
	"errors"
	"fmt"
	"syscall"

	berrors "go.etcd.io/bbolt/errors"

	"veille"
)

// Why a store cannot be opened. Open returns each inside an *OpenError; the
// file is left as it was.
var (
	// ErrLocked: another process has the store open.
	ErrLocked = errors.New("another process holds the store")
	// ErrForeign: the file is not a store of Veille.
	ErrForeign = errors.New("not a Veille store")
	// ErrTruncated: the end of the file is missing.
	ErrTruncated = errors.New("the file is cut short")
	// ErrLost: a store was here, and the file is gone or empty.
	ErrLost = errors.New("the store that was here is gone or empty")
	// ErrNewer: a newer version of Veille wrote the file.
	ErrNewer = errors.New("written by a newer version of Veille")
	// ErrNetworkFS: bbolt needs locks and mapped memory that network file
	// systems do not keep.
	ErrNetworkFS = errors.New("on a network file system")
)

// What can happen to an open store.
var (
	// ErrCorrupt: a record or page fails its check. The others are unharmed.
	ErrCorrupt = errors.New("corrupt record")
	// ErrFailed: a commit failed, so that nobody knows what is on disk. Every
	// later write answers the same; the process must restart.
	ErrFailed = errors.New("store failed; restart to know what is on disk")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("store closed")
	// ErrNoFilter: Drop was asked to remove everything.
	ErrNoFilter = errors.New("drop needs a receiver, state, event, watch or time")
)

// OpenError says why a store was not opened, and what to do about it.
type OpenError struct {
	Path string
	Err  error
	// Help is a way out.
	Help string
}

func (e *OpenError) Error() string {
	s := "open store " + e.Path + ": " + e.Err.Error()
	if e.Help != "" {
		s += "; " + e.Help
	}
	return s
}

func (e *OpenError) Unwrap() error { return e.Err }

// isFull tells a disk, quota or size limit that is reached from a disk that
// is broken. bbolt rolls back cleanly from these.
func isFull(err error) bool {
	return errors.Is(err, berrors.ErrMaxSizeReached) || errors.Is(err, syscall.ENOSPC) ||
		errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) || errors.Is(err, veille.ErrStoreFull)
}

// corrupt names the place of a damaged record.
func corrupt(bucket string, key []byte) error {
	return fmt.Errorf("%s %x: %w", bucket, key, ErrCorrupt)
}
