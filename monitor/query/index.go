package query

import (
	"sync"
	"sync/atomic"
)

// index is what the watches of a Set share with those of the Sets made from it
// before and after. Everything in it only grows: words, phrases, terms and
// rules get numbers and keep them. What a Set sees of it is bounded by the
// lengths of its own slices and by its epoch.
//
// A node is what can be found in a text: a word or the beginning of one, the
// beginning of a phrase, an exact or inflected term, a concept. Words are the
// children of the root of a trie, phrases its deeper nodes; the children are in
// edges, by parent and word. The node of a term is the last one of its way.
type index struct {
	seed uint64
	cut  cutter
	// voters has the common words of many languages.
	voters *table

	// restored says that it came from a snapshot.
	restored bool
	// writing guards what only a writer looks at.
	writing sync.Mutex
	// newest is the Set with the latest epoch.
	newest *Set
	// built is how many rules the first Set has.
	built int
	// changed has a bit for each rule of the first Set that later ones do not
	// have.
	changed []uint64
	// dead counts the rules that no Set from newest on sees.
	dead int

	// lists are the heads of the lists of nodes in links, by listKey.
	links *chunks
	pool  chan *reading
}

// The lists that a node may head.
const (
	listRules    = iota // rules filed under the node after the index was built
	listConcepts        // the concepts that hold it
	listMembers         // what a concept holds
	listExact           // exact terms that read like it when folded
)

func listKey(node uint32, list uint64) uint64 { return uint64(node)<<2 | list | 1<<63 }

// nodeInfo is what the index knows of a node: its flags, and where its postings
// begin; they end where those of the next node begin.
type nodeInfo struct{ info, from uint32 }

// The low bits of a node's info are flags; the bits above flagBits hold its
// rarity, those above usesShift count the rules that use it.
const (
	isTerm     = 1 << iota // somebody asks whether it is there
	hasNext                // phrases go on from here
	isNext                 // phrases go on with this word
	isKata                 // ends in katakana: must end where the run ends
	hasRules               // in postings
	hasMore                // in a list of rules
	hasExact               // in a list of exact terms
	isMember               // in a list of concepts
	isConcept              // in a list of members
	isOpen                 // ends in the beginning of a word
	flagBits   = 10
	usesShift  = 16
	maxUses    = 1<<(32-usesShift) - 1
	rareShift  = flagBits
	rareMask   = 0xf
	maxNode    = 1 << 28
	cachedBits = 1<<flagBits - 1
)

// posting files a rule under a node. A rule is evaluated where one of its check
// nodes was found too, or where there are none. Fewer than three are repeated.
type posting struct {
	rule  uint32
	check [3]uint32
}

// The high bits of a posting's rule.
const (
	// whole says that the rule holds where the check passes in title or body.
	whole = 1 << 31
	// repeats says that the rule is filed under several nodes.
	repeats  = 1 << 30
	ruleMask = 1<<30 - 1
)

// ruleInfo is what the index knows of a rule.
type ruleInfo struct {
	// born is the first epoch that sees the rule, dies the first that does not.
	born, dies uint32
	// hash is that of what the watch looks for, with its name.
	hash uint64
}

func (s *Set) alive(rule uint32) bool {
	if word := rule / 64; int(word) < len(s.changed) && atomic.LoadUint64(&s.changed[word])&(1<<(rule%64)) == 0 {
		return true
	}
	r := &s.rules[rule]
	return r.born <= s.epoch && atomic.LoadUint32(&r.dies) > s.epoch
}

// The operations of a program: an operation with its operand in the low bits,
// for a term followed by its fields if they are not inText, for the others by
// the number of words up to the end, for opAtLeast and opNear by N.
const (
	opTerm uint32 = iota << 28
	opTermIn
	opAnd
	opOr
	opNot
	opAtLeast
	opNear
	// opLang is an opTermIn in the language of the article, which holds too
	// where that is not known: a miss would be worse than a false alert.
	opLang
	opMask    = 0xf << 28
	ordered   = 1 << 31
	maxOpNear = 1<<31 - 1
)

// exact is an exact term.
type exact struct {
	node uint32
	text string
	// lead is where the first folded word is in text; closes says that it ends
	// with a word.
	lead   int32
	closes bool
}
