package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// outcome is what became of one input.
type outcome[T any] struct {
	in    input
	value T
	err   error
}

// printEach works on all cores and prints in order. Every input is printed,
// also one that could not be read; then the command fails.
func printEach[T any](ctx context.Context, w io.Writer, all []input, asJSON bool, work func(context.Context, input) (T, error), show func(io.Writer, T) error) error {
	failed := 0
	out := newLines(w)
	err := inOrder(ctx, all, func(ctx context.Context, in input) outcome[T] {
		value, err := work(ctx, in)
		return outcome[T]{in, value, err}
	}, func(o outcome[T]) error {
		if o.err != nil {
			failed++
		}
		if !asJSON {
			return show(w, o.value)
		}
		if rows, ok := any(o.value).([]outlinkRow); ok {
			for _, row := range rows {
				if err := out.write(row); err != nil {
					return err
				}
			}
			return nil
		}
		return out.write(o.value)
	})
	if err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d could not be read", failed, len(all))
	}
	return nil
}

// inOrder does the work of all inputs on all cores and hands the results over
// in the order of the inputs. It returns when all that it began has ended; work
// ends with its context, which an error of emit ends too.
func inOrder[T any](ctx context.Context, all []input, work func(context.Context, input) T, emit func(T) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	slots := make(chan chan T, 2*runtime.GOMAXPROCS(0))
	running := make(chan struct{}, runtime.GOMAXPROCS(0))
	group.Go(func() {
		defer close(slots)
		for _, in := range all {
			result := make(chan T, 1)
			select {
			case slots <- result:
			case <-ctx.Done():
				return
			}
			running <- struct{}{}
			group.Go(func() {
				defer func() { <-running }()
				result <- work(ctx, in)
			})
		}
	})
	for result := range slots {
		if err := emit(<-result); err != nil {
			return err
		}
	}
	return ctx.Err()
}
