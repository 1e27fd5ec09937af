package monitor

import (
	"slices"

	"veille"
)

// selected notes which selectors of a source yield nothing in an article that
// was read; the next poll says what that means.
func (m *Monitor) selected(source *veille.Source, snap veille.Snapshot) {
	m.mu.Lock()
	run := m.sources[source.Name]
	if run == nil || run.state.SelectMisses == 0 && len(snap.SelectMissed) == 0 {
		m.mu.Unlock()
		return
	}
	s := &run.state
	s.SelectMissed = slices.Clone(snap.SelectMissed)
	if len(snap.SelectMissed) > 0 {
		s.SelectMisses++
	} else {
		s.SelectMisses = 0
	}
	run.dirty = true
	m.mu.Unlock()
	signal(m.dirty)
}

// keepVisited takes over what visits noted while a poll ran with an older state,
// and reports whether that was any news. The caller holds mu.
func (r *sourceRun) keepVisited(next *veille.SourceState) bool {
	if r.state.SelectMisses == next.SelectMisses && slices.Equal(r.state.SelectMissed, next.SelectMissed) &&
		r.state.Health.Reading == next.Health.Reading {
		return false
	}
	next.SelectMissed, next.SelectMisses = r.state.SelectMissed, r.state.SelectMisses
	next.Health.Reading = r.state.Health.Reading
	return true
}

// dropSelected forgets the misses of selectors that the source no longer has.
// The caller holds mu.
func (r *sourceRun) dropSelected() {
	if r.source.Select == (veille.Selectors{}) && r.state.SelectMisses > 0 {
		r.state.SelectMissed, r.state.SelectMisses, r.dirty = nil, 0, true
	}
}
