package monitor

import (
	"context"
	"time"

	"veille"
)

// fullRetry is how often a full store is tried again.
const fullRetry = 10 * time.Second

// flushStates stores the states of sources whose poll found nothing new, in
// batches: a pass over unchanged sources costs a commit a second at most.
func (m *Monitor) flushStates(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.dirty:
		case <-timer.C:
		}
		wait := time.Second
		if m.isFull() {
			wait = fullRetry
		}
		pause := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			pause.Stop()
			return
		case <-pause.C:
		}
		if m.mayBeFull() && m.storeFailed(ctx, "probe the store", m.probe(ctx)) {
			m.tellFull(ctx)
			signal(m.dirty)
			continue
		}
		if m.storeFailed(ctx, "tell that the store has room", m.tellRoom(ctx)) {
			signal(m.dirty)
			continue
		}
		m.resume()
		m.storeFailed(ctx, "save source states", m.saveDirty(ctx))
	}
}

// probe asks whether the store takes articles again, with a poll that lists
// nothing: a store may still have room for states when it has none for those.
func (m *Monitor) probe(ctx context.Context) error {
	m.storing.Lock()
	defer m.storing.Unlock()
	m.mu.Lock()
	var state veille.SourceState
	for _, run := range m.sources {
		state = run.state
		break
	}
	m.mu.Unlock()
	if state.Name == "" {
		return nil
	}
	return m.store.CommitPoll(ctx, veille.PollCommit{State: state})
}

// saveDirty stores the changed states.
func (m *Monitor) saveDirty(ctx context.Context) error {
	m.storing.Lock()
	defer m.storing.Unlock()
	var states []veille.SourceState
	var runs []*sourceRun
	m.mu.Lock()
	for _, run := range m.sources {
		if run.dirty {
			states, runs = append(states, run.state), append(runs, run)
			run.dirty = false
		}
	}
	m.mu.Unlock()
	if len(states) == 0 {
		return nil
	}
	err := m.store.SaveSources(ctx, states)
	if err != nil {
		m.mu.Lock()
		for _, run := range runs {
			run.dirty = true
		}
		m.mu.Unlock()
	}
	return err
}
