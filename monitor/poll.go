package monitor

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"veille"
	"veille/monitor/edit"
)

const (
	// firstBackoff doubles with each failure up to mostBackoff; a source that
	// ticks more often begins with its period.
	firstBackoff = time.Minute
	mostBackoff  = time.Hour
	// outageBackoff is the most after a failure that may be an outage of our
	// own network: all sources fail then, and what they publish meanwhile must
	// be seen soon after it ends.
	outageBackoff = 5 * time.Minute
	// longestWait caps what a host may ask for, and what a stored time that a
	// changed clock put far ahead may hold back.
	longestWait = 24 * time.Hour
)

// noLinks is the error state of a section that lists no article.
const noLinks = "the page lists no article links"

// poll asks a source what it lists and records what is new, at once with the
// validators that would otherwise hide it.
func (m *Monitor) poll(ctx context.Context, run *sourceRun) {
	start := time.Now()
	p := m.plan.Load()
	m.mu.Lock()
	source, state := run.source, run.state
	state.LastScheduled, state.LastStart = run.tick(start), start
	current := m.sources[state.Name] == run
	m.mu.Unlock()
	if !current {
		return
	}
	listing, err := m.crawler.Discover(ctx, *source)
	switch {
	case ctx.Err() != nil:
		// The poll did not happen; the next start makes it up.
		m.release(run)
	case err != nil:
		m.pollFailed(ctx, run, state, err)
	default:
		m.pollSucceeded(ctx, run, p, *source, state, listing)
	}
}

// release lets a source be polled again.
func (m *Monitor) release(run *sourceRun) {
	m.mu.Lock()
	run.queued = false
	m.mu.Unlock()
}

// finish ends a poll with a new state. A state that a commit has not stored
// is stored with the next batch.
func (m *Monitor) finish(run *sourceRun, state veille.SourceState, stored bool) {
	now := time.Now()
	m.mu.Lock()
	stored = !run.keepVisited(&state) && stored
	run.state = state
	run.queued = false
	run.dirty = !stored
	run.plan(now)
	again := state.Fails > 0 || !run.next.After(now)
	m.mu.Unlock()
	if !stored {
		signal(m.dirty)
	}
	if again {
		signal(m.rescan)
	}
}

func (m *Monitor) pollFailed(ctx context.Context, run *sourceRun, state veille.SourceState, err error) {
	now := time.Now()
	state.Fails++
	kind, asked := veille.FetchErrorKind(""), time.Time{}
	if fe, ok := errors.AsType[*veille.FetchError](err); ok {
		kind, asked = fe.Kind, fe.RetryAfter
	}
	state.NotBefore = later(now.Add(backoff(state.Fails, run.period, kind)), asked)
	if latest := now.Add(longestWait); state.NotBefore.After(latest) {
		state.NotBefore = latest
	}
	if state.Fails == 1 || kind != state.ErrorKind {
		m.log.Warn("poll failed", "source", state.Name, "error", err)
	}
	state.ErrorKind, state.Error = kind, edit.Cut(err.Error(), 512)
	m.counts.failed.Add(1)
	m.once.failed(state.Name, err)
	m.endPoll(ctx, run, state, now)
}

// backoff doubles the wait with each failure in a row, give or take a fifth.
func backoff(fails int, period time.Duration, kind veille.FetchErrorKind) time.Duration {
	most := mostBackoff
	switch kind {
	case veille.FetchDNS, veille.FetchConnect, veille.FetchTimeout, veille.FetchTruncated:
		most = min(most, max(outageBackoff, period))
	}
	wait := min(firstBackoff, max(period, time.Second))
	for range min(fails-1, 12) {
		wait *= 2
	}
	wait = min(wait, most*5/6)
	return wait*4/5 + rand.N(wait*2/5) //nolint:gosec // jitter keeps no secret
}

