package why

import (
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
		e.step(time.Time{}, "link", e.in.say("leads to %s", "mène à %s", a.URL))
	}
	e.step(a.FirstSeen, "seen", e.in.say("listed by %s", "montré par %s", a.Source))
	for _, s := range a.Sources {
		e.step(time.Time{}, "seen", e.in.say("listed by %s too", "montré aussi par %s", s))
	}
	first := a.Snapshot
	stored := a.FirstSeen
	if len(f.Revisions) > 0 {
		first, stored = f.Revisions[0].Snapshot, f.Revisions[0].At
	}
	e.step(stored, "read", e.in.say("as %s", "comme %s", e.in.known(string(first.Kind)))+e.because(first.KindReason))
	e.step(stored, "stored", e.in.say("as revision 1 of %s", "comme version 1 de %s", a.ID))
	if a.Silent != "" {
		e.step(stored, "silent", e.in.known(a.Silent))
	}
	if s := a.Story; s.Kind != "" {
		e.step(stored, "story", e.in.say("%s of %s (likeness %.2f), in story %s, first seen in %s", "%s de %s (ressemblance %.2f), dans la dépêche %s, vue d'abord dans %s", e.in.known(string(s.Kind)), s.Of, s.Score, s.ID, s.First))
	}
	e.Watches = verdicts(a, rules, e.in)
	e.later(f)
	e.told(f, rules)
	e.order()
	e.conclude(a, rules.Only)
}

// order sorts the steps by their times, to the millisecond that events have. One
// without a time stays behind the one before it.
func (e *Explanation) order() {
	type dated struct {
		at time.Time
		Step
	}
	var steps []dated
	var at time.Time
	for _, s := range e.Steps {
		if !s.At.IsZero() {
			at = s.At.Truncate(time.Millisecond)
		}
		steps = append(steps, dated{at, s})
	}
	slices.SortStableFunc(steps, func(a, b dated) int { return a.at.Compare(b.at) })
	for i, s := range steps {
		e.Steps[i] = s.Step
	}
}

// later tells what happened after the first reading.
func (e *Explanation) later(f Facts) {
	a := *f.Article
	for _, r := range f.Revisions {
		if r.Number == 1 || r.Change == nil {
			continue
		}
		text := e.in.say("revision %d: %s, %d words added, %d removed", "version %d : %s, %d mots ajoutés, %d retirés", r.Number, strings.Join(e.in.each(r.Change.Fields), ", "), r.Change.Words.Added, r.Change.Words.Removed)
		switch {
		case r.Change.Returned:
			text += e.in.say("; back after it was withdrawn", " ; de retour après avoir été retiré")
		case r.Change.Reread:
			text += e.in.say("; read in another way than before (an upgrade, or another select), so told as no edit",
				" ; lu autrement qu'avant (une mise à jour, ou un autre select), et donc pas signalé comme une modification")
		case r.Change.Reverts > 0:
			text += e.in.say("; reads as revision %d did", " ; le même texte que la version %d", r.Change.Reverts)
		}
		if r.Joins != "" {
			text += e.in.say("; the same edit of %s was told before", " ; la même modification de %s avait déjà été signalée", r.Joins)
		}
		e.step(r.At, "edited", text)
	}
	switch {
	case a.Withdrawn:
		e.step(a.GoneAt, "withdrawn", e.in.say("%s, at %d checks since %s", "%s, lors de %d vérifications depuis le %s", e.in.known(string(a.Condition)), a.GoneChecks, moment(a.GoneSince)))
	case a.GoneChecks > 0:
		e.step(a.GoneAt, "gone", e.in.say("%s, at %d checks since %s; not yet certain", "%s, lors de %d vérifications depuis le %s ; pas encore certain", e.in.known(string(a.Condition)), a.GoneChecks, moment(a.GoneSince)))
	case a.Condition != "":
		e.step(a.CheckedAt, "checked", e.in.known(string(a.Condition)))
	}
	if a.Untold > 0 {
		e.step(time.Time{}, "edited", e.in.say("edits since revision %d wait: a live blog is told of every half hour at most",
			"les modifications depuis la version %d attendent : un direct n'alerte que toutes les demi-heures", a.Untold))
	}
	if f.Trace != nil && f.Trace.Waits != nil && f.Trace.Waits.ArticleID != "" {
		v := f.Trace.Waits
		text := e.in.say("looked at again for edits", "relu pour y chercher des modifications")
		if v.Failure.Why != "" {
			text += e.in.say("; the last try failed: %s", " ; le dernier essai a échoué : %s", e.failure(v.Failure))
		}
		e.step(v.Due, "next", text)
	}
}

