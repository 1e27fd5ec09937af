package monitor

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"veille"
)

// recheckLane begins the key of the lane of a host's rechecks.
const recheckLane = "again "

// laneRoom is how many visits of one host are in memory at most; below
// laneLow more are loaded if there are any.
const (
	laneRoom = 256
	laneLow  = 32
)

// crowdedFor is how long a host counts as crowded after polls have held up its
// articles: these come a few at a time.
const crowdedFor = time.Hour

// patience is how long visits wait behind polls that never end: where a host's
// sources ask for more than its spacing allows, every second turn is a visit's
// from then on. A listing is of no use whose articles are never read.
const patience = time.Minute

// lane is the work of one host, or the rechecks of one host: these wait for
// every second turn, and must not make a poll wait with them. Everything in a
// lane runs one after another, in a goroutine that lives while there is some:
// polls before visits, within patience.
type lane struct {
	key    string
	polls  []*sourceRun
	visits []veille.Visit
	// polled says that the last task was a poll; heldUp is since when visits have
	// waited behind one poll after another, zero while they do not.
	polled bool
	heldUp time.Time
	// active has a goroutine; ready waits for one.
	active, ready bool
	// more says that the store holds visits that found no room here.
	more bool
}

func (l *lane) empty() bool { return len(l.polls)+len(l.visits) == 0 }

// task is one piece of a lane's work: a poll or a visit.
type task struct {
	poll  *sourceRun
	visit veille.Visit
}

func (l *lane) pop(now time.Time) task {
	switch both := len(l.polls) > 0 && len(l.visits) > 0; {
	case !both:
		l.heldUp = time.Time{}
	case l.heldUp.IsZero():
		l.heldUp = now
	}
	l.polled = len(l.polls) > 0 && !(l.late(now) && l.polled)
	if l.polled {
		run := l.polls[0]
		l.polls = shift(l.polls)
		return task{poll: run}
	}
	v := l.visits[0]
	l.visits = shift(l.visits)
	return task{visit: v}
}

// late reports whether visits have waited behind polls for too long.
func (l *lane) late(now time.Time) bool { return !l.heldUp.IsZero() && now.Sub(l.heldUp) >= patience }

// shift drops the first element and, with the last, the memory.
func shift[T any](s []T) []T {
	var zero T
	s[0] = zero
	if len(s) == 1 {
		return nil
	}
	return s[1:]
}

// laneSet holds the lanes that have work. The monitor's lock guards it.
type laneSet struct {
	byKey map[string]*lane
	// waiting are lanes with work beyond the limit of goroutines, parked those of
	// rechecks, which have half of it for themselves: they wait for their hosts
	// most of the time.
	waiting, parked    []*lane
	active, rechecking int
	limit              int
	paused             bool
	// held are the URLs of the visits in the lanes (a URL waits for one visit);
	// done those of visits that ended while a load was under way, and must not
	// come back through it.
	held    map[string]bool
	loading bool
	done    map[string]bool
	// crowded is when polls last held up the visits of a host.
	crowded map[string]time.Time

	ctx  context.Context
	run  func(context.Context, *lane)
	busy sync.WaitGroup
}

func (s *laneSet) init() {
	s.byKey, s.held, s.done = map[string]*lane{}, map[string]bool{}, map[string]bool{}
	s.crowded = map[string]time.Time{}
	s.waiting, s.parked, s.active, s.rechecking, s.paused, s.loading = nil, nil, 0, 0, false, false
}

func (s *laneSet) open(ctx context.Context, run func(context.Context, *lane)) {
	s.init()
	s.ctx, s.run = ctx, run
}

func (s *laneSet) wait() { s.busy.Wait() }

func (s *laneSet) lane(key string) *lane {
	l := s.byKey[key]
	if l == nil {
		l = &lane{key: key}
		s.byKey[key] = l
	}
	return l
}

