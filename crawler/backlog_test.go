package crawler

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// Bodies wait in memory for a reader: with one host a body, their number must
// not be that of the hosts.
func TestCrawler_AsksForNoMoreThanItCanRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrawler(Options{UserAgent: "VeilleBot/0.1", Parallel: 64}, labNetwork())
		defer c.Close()
		release := make(chan struct{})
		limit := unreadPerReader * cap(c.parsing)
		done := make(chan error, limit)
		for range limit {
			go func() {
				done <- c.read(t.Context(), "https://example.org/", func() error { <-release; return nil })
			}()
		}
		synctest.Wait()

		short, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := c.awaitReaders(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("with %d unread bodies: %v, want to wait", limit, err)
		}

		// As soon as one is read, every request that waits looks again.
		waiting := make(chan error, 3)
		for range 3 {
			go func() { waiting <- c.awaitReaders(t.Context()) }()
		}
		close(release)
		for range limit {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		for range 3 {
			if err := <-waiting; err != nil {
				t.Error(err)
			}
		}
	})
}
