// Package search is an index over the stored articles: it leads from words to
// the articles that hold them, newest first. It only narrows. Who asks looks at
// each article that it names, so that an entry which is out of date costs a
// look and never a wrong answer; what it does not cover yet it says (Mark).
// Nothing depends on it: a lost or damaged index is made anew.
//
// The index is a folder. Its segments are files that never change, each with
// some articles, newest first, under ordinals from 0 on, and for every word of
// theirs the ordinals of the articles that hold it. The file named index lists
// the segments with their sizes and says how far the store was followed; it is
// replaced as one, after what it names is on the disk. A file that it does not
// name is a leftover and is removed.
//
// A segment is a run of bytes cut into pages with a CRC-32C each:
//
//	articles    first seen, revision, id; all of one length
//	postings    of each word, the distances between its ordinals, as varints
//	words       sorted, in blocks of 64: bytes shared with the word before, the
//	            rest, the number of ordinals, the bytes of their postings
//	blocks      of each block its first word and where it and its postings begin
//	foot        the counts, and where the parts begin
package search
