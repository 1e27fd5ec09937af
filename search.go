package veille

import "time"

// SearchFilter says which stored articles to look for. Empty fields but Query
// do not narrow.
type SearchFilter struct {
	Page
	// Query is in the language of the watches.
	Query string
	Since time.Time
	// Source names the source that showed the article first, Watch one that it
	// alerted. Language is the ISO 639-1 code of what the text was read in.
	Source, Watch, Language string
	// Facets asks for the counts of all that matches, not only of the hits; Quick
	// for those of what can be looked at in a moment.
	Facets, Quick bool
}

// SearchResult answers a search.
type SearchResult struct {
	// Hits are newest first, by when they were first seen.
	Hits []SearchHit `json:"hits"`
	// Looked is how many of the newest stored articles the answer covers, of
	// Stored. Complete says that no older one matches.
	Looked   int  `json:"looked"`
	Stored   int  `json:"stored"`
	Complete bool `json:"complete"`
	// Indexing says that the index does not cover all articles yet.
	Indexing bool `json:"indexing,omitempty"`
	// Facets are those of what was looked at; nil where they were not asked for.
	Facets *Facets `json:"facets,omitempty"`
}

// SearchHit is a stored article that satisfies a query.
type SearchHit struct {
	Article EventArticle `json:"article"`
	// Watches are those that the article alerted.
	Watches []string `json:"watches"`
	// Terms and Excerpt are as in a Match.
	Terms   []Term `json:"terms"`
	Excerpt string `json:"excerpt"`
}

// Facets count what matches a search, by what may narrow it.
type Facets struct {
	Matches   int     `json:"matches"`
	Sources   []Facet `json:"sources"`
	Watches   []Facet `json:"watches"`
	Languages []Facet `json:"languages"`
	// Days are dates, in the time zone of the configuration, newest first; the
	// others are by count.
	Days []Facet `json:"days"`
}

// Facet is how many articles have something in common.
type Facet struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}
