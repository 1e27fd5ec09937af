package why

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"veille"
)

// Stage is where an article stands.
type Stage string

// The stages, in the order of an article's life. At those up to Silent it can
// have alerted nobody.
const (
	// Unknown: no configured source is of the address's host.
	Unknown Stage = "unknown_host"
	// Unlisted: a source of the host has not listed it.
	Unlisted Stage = "not_listed"
	// Excluded: a source's links filter leaves it out.
	Excluded Stage = "excluded"
	// NotChosen: a source's page shows the link, which was not taken for an
	// article's.
	NotChosen Stage = "not_chosen"
	// Backlog: it was there before the source was watched, and was not read.
	Backlog Stage = "backlog"
	// Waiting: it waits to be read for the first time.
	Waiting Stage = "waiting"
	// Robots: robots.txt forbids to read it.
	Robots Stage = "robots"
	// Failed: it could not be fetched; it is tried again, or was given up.
	Failed Stage = "fetch_failed"
	// NotArticle: it was read as something else.
	NotArticle Stage = "not_an_article"
	// Silent: it was stored without an alert.
	Silent Stage = "silent"
	// Copied: who was to be told was told by a copy.
	Copied Stage = "told_by_copy"
	// Unmatched: no watch asks for it.
	Unmatched Stage = "no_match"
	// Muted, Digested, Queued, Dead and Delivered are what became of its alerts.
	Muted     Stage = "muted"
	Digested  Stage = "in_digest"
	Queued    Stage = "delivery_waiting"
	Dead      Stage = "delivery_dead"
	Delivered Stage = "delivered"
)

// Explanation is the life of one address.
type Explanation struct {
	URL     string `json:"url"`
	Article string `json:"article_id,omitempty"`
	Title   string `json:"title,omitempty"`
	// Stage is the one that it has reached, or at which it stopped; Because says
	// it in a sentence.
	Stage   Stage  `json:"stage"`
	Because string `json:"because"`
	// Steps are what happened, in order.
	Steps      []Step     `json:"steps"`
	Watches    []Verdict  `json:"watches,omitempty"`
	Deliveries []Delivery `json:"deliveries,omitempty"`
}

// Step is one thing that happened.
type Step struct {
	At time.Time `json:"at,omitzero"`
	// Name is a word for the step: seen, read, stored, silent, story, edited,
	// withdrawn, told, next.
	Name string `json:"step"`
	Text string `json:"text"`
}

// Sighting is what a look at a source's page just now found.
type Sighting struct {
	Source string
	// Listed says that the source lists the address, Shown that its page links
	// it; Why is what made it no article's link.
	Listed, Shown bool
	Why           []string
	// Error is why there was no look.
	Error string
}

// Rules are what the configuration makes of an article. Watches are those that
// are asked about.
type Rules struct {
	Sources []veille.Source
	Watches []veille.Watch
	Matcher Matcher
}

// Explain tells the life of an address. seen may be empty.
func Explain(f Facts, rules Rules, seen []Sighting) Explanation {
	e := Explanation{URL: f.URL, Steps: []Step{}}
	switch {
	case f.Article != nil:
		e.article(f, rules)
	case f.Trace == nil:
		e.unseen(f, rules, seen)
	case f.Trace.Waits != nil:
		e.waits(*f.Trace.Waits)
	case f.Trace.Ended != nil:
		e.ended(*f.Trace.Ended)
	default:
		e.step(time.Time{}, "seen", "listed on the first poll of a source"+ofHost(f, rules))
		e.stop(Backlog, "It was listed before its source was watched, as older than the lookback, and was not read: a first poll fires no backlog.")
	}
	return e
}

func (e *Explanation) step(at time.Time, name, text string) {
	e.Steps = append(e.Steps, Step{at, name, text})
}

func (e *Explanation) stop(at Stage, because string) { e.Stage, e.Because = at, because }

