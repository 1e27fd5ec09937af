package veille

import "time"

// PollCommit is everything one successful poll changes, stored at once: were
// the validators stored without the visits, a later 304 would hide the
// outlinks for ever.
type PollCommit struct {
	State      SourceState
	Validators map[string]Validators
	// Visits are the first visits of the outlinks not known before. Where
	// another source's first visit waits for a URL by now, that visit is joined
	// (see Visit.Join) instead; a URL that was only seen is left as it is; one
	// that leads to an article is ErrConflict, and nothing is stored: the caller
	// looks again.
	Visits []Visit
	// Joins are the same for outlinks that were known but led to no article. A
	// URL that waits for no first visit is left as it is.
	Joins []Visit
	// Seen are URLs recorded as known without a visit: the backlog of a first
	// poll.
	Seen []string
	// Learned is what their sites are taught.
	Learned []Observation
	// Events and Deliveries tell of the source's health: they commit with the
	// state that says that they were told. See ArticleCommit.
	Events     []Event
	Deliveries []Delivery
}

// ArticleCommit is everything one visit changes, stored at once: an alert
// commits with the change that caused it.
type ArticleCommit struct {
	// Article is the new state of the article.
	Article Article
	// Expect is the revision number that the store must hold: 0 when the
	// article must be new. Otherwise ErrConflict, and nothing is stored.
	Expect int
	// Revision is nil when the text did not change.
	Revision *Revision
	// Aliases are further URLs that lead to this article.
	Aliases []string
	// Done is the visit that led here; Next the one that follows it, nil at the
	// end of the ladder. A first visit that they would remove, but that was
	// listed by a source that did not list Done, is ErrConflict: a source that
	// joined meanwhile is not forgotten.
	Done Visit
	Next *Visit
	// Signature is what the article is found by when a near copy of it comes;
	// empty for one that none is looked for. It is kept for the first commit of
	// an article only.
	Signature []uint32
	// Events and Deliveries fill the outbox: a delivery a receiver and event.
	// An event whose ID the store already holds was told before: it is joined
	// (see Event.Join) by the watches that it lacks, and each receiver that one
	// of those notifies gets a delivery, unless it has one of this event,
	// whatever its state: no receiver is told an event twice. Without a new
	// watch nothing changes. A delivery whose watches, source or story are muted
	// is stored as suppressed; a suppressed one waits again when a watch that is
	// not muted notifies its receiver of the same event.
	Events     []Event
	Deliveries []Delivery
	// Learned is what their sites are taught.
	Learned []Observation
}

// Settlement is what became of one try of a delivery, stored at once with the
// state of its receiver.
type Settlement struct {
	Delivery Delivery
	Receiver ReceiverState
	// Attempt is the try for the delivery's log; nil if none was made.
	Attempt *Attempt
}

// Gathering makes one digest of deliveries that wait for a receiver, stored at
// once: however often it is sent, it is the same digest.
type Gathering struct {
	// Event is the digest. Its id is derived from its members (see DigestID).
	Event Event
	// Delivery is the digest's own.
	Delivery Delivery
	// Members are the sequence numbers of the deliveries it tells. They become
	// grouped, and sent when the digest is.
	Members []uint64
}

// Page bounds a listing: at most Limit rows, newest first, that are older than
// Before where that is set.
type Page struct {
	Limit  int
	Before time.Time
}

// StoryFilter narrows a listing of stories: newest first, by when their newest
// member was first seen. Empty fields do not narrow.
type StoryFilter struct {
	Page
	// Outlets is the least number of sites; 0 lists every story of more than one
	// article.
	Outlets int
	Source  string
	Since   time.Time
}

// EventFilter narrows a listing of events. Empty fields do not narrow, but that
// digests, which repeat other events, are listed only where Type asks for them.
type EventFilter struct {
	Page
	Watch string
	Type  EventType
	Since time.Time
}

// ArticleFilter narrows a listing of articles. Empty fields do not narrow.
type ArticleFilter struct {
	Page
	Source string
	Since  time.Time
}

// DeliveryFilter narrows a listing of deliveries. Empty fields do not narrow.
type DeliveryFilter struct {
	Page
	Receiver string
	State    DeliveryState
	EventID  string
	Watch    string
	// Batch is the event of a digest.
	Batch string
}
