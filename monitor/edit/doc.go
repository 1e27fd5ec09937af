// Package edit says what changed between two readings of one article. It is
// pure: what a reader would see as an edit is one, what varies by itself is
// not. Texts are compared word by word, after whatever is only form (spaces,
// quotes, entities) or noise (clocks, counters, advertisements) was left out.
package edit