// ofHost names the sources of an address's host.
func ofHost(f Facts, rules Rules) string {
	var names []string
	for _, s := range rules.Sources {
		if veille.Outlet(s.URL) == veille.Outlet(f.URL) {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " (of this host: " + strings.Join(names, ", ") + ")"
}

// unseen says why an address was never met.
func (e *Explanation) unseen(f Facts, rules Rules, seen []Sighting) {
	states := map[string]veille.SourceState{}
	for _, s := range f.Sources {
		states[s.Name] = s
	}
	host := veille.Outlet(f.URL)
	var names []string
	for _, s := range rules.Sources {
		if veille.Outlet(s.URL) != host {
			continue
		}
		if own, err := veille.CanonicalURL(s.URL); err == nil && own == f.URL {
			e.stop(NotArticle, "This is the address of source "+s.Name+": a page of links, not an article.")
			return
		}
		names = append(names, s.Name)
		e.step(states[s.Name].LastSuccess, "source", polled(s, states[s.Name]))
	}
	for _, s := range rules.Sources {
		if veille.Outlet(s.URL) == host && !s.Links.Keeps(f.URL) {
			e.stop(Excluded, "The links filter of source "+s.Name+" leaves it out: "+filtered(s.Links, f.URL)+".")
		}
	}
	for _, s := range seen {
		switch {
		case s.Error != "":
			e.step(time.Time{}, "looked", s.Source+" could not be read now: "+s.Error)
		case s.Listed:
			e.step(time.Time{}, "looked", s.Source+" lists it now")
			e.stop(Unlisted, "Source "+s.Source+" lists it since its last poll: the next one will find it.")
		case s.Shown:
			e.step(time.Time{}, "looked", s.Source+" links it, and it is not taken for an article: "+strings.Join(s.Why, "; "))
			if e.Stage == "" {
				e.stop(NotChosen, "Source "+s.Source+" links it, but the link does not look like an article's: "+strings.Join(s.Why, "; ")+". links.include makes sure of it.")
			}
		default:
			e.step(time.Time{}, "looked", s.Source+" does not link it now")
		}
	}
	switch {
	case e.Stage != "":
	case len(names) == 0:
		e.stop(Unknown, "Veille has never seen it, and no source of "+host+" is configured.")
	default:
		e.stop(Unlisted, "Veille has never seen it: "+strings.Join(names, ", ")+" of its host did not list it while polled. Another section, feed or sitemap of the site may.")
	}
}

func polled(s veille.Source, state veille.SourceState) string {
	switch {
	case state.LastSuccess.IsZero() && state.Error != "":
		return s.Name + " was never read: " + state.Error
	case state.LastSuccess.IsZero():
		return s.Name + " was not polled yet"
	case state.Error != "":
		return s.Name + " is failing: " + state.Error
	}
	return fmt.Sprintf("%s was last read, with %d article links", s.Name, state.Outlinks)
}

// filtered names the pattern that leaves an address out.
func filtered(f veille.LinkFilter, url string) string {
	for _, re := range f.Exclude {
		if re.MatchString(url) {
			return "links.exclude " + re.String() + " matches"
		}
	}
	return "no pattern of links.include matches"
}

func (e *Explanation) listed(v veille.Visit) {
	for i, l := range v.Listings() {
		if i == 0 {
			e.step(v.Seen, "seen", "listed by "+l.Source)
		} else {
			e.step(time.Time{}, "seen", "listed by "+l.Source+" too")
		}
	}
}

// waits tells of an address that waits for its first visit.
func (e *Explanation) waits(v veille.Visit) {
	e.listed(v)
	f := v.Failure
	if f == (veille.Failure{}) {
		e.stop(Waiting, "It waits to be read, due "+moment(v.Due)+".")
		return
	}
	e.step(f.At, "failed", fmt.Sprintf("try %d: %s", v.Attempt, failure(f)))
	e.step(v.Due, "next", "the next try")
	e.stop(failedAt(f), fmt.Sprintf("It could not be read yet (%s); it is tried again %s.", failure(f), moment(v.Due)))
}

// ended tells of an address whose visit led to no article.
func (e *Explanation) ended(v veille.Visit) {
	e.listed(v)
	f := v.Failure
	e.step(f.At, "failed", fmt.Sprintf("try %d, the last: %s", v.Attempt+1, failure(f)))
	if f.Read != "" {
		e.stop(NotArticle, "It was "+failure(f)+"; only articles are kept and matched.")
		return
	}
	e.stop(failedAt(f), "It was given up: "+failure(f)+".")
}

func failedAt(f veille.Failure) Stage {
	switch {
	case f.Read == veille.KindChallenge || f.Read == veille.KindConsent || f.Read == "" && f.Kind != veille.FetchRobots:
		return Failed
	case f.Kind == veille.FetchRobots:
		return Robots
	}
	return NotArticle
}

func failure(f veille.Failure) string {
	if f.Read == "" {
		return f.Why
	}
	text := "read as " + string(f.Read)
	if f.Why != "" {
		text += ", because " + f.Why
	}
	return text
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func about(e veille.Event, watches []veille.Watch) bool {
	return slices.ContainsFunc(watches, func(w veille.Watch) bool { return slices.Contains(e.Watches, w.Name) })
}
