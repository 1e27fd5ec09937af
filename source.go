package veille

import (
	"regexp"
	"time"
)

// Source is one place to look for articles: a section page, a feed or a
// sitemap. Which of them it is, is told by what the URL answers.
type Source struct {
	// Name identifies the source in watches, logs and the store.
	Name string
	URL  string
	// Schedule is a cron expression of five fields, or a descriptor such as
	// "@every 5m"; TimeZone is the IANA zone that it is read in.
	Schedule string
	TimeZone string
	// Language overrides the language that pages declare; empty keeps theirs.
	Language string
	Tags     []string
	Links    LinkFilter
	Select   Selectors
	// Headers are sent with every request to this source's own host.
	Headers map[string]Secret
	// AllowPrivate lets this source live on a loopback or private address.
	AllowPrivate bool
	// Recheck says when to look again for edits, as ages since first sight.
	Recheck []time.Duration
}

// LinkFilter narrows the outlinks of a source. An outlink stays when it matches
// one of Include (or Include is empty) and none of Exclude.
type LinkFilter struct {
	Include []*regexp.Regexp
	Exclude []*regexp.Regexp
}

// Keeps reports whether the filter lets an absolute URL through.
func (f LinkFilter) Keeps(url string) bool {
	for _, re := range f.Exclude {
		if re.MatchString(url) {
			return false
		}
	}
	for _, re := range f.Include {
		if re.MatchString(url) {
			return true
		}
	}
	return len(f.Include) == 0
}

// Selectors are CSS selectors that override the automatic reading of a page,
// field by field. An empty one leaves its field to the automatic reading.
type Selectors struct {
	Title     string
	Body      string
	Published string
	Author    string
}

// SourceState is what is remembered of a source between polls.
type SourceState struct {
	Name string `json:"name"`
	// URL is the address the state belongs to. A source whose URL changed
	// starts again with a baseline.
	URL string `json:"url"`
	// Baseline is set once the first poll has been recorded.
	Baseline bool `json:"baseline"`
	// Attends says that the last changed listing was looked through for
	// articles that other sources had shown first. That is done while a watch
	// names sources and this is one of them.
	Attends bool `json:"attends,omitempty"`
	// LastScheduled is the tick that the last poll answered; catching up after
	// downtime counts from it.
	LastScheduled time.Time `json:"last_scheduled,omitzero"`
	LastStart     time.Time `json:"last_start,omitzero"`
	LastSuccess   time.Time `json:"last_success,omitzero"`
	// LastNew is when a poll last listed an outlink not known before.
	LastNew time.Time `json:"last_new,omitzero"`
	// Outlinks is how many outlinks the last changed listing held.
	Outlinks int `json:"outlinks"`
	// Fails counts the failed polls since the last success.
	Fails int `json:"fails"`
	// NotBefore holds polls back after failures or at the host's request.
	NotBefore time.Time `json:"not_before,omitzero"`
	// ErrorKind and Error describe the last failure; empty after a success.
	ErrorKind FetchErrorKind `json:"error_kind,omitempty"`
	Error     string         `json:"error,omitempty"`
	// SelectMissed names the selectors that yielded nothing in the last article
	// read, SelectMisses counts the articles in a row of which one did.
	SelectMissed []string `json:"select_missed,omitempty"`
	SelectMisses int      `json:"select_misses,omitempty"`
	// Health is what the source has learned of itself, and whether it is well.
	Health SourceHealth `json:"health,omitzero"`
}
