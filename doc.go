// Package veille holds the nouns of a news monitor: sources, outlinks, visits,
// snapshots, revisions, watches, matches, events, receivers and deliveries.
//
// It imports the standard library only. Every other package speaks in these
// words and none of them imports a sibling; cmd/veille joins them. The way of
// an article is: a source's poll lists outlinks, an unknown outlink becomes a
// visit, a visit yields a snapshot, a snapshot that says something new becomes
// a revision, a revision that a watch matches becomes an event, and an event
// becomes one delivery for each receiver, committed together.
package veille
