package bolt

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"time"
)

// The buckets; doc.go says what they hold.
const (
	bMeta       = "meta"
	bCounts     = "counts"
	bSources    = "sources"
	bReceivers  = "receivers"
	bValidators = "validators"
	bLinks      = "links"
	bVisits     = "visits"
	bEnded      = "ended"
	bWaiting    = "waiting"
	bArticles   = "articles"
	bArticleIDs = "article_ids"
	bTexts      = "texts"
	bRevisions  = "revisions"
	bEvents     = "events"
	bEventsTime = "events_time"
	bDeliveries = "deliveries"
	bPending    = "pending"
	bDue        = "due"
	bDead       = "dead"
	bTracks     = "tracks"
	bThreads    = "threads"
	bLanes      = "lanes"
	bAttempts   = "attempts"
	bSuppressed = "suppressed"
	bBatches    = "batches"
	bMembers    = "members"
	bMutes      = "mutes"
	bSignatures = "signatures"
	bStories    = "stories"
	bChanges    = "changes"
	bQuarantine = "quarantine"
)

// buckets returns every bucket of a store.
func buckets() []string {
	return []string{
		bMeta, bCounts, bSources, bReceivers, bValidators, bLinks, bVisits, bEnded, bWaiting, bArticles, bArticleIDs,
		bTexts, bRevisions, bEvents, bEventsTime, bDeliveries, bPending, bDue, bDead, bTracks, bThreads,
		bLanes, bAttempts, bSuppressed, bBatches, bMembers, bMutes, bSignatures, bStories, bChanges, bQuarantine,
	}
}

// added returns the buckets that the stores of earlier releases lack, and that
// Open makes. Each begins empty.
func added() []string {
	return []string{bEnded, bThreads, bLanes, bAttempts, bSuppressed, bBatches, bMembers, bMutes, bSignatures, bStories, bChanges}
}

const hashLen = 16

type hash [hashLen]byte

// hashOf shortens a text to 128 bits: at 10 million URLs two collide with a
// chance of one in 10^24.
func hashOf(text string) hash {
	sum := sha256.Sum256([]byte(text))
	return hash(sum[:hashLen])
}

func be64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func fromBE64(b []byte) uint64 {
	if len(b) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}

// stamp turns a time into a key that sorts like it. Times before 1970 are 0,
// times after 2262 the last one that nanoseconds can say.
func stamp(t time.Time) uint64 {
	switch {
	case t.Year() < 1970:
		return 0
	case t.Year() > 2261:
		return math.MaxInt64
	}
	return uint64(max(t.UnixNano(), 0))
}

func fromStamp(n uint64) time.Time {
	return time.Unix(0, int64(min(n, math.MaxInt64))).UTC()
}

// day counts days since 1970, for marks that need not be exact.
func day(t time.Time) uint32 {
	return uint32(stamp(t) / uint64(24*time.Hour))
}

func fromDay(n uint32) time.Time { return time.Unix(int64(n)*24*3600, 0).UTC() }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func trackKey(eventID, receiver string) []byte {
	return []byte(eventID + "\x00" + receiver)
}

// present is the value of a key that says all: Get cannot tell an empty value
// that the same transaction wrote from none.
func present() []byte { return []byte{1} }
