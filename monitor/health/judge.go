package health

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"veille"
)

const (
	// blip is how long a failure that may pass by itself must last; a source
	// that is asked more often has its period.
	blip = 10 * time.Minute
	// relapse is how long a source that recovered within the last day must fail
	// before it is told again: one that comes and goes must not flood.
	relapse = time.Hour
	// SelectMisses is how many articles in a row must be without what a selector
	// names: a single page may be of another make.
	SelectMisses = 3
)

// Trouble is what is wrong with a source; its zero value is nothing.
type Trouble struct {
	Type    veille.EventType
	Cause   string
	Message string
}

// Outage reports whether a kind of failure may be that of our own network.
func Outage(kind veille.FetchErrorKind) bool {
	return kind == veille.FetchDNS || kind == veille.FetchConnect || kind == veille.FetchTimeout
}

// passing reports whether a kind of failure often passes by itself.
func passing(kind veille.FetchErrorKind) bool {
	switch kind {
	case veille.FetchServer, veille.FetchThrottled, veille.FetchTruncated, veille.FetchEncoding, veille.FetchEmpty, "":
		return true
	}
	return Outage(kind)
}

// Judge says what is wrong with a source after a poll. unsure says that this
// poll does not tell: an episode that is open stays, and none begins.
func Judge(s veille.SourceState, now time.Time, period time.Duration) (t Trouble, unsure bool) {
	h := s.Health
	switch {
	case s.Fails > 0:
		lasts := now.Sub(h.FailingSince)
		if s.Fails < 2 || passing(s.ErrorKind) && lasts < min(period, blip) || relapsing(h, now) && lasts < relapse {
			return Trouble{}, true
		}
		return failing(s), false
	case h.Empty > 0:
		if h.Empty < 2 || relapsing(h, now) && now.Sub(h.FailingSince) < relapse {
			return Trouble{}, true
		}
		return Trouble{veille.SourceFailing, "no_links", "the page lists no article links any more: it was redesigned, or shows something else. veille links --why " + s.URL + " shows what is made of it"}, false
	}
	if t := decay(s); t.Type != "" {
		return t, false
	}
	if Quiet(h.Rhythm) {
		return quiet(s), false
	}
	return Trouble{}, false
}

func relapsing(h veille.SourceHealth, now time.Time) bool {
	return !h.Recovered.IsZero() && now.Sub(h.Recovered) < 24*time.Hour
}

// advice says what to do about each kind of failure.
func advice(kind veille.FetchErrorKind) string {
	for _, a := range [...]struct {
		of   []veille.FetchErrorKind
		text string
	}{
		{[]veille.FetchErrorKind{veille.FetchForbidden}, "the site refuses Veille; set contact, ask the site, or give the source headers"},
		{[]veille.FetchErrorKind{veille.FetchBotWall}, "the site asks visitors to prove that they are human; look for a feed with veille check --online"},
		{[]veille.FetchErrorKind{veille.FetchRobots}, "robots.txt forbids it, or could not be read; look for a feed that is allowed"},
		{[]veille.FetchErrorKind{veille.FetchTLS}, "the site's certificate is not valid; it mostly mends that within days"},
		{[]veille.FetchErrorKind{veille.FetchNotFound, veille.FetchGone}, "the address is no longer there; find the section's new one"},
		{[]veille.FetchErrorKind{veille.FetchRedirect}, "the address leads round or elsewhere; find the section's new one"},
		{[]veille.FetchErrorKind{veille.FetchDNS}, "the name does not resolve; is it spelt right, and does the site still exist?"},
		{[]veille.FetchErrorKind{veille.FetchConnect, veille.FetchTimeout}, "the site does not answer"},
		{[]veille.FetchErrorKind{veille.FetchThrottled}, "the site asks to be polled more seldom: lengthen its schedule"},
		{[]veille.FetchErrorKind{veille.FetchServer}, "the site fails; it is asked again ever more seldom"},
		{[]veille.FetchErrorKind{veille.FetchBlocked}, "the address is private; allow_private lets this source live there"},
		{[]veille.FetchErrorKind{veille.FetchTooLarge}, "the page is larger than crawl.max_body"},
		{[]veille.FetchErrorKind{veille.FetchBadFeed}, "the feed or sitemap is broken"},
	} {
		if slices.Contains(a.of, kind) {
			return a.text
		}
	}
	return "veille check --online looks again"
}