// told tells of the events about what is asked about.
func (e *Explanation) told(f Facts, rules Rules) {
	asked := map[string]bool{}
	for _, event := range f.Events {
		if !rules.asks(event.Watches) {
			continue
		}
		asked[event.ID] = true
		e.step(event.Time, "told", e.in.say("%s to %s (%s)", "%s à %s (%s)", e.in.known(string(event.Type)), strings.Join(event.Watches, ", "), event.ID))
	}
	for _, d := range f.Deliveries {
		if asked[d.EventID] && (len(d.Watches) == 0 || rules.asks(d.Watches)) {
			e.Deliveries = append(e.Deliveries, d)
		}
	}
}

// conclude names the stage that a stored article has reached.
func (e *Explanation) conclude(a veille.Article, only string) {
	if len(e.Deliveries) > 0 {
		e.delivered()
		return
	}
	copied := e.watchesThat(VerdictCopy)
	unsent := e.watchesThat(VerdictTold)
	switch {
	case len(unsent) > 0:
		e.stop(Delivered, e.in.say("It alerted %s; the deliveries are no longer kept.", "Il a alerté %s ; les envois ne sont plus gardés.", strings.Join(unsent, ", ")))
	case len(copied) > 0:
		e.stop(Copied, e.in.say("It matches %s, which was told of the story by a copy: %s, first seen in %s.",
			"Il correspond à %s, déjà prévenue de la dépêche par une copie : %s, vue d'abord dans %s.", strings.Join(copied, ", "), a.Story.ID, a.Story.First))
	case a.Silent != "":
		e.stop(Silent, e.in.say("It was stored without an alert: %s.", "Il a été gardé sans alerte : %s.", e.in.known(a.Silent)))
	case len(e.Watches) == 0:
		e.stop(Unmatched, e.in.say("It is stored; there is no watch to match it.", "Il est gardé ; il n'y a aucune veille à comparer."))
	case only != "":
		e.stop(Unmatched, e.in.say("It is stored, and %s does not ask for it; below is why.", "Il est gardé, et %s ne le demande pas ; voici pourquoi.", only))
	default:
		e.stop(Unmatched, e.in.say("It is stored, and no watch asks for it; below is why.", "Il est gardé, et aucune veille ne le demande ; voici pourquoi."))
	}
}

// delivered names the stage of the delivery that has come furthest.
func (e *Explanation) delivered() {
	by := map[veille.DeliveryState][]string{}
	for _, d := range e.Deliveries {
		by[d.State] = append(by[d.State], d.Receiver)
	}
	names := func(states ...veille.DeliveryState) string {
		var all []string
		for _, s := range states {
			all = append(all, by[s]...)
		}
		slices.Sort(all)
		return strings.Join(slices.Compact(all), ", ")
	}
	last := func(s veille.DeliveryState) Delivery {
		i := slices.IndexFunc(e.Deliveries, func(d Delivery) bool { return d.State == s })
		return e.Deliveries[i]
	}
	switch {
	case len(by[veille.DeliverySent])+len(by[veille.DeliverySplit]) > 0:
		e.stop(Delivered, e.in.say("It was told to %s.", "L'alerte est arrivée : %s.", names(veille.DeliverySent, veille.DeliverySplit)))
	case len(by[veille.DeliveryGrouped]) > 0:
		e.stop(Digested, e.in.say("It is in the digest that waits for %s.", "Il est dans le récapitulatif qui attend pour %s.", names(veille.DeliveryGrouped)))
	case len(by[veille.DeliveryPending]) > 0:
		d := last(veille.DeliveryPending)
		text := e.in.say("Its alert waits for %s, due %s", "Son alerte attend pour %s, prévue le %s", names(veille.DeliveryPending), moment(d.Due))
		if d.LastError != "" {
			text += e.in.say("; the last try: %s", " ; le dernier essai : %s", e.in.known(d.LastError))
		}
		e.stop(Queued, text+".")
	case len(by[veille.DeliveryDead]) > 0:
		e.stop(Dead, e.in.say("Its alert is a dead letter of %s: %s. veille deliveries retry sends it again.",
			"Son alerte est une lettre morte de %s : %s. veille deliveries retry la renvoie.", names(veille.DeliveryDead), e.in.known(last(veille.DeliveryDead).LastError)))
	default:
		e.stop(Muted, e.in.say("Its alert was held back: %s. veille deliveries retry --state suppressed sends it.",
			"Son alerte a été retenue : %s. veille deliveries retry --state suppressed l'envoie.", e.in.known(last(veille.DeliverySuppressed).Reason)))
	}
}
