package veille

import (
	"slices"
	"time"
)

// Outlink is a link to an article that a source lists. URL is canonical as far
// as the link alone can tell (see CanonicalURL).
type Outlink struct {
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
	// Published is zero where the listing does not say.
	Published time.Time `json:"published,omitzero"`
	// Score is the confidence, from 0 to 1, that the link leads to an article.
	Score float64 `json:"score"`
	// Why names the terms of the score, where they were asked for.
	Why []string `json:"-"`
}

// Listing is what one poll of a source found.
type Listing struct {
	Kind PageKind
	// NotModified says that the source answered 304, or the same bytes as last
	// time: there is nothing to read, and Outlinks is empty.
	NotModified bool
	// Partial says that a sitemap of an index could not be fetched: the listing
	// is not all that the source shows.
	Partial bool
	// Outlinks are in page order, without repeats.
	Outlinks []Outlink
	// Children are further listings to fetch: the sitemaps of an index.
	Children []Outlink
	// Alternates are the feeds that a section page declares, then the addresses
	// it links that look like feeds.
	Alternates []string
	// Next is the page that continues a section page; empty if there is none.
	Next string
	// Dropped are the links that were looked at and not taken, with their Why,
	// where that was asked for.
	Dropped []Outlink
	// Learned is what the listing says about its site, to be stored with the
	// poll.
	Learned []Observation
	// Validators are those of every URL fetched for this listing. They must be
	// stored together with the visits that the listing causes, never before:
	// a later 304 would hide the outlinks of a listing that was lost.
	Validators map[string]Validators
}

// Validators make the next request for a URL conditional (RFC 9110, section 13).
type Validators struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	// Pages counts the pages of an article that has several; then BodyHash is of
	// all of them, and nothing else can tell that none has changed.
	Pages int `json:"pages,omitempty"`
	// BodyHash recognises an unchanged body from a server that ignores
	// conditional requests; hex SHA-256 of the plain body.
	BodyHash string `json:"body_hash,omitempty"`
}

// Visit is a page to fetch at a time: a new outlink, or a recheck of a known
// article. Visits are stored, so that a restart forgets none.
type Visit struct {
	URL    string    `json:"url"`
	Source string    `json:"source"`
	Due    time.Time `json:"due"`
	// ArticleID is set on a recheck.
	ArticleID string `json:"article_id,omitempty"`
	// Step is the position on the recheck ladder; 0 for a first visit.
	Step int `json:"step,omitempty"`
	// Attempt counts the failed tries of this visit.
	Attempt int `json:"attempt,omitempty"`
	// Silent visits record the article without alerting: it was published
	// before the lookback of a first poll, or cannot be told to be newer.
	Silent bool `json:"silent,omitempty"`
	// Since is the start of the lookback that applies to this visit: an
	// article published before it is recorded without an alert. Zero: none.
	Since time.Time `json:"since,omitzero"`
	// Published is what the listing said.
	Published time.Time `json:"published,omitzero"`
	Title     string    `json:"title,omitempty"`
	// Seen is when the outlink was first listed.
	Seen time.Time `json:"seen"`
	// Failure says why the last try brought no article; its zero value that there
	// was none, or that it was not the page's fault.
	Failure Failure `json:"failure,omitzero"`
	// Also are the listings of further sources that showed the outlink while
	// it waited for its first visit.
	Also []Listed `json:"also,omitempty"`
}

// Listed is what one source's listing said of an outlink; the fields mean what
// they do in Visit.
type Listed struct {
	Source    string    `json:"source"`
	Silent    bool      `json:"silent,omitempty"`
	Since     time.Time `json:"since,omitzero"`
	Published time.Time `json:"published,omitzero"`
}

// Listings returns the listings that led to a visit, its own source's first.
func (v Visit) Listings() []Listed {
	return append([]Listed{{v.Source, v.Silent, v.Since, v.Published}}, v.Also...)
}

// Join adds the listings that come from sources not among the visit's own, and
// reports whether there were any. The visit it is called on shares nothing with
// what it was before.
func (v *Visit) Join(listings ...Listed) bool {
	joined := false
	for _, l := range listings {
		if v.ListedBy(l.Source) {
			continue
		}
		v.Also = append(slices.Clip(v.Also), l)
		joined = true
	}
	return joined
}

// ListedBy reports whether a source is among those that led to a visit.
func (v Visit) ListedBy(source string) bool {
	return v.Source == source || slices.ContainsFunc(v.Also, func(l Listed) bool { return l.Source == source })
}
