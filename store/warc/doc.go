// Package warc keeps the evidence of what was read: every fetched revision's
// request and answer as WARC 1.1 records (ISO 28500:2017), each in a gzip
// member of its own, in files that standard tools read.
//
// # The chain
//
// Every response record carries a Veille-Chain field: the SHA-256 over the
// chain before it, the record's identity, address, time and block digest. The
// warcinfo record that begins a file carries the chain that the file goes on
// from, and the metadata record that ends it the chain that it reached. A record that is changed, taken out or put in breaks the chain from
// there on; the events that left Veille hold its links, so that rewriting all
// of it shows too. Verify follows it.
//
// # Files
//
// The file being written is NAME.warc.gz.open; it is renamed when it is full,
// or when the archive closes. A record is synced before Record returns, and
// Record is called before the commit that names the record: what a crash left
// behind a last whole record was never told to anybody, and is cut off when
// the archive opens again.
package warc