func (s *laneSet) addPoll(run *sourceRun) {
	l := s.lane(run.host)
	l.polls = append(l.polls, run)
	s.start(l)
}

// addVisit takes a visit in unless it is here already, has just ended, or its
// host has no room. It reports whether it did.
func (s *laneSet) addVisit(v veille.Visit) bool {
	key := v.URL
	if s.held[key] || s.done[key] {
		return false
	}
	lane := hostOf(v.URL)
	if v.ArticleID != "" {
		lane = recheckLane + lane
	}
	l := s.lane(lane)
	if len(l.visits) >= laneRoom {
		l.more = true
		return false
	}
	l.visits = append(l.visits, v)
	s.held[key] = true
	s.start(l)
	return true
}

func (l *lane) again() bool { return strings.HasPrefix(l.key, recheckLane) }

// room reports whether one more goroutine may run for a lane like l.
func (s *laneSet) room(l *lane) bool {
	if l.again() {
		return s.rechecking < max(1, s.limit/2)
	}
	return s.active-s.rechecking < s.limit
}

// start gives a lane a goroutine, now or when another lane has finished.
func (s *laneSet) start(l *lane) {
	if l.active || l.ready || s.paused || s.ctx.Err() != nil || l.empty() {
		return
	}
	if !s.room(l) {
		l.ready = true
		if l.again() {
			s.parked = append(s.parked, l)
		} else {
			s.waiting = append(s.waiting, l)
		}
		return
	}
	l.active = true
	s.active++
	if l.again() {
		s.rechecking++
	}
	s.busy.Go(func() { s.run(s.ctx, l) })
}

// crowds notes that polls hold up the visits of a host, and reports whether that
// is news.
func (s *laneSet) crowds(host string, now time.Time) bool {
	last := s.crowded[host]
	s.crowded[host] = now
	return now.Sub(last) >= crowdedFor
}

func (s *laneSet) startAll() {
	for _, l := range s.byKey {
		s.start(l)
	}
}

// end gives a lane's place to one that waits.
func (s *laneSet) end(l *lane) {
	l.active = false
	s.active--
	queue := &s.waiting
	if l.again() {
		s.rechecking--
		queue = &s.parked
	}
	if l.empty() {
		delete(s.byKey, l.key)
	}
	for len(*queue) > 0 && s.room(l) {
		next := (*queue)[0]
		*queue = shift(*queue)
		next.ready = false
		s.start(next)
	}
}

// work does a lane's tasks until there are none, the store is full, or ctx
// ends.
func (m *Monitor) work(ctx context.Context, l *lane) {
	for {
		m.mu.Lock()
		if l.empty() || m.lanes.paused || ctx.Err() != nil {
			m.lanes.end(l)
			if m.lanes.active == 0 {
				signal(m.idle)
			}
			m.mu.Unlock()
			return
		}
		now := time.Now()
		t := l.pop(now)
		begins := l.late(now) && m.lanes.crowds(l.key, now)
		m.mu.Unlock()
		if begins {
			m.log.Warn("polls of a host hold up its articles", "host", l.key)
		}

		m.do(ctx, t)

		m.mu.Lock()
		if t.poll == nil {
			key := t.visit.URL
			delete(m.lanes.held, key)
			if m.lanes.loading {
				m.lanes.done[key] = true
			}
			if l.more && len(l.visits) < laneLow {
				l.more = false
				signal(m.reload)
			}
		}
		m.mu.Unlock()
	}
}

// do runs one task. What panics on a hostile page must cost that page alone.
func (m *Monitor) do(ctx context.Context, t task) {
	defer func() {
		if r := recover(); r != nil {
			m.panicked(ctx, t, r)
		}
	}()
	if t.poll != nil {
		m.poll(ctx, t.poll)
		return
	}
	m.visit(ctx, t.visit)
}

// hostOf names the lane of a URL.
func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return strings.ToLower(u.Host)
}
