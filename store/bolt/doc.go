// Package bolt remembers everything in one file, by bbolt. It is the only
// package that knows bbolt.
//
// Every write passes through one goroutine that commits the calls that wait
// together in one synced transaction. Reads are short: nothing that talks to
// the outside happens while a transaction is open.
//
// The buckets, with be64 for eight big-endian bytes, hash for the first 16
// bytes of a SHA-256 and times in nanoseconds since 1970:
//
//	meta         what, schema, instance, when it was last pruned, since when it
//	             is known to be full
//	counts       name → be64; numbers for the metrics
//	sources      name → SourceState
//	receivers    name → ReceiverState
//	validators   hash(URL) → Validators and the day they were last stored
//	links        hash(URL) → the day it was last listed, and the article it leads to
//	visits       due‖hash(URL) → Visit
//	ended        hash(URL) → the first Visit that led to no article, at its end
//	waiting      hash(URL) → due; which visit a URL waits for
//	articles     first seen‖id → Article
//	article_ids  id → first seen, checked, revision, hash(text), hash(URL)
//	texts        hash(text)‖first seen‖id → nothing
//	revisions    first seen‖id‖number → Revision, its paragraphs named where an earlier one has them
//	events       id → Event
//	events_time  time‖id → nothing
//	deliveries   seq → Delivery
//	pending      hash(receiver)‖seq → due, and hash(story) where there is one
//	due          hash(receiver)‖due‖seq → nothing; of a story only its first
//	lanes        hash(receiver)‖hash(story)‖seq → nothing; the order in a story
//	batches      hash(receiver)‖seq → nothing; digests that are pending
//	members      seq of a digest‖seq → nothing; what the digest tells
//	suppressed   seq → nothing
//	attempts     seq → the tries of a delivery
//	mutes        subject → Mute
//	dead         seq → nothing
//	tracks       event id‖0‖receiver → seq
//	threads      hash(receiver)‖hash(article or story id) → seq; what was sent first
//	signatures   number → when an article was first seen, its id, its signature
//	stories      hash(story)‖first seen‖id → Member
//	changes      number → when the text of an article was committed, first seen, id
//	quarantine   seq → a record that failed its checksum
//
// Values carry a CRC-32C over key and value, because bbolt checks none of its
// data pages. One damaged record is ErrCorrupt for that record alone.
package bolt
