package why

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"veille"
)

// article tells the life of a stored article.
func (e *Explanation) article(f Facts, rules Rules) {
	a := *f.Article
	e.Article, e.Title = a.ID, a.Snapshot.Title
	if f.URL != a.URL {
		e.step(time.Time{}, "link", "leads to "+a.URL)
	}
	e.step(a.FirstSeen, "seen", "listed by "+a.Source)
	for _, s := range a.Sources {
		e.step(time.Time{}, "seen", "listed by "+s+" too")
	}
	first := a.Snapshot
	stored := a.FirstSeen
	if len(f.Revisions) > 0 {
		first, stored = f.Revisions[0].Snapshot, f.Revisions[0].At
	}
	read := "as " + string(first.Kind)
	if first.KindReason != "" {
		read += ", because " + first.KindReason
	}
	e.step(stored, "read", read)
	e.step(stored, "stored", "as revision 1 of "+a.ID)
	if a.Silent != "" {
		e.step(stored, "silent", a.Silent)
	}
	if s := a.Story; s.Kind != "" {
		e.step(stored, "story", fmt.Sprintf("%s of %s (likeness %.2f), in story %s, first seen in %s", s.Kind, s.Of, s.Score, s.ID, s.First))
	}
	e.Watches = verdicts(a, rules)
	e.later(f)
	e.told(f, rules)
	e.conclude(a)
}

// later tells what happened after the first reading.
func (e *Explanation) later(f Facts) {
	a := *f.Article
	for _, r := range f.Revisions {
		if r.Number == 1 || r.Change == nil {
			continue
		}
		text := fmt.Sprintf("revision %d: %s, %d words added, %d removed", r.Number, strings.Join(r.Change.Fields, ", "), r.Change.Words.Added, r.Change.Words.Removed)
		switch {
		case r.Change.Returned:
			text += "; back after it was withdrawn"
		case r.Change.Reread:
			text += "; read in another way than before (an upgrade, or another select), so told as no edit"
		case r.Change.Reverts > 0:
			text += fmt.Sprintf("; reads as revision %d did", r.Change.Reverts)
		}
		e.step(r.At, "edited", text)
	}
	switch {
	case a.Withdrawn:
		e.step(a.GoneAt, "withdrawn", fmt.Sprintf("%s, at %d checks since %s", a.Condition, a.GoneChecks, moment(a.GoneSince)))
	case a.GoneChecks > 0:
		e.step(a.GoneAt, "gone", fmt.Sprintf("%s, at %d checks since %s; not yet certain", a.Condition, a.GoneChecks, moment(a.GoneSince)))
	case a.Condition != "":
		e.step(a.CheckedAt, "checked", string(a.Condition))
	}
	if a.Untold > 0 {
		e.step(time.Time{}, "edited", fmt.Sprintf("edits since revision %d wait: a live blog is told of every half hour at most", a.Untold))
	}
	if f.Trace != nil && f.Trace.Waits != nil && f.Trace.Waits.ArticleID != "" {
		v := f.Trace.Waits
		text := "looked at again for edits"
		if v.Failure.Why != "" {
			text += "; the last try failed: " + failure(v.Failure)
		}
		e.step(v.Due, "next", text)
	}
}

// told tells of the events about the watches that are asked about.
func (e *Explanation) told(f Facts, rules Rules) {
	asked := map[string]bool{}
	for _, event := range f.Events {
		if !about(event, rules.Watches) {
			continue
		}
		asked[event.ID] = true
		e.step(event.Time, "told", fmt.Sprintf("%s to %s (%s)", event.Type, strings.Join(event.Watches, ", "), event.ID))
	}
	for _, d := range f.Deliveries {
		named := len(d.Watches) == 0 || slices.ContainsFunc(rules.Watches, func(w veille.Watch) bool { return slices.Contains(d.Watches, w.Name) })
		if asked[d.EventID] && named {
			e.Deliveries = append(e.Deliveries, d)
		}
	}
}

// conclude names the stage that a stored article has reached.
func (e *Explanation) conclude(a veille.Article) {
	if len(e.Deliveries) > 0 {
		e.delivered()
		return
	}
	copied := e.watchesThat(VerdictCopy)
	unsent := e.watchesThat(VerdictTold)
	switch {
	case len(unsent) > 0:
		e.stop(Delivered, "It alerted "+strings.Join(unsent, ", ")+"; the deliveries are no longer kept.")
	case len(copied) > 0:
		e.stop(Copied, fmt.Sprintf("It matches %s, which was told of the story by a copy: %s, first seen in %s.", strings.Join(copied, ", "), a.Story.ID, a.Story.First))
	case a.Silent != "":
		e.stop(Silent, "It was stored without an alert: "+a.Silent+".")
	case len(e.Watches) == 0:
		e.stop(Unmatched, "It is stored; there is no watch to match it.")
	default:
		e.stop(Unmatched, "It is stored, and no watch asks for it; below is why.")
	}
}

// delivered names the stage of the delivery that has come furthest.
func (e *Explanation) delivered() {
	by := map[veille.DeliveryState][]string{}
	for _, d := range e.Deliveries {
		by[d.State] = append(by[d.State], d.Receiver)
	}
	names := func(s veille.DeliveryState) string {
		slices.Sort(by[s])
		return strings.Join(slices.Compact(by[s]), ", ")
	}
	last := func(s veille.DeliveryState) Delivery {
		i := slices.IndexFunc(e.Deliveries, func(d Delivery) bool { return d.State == s })
		return e.Deliveries[i]
	}
	switch {
	case len(by[veille.DeliverySent])+len(by[veille.DeliverySplit]) > 0:
		e.stop(Delivered, "It was told to "+names(veille.DeliverySent)+".")
	case len(by[veille.DeliveryGrouped]) > 0:
		e.stop(Digested, "It is in the digest that waits for "+names(veille.DeliveryGrouped)+".")
	case len(by[veille.DeliveryPending]) > 0:
		d := last(veille.DeliveryPending)
		text := "Its alert waits for " + names(veille.DeliveryPending) + ", due " + moment(d.Due)
		if d.LastError != "" {
			text += fmt.Sprintf(", after %d tries: %s", d.Attempts, d.LastError)
		}
		e.stop(Queued, text+".")
	case len(by[veille.DeliveryDead]) > 0:
		e.stop(Dead, "Its alert is a dead letter of "+names(veille.DeliveryDead)+": "+last(veille.DeliveryDead).LastError+". veille deliveries retry sends it again.")
	default:
		e.stop(Muted, "Its alert was held back: "+last(veille.DeliverySuppressed).Reason+". veille deliveries retry --state suppressed sends it.")
	}
}
