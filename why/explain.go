package why

import (
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

	in Language
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

// Rules are what the configuration makes of an article.
type Rules struct {
	Sources []veille.Source
	Watches []veille.Watch
	Matcher Matcher
	// Only names the one watch that is asked about; empty for all, also those
	// that alerted and are no longer configured.
	Only string
}

// asks reports whether something that concerns some watches is asked about.
func (r Rules) asks(watches []string) bool {
	return r.Only == "" || slices.Contains(watches, r.Only)
}

// Explain tells the life of an address, in a language. seen may be empty.
func Explain(f Facts, rules Rules, seen []Sighting, in Language) Explanation {
	e := Explanation{URL: f.URL, Steps: []Step{}, in: in}
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
		e.step(time.Time{}, "seen", e.in.say("listed on the first poll of a source%s", "vu au premier relevé d'une source%s", e.ofHost(f, rules)))
		e.stop(Backlog, e.in.say("It was listed before its source was watched, as older than the lookback, and was not read: a first poll fires no backlog.",
			"Il était déjà là quand la surveillance de sa source a commencé, plus ancien que lookback, et n'a pas été lu : un premier relevé n'alerte pas sur le passé."))
	}
	return e
}

func (e *Explanation) step(at time.Time, name, text string) {
	e.Steps = append(e.Steps, Step{at, name, text})
}

func (e *Explanation) stop(at Stage, because string) { e.Stage, e.Because = at, because }

// ofHost names the sources of an address's host.
func (e *Explanation) ofHost(f Facts, rules Rules) string {
	var names []string
	for _, s := range rules.Sources {
		if veille.Outlet(s.URL) == veille.Outlet(f.URL) {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return e.in.say(" (of this host: %s)", " (de ce site : %s)", strings.Join(names, ", "))
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
			e.stop(NotArticle, e.in.say("This is the address of source %s: a page of links, not an article.",
				"C'est l'adresse de la source %s : une page de liens, pas un article.", s.Name))
			return
		}
		names = append(names, s.Name)
		e.step(states[s.Name].LastSuccess, "source", e.polled(s, states[s.Name]))
	}
	for _, s := range rules.Sources {
		if veille.Outlet(s.URL) == host && !s.Links.Keeps(f.URL) {
			e.stop(Excluded, e.in.say("The links filter of source %s leaves it out: %s.", "Le filtre links de la source %s l'écarte : %s.", s.Name, e.filtered(s.Links, f.URL)))
		}
	}
	for _, s := range seen {
		switch {
		case s.Error != "":
			e.step(time.Time{}, "looked", e.in.say("%s could not be read now: %s", "%s n'a pas pu être lue à l'instant : %s", s.Source, s.Error))
		case s.Listed:
			e.step(time.Time{}, "looked", e.in.say("%s lists it now", "%s le montre maintenant", s.Source))
			e.stop(Unlisted, e.in.say("Source %s lists it since its last poll: the next one will find it.", "La source %s le montre depuis son dernier relevé : le prochain le trouvera.", s.Source))
		case s.Shown:
			e.step(time.Time{}, "looked", e.in.say("%s links it, and it is not taken for an article: %s", "%s y renvoie, sans qu'il soit pris pour un article : %s", s.Source, strings.Join(e.in.each(s.Why), "; ")))
			if e.Stage == "" {
				e.stop(NotChosen, e.in.say("Source %s links it, but the link does not look like an article's: %s. links.include makes sure of it.",
					"La source %s y renvoie, mais le lien ne ressemble pas à celui d'un article : %s. links.include l'impose.", s.Source, strings.Join(e.in.each(s.Why), "; ")))
			}
		default:
			e.step(time.Time{}, "looked", e.in.say("%s does not link it now", "%s n'y renvoie pas maintenant", s.Source))
		}
	}
	switch {
	case e.Stage != "":
	case len(names) == 0:
		e.stop(Unknown, e.in.say("Veille has never seen it, and no source of %s is configured.", "Veille ne l'a jamais vu, et aucune source de %s n'est configurée.", host))
	default:
		e.stop(Unlisted, e.in.say("Veille has never seen it: no source of its host (%s) listed it while polled. Another section, feed or sitemap of the site may.",
			"Veille ne l'a jamais vu : aucune source de son site (%s) ne l'a montré lors des relevés. Une autre rubrique, un flux ou un sitemap du site le montre peut-être.", strings.Join(names, ", ")))
	}
}

