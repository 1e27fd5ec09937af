package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// tasks runs functions until one fails or the context ends, and waits for all.
type tasks struct {
	ctx    context.Context
	cancel context.CancelFunc
	group  sync.WaitGroup
	mu     sync.Mutex
	err    error
}

func newTasks(ctx context.Context, cancel context.CancelFunc) *tasks {
	return &tasks{ctx: ctx, cancel: cancel}
}

func (t *tasks) start(name string, run func(context.Context) error) {
	t.group.Go(func() {
		defer t.cancel()
		err := run(t.ctx)
		if err == nil || errors.Is(err, context.Canceled) {
			return
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.err == nil {
			t.err = fmt.Errorf("%s: %w", name, err)
		}
	})
}

func (t *tasks) wait() error {
	t.group.Wait()
	return t.err
}

// pause waits, and reports whether the time passed before ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
