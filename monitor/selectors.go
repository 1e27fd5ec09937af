package monitor

import (
	"fmt"
	"slices"
	"strings"

	"veille"
)

// failedSelects is how many articles in a row must be without what a selector
// names before that is an episode: a single page may be of another make.
const failedSelects = 3

// selected notes which selectors of a source yield nothing in an article that
// was read. An episode is logged when it begins and when it ends.
func (m *Monitor) selected(source *veille.Source, snap veille.Snapshot) {
	m.mu.Lock()
	run := m.sources[source.Name]
	if run == nil || run.state.SelectMisses == 0 && len(snap.SelectMissed) == 0 {
		m.mu.Unlock()
		return
	}
	s := &run.state
	before := s.SelectMisses
	s.SelectMissed = slices.Clone(snap.SelectMissed)
	if len(snap.SelectMissed) > 0 {
		s.SelectMisses++
	} else {
		s.SelectMisses = 0
	}
	misses := s.SelectMisses
	run.dirty = true
	m.mu.Unlock()
	signal(m.dirty)
	switch {
	case misses == failedSelects:
		m.log.Warn("selectors match nothing, the automatic reading stands in", "source", source.Name,
			"select", strings.Join(snap.SelectMissed, ", "), "articles", misses, "url", snap.URL)
	case misses == 0 && before >= failedSelects:
		m.log.Info("selectors match again", "source", source.Name)
	}
}

// keepSelected takes over what selected noted while a poll ran with an older
// state, and reports whether that was any news. The caller holds mu.
func (r *sourceRun) keepSelected(next *veille.SourceState) bool {
	if r.state.SelectMisses == next.SelectMisses && slices.Equal(r.state.SelectMissed, next.SelectMissed) {
		return false
	}
	next.SelectMissed, next.SelectMisses = r.state.SelectMissed, r.state.SelectMisses
	return true
}

// dropSelected forgets the misses of selectors that the source no longer has.
// The caller holds mu.
func (r *sourceRun) dropSelected() {
	if r.source.Select == (veille.Selectors{}) && r.state.SelectMisses > 0 {
		r.state.SelectMissed, r.state.SelectMisses, r.dirty = nil, 0, true
	}
}

// selectWarning says that the selectors of a source match nothing; empty while
// they do. The caller holds mu.
func (r *sourceRun) selectWarning() string {
	if r.state.SelectMisses < failedSelects {
		return ""
	}
	return fmt.Sprintf("source %s: select %s matches nothing in the last %d articles, the automatic reading stands in: veille try shows one",
		r.state.Name, strings.Join(r.state.SelectMissed, ", "), r.state.SelectMisses)
}
