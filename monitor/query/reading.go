package query

import (
	"slices"

	"veille"
)

// reading is what one article says to a Set. It is reused, so that matching
// needs no new memory.
type reading struct {
	scan   scanner
	tokens []token
	seen   []resolved // by token
	parts  []section
	// text is the text of each field that was read.
	text [numFields]string
	tags []string
	lead int // tokens of the body that are in its lead

	cache        []remembered
	age          uint64
	cachedFor    uint64
	others       []flagged
	asked        []asked
	late         []unresolved
	begun        []begun
	found        []uint32
	language     string
	languageSalt uint64

	sights []sight
	table  []uint32 // by hash of a node, the number of its sight plus 1
	bits   [bitsSize / 64]uint64
	places []place

	phrases, longer []phrase

	filed      []filed
	passed     []passed
	added      []added
	candidates []candidate
	spans      []span
	matched    []uint32
	// touched keeps what match only brought near.
	touched uint32
	// once has a bit for each rule filed under several nodes that was judged.
	once   []uint64
	judged []uint32
	// milestones count code points, once somebody asks.
	milestones [numFields][]milestone
	hits       []hit
	points     [][2]int
	counted    []int
}

const bitsSize = 1 << 16

// section is a run of tokens between which nothing stands: a field, or one author
// or tag.
type section struct {
	lo, hi int32
	field  uint8
	// at is where the text of the part begins in that of the field.
	at      int32
	text    string
	offsets []int32
}

// read cuts an article into words and finds every node in it.
func (s *Set) read(a *veille.Snapshot, tags []string) *reading {
	var r *reading
	select {
	case r = <-s.pool:
	default:
		r = &reading{table: make([]uint32, 1<<10)}
	}
	r.prepare(s)
	r.tags = tags
	s.cutField(r, inTitle, a.Title, 0, nil)
	s.cutField(r, inBody, a.Body, 0, nil)
	r.lead = 0
	if s.reads&inLead != 0 {
		p := r.parts[1]
		body := r.tokens[p.lo:p.hi]
		end := leadEnd(a.Body, body)
		n, _ := slices.BinarySearchFunc(body, int32(end), func(t token, end int32) int { return int(t.start - end) })
		r.lead = int(p.lo) + n
	}
	r.language = a.Language
	if r.language == "" {
		r.language = s.vote(r)
	}
	r.languageSalt = languageSalt(r.language)
	if s.reads&inURL != 0 {
		plain, offsets := unescapeURL(address(a))
		s.cutField(r, inURL, plain, 0, offsets)
	}
	if s.reads&inAuthor != 0 {
		s.cutItems(r, inAuthor, a.Authors)
	}
	if s.reads&inSite != 0 {
		s.cutField(r, inSite, host(address(a)), 0, nil)
	}
	if s.reads&inTag != 0 {
		s.cutItems(r, inTag, tags)
	}
	if s.reads&inLang != 0 {
		s.cutField(r, inLang, r.language, 0, nil)
	}
	for i := range r.parts {
		s.find(r, i)
	}
	for i := 0; i < len(r.sights); i++ {
		if r.sights[i].flags&isMember != 0 {
			s.join(r, r.sights[i].node, r.sights[i].in)
		}
	}
	return r
}

// show prepares the texts that reports quote.
func (r *reading) show(a *veille.Snapshot) {
	for field := range r.text {
		r.text[field] = fieldText(a, r.tags, field)
	}
	r.text[bitOf(inLang)] = r.language
}

func (s *Set) cutField(r *reading, in fields, text string, at int, offsets []int32) {
	lo := int32(len(r.tokens))
	r.tokens = s.cut.cut(r.tokens, text, &r.scan)
	r.parts = append(r.parts, section{
		lo: lo, hi: int32(len(r.tokens)), field: bitOf(in), at: int32(at), text: text, offsets: offsets,
	})
}

func (s *Set) cutItems(r *reading, in fields, items []string) {
	at := 0
	for _, item := range items[:min(len(items), maxItems)] {
		s.cutField(r, in, item, at, nil)
		at += len(item) + len(authorSeparator)
	}
}

// release forgets the article and keeps the memory, unless there is much.
func (s *Set) release(r *reading) {
	if len(r.tokens) > 1<<18 || len(r.places) > 1<<18 || len(r.table) > 1<<18 {
		return
	}
	clear(r.table)
	r.bits = [bitsSize / 64]uint64{}
	for _, rule := range r.judged {
		r.once[rule/64] = 0
	}
	r.text = [numFields]string{}
	for i := range r.milestones {
		r.milestones[i] = r.milestones[i][:0]
	}
	clear(r.parts)
	r.scan.text, r.tags = "", nil
	r.tokens, r.parts, r.sights, r.places, r.matched, r.judged = r.tokens[:0], r.parts[:0], r.sights[:0], r.places[:0], r.matched[:0], r.judged[:0]
	select {
	case s.pool <- r:
	default:
	}
}