func (m *Monitor) pollSucceeded(ctx context.Context, run *sourceRun, p *plan, source veille.Source, state veille.SourceState, listing veille.Listing) {
	now := time.Now()
	shown := len(listing.Outlinks)
	more, err := m.further(ctx, source, state, &listing)
	switch {
	case ctx.Err() != nil:
		m.release(run)
		return
	case err != nil && state.Fails < furtherTries:
		// Were the first page recorded alone, nothing would ask for the others.
		m.pollFailed(ctx, run, state, err)
		return
	case err != nil:
		m.log.Warn("further page given up", "source", state.Name, "error", err)
	}
	if !more {
		shown = 0
	}
	if state.Fails > 0 {
		m.log.Info("source recovered", "source", state.Name, "fails", state.Fails)
	}
	since := state.LastSuccess
	state.Fails, state.NotBefore, state.LastSuccess = 0, time.Time{}, now
	m.once.polled()
	if listing.NotModified {
		// A source that gets a 304 on its first poll shares its URL with one
		// that has read it: what is listed is known.
		if state.Error != noLinks {
			state.Baseline, state.ErrorKind, state.Error = true, "", ""
		}
		m.counts.unchanged.Add(1)
		m.endPoll(ctx, run, state, now)
		return
	}
	wasEmpty := state.Error == noLinks
	state.ErrorKind, state.Error = "", ""
	if p.byURL[source.URL] == nil {
		// Validators belong to a URL. What one source stored would hide the
		// listing from another one at the same URL.
		for url := range listing.Validators {
			listing.Validators[url] = veille.Validators{}
		}
	}
	if len(listing.Outlinks) == 0 && listing.Kind != veille.KindFeed && listing.Kind != veille.KindSitemap {
		state.ErrorKind, state.Error = veille.FetchEmpty, noLinks
		if !wasEmpty {
			m.log.Warn("no article links", "source", state.Name)
		}
	}
	in := pollInput{
		source: source, state: state, since: since, listing: listing, lookback: p.Lookback, now: now,
		shown: shown, lessons: m.lessons.take(),
	}
	commit, ok := m.decide(ctx, p, run, in)
	if !ok {
		m.release(run)
		return
	}
	m.counts.changed.Add(1)
	m.counts.outlinks.Add(int64(len(commit.Visits) + len(commit.Seen)))
	if len(commit.Visits) > 0 {
		signal(m.reload)
	}
	if len(commit.Seen) > 0 {
		m.log.Info("baseline recorded", "source", state.Name, "visits", len(commit.Visits), "seen", len(commit.Seen))
	}
}

// decide looks up what is known of a listing's outlinks and commits what
// becomes of them, anew when an outlink becomes an article meanwhile.
func (m *Monitor) decide(ctx context.Context, p *plan, run *sourceRun, in pollInput) (veille.PollCommit, bool) {
	var judged judgement
	for try := range conflictTries {
		var err error
		if in.known, err = m.known(ctx, in.listing.Outlinks); err != nil {
			m.storeFailed(ctx, "look up outlinks", err)
			return veille.PollCommit{}, false
		}
		if in.met, err = m.meet(ctx, p, run, &in.source, in.listing.Outlinks, in.known); err != nil {
			return veille.PollCommit{}, false
		}
		if !m.attend(ctx, p, in) {
			return veille.PollCommit{}, false
		}
		commit := planPoll(in)
		if try == 0 {
			judged = m.judge(run, commit.State, in.now)
		}
		commit.State.Health = judged.state.Health
		commit.Events, commit.Deliveries = judged.told.events, judged.told.deliveries
		err = m.commitPoll(ctx, run, commit, in.met.marks)
		if errors.Is(err, veille.ErrConflict) {
			continue
		}
		if m.storeFailed(ctx, "commit poll", err) {
			m.unjudge(judged)
			return commit, false
		}
		return commit, true
	}
	m.unjudge(judged)
	m.log.Warn("poll put off, its outlinks keep changing", "source", in.source.Name)
	return veille.PollCommit{}, false
}

// seenBatch is how many links of a baseline one commit records: the store's
// memory grows with what one commit touches.
const seenBatch = 2000

// commitPoll stores what a poll found and ends the poll. The backlog of a large
// sitemap goes ahead in parts: without the validators and the baseline, which
// come last, a restart in between begins the first poll again.
func (m *Monitor) commitPoll(ctx context.Context, run *sourceRun, commit veille.PollCommit, marks []uint64) error {
	m.storing.RLock()
	defer m.storing.RUnlock()
	m.mu.Lock()
	before := run.state
	m.mu.Unlock()
	for len(commit.Seen) > seenBatch {
		part := veille.PollCommit{State: before, Seen: commit.Seen[:seenBatch]}
		if err := m.store.CommitPoll(ctx, part); err != nil {
			return err
		}
		commit.Seen = commit.Seen[seenBatch:]
	}
	if err := m.store.CommitPoll(ctx, commit); err != nil {
		return err
	}
	m.mu.Lock()
	run.attended = marks
	m.mu.Unlock()
	m.finish(run, commit.State, true)
	m.announced(commit.Events, commit.Deliveries)
	return nil
}

func (m *Monitor) known(ctx context.Context, links []veille.Outlink) ([]bool, error) {
	if len(links) == 0 {
		return nil, nil
	}
	urls := make([]string, len(links))
	for i, l := range links {
		urls[i] = l.URL
	}
	return m.store.Known(ctx, urls)
}

// panicked turns a panic into the failure of the task that caused it.
func (m *Monitor) panicked(ctx context.Context, t task, reason any) {
	m.log.Error("task panicked", "reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
	if t.poll == nil {
		m.retry(ctx, t.visit, time.Time{}, "panic")
		return
	}
	m.mu.Lock()
	state := t.poll.state
	m.mu.Unlock()
	state.LastScheduled = time.Now()
	m.pollFailed(ctx, t.poll, state, fmt.Errorf("poll panicked: %v", reason))
}
