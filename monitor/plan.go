package monitor

import (
	"slices"
	"time"

	"github.com/robfig/cron/v3"

	"veille"
)

// Plan is what a configuration asks for. It is swapped whole and not changed
// after Apply.
type Plan struct {
	Sources []veille.Source
	Watches []veille.Watch
	// Matcher holds the same watches, compiled.
	Matcher Matcher
	// Health names the receivers of events about the sources themselves.
	Health []string
	// Lookback is how old an article on a first poll may be to alert.
	Lookback time.Duration
	// Parallel is how many requests the crawler makes at once.
	Parallel int
	// KeepArticles and KeepDeliveries are the retention; 0 keeps for ever.
	KeepArticles, KeepDeliveries time.Duration
}

// plan is a Plan with its indexes.
type plan struct {
	Plan
	sources map[string]*veille.Source
	// byURL holds the sources whose URL no other one has.
	byURL   map[string]*veille.Source
	watches map[string]*veille.Watch
	// listing holds the addresses of the sources, as written and canonical.
	listing map[string]bool
}

func newPlan(p Plan) *plan {
	out := &plan{
		Plan: p, sources: make(map[string]*veille.Source, len(p.Sources)),
		byURL: make(map[string]*veille.Source, len(p.Sources)), watches: make(map[string]*veille.Watch, len(p.Watches)),
		listing: make(map[string]bool, 2*len(p.Sources)),
	}
	shared := map[string]bool{}
	for i := range p.Sources {
		source := &p.Sources[i]
		out.sources[source.Name] = source
		shared[source.URL] = out.byURL[source.URL] != nil || shared[source.URL]
		out.byURL[source.URL] = source
		out.listing[source.URL] = true
		if canonical, err := veille.CanonicalURL(source.URL); err == nil {
			out.listing[canonical] = true
		}
	}
	for url, more := range shared {
		if more {
			delete(out.byURL, url)
		}
	}
	for i := range p.Watches {
		out.watches[p.Watches[i].Name] = &p.Watches[i]
	}
	return out
}

// Apply swaps the plan, before or during Run. Sources that stay keep their
// state and their ticks; a new one is polled at once; one whose URL changed
// begins again with a baseline; what a removed one left to visit waits for
// three days in case it comes back.
func (m *Monitor) Apply(p Plan) {
	m.applying.Lock()
	defer m.applying.Unlock()
	next := newPlan(p)
	m.plan.Store(next)
	m.mu.Lock()
	if m.running {
		m.reconcile(next, time.Now())
	}
	m.mu.Unlock()
	signal(m.replanned)
	signal(m.rescan)
	signal(m.reload)
}

// sourceRun is a source while it runs. The monitor's lock guards it.
type sourceRun struct {
	source   *veille.Source
	host     string
	schedule cron.Schedule
	period   time.Duration
	state    veille.SourceState
	// next is when a poll is due: a tick missed or to come, or the end of a
	// back-off.
	next time.Time
	// queued says that a poll waits or runs.
	queued bool
	// queuedAt is the tick that put it there.
	queuedAt time.Time
	dirty    bool
	// attended holds the sorted hashes of the outlinks that the last changed
	// listing showed and that need no look for other sources' articles; nil
	// while that is not asked for. It is replaced, never changed.
	attended []uint64
}

// firstSpread is the time over which sources never polled begin.
const firstSpread = 300 * time.Millisecond

// reconcile makes the running sources those of the plan. The caller holds mu.
func (m *Monitor) reconcile(p *plan, now time.Time) {
	interned := schedules{}
	for name, run := range m.sources {
		source, stays := p.sources[name]
		if !stays || source.URL != run.source.URL {
			m.states[name] = run.state
			delete(m.sources, name)
		}
	}
	m.lanes.limit = max(64, 16*p.Parallel)
	for i := range p.Sources {
		source := &p.Sources[i]
		schedule, period, err := interned.of(source.Name, source.Schedule, source.TimeZone)
		if err != nil {
			// The configuration was checked; what slips through must be seen,
			// and the source must be polled.
			m.log.Error("schedule not understood, polling hourly", "source", source.Name, "error", err)
			schedule, period = every{time.Hour}, time.Hour
		}
		run := m.sources[source.Name]
		if run == nil {
			run = &sourceRun{state: m.states[source.Name]}
			if run.state.URL != source.URL {
				run.state = m.renamed(p, source)
			} else {
				delete(m.states, source.Name)
			}
			run.state.Name, run.state.URL = source.Name, source.URL
			m.sources[source.Name] = run
		}
		run.source, run.host, run.schedule, run.period = source, hostOf(source.URL), schedule, period
		run.dropSelected()
		run.plan(now)
	}
}

// renamed returns the state that a source left under another name, which is
// no longer in the plan; else an empty one. The old name keeps its state too:
// visits that still carry it find their source by its URL. The caller holds mu.
func (m *Monitor) renamed(p *plan, source *veille.Source) veille.SourceState {
	if p.byURL[source.URL] == nil {
		return veille.SourceState{}
	}
	var newest veille.SourceState
	for name, state := range m.states {
		if p.sources[name] == nil && state.URL == source.URL && state.LastSuccess.After(newest.LastSuccess) {
			newest = state
		}
	}
	return newest
}

// plan works out when the source is due next. Counting from the last tick
// that was answered gives the one catch-up after downtime, suspension or a
// clock that jumped.
func (r *sourceRun) plan(now time.Time) {
	s := &r.state
	// A clock that went back must not hold the source still.
	if s.LastScheduled.After(now.Add(time.Second)) {
		s.LastScheduled = now
	}
	if latest := now.Add(longestWait); s.NotBefore.After(latest) {
		s.NotBefore = latest
	}
	switch {
	case s.Fails > 0 || s.NotBefore.After(now):
		r.next = s.NotBefore
	case s.LastScheduled.IsZero():
		r.next = now.Add(time.Duration(nameHash(s.Name) % uint64(firstSpread)))
	default:
		r.next = r.schedule.Next(s.LastScheduled)
	}
}

// tick returns the tick that a poll at now answers: the one that was due if no
// later one has passed, else now.
func (r *sourceRun) tick(now time.Time) time.Time {
	if r.state.LastScheduled.IsZero() {
		return now
	}
	due := r.schedule.Next(r.state.LastScheduled)
	if due.IsZero() || due.After(now) || !r.schedule.Next(due).After(now) {
		return now
	}
	return due
}

// lists reports whether an address is that of a source: a page of links.
func (p *plan) lists(address string) bool {
	canonical, err := veille.CanonicalURL(address)
	return p.listing[address] || err == nil && p.listing[canonical]
}

// receivers returns the receivers that some watches notify, sorted, each with
// those watches.
func (p *plan) receivers(watches []string) (names []string, by map[string][]string) {
	by = map[string][]string{}
	for _, name := range watches {
		w := p.watches[name]
		if w == nil {
			continue
		}
		for _, r := range w.Notify {
			if !slices.Contains(by[r], name) {
				by[r] = append(by[r], name)
			}
		}
	}
	for name := range by {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, by
}
