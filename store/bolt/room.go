package bolt

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"veille"
)

// minFree is how much of a disk crawling leaves free, in bytes.
const minFree = 64 << 20

// fullFor is how long a write that did not fit makes the store unhealthy.
// Only another write can tell that there is room again, and it must be tried.
const fullFor = time.Minute

// Healthy returns nil while the store takes every write; veille.ErrStoreFull
// while only deliveries are settled; ErrFailed when the process must restart.
func (s *Store) Healthy() error {
	select {
	case <-s.closing:
		return ErrClosed
	default:
	}
	if err := s.failed(); err != nil {
		return err
	}
	if err := s.room(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.fullAt.IsZero() && time.Since(s.fullAt) < fullFor {
		return fmt.Errorf("%w: a write of %s ago did not fit", veille.ErrStoreFull, time.Since(s.fullAt).Round(time.Second))
	}
	return nil
}

// full notes when a write last did not fit; zero when one fits.
func (s *Store) full(at time.Time) {
	s.mu.Lock()
	s.fullAt = at
	s.mu.Unlock()
}

// room refuses what makes the store grow, before what settles deliveries has
// no room left either.
func (s *Store) room() error {
	s.mu.Lock()
	used := s.used
	s.mu.Unlock()
	if soft := s.options.MaxSize - s.options.Reserve; s.options.MaxSize > 0 && used >= soft {
		return fmt.Errorf("%w: %d bytes of at most %d, the rest is kept for deliveries", veille.ErrStoreFull, used, s.options.MaxSize)
	}
	if s.options.MinFree < 0 {
		return nil
	}
	free, total, err := diskRoom(filepath.Dir(s.path))
	if err != nil {
		return err
	}
	if keep := s.keepFree(total); free < keep {
		return fmt.Errorf("%w: %d bytes free on the disk, %d are kept for deliveries", veille.ErrStoreFull, free, keep)
	}
	return nil
}

// keepFree is how many bytes of a disk crawling leaves free.
func (s *Store) keepFree(total int64) int64 {
	if s.options.MinFree != 0 {
		return max(s.options.MinFree, 0)
	}
	return min(minFree, total/20)
}

// size returns the size of the file in bytes.
func (s *Store) size() (int64, error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return 0, fmt.Errorf("measure the store: %w", err)
	}
	return info.Size(), nil
}
