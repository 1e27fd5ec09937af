package veille

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// EventType says what happened.
type EventType string

// The event types. Names are part of the contract with receivers.
const (
	ArticlePublished  EventType = "article.published"
	ArticleEdited     EventType = "article.edited"
	ArticleWithdrawn  EventType = "article.withdrawn"
	StoryGrown        EventType = "story.grown"
	Digest            EventType = "digest"
	SourceFailing     EventType = "source.failing"
	SourceQuiet       EventType = "source.quiet"
	SourceRecovered   EventType = "source.recovered"
	ConfigRejected    EventType = "config.rejected"
	ReceiverDisabled  EventType = "receiver.disabled"
	ReceiverRecovered EventType = "receiver.recovered"
	TestEvent         EventType = "test"
)

// EventTypes lists every type, the most important first.
func EventTypes() []EventType {
	return []EventType{
		ArticlePublished, ArticleEdited, ArticleWithdrawn, StoryGrown, Digest,
		SourceFailing, SourceQuiet, SourceRecovered, ConfigRejected, ReceiverDisabled, ReceiverRecovered, TestEvent,
	}
}

// Event is what leaves Veille: the JSON of webhooks and of alert listings.
// Field names never change.
type Event struct {
	ID   string    `json:"id"`
	Type EventType `json:"type"`
	Time time.Time `json:"time"`
	// Watches are the names of the watches that caused the event, sorted.
	Watches  []string       `json:"watches,omitempty"`
	Article  *EventArticle  `json:"article,omitempty"`
	Matches  []Match        `json:"matches,omitempty"`
	Revision *EventRevision `json:"revision,omitempty"`
	Story    *Story         `json:"story,omitempty"`
	// Unmatched are the watches, among Watches, whose words an edit took away.
	// It is said once a watch.
	Unmatched []string `json:"unmatched,omitempty"`
	// Source names the source that an event about a source is about; empty where
	// all of them are meant.
	Source string `json:"source,omitempty"`
	// Receiver names the receiver that an event about a receiver is about.
	Receiver string `json:"receiver,omitempty"`
	// Message is the text of an event that is about Veille itself; of an
	// article's, what its type alone does not say.
	Message string `json:"message,omitempty"`
	// Trouble are the facts that Message words in English, of an event about
	// Veille itself.
	Trouble *EventTrouble `json:"trouble,omitempty"`
	// Events are what a digest gathers, oldest first; empty for every other type.
	Events []Event `json:"events,omitempty"`
	// Truncated marks an event from which something was cut to fit a receiver.
	Truncated bool `json:"truncated,omitempty"`
}

// EventArticle is the article as an event shows it. Unknown values are null.
type EventArticle struct {
	ID        string     `json:"id"`
	URL       string     `json:"url"`
	Title     string     `json:"title"`
	Source    string     `json:"source"`
	Authors   []string   `json:"authors"`
	Published *time.Time `json:"published"`
	FirstSeen time.Time  `json:"first_seen"`
	Language  *string    `json:"language"`
	Summary   *string    `json:"summary"`
	Image     *string    `json:"image"`
}

// EventRevision says which revision an event is about, and on an edit what
// changed.
type EventRevision struct {
	Number int     `json:"number"`
	Change *Change `json:"change"`
	// Evidence is nil without an archive.
	Evidence *Evidence `json:"evidence,omitempty"`
}

// EventTrouble is what is or was wrong with a source, a receiver or the
// configuration. What is not known is left out.
type EventTrouble struct {
	// Cause is that of an Episode; network or store where no source is read
	// because of one of them.
	Cause string `json:"cause,omitempty"`
	// Since is when it began.
	Since time.Time `json:"since,omitzero"`
	// Detail is the error, as it was said.
	Detail string `json:"detail,omitempty"`
}

// EventID derives an event's identity from what happened: the article, the
// type and the revision. Receivers and watches are not part of it.
func EventID(articleID string, t EventType, revision int) string {
	return deriveID("evt_", articleID, string(t), strconv.Itoa(revision))
}

// SystemEventID derives the identity of an event about Veille itself from the
// subject (a file, a receiver) and what tells this episode from the next one.
func SystemEventID(t EventType, subject, episode string) string {
	return deriveID("evt_", string(t), subject, episode)
}

// DigestID derives the identity of a digest from its receiver and the ids of the
// events in it.
func DigestID(receiver string, events []string) string {
	return deriveID("evt_", append([]string{string(Digest), receiver}, events...)...)
}

// Affected names what an event about what is, or was, wrong with a source or a
// receiver is about: the same name when it begins and when it ends. It is empty
// for any other event.
func (e Event) Affected() string {
	switch e.Type {
	case SourceFailing, SourceQuiet, SourceRecovered:
		if e.Source == "" && e.Trouble != nil {
			return e.Trouble.Cause
		}
		return "source " + e.Source
	case ReceiverDisabled, ReceiverRecovered:
		return "receiver " + e.Receiver
	}
	return ""
}

// Join returns the event with the watches of a later telling of the same event
// that it lacks, and their matches. What it holds stays as it is, so that
// ForWatches of earlier watches gives the same bytes. It reports whether there
// were any.
func (e Event) Join(later Event) (Event, bool) {
	var added []string
	for _, w := range later.Watches {
		if !slices.Contains(e.Watches, w) && !slices.Contains(added, w) {
			added = append(added, w)
		}
	}
	if len(added) == 0 {
		return e, false
	}
	matches := slices.Clone(e.Matches)
	for _, m := range later.Matches {
		if slices.Contains(added, m.Watch) {
			matches = append(matches, m)
		}
	}
	watches := append(slices.Clone(e.Watches), added...)
	slices.Sort(watches)
	e.Watches, e.Matches = watches, matches
	return e, true
}

// ForWatches returns the event as a receiver of only some watches sees it:
// the watches and matches of the others are left out.
func (e Event) ForWatches(names []string) Event {
	if len(e.Watches) == 0 {
		return e
	}
	keep := make(map[string]bool, len(names))
	for _, n := range names {
		keep[n] = true
	}
	watches := make([]string, 0, len(names))
	for _, w := range e.Watches {
		if keep[w] {
			watches = append(watches, w)
		}
	}
	matches := make([]Match, 0, len(names))
	for _, m := range e.Matches {
		if keep[m.Watch] {
			matches = append(matches, m)
		}
	}
	e.Watches, e.Matches = watches, matches
	if len(e.Unmatched) > 0 {
		whole := UnmatchedMessage(e.Unmatched)
		e.Unmatched = slices.DeleteFunc(slices.Clone(e.Unmatched), func(w string) bool { return !keep[w] })
		e.Message = strings.TrimSpace(strings.TrimSuffix(e.Message, whole) + UnmatchedMessage(e.Unmatched))
	}
	return e
}

// UnmatchedMessage says which watches an article no longer matches; empty for
// none. It ends the message of an event that has them.
func UnmatchedMessage(watches []string) string {
	if len(watches) == 0 {
		return ""
	}
	return "No longer matches: " + strings.Join(watches, ", ") + "."
}