func failing(s veille.SourceState) Trouble {
	return Trouble{veille.SourceFailing, cause(s), fmt.Sprintf("%d polls in a row failed: %s; %s", s.Fails, s.Error, advice(s.ErrorKind))}
}

func cause(s veille.SourceState) string {
	if s.ErrorKind == "" {
		return "error"
	}
	return string(s.ErrorKind)
}

// decay tells of a source whose links are found and whose articles are not.
func decay(s veille.SourceState) Trouble {
	r := s.Health.Reading
	fails := func(cause, message string) Trouble { return Trouble{veille.SourceFailing, cause, message} }
	switch {
	case unreadable(r):
		return fails("unreadable", fmt.Sprintf("links are found, but the last %d did not read as articles (%s); veille try shows one, select or links.include may help", r.Unread, r.Why))
	case r.Alike >= leastRun:
		return fails("banner", fmt.Sprintf("the last %d articles read alike, word for word: a banner stands in their place; veille try shows one, select.body may help", r.Alike))
	case r.Short >= leastRun:
		return fails("banner", fmt.Sprintf("the last %d articles are far shorter than usual (%d words, where %d are usual): a banner, a paywall or a new design; veille try shows one, select.body may help", r.Short, r.Words, usual(r)))
	case s.SelectMisses >= SelectMisses:
		return fails("selectors", fmt.Sprintf("select %s matches nothing in the last %d articles, the automatic reading stands in; veille try shows one", strings.Join(s.SelectMissed, ", "), s.SelectMisses))
	}
	return Trouble{}
}

func quiet(s veille.SourceState) Trouble {
	r := s.Health.Rhythm
	usual := fmt.Sprintf("%.0f polls with news were to be expected since (about %.0f a week)", r.Expected, weekly(r.Rates))
	if overdue(r) {
		usual = fmt.Sprintf("it mostly brings something every %s, and %s without are too long", span(r.Gaps.Mean), span(gapLimit(r.Gaps)))
	}
	text := fmt.Sprintf("nothing new since %s, though polls succeed; %s", s.LastNew.UTC().Format("2 Jan 15:04 UTC"), usual)
	return Trouble{veille.SourceQuiet, "quiet", text + ": does the page still show what is new?"}
}

// span writes hours for people.
func span(hours float64) string {
	if hours < 48 {
		return fmt.Sprintf("%.0f hours", hours)
	}
	return fmt.Sprintf("%.0f days", hours/24)
}

// Turn is what a poll changes about an episode.
type Turn int

// The turns.
const (
	Stay Turn = iota
	// Begin: the episode of the state is new, and to be told.
	Begin
	// End: the episode given to Next is over, and that is to be told.
	End
)

// Next takes a judgement into a state's health. Trouble of the same type goes on
// with the episode that is open, whatever its cause; a source that fails is no
// longer only quiet.
func Next(h veille.SourceHealth, t Trouble, unsure bool, since time.Time, now time.Time) (veille.SourceHealth, Turn) {
	open := h.Episode
	switch {
	case unsure, t.Type == "" && open.Type == "":
		return h, Stay
	case t.Type != "" && t.Type == open.Type:
		h.Episode.Cause, h.Episode.Message = t.Cause, t.Message
		return h, Stay
	case t.Type == "", open.Type == veille.SourceFailing:
		h.Episode, h.Recovered = veille.Episode{}, now.UTC()
		return h, End
	}
	if since.IsZero() {
		since = now
	}
	h.Episode = veille.Episode{Type: t.Type, Since: since.UTC(), Cause: t.Cause, Message: t.Message}
	return h, Begin
}
