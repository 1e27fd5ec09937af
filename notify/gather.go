package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"veille"
)

const (
	// mostMembers bounds what one digest tells, where the kind does not bound it
	// further; the rest goes in the next one.
	mostMembers = 100
	// defaultMax is how many events a digest shows in full.
	defaultMax = 20
)

// flooding names the watch among some of which more than limit alerts wait;
// empty where there is none.
func (w *worker) flooding(ctx context.Context, watches []string, limit int) (string, error) {
	rows, err := w.outbox.Waiting(ctx, w.name, 0, page)
	if err != nil {
		return "", err
	}
	counts := map[string]int{}
	for _, d := range rows {
		if !groupable(d) {
			continue
		}
		for _, watch := range d.Watches {
			if !slices.Contains(watches, watch) {
				continue
			}
			if counts[watch]++; counts[watch] > limit {
				return watch, nil
			}
		}
	}
	return "", nil
}

// gather makes a digest of what waits, is due and wanted, and claims it. The
// digest is stored before it is sent: a restart sends the same one again. A
// delivery without company is marked to go alone, for the same reason.
func (w *worker) gather(ctx context.Context, p Policy, now time.Time, want func(veille.Delivery) bool) (veille.Delivery, step, error) {
	again := step{until: now, spacing: true}
	rows, err := w.outbox.Waiting(ctx, w.name, 0, page)
	if err != nil {
		return veille.Delivery{}, step{}, err
	}
	members := w.members(ctx, rows, now, want)
	if len(members) == 0 {
		return w.due(ctx, now) // what cannot be read is put aside there
	}
	if len(members) == 1 {
		d := members[0]
		d.Alone = true
		stored, err := w.move(ctx, d)
		switch {
		case err != nil:
			return veille.Delivery{}, step{}, unrecorded{err}
		case !stored:
			return veille.Delivery{}, again.in(time.Second), nil
		}
		return d, step{}, nil
	}
	g := digest(w.name, p, now, members)
	err = w.outbox.Gather(ctx, g)
	switch {
	case errors.Is(err, veille.ErrConflict), errors.Is(err, veille.ErrStoreFull):
		return veille.Delivery{}, again.in(time.Second), nil
	case err != nil:
		return veille.Delivery{}, step{}, unrecorded{fmt.Errorf("gather a digest for receiver %s: %w", w.name, err)}
	}
	w.log.Info("digest gathered", "event", g.Event.ID, "alerts", len(members))
	return w.due(ctx, now)
}

// unrecorded is a failure to write: unlike one to read, it leaves in doubt what
// is stored.
type unrecorded struct{ error }

func (e unrecorded) Unwrap() error { return e.error }

func (s step) in(d time.Duration) step {
	s.until = s.until.Add(d)
	return s
}

// members picks the deliveries of a digest. None may overtake an earlier one of
// its story that does not come along.
func (w *worker) members(ctx context.Context, rows []veille.Delivery, now time.Time, want func(veille.Delivery) bool) []veille.Delivery {
	n, _ := w.current()
	most := cmp.Or(paceOf(n).members, mostMembers)
	var members []veille.Delivery
	behind := map[string]bool{}
	for _, row := range rows {
		take := groupable(row) && !row.Due.After(now) && !behind[row.Story] && want(row)
		if take {
			d, err := w.outbox.Delivery(ctx, row.Seq)
			if take = err == nil; take {
				members = append(members, d)
			}
		}
		if !take && row.Story != "" {
			behind[row.Story] = true
		}
		if len(members) == most {
			break
		}
	}
	return members
}

// digest is the event that tells of several others, and its delivery.
func digest(receiver string, p Policy, now time.Time, members []veille.Delivery) veille.Gathering {
	most := p.Max
	if most <= 0 {
		most = defaultMax
	}
	g := veille.Gathering{Event: veille.Event{Type: veille.Digest, Time: now.UTC().Truncate(time.Millisecond)}}
	var ids, watches []string
	oldest := now
	for i, d := range members {
		ids = append(ids, d.EventID)
		watches = append(watches, d.Watches...)
		g.Members = append(g.Members, d.Seq)
		e := d.Event
		if i >= most {
			e = linkOnly(e)
		}
		g.Event.Events = append(g.Event.Events, e)
		if d.Created.Before(oldest) {
			oldest = d.Created
		}
	}
	slices.Sort(watches)
	watches = slices.Compact(watches)
	g.Event.ID, g.Event.Watches = veille.DigestID(receiver, ids), watches
	g.Delivery = veille.Delivery{Receiver: receiver, EventID: g.Event.ID, Watches: watches, Created: oldest, Due: now}
	return g
}

// linkOnly is an event of which a digest shows no more than where to read it.
func linkOnly(e veille.Event) veille.Event {
	out := veille.Event{ID: e.ID, Type: e.Type, Time: e.Time, Watches: e.Watches, Message: e.Message, Truncated: true}
	if a := e.Article; a != nil {
		out.Article = &veille.EventArticle{ID: a.ID, URL: a.URL, Title: a.Title, Source: a.Source, Authors: []string{}, Published: a.Published, FirstSeen: a.FirstSeen}
	}
	if r := e.Revision; r != nil {
		out.Revision = &veille.EventRevision{Number: r.Number}
	}
	return out
}