func (e *Explanation) polled(s veille.Source, state veille.SourceState) string {
	switch {
	case state.LastSuccess.IsZero() && state.Error != "":
		return e.in.say("%s was never read: %s", "%s n'a jamais été lue : %s", s.Name, e.in.failed(state.ErrorKind, state.Error))
	case state.LastSuccess.IsZero():
		return e.in.say("%s was not polled yet", "%s n'a pas encore été relevée", s.Name)
	case state.Error != "":
		return e.in.say("%s is failing: %s", "%s est en échec : %s", s.Name, e.in.failed(state.ErrorKind, state.Error))
	}
	return e.in.say("%s was last read, with %d article links", "%s a été lue, avec %d liens d'articles", s.Name, state.Outlinks)
}

// filtered names the pattern that leaves an address out.
func (e *Explanation) filtered(f veille.LinkFilter, url string) string {
	for _, re := range f.Exclude {
		if re.MatchString(url) {
			return e.in.say("links.exclude %s matches", "links.exclude %s correspond", re)
		}
	}
	return e.in.say("no pattern of links.include matches", "aucun motif de links.include ne correspond")
}

func (e *Explanation) listed(v veille.Visit) {
	for i, l := range v.Listings() {
		if i == 0 {
			e.step(v.Seen, "seen", e.in.say("listed by %s", "montré par %s", l.Source))
		} else {
			e.step(time.Time{}, "seen", e.in.say("listed by %s too", "montré aussi par %s", l.Source))
		}
	}
}

// waits tells of an address that waits for its first visit.
func (e *Explanation) waits(v veille.Visit) {
	e.listed(v)
	f := v.Failure
	if f == (veille.Failure{}) {
		e.stop(Waiting, e.in.say("It waits to be read, due %s.", "Il attend d'être lu, prévu le %s.", moment(v.Due)))
		return
	}
	e.step(f.At, "failed", e.in.say("try %d: %s", "essai %d : %s", v.Attempt, e.failure(f)))
	e.step(v.Due, "next", e.in.say("the next try", "le prochain essai"))
	e.stop(failedAt(f), e.in.say("It could not be read yet (%s); it is tried again %s.", "Il n'a pas encore pu être lu (%s) ; nouvel essai le %s.", e.failure(f), moment(v.Due)))
}

// ended tells of an address whose visit led to no article.
func (e *Explanation) ended(v veille.Visit) {
	e.listed(v)
	f := v.Failure
	e.step(f.At, "failed", e.in.say("try %d, the last: %s", "essai %d, le dernier : %s", v.Attempt+1, e.failure(f)))
	if f.Read != "" {
		e.stop(NotArticle, e.in.say("It was %s; only articles are kept and matched.", "Il a été %s ; seuls les articles sont gardés et comparés.", e.failure(f)))
		return
	}
	e.stop(failedAt(f), e.in.say("It was given up: %s.", "Abandonné : %s.", e.failure(f)))
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

func (e *Explanation) failure(f veille.Failure) string {
	if f.Read == "" {
		return e.in.failed(f.Kind, f.Why)
	}
	return e.in.say("read as %s", "lu comme %s", e.in.known(string(f.Read))) + e.because(f.Why)
}

func (e *Explanation) because(why string) string {
	if why == "" {
		return ""
	}
	return e.in.say(", because %s", " : %s", e.in.known(why))
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
