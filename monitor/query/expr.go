package query

// Op is the kind of an Expr.
type Op uint8

// The kinds of expression.
const (
	OpTerm    Op = iota // Text, Prefix, Form
	OpConcept           // Text is the name, without @
	OpAnd               // two Kids or more, at least one of them no OpNot
	OpOr                // two Kids or more, none of them OpNot
	OpNot               // one Kid, no OpNot
	OpField             // Text is the field; one Kid, no OpNot, without an OpField in it; see Expr
	OpNear              // N, Ordered; two Kids or more, without OpNot, OpAnd and OpField in them
	OpAtLeast           // N of the Kids; two Kids or more, none of them OpNot; 1 < N < len(Kids)
)

// Form is how a term is compared.
type Form uint8

// The forms of a term.
const (
	// Folded compares whole words after folding; the default.
	Folded Form = iota
	// Inflected, written ~word, accepts the inflections of one word in the
	// language of the article.
	Inflected
	// Exact, written ="…", compares the characters as they are written: case,
	// accents and punctuation count. Where it begins or ends with a letter or
	// digit, a word begins or ends there.
	Exact
)

// Expr is a query as it was read. An OpAnd has no OpAnd among its kids, an OpOr
// no OpOr: (a AND b) AND c is one conjunction.
//
// An OpNear holds where each kid is found once, the places do not overlap, all
// are in one field, and at most N words stand between each place and the next;
// with Ordered the places follow one another as the kids do. The place of a
// term is its words, of an OpOr that of any kid, of an OpAtLeast or OpNear all
// from the first of its words to the last.
//
// The fields of an OpField are title, lead, body, text, url, author, site, tag
// and lang. The lead is the first paragraph of the body, with the next ones
// until it has 30 words; text is title and body, where a term without a field
// is looked for. Site, tag and lang are labels, not text: their Kid is a Folded
// term without Prefix, or an OpOr of such.
//   - site: the host of the article's address is the term (in small letters), or
//     ends in a dot and the term.
//   - tag: a source that shows the article has exactly this tag.
//   - lang: the primary subtag of the article's language is the term, two or
//     three small letters. An article whose language is unknown is never kept
//     back by its language: there lang: holds, and under an odd number of NOT
//     it does not.
type Expr struct {
	Op Op
	// Text is a term without its quotes, ~, = and trailing *, or a name.
	Text string
	// Prefix says that any ending of the last word is accepted.
	Prefix bool
	Form   Form
	// N is the distance of an OpNear in words, or the count of an OpAtLeast.
	N       int
	Ordered bool
	Kids    []*Expr
	// Start and End are the byte offsets of the expression in what was parsed.
	Start, End int
}
