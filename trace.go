package veille

import "time"

// Failure is why a try of a visit brought no article.
type Failure struct {
	At time.Time `json:"at"`
	// Kind is set where the page could not be had, Read where it was read as
	// something that is no article.
	Kind FetchErrorKind `json:"kind,omitempty"`
	Read PageKind       `json:"read,omitempty"`
	// Why says it in words.
	Why string `json:"why"`
}

// Trace is what is remembered of an address itself.
type Trace struct {
	URL string `json:"url"`
	// Listed is the day on which a listing last showed the address, or some
	// weeks before.
	Listed time.Time `json:"listed"`
	// Article is the article that it leads to; empty without one.
	Article string `json:"article,omitempty"`
	// Waits is the visit that it waits for, Ended the first visit that was given
	// up or led to no article, as it was at its last try. Both are nil of an
	// address that was only seen.
	Waits *Visit `json:"waits,omitempty"`
	Ended *Visit `json:"ended,omitempty"`
}
